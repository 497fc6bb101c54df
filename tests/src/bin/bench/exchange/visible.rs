//! From a check-in at one box until the other box shows it, while eight counters write.

use super::Stage;
use super::box_pair::{BoxPair, Station};
use crate::clinic::{first_visit, staff};
use crate::sample::Sample;
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use domain::fact::VisitId;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use web::port::{Desk, DeskCommand};

const COUNTERS: u32 = 8;
/// Between two check-ins at one counter: far busier than any clinic, and not so busy that queueing is all that is measured.
const PACE: Duration = Duration::from_millis(250);
/// Most time for 99 of 100.
const P99_MS: f64 = 100.0;
/// How much slower the last third may be than the first.
const FLAT: f64 = 1.5;
/// After which a visit that is not seen is lost.
const PATIENCE: Duration = Duration::from_secs(120);

/// Half of the counters stand at each box.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let waits = stage.runtime.block_on(async {
        let pair = BoxPair::open(stage, 200).await?;
        pair.fill_second(async |far| Ok(far)).await?;
        let called = pair.first.exchange(None).await?;
        let calling = pair.second.exchange(Some(called.address)).await?;
        connected(&calling).await?;
        let waits = counters(&pair, stage.sizes.writing).await?;
        calling.close().await;
        called.close().await;
        pair.close().await;
        anyhow::Ok(waits)
    })?;
    let third = waits.len() / 3;
    let sample = |part: &[Duration]| {
        let mut sample = Sample::default();
        sample.extend(part.iter().copied());
        sample
    };
    let (all, early, late) = (sample(&waits), sample(&waits[..third]), sample(&waits[waits.len() - third..]));
    let over = late.p99_ms() / early.p99_ms();
    let minutes = stage.sizes.writing.as_secs_f64() / 60.0;
    Ok(vec![
        Row {
            what: format!("Counter to counter, {COUNTERS} writing for {minutes:.1} min, {} check-ins", waits.len()),
            measured: format!("p50 {:.1} ms, p99 {:.1} ms", all.p50_ms(), all.p99_ms()),
            bar: "p99 ≤ 100 ms",
            verdict: Verdict::of(all.p99_ms() <= P99_MS),
            numbers: json!({ "p50_ms": all.p50_ms(), "p99_ms": all.p99_ms(), "check_ins": waits.len() }),
        },
        Row {
            what: "Counter to counter, p99 of the last third beside the first".to_owned(),
            measured: format!("{over:.2} times ({:.1} ms, {:.1} ms)", early.p99_ms(), late.p99_ms()),
            bar: "flat: ≤ 1.5 times",
            verdict: Verdict::of(over <= FLAT),
            numbers: json!({ "first_third_p99_ms": early.p99_ms(), "last_third_p99_ms": late.p99_ms() }),
        },
    ])
}

async fn connected(calling: &uketsuke::exchange::Exchange) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !calling.standings().iter().any(|standing| standing.connected) {
        ensure!(begun.elapsed() < PATIENCE, "the boxes do not find each other");
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// How long each check-in took to be seen at the other box, in the order they were seen.
async fn counters(pair: &BoxPair, writing: Duration) -> anyhow::Result<Vec<Duration>> {
    let mut working = JoinSet::new();
    let (to_second, at_second) = mpsc::unbounded_channel();
    let (to_first, at_first) = mpsc::unbounded_channel();
    for counter in 0..COUNTERS {
        let (station, told) =
            if counter % 2 == 0 { (&pair.first, to_second.clone()) } else { (&pair.second, to_first.clone()) };
        working.spawn(counter_at(station.desk.clone(), counter, writing, told));
    }
    drop((to_first, to_second));
    let (first, second) = tokio::try_join!(watched(&pair.first, at_first), watched(&pair.second, at_second))?;
    while let Some(ended) = working.join_next().await {
        ended??;
    }
    let mut waits: Vec<(Instant, Duration)> = first.into_iter().chain(second).collect();
    waits.sort_unstable();
    Ok(waits.into_iter().map(|(_, wait)| wait).collect())
}

async fn counter_at(
    desk: uketsuke::desk::RunningDesk,
    counter: u32,
    writing: Duration,
    told: mpsc::UnboundedSender<(VisitId, Instant)>,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    // Counters are not in step.
    sleep(PACE * counter / COUNTERS).await;
    let mut pace = interval(PACE);
    let mut person = 10_000 * (counter + 1);
    while begun.elapsed() < writing {
        pace.tick().await;
        let visit = DeskCommand::CheckIn(Box::new(first_visit(person, desk.now().date_in_japan())));
        let saved = desk.submit(&staff(), None, visit).await?;
        told.send((saved.visit.context("no visit was made")?, Instant::now()))?;
        person += 1;
    }
    Ok(())
}

/// Sees visits of the other box appear.
async fn watched(
    station: &Station,
    mut told: mpsc::UnboundedReceiver<(VisitId, Instant)>,
) -> anyhow::Result<Vec<(Instant, Duration)>> {
    let mut revisions = station.desk.watch();
    let mut waiting: Vec<(VisitId, Instant)> = Vec::new();
    let (mut seen, mut open) = (Vec::new(), true);
    while open || !waiting.is_empty() {
        tokio::select! {
            next = told.recv(), if open => match next {
                Some(next) => waiting.push(next),
                None => open = false,
            },
            changed = timeout(PATIENCE, revisions.changed()) => changed.context("a visit never appeared")??,
        }
        // Those seen earlier than they were told of took no time at all.
        let now = Instant::now();
        let mut still = Vec::new();
        for (visit, since) in waiting.drain(..) {
            if station.shows(&visit)? {
                seen.push((now, now.saturating_duration_since(since)));
            } else {
                still.push((visit, since));
            }
        }
        waiting = still;
    }
    Ok(seen)
}
