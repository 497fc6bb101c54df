//! A box that worked by itself is let into another facility: what stands in its record is sealed anew, for that facility.

use super::records::standing;
use super::snapshots::contents;
use super::{StoreError, Stored, Writing};
use domain::Timestamp;
use rusqlite::params;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use sync::seal::{KeyRing, SealedRecord, open_kept};

impl Writing<'_> {
    /// Seals every change of another facility's anew, at the end of the log, in the order they stand. What else that facility's records
    /// say (who belonged to it) has no meaning in this one. The rows people see stay as they are.
    pub fn move_in(&self, before: &KeyRing, now: Timestamp) -> Stored<()> {
        // snapshots hold again what stands in single records
        let mut moved = BTreeSet::<[u8; 32]>::new();
        for seq in self.foreign_records()? {
            let sealed: Vec<u8> = self
                .transaction
                .prepare_cached("SELECT sealed FROM record WHERE seq = ?1")?
                .query_row([seq], |row| row.get(0))?;
            let record = SealedRecord::parse(sealed)?;
            let inside = match record.header().kind.is_sealed() {
                true => contents(&record, open_kept(&record, before)?)?,
                false => Vec::new(),
            };
            for change in inside {
                if moved.insert(Sha256::digest(&change.chunk).into()) {
                    self.keep_record(&self.vault.seal(&change, now)?, standing::COUNTS)?;
                }
            }
            self.transaction.prepare_cached("DELETE FROM record WHERE seq = ?1")?.execute([seq])?;
        }
        self.transaction.execute_batch(
            "DELETE FROM feed_term; DELETE FROM feed_peer; DELETE FROM key_granted; DELETE FROM feed_waiting;",
        )?;
        Ok(())
    }

    fn foreign_records(&self) -> Stored<Vec<i64>> {
        let mut statement = self
            .transaction
            .prepare("SELECT seq FROM record WHERE substr(sealed, 5, 16) <> ?1 AND standing = ?2 ORDER BY seq")?;
        let rows =
            statement.query_map(params![self.vault.facility().as_bytes(), standing::COUNTS], |row| row.get(0))?;
        rows.collect::<Result<_, _>>().map_err(StoreError::from)
    }
}
