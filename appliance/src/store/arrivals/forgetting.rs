//! Forgetting: documents and keys, by the will of this box or of another one of the facility.
//!
//! What lives on is sealed anew first, in the same transaction, on every box that has something the others may not have. Keys are
//! destroyed only after that is durable ([`Reading::doomed_keys`]).

use super::super::records::{DocumentId, names_of, standing};
use super::super::{Reading, StoreError, Stored, Writing};
use super::{TakingIn, Touched};
use domain::Timestamp;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use sync::seal::forget::Forget;
use sync::seal::{BoxId, Change, DocumentClass, DocumentTag, KeyId, Month, SealedRecord};

/// How much went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// records
    pub records: u32,
    /// documents of which nothing is left
    pub documents: u32,
}

/// What is forgotten month by month. No other key is ever destroyed by an order.
const FORGOTTEN_BY_MONTH: [DocumentClass; 3] = [DocumentClass::VISIT, DocumentClass::ARRIVAL, DocumentClass::PATIENT];
/// No law has what is known of a visit forgotten sooner, at whatever kind of site: prescriptions are kept for three years.
const KEPT_ANYWHERE_MONTHS: i32 = 36;

/// A record with its number.
type Numbered = (i64, SealedRecord);

impl Reading<'_> {
    /// Keys that are to be destroyed now.
    pub fn doomed_keys(&self) -> Stored<Vec<KeyId>> {
        let mut statement = self.connection.prepare_cached("SELECT key FROM key_doomed")?;
        let keys = statement.query_map([], |row| row.get(0).map(KeyId::from_bytes))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Asks every log to forget, and does it here.
    pub fn order_forgetting(&self, forget: &Forget, with: TakingIn<'_>) -> Stored<Gone> {
        let record = self.vault.seal_forget(forget)?;
        let mut touched = Touched::default();
        let own = self.keep_record(&record, standing::COUNTS)?;
        let gone = self.forget(own, forget, &mut touched, with)?;
        self.project(touched, with)?;
        Ok(gone)
    }

    /// Does what a box of the facility asked for.
    pub(super) fn obey_forgetting(
        &self,
        seq: i64,
        author: BoxId,
        forget: &Forget,
        touched: &mut Touched,
        with: TakingIn<'_>,
    ) -> Stored<()> {
        let forget = &self.credible(forget, with.now);
        let gone = self.forget(seq, forget, touched, with)?;
        // whether a patient is still needed is asked of the rows: the visits that went must be gone from them before the next record
        self.project(std::mem::take(touched), with)?;
        let note = super::super::ForgottenNote::by_other_box(author, gone, with.now);
        self.keep_forgotten_note(&note)
    }

    /// Of an order by another box, what can be meant. A box whose clock ran years ahead, or one in a thief's hands, would have every box
    /// destroy what must still be kept, for good: keys whose time cannot be over by the clock here stay. When it is over, this box
    /// forgets them by itself.
    fn credible(&self, forget: &Forget, now: Timestamp) -> Forget {
        let Forget::Keys(keys) = forget else { return forget.clone() };
        let young = Month::of(now.date_in_japan().plus_months(-KEPT_ANYWHERE_MONTHS));
        let may_go = |key: &KeyId| match self.vault.slot_of(*key) {
            None => true, // never held, or destroyed: nothing here is read with it
            Some(slot) => FORGOTTEN_BY_MONTH.contains(&slot.class) && slot.month < young,
        };
        let (credible, early): (Vec<KeyId>, Vec<KeyId>) = keys.iter().copied().partition(may_go);
        if !early.is_empty() {
            tracing::warn!(
                keys = early.len(),
                "another box asked to destroy keys years before their time; they stay. Look at the clocks of all boxes"
            );
        }
        Forget::Keys(credible)
    }

    /// Forgets documents or keys: their records, their rows, and for keys the keys themselves. The forget record stays.
    fn forget(&self, own: i64, forget: &Forget, touched: &mut Touched, with: TakingIn<'_>) -> Stored<Gone> {
        let covered = self.covered_by(forget)?;
        for (_, record) in &covered {
            self.touch(touched, record)?;
        }
        if let Forget::Keys(keys) = forget {
            self.seal_the_living_anew(keys, &covered, with.now)?;
        }
        self.refuse_from_now_on(forget)?;
        let mut gone = Gone::default();
        for (seq, _) in covered.iter().filter(|(seq, _)| *seq != own) {
            self.transaction.prepare_cached("DELETE FROM record WHERE seq = ?1")?.execute([seq])?;
            self.transaction.prepare_cached("DELETE FROM feed_waiting WHERE seq = ?1")?.execute([seq])?;
            gone.records += 1;
        }
        let tags: BTreeSet<DocumentTag> = covered.iter().map(|(_, record)| record.header().document).collect();
        for tag in tags {
            gone.documents += u32::from(!self.has_records(tag)?);
        }
        Ok(gone)
    }

    fn refuse_from_now_on(&self, forget: &Forget) -> Stored<()> {
        let names: Vec<&[u8]> = match forget {
            Forget::Documents(tags) => {
                tags.iter().filter(|tag| **tag != DocumentTag::FACILITY).map(|tag| tag.as_bytes().as_slice()).collect()
            }
            Forget::Keys(keys) => {
                keys.iter().filter(|key| **key != KeyId::NONE).map(|key| key.as_bytes().as_slice()).collect()
            }
        };
        for name in &names {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO feed_forgotten (name) VALUES (?1)")?
                .execute([name])?;
        }
        if let Forget::Keys(_) = forget {
            for name in &names {
                self.transaction
                    .prepare_cached("INSERT OR IGNORE INTO key_doomed (key) VALUES (?1)")?
                    .execute([name])?;
            }
        }
        Ok(())
    }

    /// The keys were destroyed.
    pub fn no_longer_doomed(&self, keys: &[KeyId]) -> Stored<()> {
        for key in keys {
            self.transaction
                .prepare_cached("DELETE FROM key_doomed WHERE key = ?1")?
                .execute([key.as_bytes().as_slice()])?;
        }
        Ok(())
    }

    /// Of the documents that these records belong to, those that live on get what is in them sealed anew, with the key of this month.
    fn seal_the_living_anew(&self, keys: &[KeyId], covered: &[Numbered], now: Timestamp) -> Stored<()> {
        let mut by_document: BTreeMap<DocumentTag, Vec<&SealedRecord>> = BTreeMap::new();
        for (_, record) in covered {
            by_document.entry(record.header().document).or_default().push(record);
        }
        for (tag, records) in by_document {
            let ending: Vec<Change> =
                records.iter().flat_map(|record| self.changes_in(record).unwrap_or_default()).collect();
            let staying = self.staying(tag, keys)?;
            if staying.is_empty() && !self.is_needed(&ending)? {
                continue;
            }
            // of a snapshot that does not count, nothing would be left
            let counting = staying.iter().filter(|(counts, _)| *counts);
            let known: BTreeSet<&[u8]> = counting.map(|(_, change)| change.chunk.as_slice()).collect();
            let mut renewed = BTreeSet::new();
            for change in &ending {
                if !known.contains(change.chunk.as_slice()) && renewed.insert(change.chunk.as_slice()) {
                    self.keep_record(&self.vault.seal(change, now)?, standing::COUNTS)?;
                }
            }
        }
        Ok(())
    }

    /// What is sealed of a document with other keys than these, and whether it counts.
    fn staying(&self, tag: DocumentTag, keys: &[KeyId]) -> Stored<Vec<(bool, Change)>> {
        let [first, last] = names_of(tag);
        let counting = self.records_where("name BETWEEN ?1 AND ?2 AND standing = 1", params![first, last])?;
        let others = self.records_where("name BETWEEN ?1 AND ?2 AND standing <> 1", params![first, last])?;
        let all =
            counting.iter().map(|(_, record)| (true, record)).chain(others.iter().map(|(_, other)| (false, other)));
        let staying = all.filter(|(_, record)| !keys.contains(&record.header().key));
        let opened = |(counts, record)| {
            let changes = self.changes_in(record).unwrap_or_default();
            changes.into_iter().map(move |change| (counts, change))
        };
        Ok(staying.flat_map(opened).collect())
    }

    /// A patient is needed as long as any visit is there.
    fn is_needed(&self, changes: &[Change]) -> Stored<bool> {
        match changes.first().and_then(DocumentId::of) {
            Some(DocumentId::Patient(patient)) => {
                let mut statement =
                    self.transaction.prepare_cached("SELECT 1 FROM visit_row WHERE patient = ?1 LIMIT 1")?;
                Ok(statement.exists([patient.as_str()])?)
            }
            _ => Ok(false),
        }
    }

    fn has_records(&self, tag: DocumentTag) -> Stored<bool> {
        let [first, last] = names_of(tag);
        let mut statement = self
            .transaction
            .prepare_cached("SELECT 1 FROM record WHERE name BETWEEN ?1 AND ?2 AND standing <> 9 LIMIT 1")?;
        Ok(statement.exists(params![first, last])?)
    }

    fn covered_by(&self, forget: &Forget) -> Stored<Vec<Numbered>> {
        let mut found = Vec::new();
        match forget {
            Forget::Documents(tags) => {
                for tag in tags.iter().filter(|tag| **tag != DocumentTag::FACILITY) {
                    let [first, last] = names_of(*tag);
                    found.extend(self.records_where("name BETWEEN ?1 AND ?2", params![first, last])?);
                }
            }
            Forget::Keys(keys) => {
                for key in keys.iter().filter(|key| **key != KeyId::NONE) {
                    found.extend(self.records_where("substr(sealed, 37, 8) = ?1", [key.as_bytes().as_slice()])?);
                }
            }
        }
        Ok(found)
    }

    pub(in super::super) fn records_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Stored<Vec<Numbered>> {
        let sql = format!("SELECT seq, sealed FROM record WHERE {condition} AND standing <> 9");
        let mut statement = self.transaction.prepare(&sql)?;
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        rows.map(|row| row.map_err(StoreError::from).and_then(|(seq, sealed)| Ok((seq, SealedRecord::parse(sealed)?))))
            .collect()
    }
}
