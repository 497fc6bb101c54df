//! The code on slips that the box prints itself.
//!
//! ```text
//!   UKE1 - 7Q3K9ZD2 - R
//!    │        │       └─ check character, ISO 7064 MOD 37,36 over "UKE1" and the reference
//!    │        └───────── reference: 4 to 26 of 0-9 A-Z without I L O U, meaningless outside the box that printed it
//!    └────────────────── what it is, and the version of this form
//! ```
//!
//! Only characters of the QR alphanumeric mode and of Code 39, so that the symbol stays small and a scanner's character
//! set does not matter. 26 characters hold a 128-bit id. The letters are those that nobody confuses when a slip is
//! read aloud or typed. The reference says nothing about the person: a lost slip tells its finder nothing.

use std::fmt;

/// A reference printed on one of our own slips.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SlipCode(String);

/// Why a text is no slip code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipRefused {
    /// It does not have the form of a slip code.
    Form,
    /// The check character does not fit: a letter was misread.
    CheckCharacter,
}

const PREFIX: &str = "UKE1";
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=26;

impl SlipCode {
    /// A code for this reference. One that could be read as an individual number (twelve digits) is refused.
    pub fn of_reference(reference: &str) -> Result<Self, SlipRefused> {
        let allowed = LENGTHS.contains(&reference.len()) && reference.chars().all(|letter| ALPHABET.contains(letter));
        let twelve_digits = reference.len() == 12 && reference.bytes().all(|byte| byte.is_ascii_digit());
        if allowed && !twelve_digits { Ok(Self(reference.to_owned())) } else { Err(SlipRefused::Form) }
    }

    /// Reads what a scanner or a keyboard gives; small letters are taken for large ones.
    pub fn parse(text: &str) -> Result<Self, SlipRefused> {
        let text = text.trim().to_ascii_uppercase();
        let rest = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix('-')).ok_or(SlipRefused::Form)?;
        let (reference, check) = rest.split_once('-').ok_or(SlipRefused::Form)?;
        let slip = Self::of_reference(reference)?;
        if check.len() == 1 && check.starts_with(slip.check_character()) {
            Ok(slip)
        } else {
            Err(SlipRefused::CheckCharacter)
        }
    }

    /// Whether a text claims to be one of our slips, well or badly read.
    pub(super) fn is_claimed_by(text: &str) -> bool {
        text.trim().get(..PREFIX.len() + 1).is_some_and(|start| start.eq_ignore_ascii_case("UKE1-"))
    }

    /// The reference without form and check.
    pub fn reference(&self) -> &str {
        &self.0
    }

    fn check_character(&self) -> char {
        check_character(&format!("{PREFIX}{}", self.0))
    }
}

/// ISO 7064 MOD 37,36: finds every single wrong character and nearly every swap of two.
fn check_character(text: &str) -> char {
    const M: u32 = 36;
    let running = text.chars().fold(M, |running, letter| {
        let sum = (running + letter.to_digit(36).unwrap_or(0)) % M;
        (if sum == 0 { M } else { sum } * 2) % (M + 1)
    });
    let value = (M + 1 - running) % M;
    char::from_digit(value, 36).unwrap_or('0').to_ascii_uppercase()
}

/// The text to print, as a symbol and in letters.
impl fmt::Display for SlipCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}-{}-{}", self.0, self.check_character())
    }
}

impl fmt::Debug for SlipCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SlipCode({} characters)", self.0.len())
    }
}

impl fmt::Display for SlipRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Form => "受付票のコードの形式ではありません。 / This is not the code of a reception slip.",
            Self::CheckCharacter => {
                "受付票のコードを正しく読み取れませんでした。もう一度読み取ってください。 / \
                 The slip's code was misread. Scan it again."
            }
        })
    }
}

impl std::error::Error for SlipRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_slip_is_read_again() {
        let slip = SlipCode::of_reference("7Q3K9ZD2").expect("a good reference");
        let text = slip.to_string();
        assert!(text.starts_with("UKE1-7Q3K9ZD2-"), "{text}");
        assert_eq!(SlipCode::parse(&text), Ok(slip.clone()));
        assert_eq!(SlipCode::parse(&format!(" {} ", text.to_lowercase())), Ok(slip));
    }

    #[test]
    fn the_form_printed_on_paper_never_changes() {
        for (reference, text) in [("7Q3K9ZD2", "UKE1-7Q3K9ZD2-R"), ("0000", "UKE1-0000-Q")] {
            assert_eq!(SlipCode::of_reference(reference).map(|slip| slip.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // the published example of the Global Release Identifier, which uses the same routine
        assert_eq!(check_character("A12425GABC1234002"), 'M');
    }

    #[test]
    fn every_single_misread_character_is_found() {
        let text = SlipCode::of_reference("7Q3K9ZD2").expect("a good reference").to_string();
        for place in 5..text.len() {
            for other in ALPHABET.chars() {
                let mut misread: Vec<char> = text.chars().collect();
                if misread[place] != other && misread[place] != '-' {
                    misread[place] = other;
                    let misread: String = misread.into_iter().collect();
                    assert_eq!(SlipCode::parse(&misread), Err(SlipRefused::CheckCharacter), "{misread}");
                }
            }
        }
    }

    #[test]
    fn other_texts_are_no_slips() {
        for text in ["", "UKE1", "UKE1-", "UKE1--", "UKE2-7Q3K-A", "UKE1-7Q3-A", "UKE1-ILOU-A", "UKE1-日本日本-A"] {
            assert_eq!(SlipCode::parse(text), Err(SlipRefused::Form), "{text}");
        }
        assert_eq!(SlipCode::of_reference("123456789018"), Err(SlipRefused::Form), "twelve digits");
        assert_eq!(SlipCode::of_reference(&"Z".repeat(27)), Err(SlipRefused::Form));
        assert!(SlipCode::of_reference(&"Z".repeat(26)).is_ok());
    }
}
