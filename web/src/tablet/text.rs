//! The text a patient sees and signs, line by line.

use super::ruby::plain;
use super::step::{self, RATIO_UNKNOWN, Step};
use super::tongue::Tongue;
use super::words::TabletWords;
use crate::form::fields::*;
use crate::pages::declaration::reading::TextSeen;
use crate::port::TabletForm;
use domain::Date;
use domain::era::kanji_form;

/// Which text it is; counts up whenever a word changes in any language.
const TEXT_VERSION: &str = "uketsuke-tablet-1";

/// An answer as it is shown.
pub struct Answered {
    /// where it is changed
    pub step: Step,
    /// with readings
    pub label: &'static str,
    /// with readings; empty = nothing was answered
    pub value: String,
}

/// Every answer, in the order of the pages.
pub fn answers(form: &TabletForm) -> Vec<Answered> {
    let tongue = step::tongue(form);
    let w = TabletWords::of(tongue);
    let rows = [
        (&NAME, w.name),
        (&NAME_KANA, w.kana),
        (&BIRTH_DATE, w.birth_title),
        (&SEX, w.sex_title),
        (&INSURANCE_KIND, w.kind_title),
        (&WORKPLACE, w.workplace),
        (&INSURER_NAME, w.insurer),
        (&DOCUMENT_ISSUED, w.papers_title),
        (&ISSUED_WHEN, w.issued_when),
        (&REMEMBERED_SYMBOL, w.symbol),
        (&REMEMBERED_NUMBER, w.number),
        (&POSTAL_CODE, w.postal),
        (&ADDRESS, w.address),
        (&PHONE, w.phone),
        (&OTHER_CONTACT, w.other_contact),
        (&CONSENT_CONTACT, w.consent_contact),
        (&CONSENT_REQUERY, w.consent_requery),
        (&RATIO, w.ratio_title),
        (&SIGNER, w.signer_title),
        (&SIGNER_NAME, w.signer_name),
        (&RELATION, w.relation),
    ];
    let pages = step::pages(form);
    let row = |(field, label): (&crate::form::Field, &'static str)| {
        let step = Step::of_field(field.name).filter(|step| pages.contains(step))?;
        Some(Answered { step, label, value: value(form, tongue, w, field.name) })
    };
    rows.into_iter().filter_map(|(field, label)| row((field, label))).filter(is_shown).collect()
}

/// What nobody asked for is not shown as left open.
fn is_shown(row: &Answered) -> bool {
    !row.value.is_empty() || !matches!(row.step, Step::Insurer | Step::Papers | Step::Signer)
}

fn value(form: &TabletForm, tongue: Tongue, w: &'static TabletWords, name: &str) -> String {
    let answer = step::answer(form, name);
    let words = match (name, answer) {
        ("birth_date", text) => return Date::parse(text).map(|day| shown(tongue, day)).unwrap_or_default(),
        ("consent_contact" | "consent_requery", "") => w.no,
        ("consent_contact" | "consent_requery", _) => w.yes,
        ("sex", "1") => w.male,
        ("sex", "2") => w.female,
        ("sex", "3") => w.sex_not_set,
        ("insurance_kind", "employee") => w.kind_employee,
        ("insurance_kind", "kokuho") => w.kind_kokuho,
        ("insurance_kind", "late_elderly") => w.kind_late_elderly,
        ("insurance_kind", "other") => w.kind_other,
        ("insurance_kind", "unknown") | ("ratio", RATIO_UNKNOWN) => w.dont_know,
        ("document_issued", "yes") => w.issued_yes,
        ("document_issued", "no") => w.issued_no,
        ("document_issued", "not_yet_arrived") => w.issued_not_yet,
        ("ratio", "1") => w.ratio_1,
        ("ratio", "2") => w.ratio_2,
        ("ratio", "3") => w.ratio_3,
        ("signer", "patient") => w.signer_patient,
        ("signer", "guardian") => w.signer_guardian,
        ("signer", "companion") => w.signer_companion,
        _ => return answer.replace(['{', '}', '|'], " "),
    };
    words.to_owned()
}

/// A day as people of a language write it.
fn shown(tongue: Tongue, day: Date) -> String {
    let (year, month, number) = (day.year(), day.month(), day.day());
    match tongue {
        Tongue::Japanese | Tongue::Easy => format!("{}（{year}{{年|ねん}}）", kanji_form(day)),
        Tongue::English => day.to_string(),
        Tongue::Chinese => format!("{year}年{month}月{number}日"),
        Tongue::Korean => format!("{year}년 {month}월 {number}일"),
        Tongue::Vietnamese | Tongue::Portuguese => format!("{number:02}/{month:02}/{year}"),
    }
}

/// The whole text above the signature, as it is hashed with it.
pub fn seen(form: &TabletForm) -> TextSeen {
    let tongue = step::tongue(form);
    let w = TabletWords::of(tongue);
    let fixed = [w.intro_title, w.intro, w.gaps_ok, w.review_title].map(plain);
    let answers = answers(form).into_iter().map(|row| format!("{}: {}", plain(row.label), plain(&row.value)));
    let lines = fixed.into_iter().chain(answers).chain([plain(w.statement)]).collect();
    TextSeen { version: format!("{TEXT_VERSION}-{}", tongue.code()), lines }
}
