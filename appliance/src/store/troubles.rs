//! Troubles counted in the survey's categories: of visits from their facts, of readers as they told of them. No name, no number.

use super::{Reading, Stored, Writing};
use domain::fact::VisitId;
use domain::trouble::Trouble;
use domain::visit::{VisitState, VisitStatus};
use domain::{Date, Timestamp};
use rusqlite::params;
use std::collections::BTreeMap;
use web::port::{MONTHS_SHOWN, TroubleCounts, TroubleReport};

impl Writing<'_> {
    /// Rewrites which troubles a visit met. One that was entered by mistake met none.
    pub(super) fn write_troubles(&self, visit: &VisitId, state: &VisitState) -> Stored<()> {
        let Some(day) = state.visit_date().filter(|_| state.status() != VisitStatus::Voided) else { return Ok(()) };
        for trouble in &state.troubles {
            self.transaction
                .prepare_cached("INSERT INTO visit_trouble (visit, trouble, month) VALUES (?1, ?2, ?3)")?
                .execute(params![visit.as_str(), trouble.code(), month(day)])?;
        }
        Ok(())
    }

    /// Adds troubles that readers told of.
    pub(super) fn count_reader_troubles(&self, count: u32, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO reader_trouble (month, count) VALUES (?1, ?2) \
                 ON CONFLICT (month) DO UPDATE SET count = count + excluded.count",
            )?
            .execute(params![month(now.date_in_japan()), count])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// Troubles by month up to the month of a day, and in all.
    pub fn troubles(&self, today: Date) -> Stored<TroubleReport> {
        let visits = self.months("SELECT trouble, month, count(*) FROM visit_trouble GROUP BY trouble, month")?;
        let readers = self.months("SELECT 'reader', month, count FROM reader_trouble")?;
        let months: Vec<Date> = months_back(today).collect();
        let none = BTreeMap::new();
        let of = |by_month: &BTreeMap<String, u64>| TroubleCounts {
            by_month: months.iter().map(|day| by_month.get(&month(*day)).copied().unwrap_or(0)).collect(),
            total: by_month.values().sum(),
        };
        let of_visits = |trouble: &Trouble| (*trouble, of(visits.get(trouble.code()).unwrap_or(&none)));
        let first = visits.values().chain(readers.values()).flat_map(BTreeMap::keys).min();
        Ok(TroubleReport {
            visits: Trouble::ALL.iter().map(of_visits).collect(),
            readers: of(readers.values().next().unwrap_or(&none)),
            since: first.and_then(|month| Date::parse(&format!("{month}-01"))),
            months,
        })
    }

    /// Counts by category and month.
    fn months(&self, query: &str) -> Stored<BTreeMap<String, BTreeMap<String, u64>>> {
        let mut statement = self.connection.prepare_cached(query)?;
        let mut rows = statement.query([])?;
        let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let count = u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
            counts.entry(row.get(0)?).or_default().insert(row.get(1)?, count);
        }
        Ok(counts)
    }
}

/// The first days of this month and those before it, newest first.
fn months_back(today: Date) -> impl Iterator<Item = Date> {
    let first_of = |day: Date| day.plus_days(1 - i32::from(day.day()));
    std::iter::successors(Some(first_of(today)), move |first| Some(first_of(first.plus_days(-1)))).take(MONTHS_SHOWN)
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_go_back_over_the_new_year() {
        let months: Vec<String> = months_back(Date::literal(2027, 1, 31)).take(3).map(month).collect();
        assert_eq!(months, ["2027-01", "2026-12", "2026-11"]);
    }
}
