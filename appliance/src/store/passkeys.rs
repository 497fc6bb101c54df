//! Passkeys of staff, in the store.

use super::{Reading, Stored, Writing};
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use web::port::PasskeyItem;

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// as the device names it
    pub id: Vec<u8>,
    /// whose
    pub author: String,
    /// as its owner calls it
    pub name: String,
    /// name of the box it was made under
    pub place: String,
    /// SubjectPublicKeyInfo
    pub public_key: Vec<u8>,
    /// of its last use
    pub counter: u32,
    /// when it was made
    pub made_at: Timestamp,
    /// when it was last used
    pub used_at: Option<Timestamp>,
    /// it counted backwards: there may be a copy
    pub is_suspended: bool,
}

impl PasskeyRow {
    /// As its owner sees it.
    pub fn shown(self) -> PasskeyItem {
        PasskeyItem {
            key: BASE64URL_NOPAD.encode(&self.id),
            name: self.name,
            place: self.place,
            made_at: self.made_at,
            used_at: self.used_at,
            is_suspended: self.is_suspended,
        }
    }
}

const PASSKEY: &str = "id, author, name, place, public_key, counter, made_at_ms, used_at_ms, suspended";

impl Reading<'_> {
    /// The passkey a device calls so.
    pub fn passkey(&self, id: &[u8]) -> Stored<Option<PasskeyRow>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {PASSKEY} FROM passkey WHERE id = ?1"))?;
        Ok(statement.query_row([id], passkey_row).optional()?)
    }

    /// The passkeys of an account, in the order they were made.
    pub fn passkeys_of(&self, author: &str) -> Stored<Vec<PasskeyRow>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {PASSKEY} FROM passkey WHERE author = ?1 ORDER BY made_at_ms, id"))?;
        let keys = statement.query_map([author], passkey_row)?;
        Ok(keys.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Keeps a new passkey; whether there was none of that name of a device.
    pub fn keep_passkey(&self, key: &PasskeyRow) -> Stored<bool> {
        let kept = self
            .transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO passkey (id, author, name, place, public_key, counter, made_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                key.id,
                key.author,
                key.name,
                key.place,
                key.public_key,
                key.counter,
                key.made_at.as_ms()
            ])?;
        Ok(kept == 1)
    }

    /// Uses a passkey; whether its counter went on as that of one single device does.
    pub fn use_passkey(&self, id: &[u8], counter: u32, now: Timestamp) -> Stored<bool> {
        let used = self
            .transaction
            .prepare_cached(
                "UPDATE passkey SET counter = ?2, used_at_ms = ?3 WHERE id = ?1 AND suspended = 0 \
                 AND (counter < ?2 OR (counter = 0 AND ?2 = 0))",
            )?
            .execute(params![id, counter, now.as_ms()])?;
        Ok(used == 1)
    }

    /// There may be a copy of a passkey: it opens nothing any more.
    pub fn suspend_passkey(&self, id: &[u8]) -> Stored<()> {
        self.transaction.prepare_cached("UPDATE passkey SET suspended = 1 WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Another name for one's own passkey; whether there is such a one.
    pub fn rename_passkey(&self, author: &str, id: &[u8], name: &str) -> Stored<bool> {
        let mut rename =
            self.transaction.prepare_cached("UPDATE passkey SET name = ?3 WHERE author = ?1 AND id = ?2")?;
        Ok(rename.execute(params![author, id, name])? == 1)
    }

    /// Takes one's own passkey away; whether there was such a one.
    pub fn remove_passkey(&self, author: &str, id: &[u8]) -> Stored<bool> {
        let mut remove = self.transaction.prepare_cached("DELETE FROM passkey WHERE author = ?1 AND id = ?2")?;
        Ok(remove.execute(params![author, id])? == 1)
    }

    /// Takes all passkeys of an account away.
    pub fn remove_passkeys_of(&self, author: &str) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM passkey WHERE author = ?1")?.execute([author])?;
        Ok(())
    }
}

fn passkey_row(row: &Row<'_>) -> rusqlite::Result<PasskeyRow> {
    Ok(PasskeyRow {
        id: row.get(0)?,
        author: row.get(1)?,
        name: row.get(2)?,
        place: row.get(3)?,
        public_key: row.get(4)?,
        counter: row.get(5)?,
        made_at: Timestamp::from_ms(row.get(6)?),
        used_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_ms),
        is_suspended: row.get(8)?,
    })
}
