//! The first fill of a new box: patients per second, until they are durable, merged and can be searched.

use super::Stage;
use super::box_pair::BoxPair;
use super::peer_store::{PeerStore, Which};
use crate::table::{Row, Verdict};
use serde_json::json;

/// Patients per second as a part of PouchDB's.
const BESIDE_POUCH: f64 = 1.0;
/// … and of automerge-repo's.
const BESIDE_AUTOMERGE: f64 = 10.0;

/// Measures ours, and the other stores beside it.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let sizes = &stage.sizes;
    let ours = stage.runtime.block_on(async {
        let pair = BoxPair::open(stage, sizes.fill).await?;
        let took = pair.fill_second(async |far| Ok(far)).await?;
        let records = pair.first.records()?;
        pair.close().await;
        anyhow::Ok((f64::from(sizes.fill) / took.as_secs_f64(), f64::from(records) / took.as_secs_f64()))
    })?;
    let mut rows = vec![Row {
        what: format!("First fill, {} patients with a visit each", sizes.fill),
        measured: format!("{:.0} patients/s, {:.0} sealed records/s", ours.0, ours.1),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({ "patients_per_s": ours.0, "records_per_s": ours.1 }),
    }];
    let peers = [
        (Which::Pouch, "PouchDB", sizes.fill, "≥ 1 times its patients/s", BESIDE_POUCH),
        (
            Which::Automerge,
            "automerge-repo",
            sizes.fill_beside_automerge,
            "≥ 10 times its patients/s",
            BESIDE_AUTOMERGE,
        ),
    ];
    for (which, name, patients, bar, least) in peers {
        let Some(installed) = &stage.peers else { continue };
        let seconds = stage.runtime.block_on(async {
            let mut store = PeerStore::start(installed, &stage.folder, which, patients, sizes.changed).await?;
            let filled = store.fill().await?;
            store.end().await?;
            anyhow::Ok(filled.seconds)
        })?;
        let theirs = f64::from(patients) / seconds;
        let times = ours.0 / theirs;
        rows.push(Row {
            what: format!("First fill beside {name}, {patients} patients"),
            measured: format!("{times:.2} times; {name} {theirs:.0} patients/s"),
            bar,
            verdict: Verdict::of(times >= least),
            numbers: json!({ "peer_patients_per_s": theirs, "ratio": times }),
        });
    }
    Ok(rows)
}
