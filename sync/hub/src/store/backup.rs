//! A copy of the whole store in one file, made while the hub runs, from either database and into either.

use super::{Sql, Store, StoreFailure, Stored, Value, facilities, schema, sqlite, stands_for};
use std::path::Path;
use tokio::sync::broadcast;

/// Rows copied at once.
const ROWS: usize = 256;

/// A table, its columns, and how many of the first are its primary key.
struct Table(&'static str, &'static [&'static str], usize);

/// All tables whose rows are worth keeping, those that others refer to first. Sessions are not; what snapshots stand for is in them.
const TABLES: &[Table] = &[
    Table("hub", &["seed", "history"], 1),
    Table(
        "facility",
        &["id", "enrolled_at", "last", "stored", "forgotten", "quota_stored", "quota_day", "quota_connections"],
        1,
    ),
    Table("term", &["facility", "first", "term"], 2),
    Table("record", &["facility", "sequence", "hash", "document", "seal_key", "unchecked", "size", "bytes"], 2),
    Table("forgotten", &["facility", "name"], 2),
    Table("peer", &["facility", "id", "place", "have_after", "have_next", "acknowledged"], 2),
    Table("statement", &["facility", "hash", "bytes"], 2),
    Table("day_use", &["facility", "day", "bytes"], 2),
    Table("contact", &["facility", "box", "seen_at"], 2),
    Table("heartbeat", &["facility", "box", "received_at", "figures"], 2),
    Table(
        "bundle",
        &[
            "hash",
            "version",
            "arch",
            "record_schema",
            "size",
            "channel",
            "published_at",
            "ring",
            "share",
            "stop_after",
            "stopped",
        ],
        1,
    ),
    Table("update_wish", &["facility", "box", "channel", "ring", "hold", "pin"], 2),
    Table("box_version", &["facility", "box", "asked_at", "running", "slot", "proven"], 2),
    Table("update_end", &["facility", "box", "version", "outcome", "ended_at"], 3),
    Table("admin", &["name", "password_hash"], 1),
];

/// Writes a backup. The file appears under its name only when it is whole; it holds the hub's identity, so only this user can read it.
///
/// # Errors
/// The store's or the file's; then there is no new file.
pub fn write(store: &Store, file: &Path) -> Stored<()> {
    let half_made = file.with_extension("half-made");
    match std::fs::remove_file(&half_made) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let copy = open_file(&half_made)?;
    store.read_still(|from| {
        copy.write(|into| {
            schema::prepare(into)?;
            copy_tables(from, into)
        })
    })?;
    copy.close()?;
    std::fs::File::open(&half_made)?.sync_all()?;
    Ok(std::fs::rename(&half_made, file)?)
}

/// Reads a backup into an empty store, and begins new terms: what the boxes knew of the positions here is not true any more.
///
/// # Errors
/// [`StoreFailure::NotEmpty`], the store's or the file's; nothing was changed then.
pub fn restore(store: &Store, file: &Path) -> Stored<()> {
    if !file.exists() {
        return Err(std::io::Error::from(std::io::ErrorKind::NotFound).into());
    }
    let copy = open_file(file)?;
    copy.read(|from| {
        store.write(|into| {
            if !into.query("SELECT id FROM facility LIMIT 1", &[])?.is_empty() {
                return Err(StoreFailure::NotEmpty);
            }
            let history = into.query("SELECT history FROM hub", &[])?;
            let history = history.first().map_or(Ok(String::new()), |row| row.text(0).map(str::to_owned))?;
            into.execute("DELETE FROM hub", &[])?;
            into.execute("DELETE FROM admin", &[])?;
            copy_tables(from, into)?;
            into.execute("UPDATE hub SET history = $1", &[Value::Text(history)])?;
            stands_for::note_all(into)?;
            facilities::begin_terms(into)
        })
    })
}

fn open_file(file: &Path) -> Stored<sqlite::Sqlite> {
    sqlite::Sqlite::open_file(file, broadcast::Sender::new(1))
}

fn copy_tables(from: &mut dyn Sql, into: &mut dyn Sql) -> Stored<()> {
    TABLES.iter().try_for_each(|table| table.copy(from, into))
}

impl Table {
    /// Some rows at a time: records of all facilities do not fit into memory.
    fn copy(&self, from: &mut dyn Sql, into: &mut dyn Sql) -> Stored<()> {
        let mut last: Option<Vec<Value>> = None;
        loop {
            let rows = match &last {
                None => from.query(&self.select(""), &[])?,
                Some(key) => from.query(&self.select(&self.after()), key)?,
            };
            let Table(.., key) = self;
            let count = rows.len();
            for row in rows {
                let values = row.into_values();
                last = Some(values[..*key].to_vec());
                into.execute(&self.insert(), &values)?;
            }
            if count < ROWS {
                return Ok(());
            }
        }
    }

    fn key(&self) -> String {
        self.1[..self.2].join(", ")
    }

    fn after(&self) -> String {
        format!("WHERE ({}) > ({})", self.key(), numbered(self.2))
    }

    fn select(&self, condition: &str) -> String {
        format!("SELECT {} FROM {} {condition} ORDER BY {} LIMIT {ROWS}", self.1.join(", "), self.0, self.key())
    }

    fn insert(&self) -> String {
        format!("INSERT INTO {} ({}) VALUES ({})", self.0, self.1.join(", "), numbered(self.1.len()))
    }
}

fn numbered(count: usize) -> String {
    (1..=count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}
