//! Troubles in the categories of the national survey, by month.

use crate::lang::Lang;
use crate::port::{TroubleCounts, TroubleReport};
use crate::show;
use crate::words::TroubleWords;
use askama::Template;
use domain::Date;

#[derive(Template)]
#[template(path = "part/troubles.html")]
pub struct Troubles {
    w: &'static TroubleWords,
    months: Vec<String>,
    rows: Vec<Row>,
    since: String,
}

/// One category.
struct Row {
    name: String,
    counts: Vec<u64>,
    total: u64,
    sites: String,
    /// something was counted
    met: bool,
}

impl Troubles {
    /// The counts of this month and some before it, and in all.
    pub fn of(lang: Lang, report: &TroubleReport, months: usize) -> Troubles {
        let w = TroubleWords::of(lang);
        let row = |name: String, counts: &TroubleCounts, sites: Option<u16>| Row {
            name,
            counts: counts.by_month.iter().take(months).copied().collect(),
            total: counts.total,
            sites: sites.map(|sites| format!("{}.{} %", sites / 10, sites % 10)).unwrap_or_default(),
            met: counts.total > 0,
        };
        let visits = report
            .visits
            .iter()
            .map(|(trouble, counts)| row(lang.of(&trouble.name()), counts, trouble.sites_per_thousand()));
        let readers = row(w.told_by_readers.to_owned(), &report.readers, None);
        Troubles {
            w,
            months: report.months.iter().take(months).map(|month| named(lang, *month)).collect(),
            rows: visits.chain([readers]).collect(),
            since: report.since.map(|month| show::day(lang, month)).unwrap_or_default(),
        }
    }
}

fn named(lang: Lang, month: Date) -> String {
    lang.pick(format!("{}月", month.month()), format!("{}-{:02}", month.year(), month.month()))
}
