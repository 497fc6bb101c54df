//! The pages of a declaration, in order.

use super::tongue::Tongue;
use crate::form::Field;
use crate::form::fields::*;
use crate::port::TabletForm;
use domain::declaration::InsuranceKind;

/// The answer of somebody who does not know the share.
pub const RATIO_UNKNOWN: &str = "?";

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Language,
    Intro,
    Name,
    Birth,
    Sex,
    Kind,
    Insurer,
    Papers,
    Address,
    Phone,
    Ratio,
    Signer,
    Review,
    Sign,
}

/// The pages that ask one thing each.
const QUESTIONS: [Step; 11] = [
    Step::Intro,
    Step::Name,
    Step::Birth,
    Step::Sex,
    Step::Kind,
    Step::Insurer,
    Step::Papers,
    Step::Address,
    Step::Phone,
    Step::Ratio,
    Step::Signer,
];

impl Step {
    /// As it is kept and stands in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Step::Language => "language",
            Step::Intro => "intro",
            Step::Name => "name",
            Step::Birth => "birth",
            Step::Sex => "sex",
            Step::Kind => "kind",
            Step::Insurer => "insurer",
            Step::Papers => "papers",
            Step::Address => "address",
            Step::Phone => "phone",
            Step::Ratio => "ratio",
            Step::Signer => "signer",
            Step::Review => "review",
            Step::Sign => "sign",
        }
    }

    /// The page with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        QUESTIONS.into_iter().chain([Step::Language, Step::Review, Step::Sign]).find(|step| step.code() == code)
    }

    /// Whether it is a page that asks one thing.
    pub fn is_question(self) -> bool {
        QUESTIONS.contains(&self)
    }

    /// Where it is.
    pub fn path(self) -> String {
        match self {
            Step::Language | Step::Review | Step::Sign => format!("/tablet/{}", self.code()),
            _ => format!("/tablet/question/{}", self.code()),
        }
    }

    /// What it asks for.
    pub fn fields(self) -> &'static [&'static Field] {
        match self {
            Step::Name => &[&NAME, &NAME_KANA],
            Step::Birth => &[&BIRTH_DATE],
            Step::Sex => &[&SEX],
            Step::Kind => &[&INSURANCE_KIND],
            Step::Insurer => &[&WORKPLACE, &INSURER_NAME],
            Step::Papers => &[&DOCUMENT_ISSUED, &ISSUED_WHEN, &REMEMBERED_SYMBOL, &REMEMBERED_NUMBER],
            Step::Address => &[&POSTAL_CODE, &ADDRESS],
            Step::Phone => &[&PHONE, &OTHER_CONTACT, &CONSENT_CONTACT, &CONSENT_REQUERY],
            Step::Ratio => &[&RATIO],
            Step::Signer => &[&SIGNER, &SIGNER_NAME, &RELATION],
            Step::Language | Step::Intro | Step::Review | Step::Sign => &[],
        }
    }

    /// The page that asks for a field.
    pub fn of_field(name: &str) -> Option<Step> {
        QUESTIONS.into_iter().find(|step| step.fields().iter().any(|field| field.name == name))
    }

    /// The page after this one.
    pub fn next(self, form: &TabletForm) -> Step {
        let pages = pages(form);
        let at = pages.iter().position(|step| *step == self);
        at.and_then(|at| pages.get(at + 1)).copied().unwrap_or(Step::Review)
    }

    /// The page before this one.
    pub fn before(self, form: &TabletForm) -> Step {
        let pages = pages(form);
        let at = pages.iter().position(|step| *step == self);
        at.and_then(|at| pages.get(at.checked_sub(1)?)).copied().unwrap_or(Step::Language)
    }

    /// The name of a person's insurer is asked where there is something to know.
    fn applies(self, form: &TabletForm) -> bool {
        let kind = InsuranceKind::from_code(answer(form, INSURANCE_KIND.name));
        self != Step::Insurer || !matches!(kind, Some(InsuranceKind::Unknown | InsuranceKind::LateElderly))
    }
}

/// Every page this declaration has, after the language.
pub fn pages(form: &TabletForm) -> Vec<Step> {
    let questions = QUESTIONS.into_iter().filter(|step| step.applies(form));
    questions.chain([Step::Review, Step::Sign]).collect()
}

/// How far it is: page and pages; none before it has begun.
pub fn progress(form: &TabletForm) -> Option<(usize, usize)> {
    Step::from_code(&form.step).and_then(|step| progress_at(form, step))
}

/// The same at a page.
pub fn progress_at(form: &TabletForm, step: Step) -> Option<(usize, usize)> {
    let pages = pages(form);
    pages.iter().position(|page| *page == step).map(|at| (at + 1, pages.len()))
}

/// What was answered to a field.
pub fn answer<'a>(form: &'a TabletForm, name: &str) -> &'a str {
    form.answers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// Answers a field.
pub fn set(form: &mut TabletForm, name: &str, value: String) {
    match form.answers.iter_mut().find(|(known, _)| known == name) {
        Some((_, kept)) => *kept = value,
        None => form.answers.push((name.to_owned(), value)),
    }
}

/// The language of a declaration.
pub fn tongue(form: &TabletForm) -> Tongue {
    Tongue::from_code(&form.tongue).unwrap_or_default()
}
