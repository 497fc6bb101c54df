//! The figures of the site beside the survey's: what went wrong when and where, how long patients waited, on what they were received.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::outside_figures::{self, WEEKS, percent, read_range};
use crate::port::{EndedVisit, Statistics, StatisticsQuery};
use crate::session::SignedIn;
use crate::show;
use crate::words::StatisticsWords;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::Date;
use domain::tally::{Figures, Spread, week_of};
use domain::trouble::{Category, Trouble};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsPage {
    page: Frame,
    w: &'static StatisticsWords,
    from: String,
    to: String,
    shown: String,
    wrong: bool,
    ranges: Vec<(String, &'static str)>,
    file: String,
    short: Vec<Short>,
    survey: Vec<Row>,
    beside: Vec<Row>,
    tables: Vec<Table>,
    readers: Vec<Table>,
    evidence: Vec<Row>,
    ended: Vec<Ended>,
}

/// One number that is looked at first.
struct Short {
    label: &'static str,
    value: String,
    hint: &'static str,
    alarming: bool,
}

/// One line with its bars, of at most 1,000 in length.
struct Row {
    name: String,
    is_part: bool,
    count: u64,
    share: String,
    bar: u64,
    sites: String,
    sites_bar: u16,
}

/// Counts by week, counter or hour.
struct Table {
    id: &'static str,
    title: &'static str,
    columns: Vec<String>,
    lines: Vec<(String, Vec<u64>, u64)>,
}

/// Visits that ended otherwise than they should.
struct Ended {
    id: &'static str,
    title: &'static str,
    visits: Vec<(String, String, String, String)>,
}

/// The days asked for.
#[derive(Clone, Default, Deserialize)]
pub struct Wish {
    from: Option<String>,
    to: Option<String>,
}

/// `GET /statistics`
pub async fn statistics(
    State(app): State<App>,
    who: SignedIn,
    Query(wish): Query<Wish>,
) -> Result<Response, PageError> {
    let (lang, today) = (who.lang, app.desk.today());
    let w = StatisticsWords::of(lang);
    let asked = read_range(wish.from.as_deref(), wish.to.as_deref(), today);
    let last = StatisticsQuery { from: today.plus_days(-7 * (WEEKS - 1)), to: today };
    let range = asked.unwrap_or(last);
    let view = app.read(move |desk| desk.statistics(&range)).await?;
    let figures = &view.figures;
    let (first, end) = (week_of(range.from), week_of(range.to).plus_days(6));
    let of = |weeks: i32, name| (address(today.plus_days(-7 * (weeks - 1)), today), name);
    page(&StatisticsPage {
        page: Frame::of(&app, &who, "statistics", w.title),
        from: first.to_string(),
        to: end.to_string(),
        shown: show::period(lang, Some(first), Some(end)),
        wrong: asked.is_none(),
        ranges: vec![of(4, w.weeks_4), of(13, w.weeks_13), of(26, w.weeks_26), of(52, w.weeks_52)],
        file: format!("/statistics/file?from={first}&to={end}"),
        short: in_short(w, lang, figures),
        survey: rows(lang, figures, &Category::SURVEY),
        beside: rows(lang, figures, &Category::BESIDE),
        tables: tables(w, lang, figures),
        readers: of_readers(w, lang, &view),
        evidence: evidence(lang, figures),
        ended: [("in-full", w.in_full, &view.in_full), ("left", w.left, &view.left)]
            .map(|(id, title, visits)| Ended {
                id,
                title,
                visits: visits.iter().map(|visit| ended(lang, w, visit)).collect(),
            })
            .into(),
        w,
    })
}

/// `GET /statistics/file`: for associations and vendors, with small cells covered.
pub async fn file(State(app): State<App>, _: SignedIn, Query(wish): Query<Wish>) -> Result<Response, PageError> {
    let range = read_range(wish.from.as_deref(), wish.to.as_deref(), app.desk.today()).ok_or(PageError::NotFound)?;
    let view = app.read(move |desk| desk.statistics(&range)).await?;
    let name = format!("statistics-{}-{}.csv", week_of(range.from), week_of(range.to).plus_days(6));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, outside_figures::csv(&view)).into_response())
}

fn address(from: Date, to: Date) -> String {
    format!("/statistics?from={from}&to={to}")
}

fn in_short(w: &'static StatisticsWords, lang: Lang, figures: &Figures) -> Vec<Short> {
    let waiting = figures.waiting();
    let time = |seconds: Option<u32>| seconds.map_or_else(|| w.not_measured.to_owned(), |s| seconds_words(w, lang, s));
    let plain = |label, value: String| Short { label, value, hint: "", alarming: false };
    let in_full = figures.of(Trouble::FullCharge);
    vec![
        plain(w.visits, figures.visits.total.to_string()),
        plain(w.received, figures.received().to_string()),
        plain(w.median, time(waiting.map(|waiting| waiting.median_s))),
        plain(w.p90, time(waiting.map(|waiting| waiting.p90_s))),
        Short { hint: w.none_should, alarming: in_full > 0, ..plain(w.in_full, in_full.to_string()) },
        plain(w.left, figures.of(Trouble::LeftWithoutCare).to_string()),
    ]
}

