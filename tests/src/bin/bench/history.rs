//! One check-in with little history and with much, in turns.

use crate::clinic::Clinic;
use crate::machine::processor_time;
use crate::sample::{Sample, median};
use crate::sizes::Sizes;
use crate::table::{Row, Verdict};
use serde_json::json;
use std::time::Instant;

/// How often the two take turns.
const TURNS: u32 = 10;
/// Check-ins in one turn.
const IN_A_TURN: u32 = 40;
/// How many times the cost may be with much history.
const TIMES: f64 = 1.2;

#[derive(Default)]
struct Cost {
    processor_ms: Vec<f64>,
    wall: Sample,
}

/// Measures both records.
pub fn measure(small: &Clinic, large: &Clinic, sizes: Sizes) -> anyhow::Result<Vec<Row>> {
    let (mut little, mut much) = (Cost::default(), Cost::default());
    for turn in 0..TURNS {
        take(small, turn, &mut little)?;
        take(large, 100 + turn, &mut much)?;
    }
    let (few, many) = (sizes.few_visits, sizes.patients);
    let processor = (median(little.processor_ms), median(much.processor_ms));
    let wall = (little.wall.p50_ms(), much.wall.p50_ms());
    Ok(vec![
        row(format!("Check-in at {few} and at {many} visits: processor time"), processor),
        row(format!("Check-in at {few} and at {many} visits: wall, p50"), wall),
    ])
}

/// The first check-ins of a turn warm the caches that the other record has just cooled.
fn take(clinic: &Clinic, turn: u32, cost: &mut Cost) -> anyhow::Result<()> {
    let mut visits = clinic.return_visits(turn, IN_A_TURN + 5)?;
    for visit in visits.split_off(IN_A_TURN as usize) {
        clinic.save(visit)?;
    }
    let before = processor_time()?;
    let mut wall = Vec::with_capacity(visits.len());
    for visit in visits {
        let begun = Instant::now();
        clinic.save(visit)?;
        wall.push(begun.elapsed());
    }
    cost.processor_ms.push((processor_time()? - before).as_secs_f64() * 1e3 / f64::from(IN_A_TURN));
    cost.wall.extend(wall);
    Ok(())
}

fn row(what: String, (little, much): (f64, f64)) -> Row {
    let times = much / little;
    Row {
        what,
        measured: format!("{little:.3} ms and {much:.3} ms: {times:.2}×"),
        bar: "≤ 1.2×",
        verdict: Verdict::of(times <= TIMES),
        numbers: json!({ "few_visits_ms": little, "many_visits_ms": much, "times": times }),
    }
}
