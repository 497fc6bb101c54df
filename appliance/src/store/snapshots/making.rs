//! Which documents get a snapshot, and when: at night, once a document has been quiet for a day, when enough was written since the last
//! one that it pays.
//!
//! The boxes of a facility stand in line for every document, in an order that follows from its name: the first makes the snapshot after
//! one quiet night, the next only after two should it still be missing, then the third. So usually one box does it, and none need ask.

use super::super::records::{DocumentId, names_of};
use super::super::{StoreError, Stored, Writing};
use super::written_in;
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use sync::facility::Membership;
use sync::replica::{is_closed, pack};
use sync::seal::{
    BoxId, Change, DocumentTag, HASH_PREFIX_BYTES, HashPrefix, KeyId, MAX_RECORD_BYTES, OVERHEAD_BYTES, RecordKind,
    Role, SealedRecord,
};

/// Single changes that make a snapshot worth its own weight.
const WORTH_IT: usize = 4;
/// Records looked at in one go, between which check-ins come first.
const LOOKED_AT: u32 = 64;
/// Boxes that stand in line for a document.
const IN_LINE: usize = 3;
/// Nights that are remembered.
const NIGHTS: i32 = 14;

/// A document's records, as far as they open.
#[derive(Default)]
struct Gathered {
    listed: Vec<i64>,
    names: BTreeSet<HashPrefix>,
    keys: Vec<KeyId>,
    changes: Vec<(BoxId, Change)>,
}

impl Gathered {
    fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        self.changes.iter().map(|(_, change)| change.chunk.as_slice())
    }

    /// Nobody wants a snapshot that holds up a poor line for long.
    fn is_small_enough(&self, packed: &[u8]) -> bool {
        packed.len() + self.names.len() * HASH_PREFIX_BYTES + OVERHEAD_BYTES < MAX_RECORD_BYTES / 2
    }
}