/// `35秒`, `2分30秒`.
fn seconds_words(w: &'static StatisticsWords, lang: Lang, seconds: u32) -> String {
    let space = lang.pick("", " ");
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (0, rest) => format!("{rest}{space}{}", w.seconds),
        (minutes, 0) => format!("{minutes}{space}{}", w.minutes),
        (minutes, rest) => format!("{minutes}{space}{}{space}{rest}{space}{}", w.minutes, w.seconds),
    }
}

/// So many thousandths of a whole, rounded.
fn thousandths(count: u64, whole: u64) -> u16 {
    let share = (count * 2_000).checked_add(whole).and_then(|twice| twice.checked_div(whole * 2)).unwrap_or(0);
    u16::try_from(share.min(1_000)).unwrap_or(1_000)
}

fn rows(lang: Lang, figures: &Figures, categories: &[Category]) -> Vec<Row> {
    let shown = figures.met.iter().filter(|(category, _)| categories.contains(category));
    shown
        .map(|(category, met)| {
            let share = thousandths(met.total, figures.visits.total);
            let sites = category.sites_per_thousand();
            Row {
                name: lang.of(&category.name()),
                is_part: category.group.is_some(),
                count: met.total,
                share: format!("{} %", percent(share)),
                bar: u64::from(share),
                sites: sites.map(|sites| format!("{} %", percent(sites))).unwrap_or_default(),
                sites_bar: sites.unwrap_or(0),
            }
        })
        .collect()
}

fn evidence(lang: Lang, figures: &Figures) -> Vec<Row> {
    let mut kinds: Vec<_> = figures.evidence.iter().filter(|(_, count)| **count > 0).collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), **kind));
    let row = |(kind, count): (&domain::evidence::EvidenceKind, &u64)| {
        let share = thousandths(*count, figures.received());
        Row {
            name: show::evidence(lang, *kind).to_owned(),
            is_part: false,
            count: *count,
            share: format!("{} %", percent(share)),
            bar: u64::from(share),
            sites: String::new(),
            sites_bar: 0,
        }
    };
    kinds.into_iter().map(row).collect()
}

fn tables(w: &'static StatisticsWords, lang: Lang, figures: &Figures) -> Vec<Table> {
    let (counters, hours) = (figures.counters(), figures.hours());
    let weeks = figures.weeks.iter().map(|week| format!("{}/{}", week.month(), week.day())).collect();
    let name = |counter: &&str| if counter.is_empty() { w.no_counter.to_owned() } else { (*counter).to_owned() };
    let by_counter =
        |spread: &Spread| counters.iter().map(|name| spread.by_counter.get(*name).copied().unwrap_or(0)).collect();
    let by_hour = |spread: &Spread| hours.iter().map(|hour| spread.by_hour.get(hour).copied().unwrap_or(0)).collect();
    let by_week = |spread: &Spread| spread.by_week.clone();
    let table = |id, title, columns, counts: &dyn Fn(&Spread) -> Vec<u64>| {
        let met = figures.met.iter().filter(|(_, met)| met.total > 0);
        let line = |name: String, spread: &Spread| (name, counts(spread), spread.total);
        let all = line(w.all_visits.to_owned(), &figures.visits);
        let lines = [all].into_iter().chain(met.map(|(category, met)| line(lang.of(&category.name()), met)));
        Table { id, title, columns, lines: lines.collect() }
    };
    vec![
        table("by-week", w.by_week, weeks, &by_week),
        table("by-counter", w.by_counter, counters.iter().map(name).collect(), &by_counter),
        table("by-hour", w.by_hour, hours.iter().map(|hour| hour_words(lang, *hour)).collect(), &by_hour),
    ]
}

fn hour_words(lang: Lang, hour: u8) -> String {
    lang.pick(format!("{hour}時"), format!("{hour}:00"))
}

/// Readers by week, and by hour.
fn of_readers(w: &'static StatisticsWords, lang: Lang, view: &Statistics) -> Vec<Table> {
    if view.readers.is_empty() {
        return Vec::new();
    }
    let mut hours: Vec<u8> = view.readers.iter().flat_map(|reader| reader.by_hour.keys().copied()).collect();
    hours.sort_unstable();
    hours.dedup();
    let weeks = view.figures.weeks.iter().map(|week| format!("{}/{}", week.month(), week.day())).collect();
    let of_week =
        view.readers.iter().map(|reader| (reader.reader.clone(), reader.by_week.clone(), reader.total())).collect();
    let of_hour = view.readers.iter().map(|reader| {
        let counts = hours.iter().map(|hour| reader.by_hour.get(hour).copied().unwrap_or(0)).collect();
        (reader.reader.clone(), counts, reader.total())
    });
    let columns = hours.iter().map(|hour| hour_words(lang, *hour)).collect();
    vec![
        Table { id: "readers-by-week", title: w.by_week, columns: weeks, lines: of_week },
        Table { id: "readers-by-hour", title: w.by_hour, columns, lines: of_hour.collect() },
    ]
}

fn ended(lang: Lang, w: &'static StatisticsWords, visit: &EndedVisit) -> (String, String, String, String) {
    let counter = visit.counter.clone().unwrap_or_else(|| w.no_counter.to_owned());
    (format!("/visits/{}", visit.visit), show::day(lang, visit.day), counter, visit.reason.clone())
}
