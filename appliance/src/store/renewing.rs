//! A new key for the database after something was forgotten: the rows people see are made from what was sealed, so an old copy of the
//! database must not open with the key of today either.
//!
//! It is done at a start, when nobody else has the database open. Whatever moment the power fails at, one of the two keys opens it:
//! the next key is durable before anything is encrypted with it, and takes its place only afterwards.

use super::{Key, Stored};
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::{Path, PathBuf};

const DUE: &str = "record.key-due";
const NEXT: &str = "record-next.key";
const KEY: &str = "record.key";
const RECORD: &str = "record.db";

/// Notes that the next start is to renew the key of the database behind this connection.
pub fn want_new_key(connection: &Connection) -> Stored<()> {
    let Some(folder) = connection.path().map(PathBuf::from).and_then(|path| path.parent().map(Path::to_owned)) else {
        return Ok(());
    };
    File::create(folder.join(DUE)).and_then(|file| file.sync_all()).map_err(unusable)
}

/// Renews the key when that is wanted. Should it not be possible now, the present key stays, and the next start tries again.
pub(super) fn renew_when_due(folder: &Path) -> Stored<()> {
    if !folder.join(DUE).exists() || !folder.join(RECORD).exists() {
        return Ok(());
    }
    let (present, next) = (Key::read_or_make(&folder.join(KEY))?, Key::read_or_make(&folder.join(NEXT))?);
    // The present key is tried first: what a power cut left half encrypted is rolled back with it.
    let is_renewed = !opens(folder, &present) && opens(folder, &next);
    if !is_renewed && let Err(error) = encrypt_anew(folder, &present, &next) {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the database's key is renewed at a later start; nothing is lost"
        );
        return Ok(());
    }
    std::fs::rename(folder.join(NEXT), folder.join(KEY)).map_err(unusable)?;
    sync(folder)?;
    // only now: without this mark nobody would look for the next key
    std::fs::remove_file(folder.join(DUE)).map_err(unusable)?;
    sync(folder)
}

fn sync(folder: &Path) -> Stored<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)
}

fn unusable(error: std::io::Error) -> super::StoreError {
    super::StoreError::Key(error.to_string())
}

fn connect(folder: &Path, key: &Key) -> Stored<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    key.open(&folder.join(RECORD), flags)
}

fn opens(folder: &Path, key: &Key) -> bool {
    connect(folder, key).is_ok()
}

/// Leaving the write-ahead log fails while anybody else has the database open; then nothing is done.
fn encrypt_anew(folder: &Path, present: &Key, next: &Key) -> Stored<()> {
    let connection = connect(folder, present)?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("delete") {
        return Err(super::StoreError::Key("the database is in use".to_owned()));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    next.take_over(&connection)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}
