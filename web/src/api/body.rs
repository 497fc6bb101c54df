//! Reading a request body: size, media type, JSON, forbidden content, shape, then every field; each refusal located.

mod guard;
mod place;
mod shape;

pub(super) use guard::{Forbidden, TextFault, look_at, text_fault};
pub use place::{Place, Report};

use super::problem::{FieldNote, Problem, ProblemKind};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use domain::text::Text;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// Largest body of one call.
pub const BODY_BYTES_AT_MOST: usize = 256 * 1024;
/// Largest body with many cases, one a line.
pub const LINES_BYTES_AT_MOST: usize = 4 * 1024 * 1024;

/// Something that can be read from a request body.
pub trait Form: DeserializeOwned {
    /// What it means inside.
    type Meaning;
    /// Checks every field and says what it means; `None` only when something was noted as wrong.
    fn meaning(self, at: &Place<'_>) -> Option<Self::Meaning>;
}

/// The body of a call, read and checked.
pub struct Body<F: Form> {
    /// what it means
    pub meaning: F::Meaning,
    /// what looks odd and was taken all the same
    pub warnings: Vec<FieldNote>,
    /// as it came, to find the place of a later refusal
    pub json: Json,
}

impl<S: Send + Sync, F: Form> FromRequest<S> for Body<F> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        require_media_type(request.headers(), &["application/json"])?;
        let json = parse(&collect(request, BODY_BYTES_AT_MOST).await?)?;
        let (meaning, warnings) = read::<F>(&json)?;
        Ok(Body { meaning, warnings, json })
    }
}

/// Reads a form from JSON: forbidden content first, then the shape, then every field.
pub fn read<F: Form>(json: &Json) -> Result<(F::Meaning, Vec<FieldNote>), Problem> {
    look_at(json).map_err(refuse_forbidden)?;
    let form: F = shape::read(json).map_err(|note| Problem::of(ProblemKind::InvalidField).at(vec![note]))?;
    let report = Report::default();
    let meaning = form.meaning(&Place::root(&report));
    let (errors, warnings) = report.into_notes();
    match meaning {
        Some(meaning) if errors.is_empty() => Ok((meaning, warnings)),
        _ => Err(Problem::of(ProblemKind::InvalidField).at(errors)),
    }
}

/// The problem for content that may stand nowhere.
pub(super) fn refuse_forbidden(forbidden: Forbidden) -> Problem {
    let kind = if forbidden.my_number { ProblemKind::MyNumber } else { ProblemKind::InvalidField };
    Problem::of(kind).at(vec![forbidden.note])
}

/// The media type of the body without parameters; refused unless it is one of these.
pub(super) fn require_media_type(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str, Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bare = given.split(';').next().unwrap_or_default().trim();
    let known = offered.iter().find(|media_type| media_type.eq_ignore_ascii_case(bare));
    known.copied().ok_or_else(|| Problem::of(ProblemKind::UnsupportedMediaType))
}

/// The whole body, unless it is larger than allowed.
pub(super) async fn collect(request: Request, at_most: usize) -> Result<Bytes, Problem> {
    match Limited::new(request.into_body(), at_most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::of(ProblemKind::TooLarge)),
        Err(_) => Err(Problem::of(ProblemKind::BadRequest)),
    }
}

/// Reads JSON; the complaint names line and column, never the content.
pub(super) fn parse(bytes: &[u8]) -> Result<Json, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::said(
            ProblemKind::InvalidJson,
            Text::new(
                format!("本文をJSON（UTF-8）として読めませんでした（{line}行{column}文字目）。何も保存していません。"),
                format!(
                    "The body could not be read as JSON in UTF-8 (line {line}, column {column}). Nothing was kept."
                ),
            ),
        )
    })
}
