//! What one facility uses: bytes today, connections now, and which of its boxes were heard.

use crate::store::facilities::{Quota, add_use};
use crate::store::fleet::note_contact;
use crate::store::{Store, Stored};
use domain::{Date, Timestamp};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::facility::{BoxId, FacilityId};
use sync::feed::{FeedFailure, Span};

/// The counters of one facility in this process. Written down every few seconds; until then other processes do not know of them, so
/// that a quota may be passed by what moves in that time.
pub struct Meter {
    facility: FacilityId,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    quota: Quota,
    connections: u64,
    /// the day everything below is about
    day: Option<Date>,
    /// moved on that day, all processes, as of the last writing
    written_bytes: u64,
    /// moved since then
    fresh_bytes: u64,
    heard: BTreeSet<BoxId>,
}

/// A connection's place; free again when it is dropped.
pub struct Place(Arc<Meter>);

impl Meter {
    /// Nothing counted yet.
    pub fn new(facility: FacilityId) -> Meter {
        Meter { facility, counts: Mutex::default() }
    }

    /// Changes the quota.
    pub fn set_quota(&self, quota: Quota) {
        self.lock().quota = quota;
    }

    /// Connections now, in this process.
    pub fn connections(&self) -> u64 {
        self.lock().connections
    }

    /// A place for one more connection, if there is one.
    pub fn place(self: &Arc<Self>) -> Option<Place> {
        let mut counts = self.lock();
        if counts.connections >= counts.quota.connections {
            return None;
        }
        counts.connections += 1;
        Some(Place(self.clone()))
    }

    /// Notes bytes that a box moved.
    ///
    /// # Errors
    /// [`FeedFailure::Budget`] when the day's are used up.
    pub fn spend(&self, caller: BoxId, bytes: u64, today: Date) -> Result<(), FeedFailure> {
        let mut counts = self.lock();
        if counts.day != Some(today) {
            (counts.day, counts.written_bytes, counts.fresh_bytes) = (Some(today), 0, 0);
        }
        counts.fresh_bytes = counts.fresh_bytes.saturating_add(bytes);
        counts.heard.insert(caller);
        let used = counts.written_bytes.saturating_add(counts.fresh_bytes);
        if used > counts.quota.day_bytes { Err(FeedFailure::Budget(Span::Day)) } else { Ok(()) }
    }

    /// Writes down what was counted, and learns what the other processes have. Blocks.
    ///
    /// # Errors
    /// The store's; it is counted still then.
    pub fn flush(&self, store: &Store, now: Timestamp) -> Stored<()> {
        let (day, bytes, heard) = self.take();
        let Some(day) = day.filter(|_| bytes > 0 || !heard.is_empty()) else { return Ok(()) };
        let written = store.write(|sql| {
            heard.iter().try_for_each(|id| note_contact(sql, self.facility, *id, now))?;
            add_use(sql, self.facility, day, bytes)
        });
        let mut counts = self.lock();
        let same_day = counts.day == Some(day);
        match written {
            Ok(written) if same_day => counts.written_bytes = written,
            Ok(_) => {}
            Err(failure) => {
                counts.heard.extend(heard);
                if same_day {
                    counts.written_bytes -= bytes;
                    counts.fresh_bytes += bytes;
                }
                return Err(failure);
            }
        }
        Ok(())
    }

    fn take(&self) -> (Option<Date>, u64, BTreeSet<BoxId>) {
        let mut counts = self.lock();
        let heard = std::mem::take(&mut counts.heard);
        let bytes = std::mem::take(&mut counts.fresh_bytes);
        counts.written_bytes += bytes;
        (counts.day, bytes, heard)
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.lock().connections -= 1;
    }
}
