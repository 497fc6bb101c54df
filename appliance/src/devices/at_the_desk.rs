//! What is going on at the desk, as whoever wants to restart something has to know it.

use crate::desk::RunningDesk;
use crate::schedule::Doing;

/// A check-in that nobody wrote to for so long is not being done, milliseconds.
const CHECK_IN_TOUCHED_MS: i64 = 30 * 60_000;

/// Check-ins that somebody is at, and jobs whose answer is awaited. A store that cannot be read is no leave to restart anything.
pub(crate) fn doing_at_the_desk(desk: &RunningDesk) -> Doing {
    let now = desk.clock().now();
    let (today, patience) = (now.date_in_japan(), desk.settings().patience);
    let busy = desk.readers().read(|reading| {
        let check_ins = reading.check_ins_touched([today, today.plus_days(-1)], now.plus_ms(-CHECK_IN_TOUCHED_MS))?;
        Ok((check_ins, reading.jobs_in_flight(now.plus_ms(-patience.overdue_after_ms))?))
    });
    let (check_ins_open, jobs_in_flight) = busy.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "what is going on at the desk could not be read");
        (1, 0)
    });
    Doing { check_ins_open, jobs_in_flight, ..Doing::default() }
}
