//! What a reader can report.

use super::fault::ReaderFault;
use super::name::{CardLabel, ReaderName};
use super::time::Moment;

/// The how-many-th insertion this was for its reader since the driver started, from 1.
///
/// De-bouncing and card sessions go by this number, never by what the card looks like: two cards of the same kind
/// answer alike (`pcsc-and-serial §2.2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InsertionNumber(pub u64);

/// A card is in the reader. Nothing about its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPresence {
    /// Which insertion this is.
    pub insertion: InsertionNumber,
    /// The name of a practice card; `None` for every real card.
    pub label: Option<CardLabel>,
}

/// Something that happened at a reader, in the past tense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderEvent {
    /// The reader is there and answers.
    Attached,
    /// A card went in and answered.
    CardInserted(CardPresence),
    /// The card came out.
    CardRemoved,
    /// The reader, its card or its service does not do what it should.
    Faulted {
        /// What is wrong.
        fault: ReaderFault,
    },
    /// The fault is over and the reader answers. A card still inside is reported again as a new insertion, because no
    /// state of a card survives a fault.
    Recovered,
    /// The reader is gone: unplugged, or without power.
    Detached,
}

/// One event with its place in the reader's own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The reader it happened at.
    pub reader: ReaderName,
    /// 1 for the reader's first event since the driver started, then one more each time; a gap means that the
    /// listener missed something.
    pub sequence: u64,
    /// When it was noticed, by the clock the driver was given.
    pub at: Moment,
    /// What happened.
    pub event: ReaderEvent,
}
