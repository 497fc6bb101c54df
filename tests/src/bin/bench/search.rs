//! Patient search, as staff type it.

use crate::clinic::Clinic;
use crate::invented::{Dice, Invented, person};
use crate::sample::Sample;
use crate::sizes::Sizes;
use crate::table::{Row, Verdict};
use anyhow::ensure;
use domain::kana::kana_key;
use serde_json::json;
use web::port::Desk;

/// What the slowest of a hundred may take, milliseconds.
const BAR_MS: f64 = 10.0;

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// the first letter of the surname in kana: what a search sees while somebody types
    OneLetter,
    /// the first two to four letters of the surname in kana
    KanaPrefix,
    /// surname in kana and birth date
    KanaAndBirthDate,
    /// the given name in kana
    GivenName,
    /// the beginnings of surname and given name in kana
    BothNames,
    /// the surname as written
    Kanji,
    /// the clinic's number
    PatientNumber,
    /// symbol and number of the insurance
    SymbolAndNumber,
    /// somebody who was never here
    Nobody,
}

impl Typed {
    const ALL: [(Typed, &'static str); 9] = [
        (Typed::OneLetter, "one kana letter"),
        (Typed::KanaPrefix, "kana prefix"),
        (Typed::KanaAndBirthDate, "kana and birth date"),
        (Typed::GivenName, "given name"),
        (Typed::BothNames, "surname and given name"),
        (Typed::Kanji, "surname in kanji"),
        (Typed::PatientNumber, "patient number"),
        (Typed::SymbolAndNumber, "symbol and number"),
        (Typed::Nobody, "no hit"),
    ];

    /// The text for one person of the record, as the keyboard gives it.
    pub fn text(self, person: &Invented, dice: &mut Dice) -> String {
        let (surname, given) = (&person.surname_kana, &person.given_kana);
        match self {
            Typed::OneLetter => first(1, surname),
            Typed::KanaPrefix => first(2 + dice.below(3), surname),
            Typed::BothNames => format!("{} {}", first(1 + dice.below(4), surname), first(1 + dice.below(4), given)),
            Typed::KanaAndBirthDate => format!("{} {}", person.surname_kana, person.birth_date),
            Typed::GivenName => person.given_kana.clone(),
            Typed::Kanji => person.surname.clone(),
            Typed::PatientNumber => person.number.clone(),
            Typed::SymbolAndNumber => symbol_and_number(person),
            Typed::Nobody if dice.below(2) == 0 => format!("ヴォ{}", person.surname_kana),
            Typed::Nobody => format!("99-{}", person.number),
        }
    }

    /// Whether a hit is what was asked for.
    fn is_right(self, hit: &web::port::PatientHit, person: &Invented) -> bool {
        let kana = hit.person.name_kana.as_deref().map(kana_key).unwrap_or_default();
        match self {
            Typed::Nobody => false,
            Typed::GivenName => kana.contains(&kana_key(&person.given_kana)),
            Typed::PatientNumber => hit.patient_number.as_deref() == Some(&person.number),
            Typed::OneLetter => true,
            Typed::KanaPrefix => kana.contains(&kana_key(&first(2, &person.surname_kana))),
            Typed::BothNames => kana.contains(&kana_key(&first(1, &person.given_kana))),
            _ => kana.starts_with(&kana_key(&person.surname_kana)) || self == Typed::SymbolAndNumber,
        }
    }
}

fn first(letters: u32, name: &str) -> String {
    name.chars().take(letters as usize).collect()
}

fn symbol_and_number(person: &Invented) -> String {
    let symbol = person.coverage.insured_symbol.as_ref().map_or("", |symbol| symbol.as_str());
    let number = person.coverage.insured_number.as_ref().map_or("", |number| number.as_str());
    format!("{symbol}-{number}")
}

/// So many texts of all kinds in turn, about people spread over the record.
pub fn mixed(patients: u32, count: u32) -> impl Iterator<Item = String> {
    (0..count).map(move |nth| {
        let mut dice = Dice::of(nth);
        let (typed, _) = Typed::ALL[nth as usize % Typed::ALL.len()];
        typed.text(&person(dice.below(patients)), &mut dice)
    })
}

/// Measures every kind of text by itself.
pub fn measure(clinic: &Clinic, sizes: Sizes) -> anyhow::Result<Vec<Row>> {
    for text in mixed(sizes.patients, 16) {
        clinic.desk.search_patients(&text)?;
    }
    Typed::ALL.iter().map(|(typed, name)| one_kind(clinic, *typed, name, sizes)).collect()
}

fn one_kind(clinic: &Clinic, typed: Typed, name: &str, sizes: Sizes) -> anyhow::Result<Row> {
    let mut dice = Dice::of(1_000_000 + typed as u32);
    let (mut sample, mut found) = (Sample::default(), 0);
    for _ in 0..sizes.searches {
        let person = person(dice.below(sizes.patients));
        let text = typed.text(&person, &mut dice);
        let hits = sample.time(|| clinic.desk.search_patients(&text))?;
        ensure!(hits.is_empty() == (typed == Typed::Nobody), "a search by {name} found {} patients", hits.len());
        ensure!(hits.iter().all(|hit| typed.is_right(hit, &person)), "a search by {name} found somebody else");
        found += hits.len();
    }
    let (p50, p99) = (sample.p50_ms(), sample.p99_ms());
    let hits = found as f64 / f64::from(sizes.searches);
    Ok(Row {
        what: format!("Search among {} patients: {name}", sizes.patients),
        measured: format!("p50 {p50:.2} ms, p99 {p99:.2} ms, {hits:.1} hits shown"),
        bar: "p99 ≤ 10 ms",
        verdict: Verdict::of(p99 <= BAR_MS),
        numbers: json!({ "p50_ms": p50, "p99_ms": p99, "max_ms": sample.quantile_ms(1.0), "hits": hits }),
    })
}
