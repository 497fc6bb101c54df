//! Facility rounds of the desk in memory.

use super::Record;
use domain::case::Flow;
use domain::fact::PatientId;
use domain::round::facility_and_room;
use domain::visit::{VisitFact, VisitState, VisitStatus};
use std::collections::{BTreeMap, BTreeSet};
use web::port::{Resident, RoundFacility};

impl Record {
    pub fn facility_rounds(&self) -> Vec<RoundFacility> {
        let today = self.now.date_in_japan();
        let mut facilities: BTreeMap<String, RoundFacility> = BTreeMap::new();
        let mut seen: BTreeSet<PatientId> = BTreeSet::new();
        for (visit, facts) in self.visits.iter().rev() {
            let state = VisitState::fold(facts.clone());
            let on_round = state.opened.as_ref().is_some_and(|opened| opened.flow == Flow::Facility);
            let Some(patient) = state.patient.clone().filter(|_| on_round && state.status() != VisitStatus::Voided)
            else {
                continue;
            };
            if !seen.insert(patient.clone()) {
                continue;
            }
            let Some(of_patient) = self.patient_state(&patient) else { continue };
            let place = state.placed.as_ref().and_then(|placed| placed.place.clone()).unwrap_or_default();
            let (name, room) = facility_and_room(&place);
            let helper = facts.iter().rev().find_map(|recorded| match &recorded.fact {
                VisitFact::CompanionCame(came) => came.name.clone(),
                _ => None,
            });
            let facility = facilities.entry(name.to_owned()).or_insert_with(|| RoundFacility {
                name: name.to_owned(),
                last_helper: helper,
                residents: Vec::new(),
            });
            facility.residents.push(Resident {
                room: room.to_owned(),
                certificate_until: of_patient.certificate_until(),
                card_until: of_patient.certificate_expiry,
                today: (state.visit_date() == Some(today)).then(|| (visit.clone(), state.status())),
                patient: self.hit(&patient, of_patient),
            });
        }
        let mut facilities: Vec<RoundFacility> = facilities.into_values().collect();
        facilities.iter_mut().for_each(|facility| facility.residents.sort_by(|a, b| a.room.cmp(&b.room)));
        facilities
    }
}
