//! Sentences for people, always in both languages.

use crate::record;

record! {
    /// One sentence or a few, in Japanese and English.
    pub struct Text {
        /// Japanese, as staff and patients read it.
        pub ja: String,
        /// The same in English.
        pub en: String,
    }
}

impl Text {
    /// A sentence in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Text {
        Text { ja: ja.into(), en: en.into() }
    }
}
