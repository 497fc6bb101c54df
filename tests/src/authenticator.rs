//! A device for passkeys inside the browser under test, as WebDriver has it (WebAuthn §11): it is this machine's own, keeps its keys, and
//! makes sure of its person, or not.

use crate::browser::Desk;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of the authenticators: the end of its address, and what it says.
#[derive(Debug)]
struct Command {
    place: String,
    says: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/webauthn/authenticator{}", self.place))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.says.to_string()))
    }
}

/// The device.
pub struct Authenticator(String);

impl Authenticator {
    /// Gives the browser one.
    pub async fn of(desk: &Desk) -> Authenticator {
        let says = json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true });
        let made = desk.client.issue_cmd(Command { place: String::new(), says }).await.unwrap();
        Authenticator(made.as_str().unwrap().to_owned())
    }

    /// Whether it recognises the person from now on.
    pub async fn recognises(&self, desk: &Desk, yes: bool) {
        let (place, says) = (format!("/{}/uv", self.0), json!({ "isUserVerified": yes }));
        desk.client.issue_cmd(Command { place, says }).await.unwrap();
    }
}
