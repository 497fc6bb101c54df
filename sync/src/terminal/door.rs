//! The port: a door to the terminal, whatever it is made of.
//!
//! The contract every door keeps, proven by one suite for all of them:
//!
//! * **Publishing** is atomic and idempotent by name. A request that already lies there, was published before by this
//!   process, or already has an answer is a success and is not written again. Other content under the same name is
//!   refused; nothing is ever overwritten.
//! * **Scanning** delivers every result of ours and every face result at least once: once per process, and again after a
//!   restart. The desk recognises what it has seen by name and [`Fingerprint`]. The same name with other content is
//!   delivered with a conflict flag. What cannot be read is delivered as unreadable, once.
//! * **Waiting requests**, ours and others', are reported with their age: a request nobody picks up is the clearest sign
//!   that the terminal is down.
//! * A scan that is dropped half-way loses nothing.
//!
//! * **Never twice**: the caller stages a request, records its intent to hand it over, and only then publishes it. After a
//!   crash in between, a request that is still staged was certainly never seen by the terminal and may be published; one of
//!   which nothing is left may have been taken, and is waited for.

use super::file_name::{FaceName, FileName};
use super::message::Received;
use super::outgoing::OutgoingRequest;
use super::rejection::{RawBytes, Rejection};
use super::unreadable::Unreadable;
use domain::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;
use std::future::Future;
use std::pin::Pin;

mod failure;
mod stopwatch;

pub use failure::{DoorFailure, Trouble};
pub use stopwatch::Stopwatch;

/// The future of a door's method, so that doors can be kept as `Box<dyn TerminalDoor>`.
pub type DoorFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A way to the terminal.
pub trait TerminalDoor: Send + Sync {
    /// Name of the door for people and logs, a setting.
    fn name(&self) -> &str;

    /// Puts a request ready where the terminal does not look, durably. Staged requests of an earlier process last until the first
    /// scan.
    fn stage<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<(), DoorFailure>>;

    /// Whether publishing this staged request now cannot ask twice, whatever happened since it was staged.
    fn certainly_unseen<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<bool, DoorFailure>>;

    /// Hands a request over.
    fn publish<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<Published, DoorFailure>>;

    /// Looks what has arrived and what still waits.
    fn scan(&self) -> DoorFuture<'_, Result<Scan, DoorFailure>>;

    /// Completes when something may have arrived, at the latest after the poll interval. Call [`TerminalDoor::scan`] then.
    fn changed(&self) -> DoorFuture<'_, ()>;

    /// Says that an arrival is durably kept. A door set to tidy up removes its own results then; never anything else.
    fn acknowledge<'a>(&'a self, name: &'a str, sha256: Fingerprint) -> DoorFuture<'a, Result<(), DoorFailure>>;

    /// Forgets what was delivered: the next scan delivers everything that lies there again, as after a restart.
    fn forget_deliveries(&self);
}

/// A request is where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Handed over now.
    New,
    /// The same request lies there, or this process handed it over before.
    AlreadyThere,
    /// It already has an answer.
    AlreadyAnswered,
}

/// What one look at the door shows.
#[derive(Debug, Default)]
pub struct Scan {
    /// New since the last look.
    pub arrivals: Vec<Arrival>,
    /// Requests nobody has picked up, ours and others'.
    pub waiting: Vec<Waiting>,
    /// Results that are not ours, lying there now.
    pub foreign_results: usize,
    /// Files that are not yet stable or complete; they come with a later scan.
    pub not_yet: usize,
    /// A part of the door that could not be looked at while the rest could, for instance the face folder alone.
    pub partial: Option<DoorFailure>,
}

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Name as it lies there. Together with `sha256` its identity.
    pub name: String,
    /// Hash of its bytes (of the `.err` file of a rejection, if there is one).
    pub sha256: Fingerprint,
    /// What it is.
    pub content: Content,
    /// The bytes as received, at most [`super::xml::MAX_BYTES`] plus one.
    pub raw: RawBytes,
    /// The same name was delivered before with other content. Nothing may be concluded from it without a person.
    pub conflict: bool,
}

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A result of one of our requests.
    Answer {
        /// Its name.
        file: FileName,
        /// What it says.
        received: Box<Received>,
    },
    /// A completed card reading, unsolicited.
    Face {
        /// Its name.
        file: FaceName,
        /// What it says.
        received: Box<Received>,
    },
    /// A rejected request.
    Rejection {
        /// Name of the request.
        file: FileName,
        /// What came back.
        rejection: Rejection,
    },
    /// A file that cannot be read and has not changed for a while.
    Unreadable {
        /// Its name, when it is a request or result name.
        file: Option<FileName>,
        /// Why not.
        unreadable: Unreadable,
    },
}

/// A request lying there unpicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// Whether this box published it.
    pub ours: bool,
    /// For how long it has been seen lying there, in milliseconds. A folder counts from when this process first saw it,
    /// because the clock of a file server need not be right.
    pub age_ms: u64,
    /// When it was written, by the clock of whoever keeps the folder. For display only.
    pub written_at: Option<Timestamp>,
}

/// SHA-256 of a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
