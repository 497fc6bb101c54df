//! The board of a day and the follow-ups, on the wire.

use super::Text;
use super::code::{CounterKindCode, EvidenceKindCode, FlowCode, FollowUpKindCode, VisitStatusCode};
use super::link::WhyShown;
use super::time::{Day, Instant};
use crate::port::{Board, BoardRow, FollowUpItem};
use domain::decision::FollowUp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The board of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Board)]
pub struct BoardShown {
    /// which day
    pub day: Day,
    /// the revision it shows
    pub revision: u64,
    /// newest first
    pub rows: Vec<BoardRowShown>,
    /// answers on the shelf that wait for somebody
    pub on_shelf: u32,
    /// open follow-ups that are due
    pub due_follow_ups: u32,
    /// jobs that need a person
    pub stuck_jobs: u32,
    /// records about which counters disagree, and patients who may have two
    #[serde(default)]
    pub to_look_at: u32,
}

/// One line of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BoardRow)]
pub struct BoardRowShown {
    /// which visit
    pub visit: String,
    /// running number of the day, from 1
    pub number: u32,
    /// when it was opened
    pub opened_at: Instant,
    /// which counter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// which patient
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// name to print
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// kana
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// birth date
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Day>,
    /// where it stands
    pub status: VisitStatusCode,
    /// evidence it was accepted on
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceKindCode>,
    /// why there was no better way
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<WhyShown>,
    /// share in tenths the desk goes by
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// how many follow-ups are open
    pub follow_ups: u32,
    /// a question of this visit is still out
    pub waiting: bool,
    /// matters of the visit or its patient about which counters disagree
    #[serde(default)]
    pub disagreements: u32,
    /// visits of the same day that may be this one entered twice
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubles: Vec<String>,
    /// where the patient is received
    pub flow: FlowCode,
    /// kind of the counter, where it is one of the site's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter_kind: Option<CounterKindCode>,
    /// number plate, room or the like
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// the first visit of the family it came with
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
}

impl From<&Board> for BoardShown {
    fn from(board: &Board) -> BoardShown {
        BoardShown {
            day: Day::of(board.day),
            revision: board.revision,
            rows: board.rows.iter().map(BoardRowShown::from).collect(),
            on_shelf: board.on_shelf,
            due_follow_ups: board.due_follow_ups,
            stuck_jobs: board.stuck_jobs,
            to_look_at: board.to_look_at,
        }
    }
}

impl From<&BoardRow> for BoardRowShown {
    fn from(row: &BoardRow) -> BoardRowShown {
        BoardRowShown {
            visit: row.visit.to_string(),
            number: row.number,
            opened_at: Instant::of(row.opened_at),
            counter: row.counter.clone(),
            patient: row.patient.as_ref().map(ToString::to_string),
            name: row.name.clone(),
            name_kana: row.name_kana.clone(),
            birth_date: row.birth_date.map(Day::of),
            status: VisitStatusCode(row.status),
            evidence: row.evidence.map(EvidenceKindCode),
            why: row.why.as_ref().map(WhyShown::from),
            ratio_tenths: row.ratio_tenths,
            follow_ups: row.follow_ups,
            waiting: row.waiting,
            disagreements: row.disagreements,
            doubles: row.doubles.iter().map(ToString::to_string).collect(),
            flow: FlowCode(row.flow),
            counter_kind: row.kind.map(CounterKindCode),
            place: row.place.clone(),
            family: row.family.as_ref().map(ToString::to_string),
        }
    }
}

/// Something to do, until when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FollowUp)]
pub struct FollowUpShown {
    /// what
    pub kind: FollowUpKindCode,
    /// next day it is due
    pub due: Day,
    /// the days planned, `due` first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<Day>,
    /// why
    pub reason: Text,
}

impl From<&FollowUp> for FollowUpShown {
    fn from(follow_up: &FollowUp) -> FollowUpShown {
        FollowUpShown {
            kind: FollowUpKindCode(follow_up.kind),
            due: Day::of(follow_up.due),
            plan: follow_up.plan.iter().copied().map(Day::of).collect(),
            reason: (&follow_up.reason).into(),
        }
    }
}

/// An open follow-up of some visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FollowUpItem)]
pub struct FollowUpItemShown {
    /// of which visit
    pub visit: String,
    /// day of the visit
    pub visit_date: Day,
    /// whose
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// what, until when, why
    pub follow_up: FollowUpShown,
    /// due today or earlier
    pub is_due: bool,
    /// who does it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<String>,
    /// not before this day
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Day>,
    /// why it waits
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_why: Option<String>,
    /// yen to be paid back or collected
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yen: Option<u32>,
    /// insurer number that the visit knows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_number: Option<String>,
    /// phone of that insurer, from the directory
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_phone: Option<String>,
}

impl From<&FollowUpItem> for FollowUpItemShown {
    fn from(item: &FollowUpItem) -> FollowUpItemShown {
        FollowUpItemShown {
            visit: item.visit.to_string(),
            visit_date: Day::of(item.visit_date),
            name: item.name.clone(),
            follow_up: (&item.follow_up).into(),
            is_due: item.is_due,
            assigned: item.assigned.clone(),
            snoozed_until: item.snoozed.as_ref().map(|(until, _)| Day::of(*until)),
            snoozed_why: item.snoozed.as_ref().map(|(_, why)| why.clone()),
            yen: item.yen,
            insurer_number: item.insurer.clone(),
            insurer_phone: item.phone.as_ref().map(|(_, phone)| phone.clone()),
        }
    }
}

/// Open follow-ups of all visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FollowUps {
    /// the most urgent first
    pub follow_ups: Vec<FollowUpItemShown>,
}
