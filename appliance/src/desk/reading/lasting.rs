//! One reading for everybody who asks for the same: it stands until something is committed.

use crate::store::{Reading, StoreLocation, Stored};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};

/// What was read last. It is given again only while the store itself says that nothing was committed since it was read, by
/// whatever connection: nobody ever sees less than what was told to be saved before they asked. While one reads, the others who ask
/// wait, and then have the same.
pub(in crate::desk) struct Lasting<T> {
    kept: Mutex<Option<Kept<T>>>,
}

struct Kept<T> {
    connection: Connection,
    version: i64,
    what: Arc<T>,
}

impl<T> Default for Lasting<T> {
    fn default() -> Lasting<T> {
        Lasting { kept: Mutex::default() }
    }
}

impl<T> Lasting<T> {
    /// What was read last, where nothing was committed since and it still stands for whoever asks; else it is read anew.
    pub fn read(
        &self,
        location: &StoreLocation,
        still_stands: impl FnOnce(&T) -> bool,
        reading: impl FnOnce(Reading<'_>) -> Stored<T>,
    ) -> Stored<Arc<T>> {
        let mut place = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // a reading that fails leaves nothing behind
        let (connection, last) = match place.take() {
            Some(kept) => (kept.connection, Some((kept.version, kept.what))),
            None => (location.open_reader()?, None),
        };
        let view = connection.unchecked_transaction()?;
        // of the very view that is read below; it counts up with every commit of another connection, and this one never writes
        let version: i64 = view.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let what = match last {
            Some((known, what)) if known == version && still_stands(&what) => what,
            _ => Arc::new(reading(Reading::over(&view, location.vault()))?),
        };
        view.finish()?;
        *place = Some(Kept { connection, version, what: what.clone() });
        Ok(what)
    }

    /// Forgets it.
    pub fn close(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::StoreError;
    use std::cell::Cell;

    fn place() -> (tempfile::TempDir, StoreLocation, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let writer = location.open_writer().unwrap();
        writer.execute_batch("CREATE TABLE told (what TEXT NOT NULL) STRICT").unwrap();
        (folder, location, writer)
    }

    #[test]
    fn it_is_read_once_until_something_is_committed() {
        let (_folder, location, writer) = place();
        let (lasting, readings) = (Lasting::default(), Cell::new(0));
        let read = |stands: bool| {
            let count = |_: Reading<'_>| -> Stored<i32> {
                readings.set(readings.get() + 1);
                Ok(readings.get())
            };
            lasting.read(&location, |_| stands, count).unwrap()
        };
        let first = read(true);
        assert!(Arc::ptr_eq(&first, &read(true)), "nothing happened in between");
        writer.execute("INSERT INTO told VALUES ('one')", []).unwrap();
        assert_eq!(*read(true), 2, "a commit, told to nobody");
        assert_eq!(*read(true), 2);
        assert_eq!(*read(false), 3, "of another day, say");
        assert_eq!(*read(true), 3);
        lasting.close();
        assert_eq!(*read(true), 4);
    }

    #[test]
    fn a_transaction_that_is_still_open_changes_nothing_and_counts_once_it_is_committed() {
        let (_folder, location, mut writer) = place();
        let lasting = Lasting::default();
        let second = location.open_reader().unwrap();
        let look = || second.query_row("SELECT count(*) FROM told", [], |row| row.get::<_, u32>(0)).unwrap();
        let read = || *lasting.read(&location, |_| true, |_| Ok(look())).unwrap();
        assert_eq!(read(), 0);
        let transaction = writer.transaction().unwrap();
        transaction.execute("INSERT INTO told VALUES ('one')", []).unwrap();
        assert_eq!(read(), 0);
        transaction.commit().unwrap();
        assert_eq!(read(), 1);
        let transaction = writer.transaction().unwrap();
        transaction.execute("INSERT INTO told VALUES ('two')", []).unwrap();
        transaction.rollback().unwrap();
        assert_eq!(read(), 1);
    }

    #[test]
    fn a_reading_that_fails_is_tried_again() {
        let (_folder, location, _writer) = place();
        let lasting: Lasting<i32> = Lasting::default();
        let failed = lasting.read(&location, |_| true, |_| Err(StoreError::Unreadable("this time".to_owned())));
        assert!(failed.is_err());
        assert_eq!(*lasting.read(&location, |_| true, |_| Ok(7)).unwrap(), 7);
    }
}
