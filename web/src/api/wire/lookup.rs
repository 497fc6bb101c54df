//! Results copied from the official terminal's outage and disaster screens.

use super::code::{DisasterConsentCode, EligibilityStatusCode, EvidenceKindCode, SearchedByCode};
use super::coverage::CoverageForm;
use super::eligibility::AnswerShown;
use super::person::PersonForm;
use super::text::{SignerName, required};
use super::time::{Day, Instant};
use crate::api::body::{Form, Place};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::lookup::{Lookup, on_screen};
use domain::visit::LookupEntered;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What staff read on the official outage screen (システム障害時モード) or disaster screen (災害時医療情報閲覧機能), and how it was
/// obtained. A valid result settles the check-in provisionally; the box asks again by itself once it can.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupForm {
    /// `OUTAGE_LOOKUP` or `DISASTER_MODE`; the latter only where the ministry has opened it
    pub kind: EvidenceKindCode,
    /// what the screen said
    pub status: EligibilityStatusCode,
    /// the day whose eligibility the screen was asked for: that of the visit
    pub confirmed_for: Day,
    /// the person as the screen showed it, as far as it was copied; compared with the patient
    pub person: Option<PersonForm>,
    /// staff compared name, birth date and sex on the screen with the patient; anything but `true` is refused
    pub person_compared: bool,
    /// the insurance as the screen showed it; insurer number and insured number must be there when the screen said valid
    pub coverage: Option<CoverageForm>,
    /// what the screen was searched by
    pub searched_by: SearchedByCode,
    /// who looked, as told to the call centre
    pub looked_up_by: SignerName,
    /// when it was on the screen
    pub looked_up_at: Instant,
    /// disaster function: consent to look at medical data; must be there for `DISASTER_MODE`
    pub consent: Option<DisasterConsentCode>,
}

impl Form for LookupForm {
    type Meaning = LookupEntered;

    fn meaning(self, at: &Place<'_>) -> Option<LookupEntered> {
        let person = self.person.map_or(Some(PersonFace::EMPTY), |form| form.meaning(&at.field("person")));
        let coverage = self.coverage.map_or(Some(Coverage::EMPTY), |form| form.meaning(&at.field("coverage")));
        let confirmed_for = self.confirmed_for.checked(at.field("confirmed_for"));
        let looked_up_by = required(self.looked_up_by, at.field("looked_up_by"));
        let looked_up_at = self.looked_up_at.checked(at.field("looked_up_at"))?;
        let answer = on_screen(self.status.0, confirmed_for?, looked_up_at, person?, coverage?);
        Some(LookupEntered {
            lookup: Lookup {
                kind: self.kind.0,
                answer,
                searched_by: self.searched_by.0,
                person_compared: self.person_compared,
                looked_up_by: looked_up_by?,
                looked_up_at,
                consent: self.consent.map(|code| code.0),
            },
        })
    }
}

/// What staff read on an official outage or disaster screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Lookup)]
pub struct LookupShown {
    /// which screen
    pub kind: EvidenceKindCode,
    /// what it said
    pub answer: AnswerShown,
    /// what it was searched by
    pub searched_by: SearchedByCode,
    /// staff compared name, birth date and sex on the screen with the patient
    pub person_compared: bool,
    /// who looked
    pub looked_up_by: String,
    /// when it was on the screen
    pub looked_up_at: Instant,
    /// disaster function: consent to look at medical data
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<DisasterConsentCode>,
}

impl From<&Lookup> for LookupShown {
    fn from(lookup: &Lookup) -> LookupShown {
        LookupShown {
            kind: EvidenceKindCode(lookup.kind),
            answer: (&lookup.answer).into(),
            searched_by: SearchedByCode(lookup.searched_by),
            person_compared: lookup.person_compared,
            looked_up_by: lookup.looked_up_by.clone(),
            looked_up_at: Instant::of(lookup.looked_up_at),
            consent: lookup.consent.map(DisasterConsentCode),
        }
    }
}
