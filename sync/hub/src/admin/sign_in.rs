//! Signing in and out, and who is signed in. Sessions stand in the store, so that they outlive this process.

use super::pages::{SignInPage, show};
use super::{App, Refused, password};
use crate::store::admins;
use axum::extract::{Form, FromRequestParts, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

const NAME: &str = "uketsuke_hub";
/// A working day.
const GOOD_FOR_MS: i64 = 12 * 3_600_000;
/// Longest name and password taken.
const LONGEST: usize = 256;

/// Somebody who has signed in. A handler that takes it is closed to everybody else.
pub struct SignedIn {
    token_hash: [u8; 32],
}

#[derive(Deserialize)]
pub struct Words {
    name: String,
    password: String,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<SignedIn, Refused> {
        if parts.method != Method::GET && !is_from_here(&parts.headers) {
            return Err(Refused::NotFromHere);
        }
        let token_hash = token(&parts.headers).map(hashed).ok_or(Refused::SignInFirst)?;
        let now = app.registry.clock();
        let found = app.read(move |store| store.read(|sql| admins::session(sql, &token_hash, now))).await?;
        found.map(|_| SignedIn { token_hash }).ok_or(Refused::SignInFirst)
    }
}

pub async fn form() -> Response {
    show(&SignInPage { refused: false })
}

pub async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Form(words): Form<Words>,
) -> Result<Response, Refused> {
    if !is_from_here(&headers) {
        return Err(Refused::NotFromHere);
    }
    if words.name.len() > LONGEST || words.password.len() > LONGEST || !app.may_try(&words.name) {
        return Err(Refused::TooOften);
    }
    let now = app.registry.clock();
    let token = random_token()?;
    let token_hash = hashed(&token);
    let right = app.read(move |store| {
        let hash = store.read(|sql| admins::password_hash(sql, &words.name))?;
        let right = password::check(&words.password, hash.as_deref());
        if right {
            let ends_at = now.plus_ms(GOOD_FOR_MS);
            store.write(|sql| admins::begin_session(sql, &token_hash, &words.name, now, ends_at))?;
        }
        Ok(right)
    });
    if !right.await? {
        return Ok((StatusCode::UNAUTHORIZED, show(&SignInPage { refused: true })).into_response());
    }
    Ok(([(SET_COOKIE, cookie(&token, GOOD_FOR_MS / 1_000))], Redirect::to("/")).into_response())
}

pub async fn sign_out(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Refused> {
    app.read(move |store| store.write(|sql| admins::end_session(sql, &signed_in.token_hash))).await?;
    Ok(([(SET_COOKIE, cookie("", 0))], Redirect::to("/sign-in")).into_response())
}

fn cookie(token: &str, max_age_s: i64) -> String {
    format!("{NAME}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; Secure; SameSite=Strict")
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|all| all.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, token)| token)
}

/// Browsers say where a form was sent from. Another site's is refused, whatever its cookies.
fn is_from_here(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn random_token() -> Result<String, Refused> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Refused::NotNow)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
