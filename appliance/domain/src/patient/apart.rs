//! Patients whose record was written at several counters at once, and one person who stands in two records.

use super::{PatientFact, PatientState, PersonKnown};
use crate::apart::{Matter, Merge, MergeId, Saying, Says};
use crate::date::Timestamp;
use crate::fact::{Author, FactId, PatientId, Recorded};
use crate::record;
use crate::text::Text;
use crate::visit::{coverage_in_words, person_says, with_field};

record! {
    /// Somebody compared values that disagreed and said which one is right.
    pub struct PatientSettled {
        /// what about
        pub matter: Matter,
        /// the fact that was right
        pub right: FactId,
        /// what it says
        pub value: Text,
        /// why
        pub reason: String,
    }
}

record! {
    /// One person had two records.
    pub struct PatientMerged {
        /// which act; it stands in both records
        pub merge: MergeId,
        /// the other record
        pub other: PatientId,
        /// this one goes on
        pub goes_on: bool,
        /// why
        pub reason: String,
    }
}

record! {
    /// They were two persons after all.
    pub struct PatientMergeUndone {
        /// which act is taken back
        pub merge: MergeId,
        /// why
        pub reason: String,
    }
}

record! {
    /// The other record is another person's, however alike.
    pub struct PatientKeptApart {
        /// the other record
        pub other: PatientId,
        /// why
        pub reason: String,
    }
}

record! {
    /// A fact of a record that goes on in this one.
    pub struct PatientCarried {
        /// by which act
        pub merge: MergeId,
        /// from which record
        pub from: PatientId,
        /// the fact's own id: it counts once, however often it is carried
        pub fact: FactId,
        /// when it was recorded there
        pub at: Timestamp,
        /// by whom
        pub by: Author,
        /// the fact
        pub what: Box<PatientFact>,
    }
}

/// What a fact of a record says to the record it goes on in.
pub fn patient_carried_fact(recorded: Recorded<PatientFact>, here: &PatientState) -> Option<Recorded<PatientFact>> {
    match recorded.fact {
        PatientFact::Carried(carried) if here.merges.brings_here(&carried.merge) => {
            Some(Recorded { id: carried.fact, at: carried.at, by: carried.by, fact: *carried.what })
        }
        PatientFact::PersonKnown(_)
        | PatientFact::PatientNumbered(_)
        | PatientFact::CoverageLearned(_)
        | PatientFact::NameCorrected(_)
        | PatientFact::CareNoted(_)
        | PatientFact::DocumentShown(_)
        | PatientFact::InvalidShown(_)
        | PatientFact::CertificateSeen(_)
        | PatientFact::CardLost(_)
        | PatientFact::CardReplaced(_)
        | PatientFact::CardRemembered(_)
        | PatientFact::CardsForgotten(_) => Some(recorded),
        _ => None,
    }
}

impl PatientState {
    /// Takes what a fact says about other records; known acts change nothing. An act that is taken back counts from the next folding.
    pub(super) fn take_merge(&mut self, fact: &PatientFact) {
        match fact {
            PatientFact::Merged(PatientMerged { merge, other, goes_on, .. }) => {
                self.merges.take(Merge { merge: merge.clone(), other: other.clone(), goes_on: *goes_on });
            }
            PatientFact::MergeUndone(undone) => self.merges.undo(undone.merge.clone()),
            PatientFact::KeptApart(kept) => self.merges.keep_apart(kept.other.clone()),
            _ => {}
        }
    }

    /// What this record knows itself is not overruled; what it does not know is filled. Insurance is ranked like all other.
    pub(super) fn take_carried(&mut self, carried: PatientCarried) {
        let PatientCarried { merge, fact, what, .. } = carried;
        if !self.merges.carry(&merge, &fact) {
            return;
        }
        match *what {
            PatientFact::PersonKnown(known) => {
                let own = self.person.clone();
                self.person = known.person;
                self.take_person(own);
            }
            PatientFact::PatientNumbered(numbered) if self.patient_number.is_some() => {
                self.other_numbers.push(numbered.patient_number);
            }
            PatientFact::NameCorrected(_) if self.corrected.is_some() => {}
            PatientFact::CareNoted(noted) => self.add_care_note(&noted.note),
            PatientFact::CoverageLearned(learned) if self.coverages.contains(&learned) => {}
            PatientFact::CoverageLearned(learned) => self.coverages.push(*learned),
            PatientFact::CardsForgotten(_) => {}
            fact => self.take(fact),
        }
    }

    /// Both notes are something to know at once.
    fn add_care_note(&mut self, note: &str) {
        match &mut self.care_note {
            _ if note.is_empty() => {}
            Some(own) if own.contains(note) => {}
            Some(own) => *own = format!("{own}／{note}"),
            None => self.care_note = Some(note.to_owned()),
        }
    }
}

/// The facts that make a value the one in force. `None` when the fact says nothing about the matter that could be said again.
pub fn restate_patient(matter: &Matter, right: &PatientFact, state: &PatientState) -> Option<Vec<PatientFact>> {
    if !right.says().iter().any(|saying| saying.matter == *matter) {
        return None;
    }
    Some(match right {
        PatientFact::Settled(_) | PatientFact::Merged(_) | PatientFact::KeptApart(_) => Vec::new(),
        PatientFact::PersonKnown(known) => {
            let person = with_field(state.person.clone(), matter.as_str(), &known.person);
            vec![PatientFact::PersonKnown(PersonKnown { person })]
        }
        _ => vec![right.clone()],
    })
}

impl Says for PatientFact {
    fn says(&self) -> Vec<Saying> {
        match self {
            PatientFact::PersonKnown(known) => person_says(&known.person),
            PatientFact::PatientNumbered(numbered) => vec![Saying::plain("patient_number", &numbered.patient_number)],
            PatientFact::CoverageLearned(learned) => {
                let value = coverage_in_words(&learned.coverage);
                value.map(|value| Saying::words("coverage", value).from(learned.evidence)).into_iter().collect()
            }
            PatientFact::NameCorrected(corrected) => vec![Saying::plain("corrected_name", &corrected.corrected)],
            PatientFact::CareNoted(noted) => vec![Saying::plain("care_note", &noted.note)],
            PatientFact::Settled(settled) => {
                vec![Saying { matter: settled.matter.clone(), value: settled.value.clone(), source: None }]
            }
            PatientFact::Merged(merged) => vec![Saying::words(
                &format!("merge.{}", merged.other),
                Text::new("同じ患者さん（1つにまとめた）", "One patient with two records"),
            )],
            PatientFact::KeptApart(kept) => {
                vec![Saying::words(&format!("merge.{}", kept.other), Text::new("別の患者さん", "Two patients"))]
            }
            _ => Vec::new(),
        }
    }
}
