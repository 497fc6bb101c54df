//! An emulated My Number card, to practise on and to test against.
//!
//! It speaks the wire protocol of the virtual reader driver (`vpcd`), so a real reader service sees a real card: foreign
//! tools accept it, and everything above the service runs as it does at a counter. It is written from the card's public
//! behaviour (`my-number-card`) and shares no code with this crate's card reading: a misunderstanding on one side
//! shows on the other.
//!
//! ```text
//!   order (profile, seed, day) ─▶ issue ─▶ Chip ◀─ APDUs ─ frames ◀─ TCP ─ vpcd ─ pcscd ─ any program
//!                                           │        ▲
//!                                           ▼        └ CardKnobs: pull, insert, swap, silence, delay
//!                                        TouchLog: who asked for what nobody may ask for
//! ```
//!
//! The certificates come from a test hierarchy (`O=JPKI-TEST`) whose keys are public: they prove nothing. The place of
//! the individual number is taken by a text that cannot be one, and every touch of it is counted.

mod certificates;
mod chip;
mod frames;
mod holder;
mod issue;
mod knobs;
mod memory;
mod order;
mod printed;
mod profile;
mod socket;
mod tlv;
mod touches;

pub use chip::Chip;
pub use holder::{Holder, Sex};
pub use issue::{IssueFailed, PRACTICE_PASSWORD, PRACTICE_PIN};
pub use knobs::{CardKnobs, Place};
pub use order::CardOrder;
pub use printed::Printed;
pub use profile::{Profile, ProfileRefused};
pub use socket::EmulatedCard;
pub use touches::{SensitiveObject, TouchLog};
