//! A record that a newer program has written: opened as long as that program only added to it.

use super::{StoreError, Stored, newest_migration};
use rusqlite::{Connection, OptionalExtension};

/// Whether the record was brought further than this program knows. Then nothing is migrated.
///
/// # Errors
/// [`StoreError::Newer`] when this program cannot use what the newer one made of it.
pub(super) fn is_from_a_newer_program(connection: &Connection) -> Stored<bool> {
    let knows = newest_migration();
    let Some(record) = newest_in(connection)?.filter(|record| *record > knows) else { return Ok(false) };
    let needs = connection.query_row("SELECT migration FROM oldest_program", [], |row| row.get(0)).optional()?;
    let needs: u32 = needs.unwrap_or(record);
    if needs > knows {
        return Err(StoreError::Newer { record, needs, knows });
    }
    tracing::warn!(record, knows, "a newer program has used this record; this one can, too");
    Ok(true)
}

fn newest_in(connection: &Connection) -> Stored<Option<u32>> {
    let table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'refinery_schema_history'";
    if connection.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    Ok(connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::StoreLocation;
    use std::path::Path;

    /// What a later program does to a record: a table, a column, and the number of its migration.
    fn brought_further(location: &StoreLocation, oldest: u32) {
        let connection = location.open_writer().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE of_a_later_program (id INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
                 ALTER TABLE record ADD COLUMN of_a_later_program TEXT;
                 INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                     VALUES (9999, 'of_a_later_program', '2030-01-01T00:00:00Z', '1');",
            )
            .unwrap();
        connection.execute("UPDATE oldest_program SET migration = ?1", [oldest]).unwrap();
    }

    #[test]
    fn a_record_that_a_newer_program_only_added_to_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        drop(location.open_writer().unwrap());
        brought_further(&location, newest_migration());
        let connection = location.open_writer().unwrap();
        let newest: u32 =
            connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0)).unwrap();
        assert_eq!(newest, 9999, "nothing was taken back");
        assert!(location.open_reader().is_ok());
    }

    #[test]
    fn one_that_needs_a_newer_program_is_refused_in_words_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        drop(location.open_writer().unwrap());
        brought_further(&location, 9999);
        let error = location.open_writer().unwrap_err();
        let knows = newest_migration();
        assert!(matches!(error, StoreError::Newer { record: 9999, needs: 9999, .. }), "{error}");
        let said = error.to_string();
        assert!(
            said.contains("新しい版") && said.contains("newer version") && said.contains(&knows.to_string()),
            "{said}"
        );
    }

    #[test]
    fn a_migration_that_takes_something_away_says_which_program_is_too_old() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let number: u32 = name[1..].split("__").next().unwrap().parse().unwrap();
            let text = std::fs::read_to_string(&path).unwrap().to_uppercase();
            let takes_away = ["DROP TABLE", "DROP COLUMN", "RENAME "].iter().any(|words| text.contains(words));
            let raises = text.contains("UPDATE OLDEST_PROGRAM SET MIGRATION");
            assert!(number <= 28 || !takes_away || raises, "{name}: raise oldest_program to {number}, or only add");
        }
    }
}
