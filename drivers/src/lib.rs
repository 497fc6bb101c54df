//! Hardware, in the hardware's own words.
//!
//! A driver says what a device did: it was attached, a card went in, it stopped answering. It never says what that
//! means for a patient: this crate knows no type of the domain, and the appliance's intake is the one place where the
//! words are translated. Hardware changes with its makers, the rules of reception with the law.
//!
//! * [`reader`]: what every reader says ([`ReaderEvent`]), the state those events add up to ([`ReaderState`]), and the
//!   port through which the rest of the program listens ([`ReaderPort`]). An adapter owns a [`ReaderChannel`] and
//!   announces into it from whatever thread its hardware blocks.
//! * [`card`]: the My Number card, read through one gate that lets a fixed list of commands pass ([`read_card`]), over a
//!   port that whoever owns a reader implements ([`CardWire`]).
//! * [`scanner`]: 2D scanners on a [`serial`] line, and [`prescription`]: what their codes say, in the paper's own words.
//! * [`power`]: the port for cutting a reader's supply, with [`relay`] boards and [`usb_port`]s behind it.
//! * [`health`]: one visible state machine for everything that is watched, and the order in which it is healed.
//! * [`pcsc`]: real card readers through the system's reader service: a watch that announces into one channel per reader,
//!   and a door to the cards in them.
//! * [`emulated`]: a My Number card to practise on, for the virtual reader of the same service.
//! * [`simulated`]: a reader without hardware ([`SimReader`]), with its troubles as knobs that can be turned while it
//!   runs. It is ordinary code chosen at start, never a build of its own.
//!
//! ```text
//!   adapter thread ──announce──▶ ReaderChannel ──▶ events in order (broadcast) ──▶ intake
//!                                     │
//!                                     └─ fold ──▶ ReaderStatus, the newest one (watch) ──▶ lamps
//! ```
//!
//! Time is the caller's: every channel is given a [`Clock`] and only stores what it says. Nothing here reads the time of
//! day or draws random numbers of its own; adapters of real devices measure how long they wait by the monotonic clock.
//!
//! Deliberately absent from events: anything read *from* a card. An event says that a card is there and which insertion
//! it was; names, numbers, certificates and images do not pass through this crate's events, texts or `Debug` output.
//! What a card said is the result of a reading somebody asked for ([`CardReading`]), in types that print lengths only; so is
//! a scan of what is printed on a sheet.

pub mod card;
pub mod emulated;
pub mod health;
pub mod pcsc;
pub mod power;
pub mod prescription;
pub mod reader;
pub mod relay;
pub mod scanner;
pub mod serial;
pub mod simulated;
pub mod usb_port;

pub use card::{
    Attributes, AuthenticationCertificate, CardDate, CardFace, CardFailure, CardReading, CardText, CardWire,
    IssuerKind, ReadingRequest, RecognitionToken, SiteKey, SurfaceCode, TokenKind, WireError, read_card,
};
pub use reader::{
    Bilingual, CardLabel, CardPresence, Clock, ConcernedPart, FaultText, Heard, InsertionNumber, LabelRefused, Moment,
    NameRefused, Observation, ReaderChannel, ReaderEvent, ReaderFault, ReaderName, ReaderPort, ReaderState,
    ReaderStatus, Subscription,
};
pub use simulated::{KnobRefused, SimReader, SimReaderHandle};
