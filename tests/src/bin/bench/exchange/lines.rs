//! The reconnect over lines as clinics have them: a mobile phone's edge, a village's, and one that breaks every ninety seconds.

use super::Stage;
use super::line::Quality;
use super::peer_store::{PeerStore, Which};
use super::reconnect::reconnects;
use crate::table::{Row, Verdict};
use serde_json::json;
use std::time::Duration;

const LINES: [(&str, Quality); 3] = [
    (
        "30 kbit/s, 600 ms",
        Quality { bits_per_s: Some(30_000), round_trip: Duration::from_millis(600), cut_every: None },
    ),
    (
        "1 Mbit/s, 80 ms",
        Quality { bits_per_s: Some(1_000_000), round_trip: Duration::from_millis(80), cut_every: None },
    ),
    (
        "30 kbit/s, 600 ms, cut every 90 s",
        Quality {
            bits_per_s: Some(30_000),
            round_trip: Duration::from_millis(600),
            cut_every: Some(Duration::from_secs(90)),
        },
    ),
];

/// Ours, and PouchDB beside it where it is installed. There is no bar: said so that people can judge.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let (patients, changed) = (stage.sizes.at_lines, stage.sizes.changed);
    let mut rows = Vec::new();
    for (name, quality) in LINES {
        let ours = stage.runtime.block_on(reconnects(stage, patients, 1, quality))?;
        let line_s = quality.bits_per_s.map_or(0.0, |bits| ours.sealed * 8.0 / bits as f64);
        let theirs = match &stage.peers {
            None => None,
            Some(installed) => Some(stage.runtime.block_on(async {
                let mut store = PeerStore::start(installed, &stage.folder, Which::Pouch, patients, changed).await?;
                store.fill().await?;
                // The first fill is not what is measured here, and would take the line an hour.
                store.line_becomes(quality);
                let took = store.reconnect().await?;
                store.end().await?;
                anyhow::Ok(took)
            })?),
        };
        let beside =
            theirs.map_or(String::new(), |took| format!("; PouchDB {:.2} s, {:.1} kB", took.seconds, took.bytes / 1e3));
        rows.push(Row {
            what: format!("Reconnect over {name}, {changed} of {patients} patients changed"),
            measured: format!(
                "{:.2} s, {:.1} kB; the sealed changes alone take the line {line_s:.2} s{beside}",
                ours.seconds,
                ours.bytes / 1e3,
            ),
            bar: "",
            verdict: Verdict::Told,
            numbers: json!({
                "seconds": ours.seconds, "bytes": ours.bytes, "sealed_bytes": ours.sealed,
                "pouch_seconds": theirs.map(|took| took.seconds), "pouch_bytes": theirs.map(|took| took.bytes),
            }),
        });
    }
    Ok(rows)
}
