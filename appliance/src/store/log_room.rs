//! Room in the log beside the database, made before it is needed. A commit that writes over blocks its file already has waits for its
//! data alone; one that makes the file longer waits for the file's length and place on the disk as well, a second write.

use super::Stored;
use rusqlite::Connection;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

/// As long as the log becomes before the writer itself copies it (see `LONGEST_LOG_PAGES`): pages of 4 KiB with their headers, and
/// something over.
const ROOM: u64 = 34 << 20;

/// Made in one go while the writer may not write; a few of these lie unwritten in memory at most.
const STEP: usize = 1 << 20;

/// What the log of one database still lacks.
pub(super) struct LogRoom {
    log: PathBuf,
    is_lacking: bool,
}

impl LogRoom {
    /// Of the log that lies here once the database is open.
    pub(super) fn of(log: PathBuf) -> LogRoom {
        LogRoom { log, is_lacking: true }
    }

    /// Whether more is to be made.
    pub(super) fn is_lacking(&self) -> bool {
        self.is_lacking
    }

    /// Makes one step of room. When it cannot be had, that was the last: the log grows as it is written, as ever.
    pub(super) fn make_some(&mut self, connection: &Connection) {
        self.is_lacking = self.step(connection).unwrap_or_else(|error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "no room is made in the log");
            false
        });
    }

    /// Adds zeros behind the end. Whoever reads the log stops at the first page that is not of its own making. The lock to write keeps
    /// the writer from making the file longer at the same instant, which would lose a commit.
    fn step(&self, connection: &Connection) -> Stored<bool> {
        let Ok(mut file) = OpenOptions::new().write(true).open(&self.log) else { return Ok(false) };
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let added = lengthen(&mut file);
        connection.execute_batch("ROLLBACK")?;
        // outside the lock; the barrier of a commit that comes now carries no more of it than one step
        Ok(added.and_then(|more| file.sync_data().map(|()| more)).unwrap_or(false))
    }
}

/// Whether it is to be made still longer.
fn lengthen(file: &mut File) -> std::io::Result<bool> {
    let end = file.seek(SeekFrom::End(0))?;
    if end >= ROOM {
        return Ok(false);
    }
    file.write_all(&vec![0; STEP])?;
    Ok(end + (STEP as u64) < ROOM)
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
            room.make_some(&beside);
        }
        assert!(!room.is_lacking());
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
    }
}
