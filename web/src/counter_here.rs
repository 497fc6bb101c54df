//! What the counter is called at which a browser stands: chosen once there, kept there, said in the trail.

use crate::cookie;
use crate::settings::WebSettings;
use http::{HeaderMap, HeaderValue};

const COOKIE: &str = "uketsuke-counter";
/// Longest name of a counter, in letters.
pub const LONGEST: usize = 20;

/// The counter of the browser that asks.
pub fn of_request(headers: &HeaderMap) -> Option<String> {
    let hex = cookie::read(headers, COOKIE).filter(|hex| hex.is_ascii() && hex.len() <= 8 * LONGEST)?;
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    let name = String::from_utf8(bytes?).ok()?;
    let fine = !name.is_empty() && name.chars().count() <= LONGEST && !name.contains(char::is_control);
    fine.then_some(name)
}

/// Keeps the name; it may be Japanese, a cookie may not.
pub fn keep(settings: &WebSettings, name: &str) -> HeaderValue {
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    cookie::keep(settings, COOKIE, &hex)
}

/// The counter at which the screen of somebody stands: as chosen last, else as they signed in.
pub fn of_screen(headers: &HeaderMap, who: &crate::session::SignedIn) -> Option<String> {
    let signed_in_at = &who.session.account.counter;
    of_request(headers).or_else(|| Some(signed_in_at.clone()).filter(|name| !name.is_empty()))
}
