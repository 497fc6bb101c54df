//! The second factor: a code, a recovery code, or a passkey.

use super::{client_of, goes_on_to, welcome};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::SECOND_FACTOR_CODE;
use crate::form::{Carried, Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::go_on;
use crate::passkeys::{PasskeyForm, Standing};
use crate::peer::PeerAddress;
use crate::port::{PasskeyBy, Session, Stage};
use crate::session::Posted;
use crate::words::{PasskeyWords, PeopleWords};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

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
    let (next, carried) = goes_on_to(&app, peer, &typed)?;
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
pub(in crate::pages) async fn code_page(
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
