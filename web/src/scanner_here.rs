//! Which scanner stands beside a browser: chosen once at the counter, kept there. A slip scanned with it opens on that screen and
//! on no other.

use crate::cookie;
use crate::settings::WebSettings;
use http::{HeaderMap, HeaderValue};

const COOKIE: &str = "uketsuke-scanner";
/// Longest name of a device, in bytes.
const LONGEST: usize = 200;

/// The scanner of the browser that asks.
pub fn of_request(headers: &HeaderMap) -> Option<String> {
    let hex = cookie::read(headers, COOKIE).filter(|hex| hex.is_ascii() && hex.len() <= 2 * LONGEST)?;
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    String::from_utf8(bytes?).ok().filter(|name| !name.is_empty())
}

/// Keeps the choice; the name may be Japanese, a cookie may not.
pub fn keep(settings: &WebSettings, scanner: &str) -> HeaderValue {
    let hex: String = scanner.bytes().map(|byte| format!("{byte:02x}")).collect();
    cookie::keep(settings, COOKIE, &hex)
}

/// Takes the choice back.
pub fn forget(settings: &WebSettings) -> HeaderValue {
    cookie::forget(settings, COOKIE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http::header::COOKIE as HEADER;

    fn sent(value: &str) -> Option<String> {
        of_request(&HeaderMap::from_iter([(HEADER, HeaderValue::try_from(value).unwrap())]))
    }

    #[test]
    fn a_japanese_name_comes_back() {
        let kept = keep(&WebSettings::default(), "読取機");
        let pair = kept.to_str().unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(sent(&pair).as_deref(), Some("読取機"));
    }

    #[test]
    fn anything_else_is_no_choice() {
        for value in ["", "uketsuke-scanner=", "uketsuke-scanner=zz", "uketsuke-scanner=e8a", "uketsuke-scanner=ff+1"] {
            assert_eq!(sent(value), None, "{value}");
        }
    }
}
