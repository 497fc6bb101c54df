//! Signing in and out, and the first account.

use super::go_on;
use crate::app::App;
use crate::cookie;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::{ACCOUNT_NAME, PASSWORD, PASSWORD_AGAIN, SECOND_FACTOR_CODE};
use crate::form::{Carried, Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::passkeys::{PasskeyForm, Standing};
use crate::peer::PeerAddress;
use crate::port::{Activity, Client, PasskeyBy, Session, Stage};
use crate::rights::home;
use crate::session::{Posted, find_session, from_own_pages, local_path, read_form};
use crate::token;
use crate::words::{PasskeyWords, PeopleWords, SignInWords};
use askama::Template;
use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::Text;
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

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    page: Frame,
    w: &'static SignInWords,
    to: String,
    hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    page: Frame,
    w: &'static PeopleWords,
    next: String,
    hidden: Vec<(String, String)>,
    summary: Summary,
    code: Input,
    pw: &'static PasskeyWords,
    passkey: Option<PasskeyForm>,
    no_passkey: Option<&'static str>,
}

/// Shortest password.
const SHORTEST_PASSWORD: usize = 12;

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
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    let name = typed.required(&ACCOUNT_NAME);
    let password = password_of(&mut typed);
    let next = local_path(typed.value("next")).to_owned();
    let carried = Carried::brought_by(&typed);
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

/// `GET /sign-in/code`
pub async fn code_form(
    State(app): State<App>,
    standing: Standing,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(Extension(session)) = session else { return Ok(go_on("/sign-in")) };
    if session.stage != Stage::Code {
        return Ok(go_on("/"));
    }
    let (lang, next) = (Lang::of_request(&headers), "/".to_owned());
    code_page(&app, lang, &session, next, None, standing, &Typed::default()).await
}

/// `POST /sign-in/code`
pub async fn enter_code(
    State(app): State<App>,
    peer: PeerAddress,
    standing: Standing,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    let next = local_path(typed.value("next")).to_owned();
    let carried = Carried::brought_by(&typed);
    if let Some(code) = typed.required(&SECOND_FACTOR_CODE) {
        let client = client_of(peer, &headers);
        match app.desk.people().enter_code(&who.session, code, client).await {
            Ok(session) => return welcome(&app, who.lang, &session, &next, carried),
            Err(refusal) => typed.refuse(SECOND_FACTOR_CODE.name, refusal.why),
        }
    }
    code_page(&app, who.lang, &who.session, next, carried, standing, &typed).await
}

