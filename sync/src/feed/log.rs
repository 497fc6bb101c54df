//! What the feed asks of a store.

use super::term::{Cursor, Mark, Terms};
use crate::seal::{BoxId, HashPrefix, SealedRecord, Standing};

/// A record that wants to be kept.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// the record
    pub record: SealedRecord,
    /// what the gate knows of its signer
    pub standing: Standing,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Kept under this number.
    Stored(u64),
    /// Was here before.
    Known,
    /// Belongs to what was to be forgotten: not kept.
    Forgotten,
}

/// A kept record.
#[derive(Clone, Debug)]
pub struct Logged {
    /// its number
    pub sequence: u64,
    /// the record
    pub record: SealedRecord,
}

/// Some records in order.
#[derive(Clone, Debug)]
pub struct Page {
    /// the records
    pub records: Vec<Logged>,
    /// up to where this is everything: beyond the last record where rows were deleted
    pub reached: u64,
}

/// A snapshot that a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldSnapshot {
    /// the beginning of its hash
    pub name: HashPrefix,
    /// It was signed by a member box when it came, was opened, looked through, and found whole: the log's owner knows what is in it.
    pub is_good: bool,
}

/// Where a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// its terms
    pub terms: Terms,
    /// the last number ever given, 0 before the first
    pub end: u64,
}

impl Position {
    /// The end as a place.
    pub fn mark(&self) -> Option<Mark> {
        self.terms.mark_at(self.end)
    }
}

/// A fact about a peer: its log, up to `at`, has everything of ours up to `own`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// place in the peer's log; `None` when there was nothing it could keep
    pub at: Option<Mark>,
    /// number in our log
    pub own: u64,
}

/// How far a peer's log was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// what we have of the peer's log
    pub cursor: Cursor,
    /// our records after this number may still be offered by the peer, unless we say that we have them
    pub have_after: u64,
    /// becomes `have_after` at the next completed pull
    pub have_next: u64,
}

/// The store failed. What was not answered was not kept; nothing that was kept is lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log's store failed: {0}")]
pub struct LogFailure(pub String);

/// One log of sealed records with local numbers, append-only but for forgetting.
///
/// A log begins a fresh [`super::Term`] every time it is opened, before anything is read or written. Everything about peers is kept in the same
/// store as the records, so that a restored copy has both from the same moment.
pub trait FeedLog: Send + Sync {
    /// Whose log it is.
    fn owner(&self) -> BoxId;

    /// Terms and end.
    fn position(&self) -> Result<Position, LogFailure>;

    /// Keeps what is not here yet, in this order, and with it how far a peer's log has been read: one transaction, durable on
    /// return. A forget record whose standing is obeyed takes effect in the same transaction, and for all later arrivals.
    fn append(&self, arrivals: &[Arrival], pulled: Option<(BoxId, &Cursor)>) -> Result<Vec<Outcome>, LogFailure>;

    /// Records after a number, in order, until `most_bytes` are passed; at least one when there is one.
    fn read_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure>;

    /// Records after one number and up to another that a kept snapshot stands for, each with the snapshot's name. A log that opens
    /// nothing takes the signer's word; a box says only what it saw itself.
    fn stood_for(&self, after: u64, up_to: u64) -> Result<Vec<(u64, HashPrefix)>, LogFailure>;

    /// Snapshots after a number that stand for records of this log, in order, until `most_bytes` are passed; at least one when there is
    /// one.
    fn snapshots_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure>;

    /// The newest `most` snapshots held, whoever signed them.
    fn snapshots(&self, most: usize) -> Result<Vec<HeldSnapshot>, LogFailure>;

    /// The newest `most` hashes of records after a number.
    fn recent(&self, after: u64, most: usize) -> Result<Vec<HashPrefix>, LogFailure>;

    /// How far a peer's log was read.
    fn pulled(&self, peer: BoxId) -> Result<Pulled, LogFailure>;

    /// Notes what of ours a peer may still offer; the cursor stays.
    fn keep_have(&self, peer: BoxId, have_after: u64, have_next: u64) -> Result<(), LogFailure>;

    /// What is known of what a peer has, oldest first.
    fn acknowledged(&self, peer: BoxId) -> Result<Vec<Acknowledged>, LogFailure>;

    /// Replaces what is known of what a peer has.
    fn keep_acknowledged(&self, peer: BoxId, acknowledged: &[Acknowledged]) -> Result<(), LogFailure>;

    /// Records after a number whose signer was unknown when they arrived, at most `most`.
    fn unchecked(&self, after: u64, most: usize) -> Result<Vec<Logged>, LogFailure>;

    /// Says what such a record turned out to be: `None` removes it.
    fn settle(&self, sequence: u64, standing: Option<Standing>) -> Result<(), LogFailure>;
}
