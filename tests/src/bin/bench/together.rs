//! Eight desks at once, against SQLite with one commit for every row, in turns.

use crate::clinic::{Clinic, ReturnVisit};
use crate::peer::Peer;
use crate::sample::median;
use crate::sizes::Sizes;
use crate::table::{Row, Verdict};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// Desks, and threads of the peer.
const DESKS: u32 = 8;
/// How often the two take turns; the middle counts.
const TURNS: u32 = 3;
/// How many times the peer's throughput the desks must reach.
const TIMES: f64 = 3.0;

/// Measures the throughput.
pub fn measure(clinic: &Clinic, folder: &Path, sizes: Sizes) -> anyhow::Result<Vec<Row>> {
    let peer = Peer::in_folder(folder)?;
    let each = (sizes.check_ins / DESKS).max(25);
    let rows_before = clinic.rows()?;
    let (mut rows, mut check_ins, mut per_commit) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 1..=TURNS {
        rows.push(peer.rows_per_second(DESKS, each)?);
        let (per_second, together) = one_turn(clinic, turn, each)?;
        check_ins.push(per_second);
        per_commit.push(together);
    }
    let rows_each = f64::from(clinic.rows()? - rows_before) / f64::from(TURNS * DESKS * each);
    let (rows, check_ins) = (median(rows), median(check_ins));
    Ok(vec![against_rows(check_ins, rows), against_same_rows(check_ins, rows, rows_each), barriers(median(per_commit))])
}

/// Check-ins per second, and how many shared one commit.
fn one_turn(clinic: &Clinic, turn: u32, each: u32) -> anyhow::Result<(f64, f64)> {
    let mut visits = clinic.return_visits(turn, DESKS * each)?;
    let desks: Vec<Vec<ReturnVisit>> = (0..DESKS).map(|_| visits.split_off(visits.len() - each as usize)).collect();
    let revisions = clinic.desk.watch();
    let first = *revisions.borrow();
    let begun = Instant::now();
    clinic.save_at_desks(desks)?;
    let per_second = f64::from(DESKS * each) / begun.elapsed().as_secs_f64();
    let commits = *revisions.borrow() - first;
    Ok((per_second, f64::from(DESKS * each) / commits as f64))
}

fn against_rows(check_ins: f64, rows: f64) -> Row {
    let times = check_ins / rows;
    Row {
        what: "8 desks at once: whole check-ins against single-row commits".to_owned(),
        measured: format!("{check_ins:.0} check-ins/s, peer {rows:.0} rows/s: {times:.2}×"),
        bar: "≥ 3 × one commit per row",
        verdict: Verdict::of(times >= TIMES),
        numbers: json!({ "check_ins_per_second": check_ins, "peer_rows_per_second": rows, "times": times }),
    }
}

fn against_same_rows(check_ins: f64, rows: f64, rows_each: f64) -> Row {
    let times = check_ins * rows_each / rows;
    Row {
        what: "8 desks at once: the same rows, committed one by one".to_owned(),
        measured: format!("{rows_each:.1} new rows a check-in, {:.0} rows/s: {times:.2}×", check_ins * rows_each),
        bar: "≥ 3 × one commit per row",
        verdict: Verdict::of(times >= TIMES),
        numbers: json!({ "rows_per_check_in": rows_each, "rows_per_second": check_ins * rows_each, "times": times }),
    }
}

fn barriers(per_commit: f64) -> Row {
    Row {
        what: "  check-ins that share one barrier".to_owned(),
        measured: format!("{per_commit:.1}"),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({ "check_ins_per_commit": per_commit }),
    }
}
