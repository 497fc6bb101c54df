//! The figures of a site over whole weeks, put together from what its visits add.

use super::{Counted, Part, week_of};
use crate::date::Date;
use crate::evidence::EvidenceKind;
use crate::trouble::{Category, Trouble};
use std::collections::BTreeMap;

/// How often something was met, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// in all
    pub total: u64,
    /// in each week of the figures
    pub by_week: Vec<u64>,
    /// by counter; the empty name = not said
    pub by_counter: BTreeMap<String, u64>,
    /// by hour of the day
    pub by_hour: BTreeMap<u8, u64>,
}

/// The figures of some weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Mondays, oldest first
    pub weeks: Vec<Date>,
    /// visits
    pub visits: Spread,
    /// visits that met a trouble, in the order of [`Category::all`]
    pub met: Vec<(Category, Spread)>,
    /// visits received on each evidence
    pub evidence: BTreeMap<EvidenceKind, u64>,
    /// visits by the seconds from arrival to acceptance
    pub waited: BTreeMap<u32, u64>,
}

/// How long it took from arrival to acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// visits behind the figures
    pub visits: u64,
    /// half of the visits took at most so many seconds
    pub median_s: u32,
    /// nine tenths took at most so many seconds
    pub p90_s: u32,
}

impl Figures {
    /// Nothing yet, of the weeks that hold these days.
    pub fn of_weeks(from: Date, to: Date) -> Figures {
        let next = |week: &Date| Some(week.plus_days(7));
        let weeks: Vec<Date> =
            std::iter::successors(Some(week_of(from)), next).take_while(|week| *week <= week_of(to)).collect();
        let empty = Spread { by_week: vec![0; weeks.len()], ..Spread::default() };
        let met = Category::all().map(|category| (category, empty.clone())).collect();
        Figures { visits: empty, met, weeks, evidence: BTreeMap::new(), waited: BTreeMap::new() }
    }

    /// Adds what was counted in a week; what lies outside the weeks counts for nothing.
    pub fn add(&mut self, week: Date, counted: &Counted, part: Part, count: u64) {
        let Ok(at) = self.weeks.binary_search(&week) else { return };
        match counted {
            Counted::Visits => self.visits.add(at, part, count),
            Counted::Met(category) => {
                let row = self.met.iter_mut().find(|(known, _)| known == category);
                row.into_iter().for_each(|(_, spread)| spread.add(at, part.clone(), count));
            }
            Counted::Evidence(kind) => *self.evidence.entry(*kind).or_default() += count,
            Counted::Waited(seconds) => *self.waited.entry(*seconds).or_default() += count,
        }
    }

    /// Visits that met this trouble.
    pub fn of(&self, trouble: Trouble) -> u64 {
        let of_any = |(category, _): &&(Category, Spread)| category.trouble == trouble && category.group.is_none();
        self.met.iter().find(of_any).map_or(0, |(_, spread)| spread.total)
    }

    /// Visits that were received.
    pub fn received(&self) -> u64 {
        self.evidence.values().sum()
    }

    /// Counters at which somebody was received, in the order of their names.
    pub fn counters(&self) -> Vec<&str> {
        self.visits.by_counter.iter().filter(|(_, count)| **count > 0).map(|(name, _)| name.as_str()).collect()
    }

    /// Hours in which somebody came.
    pub fn hours(&self) -> Vec<u8> {
        self.visits.by_hour.iter().filter(|(_, count)| **count > 0).map(|(hour, _)| *hour).collect()
    }

    /// From arrival to acceptance; nothing when nobody was received.
    pub fn waiting(&self) -> Option<Waiting> {
        let visits = self.waited.values().sum();
        let median_s = self.nearest(visits, 50)?;
        Some(Waiting { visits, median_s, p90_s: self.nearest(visits, 90)? })
    }

    /// The least number of seconds within which so many percent of the visits lie (nearest rank).
    fn nearest(&self, visits: u64, percent: u64) -> Option<u32> {
        let rank = (visits * percent).div_ceil(100);
        let mut below = 0;
        self.waited.iter().filter(|(_, count)| **count > 0).find_map(|(seconds, count)| {
            below += count;
            (below >= rank).then_some(*seconds)
        })
    }
}

impl Spread {
    fn add(&mut self, week: usize, part: Part, count: u64) {
        match part {
            Part::All => {
                self.total += count;
                if let Some(of_week) = self.by_week.get_mut(week) {
                    *of_week += count;
                }
            }
            Part::Counter(name) => *self.by_counter.entry(name).or_default() += count,
            Part::Hour(hour) => *self.by_hour.entry(hour).or_default() += count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    #[test]
    fn whole_weeks_are_counted_and_no_others() {
        let mut figures = Figures::of_weeks(day("2026-03-04"), day("2026-03-16"));
        assert_eq!(figures.weeks, [day("2026-03-02"), day("2026-03-09"), day("2026-03-16")]);
        for (week, count) in [("2026-02-23", 100), ("2026-03-02", 2), ("2026-03-16", 3), ("2026-03-23", 100)] {
            figures.add(day(week), &Counted::Visits, Part::All, count);
        }
        assert_eq!((figures.visits.total, figures.visits.by_week.as_slice()), (5, [2, 0, 3].as_slice()));
    }

    #[test]
    fn the_median_is_a_value_that_was_measured() {
        let mut figures = Figures::of_weeks(day("2026-03-02"), day("2026-03-02"));
        assert_eq!(figures.waiting(), None);
        for (seconds, count) in [(10, 3), (20, 1), (60, 5), (600, 1)] {
            figures.add(day("2026-03-02"), &Counted::Waited(seconds), Part::All, count);
        }
        assert_eq!(figures.waiting(), Some(Waiting { visits: 10, median_s: 60, p90_s: 60 }));
        figures.add(day("2026-03-02"), &Counted::Waited(600), Part::All, 1);
        assert_eq!(figures.waiting(), Some(Waiting { visits: 11, median_s: 60, p90_s: 600 }));
    }
}
