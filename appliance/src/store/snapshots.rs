//! Snapshots of documents: a box that is new takes one record instead of all those the snapshot stands for.
//!
//! A snapshot carries the changes of its document as they are, so that nothing depends on who took which: a document is the union of
//! the changes in its records, single or packed. The records a snapshot stands for stay in the log, and are sent to everybody but to
//! a box that says it holds the snapshot and found it good. Which records those are, this box says only of what it saw with its own
//! eyes ([`Writing::take_snapshot`]).
//!
//! What is checked of a snapshot: its signer is a box of the facility; it opens with the key it names and belongs to the document its
//! name says; every change in it is whole and says something; nothing in the middle is missing; and of the records that are here and
//! that it claims to stand for, every change is in it. One that fails counts for nothing, and nobody is asked to leave anything out for
//! it. A member that lies can still invent facts, as it can in single changes, and can keep the newest changes of a document from a box
//! that comes new and meets nobody but a hub, until any other box that has them is heard: that box finds out, and seals anew what was
//! left out.

mod making;
mod orders;

use super::arrivals::{TakingIn, read};
use super::feed::{number, signed};
use super::records::{DocumentId, names_of, standing};
use super::{Reading, StoreError, Stored, Writing};
use domain::visit::VisitFact;
use rusqlite::params;
use std::collections::BTreeSet;
use sync::feed::{HeldSnapshot, Logged, Page};
use sync::replica::{is_closed, unpack};
use sync::seal::{BoxId, Change, DocumentTag, HashPrefix, RecordKind, Refusal, SealedRecord};

/// The changes in an opened record: one, or all of a snapshot.
pub(super) fn contents(record: &SealedRecord, opened: Change) -> Stored<Vec<Change>> {
    Ok(written_in(record, opened)?.into_iter().map(|(_, change)| change).collect())
}

/// The same, each with the box that wrote it. Who packed a snapshot says that of others.
pub(super) fn written_in(record: &SealedRecord, opened: Change) -> Stored<Vec<(BoxId, Change)>> {
    if record.header().kind != RecordKind::SNAPSHOT {
        return Ok(vec![(record.header().author, opened)]);
    }
    let Change { class, id, chunk } = opened;
    let change = |(author, chunk)| (author, Change { class, id: id.clone(), chunk });
    Ok(unpack(&chunk)?.into_iter().map(change).collect())
}

