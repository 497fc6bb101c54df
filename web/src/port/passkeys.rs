//! Passkeys: what a browser is asked, and what it hands over.

use super::Session;
use domain::Timestamp;

/// Under which name of the box a browser has opened the pages. A passkey belongs to the name it was made under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PasskeyPlace {
    /// the name alone (RP ID)
    pub name: String,
    /// with scheme and port, as the browser says it
    pub origin: String,
}

/// What a browser is asked to make or to show. Good once, for a few minutes, and only for whom it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyQuestion {
    /// what is to be signed, base64url
    pub challenge: String,
    /// where
    pub place: PasskeyPlace,
    /// the account as devices know it, base64url; names nobody
    pub user: String,
    /// keys that are known, base64url
    pub known: Vec<String>,
}

/// A passkey a browser has made.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyMade {
    /// what the browser says it did
    pub client_data: Vec<u8>,
    /// what the device says
    pub authenticator_data: Vec<u8>,
    /// SubjectPublicKeyInfo
    pub public_key: Vec<u8>,
    /// as its owner calls it
    pub name: String,
}

/// A passkey a browser has shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyShown {
    /// as the device names it
    pub key: Vec<u8>,
    /// what the browser says it did
    pub client_data: Vec<u8>,
    /// what the device says
    pub authenticator_data: Vec<u8>,
    /// over both
    pub signature: Vec<u8>,
    /// the account the device knows it for; empty = it does not say
    pub user: Vec<u8>,
}

/// One's own passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyItem {
    /// as the device names it, base64url
    pub key: String,
    /// as its owner calls it
    pub name: String,
    /// name of the box it was made under
    pub place: String,
    /// when it was made
    pub made_at: Timestamp,
    /// when it was last used
    pub used_at: Option<Timestamp>,
    /// it counted backwards, so that there may be a copy: it opens nothing any more
    pub is_suspended: bool,
}

/// Who is asked to show a passkey.
#[derive(Clone, Debug)]
pub enum PasskeyBy {
    /// somebody who is not signed in, by the token in the sign-in form of this browser
    Form(String),
    /// somebody whose password was right
    Session(Box<Session>),
}
