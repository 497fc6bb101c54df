//! The one-time code: who can read the screen of the box may set it up.

use crate::token;

/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Five bits each: fifty in all.
const LETTERS: usize = 10;
const GROUP: usize = 5;

/// A code, good for one start of one box. `Debug` does not show it.
pub struct OneTimeCode(String);

impl OneTimeCode {
    /// A fresh one.
    ///
    /// # Panics
    /// When the system gives no random bytes: without them nobody may be let in.
    pub fn make() -> OneTimeCode {
        let mut bytes = [0u8; LETTERS];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        OneTimeCode(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
    }

    /// As it stands on the console: two groups of five.
    pub fn shown(&self) -> String {
        format!("{}-{}", &self.0[..GROUP], &self.0[GROUP..])
    }

    /// Whether this was typed: any spaces and hyphens, small and full-width letters, O for 0 and I or L for 1. The time it takes does
    /// not tell how much of it is right.
    pub fn is(&self, typed: &str) -> bool {
        let plain: String = typed.chars().filter_map(plain).take(LETTERS + 1).collect();
        token::same(&plain, &self.0)
    }
}

impl std::fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OneTimeCode({LETTERS} letters)")
    }
}

/// How far full-width letters stand from their plain ones.
const FULL_WIDTH: u32 = 0xFEE0;

fn plain(letter: char) -> Option<char> {
    let narrow = match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - FULL_WIDTH).unwrap_or(letter),
        other => other,
    };
    match narrow.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        '-' | '‐' | 'ー' | '−' => None,
        space if space.is_whitespace() => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_fresh_readable_and_taken_as_people_type_it() {
        let (one, two) = (OneTimeCode::make(), OneTimeCode::make());
        assert_ne!(one.shown(), two.shown());
        assert_eq!(one.shown().len(), LETTERS + 1);
        assert!(one.is(&one.shown()) && one.is(&one.shown().to_lowercase()) && !one.is(&two.shown()));
        assert!(!format!("{one:?}").contains(&one.shown()[..GROUP]));
        let fixed = OneTimeCode("01ABC9XYZK".to_owned());
        for typed in ["01abc-9xyzk", " OIABC 9XYZK ", "ｏｌａｂｃー９ｘｙｚｋ", "01ABC9XYZK"] {
            assert!(fixed.is(typed), "{typed}");
        }
        for typed in ["", "01ABC", "01ABC9XYZKK", "01ABC9XYZJ", "-"] {
            assert!(!fixed.is(typed), "{typed}");
        }
    }
}
