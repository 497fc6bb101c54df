//! The sealed envelope: reception for somebody when nobody can sign in. Used once, with a reason, and seen by everybody.

use super::sign_in::{client_of, read_unsigned, welcome};
use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::fields::{EMERGENCY_CODE, EMERGENCY_REASON, EMERGENCY_WHO};
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::peer::PeerAddress;
use crate::token;
use crate::words::PeopleWords;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;

#[derive(Template)]
#[template(path = "emergency.html")]
struct EmergencyPage {
    page: Frame,
    w: &'static PeopleWords,
    summary: Summary,
    code: Input,
    who: Input,
    reason: Input,
}

/// `GET /emergency`
pub async fn form(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageError> {
    show(&app, Lang::of_request(&headers), &Typed::default())
}

/// `POST /emergency`
pub async fn open(State(app): State<App>, peer: PeerAddress, request: Request) -> Result<Response, PageError> {
    let client = client_of(peer, request.headers());
    let (lang, mut typed) = read_unsigned(&app, request).await?;
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    let code = typed.required(&EMERGENCY_CODE);
    let (who, reason) = (typed.required(&EMERGENCY_WHO), typed.required(&EMERGENCY_REASON));
    if let (Some(code), Some(who), Some(reason)) = (code, who, reason) {
        match app.desk.people().use_emergency(code, who, reason, client).await {
            Ok(session) => return welcome(&app, lang, &session, "/", None),
            Err(refusal) => typed.refuse(EMERGENCY_CODE.name, refusal.why),
        }
    }
    show(&app, lang, &typed)
}

fn show(app: &App, lang: Lang, typed: &Typed) -> Result<Response, PageError> {
    let w = PeopleWords::of(lang);
    let csrf = token::random();
    let frame = Frame::bare(app, lang, "/emergency".to_owned(), w.emergency_use_title);
    let content = EmergencyPage {
        page: Frame { csrf: csrf.clone(), ..frame },
        w,
        summary: Summary::of("emergency", typed, lang),
        code: Input::of(&EMERGENCY_CODE, "emergency", typed, lang).unechoed().focus(typed.is_fine()),
        who: Input::of(&EMERGENCY_WHO, "emergency", typed, lang),
        reason: Input::of(&EMERGENCY_REASON, "emergency", typed, lang).wide(),
    };
    let cookie = cookie::set(&app.settings, cookie::form_name(&app.settings), &csrf);
    Ok(([(SET_COOKIE, cookie)], page(&content)?).into_response())
}
