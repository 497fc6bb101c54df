//! What every change answers.

use super::time::Instant;
use crate::api::problem::FieldNote;
use crate::port;
use domain::fact::{PatientId, QuestionId, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was kept (保存済み): sent only after the commit. A call repeated with the same `Idempotency-Key` gets the same reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Saved {
    /// the visit it was about
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// the patient it was about
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// the question that was written down
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// patients a history lookup found in the box's own memory
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// the waiting number, remote consent or counter it was about
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// the revision that shows it
    pub revision: u64,
    /// when it was committed
    pub at: Instant,
    /// what looks odd about the numbers sent and was taken all the same
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldNote>,
}

impl Saved {
    /// The reply to a change.
    pub fn of(saved: port::Saved, warnings: Vec<FieldNote>) -> Saved {
        Saved {
            visit: saved.visit.as_ref().map(VisitId::to_string),
            patient: saved.patient.as_ref().map(PatientId::to_string),
            question: saved.question.as_ref().map(QuestionId::to_string),
            found: saved.found.iter().map(PatientId::to_string).collect(),
            about: saved.about,
            revision: saved.revision,
            at: Instant::of(saved.at),
            warnings,
        }
    }
}
