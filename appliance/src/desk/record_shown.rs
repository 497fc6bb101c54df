//! One visit, one patient and what lies on the shelf, as pages and API show them.

use super::queue_shown::job_item;
use super::{RunningDesk, apart_view};
use crate::store::{DocumentId, Reading as StoreReading, ShelfRow, Stored};
use crate::vault::Vault;
use domain::eligibility::PersonFace;
use domain::fact::{Author, PatientId, Recorded, VisitId};
use domain::patient::{PatientFact, PatientState};
use domain::visit::{VisitFact, VisitState};
use std::collections::{BTreeMap, BTreeSet};
use sync::outbox;
use web::port::{AnswerOnShelf, BoardRow, Desk, PatientView, Reading, VisitView};

impl RunningDesk {
    pub(super) fn visit_shown(&self, visit: &VisitId) -> Reading<Option<VisitView>> {
        let (now, links) = (self.clock.now(), self.link_report().links);
        self.read(|reading| {
            let history = reading.facts::<VisitFact>(&DocumentId::Visit(visit.clone()))?;
            let state = VisitState::fold(history.clone());
            let Some(decision) = state.decide(&self.settings.rules, now, &links) else { return Ok(None) };
            let patient = match &state.patient {
                Some(patient) => patient_view(&self.vault, reading, &going_on(reading, patient)?)?,
                None => None,
            };
            let jobs = reading.jobs_of_visit(visit)?;
            let blocked = outbox::blocked_by(&links);
            Ok(Some(VisitView {
                visit: visit.clone(),
                slip: crate::intake::slip::code_of(visit).map(|code| code.to_string()),
                status: state.status(),
                follow_ups: state.follow_ups(&decision),
                patient,
                decision,
                apart: apart_view::of_visit(&self.vault, reading, visit, &state)?,
                names: names_of(reading, &history)?,
                history: in_order(history),
                jobs: jobs.into_iter().map(|row| job_item(reading, row, None, blocked)).collect::<Stored<_>>()?,
                state,
            }))
        })
    }

    pub(super) fn shelf_shown(&self) -> Reading<Vec<AnswerOnShelf>> {
        let today = self.today();
        self.read(|reading| {
            let candidates = reading.open_visits(today)?;
            let shelf = reading.shelf()?;
            Ok(shelf.into_iter().map(|row| on_shelf(row, &candidates)).collect())
        })
    }
}

/// What the authors of these facts are called.
fn names_of(reading: StoreReading<'_>, history: &[Recorded<VisitFact>]) -> Stored<BTreeMap<String, String>> {
    let authors: BTreeSet<&Author> = history.iter().map(|recorded| &recorded.by).collect();
    let mut names = BTreeMap::new();
    for author in authors {
        names.extend(reading.name_of_author(author)?.map(|name| (author.to_string(), name)));
    }
    Ok(names)
}

fn in_order(mut history: Vec<Recorded<VisitFact>>) -> Vec<Recorded<VisitFact>> {
    domain::fact::in_order(&mut history);
    history
}

/// The record that goes on for a patient.
fn going_on(reading: StoreReading<'_>, patient: &PatientId) -> Stored<PatientId> {
    let document = DocumentId::Patient(patient.clone());
    Ok(match reading.goes_on_in(&document)? {
        DocumentId::Patient(remaining) => remaining,
        _ => patient.clone(),
    })
}

/// A patient with the visits.
pub(super) fn patient_view(
    vault: &Vault,
    reading: StoreReading<'_>,
    patient: &PatientId,
) -> Stored<Option<PatientView>> {
    let facts = reading.facts::<PatientFact>(&DocumentId::Patient(patient.clone()))?;
    if facts.is_empty() {
        return Ok(None);
    }
    let state = PatientState::fold(facts);
    let apart = apart_view::of_patient(vault, reading, patient, &state)?;
    Ok(Some(PatientView { patient: patient.clone(), state, visits: reading.visits_of(patient)?, apart }))
}

fn on_shelf(row: ShelfRow, open: &[BoardRow]) -> AnswerOnShelf {
    let result = row.content.as_ref().and_then(|answer| answer.main_result());
    let person = result.map_or(PersonFace::EMPTY, |result| result.person.clone());
    let fits = |visit: &&BoardRow| person.birth_date.is_some() && visit.birth_date == person.birth_date;
    AnswerOnShelf {
        candidates: open.iter().filter(fits).map(|visit| visit.visit.clone()).collect(),
        coverage: result.map(|result| result.coverage.clone()),
        person,
        answer: row.answer,
        at: row.at,
        reason: row.reason,
        file_name: row.file_name,
        message: row.message,
    }
}
