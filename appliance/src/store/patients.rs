//! Finding patients: by kana and birth date, name, patient number, symbol and number (REQ-01).

use super::{Reading, Stored};
use domain::Date;
use domain::coverage::{Coverage, Sex};
use domain::eligibility::PersonFace;
use domain::era::parse_era_date;
use domain::fact::PatientId;
use domain::kana::{fold_variants, kana_key, symbol_key};
use domain::patient::PatientState;
use rusqlite::{Row, ToSql, params_from_iter};
use web::port::PatientHit;

/// Most results of one search.
const MOST: usize = 50;

/// Keys under which a patient is found.
pub(super) fn keys_of(state: &PatientState) -> Vec<String> {
    let person = &state.person;
    let mut keys = Vec::new();
    if let Some(kana) = &person.name_kana {
        keys.push(format!("k:{}", kana_key(kana)));
        keys.extend(given_part(kana).map(|given| format!("k:{}", kana_key(&given))));
    }
    for name in [person.name.as_deref(), state.corrected.as_ref().map(|c| c.corrected.as_str())].into_iter().flatten() {
        keys.push(format!("n:{}", name_key(name)));
    }
    keys.extend(person.birth_date.map(|day| format!("b:{day}")));
    keys.extend(state.patient_number.as_ref().map(|number| format!("p:{}", symbol_key(number))));
    keys.extend(state.coverages.iter().flat_map(|learned| coverage_keys(&learned.coverage)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn given_part(kana: &str) -> Option<String> {
    let folded = domain::kana::fold_width(kana);
    folded.trim().split_once(' ').map(|(_, given)| given.trim().to_owned()).filter(|given| !given.is_empty())
}

fn name_key(name: &str) -> String {
    fold_variants(&domain::kana::fold_width(name)).split_whitespace().collect()
}

fn coverage_keys(coverage: &Coverage) -> Vec<String> {
    let Some(number) = coverage.insured_number.as_ref().map(|n| symbol_key(n.as_str())) else { return Vec::new() };
    let symbol = coverage.insured_symbol.as_ref().map(|s| symbol_key(s.as_str())).unwrap_or_default();
    let insurer = coverage.insurer_number.as_ref().map(|n| format!("i:{}:{number}", n.as_str()));
    insurer.into_iter().chain([format!("m:{symbol}:{number}"), format!("m:{number}")]).collect()
}

/// One word of a search and the keys it may stand for; a prefix matches everything that begins with it.
enum Wanted {
    Exactly(Vec<String>),
    Prefix(Vec<String>),
}

fn wanted(word: &str) -> Wanted {
    if let Ok(parsed) = parse_era_date(word) {
        return Wanted::Exactly(vec![format!("b:{}", parsed.date)]);
    }
    let folded = symbol_key(word);
    if folded.chars().any(|c| c.is_ascii_digit()) {
        let mut exact = vec![format!("p:{folded}"), format!("m:{folded}")];
        exact.extend(folded.split_once('-').map(|(symbol, number)| format!("m:{symbol}:{number}")));
        return Wanted::Exactly(exact);
    }
    Wanted::Prefix(vec![format!("k:{}", kana_key(word)), format!("n:{}", name_key(word))])
}

impl Wanted {
    /// A sub-select of patients, and its parameters.
    fn sql(&self, parameters: &mut Vec<String>) -> String {
        let one = |condition: String| format!("SELECT patient FROM patient_key WHERE {condition}");
        let selects: Vec<String> = match self {
            Wanted::Exactly(keys) => keys
                .iter()
                .map(|key| {
                    parameters.push(key.clone());
                    one(format!("key = ?{}", parameters.len()))
                })
                .collect(),
            Wanted::Prefix(keys) => keys
                .iter()
                .map(|key| {
                    parameters.push(key.clone());
                    parameters.push(format!("{key}\u{10FFFF}"));
                    one(format!("key >= ?{} AND key < ?{}", parameters.len() - 1, parameters.len()))
                })
                .collect(),
        };
        format!("SELECT patient FROM ({})", selects.join(" UNION "))
    }
}

const HIT: &str = "SELECT p.patient, p.patient_number, p.name, p.name_kana, p.birth_date, p.sex, p.address, p.insurer_name, \
    p.confirmed_on, p.care_note, (SELECT max(v.visit_date) FROM visit_row v WHERE v.patient = p.patient) AS last_visit \
    FROM patient_row p";

impl Reading<'_> {
    /// Patients that match every word of a search text.
    pub fn search_patients(&self, text: &str) -> Stored<Vec<PatientHit>> {
        let words: Vec<Wanted> = words_of(text).iter().map(|word| wanted(word)).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut parameters = Vec::new();
        let conditions: Vec<String> =
            words.iter().map(|word| format!("p.patient IN ({})", word.sql(&mut parameters))).collect();
        let sql = format!(
            "{HIT} WHERE {} ORDER BY last_visit DESC, p.name_kana, p.patient LIMIT {MOST}",
            conditions.join(" AND ")
        );
        self.hits(&sql, params_from_iter(parameters.iter().map(|p| p as &dyn ToSql)))
    }

    /// Patients whose kana and birth date agree exactly, whatever the spelling; and whose sex does not contradict.
    pub fn same_person(&self, person: &PersonFace) -> Stored<Vec<PatientHit>> {
        let (Some(kana), Some(birth)) = (&person.name_kana, person.birth_date) else { return Ok(Vec::new()) };
        let sql = format!(
            "{HIT} WHERE p.patient IN (SELECT patient FROM patient_key WHERE key = ?1) \
             AND p.patient IN (SELECT patient FROM patient_key WHERE key = ?2) LIMIT {MOST}"
        );
        let keys = [format!("k:{}", kana_key(kana)), format!("b:{birth}")];
        let hits = self.hits(&sql, params_from_iter(keys.iter()))?;
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

    fn patients_by_key(&self, key: &str) -> Stored<Vec<PatientHit>> {
        let sql = format!("{HIT} WHERE p.patient IN (SELECT patient FROM patient_key WHERE key = ?1) LIMIT {MOST}");
        self.hits(&sql, [key])
    }

    pub(super) fn keys_of_patient(&self, patient: &PatientId) -> Stored<Vec<String>> {
        let mut statement = self.connection.prepare_cached("SELECT key FROM patient_key WHERE patient = ?1")?;
        let keys = statement.query_map([patient.as_str()], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    fn hits(&self, sql: &str, parameters: impl rusqlite::Params) -> Stored<Vec<PatientHit>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let hits = statement.query_map(parameters, hit_of)?;
        Ok(hits.collect::<Result<_, _>>()?)
    }
}

/// Splits at white space. Two kana words are joined when they are one name: the key has no spaces anyway, so each word is a
/// prefix of the family name, or the beginning of the given name.
fn words_of(text: &str) -> Vec<String> {
    domain::kana::fold_width(text).split_whitespace().take(6).map(str::to_owned).collect()
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
