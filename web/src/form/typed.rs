//! What was typed into a form, and what is wrong with it.

use super::field::Field;
use super::fields::{SURFACE_BIRTH, SURFACE_CODE, SURFACE_YEAR};
use domain::Date;
use domain::era::parse_era_date;
use domain::number::looks_like_my_number;
use domain::text::Text;
use std::collections::BTreeMap;

/// One complaint, at the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// name of the field; empty = the form as a whole
    pub field: String,
    /// what is wrong and what to do
    pub text: Text,
}

/// The fields of a form as they were typed, with the complaints so far. `Debug` shows neither.
#[derive(Clone, Default)]
pub struct Typed {
    values: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

/// What is never kept nor carried on.
const SECRETS: [&str; 12] = [
    "passkey",
    "client_data",
    "authenticator_data",
    "signature",
    "user_handle",
    "csrf",
    "password",
    "password_again",
    "new_password",
    "switch_code",
    "second_factor_code",
    "emergency_code",
];

/// Fields a form may have; a longer one was not made by a page of ours.
const MOST_FIELDS: usize = 100;

impl Typed {
    /// The pairs of a form. The last value of a name counts.
    pub fn new(pairs: Vec<(String, String)>) -> Option<Typed> {
        (pairs.len() <= MOST_FIELDS).then(|| Typed { values: pairs.into_iter().collect(), problems: Vec::new() })
    }

    /// An empty form with values to begin with.
    pub fn prefilled(values: impl IntoIterator<Item = (&'static str, String)>) -> Typed {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Typed { values, problems: Vec::new() }
    }

    /// The bare value, for tokens and for showing it again.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.value(name).is_empty()
    }

    /// All values, by name.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The text of a field: trimmed, inside its limit, without control characters, and never a My Number; `None` when it
    /// is empty or refused.
    pub fn text(&mut self, field: &Field) -> Option<String> {
        let value = self.value(field.name);
        if looks_like_my_number(value) {
            self.values.remove(field.name);
            self.refuse(field.name, field.my_number());
            return None;
        }
        if value.contains(char::is_control) {
            let cleaned: String = value.chars().filter(|c| !c.is_control()).collect();
            self.values.insert(field.name.to_owned(), cleaned);
            self.refuse(field.name, field.control_character());
            return None;
        }
        let text = value.trim().to_owned();
        if text.chars().count() > field.max {
            self.refuse(field.name, field.too_long());
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// The text of a field that must not be empty.
    pub fn required(&mut self, field: &Field) -> Option<String> {
        let text = self.text(field);
        if text.is_none() && !self.has_problem(field.name) {
            self.refuse(field.name, field.empty());
        }
        text
    }

    /// A day in any form people write.
    pub fn date(&mut self, field: &Field) -> Option<Date> {
        let text = self.text(field)?;
        match parse_era_date(&text) {
            Ok(parsed) => Some(parsed.date),
            Err(error) => {
                self.refuse(field.name, Text::new(error.ja(), error.en()));
                None
            }
        }
    }

    /// A share in tenths: `0`–`3`.
    pub fn tenths(&mut self, field: &Field) -> Option<u8> {
        let text = self.text(field)?;
        let tenths = text.parse().ok().filter(|tenths| *tenths <= 3);
        if tenths.is_none() {
            self.refuse(field.name, field.not_a_choice());
        }
        tenths
    }

    /// One of a table of codes; an unknown code is refused, an empty one is no choice.
    pub fn code<T>(&mut self, field: &Field, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        let code = self.value(field.name).to_owned();
        let value = from_code(&code);
        if value.is_none() && !code.is_empty() {
            self.values.remove(field.name);
            self.refuse(field.name, field.not_a_choice());
        }
        value
    }

    /// One of a table of codes, which must be chosen.
    pub fn required_code<T>(&mut self, field: &Field, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.code(field, from_code);
        if value.is_none() && !self.has_problem(field.name) {
            self.refuse(field.name, field.not_a_choice());
        }
        value
    }

    /// Adds a complaint.
    pub fn refuse(&mut self, field: &str, text: Text) {
        self.problems.push(Problem { field: field.to_owned(), text });
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Forgets a field.
    pub fn forget(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// Nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// Every complaint.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The complaint about a field.
    pub fn problem(&self, name: &str) -> Option<&Text> {
        self.problems.iter().find(|problem| problem.field == name).map(|problem| &problem.text)
    }

    /// What may be handed through the sign-in page: no secrets, no tokens, no My Number.
    pub fn carried_fields(&self) -> Vec<(String, String)> {
        let card_face = [SURFACE_BIRTH.name, SURFACE_YEAR.name, SURFACE_CODE.name];
        let secret = SECRETS.into_iter().chain(card_face).collect::<Vec<_>>();
        let kept = self.values.iter().filter(|(name, value)| {
            !secret.contains(&name.as_str()) && !looks_like_my_number(value) && !looks_like_my_number(name)
        });
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn has_problem(&self, name: &str) -> bool {
        self.problem(name).is_some()
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typed({} fields, {} problems)", self.values.len(), self.problems.len())
    }
}
