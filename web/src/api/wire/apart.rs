//! What counters wrote apart, on the wire.

use super::Text;
use super::board::BoardRowShown;

use super::code::EvidenceKindCode;
use super::patient::PatientHitShown;
use super::text::{Id, Reason, required, required_id};
use super::time::{Day, Instant};
use crate::api::body::{Form, Place};
use crate::port::{
    ApartCommand, ApartMatter, ApartReport, ApartSide, Disputed, MergedWith, PatientApart, Thing, VisitApart,
};
use domain::apart::{Matter, MergeId};
use domain::fact::{FactId, PatientId, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A decision: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApartForm {
    /// of values that disagree, this one is right
    Settle(SettleForm),
    /// one visit was entered twice
    MergeVisits(MergeForm),
    /// one person has two records
    MergePatients(MergeForm),
    /// two records were made one by mistake
    UndoMerge(UndoForm),
    /// two visits of a day are two
    TwoVisits(TwoForm),
    /// two patients are two persons
    TwoPatients(TwoForm),
}

/// Which value is right, of a visit or of a patient.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleForm {
    /// the visit; this or `patient`
    pub visit: Option<Id>,
    /// the patient; this or `visit`
    pub patient: Option<Id>,
    /// what about, as shown
    pub matter: Id,
    /// `fact` of the side that is right
    pub right: Id,
    /// why
    pub reason: Reason,
}

/// Two records that are one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeForm {
    /// goes on
    pub goes_on: Id,
    /// goes on in that one
    pub other: Id,
    /// why
    pub reason: Reason,
}

/// A merge that was a mistake.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoForm {
    /// one of the two visits; this or `patient`
    pub visit: Option<Id>,
    /// one of the two patients; this or `visit`
    pub patient: Option<Id>,
    /// which merge, as shown
    pub merge: Id,
    /// why
    pub reason: Reason,
}

/// Two records that are two.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TwoForm {
    /// the one
    pub one: Id,
    /// the other
    pub other: Id,
    /// why
    pub reason: Reason,
}

fn thing(visit: Option<Id>, patient: Option<Id>, at: &Place<'_>) -> Option<Thing> {
    match (visit, patient) {
        (Some(visit), None) => Some(Thing::Visit(VisitId::new(required_id(visit, at.field("visit"))?))),
        (None, Some(patient)) => Some(Thing::Patient(PatientId::new(required_id(patient, at.field("patient"))?))),
        _ => {
            at.wrong(
                "choose_one",
                "visit か patient のどちらか一方を入れてください。",
                "Give either visit or patient.",
            );
            None
        }
    }
}

impl Form for ApartForm {
    type Meaning = ApartCommand;

    fn meaning(self, at: &Place<'_>) -> Option<ApartCommand> {
        let reason = |given: Reason, at: &Place<'_>| required(given, at.field("reason"));
        Some(match self {
            ApartForm::Settle(form) => {
                let at = at.field("settle");
                ApartCommand::Settle {
                    thing: thing(form.visit, form.patient, &at)?,
                    matter: Matter::new(required_id(form.matter, at.field("matter"))?),
                    right: FactId::new(required_id(form.right, at.field("right"))?),
                    reason: reason(form.reason, &at)?,
                }
            }
            ApartForm::MergeVisits(form) => {
                let at = at.field("merge_visits");
                ApartCommand::MergeVisits {
                    goes_on: VisitId::new(required_id(form.goes_on, at.field("goes_on"))?),
                    other: VisitId::new(required_id(form.other, at.field("other"))?),
                    reason: reason(form.reason, &at)?,
                }
            }
            ApartForm::MergePatients(form) => {
                let at = at.field("merge_patients");
                ApartCommand::MergePatients {
                    goes_on: PatientId::new(required_id(form.goes_on, at.field("goes_on"))?),
                    other: PatientId::new(required_id(form.other, at.field("other"))?),
                    reason: reason(form.reason, &at)?,
                }
            }
            ApartForm::UndoMerge(form) => {
                let at = at.field("undo_merge");
                ApartCommand::UndoMerge {
                    thing: thing(form.visit, form.patient, &at)?,
                    merge: MergeId::new(required_id(form.merge, at.field("merge"))?),
                    reason: reason(form.reason, &at)?,
                }
            }
            ApartForm::TwoVisits(form) => {
                let at = at.field("two_visits");
                ApartCommand::KeepApart {
                    one: Thing::Visit(VisitId::new(required_id(form.one, at.field("one"))?)),
                    other: Thing::Visit(VisitId::new(required_id(form.other, at.field("other"))?)),
                    reason: reason(form.reason, &at)?,
                }
            }
            ApartForm::TwoPatients(form) => {
                let at = at.field("two_patients");
                ApartCommand::KeepApart {
                    one: Thing::Patient(PatientId::new(required_id(form.one, at.field("one"))?)),
                    other: Thing::Patient(PatientId::new(required_id(form.other, at.field("other"))?)),
                    reason: reason(form.reason, &at)?,
                }
            }
        })
    }
}

