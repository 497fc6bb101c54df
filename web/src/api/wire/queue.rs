//! The queue of jobs for the outside, on the wire.

use super::Text;
use super::code::{LinkCode, QuestionPurposeCode};
use super::text::{Reason, required};
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{BundleState, JobItem, JobState, QueueView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a job is withdrawn.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawForm {
    /// why nobody needs the answer any more
    pub reason: Reason,
}

impl Form for WithdrawForm {
    type Meaning = String;

    fn meaning(self, at: &Place<'_>) -> Option<String> {
        required(self.reason, at.field("reason"))
    }
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schema(as = JobState)]
pub enum JobStateShown {
    /// waits for a link
    WaitingForLink {
        /// which link
        link: LinkCode,
    },
    /// waits for its turn or its next try
    WaitingUntil {
        /// the next try
        at: Instant,
    },
    /// handed to the terminal, no answer yet
    Asked {
        /// since when
        since: Instant,
        /// with others in one bulk request
        #[serde(skip_serializing_if = "Option::is_none")]
        bundle: Option<Bundle>,
    },
    /// needs a person
    NeedsPerson {
        /// why, and what to do
        why: Text,
    },
    /// waits for another box or for the patient
    WaitingForOthers {
        /// for whom or what
        why: Text,
    },
    /// done
    Done {
        /// when
        at: Instant,
        /// how it ended
        how: Text,
    },
}

/// How far a bulk request has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bundle {
    /// questions in it
    pub questions: u32,
    /// the service confirmed that it has it
    pub received: bool,
    /// when its answers are looked for next
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetch_at: Option<Instant>,
}

impl From<BundleState> for Bundle {
    fn from(state: BundleState) -> Bundle {
        Bundle { questions: state.questions, received: state.received, fetch_at: state.fetch_at.map(Instant::of) }
    }
}

impl From<&JobState> for JobStateShown {
    fn from(state: &JobState) -> JobStateShown {
        match state {
            JobState::WaitingForLink(link) => JobStateShown::WaitingForLink { link: LinkCode(*link) },
            JobState::WaitingUntil(at) => JobStateShown::WaitingUntil { at: Instant::of(*at) },
            JobState::Asked { since, bundle } => {
                JobStateShown::Asked { since: Instant::of(*since), bundle: bundle.map(Bundle::from) }
            }
            JobState::NeedsPerson(why) => JobStateShown::NeedsPerson { why: why.into() },
            JobState::WaitingForOthers(why) => JobStateShown::WaitingForOthers { why: why.into() },
            JobState::Done { at, how } => JobStateShown::Done { at: Instant::of(*at), how: how.into() },
        }
    }
}

/// One job for the outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// which
    pub job: String,
    /// what for
    pub purpose: QuestionPurposeCode,
    /// of which visit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// whose
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// in words
    pub title: Text,
    /// when it was written down
    pub created_at: Instant,
    /// how often it was handed over
    pub attempts: u32,
    /// where it stands
    pub state: JobStateShown,
    /// the last thing that went wrong
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_problem: Option<Text>,
    /// whether "send now" makes sense
    pub can_send_now: bool,
    /// whether "ask again" makes sense
    pub can_ask_again: bool,
}

impl From<&JobItem> for Job {
    fn from(item: &JobItem) -> Job {
        Job {
            job: item.job.to_string(),
            purpose: QuestionPurposeCode(item.purpose),
            visit: item.visit.as_ref().map(ToString::to_string),
            name: item.name.clone(),
            title: (&item.title).into(),
            created_at: Instant::of(item.created_at),
            attempts: item.attempts,
            state: (&item.state).into(),
            last_problem: item.last_problem.as_ref().map(Text::from),
            can_send_now: item.can_send_now(),
            can_ask_again: item.can_ask_again(),
        }
    }
}

/// The queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// open jobs, in the order they go out
    pub open: Vec<Job>,
    /// jobs that ended today, newest first
    pub done: Vec<Job>,
}

impl From<&QueueView> for Queue {
    fn from(queue: &QueueView) -> Queue {
        Queue { open: queue.open.iter().map(Job::from).collect(), done: queue.done.iter().map(Job::from).collect() }
    }
}
