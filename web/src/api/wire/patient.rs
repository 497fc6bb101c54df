//! Patients on the wire.

use super::Empty;
use super::apart::RecordApart;
use super::code::{ConfidenceCode, EvidenceKindCode, VisitStatusCode};
use super::coverage::{CoverageForm, CoverageShown};
use super::person::Person;
use super::text::{Note, PatientNumber, PersonName, SearchWords, ShortText, Typed, optional, required};
use super::time::Day;
use crate::api::body::{Form, Place};
use crate::port::{CardReadingId, PatientCommand, PatientHit, PatientView};
use domain::patient::{CoverageLearned, PatientState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A search for patients.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchForm {
    /// kana, name, birth date, patient number, symbol or number; words are separated by spaces and all must match
    pub text: SearchWords,
}

impl Form for SearchForm {
    type Meaning = String;

    fn meaning(self, at: &Place<'_>) -> Option<String> {
        required(self.text, at.field("text"))
    }
}

/// Patients found, best first, at most 50.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatientsFound {
    /// best first
    pub patients: Vec<PatientHitShown>,
}

/// A patient that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PatientHit)]
pub struct PatientHitShown {
    /// which
    pub patient: String,
    /// 診察券番号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_number: Option<String>,
    /// the person; name as it is to be printed
    pub person: Person,
    /// insurer's name on file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_name: Option<String>,
    /// when the insurance was last confirmed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<Day>,
    /// day of the last visit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_visit: Option<Day>,
    /// note to be seen at once
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_note: Option<String>,
}

impl From<&PatientHit> for PatientHitShown {
    fn from(hit: &PatientHit) -> PatientHitShown {
        PatientHitShown {
            patient: hit.patient.to_string(),
            patient_number: hit.patient_number.clone(),
            person: (&hit.person).into(),
            insurer_name: hit.insurer_name.clone(),
            confirmed_on: hit.confirmed_on.map(Day::of),
            last_visit: hit.last_visit.map(Day::of),
            care_note: hit.care_note.clone(),
        }
    }
}

/// Something about a patient: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatientCommandForm {
    /// the true spelling of a name that came with ● or a variant
    CorrectName(CorrectNameForm),
    /// a note to be seen at once; blank = none any more
    NoteCare(NoteCareForm),
    /// 診察券番号
    SetNumber(SetNumberForm),
    /// insurance data typed in from a paper
    LearnCoverage(Box<CoverageForm>),
    /// somebody compared the card of a reading with the patient: it may be recognised next time
    RememberCard(RememberCardForm),
    /// no card of this patient is recognised any more
    ForgetCards(Empty),
}

/// The true spelling of a name.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectNameForm {
    /// as received
    pub as_received: PersonName,
    /// as on the card face
    pub corrected: PersonName,
}

/// A note to be seen at once.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteCareForm {
    /// the note; blank = none any more
    pub note: Note,
}

/// A card to be recognised.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RememberCardForm {
    /// `reading` of the card
    pub reading: ShortText,
}

/// The clinic's own number.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNumberForm {
    /// the number as the clinic writes it
    pub patient_number: PatientNumber,
}

impl Form for PatientCommandForm {
    type Meaning = PatientCommand;

    fn meaning(self, at: &Place<'_>) -> Option<PatientCommand> {
        Some(match self {
            PatientCommandForm::CorrectName(form) => form.meaning(&at.field("correct_name"))?,
            PatientCommandForm::NoteCare(form) => form.meaning(&at.field("note_care"))?,
            PatientCommandForm::SetNumber(form) => {
                let at = at.field("set_number").field("patient_number");
                PatientCommand::SetNumber(required(form.patient_number, at)?)
            }
            PatientCommandForm::RememberCard(form) => {
                let at = at.field("remember_card").field("reading");
                PatientCommand::RememberCard(CardReadingId(required(form.reading, at)?))
            }
            PatientCommandForm::ForgetCards(Empty {}) => PatientCommand::ForgetCards,
            PatientCommandForm::LearnCoverage(form) => {
                PatientCommand::LearnCoverage(Box::new(form.meaning(&at.field("learn_coverage"))?))
            }
        })
    }
}

impl Form for CorrectNameForm {
    type Meaning = PatientCommand;

    fn meaning(self, at: &Place<'_>) -> Option<PatientCommand> {
        let as_received = required(self.as_received, at.field("as_received"));
        let corrected = required(self.corrected, at.field("corrected"));
        Some(PatientCommand::CorrectName { as_received: as_received?, corrected: corrected? })
    }
}

impl Form for NoteCareForm {
    type Meaning = PatientCommand;

    fn meaning(self, at: &Place<'_>) -> Option<PatientCommand> {
        if self.note.as_typed().trim().is_empty() {
            return Some(PatientCommand::NoteCare(String::new()));
        }
        optional(Some(self.note), at.field("note")).map(PatientCommand::NoteCare)
    }
}

/// Insurance data as learned at some visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CoverageLearned)]
pub struct LearnedShown {
    /// the data
    pub coverage: CoverageShown,
    /// from what
    pub evidence: EvidenceKindCode,
    /// how sure
    pub confidence: ConfidenceCode,
    /// for which day they were learned
    pub on: Day,
    /// at which visit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
}

impl From<&CoverageLearned> for LearnedShown {
    fn from(learned: &CoverageLearned) -> LearnedShown {
        LearnedShown {
            coverage: (&learned.coverage).into(),
            evidence: EvidenceKindCode(learned.evidence),
            confidence: ConfidenceCode(learned.confidence),
            on: Day::of(learned.on),
            visit: learned.visit.as_ref().map(ToString::to_string),
        }
    }
}

/// One visit of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatientVisit {
    /// which
    pub visit: String,
    /// its day
    pub visit_date: Day,
    /// where it stands
    pub status: VisitStatusCode,
}

/// One patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Patient {
    /// which
    pub patient: String,
    /// who
    pub person: Person,
    /// name to print
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// 診察券番号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_number: Option<String>,
    /// what was learned of the insurance, latest last
    pub coverages: Vec<LearnedShown>,
    /// note to be seen at once
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_note: Option<String>,
    /// when a card or certificate was last shown
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_shown_on: Option<Day>,
    /// shown as 無効 since
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalid_since: Option<Day>,
    /// expiry of the user certificate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_expiry: Option<Day>,
    /// cards that would be recognised
    pub cards: u32,
    /// visits, newest first
    pub visits: Vec<PatientVisit>,
    /// what counters wrote apart
    pub apart: RecordApart,
}

impl From<&PatientView> for Patient {
    fn from(view: &PatientView) -> Patient {
        let state: &PatientState = &view.state;
        Patient {
            patient: view.patient.to_string(),
            person: (&state.person).into(),
            display_name: state.display_name().map(str::to_owned),
            patient_number: state.patient_number.clone(),
            coverages: state.coverages.iter().map(LearnedShown::from).collect(),
            care_note: state.care_note.clone(),
            document_shown_on: state.document_shown_on.map(Day::of),
            invalid_since: state.invalid_since.map(Day::of),
            certificate_expiry: state.certificate_expiry.map(Day::of),
            cards: u32::try_from(state.card_tokens.len()).unwrap_or(u32::MAX),
            apart: (&view.apart).into(),
            visits: view
                .visits
                .iter()
                .map(|(visit, day, status)| PatientVisit {
                    visit: visit.to_string(),
                    visit_date: Day::of(*day),
                    status: VisitStatusCode(*status),
                })
                .collect(),
        }
    }
}
