//! The one-way token by which a returning card is recognised, where a site has switched that on (my-number-card §1.1).

use crate::written::{Unreadable, Value, Written};
use std::fmt;

/// Made from a card's certificate with a key of the box. Nothing of the card can be had back from it, and a renewed certificate
/// gives another one. It still stands for one person: personal data, which no text, log or page may show.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardToken(String);

impl CardToken {
    /// Bytes of a token.
    pub const BYTES: usize = 32;

    /// From the bytes as they were made.
    pub fn new(bytes: &[u8; Self::BYTES]) -> CardToken {
        CardToken(letters(bytes))
    }

    /// As it is kept: 64 letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bytes as the letters a to p, two for each: nothing in it can be taken for a number somebody issued.
pub fn letters(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).map(|half| char::from(b'a' + half)).collect()
}

impl fmt::Debug for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardToken({} bytes)", Self::BYTES)
    }
}

impl Written for CardToken {
    fn write(&self) -> Value {
        Value::Text(self.0.clone())
    }

    fn read(value: &Value) -> Result<CardToken, Unreadable> {
        let is_one = |text: &&str| text.len() == 2 * Self::BYTES && text.bytes().all(|byte| byte.is_ascii_lowercase());
        let text = value.as_text().filter(is_one);
        text.map(|text| CardToken(text.to_owned())).ok_or_else(|| Unreadable::expected("a card token"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_and_never_printed() {
        let token = CardToken::new(&[0xA5; CardToken::BYTES]);
        assert_eq!(CardToken::read(&token.write()), Ok(token.clone()));
        assert!(token.as_str().starts_with("kfkf") && !format!("{token:?}").contains("kf"));
        for text in ["", "kf", &"KF".repeat(32), &"k5".repeat(32), &"kf".repeat(33)] {
            let refused = CardToken::read(&Value::Text(text.to_owned())).expect_err("not a token").to_string();
            assert!(text.is_empty() || !refused.contains(text));
        }
    }
}
