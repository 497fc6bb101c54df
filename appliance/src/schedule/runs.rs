//! What the schedule must remember over restarts of the program and of the box.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The memory of the schedule. Stored whole, before anything is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Runs {
    pub(super) lines: BTreeMap<String, LineRun>,
    reboots_ms: Vec<i64>,
    prepared_for_ms: Option<i64>,
}

/// What is remembered of one line. Times in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineRun {
    /// Everything due up to then is settled: done, done by a start of the box, or given up.
    pub settled_ms: i64,
    /// The time that is due and waits, and since when it has been tried.
    pub waiting: Option<Waiting>,
}

/// A time of a line that found an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiting {
    /// When it was due.
    pub slot_ms: i64,
    /// Since when it could have run but for the objection.
    pub since_ms: i64,
}

/// More than are ever counted.
const REBOOTS_KEPT: usize = 16;

impl Runs {
    /// Reboots that this program caused, as far as they matter.
    pub fn reboots(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.reboots_ms.iter().map(|ms| Timestamp::from_ms(*ms))
    }

    /// A reboot is about to be asked for, by the schedule or as a healing step. To be stored before it is.
    pub fn note_reboot(&mut self, now: Timestamp) {
        self.reboots_ms.push(now.as_ms());
        let surplus = self.reboots_ms.len().saturating_sub(REBOOTS_KEPT);
        self.reboots_ms.drain(..surplus);
    }

    /// The opening that was last prepared for.
    pub fn prepared_for(&self) -> Option<Timestamp> {
        self.prepared_for_ms.map(Timestamp::from_ms)
    }

    /// Healing for this opening has begun.
    pub fn note_prepared(&mut self, opening: Timestamp) {
        self.prepared_for_ms = Some(opening.as_ms());
    }
}
