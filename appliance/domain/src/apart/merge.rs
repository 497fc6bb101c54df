//! Two records that staff made one, by their own decision, with a way back.

use crate::fact::FactId;
use crate::identifier;
use std::collections::BTreeSet;

identifier! {
    /// One act of making two records one. It stands in both of them.
    pub struct MergeId
}

/// That two records were made one, as one of them tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge<I> {
    /// which act
    pub merge: MergeId,
    /// the other record
    pub other: I,
    /// this record goes on, and the other does not
    pub goes_on: bool,
}

/// What a record knows of its like: what it was made one with, and what is certainly another.
///
/// Two counters may make the same two records one at the same time, each the other way round. Both acts then stand in both records, and
/// the one with the smaller id rules in both, so that exactly one record goes on, everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merges<I> {
    acts: Vec<Merge<I>>,
    undone: BTreeSet<MergeId>,
    apart: BTreeSet<I>,
    carried: BTreeSet<FactId>,
}

impl<I> Default for Merges<I> {
    fn default() -> Merges<I> {
        Merges { acts: Vec::new(), undone: BTreeSet::new(), apart: BTreeSet::new(), carried: BTreeSet::new() }
    }
}

impl<I: Clone + Ord> Merges<I> {
    /// Two records are made one.
    pub fn take(&mut self, act: Merge<I>) {
        self.apart.remove(&act.other);
        if self.acts.iter().all(|known| known.merge != act.merge) {
            self.acts.push(act);
        }
    }

    /// An act is taken back.
    pub fn undo(&mut self, merge: MergeId) {
        self.undone.insert(merge);
    }

    /// Staff said that the other is another.
    pub fn keep_apart(&mut self, other: I) {
        self.apart.insert(other);
    }

    /// A fact of the other record counts here. `false` when it did before, or when its act does not rule.
    pub fn carry(&mut self, merge: &MergeId, fact: &FactId) -> bool {
        self.brings_here(merge) && self.carried.insert(fact.clone())
    }

    /// Whether a fact of another record counts here already.
    pub fn has_carried(&self, fact: &FactId) -> bool {
        self.carried.contains(fact)
    }

    /// The record that goes on instead of this one, with the act that says so.
    pub fn merged_into(&self) -> Option<&Merge<I>> {
        self.ruling().filter(|act| !act.goes_on).min_by(|a, b| a.merge.cmp(&b.merge))
    }

    /// The records that go on in this one.
    pub fn merged_here(&self) -> impl Iterator<Item = &Merge<I>> {
        self.ruling().filter(|act| act.goes_on)
    }

    /// The records that staff called others.
    pub fn kept_apart(&self) -> impl Iterator<Item = &I> {
        self.apart.iter()
    }

    /// Nobody has said anything of the kind.
    pub fn is_empty(&self) -> bool {
        self.acts.is_empty() && self.apart.is_empty()
    }

    /// Whether an act makes another record's facts count here.
    pub fn brings_here(&self, merge: &MergeId) -> bool {
        self.ruling().any(|act| act.goes_on && act.merge == *merge)
    }

    fn ruling(&self) -> impl Iterator<Item = &Merge<I>> {
        self.in_force().filter(|act| self.in_force().all(|like| like.other != act.other || like.merge >= act.merge))
    }

    fn in_force(&self) -> impl Iterator<Item = &Merge<I>> {
        self.acts.iter().filter(|act| !self.undone.contains(&act.merge))
    }
}
