//! Every page of the desk, asked of the real program over a full record; what the first paint of the board carries; and how soon a
//! change at one counter stands on the screens of ten others.

mod session;

use crate::sample::Sample;
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use session::{Reception, Session};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How often each page is asked for.
const TIMES_EACH: u32 = 100;
/// What the slowest of a hundred may take, milliseconds.
const PAGE_BAR_MS: f64 = 50.0;
/// Most bytes of the board and of everything it loads.
const BOARD_BAR_BYTES: usize = 150_000;
/// Counters with the board open.
const COUNTERS: usize = 10;
/// Changes that are waited for.
const CHANGES: u32 = 100;
/// What the slowest of a hundred may take to stand on another counter's screen, milliseconds.
const SCREEN_BAR_MS: f64 = 100.0;
/// Longest wait for one change on every screen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pages without an id in their path.
const PAGES: [&str; 22] = [
    "/",
    "/check-in",
    "/follow-ups",
    "/follow-ups/insurers",
    "/queue",
    "/links",
    "/links/sheet",
    "/devices",
    "/devices/report",
    "/shelf",
    "/rules",
    "/claims",
    "/prints",
    "/apart",
    "/disaster",
    "/sync",
    "/backups",
    "/forgetting",
    "/staff",
    "/trail",
    "/me",
    "/switch",
];

/// Measures the pages over a record that is filled; nobody else has it open.
pub fn measure(record: &Path) -> anyhow::Result<Vec<Row>> {
    let reception = Reception::open(record)?;
    let session = reception.sign_in()?;
    let mut rows = pages(&reception, &session)?;
    rows.push(first_paint(&session)?);
    rows.push(other_screens(&reception)?);
    Ok(rows)
}

fn pages(reception: &Reception, session: &Session) -> anyhow::Result<Vec<Row>> {
    let (day, ids) = a_full_day(reception)?;
    let mut paths: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    paths.push(format!("/?day={day}"));
    paths.push(format!("/claims?month={}", &day[..7]));
    let mut measured: Vec<(String, Sample)> = Vec::new();
    for path in paths {
        measured.push((path.clone(), ask(session, std::iter::repeat_n(path, TIMES_EACH as usize))?));
    }
    for (shown, of) in [("/visits/…", "visit"), ("/patients/…", "patient"), ("/claims/…", "visit")] {
        let folder = shown.trim_end_matches('…');
        let some = ids.iter().cycle().take(TIMES_EACH as usize);
        let paths = some.map(|row| format!("{folder}{}", row[of].as_str().unwrap_or_default()));
        measured.push((shown.to_owned(), ask(session, paths)?));
    }
    measured.sort_by(|one, other| other.1.p99_ms().total_cmp(&one.1.p99_ms()));
    let (slowest, sample) = measured.first().context("no pages")?;
    let others: Vec<String> =
        measured[1..].iter().take(4).map(|(path, sample)| format!("{path} {:.1}", sample.p99_ms())).collect();
    Ok(vec![Row {
        what: format!("{} pages of the desk, p99 of the slowest", measured.len()),
        measured: format!(
            "{slowest} {:.1} ms (p50 {:.1}); then {}",
            sample.p99_ms(),
            sample.p50_ms(),
            others.join(", ")
        ),
        bar: "≤ 50 ms",
        verdict: Verdict::of(sample.p99_ms() <= PAGE_BAR_MS),
        numbers: measured
            .iter()
            .map(|(path, sample)| (path.clone(), json!({ "p50_ms": sample.p50_ms(), "p99_ms": sample.p99_ms() })))
            .collect(),
    }])
}

/// The newest day before today on which people came, and who.
fn a_full_day(reception: &Reception) -> anyhow::Result<(String, Vec<Value>)> {
    let mut day = uketsuke::clock::Clock::wall().now().date_in_japan();
    for _ in 0..30 {
        day = day.plus_days(-1);
        let board = reception.program().get(&format!("/board?day={day}"));
        let rows = board["rows"].as_array().cloned().unwrap_or_default();
        if rows.len() >= 50 {
            return Ok((day.to_string(), rows));
        }
    }
    anyhow::bail!("the record holds no full day")
}

fn ask(session: &Session, paths: impl Iterator<Item = String>) -> anyhow::Result<Sample> {
    let mut sample = Sample::default();
    for path in paths {
        let (status, body) = sample.time(|| session.get(&path))?;
        ensure!(status == 200 && !body.is_empty(), "{path} answered {status}");
    }
    Ok(sample)
}

fn first_paint(session: &Session) -> anyhow::Result<Row> {
    let (_, page) = session.get("/")?;
    let mut bytes = page.len();
    let mut assets: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assets.iter_mut().for_each(|asset| *asset = asset.split('#').next().unwrap_or(asset));
    assets.sort_unstable();
    assets.dedup();
    for asset in &assets {
        bytes += session.get(asset)?.1.len();
    }
    Ok(Row {
        what: format!("First paint of the board: the page and {} assets", assets.len()),
        measured: format!("{:.1} KB", bytes as f64 / 1e3),
        bar: "≤ 150 KB",
        verdict: Verdict::of(bytes <= BOARD_BAR_BYTES),
        numbers: json!({ "bytes": bytes }),
    })
}

/// Ten counters listen and load the board anew whenever they are told to, as the desk's own page does.
fn other_screens(reception: &Reception) -> anyhow::Result<Row> {
    let (seen, screens) = channel();
    let markers = session::Marker::default();
    for _ in 0..COUNTERS {
        reception.sign_in()?.watch_board(markers.clone(), seen.clone())?;
    }
    let mut sample = Sample::default();
    for nth in 0..CHANGES {
        let name = format!("計測 {nth:03}号");
        markers.set(&name);
        let begun = Instant::now();
        reception.check_in(nth, &name)?;
        sample.extend(everywhere(&screens, &name)?.into_iter().map(|at| at - begun));
    }
    Ok(Row {
        what: format!("A change on the screens of {COUNTERS} other counters, p99"),
        measured: format!("{:.1} ms, p50 {:.1} ms, from sending it", sample.p99_ms(), sample.p50_ms()),
        bar: "≤ 100 ms",
        verdict: Verdict::of(sample.p99_ms() <= SCREEN_BAR_MS),
        numbers: json!({ "p50_ms": sample.p50_ms(), "p99_ms": sample.p99_ms() }),
    })
}

fn everywhere(screens: &Receiver<(String, Instant)>, name: &str) -> anyhow::Result<Vec<Instant>> {
    let mut at = Vec::with_capacity(COUNTERS);
    while at.len() < COUNTERS {
        let (shown, when) = screens.recv_timeout(PATIENCE).context("a screen never showed the change")?;
        if shown == name {
            at.push(when);
        }
    }
    Ok(at)
}