/// The page of the second factor; a passkey is asked for where there is one that works here.
pub(super) async fn code_page(
    app: &App,
    lang: Lang,
    session: &Session,
    next: String,
    carried: Option<Carried>,
    standing: Standing,
    typed: &Typed,
) -> Result<Response, PageError> {
    let hidden = carried.map(|carried| carried.hidden()).unwrap_or_default();
    let (by, author) = (PasskeyBy::Session(Box::new(session.clone())), session.account.author.clone());
    let no_passkey = standing.why_not(lang);
    let (question, has_any) = app
        .read(move |desk| {
            let has_any = !desk.people().passkeys(&author)?.is_empty();
            let place = standing.place().filter(|_| has_any);
            Ok((place.and_then(|place| desk.people().ask_for_passkey(&by, place).ok()), has_any))
        })
        .await?;
    let pw = PasskeyWords::of(lang);
    let with_next = |hidden: &[(String, String)]| {
        std::iter::once(("next".to_owned(), next.clone())).chain(hidden.iter().cloned()).collect()
    };
    let passkey = question.filter(|question| !question.known.is_empty()).map(|question| PasskeyForm {
        w: pw,
        action: "/sign-in/code/passkey",
        csrf: session.csrf.clone(),
        hidden: with_next(&hidden),
        question,
        site: String::new(),
        account: String::new(),
        go: pw.factor_go,
        is_first: true,
    });
    let w = PeopleWords::of(lang);
    let frame = Frame::bare(app, lang, "/sign-in/code".to_owned(), w.code_title);
    let code = Input::of(&SECOND_FACTOR_CODE, "code", typed, lang).unechoed().focus(true);
    page(&CodePage {
        page: Frame { csrf: session.csrf.clone(), look: session.look, ..frame },
        w,
        next,
        hidden,
        summary: Summary::of("code", typed, lang),
        pw,
        passkey,
        no_passkey: no_passkey.filter(|_| has_any),
        code: Input { complete: "one-time-code", ..code },
    })
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

/// A password as it was typed: spaces count, nothing is trimmed.
pub(super) fn password_of(typed: &mut Typed) -> Option<String> {
    let password = typed.value(PASSWORD.name).to_owned();
    if password.is_empty() {
        typed.refuse(PASSWORD.name, PASSWORD.empty());
        return None;
    }
    if password.chars().count() > PASSWORD.max {
        typed.refuse(PASSWORD.name, PASSWORD.too_long());
        return None;
    }
    Some(password)
}

pub(crate) fn new_password(typed: &mut Typed) -> Option<String> {
    let password = password_of(typed)?;
    if password.chars().count() < SHORTEST_PASSWORD {
        let text = Text::new("パスワードは12文字以上にしてください。", "The password needs at least 12 characters.");
        typed.refuse(PASSWORD.name, text);
        return None;
    }
    if is_common(&password) {
        let text = Text::new(
            "よく使われる並びのパスワードです。別の長い言葉の組み合わせにしてください。",
            "This password is one many people use. Please take several words of your own.",
        );
        typed.refuse(PASSWORD.name, text);
        return None;
    }
    if password != typed.value(PASSWORD_AGAIN.name) {
        let text = Text::new("2回のパスワードが違います。", "The two passwords differ.");
        typed.refuse(PASSWORD_AGAIN.name, text);
        return None;
    }
    Some(password)
}

/// Passwords that are guessed first: a piece repeated, a run along the keyboard or the alphabet, the words everybody takes.
pub(super) fn is_common(password: &str) -> bool {
    const RUNS: [&str; 5] = [
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "0123456789",
        "1q2w3e4r5t6y7u8i9o0p",
        "zyxwvutsrqponmlkjihgfedcba",
    ];
    const WORDS: [&str; 8] =
        ["password", "passw0rd", "letmein", "welcome", "administrator", "qwerty", "iloveyou", "uketsuke"];
    let lower: String = password.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let letters: Vec<char> = lower.chars().collect();
    let repeats = (1..=4).any(|piece| letters.iter().zip(letters.iter().skip(piece)).all(|(one, two)| one == two));
    let core: String = lower.trim_matches(|letter: char| !letter.is_alphabetic()).to_owned();
    let twice = |word: &str| core == word.repeat(2);
    repeats
        || RUNS.iter().any(|run| run.repeat(2).contains(&lower))
        || WORDS.iter().any(|word| core == *word || twice(word))
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

/// Goes on under a new session: to what was handed in and waits, or to a page.
pub(super) fn welcome(
    app: &App,
    lang: Lang,
    session: &Session,
    next: &str,
    carried: Option<Carried>,
) -> Result<Response, PageError> {
    let session_cookie = cookie::set(&app.settings, cookie::session_name(&app.settings), &session.token.0);
    let form_cookie = cookie::forget(&app.settings, cookie::form_name(&app.settings));
    let next = if next == "/" { home(session.role) } else { next };
    let waiting = || {
        let draft = app.drafts.take_sent(&session.account.author)?;
        Some(Carried { to: draft.sent_to?, fields: draft.fields })
    };
    let mut response = match carried.or_else(waiting) {
        None => go_on(next),
        Some(carried) => resume(app, lang, session, carried)?,
    };
    for cookie in [session_cookie, form_cookie] as [HeaderValue; 2] {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn resume(app: &App, lang: Lang, session: &Session, carried: Carried) -> Result<Response, PageError> {
    let w = SignInWords::of(lang);
    let frame = Frame::bare(app, lang, "/".to_owned(), w.resume_title).signed_in(session).held();
    page(&ResumePage { page: frame, w, to: local_path(&carried.to).to_owned(), hidden: carried.fields })
}
