//! The simulator's time comes from whoever starts it.

use domain::{Date, Timestamp};
use std::fmt;
use std::sync::Arc;

/// What the simulated terminal takes for now and for today.
#[derive(Clone)]
pub struct SimClock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    today: Arc<dyn Fn() -> Date + Send + Sync>,
}

const JAPAN_MS: i64 = 9 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

impl SimClock {
    /// Both told apart, for tests that drive time by hand.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        today: impl Fn() -> Date + Send + Sync + 'static,
    ) -> SimClock {
        SimClock { now: Arc::new(now), today: Arc::new(today) }
    }

    /// Today is the calendar day in Japan at that instant.
    pub fn from_now(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> SimClock {
        let now = Arc::new(now);
        let today = now.clone();
        SimClock { now, today: Arc::new(move || japan_day(today())) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub(crate) fn today(&self) -> Date {
        (self.today)()
    }

    /// `yyyyMMddHHmmss`: the day told by `today`, the time of day in Japan, later by so many days.
    pub(crate) fn stamp(&self, plus_days: i32) -> String {
        let seconds = (self.now().as_ms() + JAPAN_MS).rem_euclid(DAY_MS) / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{}{hour:02}{minute:02}{second:02}", self.today().plus_days(plus_days).compact())
    }
}

fn japan_day(now: Timestamp) -> Date {
    let days = (now.as_ms() + JAPAN_MS).div_euclid(DAY_MS);
    Date::from_day_number(i32::try_from(days).unwrap_or(i32::MAX / 2))
}

impl fmt::Debug for SimClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimClock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_japan_s() {
        let clock = SimClock::from_now(|| Timestamp::from_ms(1_775_001_599_000)); // 2026-03-31T23:59:59Z
        assert_eq!(clock.today(), Date::literal(2026, 4, 1));
        assert_eq!(clock.stamp(0), "20260401085959");
        assert_eq!(clock.stamp(1), "20260402085959");
    }
}
