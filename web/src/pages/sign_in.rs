//! Signing in and out, and the first account.

mod code;
mod password;
mod welcome;

pub(super) use code::code_page;
pub use code::{code_form, enter_code};
pub(crate) use password::new_password;
pub(super) use password::{SHORTEST_PASSWORD, is_common, password_of, too_short, typed_differently};
pub(super) use welcome::welcome;

use super::go_on;
use crate::app::App;
use crate::cookie;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::{ACCOUNT_NAME, PASSWORD, PASSWORD_AGAIN};
use crate::form::{Carried, Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::passkeys::{PasskeyForm, Standing};
use crate::peer::PeerAddress;
use crate::port::{Activity, Client, PasskeyBy, Session, Stage};
use crate::session::{Posted, find_session, from_own_pages, local_path, read_form};
use crate::token;
use crate::words::{PasskeyWords, PeopleWords, SignInWords};
use askama::Template;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Frame,
    w: &'static SignInWords,
    action: &'static str,
    lead: String,
    next: String,
    hidden: Vec<(String, String)>,
    summary: Summary,
    account: Input,
    password: Input,
    again: Option<Input>,
    go: &'static str,
    emergency: &'static str,
    pw: &'static PasskeyWords,
    passkey: Option<PasskeyForm>,
    no_passkey: Option<&'static str>,
}

/// `GET /sign-in`
pub async fn form(
    State(app): State<App>,
    standing: Standing,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    if !app.read(|desk| desk.has_accounts()).await? {
        return Ok(go_on("/set-up"));
    }
    if find_session(&headers, &app, Activity::Person).await?.is_some() {
        return Ok(go_on("/"));
    }
    let lang = Lang::of_request(&headers);
    let w = SignInWords::of(lang);
    let next = query.get("next").map_or("/", |next| local_path(next)).to_owned();
    let lead = match (query.contains_key("done"), next.as_str()) {
        (true, _) => w.set_up_done,
        (false, "/") => "",
        (false, _) => w.lost,
    };
    let sign_in = SignIn { next, lead, standing: Some(standing), ..SignIn::default() };
    show(&app, lang, sign_in, &Typed::default())
}

/// `POST /sign-in`
pub async fn sign_in(
    State(app): State<App>,
    peer: PeerAddress,
    standing: Standing,
    request: Request,
) -> Result<Response, PageError> {
    let client = client_of(peer, request.headers());
    let (lang, mut typed) = read_unsigned(&app, request).await?;
    let (next, carried) = goes_on_to(&app, peer, &typed)?;
    let (name, password) = (typed.required(&ACCOUNT_NAME), password_of(&mut typed));
    let (Some(name), Some(password)) = (name, password) else {
        return sign_in_page(&app, lang, next, carried, standing, &typed);
    };
    match app.desk.sign_in(name, password, client).await {
        Ok(session) if session.stage == Stage::Code => {
            let page = code_page(&app, lang, &session, next, carried, standing, &Typed::default()).await?;
            Ok(with_session(&app, &session, page))
        }
        Ok(session) => welcome(&app, lang, &session, &next, carried),
        Err(refusal) => {
            typed.refuse(PASSWORD.name, refusal.why);
            sign_in_page(&app, lang, next, carried, standing, &typed)
        }
    }
}

/// Where somebody goes on who tries to sign in, and the form that waits meanwhile; not after too many tries.
pub(super) fn goes_on_to(app: &App, peer: PeerAddress, typed: &Typed) -> Result<(String, Option<Carried>), PageError> {
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    Ok((local_path(typed.value("next")).to_owned(), Carried::brought_by(typed)))
}

/// From where somebody signs in, and at which counter.
pub(super) fn client_of(peer: PeerAddress, headers: &HeaderMap) -> Client {
    Client { address: peer.0, counter: counter_here::of_request(headers) }
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<App>, posted: Posted) -> Response {
    app.desk.sign_out(&posted.who.session.token).await;
    let gone = cookie::forget(&app.settings, cookie::session_name(&app.settings));
    // nothing is kept in the browser; this says so to caches that think otherwise
    let cleared = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    ([(SET_COOKIE, gone), cleared], Redirect::to("/sign-in")).into_response()
}

/// The sign-in page around a form whose session had ended; what was typed waits in it.
pub fn interrupted(app: &App, lang: Lang, next: String, carried: Carried) -> Response {
    let w = SignInWords::of(lang);
    let sign_in = SignIn { next, lead: w.kept, hidden: carried.hidden(), ..SignIn::default() };
    let shown = show(app, lang, sign_in, &Typed::default());
    shown.map_or_else(PageError::into_response, |response| (StatusCode::UNAUTHORIZED, response).into_response())
}

