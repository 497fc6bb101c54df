//! The key of the store: 32 random bytes in a file that only the service can read.

use super::{StoreError, Stored};
use crate::secret_file;
use rusqlite::Connection;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Bytes of a page. A check-in changes a few rows in a dozen trees, and each page it touches is encrypted, authenticated and written
/// whole: half the usual size costs it half of that.
const PAGE_BYTES: u32 = 2048;

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

    /// Unlocks a connection; a wrong key shows itself at the first read.
    pub(super) fn unlock(&self, connection: &Connection) -> Stored<()> {
        let _alone = alone_and_awake()?;
        let hex = self.hex();
        // cipher_log must be off before the key is tried, or a wrong key writes to standard error.
        connection.pragma_update(None, "cipher_log_level", "NONE")?;
        connection.pragma_update(None, "key", format!("x'{}'", hex.as_str()))?;
        connection.pragma_update(None, "cipher_page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        Ok(())
    }
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
    use crate::store::StoreLocation;

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
