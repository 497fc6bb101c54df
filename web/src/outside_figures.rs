//! The figures as they may leave the house: counts only, small cells covered. Counters have no names in them, because people type those.

use crate::port::{Statistics, StatisticsQuery};
use domain::Date;
use domain::tally::Spread;
use domain::text::Text;
use std::fmt::Write;

/// Cells below this stay in the house.
const LEAST: u64 = 5;
/// Weeks shown when nobody says otherwise, and at most.
pub const WEEKS: i32 = 13;
const MOST_WEEKS: i32 = 106;

/// What may be told of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// as it is
    Count(u64),
    /// one to four
    Small,
    /// covered, because a small one could be worked out from it
    BesideSmall,
}

/// One line of the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `visits`, `trouble`, `reader`, `evidence`, `waiting_s`
    pub section: &'static str,
    /// which of it
    pub code: String,
    /// in words
    pub name: Text,
    /// `all`, `week`, `counter`, `hour`
    pub part: &'static str,
    /// which of these
    pub value: String,
    /// how many
    pub cell: Cell,
    /// sites of the survey that met it, per thousand
    pub sites_per_thousand: Option<u16>,
}

/// The days asked for, or nothing when they make no period of at most two years.
pub fn read_range(from: Option<&str>, to: Option<&str>, today: Date) -> Option<StatisticsQuery> {
    let day = |text: Option<&str>, else_day: Date| match text.filter(|text| !text.is_empty()) {
        Some(text) => crate::api::wire::time::parse_day(text),
        None => Some(else_day),
    };
    let to = day(to, today)?;
    let from = day(from, to.plus_days(-7 * (WEEKS - 1)))?;
    let days = from.days_until(to);
    (0..=7 * MOST_WEEKS).contains(&days).then_some(StatisticsQuery { from, to })
}

/// Covers what is small, and one cell beside it when it alone would be missing from the total.
fn cover(counts: &[u64]) -> Vec<Cell> {
    let mut cells: Vec<Cell> =
        counts.iter().map(|count| if (1..LEAST).contains(count) { Cell::Small } else { Cell::Count(*count) }).collect();
    if cells.iter().filter(|cell| **cell == Cell::Small).count() == 1 {
        let open = |cell: &&mut Cell| matches!(cell, Cell::Count(count) if *count > 0);
        let least = cells.iter_mut().filter(open).min_by_key(|cell| match cell {
            Cell::Count(count) => *count,
            _ => u64::MAX,
        });
        least.into_iter().for_each(|cell| *cell = Cell::BesideSmall);
    }
    cells
}

/// All lines.
pub fn rows(statistics: &Statistics) -> Vec<Row> {
    let figures = &statistics.figures;
    let visits = Text::new("受付", "visits");
    let mut rows = spread("visits", "visits", &visits, None, &figures.visits, statistics);
    for (category, met) in &figures.met {
        let (code, name) = (category.code(), category.name());
        rows.extend(spread("trouble", &code, &name, category.sites_per_thousand(), met, statistics));
    }
    for reader in &statistics.readers {
        let name = Text::new(reader.reader.clone(), reader.reader.clone());
        let part = |part, values: Vec<String>, counts: &[u64]| {
            lines("reader", &reader.reader, &name, None, part, values, counts)
        };
        let hours = reader.by_hour.keys().map(ToString::to_string).collect();
        rows.extend(part("all", vec![String::new()], &[reader.total()]));
        rows.extend(part("week", weeks(statistics), &reader.by_week));
        rows.extend(part("hour", hours, &reader.by_hour.values().copied().collect::<Vec<_>>()));
    }
    let counts: Vec<u64> = figures.evidence.values().copied().collect();
    for (kind, cell) in figures.evidence.keys().zip(cover(&counts)) {
        let name = Text::new(kind.label_ja(), kind.label_en());
        rows.push(Row { cell, ..line("evidence", kind.code(), &name, None, "all", String::new()) });
    }
    if let Some(waiting) = figures.waiting().filter(|waiting| waiting.visits >= LEAST) {
        let (ja, en) = ("到着から受付まで（秒）", "arrival to acceptance, seconds");
        let name = Text::new(ja, en);
        for (code, seconds) in [("median", waiting.median_s), ("p90", waiting.p90_s)] {
            let cell = Cell::Count(u64::from(seconds));
            rows.push(Row { cell, ..line("waiting_s", code, &name, None, "all", String::new()) });
        }
    }
    rows
}

