//! The figures of a site: what each visit adds, summed by week, so that reading them costs the same with any number of visits.

use super::{DocumentId, Reading, Stored, Writing};
use domain::fact::VisitId;
use domain::tally::{Counted, Figures, Part, Tally, week_of};
use domain::trouble::Trouble;
use domain::visit::{VisitFact, VisitState};
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};
use web::port::{EndedVisit, ReaderTroubles, Statistics, StatisticsQuery};

/// Most visits of a kind that are named with their reason.
const NAMED: usize = 50;

type Place = (String, &'static str, String, String);

/// Everything a visit is counted in.
fn places(tally: Option<&Tally>) -> BTreeSet<Place> {
    let Some(tally) = tally else { return BTreeSet::new() };
    let place = |(counted, part): (Counted, Part)| {
        let (what, which) = counted.code();
        (tally.week.to_string(), what, which, part.code())
    };
    tally.counted().into_iter().map(place).collect()
}

impl Writing<'_> {
    /// What a visit was counted as until now; to be asked before its row is written anew.
    pub(super) fn tally_of(&self, visit: &VisitId) -> Stored<Option<Tally>> {
        let mut statement = self.transaction.prepare_cached("SELECT tally FROM visit_row WHERE visit = ?1")?;
        let text: Option<Option<String>> = statement.query_row([visit.as_str()], |row| row.get(0)).optional()?;
        Ok(text.flatten().as_deref().and_then(Tally::from_text))
    }

    /// Counts a visit as it stands now instead of as it was counted before. Its row must have been written.
    pub(super) fn write_tally(&self, visit: &VisitId, before: Option<&Tally>, state: &VisitState) -> Stored<()> {
        let tally = Tally::of(state);
        self.transaction
            .prepare_cached("UPDATE visit_row SET tally = ?2 WHERE visit = ?1")?
            .execute(params![visit.as_str(), tally.as_ref().map(Tally::to_text)])?;
        self.recount(before, tally.as_ref())
    }

    /// A visit that is forgotten is counted no more. Its row must still stand.
    pub(super) fn unwrite_tally(&self, visit: &VisitId) -> Stored<()> {
        let before = self.tally_of(visit)?;
        self.recount(before.as_ref(), None)
    }

    fn recount(&self, before: Option<&Tally>, now: Option<&Tally>) -> Stored<()> {
        let (before, now) = (places(before), places(now));
        for (week, what, which, part) in before.difference(&now) {
            self.transaction
                .prepare_cached(
                    "UPDATE tally_count SET count = count - 1 WHERE week = ?1 AND what = ?2 AND which = ?3 AND part = ?4",
                )?
                .execute(params![week, what, which, part])?;
            self.transaction
                .prepare_cached(
                    "DELETE FROM tally_count WHERE week = ?1 AND what = ?2 AND which = ?3 AND part = ?4 AND count <= 0",
                )?
                .execute(params![week, what, which, part])?;
        }
        for (week, what, which, part) in now.difference(&before) {
            self.transaction
                .prepare_cached(
                    "INSERT INTO tally_count (week, what, which, part, count) VALUES (?1, ?2, ?3, ?4, 1) \
                     ON CONFLICT (week, what, which, part) DO UPDATE SET count = count + 1",
                )?
                .execute(params![week, what, which, part])?;
        }
        Ok(())
    }

    /// Adds troubles that a reader told of.
    pub(super) fn count_reader_troubles_of(&self, device: &str, count: u32, now: Timestamp) -> Stored<()> {
        let (week, hour) = (week_of(now.date_in_japan()), now.time_in_japan().0);
        self.transaction
            .prepare_cached(
                "INSERT INTO reader_trouble_of (week, device, hour, count) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (week, device, hour) DO UPDATE SET count = count + excluded.count",
            )?
            .execute(params![week.to_string(), device, hour, count])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// The figures of the weeks that hold these days.
    pub fn statistics(&self, query: &StatisticsQuery) -> Stored<Statistics> {
        let mut figures = Figures::of_weeks(query.from, query.to);
        let mut statement = self
            .connection
            .prepare_cached("SELECT week, what, which, part, count FROM tally_count WHERE week BETWEEN ?1 AND ?2")?;
        let (first, last) = (week_of(query.from), week_of(query.to));
        let mut rows = statement.query([first.to_string(), last.to_string()])?;
        while let Some(row) = rows.next()? {
            let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            let count = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
            let counted = Counted::from_code(text(1)?, text(2)?);
            if let (Some(week), Some(counted), Some(part)) = (Date::parse(text(0)?), counted, Part::from_code(text(3)?))
            {
                figures.add(week, &counted, part, count);
            }
        }
        let ended = |trouble| self.ended(trouble, first, last.plus_days(6), figures.of(trouble) > 0);
        let (in_full, left) = (ended(Trouble::FullCharge)?, ended(Trouble::LeftWithoutCare)?);
        let readers = self.reader_troubles(&figures.weeks)?;
        Ok(Statistics { figures, readers, in_full, left })
    }

    fn reader_troubles(&self, weeks: &[Date]) -> Stored<Vec<ReaderTroubles>> {
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return Ok(Vec::new()) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT week, device, hour, count FROM reader_trouble_of WHERE week BETWEEN ?1 AND ?2")?;
        let mut rows = statement.query([first.to_string(), last.to_string()])?;
        let mut readers: BTreeMap<String, ReaderTroubles> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let device: String = row.get(1)?;
            let none =
                || ReaderTroubles { reader: device.clone(), by_week: vec![0; weeks.len()], by_hour: BTreeMap::new() };
            let known = readers.entry(device.clone()).or_insert_with(none);
            let count = u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0);
            let week = Date::parse(&row.get::<_, String>(0)?).and_then(|week| weeks.binary_search(&week).ok());
            if let Some(of_week) = week.and_then(|at| known.by_week.get_mut(at)) {
                *of_week += count;
            }
            *known.by_hour.entry(row.get(2)?).or_default() += count;
        }
        Ok(readers.into_values().collect())
    }

    /// Visits of these days that were asked for 10割 or left without care, newest first, with the reason somebody gave.
    fn ended(&self, trouble: Trouble, first: Date, last: Date, any: bool) -> Stored<Vec<EndedVisit>> {
        if !any {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT t.visit FROM visit_trouble t JOIN visit_row v ON v.visit = t.visit WHERE t.trouble = ?1 \
             AND t.month BETWEEN substr(?2, 1, 7) AND substr(?3, 1, 7) AND v.visit_date BETWEEN ?2 AND ?3 AND v.tally IS NOT NULL \
             ORDER BY t.month DESC, v.visit_date DESC, t.visit DESC LIMIT ?4",
        )?;
        let values = params![trouble.code(), first.to_string(), last.to_string(), NAMED as i64];
        let visits = statement.query_map(values, |row| row.get::<_, String>(0))?;
        let mut ended = Vec::new();
        for visit in visits {
            let visit = VisitId::new(visit?);
            let state = VisitState::fold(self.facts::<VisitFact>(&DocumentId::Visit(visit.clone()))?);
            let reason = if trouble == Trouble::FullCharge { &state.full_charge } else { &state.left_without_care };
            let Some((reason, opened)) = reason.clone().zip(state.opened) else { continue };
            ended.push(EndedVisit { visit, day: opened.visit_date, counter: opened.counter, reason });
        }
        Ok(ended)
    }
}