/// One of the values that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Side {
    /// the fact that says so
    pub fact: String,
    /// the value
    pub value: Text,
    /// where it was taken from
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<EvidenceKindCode>,
    /// when, by the clock of that counter
    pub at: Instant,
    /// who
    pub by: String,
    /// which box
    pub counter: String,
    /// in force until staff decide
    pub in_force: bool,
}

impl From<&ApartSide> for Side {
    fn from(side: &ApartSide) -> Side {
        Side {
            fact: side.fact.to_string(),
            value: (&side.value).into(),
            source: side.source.map(EvidenceKindCode),
            at: Instant::of(side.at),
            by: side.by.clone(),
            counter: side.counter.clone(),
            in_force: side.in_force,
        }
    }
}

/// Values for one matter, written without knowledge of each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disagreement {
    /// what about
    pub matter: String,
    /// the values
    pub sides: Vec<Side>,
}

impl From<&ApartMatter> for Disagreement {
    fn from(matter: &ApartMatter) -> Disagreement {
        Disagreement { matter: matter.matter.to_string(), sides: matter.sides.iter().map(Side::from).collect() }
    }
}

/// A record that was made one with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergeShown {
    /// which merge
    pub merge: String,
    /// the other record
    pub other: String,
}

fn merge<I: ToString>(with: &MergedWith<I>) -> MergeShown {
    MergeShown { merge: with.merge.to_string(), other: with.other.to_string() }
}

/// What counters wrote apart about one visit or patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordApart {
    /// where they disagree
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
    /// records that may be of the same visit or person
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubles: Vec<String>,
    /// the record that goes on instead
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_on_in: Option<MergeShown>,
    /// records that go on in this one
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_here: Vec<MergeShown>,
}

impl From<&VisitApart> for RecordApart {
    fn from(apart: &VisitApart) -> RecordApart {
        RecordApart {
            disagreements: apart.matters.iter().map(Disagreement::from).collect(),
            doubles: apart.doubles.iter().map(|row| row.visit.to_string()).collect(),
            goes_on_in: apart.goes_on_in.as_ref().map(merge),
            merged_here: apart.merged_here.iter().map(merge).collect(),
        }
    }
}

impl From<&PatientApart> for RecordApart {
    fn from(apart: &PatientApart) -> RecordApart {
        RecordApart {
            disagreements: apart.matters.iter().map(Disagreement::from).collect(),
            doubles: apart.doubles.iter().map(|hit| hit.patient.to_string()).collect(),
            goes_on_in: apart.goes_on_in.as_ref().map(merge),
            merged_here: apart.merged_here.iter().map(merge).collect(),
        }
    }
}

/// A record about which counters disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisputedShown {
    /// the visit, when it is one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// the patient, when it is one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// whose
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// where they disagree
    pub disagreements: Vec<Disagreement>,
}

impl From<&Disputed> for DisputedShown {
    fn from(disputed: &Disputed) -> DisputedShown {
        let (visit, patient) = match &disputed.thing {
            Thing::Visit(visit) => (Some(visit.to_string()), None),
            Thing::Patient(patient) => (None, Some(patient.to_string())),
        };
        let disagreements = disputed.matters.iter().map(Disagreement::from).collect();
        DisputedShown { visit, patient, name: disputed.name.clone(), disagreements }
    }
}

/// Two visits of one day that may be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoubleVisits {
    /// the day
    pub day: Day,
    /// the two lines of its board
    pub visits: Vec<BoardRowShown>,
}

/// Two patients who may be one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoublePatients {
    /// the two
    pub patients: Vec<PatientHitShown>,
}

/// Everything that needs a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Apart)]
pub struct ApartShown {
    /// records about which counters disagree
    pub disputed: Vec<DisputedShown>,
    /// visits that may be one, newest day first
    pub visits: Vec<DoubleVisits>,
    /// patients who may be one person
    pub patients: Vec<DoublePatients>,
}

impl From<&ApartReport> for ApartShown {
    fn from(report: &ApartReport) -> ApartShown {
        let visits = report.visits.iter();
        let visits = visits.map(|(day, pair)| DoubleVisits {
            day: Day::of(*day),
            visits: pair.iter().map(BoardRowShown::from).collect(),
        });
        let patients = report.patients.iter();
        let patients = patients.map(|pair| DoublePatients { patients: pair.iter().map(Into::into).collect() });
        ApartShown {
            disputed: report.disputed.iter().map(DisputedShown::from).collect(),
            visits: visits.collect(),
            patients: patients.collect(),
        }
    }
}
