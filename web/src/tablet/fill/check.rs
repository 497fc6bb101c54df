//! What is wrong with what was typed on a page, in the patient's own language.

use super::parts::{DAY, MONTH, YEAR};
use crate::form::fields::*;
use crate::form::{Field, Typed};
use crate::tablet::words::TabletWords;
use crate::tablet::{RATIO_UNKNOWN, Step};
use domain::Date;
use domain::coverage::Sex;
use domain::declaration::{DocumentIssued, InsuranceKind, Signer};
use domain::number::{InsuredNumber, InsuredSymbol, NumberError};

/// Something to look at again.
pub struct Complaint {
    /// name of the field
    pub field: &'static str,
    pub words: &'static str,
}

/// Looks at the fields of a page. Only what the declaration cannot do without is asked for; everything else may stay open.
pub fn check(step: Step, typed: &mut Typed, w: &'static TabletWords, today: Date) -> Vec<Complaint> {
    let mut found = Vec::new();
    for field in step.fields() {
        found.extend(text(field, typed, w).map(|words| Complaint { field: field.name, words }));
    }
    if !found.is_empty() {
        return found;
    }
    let own = match step {
        Step::Name => empty(typed, &NAME).then_some((&NAME, w.need_name)),
        Step::Birth => birth(typed, w, today).map(|words| (&BIRTH_DATE, words)),
        Step::Sex => Sex::from_code(typed.value(SEX.name)).is_none().then_some((&SEX, w.need_choice)),
        Step::Kind => InsuranceKind::from_code(typed.value(INSURANCE_KIND.name))
            .is_none()
            .then_some((&INSURANCE_KIND, w.need_choice)),
        Step::Papers => papers(typed).map(|field| (field, w.not_readable)),
        Step::Ratio => {
            (!matches!(typed.value(RATIO.name), "1" | "2" | "3" | RATIO_UNKNOWN)).then_some((&RATIO, w.need_choice))
        }
        Step::Signer => signer(typed, w),
        Step::Language | Step::Intro | Step::Insurer | Step::Address | Step::Phone | Step::Review | Step::Sign => None,
    };
    found.extend(own.map(|(field, words)| Complaint { field: field.name, words }));
    found
}

/// A My Number is taken out at once; a text that is too long stays to be shortened.
fn text(field: &'static Field, typed: &mut Typed, w: &'static TabletWords) -> Option<&'static str> {
    let mut one = Typed::prefilled([(field.name, typed.value(field.name).to_owned())]);
    let text = one.text(field);
    typed.set(field.name, text.unwrap_or_else(|| one.value(field.name).to_owned()));
    let problem = one.problem(field.name)?;
    Some(if *problem == field.my_number() {
        w.my_number
    } else if *problem == field.too_long() {
        w.too_long
    } else {
        w.not_readable
    })
}

fn empty(typed: &Typed, field: &Field) -> bool {
    typed.value(field.name).trim().is_empty()
}

/// Puts the day together from its three parts.
fn birth(typed: &mut Typed, w: &'static TabletWords, today: Date) -> Option<&'static str> {
    let (year, month, day) = (typed.value(YEAR).parse(), typed.value(MONTH).parse(), typed.value(DAY).parse());
    let (Ok(year), Ok(month), Ok(day)) = (year, month, day) else {
        return Some(w.need_birth);
    };
    match Date::new(year, month, day).filter(|birth| *birth <= today) {
        Some(birth) => {
            typed.set(BIRTH_DATE.name, birth.to_string());
            None
        }
        None => Some(w.no_such_day),
    }
}

fn papers(typed: &Typed) -> Option<&'static Field> {
    let issued = typed.value(DOCUMENT_ISSUED.name);
    let unreadable = |result: Result<(), NumberError>| result.is_err();
    let (symbol, number) = (typed.value(REMEMBERED_SYMBOL.name), typed.value(REMEMBERED_NUMBER.name));
    if !issued.is_empty() && DocumentIssued::from_code(issued).is_none() {
        Some(&DOCUMENT_ISSUED)
    } else if !symbol.is_empty() && unreadable(InsuredSymbol::parse(symbol).map(|_| ())) {
        Some(&REMEMBERED_SYMBOL)
    } else if !number.is_empty() && unreadable(InsuredNumber::parse(number).map(|_| ())) {
        Some(&REMEMBERED_NUMBER)
    } else {
        None
    }
}

fn signer(typed: &Typed, w: &'static TabletWords) -> Option<(&'static Field, &'static str)> {
    match Signer::from_code(typed.value(SIGNER.name)) {
        None => Some((&SIGNER, w.need_choice)),
        Some(Signer::Patient) => None,
        Some(_) if empty(typed, &SIGNER_NAME) => Some((&SIGNER_NAME, w.need_signer)),
        Some(_) if empty(typed, &RELATION) => Some((&RELATION, w.need_signer)),
        Some(_) => None,
    }
}
