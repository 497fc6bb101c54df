//! Health: one visible state machine for every thing that is watched, and the order in which it is healed.
//!
//! ```text
//!  Unheard ─┐  attached   ┌──────────┐ answering  ┌───────┐ card in  ┌─────────────┐
//!  Absent ──┴───────────▶ │ Starting │ ─────────▶ │ Ready │ ───────▶ │ CardPresent │
//!    ▲                    └──────────┘            └───────┘ ◀─────── └─────────────┘
//!    │ detached             │ takes too long        ▲  │     card out         │
//!    │                      ▼                       │  │ faulted              │ faulted
//!    │            ┌─────────────┐   answering,      │  ▼                      │
//!    ├─────────── │   Faulted   │   good read ──────┤ ◀───────────────────────┘
//!    │            └─────────────┘                   │
//!    │   healing began │   ▲ healing ended          │
//!    │                 ▼   │ without help           │
//!    │            ┌─────────────┐                   │
//!    └ ─ (stays)  │ Recovering  │ ──────────────────┘  a device that is being re-powered may vanish and come back
//!                 └─────────────┘
//! ```
//!
//! Everything here is passive: time is an argument, nothing is awaited, and what should happen is returned as a value
//! ([`Notice`], [`Effect`]). A face reader, which reaches us only by the files it causes, is watched by the same machine as
//! a card reader on a cable; it just says less.
//!
//! * [`Health`]: one device, its state with since-when, its history, its failures by hour.
//! * [`Supervisor`]: all devices of a box, and who is healed when ([`healing`]).
//! * [`GuideBook`]: causes and restart steps in words, per maker, from a file that is replaced without a new program.

pub mod device;
pub mod guide;
pub mod healing;
mod history;
mod hours;
mod leap;
mod machine;
mod notice;
mod sign;
mod state;
mod supervisor;
mod trouble;
mod words;

pub use device::{DeviceKind, DeviceName, HealthSettings};
pub use guide::{Advice, GuideBook, GuideRefused, ModelCode, PatientLine};
pub use history::{Change, History};
pub use hours::{HourOfDay, HourTable};
pub use machine::Health;
pub use notice::Notice;
pub use sign::{ReadFailure, Sign};
pub use state::HealthState;
pub use supervisor::{Effect, Leave, Refusal, Supervisor};
pub use trouble::DeviceFault;
pub use words::Words;

#[cfg(test)]
mod tests;
