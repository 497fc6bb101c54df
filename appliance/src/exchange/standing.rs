//! How it stands with every peer, for people.

use crate::store::UseRow;
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync::facility::Member;
use sync::feed::{DayUse, FeedFailure, Term};
use sync::seal::{BoxId, Role};
use tokio::sync::watch;

/// How it stands with one peer.
#[derive(Clone, Debug)]
pub struct PeerStanding {
    /// the peer
    pub peer: BoxId,
    /// what its people call it
    pub name: String,
    /// box or hub
    pub role: Role,
    /// where it was reached
    pub address: Option<String>,
    /// it is reached now
    pub connected: bool,
    /// when it last answered
    pub heard_at: Option<Timestamp>,
    /// how far its clock was ahead then, in milliseconds
    pub clock_ahead_ms: i64,
    /// records of ours that it is not known to have
    pub lag: u64,
    /// since when it does not have everything
    pub behind_since: Option<Timestamp>,
    /// what went wrong last, until it works again
    pub failure: Option<FeedFailure>,
    /// used today, calling it
    pub used: Option<DayUse>,
}

/// All of them.
#[derive(Default)]
pub struct Standings {
    peers: Mutex<BTreeMap<BoxId, PeerStanding>>,
    uses: Mutex<BTreeMap<BoxId, DayUse>>,
    written: Mutex<Vec<UseRow>>,
    behind: Mutex<BTreeMap<BoxId, Timestamp>>,
    behind_written: Mutex<Vec<(BoxId, Timestamp)>>,
    certificates: Mutex<BTreeMap<BoxId, Timestamp>>,
    runs: Mutex<BTreeMap<BoxId, Term>>,
    changes: watch::Sender<u64>,
}

/// What of a standing is worth showing anew when it changes.
fn told(standing: &PeerStanding) -> (bool, u64, Option<&FeedFailure>, Option<&String>) {
    (standing.connected, standing.lag, standing.failure.as_ref(), standing.address.as_ref())
}

impl Standings {
    /// Counts what is worth showing into `changes`.
    pub fn telling(changes: watch::Sender<u64>) -> Standings {
        Standings { changes, ..Standings::default() }
    }

    /// By id.
    pub fn all(&self) -> Vec<PeerStanding> {
        lock(&self.peers).values().cloned().collect()
    }

    pub(super) fn begin(&self, peer: BoxId, member: &Member) {
        let standing = PeerStanding {
            peer,
            name: member.name.clone(),
            role: member.introduction.role(),
            address: None,
            connected: false,
            heard_at: None,
            clock_ahead_ms: 0,
            lag: 0,
            behind_since: lock(&self.behind).get(&peer).copied(),
            failure: None,
            used: lock(&self.uses).get(&peer).copied(),
        };
        lock(&self.peers).insert(peer, standing);
        self.changed();
    }

    pub(super) fn forget(&self, peer: BoxId) {
        lock(&self.peers).remove(&peer);
        self.changed();
    }

    pub(super) fn note(&self, peer: BoxId, change: impl FnOnce(&mut PeerStanding)) {
        let mut peers = lock(&self.peers);
        let Some(standing) = peers.get_mut(&peer) else { return };
        let before = standing.clone();
        change(standing);
        let is_news = told(&before) != told(standing);
        drop(peers);
        if is_news {
            self.changed();
        }
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Notes how many records a peer does not have, now.
    pub(super) fn note_lag(&self, peer: BoxId, lag: u64, now: Timestamp) {
        self.note(peer, |standing| {
            standing.lag = lag;
            standing.behind_since = (lag > 0).then(|| standing.behind_since.unwrap_or(now));
        });
    }

    /// Takes up what was known before a restart.
    pub(super) fn restore_behind(&self, behind: Vec<(BoxId, Timestamp)>) {
        lock(&self.behind).extend(behind);
    }

    /// Who lacks something since when, if that differs from what was written down last; then it counts as written.
    pub(super) fn behind_to_write(&self) -> Option<Vec<(BoxId, Timestamp)>> {
        let behind: Vec<_> =
            lock(&self.peers).values().filter_map(|one| one.behind_since.map(|since| (one.peer, since))).collect();
        let mut written = lock(&self.behind_written);
        if *written == behind {
            return None;
        }
        written.clone_from(&behind);
        Some(behind)
    }

    /// Notes with which run a peer answered.
    pub(super) fn note_run(&self, peer: BoxId, run: Option<Term>) {
        match run {
            Some(run) => lock(&self.runs).insert(peer, run),
            None => lock(&self.runs).remove(&peer),
        };
    }

    /// The run a peer answered with last.
    pub(super) fn run_of(&self, peer: BoxId) -> Option<Term> {
        lock(&self.runs).get(&peer).copied()
    }

    /// Notes the end of the certificate a peer showed.
    pub(super) fn note_certificate(&self, peer: BoxId, ends: Timestamp) {
        lock(&self.certificates).insert(peer, ends);
    }

    /// End of the certificate a peer showed last.
    pub fn certificate_ends(&self, peer: BoxId) -> Option<Timestamp> {
        lock(&self.certificates).get(&peer).copied()
    }

    pub(super) fn note_use(&self, peer: BoxId, used: DayUse) {
        lock(&self.uses).insert(peer, used);
        self.note(peer, |standing| standing.used = Some(used));
    }

    pub(super) fn used(&self, peer: BoxId) -> Option<DayUse> {
        lock(&self.uses).get(&peer).copied()
    }

    pub(super) fn uses(&self) -> Vec<(BoxId, DayUse)> {
        lock(&self.uses).iter().map(|(peer, used)| (*peer, *used)).collect()
    }

    /// Whether these differ from those that were written down last; then they count as written.
    pub(super) fn uses_changed(&self, uses: &[UseRow]) -> bool {
        let mut written = lock(&self.written);
        let changed = *written != uses;
        uses.clone_into(&mut written);
        changed
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
