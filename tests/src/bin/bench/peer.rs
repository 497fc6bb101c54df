//! The peer: SQLite as it is used when every row is its own commit. The same library, key, journal and barrier as the record's
//! store, because it is opened by the same function.

use anyhow::anyhow;
use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;
use uketsuke::store::StoreLocation;

/// A row of about 1 KiB: what one change of one document takes in the record, with its key.
const ROW_BYTES: usize = 1024;

/// One table, one connection behind a lock.
pub struct Peer(Mutex<Connection>);

impl Peer {
    /// In a folder of its own below.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Peer> {
        let connection = StoreLocation::in_folder(&folder.join("peer"))?.open_writer()?;
        // The record copies its log on a thread of its own; nothing does so here, and SQLite's own measure keeps the log short.
        connection.pragma_update(None, "wal_autocheckpoint", 1000)?;
        connection
            .execute_batch("CREATE TABLE IF NOT EXISTS plain (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")?;
        Ok(Peer(Mutex::new(connection)))
    }

    /// Rows per second with so many threads that each insert so many rows, one commit per row.
    pub fn rows_per_second(&self, threads: u32, rows_each: u32) -> anyhow::Result<f64> {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..threads).map(|thread| scope.spawn(move || self.insert(thread, rows_each))).collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().map_err(|_| anyhow!("a thread of the peer ended"))?)
        })?;
        Ok(f64::from(threads * rows_each) / begun.elapsed().as_secs_f64())
    }

    fn insert(&self, thread: u32, rows: u32) -> anyhow::Result<()> {
        for row in 0..rows {
            let body = [(thread ^ row) as u8; ROW_BYTES];
            let connection = self.0.lock().map_err(|_| anyhow!("another thread of the peer ended"))?;
            connection.prepare_cached("INSERT INTO plain (body) VALUES (?1)")?.execute(params![body])?;
        }
        Ok(())
    }
}
