//! From the bytes of a scan to lines of text (§1.2).
//!
//! Bytes are split before they are decoded: no second byte of code page 932 is a comma, a line end or the end mark, while
//! `5C` and `7C` do occur there.

use std::borrow::Cow;

/// The byte after the last record.
pub(super) const END_MARK: u8 = 0x1a;

/// A scan in lines.
pub(super) struct Letters<'a> {
    /// Without blank ones; `None` is a line with bytes that are no characters.
    pub lines: Vec<Option<Cow<'a, str>>>,
    /// Whether the end mark was there.
    pub ended: bool,
    /// Whether anything but line ends follows the end mark.
    pub goes_on: bool,
    /// Whether many bytes are no text at all: a wrong line speed, or another device.
    pub noise: bool,
}

/// Decodes up to the end mark: strict UTF-8 when the whole is that, else code page 932 line by line.
pub(super) fn decode(bytes: &[u8]) -> Letters<'_> {
    let (text, rest) = split_at_end_mark(bytes);
    let utf8 = std::str::from_utf8(text).is_ok();
    let split = text.split(is_line_end);
    let filled: Vec<&[u8]> = split.filter(|line| !line.trim_ascii().is_empty()).collect();
    let lines: Vec<_> = filled.iter().map(|line| decode_line(line, utf8)).collect();
    Letters {
        noise: is_noise(text, &lines),
        lines,
        ended: rest.is_some(),
        goes_on: rest.is_some_and(|rest| !rest.trim_ascii().is_empty()),
    }
}

/// ETX, too: the frame of a scanner whose setting nobody told us.
fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 0x03)
}

/// The text before the end mark, and what follows the mark when there is one.
pub(super) fn split_at_end_mark(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    match bytes.iter().position(|byte| *byte == END_MARK) {
        Some(place) => (bytes.get(..place).unwrap_or(bytes), bytes.get(place + 1..)),
        None => (bytes, None),
    }
}

/// Without what scanners may put before the data: line ends, STX, a byte order mark, a `]Q1` symbology identifier.
pub(super) fn without_prefixes(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'\r' | b'\n' | 0x02, rest @ ..] | [0xef, 0xbb, 0xbf, rest @ ..] => without_prefixes(rest),
        [b']', b'Q', digit, rest @ ..] if digit.is_ascii_digit() => without_prefixes(rest),
        _ => bytes,
    }
}

fn decode_line(line: &[u8], utf8: bool) -> Option<Cow<'_, str>> {
    if utf8 {
        return std::str::from_utf8(line).ok().map(Cow::Borrowed);
    }
    encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line)
}

/// A quarter of the lines unreadable, or a tenth of the bytes control characters. The last line does not count: a part
/// of a split code may end inside a character.
fn is_noise(text: &[u8], lines: &[Option<Cow<'_, str>>]) -> bool {
    let before_last = lines.split_last().map_or(lines, |(_, before)| before);
    let unreadable = before_last.iter().filter(|line| line.is_none()).count();
    let is_control = |byte: &&u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && !is_line_end(byte);
    let control = text.iter().filter(is_control).count();
    unreadable * 4 > lines.len() || control * 10 > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Option<String>> {
        decode(bytes).lines.into_iter().map(|line| line.map(Cow::into_owned)).collect()
    }

    #[test]
    fn line_ends_of_every_kind_and_blank_lines_are_the_same() {
        for text in ["a\r\nb\r\n", "a\nb\n", "a\rb\r", "\r\na\r\n\r\n  \r\nb"] {
            assert_eq!(lines(text.as_bytes()), [Some("a".into()), Some("b".into())], "{text:?}");
        }
    }

    #[test]
    fn characters_of_code_page_932_are_read() {
        assert_eq!(lines(b"\xee\xe0\xed\x95\x87\x40\x87\x8a"), [Some("髙﨑①㈱".into())]);
        assert_eq!(lines("予表ソ十".as_bytes()), [Some("予表ソ十".into())], "UTF-8 is tried first");
        assert_eq!(lines(b"\x97\x5c,\x95\x5c,\x83\x5c,\x8f\x5c"), [Some("予,表,ソ,十".into())], "no backslash is seen");
    }

    #[test]
    fn a_damaged_line_spoils_only_itself() {
        let damaged = lines(b"1,a\r\n2,\x83\r\n3,\x97\x5c\r\n4\r\n5");
        assert_eq!(damaged, [Some("1,a".into()), None, Some("3,予".into()), Some("4".into()), Some("5".into())]);
    }

    #[test]
    fn the_end_mark_ends_the_text_and_what_follows_is_noticed() {
        let end = decode(b"a\x1a\r\n");
        assert!(end.ended && !end.goes_on && end.lines.len() == 1);
        let more = decode(b"a\x1aJAHIS8");
        assert!(more.ended && more.goes_on && more.lines.len() == 1);
        assert!(!decode(b"a\r\n").ended);
    }

    #[test]
    fn noise_is_told_from_text() {
        assert!(decode(b"\x00\x01\x02\x03abc").noise && decode(b"\xff\xfe\n\xff\xfe\n").noise);
        assert!(!decode(b"1,a\r\n2,b\r\n3,\x97\x5c\r\n").noise && !decode(b"").noise);
    }

    #[test]
    fn what_scanners_put_before_the_data_is_taken_off() {
        assert_eq!(without_prefixes(b"\r\n\x02]Q3JAHIS8"), b"JAHIS8");
        assert_eq!(without_prefixes(b"\xef\xbb\xbfJAHIS8"), b"JAHIS8");
        assert_eq!(without_prefixes(b"]QxJ"), b"]QxJ");
    }
}
