//! A copy of the record before a new version opens it for the first time. It lies under the key of the record, in the data folder; it
//! opens with nothing once that key was renewed because something had to be forgotten, and it goes after two weeks.

use super::settings::RunningVersion;
use crate::store::{StoreError, StoreLocation, Stored};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use sync::update::Version;

/// Copies that are kept.
const KEPT: usize = 2;
/// How long a copy is kept.
const KEPT_FOR: Duration = Duration::from_secs(14 * 86_400);
const BEGINNING: &str = "record-before-";

/// The folder of updates in the data folder.
pub fn folder_in(data: &Path) -> PathBuf {
    data.join("updates")
}

/// Copies the record when this version has not opened it yet. A copy that fails is said and is no reason to turn patients away: the
/// record itself is changed in one transaction, and only by adding to it.
///
/// Returns the copy that was made.
pub fn before_first_start(location: &StoreLocation, running: &RunningVersion) -> Option<PathBuf> {
    let folder = folder_in(location.folder());
    let last = std::fs::read_to_string(RunningVersion::file(&folder)).ok();
    let last = last.as_deref().and_then(Version::parse);
    if last == Some(running.0) {
        return None;
    }
    let copied = match copy(location, &folder, last, running.0) {
        Ok(copied) => copied,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the record could not be copied before this version opens it; it goes on without"
            );
            None
        }
    };
    if let Err(error) = note(&folder, running.0) {
        tracing::error!(%error, "which version opened the record was not written down");
    }
    copied
}

fn copy(location: &StoreLocation, folder: &Path, last: Option<Version>, running: Version) -> Stored<Option<PathBuf>> {
    if !location.folder().join("record.db").exists() {
        return Ok(None);
    }
    std::fs::create_dir_all(folder).map_err(unusable)?;
    let from = last.map_or_else(|| "first".to_owned(), |last| last.to_string());
    let path = folder.join(format!("{BEGINNING}{running}-from-{from}.db"));
    let half_made = folder.join("record-copy.tmp");
    remove(&half_made).and_then(|()| remove(&path)).map_err(unusable)?;
    location.copy_record(&half_made)?;
    File::open(&half_made).and_then(|file| file.sync_all()).map_err(unusable)?;
    std::fs::rename(&half_made, &path).map_err(unusable)?;
    tidy(folder, SystemTime::now()).map_err(unusable)?;
    Ok(Some(path))
}

/// Deletes copies that are too many or too old.
///
/// # Errors
/// The folder cannot be used.
pub fn tidy(folder: &Path, now: SystemTime) -> io::Result<()> {
    let mut all: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(BEGINNING)) {
            all.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    all.sort_by(|(a, _), (b, _)| b.cmp(a));
    for (at, (made, path)) in all.iter().enumerate() {
        if at >= KEPT || now.duration_since(*made).is_ok_and(|age| age > KEPT_FOR) {
            remove(path)?;
        }
    }
    Ok(())
}

fn note(folder: &Path, running: Version) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (path, half_made) = (RunningVersion::file(folder), folder.join("opened-by.new"));
    let mut file = File::create(&half_made)?;
    file.write_all(running.to_string().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(half_made, path)?;
    File::open(folder)?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn unusable(error: io::Error) -> StoreError {
    StoreError::Key(error.to_string())
}
