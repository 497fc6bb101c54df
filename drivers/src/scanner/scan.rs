//! One scan, as bytes.

use std::fmt;

use crate::reader::Bilingual;

/// What a scanner sent for one symbol: at most 48 KiB, of unknown meaning, treated as personal data. `Debug` shows the
/// header of a known kind, length and line count; the bytes are never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan {
    bytes: Vec<u8>,
    ended: EndedBy,
}

/// What told that the scan was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The end mark `1A` of a prescription.
    EndMark,
    /// ETX.
    Etx,
    /// A line end after a single line.
    LineEnd,
    /// Nothing more came.
    Silence,
}

/// Why bytes were thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscardReason {
    /// They waited in the line from before it was opened.
    Stale,
    /// The scanner was unplugged, or the program stopped, in the middle of a scan.
    CutShort,
    /// More than a scan can hold.
    TooLong,
}

impl Scan {
    /// The longest scan, in bytes (`prescription-code §1.6`).
    pub const MAX_BYTES: usize = crate::prescription::MAX_BYTES;

    pub(super) fn new(bytes: Vec<u8>, ended: EndedBy) -> Self {
        Self { bytes, ended }
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What told that it was over.
    pub fn ended(&self) -> EndedBy {
        self.ended
    }

    /// `JAHIS…` with its digits, when it begins so: the only text of a scan that may be logged.
    fn header(&self) -> &str {
        let line = self.bytes.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
        let known = line.starts_with(b"JAHIS") && line.len() <= 9;
        std::str::from_utf8(line).ok().filter(|_| known).unwrap_or("other")
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Scan")
            .field("header", &self.header())
            .field("bytes", &self.bytes.len())
            .field("lines", &self.bytes.iter().filter(|byte| **byte == b'\n').count())
            .field("ended", &self.ended)
            .finish()
    }
}

impl DiscardReason {
    /// What to tell the staff.
    pub fn text(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::Stale => (
                "接続前に読み取られたデータを捨てました。必要ならもう一度読み取ってください。",
                "Data scanned before the connection was discarded. Scan again if it is needed.",
            ),
            Self::CutShort => (
                "読み取りの途中で切れたデータを捨てました。もう一度読み取ってください。",
                "A scan broke off and was discarded. Scan again.",
            ),
            Self::TooLong => (
                "長すぎるデータを捨てました。読取機と設定を確かめ、もう一度読み取ってください。",
                "Too much data arrived and was discarded. Check the scanner and its settings, then scan again.",
            ),
        };
        Bilingual { ja, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_the_shape_and_no_content() {
        let scan = Scan::new(b"JAHIS10\r\n11,,SECRET,\r\n\x1a".to_vec(), EndedBy::EndMark);
        let text = format!("{scan:?}");
        assert_eq!(text, "Scan { header: \"JAHIS10\", bytes: 23, lines: 2, ended: EndMark }");
        for bytes in [b"JAHISSECRET".as_slice(), b"0001234567", b"https://secret"] {
            assert!(format!("{:?}", Scan::new(bytes.to_vec(), EndedBy::Silence)).contains("\"other\""));
        }
    }
}
