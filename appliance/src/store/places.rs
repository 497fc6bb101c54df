//! Where peers are, since when they lack something, and keys that have yet to be replaced.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use rusqlite::params;
use sync::facility::Statement;
use sync::seal::BoxId;

/// Where a member was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// the member
    pub peer: BoxId,
    /// host name or address
    pub host: String,
    /// port
    pub port: u16,
    /// it said so itself
    pub told: bool,
}

impl Reading<'_> {
    /// Where members were reached.
    pub fn exchange_places(&self) -> Stored<Vec<PlaceRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT peer, host, port, told FROM exchange_place ORDER BY peer, told DESC, host, port")?;
        let row = |row: &rusqlite::Row<'_>| {
            let peer = BoxId::from_bytes(row.get(0)?);
            Ok(PlaceRow { peer, host: row.get(1)?, port: row.get(2)?, told: row.get(3)? })
        };
        let rows = statement.query_map([], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Since when peers do not have everything.
    pub fn exchange_behind(&self) -> Stored<Vec<(BoxId, Timestamp)>> {
        let mut statement = self.connection.prepare("SELECT peer, since_ms FROM exchange_behind")?;
        let row = |row: &rusqlite::Row<'_>| Ok((BoxId::from_bytes(row.get(0)?), Timestamp::from_ms(row.get(1)?)));
        let rows = statement.query_map([], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Members put out whose keys have not been replaced.
    pub fn rotations_due(&self) -> Stored<Vec<BoxId>> {
        let mut statement = self.connection.prepare("SELECT member FROM rotation_due")?;
        let rows = statement.query_map([], |row| row.get(0).map(BoxId::from_bytes))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Remembers where a member is. What a member says of itself takes the place of what it said before.
    pub fn keep_place(&self, place: &PlaceRow) -> Stored<()> {
        if place.told {
            let sql = "DELETE FROM exchange_place WHERE peer = ?1 AND told";
            self.transaction.execute(sql, [place.peer.as_bytes()])?;
        }
        self.transaction.execute(
            "INSERT OR IGNORE INTO exchange_place (peer, host, port, told) VALUES (?1, ?2, ?3, ?4)",
            params![place.peer.as_bytes(), place.host, place.port, place.told],
        )?;
        Ok(())
    }

    /// Remembers who lacks something since when; who is not named has everything.
    pub fn keep_behind(&self, behind: &[(BoxId, Timestamp)]) -> Stored<()> {
        self.transaction.execute("DELETE FROM exchange_behind", [])?;
        for (peer, since) in behind {
            self.transaction.execute(
                "INSERT INTO exchange_behind (peer, since_ms) VALUES (?1, ?2)",
                params![peer.as_bytes(), since.as_ms()],
            )?;
        }
        Ok(())
    }

    /// Brings the statement into the log that puts a member out. Its keys are due to be replaced from then on, also after a power cut.
    pub fn put_out(&self, member: BoxId, statement: &Statement) -> Stored<()> {
        self.state(statement)?;
        self.transaction.execute("DELETE FROM exchange_place WHERE peer = ?1", [member.as_bytes()])?;
        self.transaction.execute("DELETE FROM exchange_behind WHERE peer = ?1", [member.as_bytes()])?;
        self.transaction.execute("INSERT OR IGNORE INTO rotation_due (member) VALUES (?1)", [member.as_bytes()])?;
        Ok(())
    }

    /// The keys have been replaced, and go out to those who remain with this very commit.
    pub fn rotated(&self) -> Stored<()> {
        self.transaction.execute("DELETE FROM rotation_due", [])?;
        Ok(())
    }
}
