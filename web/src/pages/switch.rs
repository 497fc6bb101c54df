//! A counter several people share: taking it over, locking it, unlocking it, and the half-filled forms that wait meanwhile.

use super::sign_in::{client_of, welcome};
use crate::app::App;
use crate::counter_here;
use crate::drafts::Draft;
use crate::error::{PageError, encode};
use crate::form::fields::SECRET_OF_PERSON;
use crate::form::{Choice, Field, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::peer::PeerAddress;
use crate::port::{Session, StaffMember, Stage};
use crate::session::{Posted, SignedIn, local_path};
use crate::words::PeopleWords;
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fact::Author;
use domain::text::Text;
use http::{HeaderMap, StatusCode};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "switch.html")]
struct SwitchPage {
    page: Frame,
    w: &'static PeopleWords,
    action: &'static str,
    lead: &'static str,
    go: &'static str,
    next: String,
    summary: Summary,
    names: Option<Choice>,
    secret: Input,
}

const NAME: Field = Field::new("author", "名前", "Name", 64);
static NAME_FIELD: Field = NAME;

/// `GET /unlock`
pub async fn unlock_form(
    State(app): State<App>,
    who: SignedIn,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let next = query.get("next").map_or("/", |next| local_path(next)).to_owned();
    match who.session.stage {
        Stage::Locked => show_unlock(&app, &who, next, &Typed::default()),
        _ => Ok(Redirect::to(&next).into_response()),
    }
}

/// `POST /unlock`: the same person is back.
pub async fn unlock(
    State(app): State<App>,
    peer: PeerAddress,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let next = local_path(typed.value("next")).to_owned();
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    if let Some(secret) = secret_of(&mut typed) {
        match app.desk.people().unlock(&who.session, secret, client_of(peer, &headers)).await {
            Ok(session) => return welcome(&app, who.lang, &session, &next, None),
            Err(refusal) => typed.refuse(SECRET_OF_PERSON.name, refusal.why),
        }
    }
    show_unlock(&app, &who, next, &typed)
}

/// `POST /lock`: somebody leaves the counter for a moment.
pub async fn lock(State(app): State<App>, posted: Posted) -> Response {
    app.desk.people().lock(&posted.who.session).await;
    Redirect::to(&format!("/unlock?next={}", encode(local_path(posted.typed.value("next"))))).into_response()
}

/// `GET /switch`
pub async fn form(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    match who.session.stage {
        Stage::Code => Ok(Redirect::to("/sign-in/code").into_response()),
        _ => show_switch(&app, &who, &Typed::default()).await,
    }
}

/// `POST /switch`: another person takes the counter over and begins with a clean desk; a form of their own that waits is there again.
pub async fn switch(
    State(app): State<App>,
    peer: PeerAddress,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    if who.session.stage == Stage::Code {
        return Err(PageError::FormExpired);
    }
    if !app.may_try_sign_in(peer.0) {
        return Err(PageError::TooMany);
    }
    let to = Some(typed.value(NAME.name).to_owned()).filter(|to| !to.is_empty());
    if to.is_none() {
        typed.refuse(NAME.name, NAME.not_a_choice());
    }
    let secret = secret_of(&mut typed);
    if let (Some(to), Some(secret)) = (to, secret) {
        let client = client_of(peer, &headers);
        match app.desk.people().switch(&who.session, Author::new(to), secret, client).await {
            Ok(session) => return welcome(&app, who.lang, &session, &first_page(&app, &session), None),
            Err(refusal) => typed.refuse(SECRET_OF_PERSON.name, refusal.why),
        }
    }
    show_switch(&app, &who, &typed).await
}

/// Where somebody goes on who takes the counter over.
fn first_page(app: &App, session: &Session) -> String {
    app.drafts.newest_page(&session.account.author).unwrap_or_else(|| "/".to_owned())
}

