//! Finding patients: by kana and birth date, name, patient number, symbol and number (REQ-01).

use super::{Reading, Stored};
use domain::Date;
use domain::coverage::{Coverage, Sex};
use domain::eligibility::PersonFace;
use domain::fact::PatientId;
use domain::kana::{fold_variants, kana_key, symbol_key};
use domain::patient::PatientState;
use rusqlite::{OptionalExtension, Row};
use web::port::PatientHit;

/// Most results of one lookup.
pub(super) const MOST: usize = 50;

/// Stands in the key of both names before the given one.
const GIVEN: char = '\u{1}';

/// Keys under which a patient is found.
pub(super) fn keys_of(state: &PatientState) -> Vec<String> {
    let person = &state.person;
    let mut keys = Vec::new();
    if let Some(kana) = &person.name_kana {
        keys.extend(name_keys("k", kana, kana_key));
    }
    for name in [person.name.as_deref(), state.corrected.as_ref().map(|c| c.corrected.as_str())].into_iter().flatten() {
        keys.extend(name_keys("n", name, name_key));
    }
    keys.extend(person.birth_date.map(|day| format!("b:{day}")));
    keys.extend(state.patient_number.as_ref().map(|number| format!("p:{}", symbol_key(number))));
    keys.extend(state.other_numbers.iter().map(|number| format!("p:{}", symbol_key(number))));
    keys.extend(state.card_tokens.iter().map(super::recognition::card_key));
    keys.extend(state.coverages.iter().flat_map(|learned| coverage_keys(&learned.coverage)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether two states of a patient have the same keys, without making them: most visits change none.
pub(super) fn found_alike(one: &PatientState, other: &PatientState) -> bool {
    one.person == other.person
        && one.corrected == other.corrected
        && one.patient_number == other.patient_number
        && one.other_numbers == other.other_numbers
        && one.card_tokens == other.card_tokens
        && one.coverages == other.coverages
}

/// The whole name, its given part by itself, and both.
fn name_keys(kind: &str, name: &str, fold: fn(&str) -> String) -> Vec<String> {
    let whole = fold(name);
    let mut keys = vec![format!("{kind}:{whole}")];
    if let Some(given) = given_part(name).map(|given| fold(&given)).filter(|given| !given.is_empty()) {
        keys.push(format!("{}{}", beginning_of_both(kind, &whole, &given), behind_both(&given)));
        keys.push(format!("{kind}:{given}"));
    }
    keys
}

/// How the key of both names begins when the whole name begins so and the given part so. The first letters of both stand in front: a
/// clinic has thousands of people whose surname begins with サ, and few of them have a given name with ハ.
pub(super) fn beginning_of_both(kind: &str, whole: &str, given: &str) -> String {
    let initials = whole.chars().take(1).chain(given.chars().take(1));
    format!("{kind}2:{}{whole}", initials.collect::<String>())
}

/// What stands in the key of both names where the given part begins so.
pub(super) fn behind_both(given: &str) -> String {
    format!("{GIVEN}{given}")
}

fn given_part(name: &str) -> Option<String> {
    domain::kana::fold_width(name).trim().split_once(' ').map(|(_, given)| given.to_owned())
}

pub(super) fn name_key(name: &str) -> String {
    fold_variants(&domain::kana::fold_width(name)).split_whitespace().collect()
}

fn coverage_keys(coverage: &Coverage) -> Vec<String> {
    let Some(number) = coverage.insured_number.as_ref().map(|n| symbol_key(n.as_str())) else { return Vec::new() };
    let symbol = coverage.insured_symbol.as_ref().map(|s| symbol_key(s.as_str())).unwrap_or_default();
    let insurer = coverage.insurer_number.as_ref().map(|n| format!("i:{}:{number}", n.as_str()));
    insurer.into_iter().chain([format!("m:{symbol}:{number}"), format!("m:{number}")]).collect()
}

const HIT: &str = "SELECT p.patient, p.patient_number, p.name, p.name_kana, p.birth_date, p.sex, p.address, p.insurer_name, \
    p.confirmed_on, p.care_note, (SELECT max(v.visit_date) FROM visit_row v WHERE v.patient = p.patient) AS last_visit \
    FROM patient_row p";

impl Reading<'_> {
    pub(super) fn patient_hit(&self, patient: &str) -> Stored<Option<PatientHit>> {
        let mut statement = self.connection.prepare_cached(&format!("{HIT} WHERE p.patient = ?1"))?;
        Ok(statement.query_row([patient], hit_of).optional()?)
    }

    /// Patients whose kana and birth date agree exactly, whatever the spelling; and whose sex does not contradict.
    pub fn same_person(&self, person: &PersonFace) -> Stored<Vec<PatientHit>> {
        let (Some(kana), Some(birth)) = (&person.name_kana, person.birth_date) else { return Ok(Vec::new()) };
        let sql = format!(
            "{HIT} WHERE p.patient IN (SELECT patient FROM patient_key WHERE key = ?1) \
             AND p.patient IN (SELECT patient FROM patient_key WHERE key = ?2) LIMIT {MOST}"
        );
        let hits = self.hits(&sql, [format!("b:{birth}"), format!("k:{}", kana_key(kana))])?;
        let contradicts = |hit: &PatientHit| matches!((hit.person.sex, person.sex), (Some(a), Some(b)) if a != b && a != Sex::NotSet && b != Sex::NotSet);
        Ok(hits.into_iter().filter(|hit| !contradicts(hit)).collect())
    }

    /// Patients with this insurer and number.
    pub fn patients_by_coverage(&self, coverage: &Coverage) -> Stored<Vec<PatientHit>> {
        match coverage_keys(coverage).first() {
            Some(key) => self.patients_by_key(key),
            None => Ok(Vec::new()),
        }
    }

    /// Patients with this number of the clinic.
    pub fn patients_by_number(&self, patient_number: &str) -> Stored<Vec<PatientHit>> {
        self.patients_by_key(&format!("p:{}", symbol_key(patient_number)))
    }

    pub(super) fn patients_by_key(&self, key: &str) -> Stored<Vec<PatientHit>> {
        let sql = format!("{HIT} WHERE p.patient IN (SELECT patient FROM patient_key WHERE key = ?1) LIMIT {MOST}");
        self.hits(&sql, [key])
    }

    fn hits(&self, sql: &str, parameters: impl rusqlite::Params) -> Stored<Vec<PatientHit>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let hits = statement.query_map(parameters, hit_of)?;
        Ok(hits.collect::<Result<_, _>>()?)
    }
}

fn hit_of(row: &Row<'_>) -> rusqlite::Result<PatientHit> {
    let date = |column: &str| -> rusqlite::Result<Option<Date>> {
        Ok(row.get::<_, Option<String>>(column)?.as_deref().and_then(Date::parse))
    };
    Ok(PatientHit {
        patient: PatientId::new(row.get::<_, String>("patient")?),
        patient_number: row.get("patient_number")?,
        person: PersonFace {
            name: row.get("name")?,
            name_kana: row.get("name_kana")?,
            birth_date: date("birth_date")?,
            sex: row.get::<_, Option<String>>("sex")?.as_deref().and_then(Sex::from_code),
            address: row.get("address")?,
        },
        insurer_name: row.get("insurer_name")?,
        confirmed_on: date("confirmed_on")?,
        last_visit: date("last_visit")?,
        care_note: row.get("care_note")?,
    })
}
