//! The first page: the code for a stranger; for who brought it, what the box has come to.

use super::fields::CODE;
use super::{HOME, Wizard, choices, joining};
use crate::cookie;
use crate::error::PageError;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::{self, Lang};
use crate::peer::PeerAddress;
use crate::port::FirstStep;
use crate::session::{from_own_pages, local_path, read_form};
use crate::token;
use crate::words::FirstStartWords;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "first_start/code.html")]
struct CodePage {
    page: Frame,
    w: &'static FirstStartWords,
    spare: Option<String>,
    summary: Summary,
    code: Input,
}

/// `GET /first-start`
pub(super) async fn home(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    let lang = Lang::of_request(&headers);
    if !wizard.has_brought_code(&headers) {
        return code_page(&wizard, lang, &Typed::default());
    }
    let view = wizard.port.view();
    match view.step {
        FirstStep::Choosing => choices::choose(&wizard, lang, view),
        step => joining::under_way(&wizard, lang, step, view.said),
    }
}

/// `POST /first-start`: the code. The form carries a token: another site cannot use up tries in somebody's name.
pub(super) async fn enter(
    State(wizard): State<Wizard>,
    peer: PeerAddress,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers().clone();
    let mut typed = read_form(request, &wizard).await?;
    let lang = Lang::of_request(&headers);
    if !from_own_pages(&headers) || !token::same(typed.value("csrf"), &wizard.door_csrf) {
        return Err(PageError::FormExpired);
    }
    if !wizard.may_try(peer.0) {
        return Err(PageError::TooMany);
    }
    if typed.value(CODE.name).trim().is_empty() {
        typed.refuse(CODE.name, CODE.empty());
    } else if wizard.code.is(typed.value(CODE.name)) {
        let cookie = cookie::set(&wizard.settings, wizard.cookie(), &wizard.session);
        return Ok(([(SET_COOKIE, cookie)], Redirect::to(HOME)).into_response());
    } else {
        let (ja, en) = (FirstStartWords::of(Lang::Ja).code_wrong, FirstStartWords::of(Lang::En).code_wrong);
        typed.refuse(CODE.name, domain::text::Text::new(ja, en));
    }
    let page = code_page(&wizard, lang, &typed)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn code_page(wizard: &Wizard, lang: Lang, typed: &Typed) -> Result<Response, PageError> {
    let w = FirstStartWords::of(lang);
    page(&CodePage {
        page: Frame { csrf: wizard.door_csrf.clone(), ..wizard.frame(lang, HOME, w.code_title) },
        spare: wizard.port.view().spare.map(|spare| spare.name),
        summary: Summary::of("code", typed, lang),
        code: Input::of(&CODE, "code", typed, lang).focus(true),
        w,
    })
}

/// `POST /language`
pub(super) async fn language(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    if !from_own_pages(request.headers()) {
        return Err(PageError::FormExpired);
    }
    let typed = read_form(request, &wizard).await?;
    let chosen = Lang::from_code(typed.value("lang")).unwrap_or_default();
    let cookie = cookie::keep(&wizard.settings, lang::COOKIE, chosen.code());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(local_path(typed.value("back")))).into_response())
}
