//! Which records a snapshot stands for, so that they can be left out for somebody who gets the snapshot.
//!
//! The hub takes the signer's word: it opens nothing. The records themselves stay, and go out again to whoever asks for everything and
//! when the signer is no member any more.

use super::{Sql, StoreFailure, Stored, Value};
use sync::facility::FacilityId;
use sync::seal::{RecordKind, SealedRecord};

/// Snapshots looked at together.
const ROWS: u64 = 64;

/// Writes down what a kept snapshot says; other records say nothing.
pub fn note(sql: &mut dyn Sql, facility: FacilityId, sequence: u64, record: &SealedRecord) -> Stored<()> {
    let header = record.header();
    for name in record.stands_for() {
        let values = [
            facility.into(),
            Value::from(header.document.as_bytes()),
            Value::from(name),
            Value::from(sequence),
            Value::from(header.author),
        ];
        sql.execute(
            "INSERT INTO stands_for (facility, document, name, snapshot, signer) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (facility, document, name, snapshot) DO NOTHING",
            &values,
        )?;
    }
    Ok(())
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
