//! The disaster function of the facility: a document of few facts, read whenever it is needed.

use super::{DocumentId, Reading, Stored};
use domain::disaster::{DisasterFact, DisasterMode, Period, Turn};
use domain::fact::Author;
use rusqlite::OptionalExtension;
use web::port::{DisasterPeriod, DisasterTurn};

/// Periods that are shown.
const SHOWN: usize = 20;

impl Reading<'_> {
    /// As the facts of all boxes tell it.
    pub fn disaster_mode(&self) -> Stored<DisasterMode> {
        Ok(DisasterMode::fold(self.facts::<DisasterFact>(&DocumentId::DisasterMode)?))
    }

    /// When it was open, newest first, with the names of who said so.
    pub fn disaster_periods(&self) -> Stored<Vec<DisasterPeriod>> {
        let mode = self.disaster_mode()?;
        mode.periods.into_iter().rev().take(SHOWN).map(|period| self.disaster_period(period)).collect()
    }

    fn disaster_period(&self, period: Period) -> Stored<DisasterPeriod> {
        Ok(DisasterPeriod {
            opened: self.disaster_turn(period.opened)?,
            closed: period.closed.map(|turn| self.disaster_turn(turn)).transpose()?,
        })
    }

    fn disaster_turn(&self, turn: Turn) -> Stored<DisasterTurn> {
        Ok(DisasterTurn { at: turn.at, by: self.name_of_author(&turn.by)?, reason: turn.reason })
    }

    /// The account behind an id; the id itself for programs and for accounts of another box.
    fn name_of_author(&self, author: &Author) -> Stored<String> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM staff WHERE author = ?1")?;
        let name = statement.query_row([author.as_str()], |row| row.get(0)).optional()?;
        Ok(name.unwrap_or_else(|| author.to_string()))
    }
}
