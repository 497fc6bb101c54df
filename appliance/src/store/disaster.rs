//! The disaster function of the facility: a document of few facts, read whenever it is needed.

use super::{DocumentId, Reading, Stored};
use domain::disaster::{DisasterFact, DisasterMode, Period, Turn};
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
        let by = self.name_of_author(&turn.by)?.unwrap_or_else(|| turn.by.to_string());
        Ok(DisasterTurn { at: turn.at, by, reason: turn.reason })
    }
}
