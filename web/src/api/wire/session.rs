//! Signing in, on the wire.

use super::text::{AccountName, Password, required};
use crate::api::body::{Form, Place};
use crate::port::{Account, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name and password of a staff account.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// account name
    pub name: AccountName,
    /// password
    pub password: Password,
    /// six digits of the second factor, or a recovery code; needed by accounts that have one
    #[serde(default)]
    pub code: Option<Password>,
}

/// What signing in needs.
pub struct SignIn {
    /// account name
    pub name: String,
    /// password
    pub password: String,
    /// second factor
    pub code: Option<String>,
}

impl Form for SignInForm {
    type Meaning = SignIn;

    fn meaning(self, at: &Place<'_>) -> Option<SignIn> {
        let name = required(self.name, at.field("name"));
        let password = self.password.checked(at.field("password"));
        let code = self.code.and_then(|code| code.checked(at.field("code")));
        Some(SignIn { name: name?, password: password?, code })
    }
}

/// Who is signed in. The session itself is in the cookie only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// stands in every fact this person makes
    pub author: String,
    /// name on the screen
    pub name: String,
    /// to be sent as `X-CSRF-Token` with every change under the session cookie; absent for API tokens
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
}

impl SignedIn {
    /// Somebody who came with a session cookie.
    pub fn by_session(session: &Session) -> SignedIn {
        SignedIn { csrf: Some(session.csrf.clone()), ..SignedIn::by_token(&session.account) }
    }

    /// A program that came with an API token.
    pub fn by_token(account: &Account) -> SignedIn {
        SignedIn { author: account.author.to_string(), name: account.name.clone(), csrf: None }
    }
}
