//! Who is at the desk.

use super::{Role, Stage};
use domain::fact::Author;
use domain::text::Text;
use std::fmt;

/// A staff account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// stands in every fact this person makes
    pub author: Author,
    /// name on the screen
    pub name: String,
    /// the counter they are at; empty where that says nothing
    pub counter: String,
}

impl Account {
    /// An account at no counter.
    pub fn new(author: Author, name: impl Into<String>) -> Account {
        Account { author, name: name.into(), counter: String::new() }
    }
}

/// A session token: 256 random bits, base64url; what the cookie carries.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub String);

/// A token of a program that uses the API.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(pub String);

/// How light or dark somebody wants the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// as the machine at the counter is set
    #[default]
    Machine,
    /// dark letters on a light ground
    Light,
    /// light letters on a dark ground
    Dark,
}

impl Look {
    /// Every look, in the order they are offered.
    pub const ALL: [Look; 3] = [Look::Machine, Look::Light, Look::Dark];

    /// As it is kept and typed.
    pub const fn code(self) -> &'static str {
        match self {
            Look::Machine => "machine",
            Look::Light => "light",
            Look::Dark => "dark",
        }
    }

    /// The look with this code.
    pub fn from_code(code: &str) -> Option<Look> {
        Look::ALL.into_iter().find(|look| look.code() == code)
    }
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// who
    pub account: Account,
    /// what the cookie carries
    pub token: SessionToken,
    /// what every form must carry beside the cookie
    pub csrf: String,
    /// what for
    pub role: Role,
    /// how far it has come
    pub stage: Stage,
    /// the person must have a second factor by then
    pub second_factor_by: Option<domain::Timestamp>,
    /// how the person wants the pages
    pub look: Look,
}

/// By whose doing a request under a session is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// somebody did something: the session goes on
    Person,
    /// the page keeps itself fresh; nobody need be there, so it does not count as use
    Page,
}

/// From where somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// peer address
    pub address: std::net::IpAddr,
    /// what the browser says its counter is called
    pub counter: Option<String>,
}

/// Why signing in was refused. Wrong name and wrong password look the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRefused {
    /// to the person
    pub why: Text,
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(…)")
    }
}
