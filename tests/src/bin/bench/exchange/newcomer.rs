//! A box that comes new to a clinic of some age: what it takes with snapshots, and what it would take without.

use super::Stage;
use crate::clinic::{fill, settings, staff};
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use domain::visit::{CardSeen, VisitCommand};
use domain::{Date, Timestamp};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::feed::{EndReason, Feed, Limits, Pulling, Serving, ServingStep};
use tests::facility::let_in;
use uketsuke::clock::Clock;
use uketsuke::desk::{Input, RunningDesk};
use uketsuke::store::StoreLocation;
use web::port::{Desk, DeskCommand};

/// Single changes of each visit after the check-in.
const CHANGES: i16 = 9;
/// Nights after which every box has made what it makes.
const NIGHTS: i32 = 4;

/// What one newcomer took.
struct Taken {
    bytes: usize,
    records: u32,
    took: Duration,
}

/// Measures the same clinic before the first snapshot was made, and after.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let (without, with) = stage.runtime.block_on(both(stage))?;
    let (fewer_bytes, faster) =
        (without.bytes as f64 / with.bytes as f64, without.took.as_secs_f64() / with.took.as_secs_f64());
    let tell = |taken: &Taken| {
        format!("{:.2} MB, {} records, {:.1} s", taken.bytes as f64 / 1e6, taken.records, taken.took.as_secs_f64())
    };
    Ok(vec![Row {
        what: format!("Newcomer at {} visits of {} changes each, from snapshots", stage.sizes.newcomer, CHANGES + 1),
        measured: format!(
            "{fewer_bytes:.1} times fewer bytes, {faster:.1} times faster: {}; without snapshots {}",
            tell(&with),
            tell(&without)
        ),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({
            "bytes": with.bytes, "records": with.records, "seconds": with.took.as_secs_f64(),
            "bytes_without": without.bytes, "records_without": without.records,
            "seconds_without": without.took.as_secs_f64(),
            "bytes_ratio": fewer_bytes, "time_ratio": faster,
        }),
    }])
}

async fn both(stage: &Stage) -> anyhow::Result<(Taken, Taken)> {
    let folder = stage.passing()?;
    let at = |name: &str| -> anyhow::Result<std::path::PathBuf> {
        let path = folder.path().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    };
    let first = at("first")?;
    fill(&StoreLocation::in_folder(&first)?, stage.sizes.newcomer).await?;
    let clock = Clock::by_hand(Clock::wall().now());
    let desk = RunningDesk::start(&StoreLocation::in_folder(&first)?, settings(), clock.clone())?;
    work_on_every_visit(&desk).await?;
    let without = newcomer(&desk, &at("without")?, &clock).await?;
    for _ in 0..NIGHTS {
        let next = clock.now().date_in_japan().plus_days(1);
        clock.set(Timestamp::in_japan(next, 2, 0, 0));
        while desk.inbox().send(Input::MakeSnapshots).await.context("the desk has stopped")?? {}
    }
    let with = newcomer(&desk, &at("with")?, &clock).await?;
    desk.stop().await;
    Ok((without, with))
}

async fn work_on_every_visit(desk: &RunningDesk) -> anyhow::Result<()> {
    let today = desk.clock().now().date_in_japan();
    let mut visits = Vec::new();
    let mut day = today.plus_days(-400);
    while day <= today {
        visits.extend(desk.board(day)?.rows.into_iter().map(|row| row.visit));
        day = day.plus_days(1);
    }
    for visit in visits {
        for year in 0..CHANGES {
            let expiry = Date::new(2030 + year, 1, 5);
            let seen = VisitCommand::NoteCard(CardSeen { certificate_expiry: expiry, registered: None });
            desk.submit(&staff(), None, DeskCommand::Visit { visit: visit.clone(), commands: vec![seen] }).await?;
        }
    }
    Ok(())
}

/// Lets a box in and has it read everything. What it knows then must be what the first knows.
async fn newcomer(first: &RunningDesk, folder: &Path, clock: &Clock) -> anyhow::Result<Taken> {
    let_in(first, folder, "2番").await;
    let second = RunningDesk::start(&StoreLocation::in_folder(folder)?, settings(), clock.clone())?;
    let feed =
        |desk: &RunningDesk| Arc::new(Feed::new(Arc::new(desk.log()), desk.vault().gate().clone(), Limits::default()));
    let (here, there, now) = (feed(&second), feed(first), clock.now());
    let taken = tokio::task::spawn_blocking(move || read_everything(&here, &there, now)).await??;
    let rows = |desk: &RunningDesk| desk.readers().read(|reading| reading.dump_read_model());
    ensure!(rows(&second)? == rows(first)?, "the newcomer does not know the same");
    second.stop().await;
    Ok(taken)
}

/// Without a line between them: every byte that would travel is counted, and the time is that of both boxes.
fn read_everything(here: &Feed, there: &Feed, now: Timestamp) -> anyhow::Result<Taken> {
    let begun = Instant::now();
    let (mut bytes, mut records) = (0, 0);
    loop {
        let (mut pulling, request) = Pulling::start(here, there.log().owner(), 0)?;
        let (mut serving, answer) = Serving::start(there, &request, now)?;
        bytes += request.len() + answer.len();
        pulling.receive(here, &answer)?;
        let reason = loop {
            match serving.step(there)? {
                ServingStep::Send(answer) => {
                    bytes += answer.len();
                    pulling.receive(here, &answer)?;
                }
                ServingStep::CaughtUp => break EndReason::CaughtUp,
                ServingStep::End(reason) => break reason,
            }
        };
        let end = serving.end(reason)?;
        bytes += end.len();
        pulling.receive(here, &end)?;
        records += pulling.tally().stored;
        if pulling.end() == Some(EndReason::CaughtUp) {
            return Ok(Taken { bytes, records, took: begun.elapsed() });
        }
    }
}
