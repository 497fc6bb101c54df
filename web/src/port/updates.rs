//! Updates of the program, as pages and API show them.

use super::{Account, Pending};
use domain::Timestamp;
use domain::text::Text;

/// What an update is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStage {
    /// there is none
    Idle,
    /// it is being fetched
    Fetching,
    /// it is here and waits
    Ready,
    /// it is being written to the other half of the disk
    Installing,
    /// it is written; the box is to be started anew
    Restarting,
    /// the new version runs and is being judged
    Proving,
}

impl UpdateStage {
    /// A short name that never changes.
    pub const fn code(self) -> &'static str {
        match self {
            UpdateStage::Idle => "idle",
            UpdateStage::Fetching => "fetching",
            UpdateStage::Ready => "ready",
            UpdateStage::Installing => "installing",
            UpdateStage::Restarting => "restarting",
            UpdateStage::Proving => "proving",
        }
    }
}

/// How updates stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatesView {
    /// the version that runs
    pub running: String,
    /// the half of the disk it was started from
    pub slot: Option<String>,
    /// it has proven itself; `None` when the installer does not answer
    pub is_proven: Option<bool>,
    /// what an update is at
    pub stage: UpdateStage,
    /// since when
    pub since: Option<Timestamp>,
    /// the version that is to come
    pub offered: Option<String>,
    /// the same in words
    pub state: Text,
    /// why it waits
    pub reason: Option<Text>,
    /// what happens next
    pub next: Text,
    /// bytes that are here, of how many
    pub fetched: Option<(u64, u64)>,
    /// when updates are installed
    pub window: Text,
    /// when that is next
    pub next_window: Timestamp,
    /// by the decision of staff not before
    pub postponed_until: Option<Timestamp>,
    /// until when it can be put off at most
    pub postponable_until: Option<Timestamp>,
    /// somebody wants it as soon as the guards allow
    pub is_asked: bool,
    /// how updates ended, newest first
    pub history: Vec<PastUpdate>,
}

/// How one update ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastUpdate {
    /// when
    pub at: Timestamp,
    /// the version that was to come
    pub version: String,
    /// `proven`, `returned`, `refused` or `failed`
    pub outcome: &'static str,
    /// why; empty when all went well
    pub why: Text,
}

/// What somebody wants of updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateWish {
    /// look for one now
    Check,
    /// install what is ready without waiting for the window; the guards still hold
    Install,
    /// not for so many days
    Postpone(u16),
    /// in the next window, as planned
    AsPlanned,
}

/// Updates of this box.
pub trait Updates: Send + Sync {
    /// How they stand.
    fn view(&self) -> UpdatesView;

    /// Does what is wanted, or says why not.
    fn wish(&self, by: &Account, wish: UpdateWish) -> Pending<'_, Result<(), Text>>;
}
