//! Whether something is being installed: nothing is restarted under an installer.
//!
//! Whoever installs holds a lock: our own updater on `update.lock` in the data folder (for instance by
//! `flock /var/lib/uketsuke/update.lock installer`), Debian's package manager on files of its own. Both kinds of lock, `flock` and
//! record locks, stand in `/proc/locks`, where they can be seen without taking or disturbing them, and without the right to open the
//! file. A lock ends with its holder: a file that was left lying says nothing.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Tells whether an update is being installed.
pub trait UpdatePort: Send + Sync {
    /// An update is being installed at this moment, or it cannot be known that none is.
    fn is_running(&self) -> bool;
}

/// Sees updates by the locks that installers hold.
#[derive(Clone, Debug)]
pub struct UpdateLocks {
    files: Vec<PathBuf>,
    table: PathBuf,
}

impl UpdateLocks {
    /// The name of our own updater's lock in the data folder.
    pub const OURS: &'static str = "update.lock";
    /// The locks of Debian's package manager.
    pub const OF_DEBIAN: [&'static str; 2] = ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"];

    /// Watches these files. One that does not exist is not locked.
    pub fn on(files: Vec<PathBuf>) -> UpdateLocks {
        UpdateLocks { files, table: PathBuf::from("/proc/locks") }
    }

    fn held(&self) -> io::Result<Option<&Path>> {
        let existing: Vec<(&PathBuf, Place)> =
            self.files.iter().filter_map(|file| Some((file, Place::of(&std::fs::metadata(file).ok()?)))).collect();
        if existing.is_empty() {
            return Ok(None);
        }
        let table = std::fs::read_to_string(&self.table)?;
        let held: Vec<Place> = table.lines().filter_map(Place::held_in).collect();
        let is_held = |place: &Place| held.iter().any(|held| held.can_be(place));
        Ok(existing.into_iter().find(|(_, place)| is_held(place)).map(|(file, _)| file.as_path()))
    }
}

impl UpdatePort for UpdateLocks {
    fn is_running(&self) -> bool {
        match self.held() {
            Ok(held) => {
                if let Some(file) = held {
                    tracing::debug!(file = %file.display(), "an installer holds its lock");
                }
                held.is_some()
            }
            Err(error) => {
                tracing::warn!("whether an update is running cannot be seen: {}", error.kind());
                true
            }
        }
    }
}

/// Which file a lock is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    major: u64,
    minor: u64,
    inode: u64,
}

impl Place {
    fn of(file: &std::fs::Metadata) -> Place {
        // the numbers as the C library packs them into one
        let device = file.dev();
        let major = (device >> 8 & 0xfff) | (device >> 32 & !0xfff);
        let minor = (device & 0xff) | (device >> 12 & !0xff & 0xffff_ffff);
        Place { major, minor, inode: file.ino() }
    }

    /// The file of a line such as `1: POSIX  ADVISORY  WRITE 814 08:01:131 0 EOF`. Whoever only waits (`1: -> FLOCK …`) holds none.
    fn held_in(line: &str) -> Option<Place> {
        let mut words = line.split_whitespace().skip(1);
        let kind = words.next().filter(|kind| matches!(*kind, "POSIX" | "FLOCK" | "OFDLCK"));
        let mut numbers = kind.and(words.nth(3))?.splitn(3, ':');
        let mut hexadecimal = || u64::from_str_radix(numbers.next()?, 16).ok();
        let (major, minor) = (hexadecimal()?, hexadecimal()?);
        Some(Place { major, minor, inode: numbers.next()?.parse().ok()? })
    }

    /// File systems without a device of their own (btrfs, overlays) are numbered differently in the two places; there the inode
    /// alone decides. A false alarm postpones a restart, a miss would break an update.
    fn can_be(&self, file: &Place) -> bool {
        let same_device = (self.major, self.minor) == (file.major, file.minor);
        self.inode == file.inode && (same_device || file.major == 0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs::File;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};

    /// Another process that holds a lock until it is told to stop.
    struct Installer(Child);

    impl Installer {
        fn holding(file: &Path) -> Installer {
            let mut child = Command::new("flock")
                .arg(file)
                .args(["sh", "-c", "echo held; read -r _"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut word = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut word).unwrap();
            assert_eq!(word.trim(), "held");
            Installer(child)
        }

        fn ends(mut self) {
            drop(self.0.stdin.take());
            self.0.wait().unwrap();
        }
    }

    #[test]
    fn an_update_runs_while_another_process_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let ours = folder.path().join(UpdateLocks::OURS);
        let dpkg = folder.path().join("lock-frontend");
        let locks = UpdateLocks::on(vec![ours.clone(), dpkg.clone()]);
        assert!(!locks.is_running(), "nobody ever installed");
        File::create(&ours).unwrap();
        File::create(&dpkg).unwrap();
        assert!(!locks.is_running(), "files left lying");
        let updater = Installer::holding(&ours);
        assert!(locks.is_running());
        updater.ends();
        assert!(!locks.is_running(), "the lock went with its holder");
    }

    #[test]
    fn a_record_lock_is_seen_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let dpkg = folder.path().join("lock-frontend");
        let file = File::create(&dpkg).unwrap();
        let locks = UpdateLocks::on(vec![dpkg]);
        assert!(!locks.is_running());
        rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
        assert!(locks.is_running(), "as the package manager holds it");
        drop(file);
        assert!(!locks.is_running());
    }

    #[test]
    fn our_own_process_is_seen_too() {
        let folder = tempfile::tempdir().unwrap();
        let ours = folder.path().join(UpdateLocks::OURS);
        let file = File::create(&ours).unwrap();
        file.lock().unwrap();
        let locks = UpdateLocks::on(vec![ours]);
        assert!(locks.is_running());
        file.unlock().unwrap();
        assert!(!locks.is_running());
    }

    #[test]
    fn what_cannot_be_seen_counts_as_running() {
        let folder = tempfile::tempdir().unwrap();
        let ours = folder.path().join(UpdateLocks::OURS);
        let mut locks = UpdateLocks::on(vec![ours.clone()]);
        locks.table = folder.path().join("no-such-table");
        assert!(!locks.is_running(), "without a file there is nothing to look for");
        File::create(&ours).unwrap();
        assert!(locks.is_running());
    }

    #[test]
    fn lines_of_the_table_are_read_strictly() {
        let place = |major, minor, inode| Some(Place { major, minor, inode });
        for (line, held) in [
            ("1: POSIX  ADVISORY  WRITE 814 fd:1a:131 0 EOF", place(0xfd, 0x1a, 131)),
            ("2: FLOCK  ADVISORY  WRITE 814 00:1a:9 0 EOF", place(0, 0x1a, 9)),
            ("3: OFDLCK ADVISORY  WRITE -1 08:01:9 0 0", place(8, 1, 9)),
            ("2: -> FLOCK  ADVISORY  WRITE 815 00:1a:9 0 EOF", None),
            ("4: LEASE  ACTIVE    READ 815 08:01:9 0 EOF", None),
            ("5: POSIX  ADVISORY  WRITE 814 fd:1a", None),
            ("", None),
        ] {
            assert_eq!(Place::held_in(line), held, "{line}");
        }
    }
}
