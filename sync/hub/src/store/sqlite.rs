//! SQLite: one file, one process, one writer, readers beside it.

use super::{Change, Row, Sql, StoreFailure, Stored, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, TransactionBehavior, params_from_iter};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Readers kept open.
const READERS: usize = 8;
/// How long a reader waits for a moment of the writer's.
const BUSY: Duration = Duration::from_secs(10);
const FILE: &str = "hub.sqlite";
const LOCK: &str = "hub.lock";

pub struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    changes: broadcast::Sender<Change>,
    /// held as long as this lives; not for a file of a backup
    lock: Option<File>,
}

impl Sqlite {
    /// Opens or makes the file in a folder. A second process is kept out.
    pub fn open(folder: &Path, changes: broadcast::Sender<Change>) -> Stored<Sqlite> {
        std::fs::create_dir_all(folder)?;
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(folder.join(LOCK))?;
        lock.try_lock().map_err(|_| StoreFailure::InUse)?;
        let mut sqlite = Sqlite::open_file(&folder.join(FILE), changes)?;
        sqlite.lock = Some(lock);
        Ok(sqlite)
    }

    /// Opens or makes the file in a folder beside the process that serves from it.
    pub fn open_beside(folder: &Path, changes: broadcast::Sender<Change>) -> Stored<Sqlite> {
        std::fs::create_dir_all(folder)?;
        Sqlite::open_file(&folder.join(FILE), changes)
    }

    /// Opens or makes a file that only this user can read: the hub's identity is in it.
    pub fn open_file(path: &Path, changes: broadcast::Sender<Change>) -> Stored<Sqlite> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let writer = connect(path)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        // What was acknowledged is on the disk; what was forgotten leaves no copy in free pages.
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "secure_delete", "ON")?;
        Ok(Sqlite { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default(), changes, lock: None })
    }

    /// Closes a file of a backup with everything in the one file.
    pub fn close(self) -> Stored<()> {
        let writer = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.pragma_update(None, "journal_mode", "DELETE")?;
        writer.close().map_err(|(_, failure)| failure.into())
    }

    pub fn write<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut sql = Transaction { connection: &transaction, told: Vec::new() };
        let outcome = work(&mut sql)?;
        let told = sql.told;
        transaction.commit()?;
        for change in told {
            // Nobody listening is no failure.
            let _ = self.changes.send(change);
        }
        Ok(outcome)
    }

    /// Everything within `work` is seen as of one moment.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Sql) -> Stored<T>) -> Stored<T> {
        let kept = lock(&self.readers).pop();
        let mut reader = kept.map_or_else(|| connect(&self.path), Ok)?;
        let transaction = reader.transaction()?;
        let outcome = work(&mut Transaction { connection: &transaction, told: Vec::new() })?;
        transaction.finish()?;
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(outcome)
    }
}

fn connect(path: &Path) -> Stored<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Transaction<'a> {
    connection: &'a Connection,
    told: Vec<Change>,
}

impl Transaction<'_> {
    /// Its parameters are written `?1` here, and `$1` everywhere else.
    fn prepare(&self, statement: &str) -> Stored<rusqlite::CachedStatement<'_>> {
        Ok(self.connection.prepare_cached(&statement.replace('$', "?"))?)
    }
}

impl Sql for Transaction<'_> {
    fn query(&mut self, statement: &str, values: &[Value]) -> Stored<Vec<Row>> {
        let mut prepared = self.prepare(statement)?;
        rows(&mut prepared, values)
    }

    fn execute(&mut self, statement: &str, values: &[Value]) -> Stored<u64> {
        Ok(self.prepare(statement)?.execute(params_from_iter(values))? as u64)
    }

    fn tell(&mut self, change: Change) -> Stored<()> {
        if !self.told.contains(&change) {
            self.told.push(change);
        }
        Ok(())
    }
}

fn rows(prepared: &mut Statement<'_>, values: &[Value]) -> Stored<Vec<Row>> {
    let columns = prepared.column_count();
    let mut found = prepared.query(params_from_iter(values))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..columns).map(|column| value(row.get_ref(column)?)).collect::<Stored<_>>()?;
        rows.push(Row(values));
    }
    Ok(rows)
}

fn value(found: ValueRef<'_>) -> Stored<Value> {
    match found {
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Blob(bytes) => Ok(Value::from(bytes)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| StoreFailure::Damaged("a text is no text"))?;
            Ok(Value::from(text))
        }
        ValueRef::Null | ValueRef::Real(_) => Err(StoreFailure::Damaged("a value of an unused kind")),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
