//! Updates of the program, on the wire.

use super::time::Instant;
use super::{Empty, Text};
use crate::api::body::{Form, Place};
use crate::port::{PastUpdate, UpdateWish, UpdatesView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody wants of updates: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WishForm {
    /// look for one now
    Check(Empty),
    /// install what is ready without waiting for the window
    Install(Empty),
    /// not for so many days
    Postpone(PostponeForm),
    /// in the next window
    AsPlanned(Empty),
}

/// For how long an update is put off.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostponeForm {
    /// days from now
    #[schema(minimum = 1, maximum = 60)]
    pub days: u16,
}

impl Form for WishForm {
    type Meaning = UpdateWish;

    fn meaning(self, _at: &Place<'_>) -> Option<UpdateWish> {
        Some(match self {
            WishForm::Check(Empty {}) => UpdateWish::Check,
            WishForm::Install(Empty {}) => UpdateWish::Install,
            WishForm::Postpone(form) => UpdateWish::Postpone(form.days),
            WishForm::AsPlanned(Empty {}) => UpdateWish::AsPlanned,
        })
    }
}

/// How updates stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdatesShown {
    /// the box looks after updates by itself; else everything else is absent
    pub available: bool,
    /// how they stand
    pub updates: Option<UpdatesState>,
}

/// How updates stand on a box that looks after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdatesState {
    /// the version that runs
    pub running: String,
    /// the half of the disk it was started from
    pub slot: Option<String>,
    /// it has proven itself; absent when the installer does not answer
    pub proven: Option<bool>,
    /// `idle`, `fetching`, `ready`, `installing`, `restarting` or `proving`
    pub stage: String,
    /// since when
    pub since: Option<Instant>,
    /// the version that is to come
    pub offered: Option<String>,
    /// the stage in words
    pub state: Text,
    /// why it waits
    pub reason: Option<Text>,
    /// what happens next
    pub next: Text,
    /// bytes that are here
    pub bytes_here: Option<u64>,
    /// of how many
    pub bytes: Option<u64>,
    /// when updates are installed
    pub window: Text,
    /// when that is next
    pub next_window: Instant,
    /// by the decision of staff not before
    pub postponed_until: Option<Instant>,
    /// until when it can be put off at most
    pub postponable_until: Option<Instant>,
    /// somebody wants it as soon as the guards allow
    pub asked: bool,
    /// how updates ended, newest first
    pub history: Vec<PastUpdateShown>,
}

/// How one update ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastUpdateShown {
    /// when
    pub at: Instant,
    /// the version that was to come
    pub version: String,
    /// `proven`, `returned`, `refused` or `failed`
    pub outcome: String,
    /// why; empty when all went well
    pub why: Text,
}

impl UpdatesShown {
    /// What is told of it.
    pub fn of(view: Option<UpdatesView>) -> UpdatesShown {
        UpdatesShown { available: view.is_some(), updates: view.map(UpdatesState::of) }
    }
}

impl UpdatesState {
    fn of(view: UpdatesView) -> UpdatesState {
        UpdatesState {
            running: view.running,
            slot: view.slot,
            proven: view.is_proven,
            stage: view.stage.code().to_owned(),
            since: view.since.map(Instant::of),
            offered: view.offered,
            state: Text::from(&view.state),
            reason: view.reason.as_ref().map(Text::from),
            next: Text::from(&view.next),
            bytes_here: view.fetched.map(|(here, _)| here),
            bytes: view.fetched.map(|(_, all)| all),
            window: Text::from(&view.window),
            next_window: Instant::of(view.next_window),
            postponed_until: view.postponed_until.map(Instant::of),
            postponable_until: view.postponable_until.map(Instant::of),
            asked: view.is_asked,
            history: view.history.iter().map(PastUpdateShown::of).collect(),
        }
    }
}

impl PastUpdateShown {
    fn of(past: &PastUpdate) -> PastUpdateShown {
        PastUpdateShown {
            at: Instant::of(past.at),
            version: past.version.clone(),
            outcome: past.outcome.to_owned(),
            why: Text::from(&past.why),
        }
    }
}
