//! Acceptance: from handing a check-in in to "saved", against one bare barrier of the same disk, in turns.

use crate::clinic::Clinic;
use crate::floor::Floor;
use crate::machine::processor_time;
use crate::sample::Sample;
use crate::sizes::Sizes;
use crate::table::{Row, Verdict};
use serde_json::json;
use std::path::Path;

/// Own work that is allowed on top of the barrier, milliseconds.
const OWN_MS: f64 = 0.5;
/// The same on a slow disk, as a factor.
const SLOW_DISK: f64 = 1.1;
/// What the slowest of a hundred may take: this many times the floor's own, and a millisecond.
const TAIL: f64 = 1.5;

/// Measures one desk that saves one check-in after the other.
pub fn measure(clinic: &Clinic, folder: &Path, sizes: Sizes) -> anyhow::Result<Vec<Row>> {
    let mut floor = Floor::in_folder(folder)?;
    let (mut bare, mut saved) = (Sample::default(), Sample::default());
    let visits = clinic.return_visits(0, sizes.check_ins)?;
    let before = processor_time()?;
    for visit in visits {
        bare.time(|| floor.append())?;
        saved.time(|| clinic.save(visit))?;
    }
    let processor_ms = (processor_time()? - before).as_secs_f64() * 1e3 / f64::from(sizes.check_ins);
    Ok(vec![middle(&bare, &saved), tail(&bare, &saved), processor(processor_ms)])
}

fn middle(bare: &Sample, saved: &Sample) -> Row {
    let (floor, save) = (bare.p50_ms(), saved.p50_ms());
    let (own, factor) = (save - floor, save / floor);
    Row {
        what: "Acceptance, save to durable, p50".to_owned(),
        measured: format!("{save:.3} ms, floor {floor:.3} ms: own work {own:.3} ms ({factor:.2}×)"),
        bar: "own ≤ 0.5 ms (slow disk: ≤ 1.1×)",
        verdict: Verdict::of(own <= OWN_MS || factor <= SLOW_DISK),
        numbers: json!({ "save_p50_ms": save, "floor_p50_ms": floor, "own_ms": own, "factor": factor }),
    }
}

fn tail(bare: &Sample, saved: &Sample) -> Row {
    let (floor, save) = (bare.p99_ms(), saved.p99_ms());
    let bar = TAIL * floor + 1.0;
    Row {
        what: "Acceptance, save to durable, p99".to_owned(),
        measured: format!("{save:.3} ms, floor {floor:.3} ms: bar {bar:.3} ms"),
        bar: "≤ 1.5 × floor's p99 + 1 ms",
        verdict: Verdict::of(save <= bar),
        numbers: json!({
            "save_p90_ms": saved.quantile_ms(0.9),
            "save_p99_ms": save,
            "save_max_ms": saved.quantile_ms(1.0),
            "floor_p99_ms": floor,
            "floor_max_ms": bare.quantile_ms(1.0),
            "bar_ms": bar,
        }),
    }
}

fn processor(processor_ms: f64) -> Row {
    Row {
        what: "  processor time of one save, all threads".to_owned(),
        measured: format!("{processor_ms:.3} ms"),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({ "processor_ms": processor_ms }),
    }
}
