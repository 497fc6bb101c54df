//! The visible parts of forms: each knows its label, its value, its limit and what is wrong with it.

use super::field::Field;
use super::typed::Typed;
use crate::assets::VERSION;
use crate::lang::Lang;
use askama::Template;

/// A line to type into.
#[derive(Template)]
#[template(path = "part/input.html")]
pub struct Input {
    pub id: String,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub value: String,
    pub error: Option<String>,
    pub max: usize,
    pub kind: &'static str,
    pub mode: &'static str,
    pub autofocus: bool,
    pub wide: bool,
    pub complete: &'static str,
}

impl Input {
    /// The line of a field in a form; `form` keeps the ids of several forms on one page apart.
    pub fn of(field: &'static Field, form: &str, typed: &Typed, lang: Lang) -> Input {
        Input {
            id: format!("{form}-{}", field.name),
            name: field.name,
            label: field.label(lang),
            hint: field.hint_in(lang),
            value: typed.value(field.name).to_owned(),
            error: typed.problem(field.name).map(|text| lang.of(text)),
            max: field.max,
            kind: "text",
            mode: "text",
            autofocus: typed.problems().first().is_some_and(|problem| problem.field == field.name),
            wide: false,
            complete: "off",
        }
    }

    /// For digits: brings up the number pad of a tablet.
    pub fn digits(self) -> Input {
        Input { mode: "numeric", ..self }
    }

    /// For phone numbers.
    pub fn phone(self) -> Input {
        Input { kind: "tel", mode: "tel", ..self }
    }

    /// For a day and a time of day.
    pub fn moment(self) -> Input {
        Input { kind: "datetime-local", ..self }
    }

    /// The cursor begins here, unless something else is wrong.
    pub fn focus(self, yes: bool) -> Input {
        Input { autofocus: self.autofocus || yes, ..self }
    }

    /// Never shows again what was typed.
    pub fn unechoed(self) -> Input {
        Input { value: String::new(), ..self }
    }

    /// Takes the whole width.
    pub fn wide(self) -> Input {
        Input { wide: true, ..self }
    }
}

/// One thing to choose.
#[derive(Clone)]
pub struct Offer {
    pub value: String,
    pub label: String,
    pub hint: String,
    pub picture: &'static str,
    /// the key that chooses it
    pub key: &'static str,
    pub checked: bool,
}

impl Offer {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Offer {
        Offer { value: value.into(), label: label.into(), hint: String::new(), picture: "", key: "", checked: false }
    }

    pub fn hint(self, hint: impl Into<String>) -> Offer {
        Offer { hint: hint.into(), ..self }
    }

    pub fn key(self, key: &'static str) -> Offer {
        Offer { key, ..self }
    }

    pub fn picture(self, picture: &'static str) -> Offer {
        Offer { picture, ..self }
    }
}

/// One of several things, as buttons side by side.
#[derive(Template)]
#[template(path = "part/choice.html")]
pub struct Choice {
    pub id: String,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub offers: Vec<Offer>,
    pub error: Option<String>,
    pub autofocus: bool,
    pub compact: bool,
    /// of the file of pictures
    pub version: &'static str,
}

impl Choice {
    /// The choice of a field, with what was chosen before.
    pub fn of(field: &'static Field, form: &str, typed: &Typed, lang: Lang, offers: Vec<Offer>) -> Choice {
        let chosen = typed.value(field.name);
        let offers = offers.into_iter().map(|offer| Offer { checked: offer.value == chosen, ..offer }).collect();
        Choice {
            id: format!("{form}-{}", field.name),
            name: field.name,
            label: field.label(lang),
            hint: field.hint_in(lang),
            offers,
            error: typed.problem(field.name).map(|text| lang.of(text)),
            autofocus: typed.problems().first().is_some_and(|problem| problem.field == field.name),
            compact: false,
            version: &VERSION,
        }
    }

    /// Small buttons, for short words.
    pub fn compact(self) -> Choice {
        Choice { compact: true, ..self }
    }
}

/// A box to tick.
#[derive(Template)]
#[template(path = "part/check.html")]
pub struct Check {
    pub id: String,
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub ticked: bool,
}

impl Check {
    pub fn of(field: &'static Field, form: &str, typed: &Typed, lang: Lang) -> Check {
        Check {
            id: format!("{form}-{}", field.name),
            name: field.name,
            label: field.label(lang),
            hint: field.hint_in(lang),
            ticked: typed.is_ticked(field.name),
        }
    }
}

/// Everything that is wrong, on top of a form, with a way to each field.
#[derive(Template)]
#[template(path = "part/summary.html")]
pub struct Summary {
    pub title: &'static str,
    pub lines: Vec<(String, String)>,
}

impl Summary {
    /// The summary of a form; empty when nothing is wrong.
    pub fn of(form: &str, typed: &Typed, lang: Lang) -> Summary {
        let line = |problem: &super::Problem| {
            let target = if problem.field.is_empty() { String::new() } else { format!("{form}-{}", problem.field) };
            (target, lang.of(&problem.text))
        };
        Summary {
            title: lang.pick(
                "まだ保存していません。次のところを直してください。入力した内容は残っています。",
                "Nothing was saved yet. Please look at the following; what you typed is still here.",
            ),
            lines: typed.problems().iter().map(line).collect(),
        }
    }
}
