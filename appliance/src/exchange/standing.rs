//! How it stands with every peer, for people.

use crate::store::UseRow;
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync::facility::Member;
use sync::feed::{DayUse, FeedFailure};
use sync::seal::{BoxId, Role};

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
}

impl Standings {
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
            failure: None,
            used: lock(&self.uses).get(&peer).copied(),
        };
        lock(&self.peers).insert(peer, standing);
    }

    pub(super) fn forget(&self, peer: BoxId) {
        lock(&self.peers).remove(&peer);
    }

    pub(super) fn note(&self, peer: BoxId, change: impl FnOnce(&mut PeerStanding)) {
        if let Some(standing) = lock(&self.peers).get_mut(&peer) {
            change(standing);
        }
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
