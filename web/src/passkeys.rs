//! Passkeys on pages: whether there can be any where a browser stands, what it is asked, what it hands in.

use crate::app::App;
use crate::form::Typed;
use crate::lang::Lang;
use crate::port::{PasskeyMade, PasskeyPlace, PasskeyQuestion, PasskeyShown};
use crate::settings::WebSettings;
use crate::words::PasskeyWords;
use askama::Template;
use axum::extract::FromRequestParts;
use data_encoding::BASE64URL_NOPAD;
use domain::text::Text;
use http::header::HOST;
use http::request::Parts;
use std::convert::Infallible;
use std::net::IpAddr;

/// Longest part of a passkey a browser hands in, letters.
const LONGEST_PART: usize = 8_192;

/// Whether a browser can make and show passkeys where it has opened the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// under a name
    At(PasskeyPlace),
    /// under an address of digits, which no passkey can belong to
    Address,
    /// without encryption, where browsers show none
    Unencrypted,
}

impl Standing {
    /// By what the browser has opened: name or address, perhaps with a port.
    pub fn of(settings: &WebSettings, host: &str) -> Standing {
        let host = host.to_ascii_lowercase();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (name, Some(port)),
            _ => (host.as_str(), None),
        };
        let is_name = name.split('.').all(is_label) && name.parse::<IpAddr>().is_err();
        let is_local = name == "localhost" || name.ends_with(".localhost");
        match () {
            () if !is_name => Standing::Address,
            () if !settings.secure_cookies && !is_local => Standing::Unencrypted,
            () => {
                let scheme = if settings.secure_cookies { "https" } else { "http" };
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                Standing::At(PasskeyPlace { name: name.to_owned(), origin: format!("{scheme}://{name}{port}") })
            }
        }
    }

    /// The place, when there is one.
    pub fn place(self) -> Option<PasskeyPlace> {
        match self {
            Standing::At(place) => Some(place),
            Standing::Address | Standing::Unencrypted => None,
        }
    }

    /// Why there can be none, in words.
    pub fn why_not(&self, lang: Lang) -> Option<&'static str> {
        let w = PasskeyWords::of(lang);
        match self {
            Standing::At(_) => None,
            Standing::Address => Some(w.at_address),
            Standing::Unencrypted => Some(w.unencrypted),
        }
    }
}

/// A part of a name between dots.
fn is_label(label: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(fits)
}

impl FromRequestParts<App> for Standing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Standing, Infallible> {
        let said = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().map(|authority| authority.as_str()).or(said);
        Ok(Standing::of(&app.settings, host.unwrap_or_default()))
    }
}

/// The part of a page that asks the browser for a passkey. It stays hidden until its script finds that the browser can.
#[derive(Template)]
#[template(path = "part/passkey.html")]
pub struct PasskeyForm {
    pub w: &'static PasskeyWords,
    pub action: &'static str,
    pub csrf: String,
    pub hidden: Vec<(String, String)>,
    pub question: PasskeyQuestion,
    /// what devices call this box
    pub site: String,
    /// what devices call the account; empty where one is shown
    pub account: String,
    pub go: &'static str,
    pub is_first: bool,
}

impl PasskeyForm {
    /// Whether a new one is made.
    pub fn makes(&self) -> bool {
        !self.account.is_empty()
    }
}

/// The passkey a browser has made.
pub fn read_made(typed: &mut Typed, name: String) -> Option<PasskeyMade> {
    let client_data = part(typed, "client_data");
    let authenticator_data = part(typed, "authenticator_data");
    let public_key = part(typed, "public_key");
    Some(PasskeyMade {
        client_data: client_data?,
        authenticator_data: authenticator_data?,
        public_key: public_key?,
        name,
    })
}

/// The passkey a browser has shown.
pub fn read_shown(typed: &mut Typed) -> Option<PasskeyShown> {
    let user = BASE64URL_NOPAD.decode(typed.value("user_handle").as_bytes()).unwrap_or_default();
    let key = part(typed, "passkey");
    let client_data = part(typed, "client_data");
    let authenticator_data = part(typed, "authenticator_data");
    let signature = part(typed, "signature");
    Some(PasskeyShown {
        key: key?,
        client_data: client_data?,
        authenticator_data: authenticator_data?,
        signature: signature?,
        user,
    })
}

fn part(typed: &mut Typed, name: &str) -> Option<Vec<u8>> {
    let text = typed.value(name);
    let fits = (1..=LONGEST_PART).contains(&text.len());
    let part = fits.then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten();
    if part.is_none() && typed.is_fine() {
        let words = |of: fn(&PasskeyWords) -> &'static str| {
            Text::new(of(PasskeyWords::of(Lang::Ja)), of(PasskeyWords::of(Lang::En)))
        };
        typed.refuse("", words(|w| w.unreadable));
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(secure: bool, host: &str) -> Standing {
        Standing::of(&WebSettings { secure_cookies: secure, ..WebSettings::default() }, host)
    }

    fn at(name: &str, origin: &str) -> Standing {
        Standing::At(PasskeyPlace { name: name.to_owned(), origin: origin.to_owned() })
    }

    #[test]
    fn a_passkey_belongs_to_a_name_and_never_to_an_address() {
        assert_eq!(standing(true, "uketsuke.local"), at("uketsuke.local", "https://uketsuke.local"));
        assert_eq!(standing(true, "Uketsuke.Local:8443"), at("uketsuke.local", "https://uketsuke.local:8443"));
        assert_eq!(standing(false, "localhost:8080"), at("localhost", "http://localhost:8080"));
        for address in
            ["192.168.1.20", "192.168.1.20:8443", "[fe80::1]:8443", "[::1]", "", "a b", "名前", "evil.example/x"]
        {
            assert_eq!(standing(true, address), Standing::Address, "{address}");
        }
    }

    #[test]
    fn without_encryption_only_this_very_machine_can() {
        assert_eq!(standing(false, "uketsuke.local"), Standing::Unencrypted);
        assert!(standing(false, "uketsuke.local").why_not(Lang::Ja).is_some());
        assert_eq!(standing(false, "localhost").why_not(Lang::En), None);
    }
}
