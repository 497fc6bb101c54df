//! The store: SQLite in WAL with `synchronous=FULL`, encrypted by SQLCipher. One connection writes, a few read.

mod accounts;
mod age;
mod apart;
mod arrivals;
mod checkpoint;
mod claims;
mod copying;
mod devices;
mod disaster;
mod elsewhere;
mod feed;
mod forgotten;
mod forms;
mod found_cards;
mod grants;
mod insurers;
mod jobs;
mod journal;
mod key;
mod log_room;
mod months;
mod moving;
mod passkeys;
mod patients;
mod people;
mod places;
mod projection;
mod received;
mod recognition;
mod records;
mod renewing;
mod requests;
mod rounds;
mod search;
mod shelf;
mod snapshots;
mod statistics;
mod tablets;
mod together;
mod trail;
mod troubles;
mod views;
mod waiting;

pub use accounts::{EMERGENCY, NewSession, SessionRow, StaffRow, may_be_in};
pub use arrivals::{Gone, TakingIn};
pub use checkpoint::Checkpointer;
pub use copying::RecordSum;
pub use devices::{CLOCK, DeviceLine, DeviceNotes};
pub use elsewhere::ElsewhereRow;
pub use feed::UseRow;
pub use forgotten::{ForgottenNote, HeldMonth};
pub use forms::FormBatch;
pub use jobs::{DeclarationContent, JobContent, JobRow, LookupContent};
pub use journal::JournalRow;
pub use key::Key;
pub use months::MonthRow;
pub use passkeys::PasskeyRow;
pub use people::EnvelopeRow;
pub use places::PlaceRow;
pub use projection::{fill_claims, rebuild};
pub use received::Seen;
pub use records::{DocumentId, Loaded};
pub use renewing::want_new_key;
pub use requests::{About, RequestRow};
pub use rounds::RoundVisit;
pub use shelf::ShelfRow;
pub use trail::{Chain, MergedElsewhere, TrailEntry};

use crate::clock::Clock;
use crate::vault::{Founder, Vault, VaultError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use sync::facility::machine::Machine;

mod embedded {
    #![allow(missing_docs)]
    refinery::embed_migrations!("migrations");
}

/// The store failed. Nothing of the current transaction was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite or SQLCipher failed
    #[error("the database failed")]
    Sqlite(#[from] rusqlite::Error),
    /// the numbered migrations could not be applied
    #[error("the database could not be brought to this version")]
    Migration(#[source] Box<refinery::Error>),
    /// a newer program has changed the record in a way that this one cannot use
    #[error(
        "記録は新しい版が書いたもので、この版では開けません（データ形式 {record}、必要な版 {needs}、この版 {knows}）。記録は無事です。新しい版を\
         起動してください。 / The record was written by a newer version and cannot be opened by this one (schema {record}, needs {needs}, \
         this version knows {knows}). It is safe; start the newer version."
    )]
    Newer {
        /// newest migration of the record
        record: u32,
        /// migration that a program has to know
        needs: u32,
        /// newest migration this program knows
        knows: u32,
    },
    /// the key file is missing, unreadable or open to others
    #[error("the key file cannot be used: {0}")]
    Key(String),
    /// a kept value cannot be read
    #[error("a kept value cannot be read: {0}")]
    Unreadable(String),
    /// a document is corrupt
    #[error("a document is corrupt")]
    Corrupt(#[from] sync::replica::Corrupt),
    /// identity, keys or membership cannot be used
    #[error("the box's identity or keys cannot be used")]
    Vault(#[from] VaultError),
}

impl From<sync::seal::Refusal> for StoreError {
    fn from(refusal: sync::seal::Refusal) -> StoreError {
        StoreError::Unreadable(refusal.to_string())
    }
}

impl From<domain::written::Unreadable> for StoreError {
    fn from(source: domain::written::Unreadable) -> StoreError {
        StoreError::Unreadable(source.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> StoreError {
        StoreError::Unreadable("not JSON".to_owned())
    }
}

/// The number of the newest migration: what this program makes of a record, and can open.
pub fn newest_migration() -> u32 {
    let runner = embedded::migrations::runner();
    runner.get_migrations().iter().map(|migration| u32::try_from(migration.version()).unwrap_or(0)).max().unwrap_or(0)
}

/// What every store function returns.
pub type Stored<T> = Result<T, StoreError>;

/// Pages the writer keeps decrypted, KiB: the inner pages of every tree, and the leaves that today's visits touch.
const WRITER_CACHE_KIB: i32 = 16 * 1024;
/// The same for each reader. A few readers and the writer stay together far below the 64 MB of the whole program.
const READER_CACHE_KIB: i32 = 4 * 1024;

/// Statements each connection keeps ready. A check-in alone runs some seventy different ones, and one that is not ready costs as much to
/// prepare as it costs to run.
const STATEMENTS_KEPT: usize = 256;

/// Pages in the log at which the writer itself copies it into the database, should the [`Checkpointer`] not have come to an end
/// while the desks were never quiet.
const LONGEST_LOG_PAGES: i32 = 8_000;

/// How often opening is tried again after a disturbance.
const MOST_DISTURBANCES: u32 = 4;

/// How long whoever disturbed is given to be done, longer each time.
const AFTER_A_DISTURBANCE: Duration = Duration::from_millis(10);

impl StoreError {
    /// The cryptography could not be attached. A wrong key is another error, at the first read.
    fn is_a_disturbance(&self) -> bool {
        matches!(self, StoreError::Sqlite(rusqlite::Error::SqliteFailure(_, Some(why))) if why.starts_with("An error occurred with PRAGMA key"))
    }
}

/// Where the store lies and how it is opened.
#[derive(Clone)]
pub struct StoreLocation {
    path: PathBuf,
    key: Key,
    vault: Arc<Vault>,
}

impl StoreLocation {
    /// The store in a data folder; makes folder, keys and a facility without a name on the first start.
    pub fn in_folder(folder: &Path) -> Stored<StoreLocation> {
        StoreLocation::founded_by(folder, "", "")
    }

    /// The same, with what a facility is called that is founded on the first start: its name and 医療機関コード.
    pub fn founded_by(folder: &Path, name: &str, institution_code: &str) -> Stored<StoreLocation> {
        let founder = Founder { name, institution_code, now: Clock::wall().now() };
        StoreLocation::on_machine(folder, &Machine::read(Path::new("/")), &founder)
    }

    /// The store of a folder in which one is already, to be looked at and left as it is: no key is renewed and nothing is made.
    pub fn to_look_at(folder: &Path) -> Stored<StoreLocation> {
        let key = Key::read_or_make(&folder.join("record.key"))?;
        let founder = Founder { name: "", institution_code: "", now: Clock::wall().now() };
        let vault = Arc::new(Vault::open(folder, &Machine::read(Path::new("/")), &founder)?);
        Ok(StoreLocation { path: folder.join("record.db"), key, vault })
    }

    /// The same, on a given machine.
    pub fn on_machine(folder: &Path, machine: &Machine, founder: &Founder<'_>) -> Stored<StoreLocation> {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Key(e.to_string()))?;
        renewing::renew_when_due(folder)?;
        let key = Key::read_or_make(&folder.join("record.key"))?;
        let vault = Arc::new(Vault::open(folder, machine, founder)?);
        Ok(StoreLocation { path: folder.join("record.db"), key, vault })
    }

    /// Identity, members and keys.
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// The folder it lies in, where the box's other secrets lie too.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The log beside the database, while it is open.
    fn log(&self) -> PathBuf {
        self.path.with_extension("db-wal")
    }

    /// The one writing connection, brought to this version.
    pub fn open_writer(&self) -> Stored<Connection> {
        let mut connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG_PAGES)?;
        if age::is_from_a_newer_program(&connection)? {
            return Ok(connection);
        }
        embedded::migrations::runner()
            .run(&mut connection)
            .map_err(|source| StoreError::Migration(Box::new(source)))?;
        Ok(connection)
    }

    /// A connection that copies the log while the writer works.
    fn open_beside_the_writer(&self) -> Stored<Connection> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// A connection that only reads.
    pub fn open_reader(&self) -> Stored<Connection> {
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.pragma_update(None, "query_only", "ON")?;
        connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        Ok(connection)
    }

    /// Unlocking now and then fails for no reason of its own when another connection of this process opens or closes at the same
    /// instant (once in some ten thousand times); then it is done again.
    fn connect(&self, flags: OpenFlags) -> Stored<Connection> {
        for disturbed in 1..=MOST_DISTURBANCES {
            match self.connect_once(flags) {
                Err(error) if error.is_a_disturbance() => std::thread::sleep(AFTER_A_DISTURBANCE * disturbed),
                settled => return settled,
            }
        }
        self.connect_once(flags)
    }

    fn connect_once(&self, flags: OpenFlags) -> Stored<Connection> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = self.key.open(&self.path, flags)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "mmap_size", 0)?;
        connection.pragma_update(None, "cell_size_check", "ON")?;
        // a statement is prepared once, not again for every value that it is given
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(connection)
    }
}

/// The store inside one writing transaction. Every write of the box goes through here.
pub struct Writing<'a> {
    transaction: &'a Transaction<'a>,
    vault: &'a Vault,
}

