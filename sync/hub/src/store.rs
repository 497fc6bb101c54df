//! What the hub keeps, in SQLite or in PostgreSQL.
//!
//! Everything is written once, in the SQL that both understand, over the small face [`Sql`]; the two files below it know their database
//! and nothing of the hub. Functions here block: they are called beside the runtime, never upon it.

pub mod admins;
pub mod backup;
pub mod facilities;
pub mod fleet;
mod postgres;
mod schema;
mod sqlite;
pub mod stands_for;
pub mod updates;

use domain::Timestamp;
use std::path::Path;
use sync::facility::FacilityId;
use sync::feed::LogFailure;
use tokio::runtime::Handle;
use tokio::sync::broadcast;

/// Changes told at once before a listener that is behind is told to look at everything.
const CHANGES: usize = 4_096;

/// The store did not do what it was asked. What was not answered was not kept; nothing that was kept is lost.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// SQLite refused.
    #[error("the database file cannot be used")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused or does not answer.
    #[error("the database server does not do what was asked")]
    Postgres(#[from] tokio_postgres::Error),
    /// What stands there is not what this program wrote.
    #[error("the store holds something this program did not write: {0}")]
    Damaged(&'static str),
    /// A newer program has changed the store.
    #[error("the store was changed by a newer program: start that one, or restore a backup made before")]
    Newer,
    /// Another process uses the folder.
    #[error("another process uses this folder: SQLite is for one process; several share PostgreSQL")]
    InUse,
    /// The facility has used up its room, and more than what was begun cannot be finished in.
    #[error("the facility's room is used up")]
    Full,
    /// A restore would write over something.
    #[error("the store is not empty: nothing was restored; give an empty folder or an empty database")]
    NotEmpty,
    /// The folder or file cannot be used.
    #[error("the folder or file of the store cannot be used")]
    File(#[from] std::io::Error),
    /// The operating system gave no randomness.
    #[error("no randomness from the system")]
    NoRandomness,
}

/// What the store gives back.
pub type Stored<T> = Result<T, StoreFailure>;

impl From<StoreFailure> for LogFailure {
    fn from(failure: StoreFailure) -> LogFailure {
        LogFailure(failure.to_string())
    }
}

/// What happened in the store, in this process or in another that shares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A facility's log has grown.
    Grown(FacilityId),
    /// A facility came, or who belongs to it has changed.
    Members(FacilityId),
    /// Anything may have happened: changes were not heard for a while.
    Everything,
}

/// One value in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
}

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct Row(Vec<Value>);

/// One transaction.
pub trait Sql {
    /// Asks.
    ///
    /// # Errors
    /// The database's; the transaction is over then.
    fn query(&mut self, statement: &str, values: &[Value]) -> Stored<Vec<Row>>;

    /// Changes; says how many rows.
    ///
    /// # Errors
    /// As [`Sql::query`].
    fn execute(&mut self, statement: &str, values: &[Value]) -> Stored<u64>;

    /// Tells all processes of a change, once it is committed.
    ///
    /// # Errors
    /// As [`Sql::query`].
    fn tell(&mut self, change: Change) -> Stored<()>;
}

/// The store.
pub struct Store {
    backend: Backend,
    changes: broadcast::Sender<Change>,
}

enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens or makes the SQLite store in a folder. Every start begins new terms: the folder may have been copied.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open_folder(folder: &Path) -> Stored<Store> {
        let changes = broadcast::Sender::new(CHANGES);
        let backend = Backend::Sqlite(sqlite::Sqlite::open(folder, changes.clone())?);
        let store = Store { backend, changes };
        store.write(|sql| {
            schema::prepare(sql)?;
            facilities::begin_terms(sql)
        })?;
        Ok(store)
    }

    /// Opens the SQLite store of a hub that may be running, for a backup or a new password. No terms begin.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open_folder_beside(folder: &Path) -> Stored<Store> {
        let changes = broadcast::Sender::new(CHANGES);
        let store = Store { backend: Backend::Sqlite(sqlite::Sqlite::open_beside(folder, changes.clone())?), changes };
        store.write(schema::prepare)?;
        Ok(store)
    }

    /// Opens or makes the store in a PostgreSQL database that other processes may share. New terms begin only when the database has
    /// become another: restored, moved, or continued by a standby.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open_database(url: &str, runtime: Handle) -> Stored<Store> {
        let changes = broadcast::Sender::new(CHANGES);
        let backend = Backend::Postgres(postgres::Postgres::open(url, runtime, changes.clone())?);
        Ok(Store { backend, changes })
    }

    /// Reads.
    ///
    /// # Errors
    /// As the database says.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(work),
            Backend::Postgres(postgres) => postgres.write(work),
        }
    }

    /// Changes, durably and as a whole, or not at all.
    ///
    /// # Errors
    /// As the database says.
    pub fn write<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.write(work),
            Backend::Postgres(postgres) => postgres.write(work),
        }
    }

    /// Reads everything as of one moment.
    ///
    /// # Errors
    /// As the database says.
    pub fn read_still<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(work),
            Backend::Postgres(postgres) => postgres.read_still(work),
        }
    }

    /// What happens from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }
}

impl Row {
    /// The number in a column.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn int(&self, column: usize) -> Stored<i64> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(*number),
            _ => Err(StoreFailure::Damaged("a number is missing")),
        }
    }

    /// The number in a column, which is never negative.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn count(&self, column: usize) -> Stored<u64> {
        u64::try_from(self.int(column)?).map_err(|_| StoreFailure::Damaged("a count is negative"))
    }

    /// The instant in a column.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn instant(&self, column: usize) -> Stored<Timestamp> {
        self.int(column).map(Timestamp::from_ms)
    }

    /// The bytes in a column.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn bytes(&self, column: usize) -> Stored<&[u8]> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(StoreFailure::Damaged("bytes are missing")),
        }
    }

    /// The bytes in a column, which are so many.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn array<const N: usize>(&self, column: usize) -> Stored<[u8; N]> {
        self.bytes(column)?.try_into().map_err(|_| StoreFailure::Damaged("a name has another length"))
    }

    /// The text in a column.
    ///
    /// # Errors
    /// [`StoreFailure::Damaged`].
    pub fn text(&self, column: usize) -> Stored<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(StoreFailure::Damaged("a text is missing")),
        }
    }

    /// All values, in order.
    pub fn into_values(self) -> Vec<Value> {
        self.0
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl From<FacilityId> for Value {
    fn from(id: FacilityId) -> Value {
        Value::from(id.as_bytes())
    }
}

impl From<sync::facility::BoxId> for Value {
    fn from(id: sync::facility::BoxId) -> Value {
        Value::from(id.as_bytes())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

/// Numbers beyond what the databases hold do not occur: sequences and bytes stay far below 2⁶³.
impl From<u64> for Value {
    fn from(number: u64) -> Value {
        Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        Value::from(number as u64)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Value {
        Value::Int(at.as_ms())
    }
}
