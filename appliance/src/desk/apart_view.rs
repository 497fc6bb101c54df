//! What counters wrote apart, as pages and API show it: both values, who, where and when.

use crate::store::{DocumentId, Reading, Stored};
use crate::vault::Vault;
use domain::Date;
use domain::apart::{Disagreement, Merges, Origin, Says, disagreements};
use domain::fact::{PatientId, VisitId};
use domain::patient::{PatientFact, PatientState};
use domain::visit::{VisitFact, VisitState};
use domain::written::Written;
use web::port::{
    ApartMatter, ApartReport, ApartSide, BoardRow, DAYS_LOOKED_BACK, Disputed, MergedWith, PatientApart, PatientHit,
    Thing, VisitApart,
};

/// Most pairs of visits that are shown, as of patients.
const MOST_PAIRS: usize = 200;

/// For the page of a visit.
pub(super) fn of_visit(vault: &Vault, reading: Reading<'_>, visit: &VisitId, state: &VisitState) -> Stored<VisitApart> {
    let board = state.visit_date().map(|day| reading.board(day)).transpose()?.unwrap_or_default();
    let own = board.iter().find(|row| row.visit == *visit).cloned();
    let doubles = own.as_ref().map(|row| row.doubles.clone()).unwrap_or_default();
    let (goes_on_in, merged_here) = merges_of(&state.merges);
    Ok(VisitApart {
        matters: matters::<VisitFact>(vault, reading, &DocumentId::Visit(visit.clone()))?,
        own,
        doubles: board.into_iter().filter(|row| doubles.contains(&row.visit)).collect(),
        goes_on_in,
        merged_here,
    })
}

/// For the page of a patient.
pub(super) fn of_patient(
    vault: &Vault,
    reading: Reading<'_>,
    patient: &PatientId,
    state: &PatientState,
) -> Stored<PatientApart> {
    let pairs = reading.alike_patients()?;
    let mut doubles = Vec::new();
    for (one, two) in pairs.iter().filter(|(one, two)| one == patient || two == patient) {
        doubles.extend(reading.patient_hit_of(if one == patient { two } else { one })?);
    }
    let (goes_on_in, merged_here) = merges_of(&state.merges);
    let matters = matters::<PatientFact>(vault, reading, &DocumentId::Patient(patient.clone()))?;
    Ok(PatientApart { matters, doubles, goes_on_in, merged_here })
}

/// Everything that needs a look.
pub(super) fn report(vault: &Vault, reading: Reading<'_>, today: Date) -> Stored<ApartReport> {
    let mut disputed = Vec::new();
    for document in reading.disputed_documents()? {
        disputed.extend(dispute(vault, reading, document)?);
    }
    let mut visits = Vec::new();
    for day in reading.days_with_doubles(today.plus_days(-DAYS_LOOKED_BACK))? {
        let left = MOST_PAIRS - visits.len();
        visits.extend(pairs(&reading.board(day)?, left).into_iter().map(|pair| (day, pair)));
        if visits.len() >= MOST_PAIRS {
            break; // the others come up as these are settled
        }
    }
    let mut patients: Vec<[PatientHit; 2]> = Vec::new();
    for (one, two) in reading.alike_patients()? {
        let hits = (reading.patient_hit_of(&one)?, reading.patient_hit_of(&two)?);
        patients.extend(hits.0.zip(hits.1).map(|(one, two)| [one, two]));
    }
    Ok(ApartReport { disputed, visits, patients })
}

/// At most so many pairs of visits that may be one.
fn pairs(rows: &[BoardRow], most: usize) -> Vec<[BoardRow; 2]> {
    let mut found = Vec::new();
    for one in rows.iter().filter(|row| !row.doubles.is_empty()) {
        let others = rows.iter().filter(|two| one.doubles.contains(&two.visit) && two.visit < one.visit);
        found.extend(others.take(most - found.len()).map(|two| [two.clone(), one.clone()]));
    }
    found
}

fn dispute(vault: &Vault, reading: Reading<'_>, document: DocumentId) -> Stored<Option<Disputed>> {
    Ok(match document {
        DocumentId::Visit(visit) => {
            let matters = matters::<VisitFact>(vault, reading, &DocumentId::Visit(visit.clone()))?;
            let (name, day) = (reading.name_of_visit(&visit)?, reading.day_of_visit(&visit)?);
            Some(Disputed { thing: Thing::Visit(visit), name, day, matters })
        }
        DocumentId::Patient(patient) => {
            let matters = matters::<PatientFact>(vault, reading, &DocumentId::Patient(patient.clone()))?;
            let name = reading.patient_hit_of(&patient)?.and_then(|hit| hit.person.name);
            Some(Disputed { thing: Thing::Patient(patient), name, day: None, matters })
        }
        DocumentId::DisasterMode
        | DocumentId::Month(_)
        | DocumentId::Counters
        | DocumentId::Ticket(_)
        | DocumentId::Consent(_)
        | DocumentId::FoundCard(_) => None,
    })
}

fn matters<F: Written + Says>(vault: &Vault, reading: Reading<'_>, document: &DocumentId) -> Stored<Vec<ApartMatter>> {
    let found = disagreements(&reading.told::<F>(document)?);
    found.into_iter().map(|disagreement| matter(vault, reading, disagreement)).collect()
}

fn matter(vault: &Vault, reading: Reading<'_>, disagreement: Disagreement) -> Stored<ApartMatter> {
    let last = disagreement.sides.len().saturating_sub(1);
    let mut sides = Vec::new();
    for (at, side) in disagreement.sides.into_iter().enumerate() {
        let by = reading.name_of_author(&side.by)?.unwrap_or_else(|| side.by.to_string());
        let counter = counter_of(vault, &side.origin);
        let (fact, value, source) = (side.fact, side.value, side.source);
        sides.push(ApartSide { fact, value, source, at: side.at, by, counter, in_force: at == last });
    }
    Ok(ApartMatter { matter: disagreement.matter, sides })
}

/// What the box is called; a box that left the facility has only its id.
fn counter_of(vault: &Vault, origin: &Origin) -> String {
    let membership = vault.membership();
    let member = membership.members().find(|(id, _)| id.to_string() == origin.as_str());
    let name = member.map(|(_, member)| member.name.clone()).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| origin.as_str().chars().take(8).collect())
}

fn merges_of<I: Clone + Ord>(merges: &Merges<I>) -> (Option<MergedWith<I>>, Vec<MergedWith<I>>) {
    let with = |act: &domain::apart::Merge<I>| MergedWith { merge: act.merge.clone(), other: act.other.clone() };
    (merges.merged_into().map(with), merges.merged_here().map(with).collect())
}
