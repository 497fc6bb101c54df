//! The shelf: answers and card readings nobody waited for, on the wire.

use super::Text;
use super::check_in::id;
use super::coverage::CoverageShown;
use super::person::Person;
use super::text::Id;
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{AnswerOnShelf, ShelfReason};
use domain::fact::VisitId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// To whom an answer on the shelf belongs: exactly one of the two.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimForm {
    /// the visit it belongs to
    pub visit: Option<Id>,
    /// it belongs to nobody: put it away
    #[serde(default)]
    pub put_away: bool,
}

impl Form for ClaimForm {
    type Meaning = Option<VisitId>;

    fn meaning(self, at: &Place<'_>) -> Option<Option<VisitId>> {
        if self.visit.is_some() == self.put_away {
            at.wrong(
                "choose_one",
                "visit か put_away: true のどちらか一方を入れてください。",
                "Give either visit or put_away: true.",
            );
            return None;
        }
        match self.visit {
            Some(visit) => Some(Some(VisitId::new(id(Some(visit), at.field("visit"))?))),
            None => Some(None),
        }
    }
}

/// Why an answer lies on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ShelfReason)]
pub enum ShelfReasonShown {
    /// a card was read and no open visit fits
    CardWithoutVisit,
    /// a card was read and several open visits fit
    CardFitsSeveral,
    /// an answer came that nobody waits for
    Unexpected,
    /// the same name came again with other content
    Conflict,
    /// a file could not be read
    Unreadable,
}

impl From<ShelfReason> for ShelfReasonShown {
    fn from(reason: ShelfReason) -> ShelfReasonShown {
        match reason {
            ShelfReason::CardWithoutVisit => ShelfReasonShown::CardWithoutVisit,
            ShelfReason::CardFitsSeveral => ShelfReasonShown::CardFitsSeveral,
            ShelfReason::Unexpected => ShelfReasonShown::Unexpected,
            ShelfReason::Conflict => ShelfReasonShown::Conflict,
            ShelfReason::Unreadable => ShelfReasonShown::Unreadable,
        }
    }
}

/// An answer nobody waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AnswerOnShelf)]
pub struct AnswerOnShelfShown {
    /// its id
    pub answer: String,
    /// when it came
    pub at: Instant,
    /// why it lies here
    pub reason: ShelfReasonShown,
    /// file name at the terminal
    pub file_name: String,
    /// whom it speaks of, as far as it could be read
    pub person: Person,
    /// the insurance, as far as it could be read
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageShown>,
    /// in words
    pub message: Text,
    /// open visits it may belong to
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
}

impl From<&AnswerOnShelf> for AnswerOnShelfShown {
    fn from(answer: &AnswerOnShelf) -> AnswerOnShelfShown {
        AnswerOnShelfShown {
            answer: answer.answer.clone(),
            at: Instant::of(answer.at),
            reason: answer.reason.into(),
            file_name: answer.file_name.clone(),
            person: (&answer.person).into(),
            coverage: answer.coverage.as_ref().map(CoverageShown::from),
            message: (&answer.message).into(),
            candidates: answer.candidates.iter().map(VisitId::to_string).collect(),
        }
    }
}

/// The shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shelf {
    /// answers and card readings nobody waited for
    pub answers: Vec<AnswerOnShelfShown>,
}
