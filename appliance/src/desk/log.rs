//! The record as the feed sees it. It reads over connections that only read, and writes through the one writer.

use super::inbox::{FeedInput, Inbox, Input};
use super::reading::Readers;
use super::reply::Reply;
use crate::store::{Reading, Stored};
use std::sync::Arc;
use sync::feed::{
    Acknowledged, Arrival, Cursor, FeedLog, HeldSnapshot, LogFailure, Logged, Outcome, Page, Position, Pulled,
};
use sync::seal::{BoxId, HashPrefix, Standing};
use web::port::Unavailable;

/// Room on the disk that what others send leaves to the reception: a busy clinic writes so much in a year. A hub in wrong hands can send
/// without end what nobody can check yet; the disk must not be full of it when the next patient comes.
const LEFT_TO_RECEPTION: u64 = 100_000_000;

/// The box's own log.
pub struct StoreLog {
    owner: BoxId,
    readers: Arc<Readers>,
    inbox: Inbox,
    left_free: u64,
}

impl StoreLog {
    pub(super) fn new(owner: BoxId, readers: Arc<Readers>, inbox: Inbox) -> StoreLog {
        StoreLog { owner, readers, inbox, left_free: LEFT_TO_RECEPTION }
    }

    /// The same, where so many bytes of the disk are left free.
    pub fn leaving_free(self, bytes: u64) -> StoreLog {
        StoreLog { left_free: bytes, ..self }
    }

    /// A disk that cannot be asked counts as one with room: writing to it will tell.
    fn has_room(&self) -> bool {
        let free = |found: rustix::fs::StatVfs| found.f_bavail.saturating_mul(found.f_frsize);
        rustix::fs::statvfs(self.readers.folder()).map_or(true, |found| free(found) >= self.left_free)
    }

    fn read<T>(&self, reading: impl FnOnce(Reading<'_>) -> Stored<T>) -> Result<T, LogFailure> {
        self.readers.read(reading).map_err(|error| LogFailure(error.to_string()))
    }

    fn write<T: Send + 'static>(
        &self,
        input: impl FnOnce(Reply<Result<T, Unavailable>>) -> FeedInput,
    ) -> Result<T, LogFailure> {
        match self.inbox.send_waiting(|reply| Input::Feed(input(reply))) {
            Some(outcome) => outcome.map_err(|unavailable| LogFailure(unavailable.to_string())),
            None => Err(LogFailure("the desk has stopped".to_owned())),
        }
    }
}

impl FeedLog for StoreLog {
    fn owner(&self) -> BoxId {
        self.owner
    }

    fn position(&self) -> Result<Position, LogFailure> {
        self.read(|reading| reading.feed_position())
    }

    fn append(&self, arrivals: &[Arrival], pulled: Option<(BoxId, &Cursor)>) -> Result<Vec<Outcome>, LogFailure> {
        let (arrivals, pulled) = (arrivals.to_vec(), pulled.map(|(peer, cursor)| (peer, cursor.clone())));
        if arrivals.is_empty() && pulled.is_none() {
            return Ok(Vec::new());
        }
        if !arrivals.is_empty() && !self.has_room() {
            return Err(LogFailure("what is left of the disk is kept for the reception".to_owned()));
        }
        self.write(|reply| FeedInput::TakeIn { arrivals, pulled, reply })
    }

    fn read_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        self.read(|reading| reading.feed_page(after, most_bytes))
    }

    fn stood_for(&self, after: u64, up_to: u64) -> Result<Vec<(u64, HashPrefix)>, LogFailure> {
        self.read(|reading| reading.feed_stood_for(after, up_to))
    }

    fn snapshots_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        self.read(|reading| reading.feed_snapshots_after(after, most_bytes))
    }

    fn snapshots(&self, most: usize) -> Result<Vec<HeldSnapshot>, LogFailure> {
        self.read(|reading| reading.feed_snapshots(most))
    }

    fn recent(&self, after: u64, most: usize) -> Result<Vec<HashPrefix>, LogFailure> {
        self.read(|reading| reading.feed_recent(after, most))
    }

    fn pulled(&self, peer: BoxId) -> Result<Pulled, LogFailure> {
        self.read(|reading| reading.feed_pulled(peer))
    }

    fn keep_have(&self, peer: BoxId, have_after: u64, have_next: u64) -> Result<(), LogFailure> {
        self.write(|reply| FeedInput::Have { peer, after: have_after, next: have_next, reply })
    }

    fn acknowledged(&self, peer: BoxId) -> Result<Vec<Acknowledged>, LogFailure> {
        self.read(|reading| reading.feed_acknowledged(peer))
    }

    fn keep_acknowledged(&self, peer: BoxId, acknowledged: &[Acknowledged]) -> Result<(), LogFailure> {
        self.write(|reply| FeedInput::Acknowledged(peer, acknowledged.to_vec(), reply))
    }

    fn unchecked(&self, after: u64, most: usize) -> Result<Vec<Logged>, LogFailure> {
        self.read(|reading| reading.feed_unchecked(after, most))
    }

    fn settle(&self, sequence: u64, standing: Option<Standing>) -> Result<(), LogFailure> {
        self.write(|reply| FeedInput::Settle(sequence, standing, reply))
    }
}
