//! Snapshots of documents: a box that is new, or was away, takes one record instead of all those the snapshot stands for.
//!
//! A snapshot carries the changes of its document as they are, so that nothing depends on who took which: a document is the union of
//! the changes in its records, single or packed. What is left out for another box is decided here by what this box saw with its own
//! eyes ([`Writing::take_snapshot`]); the records a snapshot stands for stay in the log.
//!
//! What is checked of a snapshot: its signer is a box of the facility; it opens with the key it names and belongs to the document its
//! name says; every change in it is whole and says something; nothing in the middle is missing; and of the records that are here and
//! that it claims to stand for, every change is in it. A member that lies can still invent facts, as it can in single changes, and can
//! keep the newest changes of a document from a box that meets nobody but a hub, until any other box that has them is heard: that box
//! finds out, and seals anew what was left out.

mod making;

use super::arrivals::{TakingIn, read};
use super::records::{DocumentId, names_of, standing};
use super::{Reading, StoreError, Stored, Writing};
use domain::visit::VisitFact;
use rusqlite::params;
use std::collections::BTreeSet;
use sync::replica::{is_closed, unpack};
use sync::seal::{BoxId, Change, DocumentTag, HashPrefix, RecordKind, Refusal, SealedRecord};

/// The changes in an opened record: one, or all of a snapshot.
pub(super) fn contents(record: &SealedRecord, opened: Change) -> Stored<Vec<Change>> {
    if record.header().kind != RecordKind::SNAPSHOT {
        return Ok(vec![opened]);
    }
    let Change { class, id, chunk } = opened;
    Ok(unpack(&chunk)?.into_iter().map(|chunk| Change { class, id: id.clone(), chunk }).collect())
}

impl Reading<'_> {
    /// Records after one number and up to another that a snapshot stands for, each with the snapshot's signer.
    pub fn feed_stood_for(&self, after: u64, up_to: u64) -> Stored<Vec<(u64, BoxId)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.record, substr(n.sealed, 45, 16) FROM stood_for s JOIN record n ON n.seq = s.snapshot \
             WHERE s.record > ?1 AND s.record <= ?2 ORDER BY s.record",
        )?;
        let signed = |value| i64::try_from(value).unwrap_or(i64::MAX);
        let rows = statement.query_map([signed(after), signed(up_to)], |row| {
            Ok((u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0), BoxId::from_bytes(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether other logs are asked also for what snapshots stand for.
    pub fn feed_wants_everything(&self) -> Stored<bool> {
        Ok(self.connection.prepare_cached("SELECT 1 FROM feed_whole")?.exists([])?)
    }
}

impl Writing<'_> {
    /// Looks through a snapshot that came from another box. One that is no good counts for nothing, and the records it was to stand for
    /// are asked for.
    pub(super) fn take_snapshot(&self, seq: i64, record: &SealedRecord, with: TakingIn<'_>) -> Stored<()> {
        match self.read_snapshot(record) {
            Ok(inside) => {
                self.note_answers(record.header().author, &inside, with)?;
                self.compare_snapshot(seq, record, &inside, with)
            }
            Err(StoreError::Unreadable(why)) if why == Refusal::UnknownKey.name() => self.wait_for_key(seq, record),
            Err(error @ (StoreError::Unreadable(_) | StoreError::Corrupt(_))) => {
                self.stand(seq, standing::UNREADABLE)?;
                self.quarantine(&format!("record:{}", record.hash()), &error.to_string(), with.now)?;
                self.want_everything()
            }
            Err(error) => Err(error),
        }
    }

    /// From now on other logs are asked for everything, from their beginning.
    pub(super) fn want_everything(&self) -> Stored<()> {
        let is_news = self.transaction.execute("INSERT OR IGNORE INTO feed_whole (id) VALUES (1)", [])? > 0;
        if is_news {
            tracing::warn!("a snapshot cannot stand for what it was to; the records themselves are asked for");
            self.transaction.execute("UPDATE feed_peer SET cursor = x'', have_after = 0, have_next = 0", [])?;
        }
        Ok(())
    }

    fn read_snapshot(&self, record: &SealedRecord) -> Stored<Vec<Change>> {
        let inside = contents(record, self.vault.open_kept(record)?)?;
        for change in &inside {
            read(change)?;
        }
        match is_closed(inside.iter().map(|change| change.chunk.as_slice()))? {
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
