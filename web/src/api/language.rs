//! Japanese or English, by what the caller accepts.

use domain::text::Text;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// The language of the words meant for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Japanese, unless English is preferred
    Ja,
    /// English
    En,
}

impl Language {
    /// The language a caller prefers (`Accept-Language`); Japanese when it does not say.
    pub fn preferred(headers: &HeaderMap) -> Language {
        let wishes = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let weight = |wanted: &str| wishes.split(',').filter_map(|wish| weight_of(wish, wanted)).max().unwrap_or(0);
        if weight("en") > weight("ja") { Language::En } else { Language::Ja }
    }

    /// The words in this language.
    pub fn of(self, text: &Text) -> &str {
        match self {
            Language::Ja => &text.ja,
            Language::En => &text.en,
        }
    }

    /// Language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }
}

/// The weight of one wish in thousandths, if it is about this language.
fn weight_of(wish: &str, wanted: &str) -> Option<u32> {
    let mut parts = wish.split(';').map(str::trim);
    let tag = parts.next()?;
    let language = tag.split('-').next()?;
    if !language.eq_ignore_ascii_case(wanted) {
        return None;
    }
    let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
    Some((quality.clamp(0.0, 1.0) * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_only_when_it_is_preferred() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, value.parse().expect("header"));
            Language::preferred(&headers)
        };
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::Ja);
        for (wish, language) in [
            ("en", Language::En),
            ("en-GB,en;q=0.9,ja;q=0.8", Language::En),
            ("ja,en;q=0.9", Language::Ja),
            ("ja;q=0.4, EN;q=0.5", Language::En),
            ("de, fr;q=0.9", Language::Ja),
            ("en;q=nonsense, ja", Language::Ja),
            (";;,,", Language::Ja),
        ] {
            assert_eq!(of(wish), language, "{wish}");
        }
    }
}
