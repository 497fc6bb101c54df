//! One facility's log with its gate: what both sides of the protocol work on.

use super::failure::FeedFailure;
use super::limits::Limits;
use super::log::{Arrival, FeedLog, LogFailure, Outcome, Page, Position};
use super::message::{Address, Hello, VERSIONS};
use super::origins::Origins;
use super::term::{Cursor, Term};
use crate::seal::{BoxId, Gate, HashPrefix, RecordHash, Refusal, SealedRecord, Standing};
use domain::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Records looked at again at once when membership changes.
const RECHECK_RECORDS: usize = 256;

/// One facility's log, as the feed sees it.
pub struct Feed {
    log: Arc<dyn FeedLog>,
    gate: Gate,
    limits: Limits,
    origins: Mutex<Origins>,
    confirmed: Mutex<HashMap<BoxId, Term>>,
    introduced: Mutex<HashSet<BoxId>>,
    readers: Mutex<HashMap<BoxId, usize>>,
    grown: watch::Sender<u64>,
}

/// How many records came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// new ones
    pub stored: u32,
    /// here before
    pub known: u32,
    /// of what was to be forgotten
    pub forgotten: u32,
    /// refused
    pub refused: u32,
}

impl std::ops::Add for Tally {
    type Output = Tally;

    fn add(self, more: Tally) -> Tally {
        Tally {
            stored: self.stored + more.stored,
            known: self.known + more.known,
            forgotten: self.forgotten + more.forgotten,
            refused: self.refused + more.refused,
        }
    }
}

impl Tally {
    fn count(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            match outcome {
                Outcome::Stored(_) => self.stored += 1,
                Outcome::Known => self.known += 1,
                Outcome::Forgotten => self.forgotten += 1,
            }
        }
    }
}

impl Feed {
    /// Around an opened log.
    pub fn new(log: Arc<dyn FeedLog>, gate: Gate, limits: Limits) -> Feed {
        let (origins, confirmed, introduced) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (readers, grown) = (Mutex::default(), watch::Sender::new(0));
        Feed { log, gate, limits, origins, confirmed, introduced, readers, grown }
    }

    /// The log.
    pub fn log(&self) -> &dyn FeedLog {
        &*self.log
    }

    /// What lets records in, and counts those it does not.
    pub const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Its limits.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Changes whenever the log has grown.
    pub fn grown(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    /// To be called by whoever appended to the log beside the feed, after the commit. Cheap, and never wrong.
    pub fn notify(&self) {
        self.grown.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Keeps records of this box itself.
    ///
    /// # Errors
    /// [`FeedFailure::Store`]; nothing was kept then.
    pub fn append_own(&self, records: Vec<SealedRecord>) -> Result<Vec<Outcome>, FeedFailure> {
        let own = |record| Ok(Arrival { standing: self.gate.admit(&record)?, record });
        let arrivals = records.into_iter().map(own).collect::<Result<Vec<_>, Refusal>>();
        let outcomes = self.log.append(&arrivals.map_err(|_| FeedFailure::Malformed)?, None)?;
        self.notify();
        Ok(outcomes)
    }

    /// Looks again at records whose signer was unknown when they came. To be called when membership has changed.
    ///
    /// # Errors
    /// [`FeedFailure::Store`]; calling again goes on.
    pub fn recheck(&self) -> Result<(), FeedFailure> {
        let mut after = 0;
        loop {
            let waiting = self.log.unchecked(after, RECHECK_RECORDS)?;
            let Some(last) = waiting.last().map(|logged| logged.sequence) else { return Ok(()) };
            for logged in waiting {
                match self.gate.admit(&logged.record) {
                    Ok(Standing::Unknown) => {}
                    Ok(standing) => self.log.settle(logged.sequence, Some(standing))?,
                    Err(_) => self.log.settle(logged.sequence, None)?,
                }
            }
            after = last;
        }
    }

    /// Who answers here.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn hello(&self, now: Timestamp) -> Result<Hello, FeedFailure> {
        let Position { terms, end } = self.log.position()?;
        Ok(Hello {
            versions: VERSIONS,
            facility: self.gate.facility(),
            log: self.log.owner(),
            run: terms.current(),
            end,
            clock: now,
        })
    }

    /// The address of a peer's log of the same facility.
    pub(crate) const fn address(&self, log: BoxId) -> Address {
        Address { versions: VERSIONS, facility: self.gate.facility(), log }
    }

    /// Whether a request is meant for this log.
    pub(crate) fn check_address(&self, address: &Address) -> Result<(), FeedFailure> {
        match () {
            () if address.facility != self.gate.facility() => Err(FeedFailure::OtherFacility),
            () if address.log != self.log.owner() => Err(FeedFailure::OtherLog),
            () => Ok(()),
        }
    }

    /// Keeps what came from a peer's run, and remembers that the run has it.
    pub(crate) fn take(
        &self,
        arrivals: &[Arrival],
        run: Option<Term>,
        pulled: Option<(BoxId, &Cursor)>,
    ) -> Result<Tally, LogFailure> {
        // Before storing: a live line woken by the store must know already where the records came from. Should storing fail, the
        // peer still has them.
        if let Some(run) = run {
            let mut origins = self.origins();
            arrivals.iter().for_each(|arrival| origins.note(arrival.record.hash(), run));
        }
        let outcomes = self.log.append(arrivals, pulled)?;
        let mut tally = Tally::default();
        tally.count(&outcomes);
        if tally.stored > 0 {
            self.notify();
        }
        Ok(tally)
    }

    /// The numbers of a page's records that one of these snapshots stands for.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub(crate) fn stood_for(&self, page: &Page, by: impl Fn(&HashPrefix) -> bool) -> Result<HashSet<u64>, FeedFailure> {
        let (Some(first), Some(last)) = (page.records.first(), page.records.last()) else { return Ok(HashSet::new()) };
        let found = self.log.stood_for(first.sequence.saturating_sub(1), last.sequence)?;
        Ok(found.into_iter().filter(|(_, snapshot)| by(snapshot)).map(|(sequence, _)| sequence).collect())
    }

