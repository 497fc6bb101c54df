//! A card reader as the rest of the program sees it, whatever it is made of.
//!
//! ```text
//!             attached                 card_inserted
//!   ┌────────┐ ──────▶ ┌───────┐ ─────────────────────▶ ┌──────────────┐ ──┐ card_swapped
//!   │ Absent │         │ Ready │                        │ CardPresent  │ ◀─┘
//!   └────────┘ ◀────── └───────┘ ◀───────────────────── └──────────────┘
//!      ▲  │   detached  ▲     │        card_removed          │     ▲
//!      │  │             │     │                              │     │
//!      │  │   recovered,│     │ faulted              faulted │     │ faulty_card_swapped
//!      │  │ faulty_card_│     ▼                              ▼     │ (fault of the card only)
//!      │  │     removed┌─────────────────────────────────────────────┐
//!      │  └─────────▶  │                   Faulted                   │ ──┐ fault_changed
//!      │    faulted    └─────────────────────────────────────────────┘ ◀─┘
//!      │                  │
//!      └──────────────────┘ detached   (also from CardPresent)
//! ```

mod channel;
mod event;
mod fault;
mod name;
mod state;
mod time;

pub(crate) use channel::Adapter;
pub use channel::{Heard, ReaderChannel, ReaderPort, Subscription};
pub use event::{CardPresence, InsertionNumber, Observation, ReaderEvent};
pub use fault::{Bilingual, ConcernedPart, FaultText, ReaderFault};
pub use name::{CardLabel, LabelRefused, NameRefused, ReaderName};
pub use state::{ReaderState, ReaderStatus};
pub use time::{Clock, Moment};
