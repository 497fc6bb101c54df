//! The key of the store: 32 random bytes in a file that only the service can read.

use super::{StoreError, Stored};
use crate::secret_file;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// Bytes of a page. A check-in changes a few rows in a dozen trees. Encrypting, authenticating and writing a page costs mostly the same
/// whatever its size, so fewer pages of the usual size are cheaper than more of half of it, and the record is a quarter smaller.
pub(super) const PAGE_BYTES: u32 = 4096;
/// Bytes of a page in records that were begun before; they stay as they are.
const FORMER_PAGE_BYTES: u32 = 2048;

/// How long a connection waits for another that is in its way.
const PATIENCE: Duration = Duration::from_secs(5);

/// The raw key. Never printed.
#[derive(Clone)]
pub struct Key([u8; secret_file::BYTES]);

impl Key {
    /// Reads the key file, or makes it on the first start.
    pub fn read_or_make(path: &Path) -> Stored<Key> {
        secret_file::read_or_make(path).map(Key).map_err(|unusable| StoreError::Key(unusable.to_string()))
    }

    /// Encrypts the whole database behind an unlocked connection with this key, in place of the one it was unlocked with.
    pub(super) fn take_over(&self, connection: &Connection) -> Stored<()> {
        let _alone = alone_and_awake()?;
        connection.pragma_update(None, "rekey", format!("x'{}'", self.hex().as_str()))?;
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        Ok(())
    }

    fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Opens a database and unlocks it; a wrong key shows itself at the first read.
    pub(super) fn open(&self, path: &Path, flags: OpenFlags) -> Stored<Connection> {
        match self.open_pages_of(PAGE_BYTES, path, flags) {
            // a connection that has failed to read is not used again
            Err(StoreError::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                self.open_pages_of(FORMER_PAGE_BYTES, path, flags)
            }
            settled => settled,
        }
    }

    /// A database that is not there yet, to become what the other is.
    pub(super) fn make_like(&self, other: &Connection, path: &Path) -> Stored<Connection> {
        self.open_pages_of(page_bytes(other)?, path, OpenFlags::default())
    }

    fn open_pages_of(&self, bytes: u32, path: &Path, flags: OpenFlags) -> Stored<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        // before the first look at the file: another connection may just be closing it
        connection.busy_timeout(PATIENCE)?;
        let _alone = alone_and_awake()?;
        self.unlock_pages_of(bytes, &connection)?;
        Ok(connection)
    }

    fn unlock_pages_of(&self, bytes: u32, connection: &Connection) -> Stored<()> {
        let hex = self.hex();
        // cipher_log must be off before the key is tried, or a wrong key writes to standard error.
        connection.pragma_update(None, "cipher_log_level", "NONE")?;
        connection.pragma_update(None, "key", format!("x'{}'", hex.as_str()))?;
        connection.pragma_update(None, "cipher_page_size", bytes)?;
        connection.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Told as a text.
fn page_bytes(connection: &Connection) -> Stored<u32> {
    let told: String = connection.query_row("PRAGMA cipher_page_size", [], |row| row.get(0))?;
    told.parse().map_err(|_| StoreError::Unreadable(told))
}

/// The cryptography counts the connections it serves and shuts itself down with the last of them; and connections that are unlocked at
/// the same instant disturb each other. So a connection to nothing, never used and never closed, keeps it awake, and whoever holds
/// what is returned unlocks alone.
fn alone_and_awake() -> Stored<MutexGuard<'static, Option<Connection>>> {
    static AWAKE: Mutex<Option<Connection>> = Mutex::new(None);
    let mut awake = AWAKE.lock().unwrap_or_else(PoisonError::into_inner);
    if awake.is_none() {
        let connection = Connection::open_in_memory()?;
        connection.pragma_update(None, "cipher_log_level", "NONE")?;
        connection.pragma_update(None, "key", "nothing is kept here")?;
        *awake = Some(connection);
    }
    Ok(awake)
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMER_PAGE_BYTES, PAGE_BYTES, page_bytes};
    use crate::store::{StoreLocation, want_new_key};
    use rusqlite::OpenFlags;

    #[test]
    fn a_record_of_smaller_pages_is_written_copied_and_given_a_new_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = StoreLocation::in_folder(folder.path()).expect("a place");
        let begun =
            location.key.open_pages_of(FORMER_PAGE_BYTES, &location.path, OpenFlags::default()).expect("a file");
        begun.execute_batch("CREATE TABLE begun (n INTEGER)").expect("a first page");
        drop(begun);

        let writer = location.open_writer().expect("opened and brought to this version");
        assert_eq!(page_bytes(&writer).expect("a size"), FORMER_PAGE_BYTES);
        want_new_key(&writer).expect("a mark");
        drop(writer);
        let copy = folder.path().join("copy");
        location.copy_record(&copy).expect("a copy");
        let sums = (location.sum_of_copy(&copy).expect("a sum"), location.sum_of_record().expect("a sum"));
        assert_eq!(sums.0, sums.1);
        let renewed = StoreLocation::in_folder(folder.path()).expect("a new key");
        assert_ne!(renewed.key.0, location.key.0);
        assert!(renewed.open_reader().is_ok() && location.open_reader().is_err());
    }

    #[test]
    fn a_new_record_has_pages_of_the_usual_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = StoreLocation::in_folder(folder.path()).expect("a place");
        assert_eq!(page_bytes(&location.open_writer().expect("a store")).expect("a size"), PAGE_BYTES);
    }

    #[test]
    fn stores_opened_and_closed_at_the_same_time_do_not_disturb_each_other() {
        let folders: Vec<tempfile::TempDir> = (0..6).map(|_| tempfile::tempdir().expect("folder")).collect();
        std::thread::scope(|scope| {
            for folder in &folders {
                scope.spawn(|| {
                    for _time in 0..60 {
                        let location = StoreLocation::in_folder(folder.path()).expect("location");
                        drop(location.open_writer().expect("opens"));
                    }
                });
            }
        });
    }
}
