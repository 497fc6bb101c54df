//! What readers and practice cards are called.

use std::fmt;
use std::sync::Arc;

/// The name of one reader, as the operating system or the settings give it, for example `Virtual PCD 00 00`.
///
/// 1 to 128 bytes without control characters, so that it fits on a lamp and cannot break a log line. The limit is that
/// of pcsc-lite (`MAX_READERNAME`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderName(Arc<str>);

/// Why a text is no [`ReaderName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRefused {
    /// Nothing, or only spaces.
    Empty,
    /// More than 128 bytes.
    TooLong,
    /// A line break or another control character.
    ControlCharacter,
}

impl ReaderName {
    /// The longest name, in bytes.
    pub const MAX_BYTES: usize = 128;

    /// Takes a name as the system reports it; spaces around it are dropped.
    pub fn parse(text: &str) -> Result<Self, NameRefused> {
        let text = text.trim_matches(' ');
        match text {
            "" => Err(NameRefused::Empty),
            _ if text.len() > Self::MAX_BYTES => Err(NameRefused::TooLong),
            _ if text.chars().any(char::is_control) => Err(NameRefused::ControlCharacter),
            _ => Ok(Self(text.into())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReaderName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for NameRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "リーダー名が空です。 / The reader's name is empty.",
            Self::TooLong => "リーダー名は128バイト以内にしてください。 / A reader's name has at most 128 bytes.",
            Self::ControlCharacter => {
                "リーダー名に改行などの制御文字は使えません。 / A reader's name has no line breaks or control characters."
            }
        })
    }
}

impl std::error::Error for NameRefused {}

/// What a practice card is called, for example `sim-0042`: a handle into an invented population, never a fact about
/// a person. Real cards have none, because nothing is known of a card before an application has read it.
///
/// 1 to 32 of `a-z A-Z 0-9 - _`, starting with a letter and with at most eight digits, so that no number issued to a
/// person (an insured number with its insurer, an individual number) fits into it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardLabel(Arc<str>);

/// The text is no [`CardLabel`]. It does not repeat the text, which may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelRefused;

impl CardLabel {
    /// The longest label, in characters.
    pub const MAX_CHARACTERS: usize = 32;
    /// The most digits in a label.
    pub const MAX_DIGITS: usize = 8;

    /// Takes a label for a practice card.
    pub fn parse(text: &str) -> Result<Self, LabelRefused> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let fits = text.len() <= Self::MAX_CHARACTERS && digits <= Self::MAX_DIGITS && text.bytes().all(allowed);
        if starts_well && fits { Ok(Self(text.into())) } else { Err(LabelRefused) }
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CardLabel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for LabelRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "練習用カードの名前は英字で始まる32文字以内の英数字・ハイフン・下線で、数字は8個までです。 / \
             A practice card's name starts with a letter and has at most 32 letters, digits, hyphens or underscores, \
             with no more than 8 digits.",
        )
    }
}

impl std::error::Error for LabelRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_name_is_one_short_line() {
        assert_eq!(
            ReaderName::parse(" Virtual PCD 00 00 ").map(|name| name.to_string()),
            Ok("Virtual PCD 00 00".into())
        );
        assert_eq!(ReaderName::parse("受付１").map(|name| name.as_str().to_owned()), Ok("受付１".into()));
        assert_eq!(ReaderName::parse("  "), Err(NameRefused::Empty));
        assert_eq!(ReaderName::parse("a\nb"), Err(NameRefused::ControlCharacter));
        assert!(ReaderName::parse(&"x".repeat(128)).is_ok());
        assert_eq!(ReaderName::parse(&"x".repeat(129)), Err(NameRefused::TooLong));
    }

    #[test]
    fn a_card_label_has_no_room_for_a_number_of_a_person() {
        for good in ["sim-0042", "A", "child_01", "x12345678"] {
            assert_eq!(CardLabel::parse(good).map(|label| label.to_string()), Ok(good.to_owned()));
        }
        let too_long = "x".repeat(33);
        for bad in ["", "0042", "-a", "山田太郎", "a b", "x123456789", "n1234-5678-9012", too_long.as_str()] {
            assert_eq!(CardLabel::parse(bad), Err(LabelRefused), "{bad:?}");
        }
    }

    #[test]
    fn a_refusal_speaks_both_languages_and_does_not_repeat_what_was_given() {
        let secret = "123456789018";
        let text = CardLabel::parse(secret).expect_err("digits only").to_string();
        assert!(text.contains("練習用カード") && text.contains("practice card") && !text.contains(secret), "{text}");
        for refused in [NameRefused::Empty, NameRefused::TooLong, NameRefused::ControlCharacter] {
            assert!(refused.to_string().contains(" / "), "{refused:?}");
        }
    }
}