/// `GET /active`: somebody is typing. That the question came is all there is to it.
pub async fn active() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `POST /drafts`: what stands half filled in on a page that is about to lock or to be left.
pub async fn keep_draft(State(app): State<App>, posted: Posted) -> StatusCode {
    let Posted { who, typed } = posted;
    if who.session.stage == Stage::Code {
        return StatusCode::FORBIDDEN;
    }
    let path = local_path(typed.value("draft_path")).to_owned();
    let fields: Vec<(String, String)> =
        typed.carried_fields().into_iter().filter(|(name, _)| name.contains('|')).collect();
    if !fields.is_empty() {
        app.drafts.keep(&who.session.account.author, Draft { path, sent_to: None, fields });
    }
    StatusCode::NO_CONTENT
}

/// `POST /drafts/take`: the form goes back into its page, once.
pub async fn take_draft(State(app): State<App>, posted: Posted) -> Response {
    let path = local_path(posted.typed.value("draft_path"));
    match app.drafts.take_half(&posted.who.session.account.author, path) {
        Some(draft) => Json(draft.fields).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

fn secret_of(typed: &mut Typed) -> Option<String> {
    let secret = typed.value(SECRET_OF_PERSON.name).to_owned();
    if secret.is_empty() {
        typed.refuse(SECRET_OF_PERSON.name, SECRET_OF_PERSON.empty());
    }
    Some(secret).filter(|secret| !secret.is_empty() && secret.chars().count() <= SECRET_OF_PERSON.max)
}

fn secret_input(typed: &Typed, lang: Lang) -> Input {
    let input = Input::of(&SECRET_OF_PERSON, "take-over", typed, lang).unechoed();
    Input { kind: "password", complete: "current-password", ..input }
}

/// The frame of a page that shows nothing of the one before: no menu, nobody's name.
fn clean_frame(app: &App, who: &SignedIn, path: &str, title: &'static str) -> Frame {
    let frame = Frame::bare(app, who.lang, path.to_owned(), title);
    Frame { csrf: who.session.csrf.clone(), look: who.session.look, ..frame }
}

fn show_unlock(app: &App, who: &SignedIn, next: String, typed: &Typed) -> Result<Response, PageError> {
    let w = PeopleWords::of(who.lang);
    let title = format!("{} — {}", w.unlock_title, who.session.account.name);
    page(&SwitchPage {
        page: Frame { title, ..clean_frame(app, who, "/unlock", w.unlock_title) },
        w,
        action: "/unlock",
        lead: w.unlock_lead,
        go: w.go_on,
        next,
        summary: Summary::of("take-over", typed, who.lang),
        names: None,
        secret: secret_input(typed, who.lang).focus(true),
    })
}

async fn show_switch(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let w = PeopleWords::of(who.lang);
    let present = who.session.account.author.clone();
    let staff = app.read(|desk| desk.people().staff()).await?;
    let is_open = who.session.stage == Stage::Open;
    let may = |member: &&StaffMember| !(member.is_locked || is_open && member.author == present);
    let offers: Vec<Offer> =
        staff.iter().filter(may).map(|member| Offer::new(member.author.as_str(), member.name.clone())).collect();
    let lead = if offers.is_empty() { w.switch_nobody } else { w.switch_lead };
    page(&SwitchPage {
        page: clean_frame(app, who, "/switch", w.switch_title),
        w,
        action: "/switch",
        lead,
        go: w.switch_go,
        next: "/".to_owned(),
        summary: Summary::of("take-over", typed, who.lang),
        names: Some(Choice::of(&NAME_FIELD, "take-over", typed, who.lang, offers)),
        secret: secret_input(typed, who.lang),
    })
}

/// Keeps the name of this counter, or says why not.
pub(super) fn name_counter(app: &App, typed: &mut Typed) -> Option<http::HeaderValue> {
    let name = typed.required(&crate::form::fields::COUNTER_NAME)?;
    if name.chars().count() > counter_here::LONGEST {
        typed.refuse("counter", Text::new("20文字までにしてください。", "At most 20 letters, please."));
        return None;
    }
    Some(counter_here::keep(&app.settings, &name))
}
