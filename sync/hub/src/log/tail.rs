//! The end of one facility's log while something is written: one transaction, one writer at a time.

use crate::store::facilities::keep_statement;
use crate::store::{Change, Sql, StoreFailure, Stored, Value, stands_for};
use sync::facility::{FacilityId, Statement};
use sync::feed::{Arrival, Outcome};
use sync::seal::forget::Forget;
use sync::seal::{DocumentTag, Header, KeyId, RecordKind, SealedRecord, Standing};

/// What may still be kept beyond the quota, so that whatever was begun can be finished: more than the largest record.
const GRACE_BYTES: u64 = 32 << 20;

/// The end of a log.
pub struct Tail<'a> {
    sql: &'a mut dyn Sql,
    facility: FacilityId,
    last: u64,
    stored: u64,
    forgotten: u64,
    quota: u64,
    grown: bool,
    members_changed: bool,
}

impl<'a> Tail<'a> {
    /// Takes the end of a log. Whoever comes next waits until this transaction is over, so that numbers become visible in order.
    pub fn lock(sql: &'a mut dyn Sql, facility: FacilityId) -> Stored<Tail<'a>> {
        let rows = sql.query(
            "UPDATE facility SET last = last WHERE id = $1 RETURNING last, stored, forgotten, quota_stored",
            &[facility.into()],
        )?;
        let row = rows.first().ok_or(StoreFailure::Damaged("a facility is missing"))?;
        let (last, stored, forgotten, quota) = (row.count(0)?, row.count(1)?, row.count(2)?, row.count(3)?);
        Ok(Tail { sql, facility, last, stored, forgotten, quota, grown: false, members_changed: false })
    }

    /// Keeps one record, unless it is here or was to be forgotten.
    pub fn keep(&mut self, arrival: &Arrival) -> Stored<Outcome> {
        if self.is_forgotten(arrival.record.header())? {
            return Ok(Outcome::Forgotten);
        }
        if !self.insert(arrival)? {
            return Ok(Outcome::Known);
        }
        self.last += 1;
        self.stored += arrival.record.bytes().len() as u64;
        if self.stored > self.quota.saturating_add(GRACE_BYTES) {
            return Err(StoreFailure::Full);
        }
        self.grown = true;
        self.hear(&arrival.record)?;
        self.obey(self.last, &arrival.record, arrival.standing)?;
        Ok(Outcome::Stored(self.last))
    }

    fn insert(&mut self, arrival: &Arrival) -> Stored<bool> {
        let (record, header) = (&arrival.record, arrival.record.header());
        let values = [
            self.facility.into(),
            Value::from(self.last + 1),
            Value::from(record.hash().as_bytes()),
            Value::from(header.document.as_bytes()),
            Value::from(header.key.as_bytes()),
            Value::from(u64::from(arrival.standing == Standing::Unknown)),
            Value::from(record.bytes().len()),
            Value::from(record.bytes()),
        ];
        let inserted = self.sql.execute(
            "INSERT INTO record (facility, sequence, hash, document, seal_key, unchecked, size, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (facility, hash) DO NOTHING",
            &values,
        )?;
        Ok(inserted > 0)
    }

    /// Says what a record turned out to be; `None` removes it.
    pub fn settle(&mut self, sequence: u64, standing: Option<Standing>) -> Stored<()> {
        let values = [self.facility.into(), Value::from(sequence)];
        let rows = self.sql.query("SELECT bytes FROM record WHERE facility = $1 AND sequence = $2", &values)?;
        let Some(row) = rows.first() else { return Ok(()) };
        let record = SealedRecord::parse(row.bytes(0)?).map_err(|_| StoreFailure::Damaged("a record"))?;
        let Some(standing) = standing else { return self.remove("sequence", Value::from(sequence)) };
        let unchecked = Value::from(u64::from(standing == Standing::Unknown));
        let [facility, number] = values;
        self.sql.execute(
            "UPDATE record SET unchecked = $3 WHERE facility = $1 AND sequence = $2",
            &[facility, number, unchecked],
        )?;
        self.obey(sequence, &record, standing)
    }

    /// Writes down where the log stands, and tells the other processes.
    pub fn finish(self) -> Stored<()> {
        let values = [self.facility.into(), self.last.into(), self.stored.into(), self.forgotten.into()];
        self.sql.execute("UPDATE facility SET last = $2, stored = $3, forgotten = $4 WHERE id = $1", &values)?;
        if self.members_changed {
            self.sql.tell(Change::Members(self.facility))?;
        }
        if self.grown {
            self.sql.tell(Change::Grown(self.facility))?;
        }
        Ok(())
    }

    /// Statements about members are clear and signed by themselves: whoever brings them.
    fn hear(&mut self, record: &SealedRecord) -> Stored<()> {
        if record.header().kind != RecordKind::MEMBERSHIP {
            return Ok(());
        }
        if let Ok(statement) = Statement::decode(record.content()) {
            self.members_changed |= keep_statement(self.sql, self.facility, &statement)?;
        }
        Ok(())
    }

    fn obey(&mut self, sequence: u64, record: &SealedRecord, standing: Standing) -> Stored<()> {
        if !standing.is_obeyed() {
            return Ok(());
        }
        self.note_stands_for(sequence, record)?;
        match Forget::read(record) {
            Ok(Forget::Documents(tags)) => tags
                .iter()
                .filter(|tag| **tag != DocumentTag::FACILITY)
                .try_for_each(|tag| self.forget("document", Value::from(tag.as_bytes()))),
            Ok(Forget::Keys(keys)) => keys
                .iter()
                .filter(|key| **key != KeyId::NONE)
                .try_for_each(|key| self.forget("seal_key", Value::from(key.as_bytes()))),
            Err(_) => Ok(()),
        }
    }

    /// Writes down which records a snapshot stands for.
    fn note_stands_for(&mut self, sequence: u64, record: &SealedRecord) -> Stored<()> {
        stands_for::note(self.sql, self.facility, sequence, record)
    }

    fn forget(&mut self, column: &str, name: Value) -> Stored<()> {
        self.forgotten += self.sql.execute(
            "INSERT INTO forgotten (facility, name) VALUES ($1, $2) ON CONFLICT (facility, name) DO NOTHING",
            &[self.facility.into(), name.clone()],
        )?;
        self.remove(column, name)
    }

    fn remove(&mut self, column: &str, value: Value) -> Stored<()> {
        let statement = format!("DELETE FROM record WHERE facility = $1 AND {column} = $2 RETURNING size, sequence");
        for row in self.sql.query(&statement, &[self.facility.into(), value])? {
            self.stored = self.stored.saturating_sub(row.count(0)?);
            self.sql.execute(
                "DELETE FROM stands_for WHERE facility = $1 AND snapshot = $2",
                &[self.facility.into(), Value::from(row.count(1)?)],
            )?;
        }
        Ok(())
    }

    /// Documents have names of 16 bytes and keys of 8, so that they stand in one table. Records of neither are never forgotten.
    fn is_forgotten(&mut self, header: &Header) -> Stored<bool> {
        if self.forgotten == 0 {
            return Ok(false);
        }
        let values =
            [self.facility.into(), Value::from(header.document.as_bytes()), Value::from(header.key.as_bytes())];
        let found = self.sql.query("SELECT name FROM forgotten WHERE facility = $1 AND name IN ($2, $3)", &values)?;
        Ok(!found.is_empty())
    }
}
