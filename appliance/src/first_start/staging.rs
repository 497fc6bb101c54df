//! The place apart in which a box is made, and the one step by which it counts.
//!
//! `first-start.new` is being made. Renamed to `first-start.whole` it counts: from then on its files move up into the data folder, the
//! settings last, and every start goes on with that.

use super::SETTINGS;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const NEW: &str = "first-start.new";
const WHOLE: &str = "first-start.whole";
/// The record of a box.
const RECORD: &str = "record.db";

/// How far a data folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// nothing in it that counts
    New,
    /// it has settings: the first start is over
    Settled,
    /// a record without settings: somebody took the settings away, and nothing may be made in its place
    RecordAlone,
}

/// How far a data folder is, after what counts already was moved up.
pub fn standing(data: &Path) -> io::Result<Standing> {
    finish(data)?;
    Ok(match (data.join(SETTINGS).exists(), data.join(RECORD).exists()) {
        (true, _) => Standing::Settled,
        (false, true) => Standing::RecordAlone,
        (false, false) => Standing::New,
    })
}

/// Moves up what counts. Doing it again does nothing.
fn finish(data: &Path) -> io::Result<()> {
    let whole = data.join(WHOLE);
    if !whole.is_dir() {
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&whole)? {
        names.push(entry?.file_name());
    }
    names.sort_by_key(|name| name == SETTINGS);
    for name in names {
        if name == SETTINGS {
            super::spare::forget(data)?;
            sync_folder(data)?;
        }
        std::fs::rename(whole.join(&name), data.join(&name))?;
    }
    sync_folder(data)?;
    std::fs::remove_dir(&whole)?;
    sync_folder(data)
}

/// A place apart.
#[derive(Clone, Debug)]
pub(super) struct Staging {
    data: PathBuf,
    folder: PathBuf,
}

impl Staging {
    /// A fresh one; what was half made goes.
    pub fn begin(data: &Path) -> io::Result<Staging> {
        let staging = Staging::of(data);
        staging.discard()?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&staging.folder)?;
        Ok(staging)
    }

    /// The one that may be there.
    pub fn of(data: &Path) -> Staging {
        Staging { data: data.to_owned(), folder: data.join(NEW) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    pub fn discard(&self) -> io::Result<()> {
        for folder in [self.folder.clone(), self.folder.with_extension("half-restored")] {
            match std::fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a file for its owner alone, wholly or not at all.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        write_whole(&self.folder.join(name), text)
    }

    /// From here on it counts.
    pub fn count(self) -> io::Result<()> {
        debug_assert!(self.has(SETTINGS), "a box without settings is not whole");
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_file() {
                File::open(path)?.sync_all()?;
            }
        }
        sync_folder(&self.folder)?;
        std::fs::rename(&self.folder, self.data.join(WHOLE))?;
        sync_folder(&self.data)?;
        finish(&self.data)
    }
}

/// Writes a file for its owner alone, wholly or not at all, and durably.
pub(super) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("part");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn made(data: &Path) -> Staging {
        let staging = Staging::begin(data).unwrap();
        staging.write(RECORD, "record").unwrap();
        staging.write("record.key", "key").unwrap();
        staging.write(SETTINGS, "settings").unwrap();
        staging
    }

    #[test]
    fn what_is_half_made_does_not_count_and_what_counts_moves_up_however_often_it_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        made(data);
        assert_eq!(standing(data).unwrap(), Standing::New);
        assert!(!data.join(SETTINGS).exists());
        for moved_before_the_cut in 0..=3 {
            for name in ["record.db", "record.key", SETTINGS] {
                let _was_not_there = std::fs::remove_file(data.join(name));
            }
            made(data);
            std::fs::rename(data.join(NEW), data.join(WHOLE)).unwrap();
            for name in ["record.db", "record.key", SETTINGS].iter().take(moved_before_the_cut) {
                std::fs::rename(data.join(WHOLE).join(name), data.join(name)).unwrap();
            }
            assert_eq!(standing(data).unwrap(), Standing::Settled);
            for (name, text) in [(RECORD, "record"), ("record.key", "key"), (SETTINGS, "settings")] {
                assert_eq!(std::fs::read_to_string(data.join(name)).unwrap(), text);
            }
            assert!(!data.join(WHOLE).exists());
        }
    }

    #[test]
    fn a_record_whose_settings_were_taken_away_is_no_new_box() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(RECORD), "patients").unwrap();
        assert_eq!(standing(folder.path()).unwrap(), Standing::RecordAlone);
    }
}
