//! Searching patients by what staff type: parts of names in kana or kanji, birth date, patient number, symbol and number, in any
//! order (REQ-01). The cost of a search is bounded, however many patients match.

use super::patients::{MOST, beginning_of_both, behind_both, name_key};
use super::{Reading, Stored};
use domain::era::parse_era_date;
use domain::kana::{fold_width, kana_key, symbol_key};
use rusqlite::params_from_iter;
use std::cmp::Reverse;
use web::port::PatientHit;

/// Most patients that are looked at one by one to find those who came last.
const MOST_RANKED: usize = 100;
/// Most words of a text that are looked at.
const MOST_WORDS: usize = 6;

impl Reading<'_> {
    /// Patients that match every word of a search text, those who came last first. When more match than can be looked at, the first
    /// in the order of their names: one letter more finds the others.
    pub fn search_patients(&self, text: &str) -> Stored<Vec<PatientHit>> {
        let found = self.found(&Typed::of(text))?;
        if found.len() > MOST_RANKED {
            return self.patient_hits(&found[..MOST]);
        }
        let mut hits = self.patient_hits(&found)?;
        hits.sort_by_cached_key(|hit| (Reverse(hit.last_visit), hit.person.name_kana.clone(), hit.patient.clone()));
        hits.truncate(MOST);
        Ok(hits)
    }

    /// Patients that match, in the order of their keys; one more than can be ranked when there are more.
    fn found(&self, typed: &Typed) -> Stored<Vec<String>> {
        let mut found = Vec::new();
        for attempt in typed.attempts() {
            // Surname and given name the other way round are tried only when nobody bears them this way.
            if attempt.only_if_nobody && !found.is_empty() {
                break;
            }
            let mut statement = self.connection.prepare_cached(&attempt.sql)?;
            let mut rows = statement.query(params_from_iter(&attempt.parameters))?;
            while found.len() <= MOST_RANKED
                && let Some(row) = rows.next()?
            {
                let patient: String = row.get(0)?;
                if !found.contains(&patient) {
                    found.push(patient);
                }
            }
        }
        Ok(found)
    }

    fn patient_hits(&self, patients: &[String]) -> Stored<Vec<PatientHit>> {
        patients.iter().filter_map(|patient| self.patient_hit(patient).transpose()).collect()
    }
}

/// The words of a text.
struct Typed {
    /// for each date or number, the keys it may stand for
    exact: Vec<Vec<String>>,
    /// parts of names
    names: Vec<String>,
}

impl Typed {
    fn of(text: &str) -> Typed {
        let mut typed = Typed { exact: Vec::new(), names: Vec::new() };
        for word in fold_width(text).split_whitespace().take(MOST_WORDS) {
            match exact_keys(word) {
                keys if keys.is_empty() => typed.names.push(word.to_owned()),
                keys => typed.exact.push(keys),
            }
        }
        typed
    }

    /// What to look through, one after the other.
    fn attempts(&self) -> Vec<Attempt> {
        match (self.exact.as_slice(), self.names.as_slice()) {
            ([], []) => Vec::new(),
            ([], [name]) => KINDS.map(|kind| Attempt::name(kind, name)).into(),
            ([], [first, .., last]) => {
                let (others, before) = (self.names[1..].concat(), self.names[..self.names.len() - 1].concat());
                let usual = KINDS.map(|kind| Attempt::both(kind, first, &others));
                let turned = KINDS.map(|kind| Attempt { only_if_nobody: true, ..Attempt::both(kind, last, &before) });
                usual.into_iter().chain(turned).collect()
            }
            ([narrow, ..], _) => narrow.iter().map(|key| self.beside(key)).collect(),
        }
    }

    /// The few patients with an exact key, each of whom is asked for the other words.
    fn beside(&self, key: &str) -> Attempt {
        let mut attempt = Attempt::between(key.to_owned(), format!("{key}\0"));
        for keys in &self.exact[1..] {
            attempt.and_has(keys.iter().map(|key| (key.clone(), format!("{key}\0"))));
        }
        for name in &self.names {
            attempt.and_has(KINDS.iter().map(|kind| kind.beginning_with(name)));
        }
        attempt
    }
}

/// A date is what reads as one; everything else with a digit is a number. Seven or eight digits may be either.
fn exact_keys(word: &str) -> Vec<String> {
    let mut keys: Vec<String> = parse_era_date(word).into_iter().map(|parsed| format!("b:{}", parsed.date)).collect();
    let folded = symbol_key(word);
    if folded.chars().any(|c| c.is_ascii_digit()) {
        keys.extend([format!("p:{folded}"), format!("m:{folded}")]);
        keys.extend(folded.split_once('-').map(|(symbol, number)| format!("m:{symbol}:{number}")));
    }
    keys
}

/// A kind of name, and how it is folded into keys.
#[derive(Clone, Copy)]
struct Kind(&'static str, fn(&str) -> String);

const KINDS: [Kind; 2] = [Kind("k", kana_key), Kind("n", name_key)];

impl Kind {
    fn beginning_with(self, name: &str) -> (String, String) {
        let from = format!("{}:{}", self.0, (self.1)(name));
        let to = format!("{from}\u{10FFFF}");
        (from, to)
    }
}

/// One stretch of keys to look through, with conditions.
struct Attempt {
    sql: String,
    parameters: Vec<String>,
    only_if_nobody: bool,
}

impl Attempt {
    /// Keys from the first up to, not including, the second.
    fn between(from: String, to: String) -> Attempt {
        let sql = "SELECT c.patient FROM patient_key c WHERE c.key >= ?1 AND c.key < ?2".to_owned();
        Attempt { sql, parameters: vec![from, to], only_if_nobody: false }
    }

    /// Names that begin so, the given one alone too.
    fn name(kind: Kind, beginning: &str) -> Attempt {
        let (from, to) = kind.beginning_with(beginning);
        Attempt::between(from, to)
    }

    /// Names that begin so, and whose given part begins so.
    fn both(Kind(kind, fold): Kind, beginning: &str, given: &str) -> Attempt {
        let (beginning, given) = (fold(beginning), fold(given));
        let from = beginning_of_both(kind, &beginning, &given);
        let mut attempt = Attempt::between(from.clone(), format!("{from}\u{10FFFF}"));
        attempt.sql += " AND instr(c.key, ?3) > 0";
        attempt.parameters.push(behind_both(&given));
        attempt
    }

    /// And the patient also has a key in one of these stretches.
    fn and_has(&mut self, stretches: impl Iterator<Item = (String, String)>) {
        let mut one = |(from, to): (String, String)| {
            self.parameters.extend([from, to]);
            format!("o.key >= ?{} AND o.key < ?{}", self.parameters.len() - 1, self.parameters.len())
        };
        let any: Vec<String> = stretches.map(&mut one).collect();
        self.sql += &format!(
            " AND EXISTS (SELECT 1 FROM patient_key o WHERE o.patient = c.patient AND ({}))",
            any.join(" OR ")
        );
    }
}
