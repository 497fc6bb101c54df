//! A sentence for the people at the desk, in both languages of the pages.

/// What happened, what is safe and what to do now, once in Japanese and once in English. Never contains personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffText {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl StaffText {
    /// The same sentence twice.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> StaffText {
        StaffText { ja: ja.into(), en: en.into() }
    }
}
