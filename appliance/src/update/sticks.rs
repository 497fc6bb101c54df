//! Bundles on media that were plugged in.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How bundles are named.
const ENDING: &str = "raucb";
/// Files looked at in one folder.
const MOST: usize = 200;

/// A bundle on a medium, by its outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Found {
    pub path: PathBuf,
    pub bytes: u64,
}

/// The bundles in these folders, the newest file first: what somebody just copied there is what is meant.
pub(super) fn look(folders: &[PathBuf]) -> Vec<Found> {
    let mut found: Vec<(std::time::SystemTime, Found)> = folders.iter().flat_map(|folder| in_folder(folder)).collect();
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    found.into_iter().map(|(_, found)| found).collect()
}

fn in_folder(folder: &Path) -> Vec<(std::time::SystemTime, Found)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let bundle = |entry: std::fs::DirEntry| {
        let (path, about) = (entry.path(), entry.metadata().ok()?);
        let is_bundle = about.is_file() && path.extension().is_some_and(|ending| ending == ENDING);
        is_bundle.then(|| Some((about.modified().ok()?, Found { path, bytes: about.len() }))).flatten()
    };
    entries.take(MOST).filter_map(|entry| entry.ok().and_then(bundle)).collect()
}

/// Copies a file, durably. What is half copied when it fails is deleted.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let copied = copy_all(from, to);
    if copied.is_err()
        && let Err(error) = std::fs::remove_file(to)
    {
        tracing::debug!(%error, "a half copied bundle was not deleted");
    }
    copied
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    let (mut from, mut to) = (File::open(from)?, File::create(to)?);
    let mut piece = vec![0; 1 << 20];
    loop {
        match from.read(&mut piece)? {
            0 => return to.sync_all(),
            count => to.write_all(&piece[..count])?,
        }
    }
}
