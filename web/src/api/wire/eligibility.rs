//! Answers of the national service on the wire; they only go out. Nobody can hand one in: what the national service did not
//! say is never shown as if it had.

use super::code::{AskedByCode, ConsentTopicCode, EligibilityStatusCode};
use super::coverage::CoverageShown;
use super::person::Person;
use super::time::{Day, Instant};
use domain::eligibility::{Consent, EligibilityResult, OnlineAnswer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A patient's consent for one kind of medical data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentShown {
    /// which kind
    pub topic: ConsentTopicCode,
    /// given or refused
    pub given: bool,
    /// when it was given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// until when data may be viewed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_until: Option<Instant>,
}

/// One 資格確認結果: a person and an insurance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EligibilityResult)]
pub struct ResultShown {
    /// who the national service says this is
    pub person: Person,
    /// the insurance
    pub coverage: CoverageShown,
}

/// One answer of the national service about one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OnlineAnswer)]
pub struct AnswerShown {
    /// the business answer
    pub status: EligibilityStatusCode,
    /// how it was asked; absent = by card
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedByCode>,
    /// the day whose eligibility was asked
    pub confirmed_for: Day,
    /// when the national service worked it out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obtained_at: Option<Instant>,
    /// zero, one or several results
    pub results: Vec<ResultShown>,
    /// consents for medical data
    pub consents: Vec<ConsentShown>,
    /// 照会番号, if one was registered
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_number: Option<String>,
    /// message of the service beside a normal end, as received
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<&OnlineAnswer> for AnswerShown {
    fn from(answer: &OnlineAnswer) -> AnswerShown {
        AnswerShown {
            status: EligibilityStatusCode(answer.status),
            asked_by: answer.asked_by.map(AskedByCode),
            confirmed_for: Day::of(answer.confirmed_for),
            obtained_at: answer.obtained_at.map(Instant::of),
            results: answer.results.iter().map(ResultShown::from).collect(),
            consents: answer.consents.iter().map(ConsentShown::from).collect(),
            reference_number: answer.reference_number.clone(),
            note: answer.note.clone(),
        }
    }
}

impl From<&EligibilityResult> for ResultShown {
    fn from(result: &EligibilityResult) -> ResultShown {
        ResultShown { person: (&result.person).into(), coverage: (&result.coverage).into() }
    }
}

impl From<&Consent> for ConsentShown {
    fn from(consent: &Consent) -> ConsentShown {
        ConsentShown {
            topic: ConsentTopicCode(consent.topic),
            given: consent.given,
            at: consent.at.map(Instant::of),
            available_until: consent.available_until.map(Instant::of),
        }
    }
}
