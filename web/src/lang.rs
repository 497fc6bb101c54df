//! The two languages of the desk, chosen by a cookie.

use crate::cookie;
use domain::text::Text;
use http::HeaderMap;

/// Name of the cookie that keeps the choice.
pub const COOKIE: &str = "lang";

/// A language of the pages. Japanese unless somebody chose otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Ja,
    En,
}

impl Lang {
    pub fn of_request(headers: &HeaderMap) -> Lang {
        cookie::read(headers, COOKIE).and_then(Lang::from_code).unwrap_or_default()
    }

    pub fn from_code(code: &str) -> Option<Lang> {
        match code {
            "ja" => Some(Lang::Ja),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// For the `lang` attribute.
    pub fn code(self) -> &'static str {
        self.pick("ja", "en")
    }

    pub fn other(self) -> Lang {
        match self {
            Lang::Ja => Lang::En,
            Lang::En => Lang::Ja,
        }
    }

    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    pub fn of(self, text: &Text) -> String {
        self.pick(&text.ja, &text.en).clone()
    }
}
