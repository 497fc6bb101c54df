//! What comes outside the body: ids in the path, parameters, the idempotency key, the accepted forms.

use super::body::{TextFault, text_fault};
use super::problem::{FieldNote, Problem, ProblemKind};
use super::wire::text::is_id;
use crate::port::IdempotencyKey;
use axum::extract::{FromRequestParts, Path, Query};
use domain::text::Text;
use http::HeaderMap;
use http::header::ACCEPT;
use http::request::Parts;
use std::collections::BTreeMap;

/// The header of the idempotency key.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// Longest idempotency key.
const KEY_CHARACTERS_AT_MOST: usize = 64;
/// Most parameters of one address, and their longest value.
const PARAMETERS_AT_MOST: (usize, usize) = (8, 64);

/// The one id in the path.
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::of(ProblemKind::NotFound);
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        refuse_forbidden(&id, "{id}")?;
        if is_id(&id) { Ok(PathId(id)) } else { Err(not_found()) }
    }
}

/// Two ids in the path.
pub struct PathIds(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::of(ProblemKind::NotFound);
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((first, second)) = path.map_err(|_| not_found())?;
        for id in [&first, &second] {
            refuse_forbidden(id, "{id}")?;
            if !is_id(id) {
                return Err(not_found());
            }
        }
        Ok(PathIds(first, second))
    }
}

/// The name of a device in the path: the box's own name for it, at most 64 characters of any kind.
pub struct DeviceName(pub String);

/// Longest name of a device, in characters.
const DEVICE_CHARACTERS_AT_MOST: usize = 64;

impl<S: Send + Sync> FromRequestParts<S> for DeviceName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::of(ProblemKind::NotFound);
        let Path(name) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        refuse_forbidden(&name, "{device}")?;
        if name.chars().count() <= DEVICE_CHARACTERS_AT_MOST { Ok(DeviceName(name)) } else { Err(not_found()) }
    }
}

/// The parameters behind the question mark.
pub struct Parameters(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let unreadable = || Problem::parameter("?", "format", "パラメーターを読めません。", "Unreadable parameters.");
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| unreadable())?;
        let (count, length) = PARAMETERS_AT_MOST;
        if pairs.len() > count || pairs.iter().any(|(name, value)| name.len() > length || value.len() > length) {
            return Err(unreadable());
        }
        for (name, value) in &pairs {
            refuse_forbidden(name, "?")?;
            refuse_forbidden(value, "?")?;
        }
        Ok(Parameters(pairs.into_iter().collect()))
    }
}

impl Parameters {
    /// Refuses parameters this address does not know; a misspelt one must not turn into a silent default.
    pub fn only(self, known: &[&str]) -> Result<Parameters, Problem> {
        if self.0.keys().all(|name| known.contains(&name.as_str())) {
            return Ok(self);
        }
        let known = if known.is_empty() { "—".to_owned() } else { known.join(", ") };
        let (ja, en) = (format!("使えるパラメーター: {known}"), format!("Known parameters: {known}."));
        Err(Problem::parameter("?", "unknown_field", &ja, &en))
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// The idempotency key, if one came.
pub struct Key(pub Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(IDEMPOTENCY_HEADER).iter();
        let (Some(key), None) = (given.next(), given.next()) else {
            return if parts.headers.contains_key(IDEMPOTENCY_HEADER) { Err(bad_key()) } else { Ok(Key(None)) };
        };
        let key = key.to_str().ok().filter(|key| is_key(key)).ok_or_else(bad_key)?;
        refuse_forbidden(key, "Idempotency-Key")?;
        Ok(Key(Some(IdempotencyKey(key.to_owned()))))
    }
}

fn is_key(key: &str) -> bool {
    (1..=KEY_CHARACTERS_AT_MOST).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}

fn bad_key() -> Problem {
    Problem::parameter(
        "Idempotency-Key",
        "format",
        "Idempotency-Key は空白を含まないASCII 1〜64文字を1つだけ送ってください。",
        "Send one Idempotency-Key of 1 to 64 visible ASCII characters.",
    )
}

fn refuse_forbidden(text: &str, place: &str) -> Result<(), Problem> {
    match text_fault(text) {
        None => Ok(()),
        Some(TextFault::MyNumber) => {
            let words = Text::new("マイナンバーと思われる数字があります。", "Seems to hold a My Number.");
            Err(Problem::of(ProblemKind::MyNumber).at(vec![FieldNote::new(place, "my_number", words)]))
        }
        Some(_) => {
            Err(Problem::parameter(place, "control_character", "使えない文字があります。", "Unusable characters."))
        }
    }
}

/// Whether the caller takes one of the offered forms.
pub fn accepts(headers: &HeaderMap, offered: &[&str]) -> bool {
    let wishes: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if wishes.is_empty() {
        return true;
    }
    wishes.iter().flat_map(|value| value.split(',')).any(|wish| {
        let mut parts = wish.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default();
        let refused = parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        !refused && offered.iter().any(|offer| fits(range, offer))
    })
}

fn fits(range: &str, offer: &str) -> bool {
    let kind = offer.split('/').next().unwrap_or_default();
    range == "*/*" || range.eq_ignore_ascii_case(offer) || range.strip_suffix("/*") == Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_forms_are_told_apart() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, value.parse().expect("header"));
            accepts(&headers, &["application/json"])
        };
        assert!(accepts(&HeaderMap::new(), &["application/json"]));
        for taken in ["*/*", "application/*", "text/html, application/json;q=0.1", "APPLICATION/JSON"] {
            assert!(of(taken), "{taken}");
        }
        for refused in ["text/html", "application/json;q=0", "application/xml", "text/*"] {
            assert!(!of(refused), "{refused}");
        }
    }
}
