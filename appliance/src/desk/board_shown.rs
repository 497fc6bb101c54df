//! The board as pages show it; today's is read once for all counters that look at it.

use super::RunningDesk;
use crate::store::{Reading as StoreReading, Stored};
use domain::Date;
use std::sync::Arc;
use web::port::{Board, Desk, Reading, Unavailable};

/// The board of a day.
pub(super) fn board(reading: StoreReading<'_>, day: Date, today: Date, revision: u64) -> Stored<Board> {
    let (due_follow_ups, on_shelf, stuck_jobs) = reading.counts(today)?;
    let (rows, to_look_at) = (reading.board(day)?, reading.look_counts()?);
    Ok(Board { day, revision, rows, on_shelf, due_follow_ups, stuck_jobs, to_look_at })
}

impl RunningDesk {
    /// Whoever looks at another day is alone with it.
    pub(super) fn board_for_all(&self, day: Date) -> Reading<Arc<Board>> {
        let (revision, today) = (*self.revisions.borrow(), self.today());
        if day != today {
            return self.board(day).map(Arc::new);
        }
        let still_stands = |known: &Board| known.day == day && known.revision >= revision;
        let read = |reading: StoreReading<'_>| board(reading, day, today, revision);
        let board = self.readers.read_lasting(&self.board_of_today, still_stands, read);
        board.map_err(|error| Unavailable(Box::new(error)))
    }
}
