//! The disaster function of the facility: whether it is open, and opening and closing it with a reason.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::REASON;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, DisasterPeriod, DisasterTurn};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::DisasterWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;

#[derive(Template)]
#[template(path = "disaster.html")]
struct DisasterPage {
    page: Frame,
    w: &'static DisasterWords,
    summary: Summary,
    is_open: bool,
    /// staff opened it, so staff may close it
    may_close: bool,
    by_settings: bool,
    reason: Input,
    periods: Vec<Line>,
}

struct Line {
    from: String,
    opened_by: String,
    opened_why: String,
    until: String,
    closed_by: String,
    closed_why: String,
}

/// `GET /disaster`
pub async fn disaster(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default()).await
}

/// `POST /disaster`: `do` is `open` or `close`.
pub async fn turn(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let open = match typed.value("do") {
        "open" => true,
        "close" => false,
        _ => return Err(PageError::BadForm),
    };
    if let Some(reason) = typed.required(&REASON) {
        let command = DeskCommand::TurnDisasterMode { open, reason };
        if hand_in(&app, &who, &mut typed, command, str::to_owned).await?.is_some() {
            return Ok(go_on("/disaster?saved=1"));
        }
    }
    show_page(&app, &who, &typed).await
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let view = app.read(|desk| desk.disaster_mode()).await?;
    let (lang, w) = (who.lang, DisasterWords::of(who.lang));
    let frame = Frame::of(app, who, "links", w.title);
    let today = frame.today;
    page(&DisasterPage {
        summary: Summary::of("disaster", typed, lang),
        is_open: view.by_settings || view.open().is_some(),
        may_close: view.open().is_some(),
        by_settings: view.by_settings,
        reason: Input { label: w.reason, ..Input::of(&REASON, "disaster", typed, lang) }.wide(),
        periods: view.periods.iter().map(|period| line(lang, w, period, today)).collect(),
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn line(lang: Lang, w: &'static DisasterWords, period: &DisasterPeriod, today: Date) -> Line {
    let at = |turn: &DisasterTurn| show::moment(lang, turn.at, today);
    let closed = period.closed.as_ref();
    Line {
        from: at(&period.opened),
        opened_by: period.opened.by.clone(),
        opened_why: period.opened.reason.clone(),
        until: closed.map_or_else(|| w.still.to_owned(), at),
        closed_by: closed.map(|turn| turn.by.clone()).unwrap_or_default(),
        closed_why: closed.map(|turn| turn.reason.clone()).unwrap_or_default(),
    }
}
