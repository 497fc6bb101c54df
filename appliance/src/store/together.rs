//! Records that were made one with others belong to one person: when that person is forgotten, all of them go, with what one carried
//! over from another.

use super::{DocumentId, Reading, StoreError, Stored};
use domain::Date;
use domain::fact::{PatientId, VisitId};
use domain::patient::{PatientFact, PatientState};
use domain::visit::{VisitFact, VisitState};
use std::collections::{BTreeMap, BTreeSet};

impl Reading<'_> {
    /// The records of one person: this one, and those that were made one with it.
    pub fn records_of_person(&self, patient: &PatientId) -> Stored<BTreeSet<PatientId>> {
        let (mut found, mut open) = (BTreeSet::new(), vec![patient.clone()]);
        while let Some(patient) = open.pop() {
            if found.contains(&patient) {
                continue;
            }
            let facts = readable(self.facts::<PatientFact>(&DocumentId::Patient(patient.clone())))?;
            let merges = PatientState::fold(facts.unwrap_or_default()).merges;
            open.extend(merges.merged_into().into_iter().chain(merges.merged_here()).map(|act| act.other.clone()));
            found.insert(patient);
        }
        Ok(found)
    }

    /// The visits of these records and the day of each, also of those that go on in another visit.
    pub fn visits_of_person(&self, records: &BTreeSet<PatientId>) -> Stored<Vec<(VisitId, Date)>> {
        let mut found: BTreeMap<VisitId, Date> = BTreeMap::new();
        for patient in records {
            found.extend(self.visits_on_file(patient)?);
        }
        let mut open: Vec<VisitId> = found.keys().cloned().collect();
        let mut looked = BTreeSet::new();
        while let Some(visit) = open.pop() {
            if !looked.insert(visit.clone()) {
                continue;
            }
            let Some(facts) = readable(self.facts::<VisitFact>(&DocumentId::Visit(visit.clone())))? else { continue };
            let state = VisitState::fold(facts);
            let merges = &state.merges;
            open.extend(merges.merged_into().into_iter().chain(merges.merged_here()).map(|act| act.other.clone()));
            if let Some(day) = state.visit_date() {
                found.entry(visit).or_insert(day);
            }
        }
        let mut visits: Vec<(VisitId, Date)> = found.into_iter().collect();
        visits.sort_by(|(one, first), (other, second)| first.cmp(second).then(one.cmp(other)));
        Ok(visits)
    }
}

/// What cannot be read is forgotten all the same.
fn readable<T>(read: Stored<T>) -> Stored<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
