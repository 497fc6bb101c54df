//! The disaster function of the desk in memory.

use super::record::{Outcome, Record};
use domain::disaster::{DisasterMode, Turn};
use domain::fact::{Author, FactId, Recorded, VisitId};
use domain::rule::RulePack;
use domain::visit::{DisasterModeNoted, VisitCommand, VisitStatus};
use web::port::{DisasterPeriod, DisasterTurn, DisasterView, SubmitError};

impl Record {
    fn disaster_mode(&self) -> DisasterMode {
        DisasterMode::fold(self.disaster.clone())
    }

    pub(super) fn disaster_is_open(&self) -> bool {
        self.disaster_mode().open().is_some()
    }

    pub fn disaster_view(&self) -> DisasterView {
        let turn = |turn: Turn| DisasterTurn { at: turn.at, by: turn.by.to_string(), reason: turn.reason };
        let periods = self.disaster_mode().periods.into_iter().rev();
        let periods =
            periods.map(|period| DisasterPeriod { opened: turn(period.opened), closed: period.closed.map(turn) });
        DisasterView { by_settings: false, periods: periods.collect() }
    }

    pub(super) fn turn_disaster_mode(&mut self, by: &Author, open: bool, reason: &str, rules: &RulePack) -> Outcome {
        let fact = self.disaster_mode().turn(open, reason);
        let fact = fact.map_err(|why| SubmitError::Refused { at: "reason".to_owned(), why })?;
        let id = FactId::new(self.next_id("fact"));
        self.disaster.push(Recorded { id, at: self.now, by: by.clone(), fact });
        let visits: Vec<VisitId> = self.visits.keys().cloned().collect();
        for visit in visits {
            if self.visit_state(&visit).is_some_and(|state| state.status() == VisitStatus::Open) {
                let noted = VisitCommand::NoteDisasterMode(DisasterModeNoted { open });
                self.add_to_visit(&Author::the_box(), &visit, vec![noted], rules)?;
            }
        }
        Ok(self.saved())
    }
}
