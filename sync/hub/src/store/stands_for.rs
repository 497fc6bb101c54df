//! Which records a snapshot stands for, so that they can be left out for somebody who gets the snapshot.
//!
//! The hub takes the signer's word: it opens nothing. The records themselves stay, and are left out only for a box that says it holds
//! the snapshot and found it good.

use super::{Sql, StoreFailure, Stored, Value};
use sync::facility::FacilityId;
use sync::seal::{HashPrefix, RecordHash, RecordKind, SealedRecord};

/// Snapshots looked at together.
const ROWS: u64 = 64;

/// Writes down what a kept snapshot says; other records say nothing.
pub fn note(sql: &mut dyn Sql, facility: FacilityId, sequence: u64, record: &SealedRecord) -> Stored<()> {
    let header = record.header();
    for name in record.stands_for() {
        let values =
            [facility.into(), Value::from(header.document.as_bytes()), Value::from(name), Value::from(sequence)];
        sql.execute(
            "INSERT INTO stands_for (facility, document, name, snapshot) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (facility, document, name, snapshot) DO NOTHING",
            &values,
        )?;
    }
    Ok(())
}

/// Records after one number and up to another, each with the name of a snapshot that stands for it.
pub fn between(sql: &mut dyn Sql, facility: FacilityId, after: u64, up_to: u64) -> Stored<Vec<(u64, HashPrefix)>> {
    let rows = sql.query(
        "SELECT record.sequence, kept.hash FROM record JOIN stands_for \
         ON stands_for.facility = record.facility AND stands_for.document = record.document \
         AND stands_for.name = substr(record.hash, 1, 8) \
         JOIN record AS kept ON kept.facility = stands_for.facility AND kept.sequence = stands_for.snapshot \
         WHERE record.facility = $1 AND record.sequence > $2 AND record.sequence <= $3 ORDER BY record.sequence",
        &[facility.into(), after.into(), up_to.into()],
    )?;
    rows.iter().map(|row| Ok((row.count(0)?, RecordHash::from_bytes(row.array(1)?).prefix()))).collect()
}

/// The numbers of snapshots after a number that stand for something, in order.
pub fn snapshots_after(sql: &mut dyn Sql, facility: FacilityId, after: u64, most: usize) -> Stored<Vec<u64>> {
    let rows = sql.query(
        "SELECT DISTINCT snapshot FROM stands_for WHERE facility = $1 AND snapshot > $2 ORDER BY snapshot LIMIT $3",
        &[facility.into(), after.into(), most.into()],
    )?;
    rows.iter().map(|row| row.count(0)).collect()
}

/// Writes it down for all snapshots that are kept, after a backup was read.
pub fn note_all(sql: &mut dyn Sql) -> Stored<()> {
    let facilities = sql.query("SELECT id FROM facility", &[])?;
    for facility in facilities {
        let facility = FacilityId::from_bytes(facility.array(0)?);
        let mut after = 0;
        loop {
            let rows = sql.query(
                "SELECT sequence, bytes FROM record WHERE facility = $1 AND sequence > $2 AND unchecked = 0 \
                 AND substr(bytes, 61, 1) = $3 ORDER BY sequence LIMIT $4",
                &[facility.into(), after.into(), Value::from(&[RecordKind::SNAPSHOT.0]), ROWS.into()],
            )?;
            for row in &rows {
                after = row.count(0)?;
                let record = SealedRecord::parse(row.bytes(1)?).map_err(|_| StoreFailure::Damaged("a record"))?;
                note(sql, facility, after, &record)?;
            }
            if (rows.len() as u64) < ROWS {
                break;
            }
        }
    }
    Ok(())
}
