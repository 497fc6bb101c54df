//! What counters wrote while they were cut off from each other, and what staff decide about it.

use super::{BoardRow, PatientHit};
use domain::apart::{Matter, MergeId};
use domain::evidence::EvidenceKind;
use domain::fact::{FactId, PatientId, VisitId};
use domain::kana::kana_key;
use domain::text::Text;
use domain::visit::VisitStatus;
use domain::{Date, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A record that several counters write to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// a visit
    Visit(VisitId),
    /// a patient
    Patient(PatientId),
}

/// What staff decide.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ApartCommand {
    /// of values that disagree, this one is right
    Settle {
        /// whose record
        thing: Thing,
        /// what about
        matter: Matter,
        /// the fact that says it right
        right: FactId,
        /// why
        reason: String,
    },
    /// one visit was entered twice
    MergeVisits {
        /// goes on
        goes_on: VisitId,
        /// goes on in that one
        other: VisitId,
        /// why
        reason: String,
    },
    /// one person has two records
    MergePatients {
        /// goes on
        goes_on: PatientId,
        /// goes on in that one
        other: PatientId,
        /// why
        reason: String,
    },
    /// two records were made one by mistake
    UndoMerge {
        /// one of the two
        thing: Thing,
        /// which act
        merge: MergeId,
        /// why
        reason: String,
    },
    /// two records are two, however alike; both of one kind
    KeepApart {
        /// the one
        one: Thing,
        /// the other
        other: Thing,
        /// why
        reason: String,
    },
}

/// One of the values that disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApartSide {
    /// the fact that says so
    pub fact: FactId,
    /// the value
    pub value: Text,
    /// where it was taken from
    pub source: Option<EvidenceKind>,
    /// when, by the clock of that counter
    pub at: Timestamp,
    /// who, as far as this box knows the name; else the id
    pub by: String,
    /// what the box is called that recorded it
    pub counter: String,
    /// this value is in force until staff decide
    pub in_force: bool,
}

/// Values for one matter of which no counter knew the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApartMatter {
    /// what about
    pub matter: Matter,
    /// the values, as recorded
    pub sides: Vec<ApartSide>,
}

/// How a record stands to its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedWith<I> {
    /// which act
    pub merge: MergeId,
    /// the other record
    pub other: I,
}

/// What is to be said on the page of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct VisitApart {
    /// where counters disagree
    pub matters: Vec<ApartMatter>,
    /// its own line of the board
    pub own: Option<BoardRow>,
    /// visits of the same day that may be this one entered twice
    pub doubles: Vec<BoardRow>,
    /// the visit that goes on instead of this one
    pub goes_on_in: Option<MergedWith<VisitId>>,
    /// visits that go on in this one
    pub merged_here: Vec<MergedWith<VisitId>>,
}

/// What is to be said on the page of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PatientApart {
    /// where counters disagree
    pub matters: Vec<ApartMatter>,
    /// other records that may be of the same person
    pub doubles: Vec<PatientHit>,
    /// the record that goes on instead of this one
    pub goes_on_in: Option<MergedWith<PatientId>>,
    /// records that go on in this one
    pub merged_here: Vec<MergedWith<PatientId>>,
}

/// A record about which counters disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// which
    pub thing: Thing,
    /// whose
    pub name: Option<String>,
    /// day of the visit
    pub day: Option<Date>,
    /// what about
    pub matters: Vec<ApartMatter>,
}

/// Everything that needs a look.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ApartReport {
    /// records about which counters disagree
    pub disputed: Vec<Disputed>,
    /// visits that may be one, newest day first: the day, and the two lines of its board
    pub visits: Vec<(Date, [BoardRow; 2])>,
    /// patients who may be one person
    pub patients: Vec<[PatientHit; 2]>,
}

/// How many days back the list looks for visits entered twice: until the claim of the month before last is settled.
pub const DAYS_LOOKED_BACK: i32 = 62;

/// The visits of a day that may be one entered twice, by their places: the same patient, or the same kana and birth date.
pub fn possible_doubles(rows: &[BoardRow]) -> Vec<(usize, usize)> {
    let goes_on = |row: &BoardRow| !matches!(row.status, VisitStatus::Voided | VisitStatus::Merged);
    let mut of_patient: BTreeMap<&PatientId, Vec<usize>> = BTreeMap::new();
    let mut of_name: BTreeMap<(String, Date), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| goes_on(row)) {
        if let Some(patient) = &row.patient {
            of_patient.entry(patient).or_default().push(at);
        }
        if let Some(name) = row.name_kana.as_deref().map(kana_key).zip(row.birth_date) {
            of_name.entry(name).or_default().push(at);
        }
    }
    let mut found = BTreeSet::new();
    for alike in of_patient.into_values().chain(of_name.into_values()) {
        for (nth, one) in alike.iter().enumerate() {
            found.extend(alike[nth + 1..].iter().map(|two| (*one, *two)));
        }
    }
    found.into_iter().collect()
}
