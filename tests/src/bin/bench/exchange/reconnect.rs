//! A box comes back after fifty records were changed: what that takes must depend on the fifty, not on how many patients there are.

use super::Stage;
use super::box_pair::BoxPair;
use super::line::{Quality, ShapedLine};
use super::peer_store::{PeerStore, Which};
use crate::sample::median;
use crate::table::{Row, Verdict};
use serde_json::json;
use std::time::Instant;

/// How often each is measured; the middle counts.
const TIMES: u32 = 5;
/// Most time with the most patients, as a part of that with the fewest.
const FLAT: f64 = 1.2;
/// Most bytes, as a part of the sealed changes.
const BYTES: f64 = 1.5;
/// How much faster than automerge-repo.
const BESIDE_AUTOMERGE: f64 = 50.0;
/// Most time as a part of PouchDB's.
const BESIDE_POUCH: f64 = 1.5;

/// What one reconnect took.
#[derive(Clone, Copy, Debug)]
pub struct Reconnect {
    /// from the call until everything is durable and merged
    pub seconds: f64,
    /// carried in both directions
    pub bytes: f64,
    /// what the sealed changes themselves are
    pub sealed: f64,
}

/// Fills two boxes and brings the second back so many times over a line of this quality, the middle of each.
pub async fn reconnects(stage: &Stage, patients: u32, times: u32, quality: Quality) -> anyhow::Result<Reconnect> {
    let pair = BoxPair::open(stage, patients).await?;
    pair.fill_second(async |far| Ok(far)).await?;
    let mut each = Vec::new();
    for turn in 0..times {
        each.push(reconnect(&pair, patients, stage.sizes.changed, turn, quality).await?);
    }
    pair.close().await;
    let middle = |of: fn(&Reconnect) -> f64| median(each.iter().map(of).collect());
    Ok(Reconnect {
        seconds: middle(|one| one.seconds),
        bytes: middle(|one| one.bytes),
        sealed: middle(|one| one.sealed),
    })
}

async fn reconnect(
    pair: &BoxPair,
    patients: u32,
    changed: u32,
    turn: u32,
    quality: Quality,
) -> anyhow::Result<Reconnect> {
    let (before, had) = (pair.first.end()?, pair.second.end()?);
    pair.first.change(patients, changed, turn).await?;
    let (sealed, new) = (pair.first.sealed_bytes_after(before)?, pair.first.end()? - before);
    let called = pair.first.exchange(None).await?;
    let line = ShapedLine::lay(called.address, quality).await?;
    let begun = Instant::now();
    let calling = pair.second.exchange(Some(line.near)).await?;
    pair.second.grown_to(had + new).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = line.take_carried() as f64;
    calling.close().await;
    called.close().await;
    Ok(Reconnect { seconds, bytes, sealed: sealed as f64 })
}

/// Measures ours at every size, and the other stores at theirs.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let sizes = &stage.sizes;
    let mut all = sizes.patients.clone();
    all.extend([sizes.beside_automerge, sizes.beside_pouch]);
    all.sort_unstable();
    all.dedup();
    let mut ours = Vec::new();
    let mut rows = Vec::new();
    for patients in all {
        let one = stage.runtime.block_on(reconnects(stage, patients, TIMES, Quality::BEST))?;
        rows.push(told(patients, sizes.changed, one));
        ours.push((patients, one));
    }
    let at = |patients: u32| ours.iter().find(|(size, _)| *size == patients).map(|(_, one)| *one);
    if let (Some(&few), Some(&many)) = (sizes.patients.first(), sizes.patients.last())
        && let (Some(of_few), Some(of_many)) = (at(few), at(many))
    {
        rows.push(flat("time", (few, of_few.seconds), (many, of_many.seconds)));
        rows.push(flat("bytes", (few, of_few.bytes), (many, of_many.bytes)));
    }
    if let Some(one) = at(sizes.beside_automerge)
        && let Some(took) = peer(stage, Which::Automerge, sizes.beside_automerge)?
    {
        let times = took.seconds / one.seconds;
        rows.push(beside(
            "automerge-repo",
            sizes.beside_automerge,
            took,
            times,
            "≥ 50 times faster",
            times >= BESIDE_AUTOMERGE,
        ));
    }
    if let Some(one) = at(sizes.beside_pouch)
        && let Some(took) = peer(stage, Which::Pouch, sizes.beside_pouch)?
    {
        let part = one.seconds / took.seconds;
        rows.push(beside("PouchDB", sizes.beside_pouch, took, part, "≤ 1.5 times its time", part <= BESIDE_POUCH));
    }
    Ok(rows)
}

fn peer(stage: &Stage, which: Which, patients: u32) -> anyhow::Result<Option<Reconnect>> {
    let Some(installed) = &stage.peers else { return Ok(None) };
    stage.runtime.block_on(async {
        let mut store = PeerStore::start(installed, &stage.folder, which, patients, stage.sizes.changed).await?;
        store.fill().await?;
        let mut each = Vec::new();
        for _ in 0..TIMES {
            each.push(store.reconnect().await?);
        }
        store.end().await?;
        let middle = |of: fn(&Reconnect) -> f64| median(each.iter().map(of).collect());
        Ok(Some(Reconnect { seconds: middle(|one| one.seconds), bytes: middle(|one| one.bytes), sealed: 0.0 }))
    })
}

fn told(patients: u32, changed: u32, one: Reconnect) -> Row {
    let part = one.bytes / one.sealed;
    Row {
        what: format!("Reconnect, {changed} of {patients} patients changed"),
        measured: format!("{:.1} ms, {:.1} kB, {part:.2} times the sealed changes", one.seconds * 1e3, one.bytes / 1e3),
        bar: "bytes ≤ 1.5 times the sealed changes",
        verdict: Verdict::of(part <= BYTES),
        numbers: json!({ "patients": patients, "seconds": one.seconds, "bytes": one.bytes, "sealed_bytes": one.sealed }),
    }
}

fn flat(what: &str, (few, of_few): (u32, f64), (many, of_many): (u32, f64)) -> Row {
    let part = of_many / of_few;
    Row {
        what: format!("Reconnect, {what} with {many} patients beside {few}"),
        measured: format!("{part:.2} times"),
        bar: "≤ 1.2 times",
        verdict: Verdict::of(part <= FLAT),
        numbers: json!({ "few": of_few, "many": of_many }),
    }
}

fn beside(name: &str, patients: u32, took: Reconnect, figure: f64, bar: &'static str, met: bool) -> Row {
    Row {
        what: format!("Reconnect beside {name}, {patients} patients"),
        measured: format!("{figure:.2} times; {name} {:.1} ms, {:.1} kB", took.seconds * 1e3, took.bytes / 1e3),
        bar,
        verdict: Verdict::of(met),
        numbers: json!({ "peer_seconds": took.seconds, "peer_bytes": took.bytes, "ratio": figure }),
    }
}
