//! Figures of the machine and of this process, from where Linux shows them.

use super::text::{Exposition, Kind};
use std::path::Path;

/// Ticks of the processor's time in a second, as Linux has them for every program.
const TICKS: f64 = 100.0;

pub(super) fn write(page: &mut Exposition, data: &Path) {
    if let Ok(room) = rustix::fs::statvfs(data) {
        page.family("uketsuke_data_disk_free_bytes", Kind::Gauge, "Room left where the record lies")
            .whole(&[], room.f_bavail.saturating_mul(room.f_frsize));
        page.family("uketsuke_data_disk_size_bytes", Kind::Gauge, "Size of the disk the record lies on")
            .whole(&[], room.f_blocks.saturating_mul(room.f_frsize));
    }
    page.family("uketsuke_database_size_bytes", Kind::Gauge, "Size of the record, and of the log beside it");
    for (part, name) in [("database", "record.db"), ("log", "record.db-wal")] {
        let bytes = std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
        page.whole(&[("part", part)], bytes);
    }
    if let Some(bytes) = status_kib("/proc/self/status", "VmRSS:") {
        page.family("process_resident_memory_bytes", Kind::Gauge, "Memory this program holds").whole(&[], bytes * 1024);
    }
    if let Some(bytes) = status_kib("/proc/meminfo", "MemAvailable:") {
        page.family("uketsuke_memory_available_bytes", Kind::Gauge, "Memory the machine could still give out")
            .whole(&[], bytes * 1024);
    }
    if let Some(seconds) = processor_seconds() {
        page.family("process_cpu_seconds_total", Kind::Counter, "Time of the processor this program used")
            .figure(&[], seconds);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        page.family("process_open_fds", Kind::Gauge, "Files and connections this program has open")
            .whole(&[], u64::try_from(open.count()).unwrap_or(u64::MAX));
    }
}

/// A line such as `VmRSS:     1234 kB`.
fn status_kib(path: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15 of `/proc/self/stat`; the name in brackets may hold spaces.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}
