//! A copy of the database as of one moment, while the desk works.

use super::{StoreLocation, Stored, embedded};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Duration;

/// What can be compared of two copies of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSum {
    /// number of the newest migration
    pub schema: u16,
    /// records that are there
    pub records: u64,
    /// over their numbers, names and bytes
    pub sum: [u8; 32],
}

impl StoreLocation {
    /// Copies the database, under the same key, into a file that is not there yet.
    pub fn copy_record(&self, to: &Path) -> Stored<()> {
        let from = self.open_reader()?;
        let mut into = self.key.make_like(&from, to)?;
        {
            let backup = Backup::new(&from, &mut into)?;
            // all at once: a copy made in steps would begin anew with every check-in
            while backup.step(-1)? != StepResult::Done {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        into.pragma_update(None, "journal_mode", "DELETE")?;
        into.close().map_err(|(_, error)| error)?;
        Ok(())
    }

    /// What can be compared of a copy that lies in this folder under another name.
    pub fn sum_of_copy(&self, at: &Path) -> Stored<RecordSum> {
        let connection = self.key.open(at, OpenFlags::default())?;
        sum_of(&connection)
    }

    /// The same of the record itself.
    pub fn sum_of_record(&self) -> Stored<RecordSum> {
        sum_of(&self.open_reader()?)
    }

    /// What SQLite itself finds wrong with the database; nothing when all is well.
    pub fn wrong_with_record(&self) -> Stored<Option<String>> {
        let connection = self.open_reader()?;
        let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok((said != "ok").then_some(said))
    }

    /// The number of the newest migration the record has been through.
    pub fn schema_of_record(&self) -> Stored<u32> {
        schema_of(&self.open_reader()?)
    }

    /// The number of the newest migration this program knows.
    pub fn newest_schema() -> u16 {
        let newest = embedded::migrations::runner().get_migrations().iter().map(|migration| migration.version()).max();
        newest.and_then(|version| u16::try_from(version).ok()).unwrap_or(0)
    }
}

fn sum_of(connection: &Connection) -> Stored<RecordSum> {
    let schema = schema_of(connection)?;
    let mut statement = connection.prepare("SELECT seq, name, sealed FROM record ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let (mut records, mut sum) = (0, Sha256::new());
    while let Some(row) = rows.next()? {
        sum.update(row.get::<_, i64>(0)?.to_be_bytes());
        sum.update(row.get_ref(1)?.as_blob().unwrap_or_default());
        sum.update(row.get_ref(2)?.as_blob().unwrap_or_default());
        records += 1;
    }
    Ok(RecordSum { schema: u16::try_from(schema).unwrap_or(u16::MAX), records, sum: sum.finalize().into() })
}

fn schema_of(connection: &Connection) -> Stored<u32> {
    let newest = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
    Ok(connection.query_row(newest, [], |row| row.get(0))?)
}
