//! Who is calling: a program with an API token, or a browser with its session cookie and the token beside it.

use super::problem::{Problem, ProblemKind};
use super::state::Api;
use crate::cookie;
use crate::guard::viewed;
use crate::port::{Account, Activity, ApiToken, Role, Session, SessionToken, Stage};
use crate::rights::Right;
use crate::session::activity;
use crate::token::same;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};

/// The header that must come with every change under the session cookie.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Who is calling.
#[derive(Clone)]
pub struct Caller {
    /// the account
    pub account: Account,
    /// the session, for browsers
    pub session: Option<Session>,
}

/// Middleware: lets nobody through who is not known, and no change under a cookie without its token.
pub async fn require_caller(
    State((api, right)): State<(Api, Right)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let caller = known(&api, request.uri(), request.headers()).await?;
    if let Some(session) = &caller.session
        && changes(request.method())
        && !carries_csrf(request.headers(), &session.csrf)
    {
        return Err(Problem::of(ProblemKind::Csrf));
    }
    if !right.is_given_to(caller.role()) {
        return Err(Problem::of(ProblemKind::NotAllowed));
    }
    let by = activity(request.uri(), request.headers());
    let viewed = viewed(request.method(), request.uri()).filter(|_| by == Activity::Person);
    let account = caller.account.clone();
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    if let (StatusCode::OK, Some(viewed)) = (response.status(), viewed) {
        api.desk.people().viewed(&account, viewed);
    }
    Ok(response)
}

impl Caller {
    pub fn role(&self) -> Role {
        self.session.as_ref().map_or(Role::Program, |session| session.role)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::of(ProblemKind::NotSignedIn))
    }
}

/// An `Authorization` header decides alone; only without it the cookie is looked at.
async fn known(api: &Api, uri: &Uri, headers: &HeaderMap) -> Result<Caller, Problem> {
    let stranger = || Problem::of(ProblemKind::NotSignedIn);
    if let Some(header) = headers.get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(bearer).ok_or_else(stranger)?;
        let account = api.read(move |desk| desk.api_account(&token)).await?.ok_or_else(stranger)?;
        return Ok(Caller { account, session: None });
    }
    let cookie = cookie::read(headers, cookie::session_name(&api.settings)).ok_or_else(stranger)?;
    let token = SessionToken(cookie.to_owned());
    let by = activity(uri, headers);
    let session = api.read(move |desk| desk.session(&token, by)).await?.ok_or_else(stranger)?;
    // a session that is locked or not yet whole is good for the pages that mend that, and for nothing else
    if session.stage != Stage::Open {
        return Err(stranger());
    }
    Ok(Caller { account: session.account.clone(), session: Some(session) })
}

fn bearer(header: &str) -> Option<ApiToken> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| ApiToken(token.to_owned()))
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn carries_csrf(headers: &HeaderMap, expected: &str) -> bool {
    headers.get(CSRF_HEADER).and_then(|given| given.to_str().ok()).is_some_and(|given| same(given, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bearer_counts() {
        assert_eq!(bearer("Bearer abc").map(|token| token.0), Some("abc".to_owned()));
        assert_eq!(bearer("bearer  abc ").map(|token| token.0), Some("abc".to_owned()));
        for other in ["Basic abc", "Bearer", "Bearer ", "abc"] {
            assert!(bearer(other).is_none(), "{other}");
        }
    }
}
