//! Records that merge: one small Automerge document per visit or patient.
//!
//! A document is a set of facts. What one command adds stands at the root of the document under one unique id, as one text that is
//! never changed again; so merging two documents is a union of facts, and no two boxes can write the same place.
//! Everything Automerge can do wrong with bad bytes ends here as [`Corrupt`]: the document is quarantined, the desk goes on.

mod knowledge;
mod pack;

pub use knowledge::{Known, knowledge};
pub use pack::{is_closed, pack, unpack};

use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange, ScalarValue};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A document could not be read or written. The record stays as it is; somebody has to look.
#[derive(Debug, thiserror::Error)]
pub enum Corrupt {
    /// The bytes are not what their hash says.
    #[error("a change of the document is damaged")]
    Damaged,
    /// Automerge stopped in the middle.
    #[error("the document's changes broke the engine")]
    Panicked,
    /// An entry is not a fact.
    #[error("an entry of the document is not a fact")]
    NotAFact,
}

/// Who writes on this box, since this start. Fresh at every start: boxes are imaged and restored, an id must never come back.
#[derive(Clone, Debug)]
pub struct Writer(ActorId);

impl Writer {
    /// From 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Writer {
        Writer(ActorId::from(bytes))
    }
}

/// One document in memory: its facts, and what a further change must say about those before it.
///
/// Nothing is kept of Automerge's own picture of the document: it is made for editing texts and lists together, and building it costs
/// several times what reading a few facts costs. The changes are Automerge's own, so that any copy of it reads them.
pub struct Document {
    writer: ActorId,
    /// texts by id; the hash only matters if somebody broke the rule that an id is used once, and then both are shown
    texts: BTreeMap<(String, ChangeHash), String>,
    known: BTreeSet<ChangeHash>,
    followed: BTreeSet<ChangeHash>,
    last_op: u64,
    own_changes: u64,
}

/// What appending gave: the bytes to keep, and their hash as their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// the change
    pub change: Vec<u8>,
    /// its hash
    pub hash: [u8; 32],
}

impl Document {
    /// A document nobody has written to yet.
    pub fn new(writer: &Writer) -> Document {
        Document {
            writer: writer.0.clone(),
            texts: BTreeMap::new(),
            known: BTreeSet::new(),
            followed: BTreeSet::new(),
            last_op: 0,
            own_changes: 0,
        }
    }

    /// From its kept changes, in any order.
    pub fn load<'a>(writer: &Writer, kept: impl IntoIterator<Item = &'a Kept>) -> Result<Document, Corrupt> {
        let mut document = Document::new(writer);
        document.merge(kept)?;
        Ok(document)
    }

    /// Every text that was added, with its id and in the order of the ids.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|((id, _), text)| (id.as_str(), text.as_str()))
    }

    /// Adds a text under an id that was never used before, as one change.
    pub fn append(&mut self, id: &str, text: String, at_ms: i64) -> Result<Kept, Corrupt> {
        fenced(|| {
            let change = Change::from(ExpandedChange {
                operations: vec![addition(id, text)],
                actor_id: self.writer.clone(),
                hash: None,
                seq: self.own_changes + 1,
                start_op: NonZeroU64::MIN.saturating_add(self.last_op),
                time: at_ms.div_euclid(1000),
                message: None,
                deps: self.known.difference(&self.followed).copied().collect(),
                extra_bytes: Vec::new(),
                author: None,
            });
            self.take(&change)?;
            Ok(Kept { hash: change.hash().0, change: change.raw_bytes().to_vec() })
        })
    }

    /// Takes in another copy's changes; ones that are known already change nothing. A change whose content is not what its hash
    /// says is refused.
    pub fn merge<'a>(&mut self, kept: impl IntoIterator<Item = &'a Kept>) -> Result<(), Corrupt> {
        fenced(|| kept.into_iter().try_for_each(|kept| self.take(&kept.open()?)))
    }

    /// Takes in changes that came out of sealed records, in any order; ones that are known already change nothing.
    pub fn read<'a>(&mut self, changes: impl IntoIterator<Item = &'a [u8]>) -> Result<(), Corrupt> {
        let parsed = |bytes| Change::try_from(bytes).map_err(|_| Corrupt::Damaged);
        fenced(|| changes.into_iter().try_for_each(|bytes| self.take(&parsed(bytes)?)))
    }

    fn take(&mut self, change: &Change) -> Result<(), Corrupt> {
        if !self.known.insert(change.hash()) {
            return Ok(());
        }
        self.followed.extend(change.deps());
        self.last_op = self.last_op.max(change.max_op());
        if *change.actor_id() == self.writer {
            self.own_changes = self.own_changes.max(change.seq());
        }
        for operation in change.decode().operations {
            let (id, text) = added(operation).ok_or(Corrupt::NotAFact)?;
            self.texts.insert((id, change.hash()), text);
        }
        Ok(())
    }
}

fn addition(id: &str, text: String) -> Op {
    Op {
        action: OpType::Put(ScalarValue::Str(text.into())),
        obj: ObjectId::Root,
        key: Key::Map(id.into()),
        pred: SortedVec::new(),
        insert: false,
    }
}

/// The id and the text that an operation adds; nothing when it does anything else.
fn added(operation: Op) -> Option<(String, String)> {
    match operation {
        Op { action: OpType::Put(ScalarValue::Str(text)), obj: ObjectId::Root, key: Key::Map(id), .. } => {
            Some((id.into(), text.into()))
        }
        _ => None,
    }
}

