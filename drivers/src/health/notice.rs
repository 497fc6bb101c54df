//! What a watched device makes known.

use super::sign::ReadFailure;
use super::state::HealthState;
use crate::reader::Moment;

/// Something others should know about a device. Nothing about a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Its state changed.
    Changed {
        /// Before.
        from: HealthState,
        /// Now.
        to: HealthState,
    },
    /// A card lies there and nobody takes it: call the patient back (`field-troubles` REQ-13).
    CardLeftBehind {
        /// Since when it lies there.
        since: Moment,
    },
    /// The card that was left behind was taken.
    LeftCardTaken,
    /// A reading failed.
    ReadFailed {
        /// Why.
        why: ReadFailure,
    },
    /// An expected reading did not come in time.
    ReadMissed,
}

impl Notice {
    /// A reading that failed or never came, or a fault that began. The faults that a row of failed readings adds up to were told one
    /// by one, and a step that did not help is no new trouble.
    pub fn is_new_trouble(&self) -> bool {
        match self {
            Self::ReadFailed { .. } | Self::ReadMissed => true,
            Self::Changed { from, to: HealthState::Faulted { fault } } => {
                from.fault().is_none() && !fault.needs_a_good_read()
            }
            _ => false,
        }
    }
}