impl Writing<'_> {
    /// A part of the night's work. True when there is more.
    pub fn make_snapshots(&self, now: Timestamp) -> Stored<bool> {
        if !self.vault.is_member() {
            return Ok(false);
        }
        let today = now.date_in_japan();
        let membership = self.vault.membership();
        self.note_night(today)?;
        self.say_forgetting_again(&membership)?;
        let boxes = membership.members().filter(|(_, member)| member.introduction.role() == Role::Box).count();
        for place in 0..boxes.min(IN_LINE) {
            if self.make_snapshots_at(place, today, &membership)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn note_night(&self, today: Date) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO snapshot_night (day, reached) SELECT ?1, coalesce(max(seq), 0) FROM record",
            )?
            .execute([today.to_string()])?;
        self.transaction
            .prepare_cached("DELETE FROM snapshot_night WHERE day < ?1 OR day > ?2")?
            .execute([today.plus_days(-NIGHTS).to_string(), today.to_string()])?;
        Ok(())
    }

    /// What this box does in one place of the line.
    fn make_snapshots_at(&self, place: usize, today: Date, membership: &Membership) -> Stored<bool> {
        let nights = i32::try_from(place).unwrap_or(0) + 1;
        let quiet: Option<i64> = self
            .transaction
            .prepare_cached("SELECT reached FROM snapshot_night WHERE day <= ?1 ORDER BY day DESC LIMIT 1")?
            .query_row([today.plus_days(-nights).to_string()], |row| row.get(0))
            .optional()?;
        let Some(quiet) = quiet else { return Ok(false) };
        let looked = self.looked_at(place, membership)?;
        let records = self.records_between(looked, quiet)?;
        for (seq, tag) in &records {
            if self.place_in_line(*tag, membership) == Some(place) && self.newest_of(*tag)? == Some(*seq) {
                match self.make_snapshot_of(*tag, membership) {
                    // whoever reads the document is told; the others are packed all the same
                    Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => {}
                    made => made?,
                }
            }
        }
        let is_more = records.len() == LOOKED_AT as usize;
        let reached = records.last().filter(|_| is_more).map_or(quiet, |(seq, _)| *seq);
        self.note_looked_at(place, reached.max(looked), membership)?;
        Ok(is_more)
    }

    fn looked_at(&self, place: usize, membership: &Membership) -> Stored<i64> {
        let looked = self
            .transaction
            .prepare_cached("SELECT reached FROM snapshot_looked WHERE place = ?1 AND put_out = ?2")?
            .query_row(params![place as i64, membership.former().count() as i64], |row| row.get(0))
            .optional()?;
        Ok(looked.unwrap_or(0))
    }

    fn note_looked_at(&self, place: usize, reached: i64, membership: &Membership) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO snapshot_looked (place, reached, put_out) VALUES (?1, ?2, ?3)")?
            .execute(params![place as i64, reached, membership.former().count() as i64])?;
        Ok(())
    }

    fn records_between(&self, after: i64, up_to: i64) -> Stored<Vec<(i64, DocumentTag)>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT seq, substr(name, 1, 16) FROM record WHERE seq > ?1 AND seq <= ?2 AND standing = 1 ORDER BY seq LIMIT ?3",
        )?;
        let rows = statement.query_map(params![after, up_to, LOOKED_AT], |row| {
            Ok((row.get(0)?, DocumentTag::from_bytes(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn newest_of(&self, tag: DocumentTag) -> Stored<Option<i64>> {
        let [first, last] = names_of(tag);
        let mut statement = self
            .transaction
            .prepare_cached("SELECT max(seq) FROM record WHERE name BETWEEN ?1 AND ?2 AND standing = 1")?;
        Ok(statement.query_row(params![first, last], |row| row.get(0))?)
    }

    /// This box's place in the line for a document; none for what is no document.
    fn place_in_line(&self, tag: DocumentTag, membership: &Membership) -> Option<usize> {
        let drawn = |id: BoxId| -> [u8; 32] {
            Sha256::new().chain_update(tag.as_bytes()).chain_update(id.as_bytes()).finalize().into()
        };
        let own = drawn(self.vault.id());
        let boxes = membership.members().filter(|(_, member)| member.introduction.role() == Role::Box);
        let before = boxes.filter(|(id, _)| drawn(*id) < own).count();
        (tag != DocumentTag::FACILITY).then_some(before)
    }

    /// How many boxes stand before this one in the line for a document.
    pub fn place_among_boxes(&self, document: &DocumentId) -> usize {
        let (class, name) = document.sealed_as();
        let tag = self.vault.tag(class, &name);
        tag.and_then(|tag| self.place_in_line(tag, &self.vault.membership())).unwrap_or(0)
    }

    fn make_snapshot_of(&self, tag: DocumentTag, membership: &Membership) -> Stored<()> {
        let held = self.counting(tag)?;
        if !self.is_worth_it(tag, &held, membership)? {
            return Ok(());
        }
        let gathered = self.gathered(&held, membership);
        let Some((_, first)) = gathered.changes.first() else { return Ok(()) };
        let Some(document) = DocumentId::of(first) else { return Ok(()) };
        if self.waits_for_an_answer(&document)? || !is_closed(gathered.chunks())? {
            return Ok(());
        }
        let written = gathered.changes.iter().map(|(author, change)| (*author, change.chunk.as_slice()));
        let Some(packed) = pack(written).filter(|packed| gathered.is_small_enough(packed)) else {
            return Ok(());
        };
        let whole = Change { class: first.class, id: first.id.clone(), chunk: packed };
        let names: Vec<HashPrefix> = gathered.names.iter().copied().collect();
        let record = self.vault.seal_snapshot(&whole, &names, &gathered.keys)?;
        let seq = self.keep_record(&record, super::standing::COUNTS)?;
        gathered.listed.iter().try_for_each(|other| self.note_stood_for(*other, seq))
    }

    /// Enough was written since the last snapshot; or something of what a box wrote that was put out stands in no snapshot of anybody
    /// who still belongs here: whoever comes new would not take it.
    fn is_worth_it(&self, tag: DocumentTag, held: &[(i64, SealedRecord)], membership: &Membership) -> Stored<bool> {
        let stood_for = self.stood_for_by_members(tag, membership)?;
        let open: Vec<&SealedRecord> =
            held.iter().filter(|(seq, _)| !stood_for.contains(seq)).map(|(_, record)| record).collect();
        let single = open.iter().filter(|record| record.header().kind == RecordKind::CHANGE).count();
        let packed: usize = open.iter().map(|record| record.stands_for().len()).sum();
        let is_orphaned = open.iter().any(|record| membership.member(record.header().author).is_none());
        Ok(is_orphaned || (single >= WORTH_IT && single * 2 >= packed))
    }

    fn stood_for_by_members(&self, tag: DocumentTag, membership: &Membership) -> Stored<BTreeSet<i64>> {
        let [first, last] = names_of(tag);
        let mut statement = self.transaction.prepare_cached(
            "SELECT s.record, substr(n.sealed, 45, 16) FROM record r JOIN stood_for s ON s.record = r.seq \
             JOIN record n ON n.seq = s.snapshot WHERE r.name BETWEEN ?1 AND ?2 AND n.standing = 1",
        )?;
        let rows = statement
            .query_map(params![first, last], |row| Ok((row.get::<_, i64>(0)?, BoxId::from_bytes(row.get(1)?))))?;
        let mut found = BTreeSet::new();
        for row in rows {
            let (seq, signer) = row?;
            found.extend(membership.member(signer).map(|_| seq));
        }
        Ok(found)
    }

    /// What opens of a document's records. Only that is vouched for.
    fn gathered(&self, held: &[(i64, SealedRecord)], membership: &Membership) -> Gathered {
        let mut gathered = Gathered::default();
        let mut packed = BTreeSet::new();
        // what stands alone tells by its signature who wrote it
        let (alone, together): (Vec<_>, Vec<_>) =
            held.iter().partition(|(_, record)| record.header().kind == RecordKind::CHANGE);
        for (seq, record) in alone.into_iter().chain(together) {
            let opened = self.vault.open_kept(record).map_err(StoreError::from);
            let Ok(changes) = opened.and_then(|opened| written_in(record, opened)) else { continue };
            gathered.listed.push(*seq);
            gathered.names.insert(record.hash().prefix());
            // what this box did not see itself, another member vouches for
            if membership.member(record.header().author).is_some() {
                gathered.names.extend(record.stands_for());
            }
            gathered.keys.push(record.header().key);
            gathered.changes.extend(changes.into_iter().filter(|(_, change)| packed.insert(change.chunk.clone())));
        }
        gathered
    }
}
