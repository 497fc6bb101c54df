//! A fresh process: how soon after its start the first check-in is accepted, and how much memory it holds after a morning's work.

use crate::clinic::Clinic;
use crate::machine::resident_memory;
use crate::sample::Sample;
use crate::search;
use crate::sizes::Sizes;
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use web::port::Desk;

/// How often the start is measured; the slowest counts.
const STARTS: u32 = 5;
/// Most time from the start of the process to the first accepted check-in, seconds.
const START_BAR_S: f64 = 1.0;
/// Most memory, bytes.
const MEMORY_BAR: u64 = 64 * 1024 * 1024;
/// What the fresh process says when its first check-in is durable.
const ACCEPTED: &str = "accepted";

/// What the fresh process does.
#[derive(Args)]
pub struct Arguments {
    /// the filled record
    #[arg(long)]
    record: PathBuf,
    /// patients in it
    #[arg(long)]
    patients: u32,
    /// whose check-in comes first
    #[arg(long)]
    first: u32,
    /// searches afterwards
    #[arg(long)]
    searches: u32,
    /// check-ins afterwards
    #[arg(long)]
    check_ins: u32,
}

/// The fresh process: opens the record, accepts a check-in, says so, works, and says how much memory it holds.
pub fn be_the_fresh_process(arguments: &Arguments) -> anyhow::Result<()> {
    let clinic = Clinic::reopen(&arguments.record)?;
    clinic.save(clinic.return_visit(arguments.first, true, arguments.first)?)?;
    println!("{ACCEPTED}");
    for text in search::mixed(arguments.patients, arguments.searches) {
        clinic.desk.search_patients(&text)?;
    }
    for nth in 1..=arguments.check_ins {
        let index = (arguments.first + nth * 101) % arguments.patients;
        clinic.save(clinic.return_visit(index, nth % 2 == 0, arguments.first)?)?;
    }
    let (now, highest) = resident_memory();
    println!("{}", json!({ "resident_bytes": now, "highest_bytes": highest }));
    Ok(())
}

/// Measures start and memory.
pub fn measure(record: &Path, sizes: Sizes) -> anyhow::Result<Vec<Row>> {
    let mut starts = Sample::default();
    let mut cold = Vec::new();
    for nth in 0..STARTS {
        cold.push(put_out_of_cache(record));
        let run = Run { record, sizes, first: 7 + nth, searches: 0, check_ins: 0 };
        starts.extend([run.go()?.0]);
    }
    let (_, memory) = Run { record, sizes, first: 20, searches: 1_000, check_ins: 100 }.go()?;
    Ok(vec![start_row(&starts, cold.iter().all(|cold| *cold), sizes), memory_row(&memory, sizes)?])
}

struct Run<'a> {
    record: &'a Path,
    sizes: Sizes,
    first: u32,
    searches: u32,
    check_ins: u32,
}

impl Run<'_> {
    /// Time from before the process was started until its first check-in was accepted, and what it said at the end.
    fn go(&self) -> anyhow::Result<(Duration, Value)> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("fresh").arg("--record").arg(self.record);
        let numbers = [
            ("--patients", self.sizes.patients),
            ("--first", self.first),
            ("--searches", self.searches),
            ("--check-ins", self.check_ins),
        ];
        for (name, number) in numbers {
            command.arg(name).arg(number.to_string());
        }
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("the fresh process has no output")?).lines();
        let said = lines.next().context("the fresh process ended early")??;
        let took = begun.elapsed();
        ensure!(said == ACCEPTED, "the fresh process accepted nothing");
        let memory = lines.next().context("the fresh process ended before its figures")??;
        ensure!(child.wait()?.success(), "the fresh process failed");
        Ok((took, serde_json::from_str(&memory)?))
    }
}

/// Asks the system to forget the cached pages of the record, as after a reboot. Says whether it could be asked.
fn put_out_of_cache(record: &Path) -> bool {
    let forget = |file: &str| {
        let mut dd = Command::new("dd");
        dd.arg(format!("if={}", record.join(file).display())).args(["iflag=nocache", "count=0", "status=none"]);
        dd.status().is_ok_and(|status| status.success())
    };
    forget("record.db")
}

fn start_row(starts: &Sample, cold: bool, sizes: Sizes) -> Row {
    let (p50, worst) = (starts.p50_ms() / 1e3, starts.quantile_ms(1.0) / 1e3);
    let cache = if cold { "record not in the file cache" } else { "record perhaps in the file cache" };
    Row {
        what: format!("Start to first accepted check-in, {} patients", sizes.patients),
        measured: format!("{p50:.3} s, slowest of {STARTS} {worst:.3} s ({cache})"),
        bar: "≤ 1 s",
        verdict: Verdict::of(worst <= START_BAR_S),
        numbers: json!({ "p50_s": p50, "slowest_s": worst, "cold_file_cache": cold }),
    }
}

fn memory_row(memory: &Value, sizes: Sizes) -> anyhow::Result<Row> {
    let bytes = |name: &str| memory[name].as_u64().filter(|bytes| *bytes > 0).context("the memory could not be read");
    let (now, highest) = (bytes("resident_bytes")?, bytes("highest_bytes")?);
    let megabytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    Ok(Row {
        what: format!("Resident memory, {} patients, 1,000 searches, 100 check-ins", sizes.patients),
        measured: format!("{:.1} MB, highest {:.1} MB", megabytes(now), megabytes(highest)),
        bar: "≤ 64 MB",
        verdict: Verdict::of(highest <= MEMORY_BAR),
        numbers: memory.clone(),
    })
}