impl<'a> Writing<'a> {
    /// Writes inside this transaction.
    pub fn inside(transaction: &'a Transaction<'a>, vault: &'a Vault) -> Writing<'a> {
        Writing { transaction, vault }
    }

    /// Reads what this transaction sees.
    pub fn reading(&self) -> Reading<'_> {
        Reading { connection: self.transaction, vault: self.vault }
    }

    /// This box.
    pub fn own_id(&self) -> sync::seal::BoxId {
        self.vault.id()
    }

    /// Destroys the links with which old grants were sealed.
    pub fn shorten_chain(&self, now: sync::seal::Month) -> Stored<()> {
        Ok(self.vault.shorten_chain(now)?)
    }

    /// From here on, everything can be taken back by [`Writing::roll_back`].
    pub fn savepoint(&self) -> Stored<()> {
        Ok(self.transaction.prepare_cached("SAVEPOINT input")?.execute([]).map(|_| ())?)
    }

    /// Keeps what was done since the savepoint.
    pub fn release(&self) -> Stored<()> {
        Ok(self.transaction.prepare_cached("RELEASE input")?.execute([]).map(|_| ())?)
    }

    /// Takes back what was done since the savepoint.
    pub fn roll_back(&self) -> Stored<()> {
        self.transaction.prepare_cached("ROLLBACK TO input")?.execute([])?;
        self.release()
    }
}

/// The store as a reader sees it.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    connection: &'a Connection,
    vault: &'a Vault,
}

impl<'a> Reading<'a> {
    /// Reads over this connection.
    pub fn over(connection: &'a Connection, vault: &'a Vault) -> Reading<'a> {
        Reading { connection, vault }
    }
}

/// A value in its written form, as JSON text.
pub(crate) fn to_text<T: domain::written::Written>(value: &T) -> String {
    sync::json::to_text(&value.write())
}

/// The value behind JSON text.
pub(crate) fn from_text<T: domain::written::Written>(text: &str) -> Stored<T> {
    Ok(T::read(&sync::json::from_text(text)?)?)
}
