//! The fault report and the call sheet as papers. Nothing about patients.

use super::period::Period;
use super::{JOURNAL_LINES, LINES, Line, Row, faults};
use crate::lang::Lang;
use crate::port::{Desk, DeviceItem, DeviceLamp, DevicesView, JournalEntry, LinkReport, Reading};
use crate::settings::WebSettings;
use crate::show;
use crate::words::ReportWords;
use domain::link::{Link, LinkStatus};
use paper::{CallSheet, FaultNow, FaultReport, Happened, Part};

const JA: Lang = Lang::Ja;
/// Width of the drawing on the screen, in its own units.
const SCREEN_WIDTH: i64 = 700;
/// What the box tried today, on the call sheet: as much as can be read out on the phone.
const TRIED: usize = 8;

struct Seen {
    journal: Vec<JournalEntry>,
    links: LinkReport,
    devices: DevicesView,
    lines: Vec<Line>,
    period: Period,
}

fn look(desk: &dyn Desk, days: i32) -> Reading<Seen> {
    let (journal, clock) = (desk.journal(JOURNAL_LINES)?, desk.clock_history()?);
    let period = Period { lang: JA, w: ReportWords::of(JA), now: desk.now(), today: desk.today(), days };
    let devices = desk.devices().map(|devices| devices.view()).unwrap_or_default();
    let lines = period.lines(&journal, &devices.devices, &clock);
    Ok(Seen { journal, links: desk.links(), devices, lines, period })
}

/// Which part stopped, over the usual days (REQ-19).
pub fn fault_report(desk: &dyn Desk, settings: &WebSettings) -> Reading<FaultReport> {
    let w = ReportWords::of(JA);
    let seen = look(desk, Period::USUAL)?;
    let links = Link::ALL.iter().map(|link| {
        let is_good = seen.links.links.get(*link).status == LinkStatus::Up;
        part(seen.period.link_row(*link, &seen.links, &seen.journal), is_good)
    });
    let devices = seen.devices.devices.iter();
    let devices = devices.map(|item| part(seen.period.device_row(item), item.lamp == DeviceLamp::Good));
    Ok(FaultReport {
        period: w.three_days.to_owned(),
        axis: seen.period.axis().into_iter().map(|(x, name)| (thousandths(x), name)).collect(),
        parts: links.chain(devices).collect(),
        errors: faults(JA, w, &seen.links, &seen.devices.devices),
        more: u32::try_from(seen.lines.len().saturating_sub(LINES)).unwrap_or(u32::MAX),
        happened: seen.lines.iter().take(LINES).map(happened).collect(),
        settings: versions(settings).into_iter().chain(planned(&seen.devices)).collect(),
    })
}

/// What to say on the phone (REQ-21).
pub fn call_sheet(desk: &dyn Desk, settings: &WebSettings, staff: &str) -> Reading<CallSheet> {
    let seen = look(desk, 1)?;
    let today = seen.period.today;
    let links = Link::ALL.iter().filter_map(|link| {
        let state = seen.links.links.get(*link);
        state.is_down().then(|| FaultNow {
            part: show::link(JA, *link).to_owned(),
            state: show::link_status(JA, state.status).word,
            since: state.since.map(|at| show::moment(JA, at, today)).unwrap_or_default(),
            cause: state.cause.map_or("", |cause| show::cause(JA, cause)).to_owned(),
        })
    });
    let devices = seen.devices.devices.iter().filter(|item| item.lamp == DeviceLamp::Bad);
    let devices = devices.map(|item| device_fault(item, today));
    Ok(CallSheet {
        staff: staff.to_owned(),
        faults: links.chain(devices).collect(),
        tried: seen.lines.iter().take(TRIED).map(happened).collect(),
        versions: versions(settings),
    })
}

fn device_fault(item: &DeviceItem, today: domain::Date) -> FaultNow {
    FaultNow {
        part: format!("{} {}", JA.of(&item.kind), item.device),
        state: JA.of(&item.state),
        since: show::moment(JA, item.since, today),
        cause: item.fault.as_ref().map(|fault| JA.of(&fault.technician)).unwrap_or_default(),
    }
}

fn part(row: Row, is_good: bool) -> Part {
    let marks = row.marks.iter().map(|mark| (thousandths(mark.x), thousandths(mark.width))).collect();
    Part { name: row.name, state: row.chip.word, is_good, since: row.since, down: row.down, marks }
}

fn thousandths(x: i64) -> u32 {
    u32::try_from(x.clamp(0, SCREEN_WIDTH) * 1000 / SCREEN_WIDTH).unwrap_or(0)
}

fn happened(line: &Line) -> Happened {
    Happened { at: line.at.clone(), part: line.part.clone(), what: line.what.clone(), detail: line.detail.clone() }
}

fn versions(settings: &WebSettings) -> Vec<(String, String)> {
    let w = ReportWords::of(JA);
    vec![
        (w.product.to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        (w.rules.to_owned(), settings.rules.version().to_owned()),
    ]
}

fn planned(devices: &DevicesView) -> impl Iterator<Item = (String, String)> {
    devices.restarts.iter().map(|restart| (JA.of(&restart.what), restart.line.clone()))
}
