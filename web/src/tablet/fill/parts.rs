//! What stands on the page of a question: lines to type into, large choices, boxes to tick.

use super::check::Complaint;
use crate::form::fields::*;
use crate::form::{Field, Typed};
use crate::port::TabletForm;
use crate::tablet::ruby::html;
use crate::tablet::step;
use crate::tablet::tongue::Tongue;
use crate::tablet::words::TabletWords;
use crate::tablet::{RATIO_UNKNOWN, Step};
use domain::Date;
use domain::age::{AgeRatio, age_ratio};
use domain::era::{Era, EraDate};

/// The three parts of a birth date.
pub const YEAR: &str = "birth_year";
pub const MONTH: &str = "birth_month";
pub const DAY: &str = "birth_day";
/// The oldest age that can be chosen.
const OLDEST: i16 = 120;

/// A part of a page. Labels are HTML.
pub enum Part {
    Line(Line),
    Choice { name: &'static str, offers: Vec<Offer>, in_columns: bool, is_wrong: bool },
    Birth { lists: Vec<List>, is_wrong: bool },
    Tick { name: &'static str, label: String, is_ticked: bool },
    Note(String),
}

/// A line to type into.
pub struct Line {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub max: usize,
    pub mode: &'static str,
    pub is_optional: bool,
    pub is_wrong: bool,
}

/// One large choice.
pub struct Offer {
    pub value: &'static str,
    pub label: String,
    pub is_chosen: bool,
}

/// One of the three lists of a birth date.
pub struct List {
    pub name: &'static str,
    pub label: String,
    /// value, words, chosen
    pub options: Vec<(String, String, bool)>,
}

/// What a page holds. `day` is the day of the visit, which decides the share.
pub fn parts(
    at: Step,
    w: &'static TabletWords,
    form: &TabletForm,
    typed: &Typed,
    complaints: &[Complaint],
    today: Date,
    day: Date,
) -> Vec<Part> {
    let make = Make { w, typed, complaints };
    match at {
        Step::Name => vec![make.line(&NAME, w.name, "text", false), make.line(&NAME_KANA, w.kana, "text", true)],
        Step::Birth => vec![make.birth(step::tongue(form), today)],
        Step::Sex => vec![make.choice(&SEX, &[("1", w.male), ("2", w.female), ("3", w.sex_not_set)], true)],
        Step::Kind => {
            let kinds = [
                ("employee", w.kind_employee),
                ("kokuho", w.kind_kokuho),
                ("late_elderly", w.kind_late_elderly),
                ("other", w.kind_other),
                ("unknown", w.dont_know),
            ];
            vec![make.choice(&INSURANCE_KIND, &kinds, false)]
        }
        Step::Insurer => {
            let workplace = (step::answer(form, INSURANCE_KIND.name) == "employee")
                .then(|| make.line(&WORKPLACE, w.workplace, "text", true));
            workplace.into_iter().chain([make.line(&INSURER_NAME, w.insurer, "text", true)]).collect()
        }
        Step::Papers => {
            let issued = [("yes", w.issued_yes), ("no", w.issued_no), ("not_yet_arrived", w.issued_not_yet)];
            vec![
                make.choice(&DOCUMENT_ISSUED, &issued, true),
                make.line(&ISSUED_WHEN, w.issued_when, "text", true),
                make.line(&REMEMBERED_SYMBOL, w.symbol, "text", true),
                make.line(&REMEMBERED_NUMBER, w.number, "text", true),
            ]
        }
        Step::Address => {
            vec![make.line(&POSTAL_CODE, w.postal, "numeric", true), make.line(&ADDRESS, w.address, "text", true)]
        }
        Step::Phone => vec![
            make.line(&PHONE, w.phone, "tel", true),
            make.line(&OTHER_CONTACT, w.other_contact, "text", true),
            make.tick(&CONSENT_CONTACT, w.consent_contact),
            make.tick(&CONSENT_REQUERY, w.consent_requery),
        ],
        Step::Ratio => make.ratio(form, day),
        Step::Signer => {
            let signers =
                [("patient", w.signer_patient), ("guardian", w.signer_guardian), ("companion", w.signer_companion)];
            vec![
                make.choice(&SIGNER, &signers, true),
                make.line(&SIGNER_NAME, w.signer_name, "text", true),
                make.line(&RELATION, w.relation, "text", true),
            ]
        }
        Step::Intro => [w.intro, w.gaps_ok].map(|words| Part::Note(html(words))).into(),
        Step::Language | Step::Review | Step::Sign => Vec::new(),
    }
}

struct Make<'a> {
    w: &'static TabletWords,
    typed: &'a Typed,
    complaints: &'a [Complaint],
}

impl Make<'_> {
    fn is_wrong(&self, field: &Field) -> bool {
        self.complaints.iter().any(|complaint| complaint.field == field.name)
    }