impl Reading<'_> {
    /// Records after one number and up to another that a snapshot stands for, each with the snapshot's name.
    pub fn feed_stood_for(&self, after: u64, up_to: u64) -> Stored<Vec<(u64, HashPrefix)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.record, substr(n.name, 17) FROM stood_for s JOIN record n ON n.seq = s.snapshot \
             WHERE s.record > ?1 AND s.record <= ?2 AND n.standing = 1 ORDER BY s.record",
        )?;
        let rows = statement.query_map([signed(after), signed(up_to)], |row| Ok((number(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Snapshots after a number that stand for records here, in order, until so many bytes are passed.
    pub fn feed_snapshots_after(&self, after: u64, most_bytes: usize) -> Stored<Page> {
        let mut page = Page { records: Vec::new(), reached: self.feed_position()?.end.max(after) };
        let mut statement = self.connection.prepare_cached(
            "SELECT n.seq, n.sealed FROM (SELECT DISTINCT snapshot FROM stood_for WHERE snapshot > ?1) s \
             JOIN record n ON n.seq = s.snapshot WHERE n.standing = 1 ORDER BY n.seq",
        )?;
        let mut rows = statement.query([signed(after)])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            if bytes >= most_bytes && !page.records.is_empty() {
                page.reached = page.records.last().map_or(after, |last: &Logged| last.sequence);
                break;
            }
            let record = SealedRecord::parse(row.get::<_, Vec<u8>>(1)?)?;
            bytes += record.bytes().len();
            page.records.push(Logged { sequence: number(row.get(0)?), record });
        }
        Ok(page)
    }

    /// The newest snapshots, whoever signed them. Good are those that were looked through.
    pub fn feed_snapshots(&self, most: usize) -> Stored<Vec<HeldSnapshot>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT substr(name, 17), standing = 1 AND NOT EXISTS (SELECT 1 FROM feed_waiting w WHERE w.seq = record.seq) \
             FROM record WHERE substr(sealed, 61, 1) = x'02' AND standing <> 9 ORDER BY seq DESC LIMIT ?1",
        )?;
        let rows = statement
            .query_map([signed(most as u64)], |row| Ok(HeldSnapshot { name: row.get(0)?, is_good: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Looks through a snapshot that came from another box. One that is no good counts for nothing; what it was to stand for comes as if
    /// it were not there.
    pub(super) fn take_snapshot(&self, seq: i64, record: &SealedRecord, with: TakingIn<'_>) -> Stored<()> {
        match self.read_snapshot(record) {
            Ok(inside) => {
                self.note_answers(record.header().author, &inside, with)?;
                self.compare_snapshot(seq, record, &inside, with)
            }
            Err(StoreError::Unreadable(why)) if why == Refusal::UnknownKey.name() => self.wait_for_key(seq, record),
            Err(error @ (StoreError::Unreadable(_) | StoreError::Corrupt(_))) => {
                self.stand(seq, standing::UNREADABLE)?;
                self.quarantine(&format!("record:{}", record.hash()), &error.to_string(), with.now)
            }
            Err(error) => Err(error),
        }
    }

    fn read_snapshot(&self, record: &SealedRecord) -> Stored<Vec<Change>> {
        let inside = contents(record, self.vault.open_kept(record)?)?;
        for change in &inside {
            read(change)?;
        }
        match !inside.is_empty() && is_closed(inside.iter().map(|change| change.chunk.as_slice()))? {
            true => Ok(inside),
            false => Err(StoreError::Unreadable("a snapshot leaves something out".to_owned())),
        }
    }

    /// Questions that were answered need not be asked any more. Who asks one is told by its own record alone.
    fn note_answers(&self, author: BoxId, inside: &[Change], with: TakingIn<'_>) -> Stored<()> {
        for change in inside {
            if let Some((visit, mut facts)) = read(change)? {
                facts.retain(|fact| !matches!(fact.fact, VisitFact::QuestionAsked(_)));
                self.note_questions(&visit, author, &facts, with.now)?;
            }
        }
        Ok(())
    }

    /// Compares a snapshot with the records here that it says it stands for. Where something of them is not in it, nobody who trusts it
    /// would ever get that: it is sealed anew, under a name the snapshot does not know.
    fn compare_snapshot(&self, seq: i64, record: &SealedRecord, inside: &[Change], with: TakingIn<'_>) -> Stored<()> {
        let names: BTreeSet<&HashPrefix> = record.stands_for().iter().collect();
        let packed: BTreeSet<&[u8]> = inside.iter().map(|change| change.chunk.as_slice()).collect();
        let mut left_out: Vec<Change> = Vec::new();
        for (other, held) in self.counting(record.header().document)? {
            if other == seq || !names.contains(&held.hash().prefix()) {
                continue;
            }
            let Ok(changes) = self.changes_in(&held) else { continue };
            let missing: Vec<Change> =
                changes.into_iter().filter(|change| !packed.contains(change.chunk.as_slice())).collect();
            if missing.is_empty() {
                self.note_stood_for(other, seq)?;
            }
            left_out.extend(missing.into_iter().filter(|change| !left_out.contains(change)).collect::<Vec<_>>());
        }
        if !left_out.is_empty() {
            let what = format!("record:{}", record.hash());
            self.quarantine(&what, "a snapshot does not hold everything it stands for", with.now)?;
        }
        for change in &left_out {
            self.keep_record(&self.vault.seal(change, with.now)?, standing::COUNTS)?;
        }
        Ok(())
    }

    /// The changes in a kept record.
    pub(super) fn changes_in(&self, record: &SealedRecord) -> Stored<Vec<Change>> {
        contents(record, self.vault.open_kept(record)?)
    }

    /// The records of a document that count.
    fn counting(&self, tag: DocumentTag) -> Stored<Vec<(i64, SealedRecord)>> {
        let [first, last] = names_of(tag);
        self.records_where("name BETWEEN ?1 AND ?2 AND standing = 1", params![first, last])
    }

    fn note_stood_for(&self, record: i64, snapshot: i64) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO stood_for (record, snapshot) VALUES (?1, ?2)")?
            .execute([record, snapshot])?;
        Ok(())
    }

    /// A visit whose questions nobody has answered yet: whose they are stands in the signatures of its records.
    fn waits_for_an_answer(&self, document: &DocumentId) -> Stored<bool> {
        let DocumentId::Visit(_) = document else { return Ok(false) };
        let state = domain::visit::VisitState::fold(self.reading().facts::<VisitFact>(document)?);
        Ok(state.questions.iter().any(|asked| asked.ended.is_none()))
    }
}
