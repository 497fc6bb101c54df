//! What was known when something was written: from which changes a change followed.

use super::{Corrupt, added, fenced};
use automerge::{Change, ChangeHash};
use std::collections::{BTreeMap, BTreeSet};

/// One change of a document, seen from what its writer knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// the ids of what it adds
    pub entries: Vec<String>,
    /// the ids of everything that its writer had before
    pub before: BTreeSet<String>,
}

/// Looks through the changes of one document, in any order; the answer is in the same order. A change whose forerunners are not all
/// here is taken to have known those that are.
pub fn knowledge<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Known>, Corrupt> {
    fenced(|| {
        let parsed = |bytes| Change::try_from(bytes).map_err(|_| Corrupt::Damaged);
        let changes = changes.into_iter().map(parsed).collect::<Result<Vec<Change>, Corrupt>>()?;
        let by_hash: BTreeMap<ChangeHash, (&Change, Vec<String>)> = changes
            .iter()
            .map(|change| Ok((change.hash(), (change, entries_of(change)?))))
            .collect::<Result<_, Corrupt>>()?;
        let known = |change: &Change| {
            let entries = by_hash.get(&change.hash()).map(|(_, entries)| entries.clone()).unwrap_or_default();
            Known { entries, before: before(change, &by_hash) }
        };
        Ok(changes.iter().map(known).collect())
    })
}

fn entries_of(change: &Change) -> Result<Vec<String>, Corrupt> {
    let operations = change.decode().operations.into_iter();
    operations.map(|operation| added(operation).map(|(id, _)| id).ok_or(Corrupt::NotAFact)).collect()
}

fn before(change: &Change, by_hash: &BTreeMap<ChangeHash, (&Change, Vec<String>)>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<ChangeHash> = change.deps().to_vec();
    while let Some(hash) = open.pop() {
        if !seen.insert(hash) {
            continue;
        }
        if let Some((forerunner, entries)) = by_hash.get(&hash) {
            found.extend(entries.iter().cloned());
            open.extend(forerunner.deps());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::{Document, Kept, Writer};

    #[test]
    fn what_was_written_apart_did_not_know_of_each_other() {
        let writer = |n| Writer::from_random([n; 16]);
        let mut here = Document::new(&writer(1));
        let base = here.append("a", "0".to_owned(), 1).expect("append");
        let mut there = Document::load(&writer(2), [&base]).expect("load");
        let mine = here.append("b", "1".to_owned(), 2).expect("append");
        let theirs = there.append("c", "2".to_owned(), 2).expect("append");
        here.merge([&theirs]).expect("merge");
        let joined = here.append("d", "3".to_owned(), 3).expect("append");
        let changes: Vec<&[u8]> = [&joined, &theirs, &mine, &base].map(|kept: &Kept| kept.change.as_slice()).to_vec();
        let before: Vec<String> = knowledge(changes)
            .expect("readable")
            .into_iter()
            .map(|known| format!("{}<{}", known.entries.concat(), known.before.into_iter().collect::<String>()))
            .collect();
        assert_eq!(before, ["d<abc", "c<a", "b<a", "a<"]);
    }

    #[test]
    fn damaged_changes_are_refused() {
        assert!(matches!(knowledge([b"no change".as_slice()]), Err(Corrupt::Damaged)));
    }
}
