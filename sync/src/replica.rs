//! Records that merge: one small Automerge document per visit or patient.
//!
//! A document is a set of facts. What one command adds stands at the root of the document under one unique id, as one text that is
//! never changed again; so merging two documents is a union of facts, and no two boxes can write the same place.
//! Everything Automerge can do wrong with bad bytes ends here as [`Corrupt`]: the document is quarantined, the desk goes on.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Change, ROOT, ReadDoc, ScalarValueRef, ValueRef};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A document could not be read or written. The record stays as it is; somebody has to look.
#[derive(Debug, thiserror::Error)]
pub enum Corrupt {
    /// Automerge refused the bytes or the operation.
    #[error("the document's changes do not fit together")]
    Automerge(#[source] Box<automerge::AutomergeError>),
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

impl From<automerge::AutomergeError> for Corrupt {
    fn from(source: automerge::AutomergeError) -> Corrupt {
        Corrupt::Automerge(Box::new(source))
    }
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

/// One document in memory.
pub struct Document {
    inner: AutoCommit,
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
        Document { inner: AutoCommit::new().with_actor(writer.0.clone()) }
    }

    /// From its kept changes, in any order.
    pub fn load<'a>(writer: &Writer, kept: impl IntoIterator<Item = &'a Kept>) -> Result<Document, Corrupt> {
        let mut document = Document::new(writer);
        document.merge(kept)?;
        Ok(document)
    }

    /// Every text that was added, in the order of the ids.
    pub fn texts(&self) -> Result<Vec<String>, Corrupt> {
        fenced(|| {
            self.inner
                .map_range(&ROOT, ..)
                .map(|entry| match entry.value {
                    ValueRef::Scalar(ScalarValueRef::Str(text)) => Ok(text.into_owned()),
                    _ => Err(Corrupt::NotAFact),
                })
                .collect()
        })
    }

    /// Adds a text under an id that was never used before, as one change.
    pub fn append(&mut self, id: &str, text: String, at_ms: i64) -> Result<Kept, Corrupt> {
        fenced(|| {
            self.inner.put(ROOT, id, text)?;
            self.inner.commit_with(CommitOptions::default().with_time(at_ms.div_euclid(1000)));
            let change = self.inner.get_last_local_change().ok_or(Corrupt::NotAFact)?;
            Ok(Kept { hash: change.hash().0, change: change.raw_bytes().to_vec() })
        })
    }

    /// Takes in another copy's changes; ones that are known already change nothing. A change whose content is not what its hash
    /// says is refused.
    pub fn merge<'a>(&mut self, kept: impl IntoIterator<Item = &'a Kept>) -> Result<(), Corrupt> {
        fenced(|| {
            let changes = kept.into_iter().map(Kept::open).collect::<Result<Vec<_>, _>>()?;
            self.inner.apply_changes(changes)?;
            Ok(())
        })
    }
}

impl Kept {
    fn open(&self) -> Result<Change, Corrupt> {
        match Change::from_bytes(self.change.clone()) {
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
        assert_eq!(again.texts().expect("texts"), ["[{\"x\":1},{}]", "[{\"名\":\"●橋\"}]"]);
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
        assert_eq!(here.texts().expect("texts"), there.texts().expect("texts"));
        assert_eq!(here.texts().expect("texts"), ["0", "1", "2"]);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_not_a_crash() {
        let mut document = Document::new(&writer(1));
        let kept = document.append("a", "[]".to_owned(), 1).expect("append");
        let texts = document.texts().expect("texts");
        for index in 0..kept.change.len() {
            let mut damaged = kept.clone();
            damaged.change[index] ^= 0x55;
            if let Ok(read) = Document::load(&writer(2), [&damaged]).and_then(|d| d.texts()) {
                assert_eq!(read, texts, "byte {index} is no content");
            }
        }
        let empty = Kept { change: Vec::new(), hash: kept.hash };
        assert!(matches!(Document::load(&writer(2), [&empty]), Err(Corrupt::Damaged)));
    }
}
