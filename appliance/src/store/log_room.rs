//! Room in the log beside the database, made before it is needed. A commit that writes over blocks its file already has waits for its
//! data alone; one that makes the file longer waits for the file's length and place on the disk as well, a second write.

use super::LONGEST_LOG_PAGES;
use super::key::PAGE_BYTES;
use rusqlite::Connection;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Header of the log, and of each page in it (SQLite's file format, §4.1 and §4.2).
const LOG_HEADER: u64 = 32;
const PAGE_HEADER: u64 = 24;

/// As long as the log becomes before the writer itself copies it, and one step for the commit that makes it so long.
const ROOM: u64 =
    LOG_HEADER + LONGEST_LOG_PAGES.unsigned_abs() as u64 * (PAGE_HEADER + PAGE_BYTES as u64) + STEP as u64;

/// Made in one go while the writer may not write; a few of these lie unwritten in memory at most.
const STEP: usize = 1 << 20;

/// What the log of one database still lacks. Looked up each time: whoever stops a desk beside this one makes the log empty again.
pub(super) struct LogRoom {
    log: PathBuf,
    cannot_be_had: bool,
}

impl LogRoom {
    /// Of the log that lies here once the database is open.
    pub(super) fn of(log: PathBuf) -> LogRoom {
        LogRoom { log, cannot_be_had: false }
    }

    /// Whether more is to be made.
    pub(super) fn is_lacking(&self) -> bool {
        !self.cannot_be_had && std::fs::metadata(&self.log).is_ok_and(|log| log.len() < ROOM)
    }

    /// Makes one step of room. When it cannot be had, that was the last: the log grows as it is written, as ever.
    pub(super) fn make_some(&mut self, connection: &Connection) {
        if let Err(error) = self.step(connection) {
            tracing::debug!(error = &*error as &dyn std::error::Error, "no room is made in the log");
            self.cannot_be_had = true;
        }
    }

    /// Adds zeros behind the end. Whoever reads the log stops at the first page that is not of its own making. The lock to write keeps
    /// the writer from making the file longer at the same instant, which would lose a commit.
    fn step(&self, connection: &Connection) -> Result<(), Box<dyn std::error::Error>> {
        let mut file = OpenOptions::new().append(true).open(&self.log)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let added = file.write_all(&vec![0; STEP]);
        connection.execute_batch("ROLLBACK")?;
        // outside the lock; the barrier of a commit that comes now carries no more of it than one step
        Ok(added.and_then(|()| file.sync_data())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreLocation;

    #[test]
    fn what_is_committed_before_and_after_room_is_made_is_all_there_after_a_crash() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = StoreLocation::in_folder(folder.path()).expect("a store");
        let writer = location.open_writer().expect("a writer");
        writer.execute_batch("CREATE TABLE kept (n INTEGER)").expect("a table");
        let beside = location.open_beside_the_writer().expect("a second connection");
        let mut room = LogRoom::of(location.log());
        for n in 0..50 {
            writer.execute("INSERT INTO kept VALUES (?1)", [n]).expect("a commit");
            if room.is_lacking() {
                room.make_some(&beside);
            }
        }
        assert!(!room.is_lacking() && !room.cannot_be_had);
        let long = std::fs::metadata(location.log()).expect("the log").len();
        assert!((ROOM..ROOM + 2 * STEP as u64).contains(&long), "{long}");

        // as a crash leaves it: the files as they are, and no index of the log
        let crashed = tempfile::tempdir().expect("a folder");
        for name in ["record.db", "record.db-wal", "record.key", "facility.key", "identity.key"] {
            std::fs::copy(folder.path().join(name), crashed.path().join(name)).expect("a copy");
        }
        let again = StoreLocation::to_look_at(crashed.path()).expect("the store again").open_writer().expect("opened");
        let kept: i64 = again.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).expect("a count");
        assert_eq!(kept, 50);
        assert_eq!(std::fs::metadata(location.log()).expect("the log").len(), long, "commits go into what is there");
        beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("copied");
        assert!(room.is_lacking(), "somebody made the log empty");
    }
}
