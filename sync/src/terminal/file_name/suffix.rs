//! The part of a name that ties an answer to its request, and to the box that asked.

use std::fmt;

/// Length of the suffixes we issue; the official class comments show 12 characters.
pub const SUFFIX_LENGTH: usize = 12;
/// Longest mark at the beginning of our suffixes.
pub const MAX_MARK_LENGTH: usize = 4;

/// The beginning of every suffix one box issues: how it knows its own results among those of the receipt computer and
/// of other boxes. One to four capital letters or digits, a setting, different for every box at a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SuffixMark(String);

impl SuffixMark {
    /// The mark, or `None` when it is not one to four capital letters or digits.
    pub fn new(mark: &str) -> Option<SuffixMark> {
        let fits = (1..=MAX_MARK_LENGTH).contains(&mark.len());
        (fits && mark.bytes().all(is_suffix_byte)).then(|| SuffixMark(mark.to_owned()))
    }

    /// The mark itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this suffix was issued under this mark.
    pub fn is_on(&self, suffix: &str) -> bool {
        suffix.starts_with(&self.0) && Suffix::parse(suffix).is_some()
    }
}

/// A suffix as we issue it: exactly 12 capital letters and digits. Shares may ignore case, so small letters stay out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Suffix(String);

impl Suffix {
    /// The suffix with this running number: the mark, then the number in base 36, filled up with zeros. `None` when the
    /// number does not fit any more (at least 36⁸ numbers do).
    pub fn issue(mark: &SuffixMark, number: u64) -> Option<Suffix> {
        let width = SUFFIX_LENGTH - mark.0.len();
        let digits = base36(number);
        (digits.len() <= width).then(|| Suffix(format!("{}{digits:0>width$}", mark.0)))
    }

    /// Reads a suffix of our own form.
    pub fn parse(text: &str) -> Option<Suffix> {
        (text.len() == SUFFIX_LENGTH && text.bytes().all(is_suffix_byte)).then(|| Suffix(text.to_owned()))
    }

    /// The suffix itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_suffix_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_twelve_characters_and_carry_the_mark() {
        let mark = SuffixMark::new("UK1").expect("mark");
        assert_eq!(Suffix::issue(&mark, 0).map(|s| s.to_string()), Some("UK1000000000".to_owned()));
        assert_eq!(Suffix::issue(&mark, 36 * 36 + 35).map(|s| s.to_string()), Some("UK100000010Z".to_owned()));
        assert_eq!(Suffix::issue(&mark, u64::MAX), None);
        assert!(mark.is_on("UK1000000001"));
        assert!(!mark.is_on("202604010001") && !mark.is_on("UK1") && !mark.is_on("UK100000000a"));
        assert!(SuffixMark::new("").is_none() && SuffixMark::new("uk").is_none() && SuffixMark::new("ABCDE").is_none());
    }
}
