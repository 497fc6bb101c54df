//! The fault report (REQ-19): one page that shows which part stopped, for vendors and call centres. Nothing about patients.

use super::troubles::Troubles;
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeviceItem, JournalEntry, LinkReport};
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::ReportWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::link::{Link, LinkStatus};
use domain::{Date, Timestamp};

/// Entries of the journal that are looked at.
const JOURNAL_LINES: u32 = 500;
/// Lines of the time line: what fits on the page with the rest.
const LINES: usize = 28;
/// Months of troubles: half a year fits across the paper.
const MONTHS: usize = 6;
const WEEK_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 24 * 3600 * 1000;
/// Width of the week in the drawing, and of the name of a day.
const WIDTH: i64 = 700;
const LABEL: i64 = 60;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Frame,
    w: &'static ReportWords,
    made: String,
    rows: Vec<Row>,
    days: Vec<(i64, String)>,
    errors: Vec<(String, String)>,
    lines: Vec<Line>,
    troubles: Troubles,
    settings: Vec<(String, String)>,
}

/// One link or device over the week.
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
pub async fn report(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let (journal, troubles) = app.read(|desk| Ok((desk.journal(JOURNAL_LINES)?, desk.troubles()?))).await?;
    let links = app.desk.links();
    let (lang, w) = (who.lang, ReportWords::of(who.lang));
    let frame = Frame { path: "/devices/report".to_owned(), ..Frame::of(&app, &who, "devices", w.title) };
    let week = Week { lang, w, now: frame.now, today: frame.today };
    let devices = &frame.devices.devices;
    let link_rows = Link::ALL.iter().map(|link| week.link_row(*link, &links, &journal));
    page(&ReportPage {
        w,
        made: show::moment(lang, frame.now, Date::literal(1900, 1, 1)),
        rows: link_rows.chain(devices.iter().map(|item| week.device_row(item))).collect(),
        days: week.days(),
        errors: devices.iter().filter_map(|item| Some((item.device.clone(), technician(lang, item)?))).collect(),
        lines: week.lines(&journal, devices),
        troubles: Troubles::of(lang, &troubles, MONTHS),
        settings: settings(&app, &frame, w, &links),
        page: frame,
    })
}

fn technician(lang: Lang, item: &DeviceItem) -> Option<String> {
    item.fault.as_ref().map(|fault| lang.of(&fault.technician))
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

/// The seven days up to now.
struct Week {
    lang: Lang,
    w: &'static ReportWords,
    now: Timestamp,
    today: Date,
}

impl Week {
    fn link_row(&self, link: Link, report: &LinkReport, journal: &[JournalEntry]) -> Row {
        let state = report.links.get(link);
        let down = journal.iter().filter(|entry| entry.link == link && entry.status == LinkStatus::Down);
        let spans: Vec<(i64, i64)> = down.filter_map(|entry| self.span(entry)).collect();
        let down_ms: i64 = spans.iter().map(|(from, until)| until - from).sum();
        let down = if down_ms == 0 { String::new() } else { show::duration(self.lang, down_ms) };
        let name = show::link(self.lang, link).to_owned();
        Row {
            label: format!("{name}: {} {}", self.w.down, if down.is_empty() { "0" } else { &down }),
            chip: show::link_status(self.lang, state.status),
            since: state.since.map(|at| show::moment(self.lang, at, self.today)).unwrap_or_default(),
            marks: spans.into_iter().map(|(from, until)| self.down_mark(from, until)).collect(),
            name,
            down,
        }
    }

    fn device_row(&self, item: &DeviceItem) -> Row {
        let moments =
            item.history.iter().map(|change| self.since_begin(change.at)).filter(|ms| (0..=WEEK_MS).contains(ms));
        let marks: Vec<Mark> = moments.map(|ms| Mark { class: "change", x: ms * WIDTH / WEEK_MS, width: 2 }).collect();
        Row {
            label: format!("{}: {}", item.device, marks.len()),
            chip: Chip { word: self.lang.of(&item.state), ..show::device_lamp(self.lang, item.lamp) },
            since: show::moment(self.lang, item.since, self.today),
            down: String::new(),
            name: format!("{} {}", self.lang.of(&item.kind), item.device),
            marks,
        }
    }

    /// Milliseconds since the week began.
    fn since_begin(&self, at: Timestamp) -> i64 {
        WEEK_MS - self.now.since_ms(at)
    }

    /// The part of an entry that lies in the week.
    fn span(&self, entry: &JournalEntry) -> Option<(i64, i64)> {
        let from = self.since_begin(entry.from).clamp(0, WEEK_MS);
        let until = entry.until.map_or(WEEK_MS, |until| self.since_begin(until)).clamp(0, WEEK_MS);
        (from < until).then_some((from, until))
    }

    fn down_mark(&self, from: i64, until: i64) -> Mark {
        let width = ((until - from) * WIDTH / WEEK_MS).max(2);
        Mark { class: "down", x: (from * WIDTH / WEEK_MS).min(WIDTH - width), width }
    }

    /// Midnights of the week, with their days.
    fn days(&self) -> Vec<(i64, String)> {
        let midnight = |back: i64| {
            let day = self.today.plus_days(-i32::try_from(back).unwrap_or(0));
            let ms = self.since_begin(Timestamp::in_japan(day, 0, 0, 0));
            let x = ms * WIDTH / WEEK_MS;
            // a day that has hardly begun has no room for its name
            let name = if x + LABEL > WIDTH { String::new() } else { format!("{}/{}", day.month(), day.day()) };
            (x, name)
        };
        (0..7).rev().map(midnight).filter(|(x, _)| (0..WIDTH).contains(x)).collect()
    }

    /// Links and devices in one list, newest first.
    fn lines(&self, journal: &[JournalEntry], devices: &[DeviceItem]) -> Vec<Line> {
        let of_links = journal.iter().map(|entry| self.journal_line(entry));
        let of_devices = devices.iter().flat_map(|item| {
            item.history.iter().map(|change| Line {
                ms: change.at.as_ms(),
                at: show::moment(self.lang, change.at, self.today),
                part: item.device.clone(),
                what: self.lang.of(&change.what),
                detail: String::new(),
            })
        });
        let mut lines: Vec<Line> = of_links.chain(of_devices).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.ms));
        lines.truncate(LINES);
        lines
    }

    fn journal_line(&self, entry: &JournalEntry) -> Line {
        let cause = entry.cause.map(|cause| format!(" — {}", show::cause(self.lang, cause))).unwrap_or_default();
        let lasted = entry.until.map(|until| show::duration(self.lang, until.since_ms(entry.from)));
        let lasted = lasted.map(|lasted| format!("（{} {lasted}）", self.w.lasted)).unwrap_or_default();
        Line {
            ms: entry.from.as_ms(),
            at: show::moment(self.lang, entry.from, self.today),
            part: show::link(self.lang, entry.link).to_owned(),
            what: format!("{}{cause}{lasted}", show::link_status(self.lang, entry.status).word),
            detail: entry.detail.clone().unwrap_or_default(),
        }
    }
}