    fn line(&self, field: &Field, label: &str, mode: &'static str, is_optional: bool) -> Part {
        Part::Line(Line {
            name: field.name,
            label: html(label),
            value: self.typed.value(field.name).to_owned(),
            max: field.max,
            mode,
            is_optional,
            is_wrong: self.is_wrong(field),
        })
    }

    fn choice(&self, field: &Field, offers: &[(&'static str, &str)], in_columns: bool) -> Part {
        let chosen = self.typed.value(field.name);
        let offer =
            |(value, label): &(&'static str, &str)| Offer { value, label: html(label), is_chosen: chosen == *value };
        let offers = offers.iter().map(offer).collect();
        Part::Choice { name: field.name, offers, in_columns, is_wrong: self.is_wrong(field) }
    }

    fn tick(&self, field: &Field, label: &str) -> Part {
        Part::Tick { name: field.name, label: html(label), is_ticked: self.typed.is_ticked(field.name) }
    }

    /// Year, month and day; a year with its Japanese name where it has one.
    fn birth(&self, tongue: Tongue, today: Date) -> Part {
        let known = Date::parse(self.typed.value(BIRTH_DATE.name));
        let typed = |name: &str, known: Option<String>| match self.typed.value(name) {
            "" => known.unwrap_or_default(),
            typed => typed.to_owned(),
        };
        let year = typed(YEAR, known.map(|date| date.year().to_string()));
        let month = typed(MONTH, known.map(|date| date.month().to_string()));
        let day = typed(DAY, known.map(|date| date.day().to_string()));
        let years = (today.year() - OLDEST..=today.year()).rev().map(|number| {
            let value = number.to_string();
            let words =
                if tongue.is_japanese() { format!("{number}（{}）", era_years(number)) } else { value.clone() };
            let is_chosen = value == year;
            (value, words, is_chosen)
        });
        let numbers = |most: u8, chosen: &str| -> Vec<(String, String, bool)> {
            let option = |number: u8| (number.to_string(), number.to_string(), number.to_string() == chosen);
            (1..=most).map(option).collect()
        };
        let list = |name, label: &str, options| List { name, label: html(label), options };
        Part::Birth {
            lists: vec![
                list(YEAR, self.w.year, years.collect()),
                list(MONTH, self.w.month, numbers(12, &month)),
                list(DAY, self.w.day, numbers(31, &day)),
            ],
            is_wrong: self.is_wrong(&BIRTH_DATE),
        }
    }

    /// The share worked out from the age, chosen already; from 70 on the patient chooses, or does not know.
    fn ratio(&self, form: &TabletForm, day: Date) -> Vec<Part> {
        let w = self.w;
        let birth = Date::parse(step::answer(form, BIRTH_DATE.name));
        let by_age = birth.map(|birth| age_ratio(birth, day));
        let words = |tenths: u8| match tenths {
            1 => w.ratio_1,
            2 => w.ratio_2,
            _ => w.ratio_3,
        };
        let (offered, known): (&[u8], Option<u8>) = match by_age {
            Some(AgeRatio::Known(tenths)) => (&[3, 2, 1], Some(tenths)),
            Some(AgeRatio::NeedsDocument { choices }) => (choices, None),
            None => (&[3, 2, 1], None),
        };
        let chosen = match self.typed.value(RATIO.name) {
            "" => known.map(|tenths| tenths.to_string()).unwrap_or_default(),
            typed => typed.to_owned(),
        };
        let codes = |tenths: u8| match tenths {
            1 => "1",
            2 => "2",
            _ => "3",
        };
        let mut tenths = offered.to_vec();
        tenths.sort_unstable_by(|one, other| other.cmp(one));
        let offers = tenths.iter().map(|tenths| (codes(*tenths), words(*tenths))).chain([(RATIO_UNKNOWN, w.dont_know)]);
        let offers =
            offers.map(|(value, label)| Offer { value, label: html(label), is_chosen: value == chosen }).collect();
        let choice = Part::Choice { name: RATIO.name, offers, in_columns: true, is_wrong: self.is_wrong(&RATIO) };
        let note = known
            .map(|tenths| Part::Note(format!("{} <strong>{}</strong>", html(w.ratio_by_age), html(words(tenths)))));
        note.into_iter().chain([choice]).collect()
    }
}

/// What a year is called in Japan: in a year with two names, both.
fn era_years(year: i16) -> String {
    let name = |day: Date| EraDate::of(day).map(|date| format!("{}{}", date.era.kanji(), date.year_text()));
    let (first, last) = (Date::new(year, 1, 1), Date::new(year, 12, 31));
    let before = first.and_then(|day| Era::of(day).and(name(day)));
    let after = last.and_then(|day| Era::of(day).and(name(day)));
    match (before, after) {
        (Some(before), Some(after)) if before != after => format!("{before}・{after}"),
        (Some(before), _) => before,
        (None, after) => after.unwrap_or_default(),
    }
}
