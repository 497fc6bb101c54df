//! Handing a command to the desk, and saying what became of it.

use super::address::Key;
use super::caller::Caller;
use super::problem::{FieldNote, Problem, ProblemKind};
use super::state::{Api, unreadable};
use super::wire::device::RestartAsked;
use super::wire::saved::Saved;
use super::wire::time::Instant;
use crate::port::{DeskCommand, Devices, IdempotencyKey, SubmitError};
use crate::restarts::{NotAsked, Wanted};
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde_json::Value as Json;

/// A call that changes something: who, and under which key.
pub struct Change {
    caller: Caller,
    key: Key,
}

impl<S: Send + Sync> FromRequestParts<S> for Change {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let key = Key::from_request_parts(parts, state).await?;
        Ok(Change { caller, key })
    }
}

/// What came with a command: its warnings for the reply, and the body to find the place of a refusal in.
#[derive(Default)]
pub struct Sent {
    /// what looks odd and was taken all the same
    pub warnings: Vec<FieldNote>,
    /// the body
    pub json: Json,
}

impl Change {
    /// Hands the command in and waits until it is kept.
    pub async fn submit(self, api: &Api, command: DeskCommand, sent: Sent) -> Result<Saved, Problem> {
        let by = &self.caller.account.author;
        if self.key.0.as_ref().is_some_and(|key| api.restarts.of_key(by, &key.0).is_some()) {
            return Err(Problem::of(ProblemKind::KeyReused));
        }
        let outcome = api.desk.submit(&self.caller.account, self.key.0, command).await;
        outcome.map(|saved| Saved::of(saved, sent.warnings)).map_err(|error| problem_of(error, &sent.json))
    }
}

impl Change {
    /// The key alone, for what is kept under it elsewhere.
    pub fn into_key(self) -> Option<IdempotencyKey> {
        self.key.0
    }

    /// Restarts a device; the same key restarts it once.
    pub async fn restart(
        self,
        api: &Api,
        devices: &dyn Devices,
        device: &str,
        step: &str,
    ) -> Result<RestartAsked, Problem> {
        let key = self.key.0.as_ref().map(|key| key.0.as_str());
        let wanted = Wanted { by: &self.caller.account.author, key, device, step, at: api.desk.now() };
        let asked = api.restarts.once(devices, wanted).await.map_err(|refused| match refused {
            NotAsked::KeyReused => Problem::of(ProblemKind::KeyReused),
            NotAsked::Refused(why) => Problem::said(ProblemKind::DeviceRefused, why),
        })?;
        Ok(RestartAsked { device: asked.device, step: asked.step, at: Instant::of(asked.at) })
    }
}

fn problem_of(error: SubmitError, body: &Json) -> Problem {
    match error {
        SubmitError::NotFound(_) => Problem::of(ProblemKind::NotFound),
        SubmitError::KeyReused => Problem::of(ProblemKind::KeyReused),
        SubmitError::Unavailable(unavailable) => unreadable(&unavailable),
        SubmitError::StateChanged(why) => Problem::said(ProblemKind::StateChanged, why),
        SubmitError::Refused { at, why } => {
            let note = FieldNote::new(place_of(&at, body), "refused", why.clone());
            Problem::said(ProblemKind::Refused, why).at(vec![note])
        }
    }
}

/// The pointer of the only field or command of this name in the body; of the body itself when there is none or several.
fn place_of(at: &str, body: &Json) -> String {
    let wanted = at.rsplit(['.', '/']).next().unwrap_or(at);
    let mut found = Vec::new();
    collect(wanted, body, "", &mut found);
    match found.as_slice() {
        [one] => one.clone(),
        _ => String::new(),
    }
}

fn collect(wanted: &str, json: &Json, pointer: &str, found: &mut Vec<String>) {
    match json {
        Json::Object(fields) => {
            for (name, value) in fields {
                let here = format!("{pointer}/{name}");
                collect(wanted, value, &here, found);
                if name == wanted {
                    found.push(here);
                }
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(wanted, item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_located_when_there_is_only_one_place() {
        let one = json!({"commands": [{"unchanged": {}}, {"full_charge": {"reason": "x"}}]});
        assert_eq!(place_of("full_charge", &one), "/commands/1/full_charge");
        assert_eq!(place_of("reason", &one), "/commands/1/full_charge/reason");
        assert_eq!(place_of("ratio", &one), "");
        let two = json!({"commands": [{"decide": {"reason": ""}}, {"leave": {"reason": ""}}]});
        assert_eq!(place_of("reason", &two), "");
        assert_eq!(place_of("reason", &Json::Null), "");
    }
}
