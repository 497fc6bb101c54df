//! Connections that only read, lent out and taken back.

mod lasting;

pub(super) use lasting::Lasting;

use crate::store::{Reading, StoreLocation, Stored};
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most connections kept for the next reader; more are opened when needed and closed again.
const KEPT: usize = 4;

/// Longest wait for one of them to come back. Most readings are over sooner than a connection is opened, which has to unlock the store,
/// read what tables there are and prepare every statement anew; whoever reads for long keeps nobody longer than this.
const PATIENCE: Duration = Duration::from_millis(20);

/// Lends connections to readers.
pub struct Readers {
    location: StoreLocation,
    drawer: Mutex<Drawer>,
    came_back: Condvar,
}

#[derive(Default)]
struct Drawer {
    idle: Vec<Connection>,
    lent: usize,
}

impl Readers {
    pub(super) fn new(location: StoreLocation) -> Readers {
        Readers { location, drawer: Mutex::default(), came_back: Condvar::new() }
    }

    /// Reads over one consistent view of the store.
    pub fn read<T>(&self, reading: impl FnOnce(Reading<'_>) -> Stored<T>) -> Stored<T> {
        let mut lent = self.lend();
        let view = lent.connection()?.unchecked_transaction()?;
        let outcome = reading(Reading::over(&view, self.location.vault()));
        view.finish()?;
        lent.is_good = true;
        outcome
    }

    /// The same for everybody who asks, until something is committed.
    pub(super) fn read_lasting<T>(
        &self,
        lasting: &Lasting<T>,
        still_stands: impl FnOnce(&T) -> bool,
        reading: impl FnOnce(Reading<'_>) -> Stored<T>,
    ) -> Stored<Arc<T>> {
        lasting.read(&self.location, still_stands, reading)
    }

    /// The folder the store is in.
    pub(super) fn folder(&self) -> &Path {
        self.location.folder()
    }

    /// Closes the connections nobody uses.
    pub fn close(&self) {
        self.drawer().idle.clear();
    }

    /// One that is kept, or a new one where all are out and none comes back soon.
    fn lend(&self) -> Lent<'_> {
        let drawer = self.drawer();
        let all_are_out = |drawer: &mut Drawer| drawer.idle.is_empty() && drawer.lent >= KEPT;
        let waited = self.came_back.wait_timeout_while(drawer, PATIENCE, all_are_out);
        let (mut drawer, _) = waited.unwrap_or_else(PoisonError::into_inner);
        drawer.lent += 1;
        let kept = drawer.idle.pop();
        drop(drawer);
        Lent { readers: self, connection: kept, is_good: false }
    }

    fn drawer(&self) -> MutexGuard<'_, Drawer> {
        self.drawer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is out; it comes back however the reading ends, and is kept when the reading ended well.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
    is_good: bool,
}

impl Lent<'_> {
    fn connection(&mut self) -> Stored<&Connection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.readers.location.open_reader()?,
        };
        Ok(self.connection.insert(connection))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take().filter(|_| self.is_good);
        let mut drawer = self.readers.drawer();
        drawer.lent -= 1;
        let superfluous = match connection {
            Some(connection) if drawer.idle.len() < KEPT => {
                drawer.idle.push(connection);
                None
            }
            other => other,
        };
        drop(drawer);
        self.readers.came_back.notify_one();
        drop(superfluous); // closing takes its time
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Barrier;

    fn readers() -> (tempfile::TempDir, Readers) {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        drop(location.open_writer().unwrap());
        (folder, Readers::new(location))
    }

    #[test]
    fn many_who_read_at_once_all_read_and_leave_no_more_than_are_kept() {
        let (_folder, readers) = readers();
        let (many, barrier) = (KEPT + 3, Barrier::new(KEPT + 3));
        std::thread::scope(|scope| {
            for _ in 0..many {
                scope.spawn(|| {
                    // all of them have a connection before anybody gives one back
                    readers.read(|_| Ok(barrier.wait().is_leader())).unwrap();
                });
            }
        });
        let drawer = readers.drawer();
        assert_eq!((drawer.idle.len(), drawer.lent), (KEPT, 0));
    }

    #[test]
    fn a_reading_within_readings_waits_for_nobody_for_ever() {
        let (_folder, readers) = readers();
        fn within(readers: &Readers, depth: usize) -> Stored<usize> {
            readers.read(|_| if depth == 0 { Ok(0) } else { Ok(within(readers, depth - 1)? + 1) })
        }
        assert_eq!(within(&readers, KEPT + 2).unwrap(), KEPT + 2);
    }

    #[test]
    fn a_reading_that_panics_keeps_no_place() {
        let (_folder, readers) = readers();
        let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            readers.read(|_| -> Stored<()> { std::panic::resume_unwind(Box::new("torn")) })
        }));
        assert!(torn.is_err());
        let drawer = readers.drawer();
        assert_eq!((drawer.idle.len(), drawer.lent), (0, 0), "what it was reading with is not used again");
    }
}
