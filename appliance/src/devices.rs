//! The devices of this box: what `drivers` sees and does, run beside the desk.
//!
//! ```text
//!   ears (one task each): PC/SC, scanners, relays ──sign──▶ ┌────────┐ ──step──▶ hands (blocking threads)
//!   the courier: card readings ─────────────────────sign──▶ │ runner │ ──notes─▶ the desk's inbox, before it acts
//!   the lookout: the terminal ──────────────────────sign──▶ └────────┘ ──lamp──▶ the lookout
//!   people: "restart now" ─────────────────────────asking──▶    │
//!                                                        station (what is known), seen by pages and API
//! ```
//!
//! * [`DeviceSettings`]: what the site has; nothing set, nothing watched.
//! * [`Hardware`]: the ways out of the program (reboot, service, readers given by the caller), replaced in tests and practice.
//! * [`BoxDevices`]: the [`Devices`](web::port::Devices) port; [`BoxDevices::start`] is the way in.
//!
//! The station and the schedule decide; the runner stores what must survive and only then lets hands act.

mod asked;
mod at_the_desk;
mod cards;
mod ears;
mod expected;
mod faces;
mod guides;
mod hands;
mod hardware;
mod message;
mod runner;
mod scans;
mod service;
mod settings;
mod start;
mod station;
mod timetable;
mod view;
mod words;

pub use asked::BoxDevices;
pub(crate) use at_the_desk::doing_at_the_desk;
pub use cards::CardDoor;
pub(crate) use words::card_failure;

pub use faces::FaceEar;
pub(crate) use guides::built_in_guides;
pub use hands::{Hands, NotDone};
pub use hardware::{GivenReader, Hardware};
pub use service::{ServicePort, Systemctl};
pub use settings::{
    DeviceSettings, FaceSettings, ReaderPlace, ReaderSettings, RebootWay, RelayPlace, ScannerPlace, UsbPlace,
};
