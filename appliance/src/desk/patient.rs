//! Patients: made known, corrected, and what visits teach about them.

use super::recognition::is_told_already;
use super::visit::OpenVisit;
use super::work::{Declined, Work};
use crate::store::{DocumentId, JobContent, JobRow, Loaded};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, PatientId};
use domain::patient::{
    CardsForgotten, CareNoted, CoverageLearned, NameCorrected, PatientFact, PatientNumbered, PatientState, PersonKnown,
};
use domain::text::Text;
use sync::outbox::{Job, Stage};
use web::port::{HistoryQuery, PatientCommand};

/// Longest patient number, characters.
const LONGEST_NUMBER: usize = 20;

/// A patient in memory.
pub(super) struct OpenPatient {
    pub id: PatientId,
    pub document: Loaded,
    pub state: PatientState,
}

impl Work<'_> {
    /// Loads a patient that must exist.
    pub(super) fn patient(&self, id: &PatientId) -> Result<OpenPatient, Declined> {
        let (document, facts) = self.load(&DocumentId::Patient(id.clone()))?;
        if facts.is_empty() {
            return Err(Declined::NotFound("patient"));
        }
        let state = PatientState::fold(facts);
        Ok(OpenPatient { id: id.clone(), document, state })
    }

    /// Makes a patient known.
    pub(super) fn register_patient(
        &mut self,
        by: &Author,
        person: PersonFace,
        patient_number: Option<String>,
        coverage: Option<CoverageLearned>,
    ) -> Result<OpenPatient, Declined> {
        let id = PatientId::new(self.new_id());
        let mut facts = vec![PatientFact::PersonKnown(PersonKnown { person })];
        if let Some(patient_number) = patient_number {
            self.number_is_free(&patient_number)?;
            facts.push(PatientFact::PatientNumbered(PatientNumbered { patient_number }));
        }
        facts.extend(coverage.map(|learned| PatientFact::CoverageLearned(Box::new(learned))));
        let document = Loaded::new(&DocumentId::Patient(id.clone()), self.author);
        let mut patient = OpenPatient { id, document, state: PatientState::default() };
        self.add_patient_facts(&mut patient, by, facts)?;
        self.answer_waiting_lookups(&patient)?;
        Ok(patient)
    }

    /// Adds what a visit taught about its patient.
    pub(super) fn learn(
        &mut self,
        visit: &mut OpenVisit,
        by: &Author,
        facts: Vec<PatientFact>,
    ) -> Result<(), Declined> {
        let Some(id) = visit.state.patient.clone().filter(|_| !facts.is_empty()) else { return Ok(()) };
        let mut patient = match visit.patient.take().filter(|loaded| loaded.id == id) {
            Some(loaded) => loaded,
            None => self.remaining_patient(&id)?,
        };
        let news: Vec<PatientFact> = facts.into_iter().filter(|fact| is_news(&patient.state, fact)).collect();
        if !news.is_empty() {
            self.add_patient_facts(&mut patient, by, news)?;
        }
        visit.patient = Some(patient);
        Ok(())
    }

    pub(super) fn add_patient_facts(
        &mut self,
        patient: &mut OpenPatient,
        by: &Author,
        facts: Vec<PatientFact>,
    ) -> Result<(), Declined> {
        let before = patient.state.clone();
        facts.iter().cloned().for_each(|fact| patient.state.take(fact));
        self.append(&mut patient.document, by, facts)?;
        self.writing.project_patient(&patient.id, &before, &patient.state)?;
        if before != PatientState::default() {
            self.writing.review_if_disputed(&DocumentId::Patient(patient.id.clone()))?;
        }
        Ok(())
    }

    /// The record that goes on instead of a patient's; that one itself when it goes on.
    pub(super) fn remaining_patient(&self, id: &PatientId) -> Result<OpenPatient, Declined> {
        let there = self.writing.reading().goes_on_in(&DocumentId::Patient(id.clone()))?;
        match there {
            DocumentId::Patient(other) if other != *id => match self.patient(&other) {
                Err(Declined::NotFound(_)) => self.patient(id), // it has not come yet
                found => found,
            },
            _ => self.patient(id),
        }
    }

    /// Does what staff want with a patient.
    pub(super) fn command_patient(
        &mut self,
        id: &PatientId,
        by: &Author,
        command: PatientCommand,
    ) -> Result<(), Declined> {
        let mut patient = self.remaining_patient(id)?;
        let fact = match command {
            PatientCommand::CorrectName { as_received, corrected } => {
                PatientFact::NameCorrected(NameCorrected { as_received, corrected })
            }
            PatientCommand::NoteCare(note) => PatientFact::CareNoted(CareNoted { note }),
            PatientCommand::SetNumber(patient_number) => {
                self.number_is_free(&patient_number)?;
                PatientFact::PatientNumbered(PatientNumbered { patient_number })
            }
            PatientCommand::LearnCoverage(coverage) => PatientFact::CoverageLearned(Box::new(self.typed_in(*coverage))),
            PatientCommand::RememberCard(reading) => self.card_shown(&reading)?,
            PatientCommand::ForgetCards => PatientFact::CardsForgotten(CardsForgotten { everywhere: false }),
        };
        if is_told_already(&patient, &fact) {
            return Ok(());
        }
        self.add_patient_facts(&mut patient, by, vec![fact])
    }

    fn typed_in(&self, coverage: Coverage) -> CoverageLearned {
        CoverageLearned {
            coverage,
            evidence: EvidenceKind::EligibilityCertificate,
            confidence: Confidence::ConfirmedByDocument,
            on: self.now.date_in_japan(),
            visit: None,
        }
    }

    fn number_is_free(&self, patient_number: &str) -> Result<(), Declined> {
        if patient_number.chars().count() > LONGEST_NUMBER {
            return Err(Declined::refused(
                "patient_number",
                "患者番号は20文字までです。",
                "A patient number has at most 20 characters.",
            ));
        }
        if self.writing.reading().patients_by_number(patient_number)?.is_empty() {
            return Ok(());
        }
        Err(Declined::refused(
            "patient_number",
            "この患者番号は別の患者さんに使われています。番号を確かめてください。",
            "This patient number belongs to another patient. Check the number.",
        ))
    }

    /// Patients that agree with the keys of a lookup.
    pub(super) fn find(&self, query: &HistoryQuery) -> Result<Vec<PatientId>, Declined> {
        let reading = self.writing.reading();
        let mut found = reading.same_person(&query.person)?;
        if found.is_empty()
            && let Some(number) = &query.patient_number
        {
            found = reading.patients_by_number(number)?;
        }
        if found.is_empty() && query.coverage.has_numbers() {
            found = reading.patients_by_coverage(&query.coverage)?;
        }
        Ok(found.into_iter().map(|hit| hit.patient).collect())
    }

    /// A lookup that waited for somebody who knows is done as soon as this box knows.
    fn answer_waiting_lookups(&self, patient: &OpenPatient) -> Result<(), Declined> {
        for row in self.writing.reading().waiting_lookups()? {
            let JobContent::Lookup(lookup) = &row.content else { continue };
            let same = domain::eligibility::match_person(&lookup.person, &patient.state.person);
            if matches!(
                same,
                domain::eligibility::PersonMatch::Same | domain::eligibility::PersonMatch::SameOtherSpelling
            ) {
                self.writing.keep_job(&JobRow {
                    job: Job { stage: Stage::Done, ..row.job.clone() },
                    patient: Some(patient.id.clone()),
                    ended_at: Some(self.now),
                    problem: Some(Text::new("記録が見つかりました。", "A record was found.")),
                    ..row
                })?;
            }
        }
        Ok(())
    }
}

/// Whether a fact says anything the record does not know yet; the same insurance confirmed again on the same day does not.
fn is_news(state: &PatientState, fact: &PatientFact) -> bool {
    match fact {
        PatientFact::PersonKnown(known) => state.person != known.person,
        PatientFact::CoverageLearned(learned) => !state.coverages.contains(learned),
        PatientFact::DocumentShown(shown) => state.document_shown_on != Some(shown.on),
        PatientFact::SubsidyShown(shown) => state.subsidy_shown_on < Some(shown.on),
        PatientFact::SlipGiven(given) => !state.slips_given_on.contains(&given.on),
        PatientFact::InvalidShown(_) => state.invalid_since.is_none(),
        PatientFact::CardLost(said) => !state.cards_lost.contains(said),
        PatientFact::CardReplaced(_) => !state.cards_lost.is_empty(),
        PatientFact::CertificateSeen(seen) => state.certificate_expiry != Some(seen.expiry),
        _ => true,
    }
}
