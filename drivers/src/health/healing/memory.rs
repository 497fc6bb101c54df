//! What is remembered of a device's healing over a reboot of the box.

use super::record::HealingRecord;
use crate::health::hours::HourTable;

/// What one device's watch hands on to the next start of the program. Store it with every step that is carried out, and before a
/// reboot in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealingMemory {
    /// What helped how often.
    pub record: HealingRecord,
    /// Readings by hour of the day.
    pub hours: HourTable,
    /// Reboots tried in the incident that was not over when this was stored. A device that a reboot did not revive is no reason for
    /// another one until it has been well: one defect must not use up the reboots that would help others.
    pub reboots: u8,
    /// The last of them was under way, and whether it helped is yet to be seen.
    pub reboot_unjudged: bool,
}
