//! The round of a facility: its residents, as earlier rounds tell them (REQ-54).

use crate::store::{DocumentId, Reading, RoundVisit, Stored};
use domain::Date;
use domain::fact::{PatientId, in_order};
use domain::patient::{PatientFact, PatientState};
use domain::round::facility_and_room;
use domain::visit::VisitFact;
use std::collections::{BTreeMap, HashMap, HashSet};
use web::port::{Resident, RoundFacility};

/// Who was not received there for so long does not stand in the list any more: whoever moved away leaves it by itself.
const LISTED_DAYS: i32 = 400;

/// Every facility with its residents; each of them at the place of the latest round.
pub(super) fn facilities(reading: Reading<'_>, today: Date) -> Stored<Vec<RoundFacility>> {
    let visits = reading.round_visits(today.plus_days(-LISTED_DAYS))?;
    let mut here_today: HashMap<&PatientId, &RoundVisit> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.day == today) {
        here_today.entry(&visit.patient).or_insert(visit);
    }
    let (mut listed, mut facilities) = (HashSet::new(), BTreeMap::<&str, RoundFacility>::new());
    for visit in &visits {
        let (name, room) = facility_and_room(&visit.place);
        if !listed.insert(&visit.patient) {
            continue;
        }
        let Some(patient) = reading.patient_hit_of(&visit.patient)? else { continue };
        let state = PatientState::fold(reading.facts::<PatientFact>(&DocumentId::Patient(visit.patient.clone()))?);
        let resident = Resident {
            patient,
            room: room.to_owned(),
            certificate_until: state.certificate_until(),
            card_until: state.certificate_expiry,
            today: here_today.get(&visit.patient).map(|visit| (visit.visit.clone(), visit.status)),
        };
        match facilities.get_mut(name) {
            Some(facility) => facility.residents.push(resident),
            None => {
                let last_helper = helper_of(reading, visit)?;
                let facility = RoundFacility { name: name.to_owned(), last_helper, residents: vec![resident] };
                facilities.insert(name, facility);
            }
        }
    }
    let mut facilities: Vec<RoundFacility> = facilities.into_values().collect();
    for facility in &mut facilities {
        facility.residents.sort_by(|one, other| place_in_round(one).cmp(&place_in_round(other)));
    }
    Ok(facilities)
}

/// By room, shorter numbers first, so that 9 comes before 10; then by name.
fn place_in_round(resident: &Resident) -> (usize, &str, Option<&str>, &PatientId) {
    let patient = &resident.patient;
    (resident.room.chars().count(), resident.room.as_str(), patient.person.name_kana.as_deref(), &patient.patient)
}

/// Who answered at a visit.
fn helper_of(reading: Reading<'_>, visit: &RoundVisit) -> Stored<Option<String>> {
    let mut facts = reading.facts::<VisitFact>(&DocumentId::Visit(visit.visit.clone()))?;
    in_order(&mut facts);
    Ok(facts.into_iter().rev().find_map(|recorded| match recorded.fact {
        VisitFact::CompanionCame(came) => came.name,
        _ => None,
    }))
}
