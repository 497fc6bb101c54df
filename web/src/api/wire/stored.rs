//! What the site has on file, on the wire.

use super::code::EvidenceKindCode;
use super::coverage::CoverageShown;
use super::time::Day;
use domain::case::StoredPatient;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the site already knows of the patient from earlier visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StoredPatient)]
pub struct StoredShown {
    /// the insurance on file
    pub coverage: CoverageShown,
    /// when it was last confirmed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<Day>,
    /// how it was last confirmed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_how: Option<EvidenceKindCode>,
    /// when the card or certificate was last shown
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_shown_on: Option<Day>,
    /// the patient was shown as 無効 without being so, first on this day
    #[serde(skip_serializing_if = "Option::is_none")]
    pub false_invalid_since: Option<Day>,
    /// when a subsidy certificate was last compared at a visit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subsidy_shown_on: Option<Day>,
    /// days on which the renewal slip of the certificate was handed out, oldest first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips_given_on: Vec<Day>,
    /// the patient said on this day that the card is lost, and nothing has come instead
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_lost_on: Option<Day>,
}

impl From<&StoredPatient> for StoredShown {
    fn from(stored: &StoredPatient) -> StoredShown {
        StoredShown {
            coverage: (&stored.coverage).into(),
            confirmed_on: stored.confirmed_on.map(Day::of),
            confirmed_how: stored.confirmed_how.map(EvidenceKindCode),
            document_shown_on: stored.document_shown_on.map(Day::of),
            false_invalid_since: stored.false_invalid_since.map(Day::of),
            subsidy_shown_on: stored.subsidy_shown_on.map(Day::of),
            slips_given_on: stored.slips_given_on.iter().map(|day| Day::of(*day)).collect(),
            card_lost_on: stored.card_lost_on.map(Day::of),
        }
    }
}
