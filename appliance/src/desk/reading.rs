//! Connections that only read, lent out and taken back.

use crate::store::{Reading, StoreLocation, Stored};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Mutex;

/// Most connections kept for the next reader; more are opened when needed and closed again.
const KEPT: usize = 4;

/// Lends connections to readers.
pub struct Readers {
    location: StoreLocation,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(location: StoreLocation) -> Readers {
        Readers { location, idle: Mutex::new(Vec::new()) }
    }

    /// Reads over one consistent view of the store.
    pub fn read<T>(&self, reading: impl FnOnce(Reading<'_>) -> Stored<T>) -> Stored<T> {
        let connection = match self.take() {
            Some(connection) => connection,
            None => self.location.open_reader()?,
        };
        let view = connection.unchecked_transaction()?;
        let outcome = reading(Reading::over(&view, self.location.vault()));
        view.finish()?;
        self.give_back(connection);
        outcome
    }

    /// The folder the store is in.
    pub(super) fn folder(&self) -> &Path {
        self.location.folder()
    }

    /// Closes the connections nobody uses.
    pub fn close(&self) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }

    fn take(&self) -> Option<Connection> {
        self.idle.lock().ok()?.pop()
    }

    fn give_back(&self, connection: Connection) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
    }
}
