//! Healing from the gentlest: reopen → reset → re-power (USB port, then relay) → restart the service → reboot the box.
//!
//! * [`HealingStep`]: what can be done, and what it disturbs.
//! * [`HealingRules`]: which steps a device has, how often, and with which pauses. Hard limits of the hardware cannot be
//!   set away (`prescription-code-and-relays §2.4`).
//! * [`Healer`]: one device's way through its steps. It decides; somebody else acts.
//! * [`HealingRecord`]: what helped how often.
//! * [`HealingMemory`]: what a reboot must not wipe out.

mod healer;
mod memory;
mod record;
mod rules;
mod step;

pub use healer::{Ended, Healer, Hold, Leaning};
pub use memory::HealingMemory;
pub use record::{HealingRecord, StepTally};
pub use rules::{HealingRules, StepRule};
pub use step::HealingStep;
