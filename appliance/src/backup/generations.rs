//! The generations in a folder. A file is never written over; the oldest go when there are too many; the newest good one never does.

use super::BackupFailure;
use super::create::remove;
use super::format::{Header, check_whole};
use domain::Timestamp;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

const BEGINNING: &str = "uketsuke-";
const ENDING: &str = ".ukb";
/// Most files made in one second.
const MOST_ALIKE: u32 = 1_000;

/// One backup in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// where
    pub path: PathBuf,
    /// what it says of itself
    pub header: Header,
    /// its size
    pub bytes: u64,
}

/// A folder of backups.
#[derive(Clone, Debug)]
pub struct Generations {
    folder: PathBuf,
    keep: u32,
}

impl Generations {
    /// In this folder, so many.
    pub fn in_folder(folder: &Path, keep: u32) -> Generations {
        Generations { folder: folder.to_owned(), keep: keep.max(1) }
    }

    /// The folder is never made: where a medium is to be mounted and is not, backups would fill the box itself.
    pub(super) fn is_there(&self) -> Result<(), BackupFailure> {
        if self.folder.is_dir() { Ok(()) } else { Err(BackupFailure::NoFolder(self.folder.clone())) }
    }

    pub(super) fn half_made(&self) -> PathBuf {
        self.folder.join(format!("{BEGINNING}half-made.tmp"))
    }

    /// What is there, newest first by what the files say themselves; those that say nothing understandable are left alone.
    pub fn all(&self) -> Result<Vec<Generation>, BackupFailure> {
        self.is_there()?;
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with(BEGINNING) && name.ends_with(ENDING) {
                all.extend(read(&path).ok());
            }
        }
        all.sort_by(|a, b| (b.header.made_at, &b.path).cmp(&(a.header.made_at, &a.path)));
        Ok(all)
    }

    /// The newest that is whole.
    pub fn newest_good(&self) -> Result<Generation, BackupFailure> {
        let good = self.all()?.into_iter().find(|generation| check(&generation.path).is_ok());
        good.ok_or_else(|| BackupFailure::Nothing(self.folder.clone()))
    }

    /// Gives a finished file its name, reads it again, and lets older ones go.
    pub(super) fn keep(&self, half_made: &Path, now: Timestamp) -> Result<Generation, BackupFailure> {
        check(half_made)?;
        let path = self.free_name(now)?;
        std::fs::rename(half_made, &path)?;
        File::open(&self.folder)?.sync_all()?;
        let made = read(&path)?;
        self.let_older_go(&made)?;
        Ok(made)
    }

    /// By the moment in UTC: no zone and no summer time makes two moments look the same, or the later one the earlier.
    fn free_name(&self, now: Timestamp) -> Result<PathBuf, BackupFailure> {
        let instant = jiff::Timestamp::from_millisecond(now.as_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let moment = instant.strftime("%Y%m%dT%H%M%SZ").to_string();
        let names = (1..MOST_ALIKE).map(|number| match number {
            1 => format!("{BEGINNING}{moment}{ENDING}"),
            number => format!("{BEGINNING}{moment}-{number}{ENDING}"),
        });
        let mut paths = names.map(|name| self.folder.join(name));
        paths.find(|path| !path.exists()).ok_or_else(|| std::io::Error::other("too many files of one name").into())
    }

    /// What was just made and found whole stays in any case, whatever the clock said when the others were made.
    fn let_older_go(&self, made: &Generation) -> Result<(), BackupFailure> {
        let others = self.all()?.into_iter().filter(|generation| generation.path != made.path);
        for old in others.skip(self.keep as usize - 1) {
            remove(&old.path)?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Generation, BackupFailure> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    Ok(Generation { path: path.to_owned(), header: Header::read(&mut BufReader::new(file))?, bytes })
}

/// Whether a file is whole, without any key.
pub(super) fn check(path: &Path) -> Result<Header, BackupFailure> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    check_whole(&mut BufReader::new(file), bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::RecoveryKey;
    use super::super::format::Sealing;
    use super::*;
    use std::io::Write;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn made(generations: &Generations, now: Timestamp) -> String {
        let key = RecoveryKey::from_bytes([1; 32]).public_half();
        let mut sealing = Sealing::begin(File::create(generations.half_made()).unwrap(), &key, 14, now).unwrap();
        sealing.write_all(b"content").unwrap();
        sealing.finish().unwrap().sync_all().unwrap();
        let kept = generations.keep(&generations.half_made(), now).unwrap();
        kept.path.file_name().unwrap().to_str().unwrap().to_owned()
    }

    fn names(generations: &Generations) -> Vec<String> {
        let all = generations.all().unwrap();
        all.iter().map(|one| one.path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn names_come_from_the_given_moment_across_midnight_and_summer_time() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::in_folder(folder.path(), 10);
        // midnight in Japan and in UTC; the hour that comes twice when summer time ends in Berlin; the same second twice
        for moment in [
            "2026-03-01T14:59:59Z",
            "2026-03-01T15:00:00Z",
            "2026-03-01T23:59:59Z",
            "2026-03-02T00:00:00Z",
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T02:30:00+01:00",
        ] {
            made(&generations, at(moment));
        }
        assert_eq!(
            names(&generations),
            [
                "uketsuke-20261025T013000Z.ukb",
                "uketsuke-20261025T013000Z-2.ukb",
                "uketsuke-20261025T003000Z.ukb",
                "uketsuke-20260302T000000Z.ukb",
                "uketsuke-20260301T235959Z.ukb",
                "uketsuke-20260301T150000Z.ukb",
                "uketsuke-20260301T145959Z.ukb",
            ]
        );
    }

    #[test]
    fn the_oldest_go_and_the_one_just_made_stays_also_when_the_clock_went_back() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::in_folder(folder.path(), 3);
        for day in 1..=5 {
            made(&generations, at(&format!("2026-03-0{day}T23:00:00Z")));
        }
        std::fs::write(folder.path().join("holiday.jpg"), "somebody's picture").unwrap();
        assert_eq!(names(&generations).len(), 3);
        let early = made(&generations, at("2020-01-01T00:00:00Z"));
        let left = names(&generations);
        assert_eq!((left.len(), left[0].as_str()), (3, "uketsuke-20260305T230000Z.ukb"));
        assert!(left.contains(&early), "{left:?}");
        assert!(folder.path().join("holiday.jpg").exists());
    }

    #[test]
    fn what_is_damaged_pushes_nothing_good_out() {
        let folder = tempfile::tempdir().unwrap();
        let generations = Generations::in_folder(folder.path(), 2);
        let good = made(&generations, at("2026-03-01T00:00:00Z"));
        let newer = made(&generations, at("2026-03-02T00:00:00Z"));
        let path = folder.path().join(&newer);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        assert!(generations.newest_good().unwrap().path.ends_with(&good));
        let half_made = generations.half_made();
        std::fs::write(&half_made, &bytes[..50]).unwrap();
        assert!(generations.keep(&half_made, at("2026-03-03T00:00:00Z")).is_err());
        assert_eq!(names(&generations).len(), 2, "a backup that is not whole takes no other's place");
        let gone = Generations::in_folder(&folder.path().join("not mounted"), 2);
        assert!(matches!(gone.all(), Err(BackupFailure::NoFolder(_))));
    }
}
