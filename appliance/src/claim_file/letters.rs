//! The letters a file is written in.

use encoding_rs::SHIFT_JIS;
use web::port::FileEncoding;

/// Stands where a letter could not be written (げた記号), as printers have always shown it. Every edition of Shift_JIS has it.
pub(super) const REPLACED: char = '〓';

/// Writes text in the letters of a file.
pub(super) struct Letters(FileEncoding);

impl Letters {
    pub(super) const fn of(encoding: FileEncoding) -> Letters {
        Letters(encoding)
    }

    pub(super) const fn encoding(&self) -> FileEncoding {
        self.0
    }

    /// What a file begins with.
    pub(super) const fn mark(&self) -> &'static [u8] {
        match self.0 {
            FileEncoding::Utf8WithMark => &[0xEF, 0xBB, 0xBF],
            FileEncoding::ShiftJis => &[],
        }
    }

    /// The letters of a text that cannot be written, each once.
    pub(super) fn cannot_write(&self, text: &str) -> Vec<char> {
        let mut lost = Vec::new();
        if self.0 == FileEncoding::Utf8WithMark || text.is_ascii() {
            return lost;
        }
        for c in text.chars().filter(|c| !c.is_ascii()) {
            let (_, _, failed) = SHIFT_JIS.encode(c.encode_utf8(&mut [0; 4]));
            if failed && !lost.contains(&c) {
                lost.push(c);
            }
        }
        lost
    }

    /// Text of which everything can be written.
    pub(super) fn write(&self, text: &str) -> Vec<u8> {
        match self.0 {
            FileEncoding::Utf8WithMark => text.as_bytes().to_vec(),
            FileEncoding::ShiftJis => SHIFT_JIS.encode(text).0.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shift_jis_cannot_carry_is_named() {
        let letters = Letters::of(FileEncoding::ShiftJis);
        // the ladder taka and the standing saki are in the code page 932; the roof yoshi and a Korean syllable are not
        assert!(letters.cannot_write("髙﨑 見本").is_empty());
        assert_eq!(letters.cannot_write("𠮷田𠮷 한"), ['𠮷', '한']);
        assert_eq!(letters.write("あ①〓"), [0x82, 0xA0, 0x87, 0x40, 0x81, 0xAC]);
        assert!(Letters::of(FileEncoding::Utf8WithMark).cannot_write("𠮷").is_empty());
    }
}
