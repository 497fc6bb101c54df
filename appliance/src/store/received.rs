//! Files taken in: the same name with the same content is the same file, once and for all.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use rusqlite::params;

/// Whether a file is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// never seen
    Never,
    /// the same name and content was taken in before
    Same,
    /// the same name with other content was taken in before
    OtherContent,
}

impl Reading<'_> {
    /// Whether a file was taken in before.
    pub fn seen(&self, name: &str, sha256: &[u8; 32]) -> Stored<Seen> {
        let mut statement = self.connection.prepare_cached("SELECT sha256 FROM received WHERE name = ?1")?;
        let known = statement.query_map([name], |row| row.get::<_, [u8; 32]>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(match known {
            known if known.is_empty() => Seen::Never,
            known if known.contains(sha256) => Seen::Same,
            _ => Seen::OtherContent,
        })
    }
}

impl Writing<'_> {
    /// Notes that a file was taken in.
    pub fn keep_received(&self, name: &str, sha256: &[u8; 32], now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO received (name, sha256, at_ms) VALUES (?1, ?2, ?3)")?
            .execute(params![name, sha256, now.as_ms()])?;
        Ok(())
    }
}
