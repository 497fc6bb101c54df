//! One patient: what the site has learned over all visits.

mod apart;

pub use apart::{
    PatientCarried, PatientKeptApart, PatientMergeUndone, PatientMerged, PatientSettled, patient_carried_fact,
    restate_patient,
};

use crate::apart::Merges;
use crate::card_token::CardToken;
use crate::case::StoredPatient;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::eligibility::PersonFace;
use crate::evidence::{Confidence, EvidenceKind};
use crate::fact::{PatientId, Recorded, VisitId, in_order};
use crate::{facts, record};

record! {
    /// The patient became known, or the person's data were taken anew.
    pub struct PersonKnown {
        /// who
        pub person: PersonFace,
    }
}

record! {
    /// The clinic's own patient number (診察券番号).
    pub struct PatientNumbered {
        /// the number as the clinic writes it, at most 20 characters
        pub patient_number: String,
    }
}

record! {
    /// Insurance data were learned.
    pub struct CoverageLearned {
        /// the data
        pub coverage: Coverage,
        /// from what
        pub evidence: EvidenceKind,
        /// how sure
        pub confidence: Confidence,
        /// for which day they were learned
        pub on: Date,
        /// at which visit
        pub visit: Option<VisitId>,
    }
}

record! {
    /// The true spelling of a name that came with ● or a variant; used at every later visit (REQ-36).
    pub struct NameCorrected {
        /// as the national service spells it
        pub as_received: String,
        /// as the card face spells it
        pub corrected: String,
    }
}

record! {
    /// Something to know at once at the next visit (REQ-09).
    pub struct CareNoted {
        /// the note; empty = none any more
        pub note: String,
    }
}

record! {
    /// The card or an eligibility certificate was shown.
    pub struct DocumentShown {
        /// on which day
        pub on: Date,
    }
}

record! {
    /// A subsidy certificate was compared at a visit (REQ-41).
    pub struct SubsidyShown {
        /// on which day
        pub on: Date,
    }
}

record! {
    /// The renewal slip of the certificate was handed out (REQ-43).
    pub struct SlipGiven {
        /// on which day
        pub on: Date,
    }
}

record! {
    /// The patient was shown as 無効 (REQ-29).
    pub struct InvalidShown {
        /// on which day
        pub on: Date,
    }
}

record! {
    /// The patient said at a visit that the card is lost.
    pub struct CardLostSaid {
        /// on which day
        pub on: Date,
        /// at which visit
        pub visit: VisitId,
    }
}

record! {
    /// Evidence stands for a lost card again: a card that reads, or a certificate.
    pub struct CardReplaced {
        /// on which day
        pub on: Date,
    }
}

record! {
    /// The expiry of the card's user certificate was seen.
    pub struct CertificateSeen {
        /// expiry
        pub expiry: Date,
    }
}

record! {
    /// Staff confirmed whose card this is: next time it may be offered at once (my-number-card §1.1; off by default).
    pub struct CardRemembered {
        /// the card's token at this site
        pub token: CardToken,
        /// which reader read it
        pub reader: String,
    }
}

record! {
    /// The tokens of this patient's cards were erased.
    pub struct CardsForgotten {
        /// those of the whole site were, not only this patient's
        pub everywhere: bool,
    }
}

facts! {
    /// Everything the site can learn of a patient.
    pub enum PatientFact {
        /// who
        PersonKnown(PersonKnown) = "person_known",
        /// patient number
        PatientNumbered(PatientNumbered) = "patient_numbered",
        /// insurance
        CoverageLearned(Box<CoverageLearned>) = "coverage_learned",
        /// spelling
        NameCorrected(NameCorrected) = "name_corrected",
        /// care note
        CareNoted(CareNoted) = "care_noted",
        /// document shown
        DocumentShown(DocumentShown) = "document_shown",
        /// subsidy certificate shown
        SubsidyShown(SubsidyShown) = "subsidy_shown",
        /// renewal slip handed out
        SlipGiven(SlipGiven) = "slip_given",
        /// shown as 無効
        InvalidShown(InvalidShown) = "invalid_shown",
        /// certificate
        CertificateSeen(CertificateSeen) = "certificate_seen",
        /// card lost
        CardLost(CardLostSaid) = "card_lost",
        /// evidence for a lost card
        CardReplaced(CardReplaced) = "card_replaced",
        /// a card to be recognised
        CardRemembered(CardRemembered) = "card_remembered",
        /// no card is recognised any more
        CardsForgotten(CardsForgotten) = "cards_forgotten",
        /// one of two values is right
        Settled(PatientSettled) = "settled",
        /// one person with another record
        Merged(PatientMerged) = "merged",
        /// two persons after all
        MergeUndone(PatientMergeUndone) = "merge_undone",
        /// another person
        KeptApart(PatientKeptApart) = "kept_apart",
        /// a fact of a merged record
        Carried(PatientCarried) = "carried",
    }
}

/// A patient as the facts tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientState {
    /// who
    pub person: PersonFace,
    /// the clinic's number
    pub patient_number: Option<String>,
    /// what was learned of the insurance, latest last
    pub coverages: Vec<CoverageLearned>,
    /// spelling to use
    pub corrected: Option<NameCorrected>,
    /// care note
    pub care_note: Option<String>,
    /// when a card or certificate was last shown
    pub document_shown_on: Option<Date>,
    /// when a subsidy certificate was last compared
    pub subsidy_shown_on: Option<Date>,
    /// when renewal slips were handed out, oldest first
    pub slips_given_on: Vec<Date>,
    /// shown as 無効 since
    pub invalid_since: Option<Date>,
    /// the visits at which the patient said that the card is lost, as long as nothing has come instead
    pub cards_lost: Vec<CardLostSaid>,
    /// certificate expiry
    pub certificate_expiry: Option<Date>,
    /// cards that may be recognised; several, because a renewed certificate gives another token
    pub card_tokens: Vec<CardToken>,
    /// numbers of records that were made one with this one; the patient is found by them too
    pub other_numbers: Vec<String>,
    /// what it was made one with, or kept apart from
    pub merges: Merges<PatientId>,
}

