//! Hardware, in the hardware's own words.
//!
//! A driver says what a device did: it was attached, a card went in, it stopped answering. It never says what that
//! means for a patient: this crate knows no type of the domain, and the appliance's intake is the one place where the
//! words are translated. Hardware changes with its makers, the rules of reception with the law.
//!
//! * [`reader`]: what every reader says ([`ReaderEvent`]), the state those events add up to ([`ReaderState`]), and the
//!   port through which the rest of the program listens ([`ReaderPort`]). An adapter owns a [`ReaderChannel`] and
//!   announces into it from whatever thread its hardware blocks.
//! * [`simulated`]: a reader without hardware ([`SimReader`]), with its troubles as knobs that can be turned while it
//!   runs. It is ordinary code chosen at start, never a build of its own.
//!
//! ```text
//!   adapter thread ──announce──▶ ReaderChannel ──▶ events in order (broadcast) ──▶ intake
//!                                     │
//!                                     └─ fold ──▶ ReaderStatus, the newest one (watch) ──▶ lamps
//! ```
//!
//! Time is the caller's: every channel is given a [`Clock`] and only stores what it says. Nothing here reads a clock,
//! sleeps, or draws random numbers.
//!
//! Deliberately absent: anything read *from* a card. An event says that a card is there and which insertion it was;
//! names, numbers, certificates and images do not pass through this crate's events, texts or `Debug` output.

pub mod card;
pub mod emulated;
pub mod pcsc;
pub mod reader;
pub mod simulated;

pub use reader::{
    Bilingual, CardLabel, CardPresence, Clock, ConcernedPart, FaultText, Heard, InsertionNumber, LabelRefused, Moment,
    NameRefused, Observation, ReaderChannel, ReaderEvent, ReaderFault, ReaderName, ReaderPort, ReaderState,
    ReaderStatus, Subscription,
};
pub use simulated::{KnobRefused, SimReader, SimReaderHandle};
