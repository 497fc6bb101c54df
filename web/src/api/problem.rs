//! Refusals as `application/problem+json` (RFC 9457), in Japanese and English, located, and without personal data.

mod finish;
mod kind;

pub use kind::ProblemKind;

pub(super) use finish::finish;

use super::language::Language;
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One field that is wrong, or that looks odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldNote {
    /// JSON Pointer (RFC 6901) into the request body; empty for the body itself. Parameters of the address are named `?day`,
    /// headers by their name.
    pub pointer: String,
    /// stable code of what is wrong: `required`, `unknown_field`, `wrong_type`, `unknown_code`, `too_long`, `too_many`, `too_few`,
    /// `out_of_range`, `not_a_date`, `not_an_instant`, `control_character`, `order`, `format`, `choose_one`, `check_digit`,
    /// `number`, `my_number`, `too_deep`, `refused`, `case`, or a warning: `check_digit_overridden`, `number_warning`
    pub code: String,
    /// what is wrong and what to do, Japanese
    pub ja: String,
    /// the same in English
    pub en: String,
}

impl FieldNote {
    /// A note on a field.
    pub fn new(pointer: impl Into<String>, code: &str, text: Text) -> FieldNote {
        FieldNote { pointer: pointer.into(), code: code.to_owned(), ja: text.ja, en: text.en }
    }
}

/// Why a call was refused. Never holds what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemKind,
    detail: Text,
    errors: Vec<FieldNote>,
    line: Option<u32>,
}

/// The body of every refusal (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemDocument {
    /// stable relative URI of the kind of problem, for instance `/problems/invalid-field`
    #[serde(rename = "type")]
    pub kind: String,
    /// the kind in a few words, in the language of `Accept-Language` (Japanese unless English is preferred)
    pub title: String,
    /// HTTP status
    pub status: u16,
    /// what happened, what is safe and what to do now, in the same language
    pub detail: String,
    /// `detail` in Japanese
    pub detail_ja: String,
    /// `detail` in English
    pub detail_en: String,
    /// for one line of many: its number, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// the fields that are wrong
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldNote>,
}

impl Problem {
    /// A problem with the usual words of its kind.
    pub fn of(kind: ProblemKind) -> Problem {
        Problem { kind, detail: kind.detail(), errors: Vec::new(), line: None }
    }

    /// A problem with words of its own.
    pub fn said(kind: ProblemKind, detail: Text) -> Problem {
        Problem { detail, ..Problem::of(kind) }
    }

    /// The same with the fields that are wrong.
    pub fn at(mut self, errors: Vec<FieldNote>) -> Problem {
        self.errors = errors;
        self
    }

    /// The same for one line of many, counted from 1.
    pub fn on_line(mut self, line: u32) -> Problem {
        self.line = Some(line);
        self
    }

    /// A parameter of the address or a header that cannot be used.
    pub fn parameter(name: &str, code: &str, ja: &str, en: &str) -> Problem {
        Problem::of(ProblemKind::InvalidParameter).at(vec![FieldNote::new(name, code, Text::new(ja, en))])
    }

    /// Its kind.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What is sent, in the language the caller prefers.
    pub fn document(&self, language: Language) -> ProblemDocument {
        ProblemDocument {
            kind: self.kind.uri().to_owned(),
            title: language.of(&self.kind.title()).to_owned(),
            status: self.kind.status().as_u16(),
            detail: language.of(&self.detail).to_owned(),
            detail_ja: self.detail.ja.clone(),
            detail_en: self.detail.en.clone(),
            line: self.line,
            errors: self.errors.clone(),
        }
    }
}

impl IntoResponse for Problem {
    /// A bare response that carries the problem; the last middleware writes it out in the caller's language.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
