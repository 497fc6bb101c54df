//! Sessions: signing in with name and password, who is signed in, signing out.

use super::body::Body;
use super::caller::Caller;
use super::problem::{Problem, ProblemDocument, ProblemKind};
use super::state::Api;
use super::wire::session::{SignIn, SignInForm, SignedIn};
use crate::cookie;
use crate::peer::PeerAddress;
use crate::port::{Client, SignInRefused, Stage};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use http::StatusCode;
use http::header::SET_COOKIE;

/// Sign in
///
/// For browsers: sets the session cookie and answers with the token that must come as `X-CSRF-Token` with every change.
/// Programs use an API token instead (`Authorization: Bearer`). Attempts from one address are limited.
#[utoipa::path(post, path = "/session", tag = "session", operation_id = "sign_in", security(()),
    request_body(content = SignInForm, example = json!({"name": "uketsuke", "password": "practice-password"})),
    responses(
        (status = 201, description = "signed in; the session is in the cookie", body = SignedIn,
         headers(("Set-Cookie" = String, description = "the session cookie, HttpOnly, SameSite=Strict"))),
        (status = 401, description = "name or password is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "too many attempts", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub async fn sign_in(
    State(api): State<Api>,
    PeerAddress(address): PeerAddress,
    body: Body<SignInForm>,
) -> Result<Response, Problem> {
    if !api.may_try_sign_in(address) {
        return Err(Problem::of(ProblemKind::TooManyRequests));
    }
    let SignIn { name, password, code } = body.meaning;
    let client = Client { address, counter: None };
    let refused = |refused: SignInRefused| Problem::said(ProblemKind::SignInRefused, refused.why);
    let begun = api.desk.sign_in(name, password, client.clone()).await.map_err(refused)?;
    let session = match (begun.stage, code) {
        (Stage::Open, _) => begun,
        (Stage::Code, Some(code)) => api.desk.people().enter_code(&begun, code, client).await.map_err(refused)?,
        (stage, _) => {
            api.desk.sign_out(&begun.token).await;
            return Err(Problem::said(ProblemKind::SignInRefused, still_needed(stage)));
        }
    };
    let cookie = cookie::set(&api.settings, cookie::session_name(&api.settings), &session.token.0);
    Ok((StatusCode::CREATED, [(SET_COOKIE, cookie)], Json(SignedIn::by_session(&session))).into_response())
}

fn still_needed(stage: Stage) -> Text {
    match stage {
        Stage::Code => Text::new(
            "2段階目の確認が必要です。code に6桁の数字を入れて送り直してください。",
            "The second factor is needed: send the six digits as code.",
        ),
        _ => Text::new(
            "先に画面からサインインして、パスワードと2段階目の確認を登録してください。",
            "Sign in on the pages first, and set a password and a second factor of your own.",
        ),
    }
}

/// Who is signed in
#[utoipa::path(get, path = "/session", tag = "session", operation_id = "who_is_signed_in",
    responses((status = 200, description = "who is calling", body = SignedIn)))]
pub async fn who(caller: Caller) -> Json<SignedIn> {
    Json(match &caller.session {
        Some(session) => SignedIn::by_session(session),
        None => SignedIn::by_token(&caller.account),
    })
}

/// Sign out
///
/// Ends the session of the cookie. An API token has no session: 404.
#[utoipa::path(delete, path = "/session", tag = "session", operation_id = "sign_out",
    responses((status = 204, description = "signed out; the cookie is cleared")))]
pub async fn sign_out(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    let session = caller.session.ok_or_else(|| Problem::of(ProblemKind::NotFound))?;
    api.desk.sign_out(&session.token).await;
    let cleared = cookie::forget(&api.settings, cookie::session_name(&api.settings));
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cleared)]).into_response())
}
