//! A check-in, a question by number and a history lookup, as they come in.

use super::code::{FlowCode, IdentityCheckedCode};
use super::command::{VisitCommandForm, read_commands};
use super::coverage::CoverageForm;
use super::person::PersonForm;
use super::text::{Counter, Id, PatientNumber, SignerName, is_id, optional};
use crate::api::body::{Form, Place};
use crate::port::{CheckIn, HistoryQuery, NumberQuery};
use domain::case::Flow;
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::fact::{PatientId, VisitId};
use domain::remote_consent::ConsentId;
use domain::visit::{CameFrom, FamilyJoined, Placed, VisitCommand};
use domain::waiting::TicketId;
use serde::Deserialize;
use utoipa::ToSchema;

/// Somebody came to the desk.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInForm {
    /// the patient, when known; otherwise a new patient is registered from `person`
    pub patient: Option<Id>,
    /// 診察券番号, for new patients
    pub patient_number: Option<PatientNumber>,
    /// the person as shown; for a known patient, leaving it out means "as on file"
    pub person: Option<PersonForm>,
    /// where the patient is received; absent = at the window
    pub flow: Option<FlowCode>,
    /// which counter
    pub counter: Option<Counter>,
    /// number plate, room or the like, to find the patient again
    pub place: Option<SignerName>,
    /// a visit of the family that came together
    pub family: Option<Id>,
    /// who presented the family
    pub brought_by: Option<SignerName>,
    /// the waiting number the check-in comes from; it is served with it
    pub number: Option<Id>,
    /// the remote consent the check-in comes from; its patient has arrived with it
    pub consent: Option<Id>,
    /// how a person who consented in advance was recognised
    pub identity: Option<IdentityCheckedCode>,
    /// what happens in the same breath (documents shown, nothing changed …)
    #[serde(default)]
    #[schema(max_items = 50)]
    pub commands: Vec<VisitCommandForm>,
}

impl Form for CheckInForm {
    type Meaning = CheckIn;

    fn meaning(self, at: &Place<'_>) -> Option<CheckIn> {
        let patient = id(self.patient, at.field("patient"));
        let person = match self.person {
            Some(form) => form.meaning(&at.field("person"))?,
            None => PersonFace::EMPTY,
        };
        if patient.is_none() && person.name.is_none() && person.name_kana.is_none() {
            at.field("person").wrong(
                "required",
                "患者（patient）か、氏名またはカナ氏名（person）が必要です。",
                "Name the patient, or give a name or its reading in person.",
            );
        }
        let mut commands = read_commands(self.commands, 0, &at.field("commands"))?;
        let place = optional(self.place, at.field("place"));
        commands.extend(place.map(|place| VisitCommand::Place(Placed { kind: None, place: Some(place) })));
        let brought_by = optional(self.brought_by, at.field("brought_by"));
        let family = id(self.family, at.field("family")).map(VisitId::new);
        commands.extend(family.map(|family| VisitCommand::JoinFamily(FamilyJoined { family, brought_by })));
        let ticket = id(self.number, at.field("number")).map(TicketId::new);
        let consent = id(self.consent, at.field("consent")).map(ConsentId::new);
        if ticket.is_some() || consent.is_some() {
            let identity = self.identity.map(|code| code.0);
            commands.push(VisitCommand::ComeFrom(CameFrom { ticket, consent, identity }));
        }
        Some(CheckIn {
            patient: patient.map(PatientId::new),
            patient_number: optional(self.patient_number, at.field("patient_number")),
            person,
            flow: self.flow.map_or(Flow::Window, |code| code.0),
            counter: optional(self.counter, at.field("counter")),
            commands,
        })
    }
}

/// An id given out by this API, if it can be one.
pub fn id(given: Option<Id>, at: Place<'_>) -> Option<String> {
    let id = optional(given, at.same())?;
    if !is_id(&id) {
        at.wrong("format", "IDの形ではありません。", "This is no id.");
        return None;
    }
    Some(id)
}

/// A question by number. Parts left out are taken from what the visit knows.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionForm {
    /// insurer, symbol, number, branch
    pub coverage: Option<CoverageForm>,
}

impl Form for QuestionForm {
    type Meaning = NumberQuery;

    fn meaning(self, at: &Place<'_>) -> Option<NumberQuery> {
        Some(NumberQuery { coverage: coverage(self.coverage, at)? })
    }
}

fn coverage(form: Option<CoverageForm>, at: &Place<'_>) -> Option<Coverage> {
    match form {
        Some(form) => form.meaning(&at.field("coverage")),
        None => Some(Coverage::EMPTY),
    }
}

/// Keys of a visit-history lookup: kana and birth date, the patient number, or insurer and number.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryForm {
    /// name, kana, birth date as far as known
    pub person: Option<PersonForm>,
    /// 診察券番号
    pub patient_number: Option<PatientNumber>,
    /// insurer, symbol, number as far as known
    pub coverage: Option<CoverageForm>,
}

impl Form for HistoryForm {
    type Meaning = HistoryQuery;

    fn meaning(self, at: &Place<'_>) -> Option<HistoryQuery> {
        let person = match self.person {
            Some(form) => form.meaning(&at.field("person"))?,
            None => PersonFace::EMPTY,
        };
        let patient_number = optional(self.patient_number, at.field("patient_number"));
        let coverage = coverage(self.coverage, at)?;
        let by_person = person.name_kana.is_some() && person.birth_date.is_some();
        if !by_person && patient_number.is_none() && !coverage.has_numbers() {
            at.wrong(
                "required",
                "カナ氏名と生年月日、診察券番号、保険者番号と番号のいずれかの組が必要です。",
                "Give kana and birth date, the patient number, or insurer and number.",
            );
        }
        Some(HistoryQuery { person, patient_number, coverage })
    }
}
