//! The insurance part of a form: from what was typed to a [`Coverage`], and back for prefilling.

use super::fields::*;
use super::{Check, Choice, Field, Input, Offer, Typed};
use crate::lang::Lang;
use askama::Template;
use domain::coverage::{Coverage, PersonalFamily};
use domain::number::{BranchNumber, Checked, InsuredNumber, InsuredSymbol, InsurerNumber, NumberError};
use domain::text::Text;

/// The fields of an insurance, for prefilling and clearing.
pub const COVERAGE_FIELDS: &[&Field] = &[
    &INSURER_NUMBER,
    &INSURER_NAME,
    &INSURED_SYMBOL,
    &INSURED_NUMBER,
    &BRANCH_NUMBER,
    &PERSONAL_FAMILY,
    &RATIO,
    &ISSUED_ON,
    &VALID_FROM,
    &VALID_TO,
    &OVERRIDE_REASON,
];

/// The visible insurance part.
pub struct CoverageForm {
    pub insurer_number: Input,
    pub insurer_override: Option<Insist>,
    pub insurer_name: Input,
    pub symbol: Input,
    pub number: Input,
    pub branch: Input,
    pub personal_family: Choice,
    pub ratio: Choice,
    pub issued_on: Input,
    pub valid_from: Input,
    pub valid_to: Input,
}

impl CoverageForm {
    pub fn of(form: &str, typed: &Typed, lang: Lang) -> CoverageForm {
        let input = |field| Input::of(field, form, typed, lang);
        let insists = typed.is_ticked(INSURER_OVERRIDE.name) || typed.is_ticked(MAY_OVERRIDE);
        CoverageForm {
            insurer_number: input(&INSURER_NUMBER).digits(),
            insurer_override: insists.then(|| Insist {
                tick: Check::of(&INSURER_OVERRIDE, form, typed, lang),
                reason: input(&OVERRIDE_REASON).wide(),
            }),
            insurer_name: input(&INSURER_NAME),
            symbol: input(&INSURED_SYMBOL),
            number: input(&INSURED_NUMBER),
            branch: input(&BRANCH_NUMBER).digits(),
            personal_family: Choice::of(&PERSONAL_FAMILY, form, typed, lang, personal_family(lang)).compact(),
            ratio: Choice::of(&RATIO, form, typed, lang, ratios(lang)).compact(),
            issued_on: input(&ISSUED_ON),
            valid_from: input(&VALID_FROM),
            valid_to: input(&VALID_TO),
        }
    }
}

/// The tick and the reason beside a check digit that does not fit.
#[derive(Template)]
#[template(source = "{{ tick|safe }}{{ reason|safe }}", ext = "html")]
pub struct Insist {
    pub tick: Check,
    pub reason: Input,
}

/// Set beside a check digit that does not fit, so that the page offers to insist.
const MAY_OVERRIDE: &str = "may_override";

fn personal_family(lang: Lang) -> Vec<Offer> {
    vec![
        Offer::new(PersonalFamily::SelfInsured.code(), lang.pick("本人", "Insured")),
        Offer::new(PersonalFamily::Dependant.code(), lang.pick("家族", "Family")),
        Offer::new("", lang.pick("不明", "Not known")),
    ]
}

fn ratios(lang: Lang) -> Vec<Offer> {
    vec![
        Offer::new("3", lang.pick("3割", "30 %")),
        Offer::new("2", lang.pick("2割", "20 %")),
        Offer::new("1", lang.pick("1割", "10 %")),
        Offer::new("", lang.pick("記載なし", "Not printed")),
    ]
}

/// Reads the insurance part; complaints go to the fields.
pub fn read_coverage(typed: &mut Typed) -> Coverage {
    let (insurer_number, override_reason) = read_insurer(typed);
    let coverage = Coverage {
        insurer_number,
        override_reason,
        insurer_name: typed.text(&INSURER_NAME),
        insured_symbol: number(typed, &INSURED_SYMBOL, InsuredSymbol::parse),
        insured_number: number(typed, &INSURED_NUMBER, InsuredNumber::parse),
        branch_number: number(typed, &BRANCH_NUMBER, BranchNumber::parse),
        personal_family: typed.code(&PERSONAL_FAMILY, PersonalFamily::from_code),
        ratio_tenths: typed.tenths(&RATIO),
        issued_on: typed.date(&ISSUED_ON),
        valid_from: typed.date(&VALID_FROM),
        valid_to: typed.date(&VALID_TO),
        ..Coverage::EMPTY
    };
    if let (Some(from), Some(to)) = (coverage.valid_from, coverage.valid_to)
        && to < from
    {
        let text = Text::new("有効期限が開始日より前です。", "It ends before it begins.");
        typed.refuse(VALID_TO.name, text);
    }
    coverage
}

/// The number, and why it is used when its check digit does not fit. Without the tick, or without a reason, it is refused.
fn read_insurer(typed: &mut Typed) -> (Option<InsurerNumber>, Option<String>) {
    let reason = typed.text(&OVERRIDE_REASON);
    let Some(text) = typed.text(&INSURER_NUMBER) else { return (None, None) };
    let error = match InsurerNumber::parse(&text) {
        Ok(checked) => return (Some(checked.value), None),
        Err(error) => error,
    };
    let insists = typed.is_ticked(INSURER_OVERRIDE.name) && error.can_be_overridden();
    if let Some(checked) = InsurerNumber::parse_overridden(&text).ok().filter(|_| insists) {
        if reason.is_none() && typed.problem(OVERRIDE_REASON.name).is_none() {
            typed.refuse(OVERRIDE_REASON.name, OVERRIDE_REASON.empty());
        }
        return (Some(checked.value), reason);
    }
    if error.can_be_overridden() {
        typed.set(MAY_OVERRIDE, "yes");
    }
    typed.refuse(INSURER_NUMBER.name, Text::new(error.ja(), error.en()));
    (None, None)
}

fn number<T>(typed: &mut Typed, field: &Field, parse: impl Fn(&str) -> Result<Checked<T>, NumberError>) -> Option<T> {
    let text = typed.text(field)?;
    match parse(&text) {
        Ok(checked) => Some(checked.value),
        Err(error) => {
            typed.refuse(field.name, Text::new(error.ja(), error.en()));
            None
        }
    }
}

/// What is known of an insurance, as somebody would type it.
pub fn show_coverage(coverage: &Coverage) -> Vec<(&'static str, String)> {
    let day = |date: Option<domain::Date>| date.map(|date| date.to_string());
    let shown = [
        (&INSURER_NUMBER, coverage.insurer_number.as_ref().map(|n| n.as_str().to_owned())),
        (&INSURER_NAME, coverage.insurer_name.clone()),
        (&INSURED_SYMBOL, coverage.insured_symbol.as_ref().map(|s| s.as_str().to_owned())),
        (&INSURED_NUMBER, coverage.insured_number.as_ref().map(|n| n.as_str().to_owned())),
        (&BRANCH_NUMBER, coverage.branch_number.as_ref().map(|b| b.as_str().to_owned())),
        (&PERSONAL_FAMILY, coverage.personal_family.map(|p| p.code().to_owned())),
        (&RATIO, coverage.ratio_tenths.map(|tenths| tenths.to_string())),
        (&ISSUED_ON, day(coverage.issued_on)),
        (&VALID_FROM, day(coverage.valid_from)),
        (&VALID_TO, day(coverage.valid_to)),
    ];
    shown.into_iter().filter_map(|(field, value)| Some((field.name, value?))).collect()
}
