//! What the desk shows.

use super::{PatientApart, VisitApart};
use domain::case::Flow;
use domain::counter::CounterKind;
use domain::coverage::Coverage;
use domain::decision::{Decision, FollowUp};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{PatientId, QuestionId, Recorded, VisitId};
use domain::link::{Cause, Link, LinkStatus, Links, WhyNotBetter};
use domain::patient::PatientState;
use domain::text::Text;
use domain::visit::{QuestionPurpose, VisitFact, VisitState, VisitStatus};
use domain::{Date, Timestamp};
use std::collections::BTreeMap;

/// One line of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// which visit
    pub visit: VisitId,
    /// running number of the day, from 1
    pub number: u32,
    /// when it was opened
    pub opened_at: Timestamp,
    /// which counter
    pub counter: Option<String>,
    /// which patient
    pub patient: Option<PatientId>,
    /// name to print
    pub name: Option<String>,
    /// kana
    pub name_kana: Option<String>,
    /// birth date
    pub birth_date: Option<Date>,
    /// where it stands
    pub status: VisitStatus,
    /// evidence it was accepted on
    pub evidence: Option<EvidenceKind>,
    /// why there was no better way
    pub why: Option<WhyNotBetter>,
    /// share in tenths the desk goes by
    pub ratio_tenths: Option<u8>,
    /// open follow-ups
    pub follow_ups: u32,
    /// a question of this visit is still out
    pub waiting: bool,
    /// matters of the visit or its patient about which counters disagree
    pub disagreements: u32,
    /// visits of the same day that may be this one entered twice
    pub doubles: Vec<VisitId>,
    /// where the patient is received
    pub flow: Flow,
    /// kind of the counter, where it is one of the site's
    pub kind: Option<CounterKind>,
    /// number plate, room or the like
    pub place: Option<String>,
    /// the first visit of the family it came with
    pub family: Option<VisitId>,
}

/// The board of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// which day
    pub day: Date,
    /// the revision it shows
    pub revision: u64,
    /// newest first
    pub rows: Vec<BoardRow>,
    /// answers on the shelf that wait for somebody
    pub on_shelf: u32,
    /// open follow-ups that are due
    pub due_follow_ups: u32,
    /// jobs that need a person
    pub stuck_jobs: u32,
    /// records of any day about which counters disagree, and patients who may have two
    pub to_look_at: u32,
}

/// One visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitView {
    /// which
    pub visit: VisitId,
    /// folded state
    pub state: VisitState,
    /// the patient on file
    pub patient: Option<PatientView>,
    /// what the rules say now
    pub decision: Decision,
    /// where it stands
    pub status: VisitStatus,
    /// still to be done
    pub follow_ups: Vec<FollowUp>,
    /// the facts in order
    pub history: Vec<Recorded<VisitFact>>,
    /// what those who wrote the facts are called, as far as this box knows
    pub names: BTreeMap<String, String>,
    /// jobs of this visit
    pub jobs: Vec<JobItem>,
    /// the code on the slip of this visit, as it is printed; `None` for a visit whose id has no such code
    pub slip: Option<String>,
    /// what counters wrote apart
    pub apart: VisitApart,
}

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientHit {
    /// which
    pub patient: PatientId,
    /// the clinic's number
    pub patient_number: Option<String>,
    /// the person; name as it is to be printed
    pub person: PersonFace,
    /// insurer's name on file
    pub insurer_name: Option<String>,
    /// when the insurance was last confirmed
    pub confirmed_on: Option<Date>,
    /// day of the last visit
    pub last_visit: Option<Date>,
    /// note to be seen at once
    pub care_note: Option<String>,
}

/// One patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientView {
    /// which
    pub patient: PatientId,
    /// folded state
    pub state: PatientState,
    /// visits, newest first
    pub visits: Vec<(VisitId, Date, VisitStatus)>,
    /// what counters wrote apart
    pub apart: PatientApart,
}

/// What a history lookup found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFound {
    /// patients whose keys agree
    pub patients: Vec<PatientHit>,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    /// waits for the link
    WaitingForLink(Link),
    /// waits for its turn or its next try
    WaitingUntil(Timestamp),
    /// handed to the terminal, no answer yet
    Asked {
        /// since when
        since: Timestamp,
        /// with others in one bulk request
        bundle: Option<BundleState>,
    },
    /// needs a person
    NeedsPerson(Text),
    /// waits for another box or for the patient
    WaitingForOthers(Text),
    /// done
    Done {
        /// when
        at: Timestamp,
        /// how it ended
        how: Text,
    },
}

/// How far a bulk request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleState {
    /// questions in it
    pub questions: u32,
    /// the service confirmed that it has it
    pub received: bool,
    /// when its answers are looked for next
    pub fetch_at: Option<Timestamp>,
}

/// One job for the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobItem {
    /// which
    pub job: QuestionId,
    /// what for
    pub purpose: QuestionPurpose,
    /// of which visit
    pub visit: Option<VisitId>,
    /// whose
    pub name: Option<String>,
    /// in words
    pub title: Text,
    /// when it was written down
    pub created_at: Timestamp,
    /// how often it was handed over
    pub attempts: u32,
    /// where it stands
    pub state: JobState,
    /// the last thing that went wrong
    pub last_problem: Option<Text>,
}

impl JobItem {
    /// Whether "send now" makes sense.
    pub fn can_send_now(&self) -> bool {
        matches!(self.state, JobState::WaitingForLink(_) | JobState::WaitingUntil(_))
    }

    /// Whether "ask again" makes sense: nobody expects an answer any more.
    pub fn can_ask_again(&self) -> bool {
        matches!(self.state, JobState::NeedsPerson(_))
    }
}

/// The queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueView {
    /// open jobs, in the order they go out
    pub open: Vec<JobItem>,
    /// jobs that ended today, newest first
    pub done: Vec<JobItem>,
}

/// All links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkReport {
    /// states
    pub links: Links,
    /// when the line was last probed
    pub probed_at: Option<Timestamp>,
    /// requests lying unpicked at the terminal: how many, and the age of the oldest in milliseconds
    pub unpicked: (u32, u64),
    /// the clock of the box cannot be right at this moment: it shows a time before the program was written
    pub clock_impossible: bool,
}

/// One line of the outage journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// which link
    pub link: Link,
    /// what it became
    pub status: LinkStatus,
    /// the cause, when found
    pub cause: Option<Cause>,
    /// from when
    pub from: Timestamp,
    /// until when; `None` = still so
    pub until: Option<Timestamp>,
    /// for the technician; never personal data
    pub detail: Option<String>,
}

/// Why an answer lies on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShelfReason {
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

/// An answer nobody waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerOnShelf {
    /// its id
    pub answer: String,
    /// when it came
    pub at: Timestamp,
    /// why it lies here
    pub reason: ShelfReason,
    /// file name at the terminal
    pub file_name: String,
    /// whom it speaks of, as far as it could be read
    pub person: PersonFace,
    /// the insurance, as far as it could be read
    pub coverage: Option<Coverage>,
    /// in words
    pub message: Text,
    /// open visits it may belong to
    pub candidates: Vec<VisitId>,
}