fn weeks(statistics: &Statistics) -> Vec<String> {
    statistics.figures.weeks.iter().map(ToString::to_string).collect()
}

fn spread(
    section: &'static str,
    code: &str,
    name: &Text,
    sites: Option<u16>,
    spread: &Spread,
    statistics: &Statistics,
) -> Vec<Row> {
    let figures = &statistics.figures;
    let part = |part, values, counts: &[u64]| lines(section, code, name, sites, part, values, counts);
    let of_counter = |name: &&str| spread.by_counter.get(*name).copied().unwrap_or(0);
    let counters: Vec<u64> = figures.counters().iter().map(of_counter).collect();
    let hours: Vec<u64> = figures.hours().iter().map(|hour| spread.by_hour.get(hour).copied().unwrap_or(0)).collect();
    let numbered = (1..=counters.len()).map(|number| number.to_string()).collect();
    let mut rows = part("all", vec![String::new()], &[spread.total]);
    rows.extend(part("week", weeks(statistics), &spread.by_week));
    rows.extend(part("counter", numbered, &counters));
    rows.extend(part("hour", figures.hours().iter().map(ToString::to_string).collect(), &hours));
    rows
}

fn lines(
    section: &'static str,
    code: &str,
    name: &Text,
    sites: Option<u16>,
    part: &'static str,
    values: Vec<String>,
    counts: &[u64],
) -> Vec<Row> {
    let cells = cover(counts);
    let row = |(value, cell)| Row { cell, ..line(section, code, name, sites, part, value) };
    values.into_iter().zip(cells).map(row).collect()
}

fn line(section: &'static str, code: &str, name: &Text, sites: Option<u16>, part: &'static str, value: String) -> Row {
    let sites_per_thousand = sites.filter(|_| part == "all");
    Row { section, code: code.to_owned(), name: name.clone(), part, value, cell: Cell::Count(0), sites_per_thousand }
}

/// The lines as a file for a spreadsheet: UTF-8 with its mark, lines ended as RFC 4180 says.
pub fn csv(statistics: &Statistics) -> String {
    let mut text = "\u{FEFF}section,code,name_ja,name_en,part,value,count,covered,survey_sites_percent\r\n".to_owned();
    for row in rows(statistics) {
        let (count, covered) = match row.cell {
            Cell::Count(count) => (count.to_string(), ""),
            Cell::Small => (format!("<{LEAST}"), "small"),
            Cell::BesideSmall => ("-".to_owned(), "beside_small"),
        };
        let sites = row.sites_per_thousand.map(percent).unwrap_or_default();
        let (ja, en) = (quoted(&row.name.ja), quoted(&row.name.en));
        let Row { section, code, part, value, .. } = row;
        let _ = write!(text, "{section},{code},{ja},{en},{part},{value},{count},{covered},{sites}\r\n");
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A share in thousandths: `43.9`.
pub fn percent(per_thousand: u16) -> String {
    format!("{}.{}", per_thousand / 10, per_thousand % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Cell::{BesideSmall, Count, Small};

    #[test]
    fn small_cells_are_covered_and_cannot_be_worked_out() {
        assert_eq!(cover(&[0, 5, 12]), [Count(0), Count(5), Count(12)]);
        assert_eq!(cover(&[0, 4, 12, 30]), [Count(0), Small, BesideSmall, Count(30)]);
        assert_eq!(cover(&[1, 4, 12]), [Small, Small, Count(12)]);
        assert_eq!(cover(&[3, 0]), [Small, Count(0)]);
    }

    #[test]
    fn a_period_has_an_order_and_a_longest_length() {
        let today = Date::literal(2026, 3, 2);
        let range = |from, to| read_range(Some(from), Some(to), today);
        assert_eq!(read_range(None, Some(""), today).map(|range| range.from), Some(Date::literal(2025, 12, 8)));
        assert!(range("2026-01-01", "2026-01-01").is_some() && range("2026-01-02", "2026-01-01").is_none());
        assert!(range("2026-02-30", "").is_none() && range("2020-01-01", "2026-01-01").is_none());
    }
}
