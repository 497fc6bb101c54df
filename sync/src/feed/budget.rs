//! How many bytes may be spent: bodies as they travel, compressed, both directions together. Heads and TLS come on top.

use super::failure::{FeedFailure, Span};
use domain::Date;

/// The most bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// In one connection.
    pub per_session: u64,
    /// In one day.
    pub per_day: u64,
}

impl Budget {
    /// No limit.
    pub const UNLIMITED: Budget = Budget { per_session: u64::MAX, per_day: u64::MAX };
}

/// What one peer has used today. The owner keeps it over restarts with [`DayUse::of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayUse {
    day: Date,
    bytes: u64,
}

impl DayUse {
    /// What was used on a day.
    pub const fn of(day: Date, bytes: u64) -> DayUse {
        DayUse { day, bytes }
    }

    /// The day.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// Bytes used on it.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Notes bytes that were sent or received. A new day starts from zero; so does a clock set back.
    pub fn spend(&mut self, bytes: u64, today: Date) {
        if today != self.day {
            *self = DayUse { day: today, bytes: 0 };
        }
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// What one connection has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionUse(u64);

impl SessionUse {
    /// Notes bytes, for the connection and for the day.
    ///
    /// # Errors
    /// The budget that is used up by them.
    pub fn spend(&mut self, bytes: u64, day: &mut DayUse, today: Date, budget: Budget) -> Result<(), FeedFailure> {
        self.0 = self.0.saturating_add(bytes);
        day.spend(bytes, today);
        match () {
            () if day.bytes > budget.per_day => Err(FeedFailure::Budget(Span::Day)),
            () if self.0 > budget.per_session => Err(FeedFailure::Budget(Span::Session)),
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_budgets_end_and_a_new_day_begins_from_zero() {
        let budget = Budget { per_session: 100, per_day: 150 };
        let (monday, tuesday) = (Date::literal(2026, 11, 23), Date::literal(2026, 11, 24));
        let mut day = DayUse::of(monday, 0);
        let mut session = SessionUse::default();
        assert_eq!(session.spend(100, &mut day, monday, budget), Ok(()));
        assert_eq!(session.spend(1, &mut day, monday, budget), Err(FeedFailure::Budget(Span::Session)));
        let mut session = SessionUse::default();
        assert_eq!(session.spend(50, &mut day, monday, budget), Err(FeedFailure::Budget(Span::Day)));
        let mut session = SessionUse::default();
        assert_eq!(session.spend(50, &mut day, tuesday, budget), Ok(()));
        assert_eq!((day.day(), day.bytes()), (tuesday, 50));
    }
}
