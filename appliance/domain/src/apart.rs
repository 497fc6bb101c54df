//! What counters wrote while they were cut off from each other: where it disagrees, both values stand side by side until staff decide.
//!
//! Every fact was written by a box that knew certain others at that moment. A later value that was written in knowledge of an earlier one
//! replaces it; two that were written without knowledge of each other, and say different things about one matter, disagree. Clocks play
//! no part in that.

mod merge;

pub use merge::{Merge, MergeId, Merges};

use crate::date::Timestamp;
use crate::evidence::EvidenceKind;
use crate::fact::{Author, FactId, Recorded};
use crate::identifier;
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

identifier! {
    /// The box that wrote something.
    pub struct Origin
}

identifier! {
    /// What one command added to a document.
    pub struct EntryId
}

identifier! {
    /// What several facts say something about, for instance `person.name` or `document.eligibility_certificate`.
    pub struct Matter
}

/// A fact, who wrote it where, and what the writing box knew of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<F> {
    /// the fact
    pub recorded: Recorded<F>,
    /// the box that wrote it
    pub origin: Origin,
    /// what it was written with
    pub entry: EntryId,
    /// everything written before that the box knew
    pub knew: BTreeSet<EntryId>,
}

/// What a fact says about a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// about what
    pub matter: Matter,
    /// what
    pub value: Text,
    /// where the value was taken from
    pub source: Option<EvidenceKind>,
}

impl Saying {
    /// A value that has the same form in every language.
    pub fn plain(matter: &str, value: impl Into<String>) -> Saying {
        let value = value.into();
        Saying { matter: Matter::new(matter), value: Text::new(value.clone(), value), source: None }
    }

    /// A value in words.
    pub fn words(matter: &str, value: Text) -> Saying {
        Saying { matter: Matter::new(matter), value, source: None }
    }

    /// The same, taken from something that was shown or asked.
    pub fn from(self, source: EvidenceKind) -> Saying {
        Saying { source: Some(source), ..self }
    }
}

/// Facts that say something about matters.
pub trait Says {
    /// What this one says.
    fn says(&self) -> Vec<Saying>;
}

/// One of the values that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// the fact that says so
    pub fact: FactId,
    /// the value
    pub value: Text,
    /// where it was taken from
    pub source: Option<EvidenceKind>,
    /// when it was recorded, by the clock of that box
    pub at: Timestamp,
    /// who recorded it
    pub by: Author,
    /// at which box
    pub origin: Origin,
}

/// Values for one matter of which neither box knew the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// what it is about
    pub matter: Matter,
    /// at least two different values, in the order in which facts are folded: the last one is in force until staff decide
    pub sides: Vec<Side>,
}

struct Voice<'a> {
    entry: &'a EntryId,
    knew: &'a BTreeSet<EntryId>,
    side: Side,
}

/// The matters about which facts disagree, by name. The same facts in any order give the same result.
pub fn disagreements<F: Says>(told: &[Told<F>]) -> Vec<Disagreement> {
    let mut in_order: Vec<&Told<F>> = told.iter().collect();
    in_order.sort_by(|a, b| (a.recorded.at, &a.recorded.id).cmp(&(b.recorded.at, &b.recorded.id)));
    let mut voices: BTreeMap<Matter, Vec<Voice<'_>>> = BTreeMap::new();
    for told in in_order {
        for saying in told.recorded.fact.says() {
            let side = Side {
                fact: told.recorded.id.clone(),
                value: saying.value,
                source: saying.source,
                at: told.recorded.at,
                by: told.recorded.by.clone(),
                origin: told.origin.clone(),
            };
            let heard = voices.entry(saying.matter).or_default();
            // what one command says last about a matter is what it says
            heard.retain(|voice| *voice.entry != told.entry);
            heard.push(Voice { entry: &told.entry, knew: &told.knew, side });
        }
    }
    let disagreed = voices.into_iter().map(|(matter, heard)| Disagreement { matter, sides: standing(&heard) });
    disagreed.filter(|disagreement| disagreement.sides.len() > 1).collect()
}

/// What nobody replaced who knew it; of equal values the first.
fn standing(heard: &[Voice<'_>]) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    for voice in heard {
        let replaced = heard.iter().any(|other| other.knew.contains(voice.entry));
        if !replaced && sides.iter().all(|side| side.value != voice.side.value) {
            sides.push(voice.side.clone());
        }
    }
    sides
}