    /// Whether a peer is just reading here what it lacks.
    pub(crate) fn is_read_by(&self, peer: BoxId) -> bool {
        self.readers().contains_key(&peer)
    }

    fn readers(&self) -> MutexGuard<'_, HashMap<BoxId, usize>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this run has asked a peer for all its snapshots.
    pub(crate) fn is_introduced(&self, peer: BoxId) -> bool {
        self.introduced.lock().unwrap_or_else(PoisonError::into_inner).contains(&peer)
    }

    /// Notes that it has.
    pub(crate) fn note_introduced(&self, peer: BoxId) {
        self.introduced.lock().unwrap_or_else(PoisonError::into_inner).insert(peer);
    }

    /// How many records a peer, whose run answered last, is not known to have. Looks into the log.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn lacking(&self, peer: BoxId, peer_run: Option<Term>) -> Result<u64, FeedFailure> {
        super::pushing::lacking(self, peer, peer_run)
    }

    /// Whether a run is known to have a record.
    pub(crate) fn has(&self, run: Option<Term>, record: RecordHash) -> bool {
        run.is_some_and(|run| self.origins().has(record, run))
    }

    /// Whether this run of a peer has confirmed what we believe it has.
    pub(crate) fn is_confirmed(&self, peer: BoxId, run: Term) -> bool {
        self.confirmed().get(&peer) == Some(&run)
    }

    /// Notes which run of a peer has confirmed it; `None` when one has denied it.
    pub(crate) fn note_confirmed(&self, peer: BoxId, run: Option<Term>) {
        match run {
            Some(run) => self.confirmed().insert(peer, run),
            None => self.confirmed().remove(&peer),
        };
    }

    fn confirmed(&self) -> MutexGuard<'_, HashMap<BoxId, Term>> {
        self.confirmed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn origins(&self) -> MutexGuard<'_, Origins> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as it lives, a peer reads here what it lacks.
pub(crate) struct BeingRead {
    feed: Arc<Feed>,
    peer: BoxId,
}

impl BeingRead {
    pub(crate) fn begin(feed: &Arc<Feed>, peer: BoxId) -> BeingRead {
        *feed.readers().entry(peer).or_default() += 1;
        BeingRead { feed: feed.clone(), peer }
    }
}

impl Drop for BeingRead {
    fn drop(&mut self) {
        let mut readers = self.feed.readers();
        let left = readers.get(&self.peer).map_or(0, |count| count.saturating_sub(1));
        match left {
            0 => readers.remove(&self.peer),
            left => readers.insert(self.peer, left),
        };
        drop(readers);
        // what was not pushed meanwhile
        self.feed.notify();
    }
}
