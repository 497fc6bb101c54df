//! One file per page: what it reads from the desk, what it shows, what it hands in.

pub mod apart;
pub mod arrivals;
pub mod backups;
pub mod board;
pub(crate) mod card;
pub mod check_in;
pub mod claims;
pub mod counters;
pub mod declaration;
pub mod devices;
pub mod disaster;
pub mod doctor;
pub mod drill;
pub mod emergency;
pub mod error;
pub mod follow_ups;
pub mod forgetting;
pub mod insurers;
pub mod language;
pub mod ledger;
pub mod line;
pub mod links;
pub mod lost_cards;
pub mod me;
pub mod papers;
pub mod passkeys;
pub mod patient;
pub mod practice;
pub mod prints;
pub mod queue;
pub mod round;
pub mod rules;
pub mod scans;
pub mod shelf;
pub mod sign_in;
pub mod slip;
pub mod staff;
pub mod statistics;
pub mod support;
pub mod switch;
pub mod sync;
pub mod tablets;
pub mod trail;
pub mod updates;
pub mod visit;

use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::port::{DeskCommand, IdempotencyKey, Saved, SubmitError};
use crate::session::SignedIn;
use axum::response::{IntoResponse, Redirect, Response};

/// Hands a command in under the form's own key. A refusal becomes a complaint in the form (`Ok(None)`); `at_field` says at
/// which field the desk's "at" belongs.
async fn hand_in(
    app: &App,
    who: &SignedIn,
    typed: &mut Typed,
    command: DeskCommand,
    at_field: impl Fn(&str) -> String,
) -> Result<Option<Saved>, PageError> {
    match app.desk.submit(&who.session.account, key_of(typed), command).await {
        Ok(saved) => Ok(Some(saved)),
        Err(SubmitError::Refused { at, why }) => {
            typed.refuse(&at_field(&at), why);
            Ok(None)
        }
        Err(SubmitError::StateChanged(why)) => {
            typed.refuse("", why);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The key rendered into the form, so that a form sent twice takes effect once.
fn key_of(typed: &Typed) -> Option<IdempotencyKey> {
    let key = typed.value("key");
    let fine = (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    fine.then(|| IdempotencyKey(key.to_owned()))
}

/// The key of what follows from a form, beside the form's own.
fn following_key(typed: &Typed, mark: &str) -> Option<IdempotencyKey> {
    key_of(typed).map(|IdempotencyKey(key)| IdempotencyKey(format!("{}-{mark}", &key[..key.len().min(60)])))
}

/// Goes on to a page after something was kept.
fn go_on(path: &str) -> Response {
    Redirect::to(path).into_response()
}
