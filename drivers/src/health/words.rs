//! Sentences put together while the program runs.

use std::fmt;

use crate::reader::Bilingual;

/// One text in the two languages of the desk, made of parts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Japanese, the language of the desk.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A text in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}

impl From<Bilingual> for Words {
    fn from(text: Bilingual) -> Self {
        Self::new(text.ja, text.en)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} / {}", self.ja, self.en)
    }
}
