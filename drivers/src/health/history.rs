//! What a device went through, as far back as it is kept.

use std::collections::VecDeque;

use super::state::HealthState;
use crate::reader::Moment;

/// From this moment the device was in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Since when.
    pub at: Moment,
    /// In which state.
    pub state: HealthState,
}

/// The last changes of one device, oldest first. Never more than [`History::KEPT`], so that a flapping device cannot
/// fill the memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    changes: VecDeque<Change>,
    forgotten: u64,
}

impl History {
    /// The most changes kept. A quiet reader makes some two hundred a day.
    pub const KEPT: usize = 512;

    /// The changes kept, oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> + ExactSizeIterator {
        self.changes.iter()
    }

    /// How many older ones were let go.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    pub(super) fn add(&mut self, change: Change) {
        if self.changes.len() == Self::KEPT {
            self.changes.pop_front();
            self.forgotten += 1;
        }
        self.changes.push_back(change);
    }
}
