//! Practice controls of the demonstration clinic: cut and restore links, switch faults, deal cards.

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::frame::{Frame, page};
use crate::port::{CastMember, Practice};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::PracticeWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::link::Link;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticePage {
    page: Frame,
    w: &'static PracticeWords,
    refused: Option<String>,
    dealt: bool,
    knobs: Vec<(&'static str, &'static str, bool)>,
    faults: Vec<(String, String, bool)>,
    cast: Vec<Member>,
}

struct Member {
    key: String,
    name: String,
    kana: String,
    birth: String,
    born: String,
    sex: &'static str,
    story: String,
    papers: String,
}

/// Ways of identifying at the simulated reader.
const METHODS: [&str; 3] = ["face", "pin", "visual"];

/// `GET /practice`
pub async fn practice(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None)
}

/// `POST /practice`: a link, a fault or a card.
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let controls = controls(&app)?;
    let on = typed.value("on") == "yes";
    let known = match typed.value("what") {
        "link" => Link::from_code(typed.value("code")).map(|link| controls.set_link(link, on)).is_some(),
        "fault" => controls.set_fault(typed.value("code"), on),
        "card" => return deal(&app, &who, &controls, &typed),
        _ => false,
    };
    if known { Ok(go_on("/practice")) } else { Err(PageError::BadForm) }
}

fn deal(app: &App, who: &SignedIn, controls: &Arc<dyn Practice>, typed: &Typed) -> Result<Response, PageError> {
    let method = METHODS.into_iter().find(|method| *method == typed.value("method")).ok_or(PageError::BadForm)?;
    match controls.deal_card(typed.value("code"), method) {
        Ok(()) => Ok(go_on("/practice?dealt=1")),
        Err(why) => show_page(app, who, Some(who.lang.of(&why))),
    }
}

fn controls(app: &App) -> Result<Arc<dyn Practice>, PageError> {
    app.desk.practice().ok_or(PageError::NotFound)
}

fn show_page(app: &App, who: &SignedIn, refused: Option<String>) -> Result<Response, PageError> {
    let state = controls(app)?.state();
    let (lang, w) = (who.lang, PracticeWords::of(who.lang));
    let frame = Frame::of(app, who, "practice", w.title);
    let today = frame.today;
    let member = |member: CastMember| Member {
        birth: show::birth(lang, member.birth_date, today),
        born: member.birth_date.to_string(),
        sex: show::sex(lang, member.sex),
        story: lang.of(&member.story),
        papers: lang.of(&member.papers),
        key: member.key,
        name: member.name,
        kana: member.name_kana,
    };
    page(&PracticePage {
        refused,
        dealt: who.path.ends_with("?dealt=1"),
        knobs: state.knobs.iter().map(|knob| (knob.link.code(), show::link(lang, knob.link), knob.up)).collect(),
        faults: state.faults.into_iter().map(|(code, words, on)| (code, lang.of(&words), on)).collect(),
        cast: state.cast.into_iter().map(member).collect(),
        page: frame,
        w,
    })
}