impl Kept {
    fn open(&self) -> Result<Change, Corrupt> {
        match Change::try_from(self.change.as_slice()) {
            Ok(change) if change.hash().0 == self.hash => Ok(change),
            _ => Err(Corrupt::Damaged),
        }
    }
}

/// A panic inside the engine is a corrupt document, not the end of the desk.
fn fenced<T>(work: impl FnOnce() -> Result<T, Corrupt>) -> Result<T, Corrupt> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Corrupt::Panicked))
}

#[cfg(test)]
mod tests {
    use super::*;

    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{AutoCommit, ROOT, ReadDoc};

    fn texts(document: &Document) -> Vec<String> {
        document.entries().map(|(_, text)| text.to_owned()).collect()
    }

    fn automerge_with(n: u8, kept: &[&Kept]) -> AutoCommit {
        let mut document = AutoCommit::new().with_actor(writer(n).0);
        document.apply_changes(kept.iter().map(|kept| kept.open().expect("opens"))).expect("fits together");
        document
    }

    fn automerge_adds(document: &mut AutoCommit, id: &str, text: &str, second: i64) -> Kept {
        document.put(ROOT, id, text).expect("put");
        document.commit_with(CommitOptions::default().with_time(second));
        let change = document.get_last_local_change().expect("a change");
        Kept { hash: change.hash().0, change: change.raw_bytes().to_vec() }
    }

    #[test]
    fn the_changes_are_those_automerge_makes_itself() {
        let mut ours = Document::new(&writer(1));
        let mut theirs = automerge_with(1, &[]);
        for (id, text, at) in [("a", "[{\"x\":1}]", 7_000), ("c", "●橋", 8_999), ("b", "", 9_000)] {
            let kept = ours.append(id, text.to_owned(), at).expect("append");
            assert_eq!(kept, automerge_adds(&mut theirs, id, text, at / 1000), "byte for byte");
        }
    }

    #[test]
    fn automerge_reads_and_continues_what_two_boxes_wrote_apart() {
        let mut here = Document::new(&writer(1));
        let base = here.append("a", "0".to_owned(), 1_000).expect("append");
        let mut there = Document::load(&writer(2), [&base]).expect("load");
        let mine = here.append("b", "1".to_owned(), 2_000).expect("append");
        let other = there.append("c", "2".to_owned(), 2_000).expect("append");
        here.merge([&other]).expect("merge");
        let joined = here.append("d", "3".to_owned(), 3_000).expect("append");
        let mut automerge = automerge_with(3, &[&joined, &other, &mine, &base]);
        assert_eq!(automerge.get_heads(), [ChangeHash(joined.hash)], "nothing is missing and nothing is left open");
        let read = |id: &str| automerge.get(ROOT, id).expect("get").map(|(value, _)| value.to_string());
        assert_eq!(["a", "b", "c", "d"].map(|id| read(id).is_some()), [true; 4]);
        let fifth = automerge_adds(&mut automerge, "e", "4", 4);
        here.merge([&fifth]).expect("merge");
        assert_eq!(texts(&here), ["0", "1", "2", "3", "4"]);
    }

    #[test]
    fn a_change_that_is_no_fact_is_refused() {
        let mut automerge = automerge_with(1, &[]);
        automerge.put_object(ROOT, "a", automerge::ObjType::Map).expect("put");
        automerge.commit();
        let change = automerge.get_last_local_change().expect("a change");
        let kept = Kept { hash: change.hash().0, change: change.raw_bytes().to_vec() };
        assert!(matches!(Document::load(&writer(2), [&kept]), Err(Corrupt::NotAFact)));
    }

    fn writer(n: u8) -> Writer {
        Writer::from_random([n; 16])
    }

    #[test]
    fn what_was_appended_is_read_again() {
        let mut document = Document::new(&writer(1));
        let one = document.append("a", "[{\"x\":1},{}]".to_owned(), 5).expect("append");
        let two = document.append("c", "[{\"名\":\"●橋\"}]".to_owned(), 6).expect("append");
        assert_ne!(one.hash, two.hash);
        let again = Document::load(&writer(2), [&one, &two]).expect("load");
        assert_eq!(texts(&again), ["[{\"x\":1},{}]", "[{\"名\":\"●橋\"}]"]);
    }

    #[test]
    fn two_boxes_that_were_apart_hold_the_union() {
        let mut here = Document::new(&writer(1));
        let base = here.append("a", "0".to_owned(), 1).expect("append");
        let mut there = Document::load(&writer(2), [&base]).expect("load");
        let mine = here.append("b", "1".to_owned(), 2).expect("append");
        let theirs = there.append("c", "2".to_owned(), 2).expect("append");
        here.merge([&theirs, &theirs]).expect("merge");
        there.merge([&mine, &base]).expect("merge");
        assert_eq!(texts(&here), texts(&there));
        assert_eq!(texts(&here), ["0", "1", "2"]);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_not_a_crash() {
        let mut document = Document::new(&writer(1));
        let kept = document.append("a", "[]".to_owned(), 1).expect("append");
        let written = texts(&document);
        for index in 0..kept.change.len() {
            let mut damaged = kept.clone();
            damaged.change[index] ^= 0x55;
            if let Ok(read) = Document::load(&writer(2), [&damaged]) {
                assert_eq!(texts(&read), written, "byte {index} is no content");
            }
        }
        let empty = Kept { change: Vec::new(), hash: kept.hash };
        assert!(matches!(Document::load(&writer(2), [&empty]), Err(Corrupt::Damaged)));
    }
}
