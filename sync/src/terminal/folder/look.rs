//! One look at the folders: what lies there, what of it is new, what waits unpicked.

use super::publish::{is_own_unfinished, read_capped};
use super::watch::Watch;
use super::{FolderSettings, Memory, lock};
use crate::terminal::door::{DoorFailure, Scan, Waiting};
use crate::terminal::file_name::{Direction, Extension, FileName};
use crate::terminal::sighting::{Look, Sort, Stamp, sort};
use crate::terminal::xml::MAX_BYTES;
use domain::Timestamp;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Most files read in one look; the rest follows in the next ones.
const MAX_READS_PER_LOOK: usize = 256;
/// Most bytes read in one look, so that a folder full of large files does not fill the memory.
const MAX_BYTES_PER_LOOK: u64 = 16 * 1024 * 1024;

/// A file as listed.
struct Entry {
    name: String,
    path: PathBuf,
    stamp: Stamp,
}

/// Looks once. New arrivals are left in memory as ready.
pub(super) fn look(settings: &FolderSettings, memory: &Mutex<Memory>, watch: &Watch) -> Result<Scan, DoorFailure> {
    let requests = list(&settings.request_dir)?;
    let mut results = list(&settings.result_dir)?;
    let face = settings.face_dir.as_deref().map(list).transpose();
    let (face, partial) = match face {
        Ok(face) => (face.unwrap_or_default(), None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    watch.ensure([Some(settings.result_dir.as_path()), settings.face_dir.as_deref()].into_iter().flatten());

    let foreign_results = results.iter().filter(|entry| sort(&settings.mark, &entry.name) == Sort::Foreign).count();
    results.extend(face.into_iter().filter(|entry| matches!(sort(&settings.mark, &entry.name), Sort::Face(_))));
    let now_ms = settings.stopwatch.elapsed_ms();
    let unread = take_in(memory, &results, now_ms);
    let waiting = waiting(settings, memory, &requests, now_ms);
    sweep_unfinished(settings, memory, &requests);
    let not_yet = lock(memory).sightings.not_yet() + unread;
    Ok(Scan { arrivals: Vec::new(), waiting, foreign_results, not_yet, partial })
}

/// Reads what is to be read and hands it to the sightings. Returns how many files could not be read this time.
fn take_in(memory: &Mutex<Memory>, entries: &[Entry], now_ms: u64) -> usize {
    let wanted = wanted(memory, entries);
    let mut budget = MAX_BYTES_PER_LOOK;
    let mut looks = Vec::new();
    for entry in wanted.iter().take(MAX_READS_PER_LOOK) {
        let Some(left) = budget.checked_sub(entry.stamp.len.min(MAX_BYTES as u64 + 1)) else { break };
        budget = left;
        looks.push(Look { name: entry.name.clone(), stamp: entry.stamp, bytes: read_capped(&entry.path).ok() });
    }
    let unread = wanted.len() - looks.iter().filter(|look| look.bytes.is_some()).count();
    let present: HashSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    lock(memory).sightings.look(looks, &present, now_ms);
    unread
}

/// What is to be read, files read before and not believed yet first.
fn wanted<'a>(memory: &Mutex<Memory>, entries: &'a [Entry]) -> Vec<&'a Entry> {
    let memory = lock(memory);
    let mut wanted: Vec<&Entry> =
        entries.iter().filter(|entry| memory.sightings.wants(&entry.name, &entry.stamp)).collect();
    wanted.sort_by_key(|entry| !memory.sightings.is_pending(&entry.name));
    wanted
}

/// Requests lying unpicked, each with the time since it was first seen.
fn waiting(settings: &FolderSettings, memory: &Mutex<Memory>, entries: &[Entry], now_ms: u64) -> Vec<Waiting> {
    let mut memory = lock(memory);
    let before = std::mem::take(&mut memory.first_seen_ms);
    let mut first_seen_ms = HashMap::new();
    let mut waiting = Vec::new();
    for entry in entries {
        let Some(file) = FileName::parse(&entry.name).filter(is_request) else { continue };
        let first_ms = before.get(&entry.name).copied().unwrap_or(now_ms);
        first_seen_ms.insert(entry.name.clone(), first_ms);
        waiting.push(Waiting {
            name: entry.name.clone(),
            ours: settings.mark.is_on(&file.suffix),
            age_ms: now_ms.saturating_sub(first_ms),
            written_at: written_at(&entry.stamp),
        });
    }
    memory.first_seen_ms = first_seen_ms;
    waiting
}

fn is_request(file: &FileName) -> bool {
    file.direction == Direction::Request && matches!(file.extension, Extension::Xml | Extension::Zip)
}

fn written_at(stamp: &Stamp) -> Option<Timestamp> {
    let ms = i64::try_from(stamp.modified_ns? / 1_000_000).ok()?;
    Some(Timestamp::from_ms(ms))
}

/// Once per process: removes unfinished files a power cut left behind, so that no patient data stays in them.
fn sweep_unfinished(settings: &FolderSettings, memory: &Mutex<Memory>, entries: &[Entry]) {
    if std::mem::replace(&mut lock(memory).swept, true) {
        return;
    }
    for entry in entries.iter().filter(|entry| is_own_unfinished(&settings.mark, &entry.name)) {
        let _ = fs::remove_file(&entry.path);
    }
}

fn list(folder: &Path) -> Result<Vec<Entry>, DoorFailure> {
    let failed = |error: io::Error| DoorFailure::of_io(&error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A folder, a name that is not text or has no ending, a file that went away meanwhile: nothing to read there.
        let Some(name) = entry.file_name().into_string().ok().filter(|name| name.contains('.')) else { continue };
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() {
            let modified_ns = metadata.modified().ok().and_then(nanoseconds);
            entries.push(Entry { name, path: entry.path(), stamp: Stamp { len: metadata.len(), modified_ns } });
        }
    }
    Ok(entries)
}

fn nanoseconds(time: SystemTime) -> Option<u128> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_nanos())
}