/// `GET /set-up`
pub async fn set_up_form(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageError> {
    if app.read(|desk| desk.has_accounts()).await? {
        return Ok(go_on("/sign-in"));
    }
    show(&app, Lang::of_request(&headers), SignIn { set_up: true, ..SignIn::default() }, &Typed::default())
}

/// `POST /set-up`
pub async fn set_up(State(app): State<App>, peer: PeerAddress, request: Request) -> Result<Response, PageError> {
    let (lang, mut typed) = read_unsigned(&app, request).await?;
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    let name = typed.required(&ACCOUNT_NAME);
    let password = new_password(&mut typed);
    if let (Some(name), Some(password), true) = (name, password, typed.is_fine()) {
        match app.desk.create_first_account(name, password).await {
            Ok(()) => return Ok(go_on("/sign-in?done=1")),
            Err(refusal) => typed.refuse("", refusal.why),
        }
    }
    show(&app, lang, SignIn { set_up: true, ..SignIn::default() }, &typed)
}

#[derive(Default)]
struct SignIn {
    set_up: bool,
    next: String,
    lead: &'static str,
    hidden: Vec<(String, String)>,
    /// where a passkey may be shown; none where a page asks for nothing but the password
    standing: Option<Standing>,
}

fn show(app: &App, lang: Lang, sign_in: SignIn, typed: &Typed) -> Result<Response, PageError> {
    let w = SignInWords::of(lang);
    let title = if sign_in.set_up { w.set_up_title } else { w.title };
    let path = if sign_in.set_up { "/set-up" } else { "/sign-in" };
    let pre_session = token::random();
    let frame = Frame { csrf: pre_session.clone(), ..Frame::bare(app, lang, path.to_owned(), title) };
    let secret = |field, complete| Input {
        kind: "password",
        complete,
        value: String::new(),
        ..Input::of(field, "sign-in", typed, lang)
    };
    let again = sign_in.set_up.then(|| secret(&PASSWORD_AGAIN, "new-password"));
    let password = secret(&PASSWORD, if sign_in.set_up { "new-password" } else { "current-password" });
    let account = Input::of(&ACCOUNT_NAME, "sign-in", typed, lang);
    let pw = PasskeyWords::of(lang);
    let no_passkey = sign_in.standing.as_ref().and_then(|standing| standing.why_not(lang));
    let by = PasskeyBy::Form(pre_session.clone());
    let question = sign_in.standing.and_then(Standing::place);
    let question = question.and_then(|place| app.desk.people().ask_for_passkey(&by, place).ok());
    let passkey = question.map(|question| PasskeyForm {
        w: pw,
        action: "/sign-in/passkey",
        csrf: pre_session.clone(),
        hidden: std::iter::once(("next".to_owned(), sign_in.next.clone())).chain(sign_in.hidden.clone()).collect(),
        question,
        site: String::new(),
        account: String::new(),
        go: pw.show_go,
        is_first: false,
    });
    let content = SignInPage {
        pw,
        passkey,
        no_passkey,
        summary: Summary::of("sign-in", typed, lang),
        account: Input { complete: "username", ..account.focus(typed.is_fine()) },
        password: Input { hint: if sign_in.set_up { w.password_hint } else { "" }, ..password },
        again,
        lead: if sign_in.set_up { w.set_up.to_owned() } else { sign_in.lead.to_owned() },
        action: if sign_in.set_up { "/set-up" } else { "/sign-in" },
        emergency: PeopleWords::of(lang).emergency_link,
        go: if sign_in.set_up { w.set_up_go } else { w.sign_in },
        next: sign_in.next,
        hidden: sign_in.hidden,
        page: frame,
        w,
    };
    let cookie = cookie::set(&app.settings, cookie::form_name(&app.settings), &pre_session);
    Ok(([(SET_COOKIE, cookie)], page(&content)?).into_response())
}

/// A form of somebody who is not signed in: its token must be the one in this browser's cookie.
pub(super) async fn read_unsigned(app: &App, request: Request) -> Result<(Lang, Typed), PageError> {
    let headers = request.headers().clone();
    let typed = read_form(request, app).await?;
    let expected = cookie::read(&headers, cookie::form_name(&app.settings)).unwrap_or_default();
    if !from_own_pages(&headers) || !token::same(typed.value("csrf"), expected) {
        return Err(PageError::FormExpired);
    }
    Ok((Lang::of_request(&headers), typed))
}

/// The sign-in page once more, with what was wrong.
pub(super) fn sign_in_page(
    app: &App,
    lang: Lang,
    next: String,
    carried: Option<Carried>,
    standing: Standing,
    typed: &Typed,
) -> Result<Response, PageError> {
    let hidden = carried.map(|carried| carried.hidden()).unwrap_or_default();
    show(app, lang, SignIn { next, hidden, standing: Some(standing), ..SignIn::default() }, typed)
}

/// The answer of a request in which a session began that is not whole yet.
fn with_session(app: &App, session: &Session, mut response: Response) -> Response {
    let cookie = cookie::set(&app.settings, cookie::session_name(&app.settings), &session.token.0);
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}
