//! The fault report (REQ-19): one page that shows which part stopped, for vendors and call centres. Nothing about patients.

pub mod on_paper;
mod period;

use super::troubles::Troubles;
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Desk, DeviceItem, LinkReport};
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::ReportWords;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::Date;
use domain::link::Link;
use period::Period;
use serde::Deserialize;

/// Entries of the journal that are looked at.
const JOURNAL_LINES: u32 = 2_000;
/// Lines of the time line on one page of the screen; the first of them fit on one sheet with the rest.
const LINES: usize = 100;
/// Months of troubles: half a year fits across the paper.
const MONTHS: usize = 6;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Frame,
    w: &'static ReportWords,
    made: String,
    periods: Vec<Choice>,
    rows: Vec<Row>,
    axis: Vec<(i64, String)>,
    errors: Vec<(String, String)>,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    troubles: Troubles,
    settings: Vec<(String, String)>,
}

/// A period that may be chosen.
struct Choice {
    href: String,
    name: &'static str,
    is_chosen: bool,
}

/// What the address asks for.
#[derive(Deserialize)]
pub struct Wish {
    days: Option<i32>,
    /// pages of the time line before this one
    after: Option<usize>,
}

/// One link or device over the period.
struct Row {
    name: String,
    chip: Chip,
    since: String,
    down: String,
    marks: Vec<Mark>,
    label: String,
}

/// A piece of a row: a time in which it was down, or a moment at which it changed.
struct Mark {
    class: &'static str,
    x: i64,
    width: i64,
}

/// One event, whatever part it happened to.
struct Line {
    ms: i64,
    at: String,
    part: String,
    what: String,
    detail: String,
}

/// `GET /devices/report`
pub async fn report(State(app): State<App>, who: SignedIn, Query(wish): Query<Wish>) -> Result<Response, PageError> {
    let recorded = |desk: &dyn Desk| Ok((desk.journal(JOURNAL_LINES)?, desk.clock_history()?, desk.troubles()?));
    let (journal, clock, troubles) = app.read(recorded).await?;
    let (lang, w) = (who.lang, ReportWords::of(who.lang));
    let frame = Frame { path: "/devices/report".to_owned(), ..Frame::of(&app, &who, "devices", w.title) };
    let links = app.desk.links();
    let days = Period::chosen(wish.days);
    let period = Period { lang, w, now: frame.now, today: frame.today, days };
    let devices = &frame.devices.devices;
    let link_rows = Link::ALL.iter().map(|link| period.link_row(*link, &links, &journal));
    let lines = period.lines(&journal, devices, &clock);
    let after = wish.after.unwrap_or(0).min(lines.len().saturating_sub(1) / LINES);
    let turned = |after: usize| format!("/devices/report?days={days}&after={after}");
    page(&ReportPage {
        w,
        made: show::moment(lang, frame.now, Date::literal(1900, 1, 1)),
        periods: Period::CHOICES.map(|choice| offered(w, choice, days)).into(),
        rows: link_rows.chain(devices.iter().map(|item| period.device_row(item))).collect(),
        axis: period.axis(),
        errors: faults(lang, w, &links, devices),
        newer: after.checked_sub(1).map(turned),
        older: (lines.len() > (after + 1) * LINES).then(|| turned(after + 1)),
        lines: lines.into_iter().skip(after * LINES).take(LINES).collect(),
        troubles: Troubles::of(lang, &troubles, MONTHS),
        settings: settings(&app, &frame, w, &links),
        page: frame,
    })
}

fn offered(w: &'static ReportWords, days: i32, chosen: i32) -> Choice {
    let name = match days {
        1 => w.today,
        3 => w.three_days,
        _ => w.fourteen_days,
    };
    Choice { href: format!("/devices/report?days={days}"), name, is_chosen: days == chosen }
}

/// What is wrong now, in technicians' words.
fn faults(lang: Lang, w: &ReportWords, links: &LinkReport, devices: &[DeviceItem]) -> Vec<(String, String)> {
    let clock = links.clock_impossible.then(|| (w.clock.to_owned(), w.clock_wrong.to_owned()));
    let faulty = devices.iter().filter_map(|item| Some((item, item.fault.as_ref()?)));
    clock.into_iter().chain(faulty.map(|(item, fault)| (item.device.clone(), lang.of(&fault.technician)))).collect()
}

/// What a vendor asks first: versions and the settings that matter.
fn settings(app: &App, frame: &Frame, w: &ReportWords, links: &LinkReport) -> Vec<(String, String)> {
    let yes = |yes: bool| if yes { w.yes } else { w.no }.to_owned();
    let (unpicked, _) = links.unpicked;
    let fixed = [
        (w.product, env!("CARGO_PKG_VERSION").to_owned()),
        (w.rules, app.settings.rules.version().to_owned()),
        (w.site, app.settings.site_name.clone()),
        (w.demo, yes(app.settings.demo)),
        (w.encrypted, yes(app.settings.secure_cookies)),
        (w.probed, links.probed_at.map(|at| show::moment(frame.lang, at, frame.today)).unwrap_or_default()),
        (w.unpicked, unpicked.to_string()),
    ];
    let planned = frame.devices.restarts.iter().map(|restart| (frame.lang.of(&restart.what), restart.line.clone()));
    fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(planned).collect()
}
