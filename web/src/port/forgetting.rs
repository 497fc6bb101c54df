//! Forgetting: what is kept how long, what went, and deleting one patient.

use domain::fact::{PatientId, VisitId};
use domain::retention::{KeptKind, RetentionPeriod};
use domain::{Date, Timestamp};

/// Why a patient is deleted. A choice and no free text: the note of it outlives the record and must not say whose it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForgetReason {
    /// the patient asked for it
    Request,
    /// entered by mistake, or for practice
    Mistake,
    /// the same person is on file twice
    Double,
    /// anything else; the paper that says so is kept elsewhere
    Other,
}

impl ForgetReason {
    /// All reasons, as they are offered.
    pub const ALL: [ForgetReason; 4] =
        [ForgetReason::Request, ForgetReason::Mistake, ForgetReason::Double, ForgetReason::Other];

    /// Its name in forms, the API and the note.
    pub const fn code(self) -> &'static str {
        match self {
            ForgetReason::Request => "request",
            ForgetReason::Mistake => "mistake",
            ForgetReason::Double => "double",
            ForgetReason::Other => "other",
        }
    }

    /// By its name.
    pub fn from_code(code: &str) -> Option<ForgetReason> {
        ForgetReason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Delete one patient with all visits, on all boxes and at the hub.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ForgetPatient {
    /// who
    pub patient: PatientId,
    /// why
    pub reason: ForgetReason,
    /// also visits whose retention is not over
    pub despite_retention: bool,
}

/// What deleting a patient would take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgetPreview {
    /// who
    pub patient: PatientId,
    /// as shown; absent when only visits are left
    pub name: Option<String>,
    /// in kana
    pub name_kana: Option<String>,
    /// the visits, the oldest first: day, and until when the law or the site's setting wants them kept
    pub visits: Vec<(VisitId, Date, Date)>,
    /// the latest of those days, when it is not past
    pub kept_until: Option<Date>,
}

/// Something that was forgotten. Facts only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// when
    pub at: Timestamp,
    /// why
    pub why: ForgottenWhy,
    /// records that went
    pub records: u32,
    /// documents of which nothing is left
    pub documents: u32,
    /// by whom: the name of an account; absent where the box did it by itself
    pub by: Option<String>,
    /// which box asked for it, as people call it
    pub at_box: Option<String>,
}

/// Why something was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgottenWhy {
    /// its period was over
    Retention {
        /// of what
        kind: KeptKind,
        /// first day of the month
        month: Date,
    },
    /// a patient was deleted
    Patient(ForgetReason),
    /// another box of the facility asked for it
    OtherBox,
}

/// A month that is kept, and when it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptMonth {
    /// of what
    pub kind: KeptKind,
    /// first day of the month
    pub month: Date,
    /// the night after this day it goes
    pub until: Date,
}

/// How forgetting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgettingView {
    /// the period that counts for what happens today, of each kind
    pub periods: Vec<RetentionPeriod>,
    /// the months that go next, the soonest first
    pub next: Vec<KeptMonth>,
    /// what went, newest first
    pub done: Vec<Forgotten>,
    /// the night in which it was looked last
    pub looked_on: Option<Date>,
    /// nights in a row on which the calendar went on as calendars do, and how many are wanted before anything goes
    pub steady_nights: (u32, u32),
    /// visits whose patient was deleted elsewhere while they were received here
    pub left_over: Vec<(VisitId, PatientId)>,
}
