//! One facility's log with its gate: what both sides of the protocol work on.

use super::failure::FeedFailure;
use super::limits::Limits;
use super::log::{Arrival, FeedLog, LogFailure, Outcome, Page, Position};
use super::message::{Address, Hello, SNAPSHOTS, VERSIONS};
use super::origins::Origins;
use super::term::{Cursor, Term};
use crate::seal::{Author, BoxId, Gate, RecordHash, Refusal, Role, SealedRecord, Standing};
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
    versions: Mutex<HashMap<BoxId, u16>>,
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
        let (origins, confirmed, versions) = (Mutex::default(), Mutex::default(), Mutex::default());
        Feed { log, gate, limits, origins, confirmed, versions, grown: watch::Sender::new(0) }
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

    /// The numbers of a page's records that need not be sent, because a snapshot of a box that is a member now stands for them and is in
    /// this log, too. A snapshot itself may be one of them, when a later one stands for it.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub(crate) fn stood_for(&self, page: &Page) -> Result<HashSet<u64>, FeedFailure> {
        let (Some(first), Some(last)) = (page.records.first(), page.records.last()) else { return Ok(HashSet::new()) };
        let found = self.log.stood_for(first.sequence.saturating_sub(1), last.sequence)?;
        let is_box =
            |signer| matches!(self.gate.members().verifying_key(signer), Author::Known { role: Role::Box, .. });
        Ok(found.into_iter().filter(|(_, signer)| is_box(*signer)).map(|(sequence, _)| sequence).collect())
    }

    /// Notes which version a peer and this program speak together.
    pub(crate) fn note_version(&self, peer: BoxId, version: u16) {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, version);
    }

    /// Whether records may be left out of a push to a peer: it reads snapshots. A hub is sent everything: it is the copy off site, and
    /// cannot look whether a snapshot stands for what it says.
    pub(crate) fn may_leave_out(&self, peer: BoxId) -> bool {
        let versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        versions.get(&peer).is_some_and(|version| *version >= SNAPSHOTS)
            && matches!(self.gate.members().verifying_key(peer), Author::Known { role: Role::Box, .. })
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
