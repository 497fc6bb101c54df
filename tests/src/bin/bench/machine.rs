//! What the machine is, and what this process has used of it. Read from `/proc`.

use crate::floor::Floor;
use anyhow::Context;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Facts of the machine that the figures depend on, the cost of one barrier among them.
pub fn facts(folder: &Path) -> anyhow::Result<Value> {
    let floor = Floor::in_folder(folder)?.sample(300)?;
    Ok(json!({
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "processor": field_of("/proc/cpuinfo", "model name"),
        "memory": field_of("/proc/meminfo", "MemTotal"),
        "kernel": std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
        "load_average": std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next(),
        "filesystem": filesystem_of(folder),
        "fdatasync_p50_ms": floor.p50_ms(),
        "fdatasync_p99_ms": floor.p99_ms(),
    }))
}

fn field_of(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// The kind of the filesystem that the folder lies on: that of the longest mount point above it.
fn filesystem_of(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = std::fs::read_to_string("/proc/mounts").ok()?;
    let above = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        folder.starts_with(point).then(|| (point.len(), kind.to_owned()))
    });
    above.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

/// Processor time of all living threads of this process so far. Threads that have ended are not in it: measure between two moments
/// in which the same threads live.
pub fn processor_time() -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir("/proc/self/task").context("/proc cannot be read")? {
        let schedule = std::fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += schedule.split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Resident memory of this process now and at its highest, bytes.
pub fn resident_memory() -> (u64, u64) {
    let bytes = |name| {
        let field = field_of("/proc/self/status", name)?;
        field.trim_end_matches(" kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    (bytes("VmRSS").unwrap_or(0), bytes("VmHWM").unwrap_or(0))
}
