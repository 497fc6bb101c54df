//! Card readers through the system's reader service (`pcscd`).
//!
//! ```text
//!   pcscd ◀─ context of its own ─ PcscWatch ──announce──▶ one ReaderChannel per reader, the roster, the service's state
//!   pcscd ◀─ context per card ─── PcscCards ──connect───▶ PcscCard: bytes to one card (CardWire), with a deadline
//!                                              └──read, work─▶ the same, whole, on the card's own thread
//! ```
//!
//! Every call of the service may block and every one may fail because the service itself was stopped, so watching and
//! card work never share a context (`pcsc-and-serial §2.2`), and what a call returned is sorted at once by what is to
//! be done next. This folder is the only place that knows the `pcsc` crate. Waiting and giving up are measured by the
//! operating system's monotonic clock; what is *told* carries the time of the [`Clock`](crate::reader::Clock) given.

mod card;
mod cards;
mod holds;
mod next_step;
mod patience;
mod roster;
mod service;
mod slot;
mod stop;
mod watch;

pub use card::{AfterUse, PcscCard, WorkBroken};
pub use cards::{PcscCards, ReadingOrder, Share};
pub use holds::OwnHolds;
pub use patience::Patience;
pub use roster::PcscReader;
pub use service::PcscService;
pub use watch::PcscWatch;
