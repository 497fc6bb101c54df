//! Signing in with a passkey: instead of name, password and code, or as the second factor.

use super::sign_in::{client_of, code_page, goes_on_to, read_unsigned, sign_in_page, welcome};
use crate::app::App;
use crate::error::PageError;
use crate::passkeys::{Standing, read_shown};
use crate::peer::PeerAddress;
use crate::port::{PasskeyBy, Session};
use crate::session::Posted;
use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderMap;

/// `POST /sign-in/passkey`
pub async fn sign_in(
    State(app): State<App>,
    peer: PeerAddress,
    standing: Standing,
    request: Request,
) -> Result<Response, PageError> {
    let client = client_of(peer, request.headers());
    let (lang, mut typed) = read_unsigned(&app, request).await?;
    let (next, carried) = goes_on_to(&app, peer, &typed)?;
    if let (Some(shown), Some(place)) = (read_shown(&mut typed), standing.clone().place()) {
        let by = PasskeyBy::Form(typed.value("csrf").to_owned());
        match app.desk.people().sign_in_by_passkey(by, shown, place, client).await {
            Ok(session) => return welcome(&app, lang, &session, &next, carried),
            Err(refusal) => typed.refuse("", refusal.why),
        }
    }
    sign_in_page(&app, lang, next, carried, standing, &typed)
}

/// `POST /sign-in/code/passkey`
pub async fn second_factor(
    State(app): State<App>,
    peer: PeerAddress,
    standing: Standing,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let (next, carried) = goes_on_to(&app, peer, &typed)?;
    if let (Some(shown), Some(place)) = (read_shown(&mut typed), standing.clone().place()) {
        let by = PasskeyBy::Session(Box::new(who.session.clone()));
        match app.desk.people().sign_in_by_passkey(by, shown, place, client_of(peer, &headers)).await {
            Ok(session) => return welcome(&app, who.lang, &session, &next, carried),
            Err(refusal) => typed.refuse("", refusal.why),
        }
    }
    let session: &Session = &who.session;
    code_page(&app, who.lang, session, next, carried, standing, &typed).await
}
