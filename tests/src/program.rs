//! A program that uses the API.

use serde_json::{Value, json};
use std::time::Duration;

/// A caller with a token.
#[derive(Clone)]
pub struct Program {
    agent: ureq::Agent,
    url: String,
    token: String,
}

/// What became of a call.
#[derive(Debug)]
pub enum Outcome {
    /// the reply, after the commit
    Kept(Value),
    /// refused: status and problem document
    Refused(u16, Value),
    /// no reply: nobody knows whether it was kept
    Unknown,
}

impl Program {
    /// A caller of the API below this address.
    pub fn new(url: &str, token: &str) -> Program {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Program { agent: config.into(), url: format!("{url}/api/v1"), token: format!("Bearer {token}") }
    }

    /// Sends a change, repeatable by its key.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Outcome {
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("Authorization", &self.token)
            .header("Idempotency-Key", key);
        outcome(request.send_json(body))
    }

    /// Reads something.
    pub fn get(&self, path: &str) -> Value {
        let reply = self.agent.get(format!("{}{path}", self.url)).header("Authorization", &self.token).call();
        match outcome(reply) {
            Outcome::Kept(value) => value,
            other => panic!("GET {path}: {other:?}"),
        }
    }

    /// A check-in of a new patient with a self-made name, by eligibility certificate.
    pub fn check_in(&self, key: &str, name: &str, kana: &str) -> Outcome {
        let numbers = json!({ "insurer_number": "06010391", "insured_symbol": "見本", "insured_number": "3405" });
        let certificate = json!({ "present": { "kind": "ELIGIBILITY_CERTIFICATE", "coverage": numbers } });
        let body = json!({
            "person": { "name": name, "name_kana": kana, "birth_date": "1988-09-14" },
            "commands": [certificate],
        });
        self.post("/check-ins", key, &body)
    }
}

fn outcome(reply: Result<http::Response<ureq::Body>, ureq::Error>) -> Outcome {
    let Ok(mut reply) = reply else { return Outcome::Unknown };
    let status = reply.status().as_u16();
    match reply.body_mut().read_json::<Value>() {
        Ok(value) if status < 300 => Outcome::Kept(value),
        Ok(problem) => Outcome::Refused(status, problem),
        Err(_) => Outcome::Unknown,
    }
}
