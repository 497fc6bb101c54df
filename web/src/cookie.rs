//! Cookies: read by name, written with every protection the connection allows.

use crate::settings::WebSettings;
use http::{HeaderMap, HeaderValue, header};

/// The value of a cookie of the request.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// Name of the session cookie: with the `__Host-` prefix where the connection is encrypted, which forbids other hosts and
/// paths to set it. A cookie knows no ports: a drill beside the box has names of its own, so that neither signs the other out.
pub fn session_name(settings: &WebSettings) -> &'static str {
    match (settings.secure_cookies, settings.drill) {
        (true, false) => "__Host-uketsuke",
        (true, true) => "__Host-uketsuke-drill",
        (false, false) => "uketsuke",
        (false, true) => "uketsuke-drill",
    }
}

/// Name of the cookie that ties the sign-in form to this browser.
pub fn form_name(settings: &WebSettings) -> &'static str {
    match (settings.secure_cookies, settings.drill) {
        (true, false) => "__Host-uketsuke-form",
        (true, true) => "__Host-uketsuke-drill-form",
        (false, false) => "uketsuke-form",
        (false, true) => "uketsuke-drill-form",
    }
}

/// A cookie no script can read and no other site can send, gone with the browser.
pub fn set(settings: &WebSettings, name: &str, value: &str) -> HeaderValue {
    write(settings, &format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict"))
}

/// The same, kept for a year: for choices that are no secret.
pub fn keep(settings: &WebSettings, name: &str, value: &str) -> HeaderValue {
    write(settings, &format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"))
}

/// Takes a cookie back.
pub fn forget(settings: &WebSettings, name: &str) -> HeaderValue {
    write(settings, &format!("{name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"))
}

fn write(settings: &WebSettings, cookie: &str) -> HeaderValue {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{cookie}{secure}")).unwrap_or(HeaderValue::from_static(""))
}
