//! The languages of the tablet.

/// A language patients can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// Japanese, with the reading above the characters
    #[default]
    Japanese,
    /// easy Japanese (やさしい日本語)
    Easy,
    /// English
    English,
    /// Chinese
    Chinese,
    /// Korean
    Korean,
    /// Vietnamese
    Vietnamese,
    /// Portuguese
    Portuguese,
}

impl Tongue {
    /// All of them, in the order of the page.
    pub const ALL: [Tongue; 7] = [
        Tongue::Japanese,
        Tongue::Easy,
        Tongue::English,
        Tongue::Chinese,
        Tongue::Korean,
        Tongue::Vietnamese,
        Tongue::Portuguese,
    ];

    /// As it is kept and stands in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Tongue::Japanese => "ja",
            Tongue::Easy => "easy",
            Tongue::English => "en",
            Tongue::Chinese => "zh",
            Tongue::Korean => "ko",
            Tongue::Vietnamese => "vi",
            Tongue::Portuguese => "pt",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Tongue> {
        Tongue::ALL.into_iter().find(|tongue| tongue.code() == code)
    }

    /// What it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Tongue::Japanese => "日本語",
            Tongue::Easy => "やさしい にほんご",
            Tongue::English => "English",
            Tongue::Chinese => "中文",
            Tongue::Korean => "한국어",
            Tongue::Vietnamese => "Tiếng Việt",
            Tongue::Portuguese => "Português",
        }
    }

    /// For the `lang` attribute and for the voice.
    pub const fn tag(self) -> &'static str {
        match self {
            Tongue::Japanese | Tongue::Easy => "ja",
            Tongue::English => "en",
            Tongue::Chinese => "zh-Hans",
            Tongue::Korean => "ko",
            Tongue::Vietnamese => "vi",
            Tongue::Portuguese => "pt-BR",
        }
    }

    /// Whether it is written in Japanese.
    pub const fn is_japanese(self) -> bool {
        matches!(self, Tongue::Japanese | Tongue::Easy)
    }
}
