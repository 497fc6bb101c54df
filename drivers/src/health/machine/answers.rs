//! What people and programs ask about a device.

use super::{CardPlace, Health};
use crate::health::device::DeviceKind;
use crate::health::history::History;
use crate::health::hours::HourTable;
use crate::health::state::HealthState;
use crate::reader::Moment;

impl Health {
    /// What kind of device it is.
    pub fn kind(&self) -> DeviceKind {
        self.kind
    }

    /// Where it stands.
    pub fn state(&self) -> HealthState {
        self.state
    }

    /// Since when.
    pub fn since(&self) -> Moment {
        self.since
    }

    /// Since when it has not been well, through all faults and healing since then; `None` while it is well, or while
    /// nothing was ever wrong.
    pub fn trouble_since(&self) -> Option<Moment> {
        self.trouble_since
    }

    /// What it went through.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The last reading that worked.
    pub fn last_good_read(&self) -> Option<Moment> {
        self.last_good_read
    }

    /// By when the next reading is expected, if one is.
    pub fn expected_by(&self) -> Option<Moment> {
        self.expected_by
    }

    /// The name of the last fault or failure, under which the guide knows causes and steps; kept after recovery.
    pub fn last_failure(&self) -> Option<&'static str> {
        self.last_failure
    }

    /// Readings by hour of the day.
    pub fn hours(&self) -> &HourTable {
        &self.hours
    }

    /// How long the last start took, in milliseconds (`field-troubles` REQ-16).
    pub fn last_start_ms(&self) -> Option<u64> {
        self.last_start_ms
    }

    /// When the last healing step or restart of this device began (`field-troubles` REQ-16).
    pub fn last_restart(&self) -> Option<Moment> {
        self.last_restart
    }

    /// Since when a card has been lying there, if one is known to.
    pub fn card_since(&self) -> Option<Moment> {
        match self.card {
            CardPlace::In { since, .. } => Some(since),
            CardPlace::Out | CardPlace::Unknown { .. } => None,
        }
    }

    /// A card was left behind and is still there.
    pub fn card_left_behind(&self) -> bool {
        matches!(self.card, CardPlace::In { told: true, .. })
    }

    /// The last sign of a card in a device that has since stopped telling whether it is still there.
    pub fn card_unknown_since(&self) -> Option<Moment> {
        match self.card {
            CardPlace::Unknown { since } => Some(since),
            CardPlace::Out | CardPlace::In { .. } => None,
        }
    }

    /// A reading runs: whatever happens, the device is not disturbed.
    pub fn is_reading(&self) -> bool {
        self.reading_since.is_some()
    }
}