impl Default for PatientState {
    fn default() -> PatientState {
        PatientState {
            person: PersonFace::EMPTY,
            patient_number: None,
            coverages: Vec::new(),
            corrected: None,
            care_note: None,
            document_shown_on: None,
            subsidy_shown_on: None,
            slips_given_on: Vec::new(),
            invalid_since: None,
            cards_lost: Vec::new(),
            certificate_expiry: None,
            card_tokens: Vec::new(),
            other_numbers: Vec::new(),
            merges: Merges::default(),
        }
    }
}

impl PatientState {
    /// Folds facts, in whatever order they are handed over.
    pub fn fold(mut facts: Vec<Recorded<PatientFact>>) -> PatientState {
        in_order(&mut facts);
        let mut state = PatientState::default();
        facts.iter().for_each(|recorded| state.take_merge(&recorded.fact));
        for recorded in facts {
            state.take(recorded.fact);
        }
        state
    }

    /// Takes one more fact that is later than all the others.
    pub fn take(&mut self, fact: PatientFact) {
        self.take_merge(&fact);
        match fact {
            PatientFact::PersonKnown(known) => self.take_person(known.person),
            PatientFact::PatientNumbered(numbered) => self.patient_number = Some(numbered.patient_number),
            PatientFact::CoverageLearned(learned) => {
                if learned.confidence == Confidence::ConfirmedOnline {
                    self.invalid_since = None;
                }
                self.coverages.push(*learned);
            }
            PatientFact::NameCorrected(corrected) => self.corrected = Some(corrected),
            PatientFact::CareNoted(noted) => self.care_note = Some(noted.note).filter(|note| !note.is_empty()),
            PatientFact::DocumentShown(shown) => self.document_shown_on = self.document_shown_on.max(Some(shown.on)),
            PatientFact::SubsidyShown(shown) => self.subsidy_shown_on = self.subsidy_shown_on.max(Some(shown.on)),
            PatientFact::SlipGiven(given) => {
                self.slips_given_on.push(given.on);
                self.slips_given_on.sort_unstable();
                self.slips_given_on.dedup();
            }
            PatientFact::InvalidShown(shown) => {
                self.invalid_since.get_or_insert(shown.on);
            }
            PatientFact::CardLost(said) if self.cards_lost.contains(&said) => {}
            PatientFact::CardLost(said) => self.cards_lost.push(said),
            PatientFact::CardReplaced(replaced) => self.cards_lost.retain(|said| said.on > replaced.on),
            PatientFact::CertificateSeen(seen) => {
                self.certificate_expiry = self.certificate_expiry.max(Some(seen.expiry));
            }
            PatientFact::CardRemembered(remembered) if self.card_tokens.contains(&remembered.token) => {}
            PatientFact::CardRemembered(remembered) => self.card_tokens.push(remembered.token),
            PatientFact::CardsForgotten(_) => self.card_tokens.clear(),
            PatientFact::Carried(carried) => self.take_carried(carried),
            PatientFact::Settled(_)
            | PatientFact::Merged(_)
            | PatientFact::MergeUndone(_)
            | PatientFact::KeptApart(_)
            | PatientFact::Unknown(..) => {}
        }
    }

    /// Later data fill and replace, but a name with ● never replaces one without (oqs-interface §5).
    fn take_person(&mut self, person: PersonFace) {
        let keeps_name = person.name.as_deref().is_none_or(crate::kana::has_unmappable) && self.person.name.is_some();
        let name = if keeps_name { self.person.name.take() } else { person.name };
        self.person = PersonFace {
            name,
            name_kana: person.name_kana.or(self.person.name_kana.take()),
            birth_date: person.birth_date.or(self.person.birth_date),
            sex: person.sex.or(self.person.sex),
            address: person.address.or(self.person.address.take()),
        };
    }

    /// The insurance to go by: the latest learned, and among those of one day the surest.
    pub fn coverage(&self) -> Option<&CoverageLearned> {
        let sureness = |c: Confidence| match c {
            Confidence::ConfirmedOnline => 3,
            Confidence::ConfirmedByDocument => 2,
            Confidence::StatedByPatient => 1,
            Confidence::Unconfirmed => 0,
        };
        self.coverages.iter().max_by_key(|learned| (learned.on, sureness(learned.confidence)))
    }

    /// The name to print.
    pub fn display_name(&self) -> Option<&str> {
        self.corrected.as_ref().map(|c| c.corrected.as_str()).or(self.person.name.as_deref())
    }

    /// What a new visit may go by.
    pub fn stored(&self) -> Option<StoredPatient> {
        let latest = self.coverage()?;
        Some(StoredPatient {
            coverage: latest.coverage.clone(),
            confirmed_on: Some(latest.on),
            confirmed_how: Some(latest.evidence),
            document_shown_on: self.document_shown_on,
            false_invalid_since: self.invalid_since,
            subsidy_shown_on: self.subsidy_shown_on,
            slips_given_on: self.slips_given_on.clone(),
            card_lost_on: self.cards_lost.iter().map(|said| said.on).max(),
        })
    }
}
