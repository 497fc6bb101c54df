//! Who comes to the desk: people of the practice population, and what the desk may expect of each afterwards.

use domain::{Date, Timestamp};
use sync::simulator::{DocumentKind, Person, Population};

/// What a patient does at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// shows an eligibility certificate
    Certificate,
    /// shows card and notice
    CardAndNotice,
    /// shows the card and fills in the declaration
    Declaration,
}

/// A patient and what they do.
#[derive(Clone, Debug)]
pub struct Patient {
    /// who
    pub person: Person,
    /// what they do
    pub plan: Plan,
}

/// The practice population as the practice terminal of this moment has it.
pub fn population() -> Population {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap());
    Population::generate(1, Population::DEFAULT, now.date_in_japan())
}

/// Forty patients of the population: as many of each plan as there can be, the certificate first.
pub fn forty(population: &Population) -> Vec<Patient> {
    let today = population.reference_date();
    let holds = |person: &Person, kind: DocumentKind| {
        let paper = person.holds.first().filter(|paper| paper.kind == kind);
        paper.is_some_and(|paper| paper.valid_to.is_none_or(|to| to >= today))
    };
    let adult = |person: &&Person| person.face.birth_date < Date::literal(2010, 1, 1);
    let people = || population.people().iter().filter(adult);
    let with = |plan: Plan, most: usize, fits: &dyn Fn(&Person) -> bool| -> Vec<Patient> {
        people()
            .filter(|person| fits(person))
            .take(most)
            .map(|person| Patient { person: person.clone(), plan })
            .collect()
    };
    let mut patients = with(Plan::Certificate, 20, &|person| holds(person, DocumentKind::EligibilityCertificate));
    patients.extend(with(Plan::CardAndNotice, 12, &|person| {
        person.card.owned && holds(person, DocumentKind::EligibilityNotice)
    }));
    let taken: Vec<String> = patients.iter().map(|patient| patient.person.key.clone()).collect();
    patients.extend(with(Plan::Declaration, 40 - patients.len(), &|person| {
        person.card.owned && !taken.contains(&person.key)
    }));
    patients
}
