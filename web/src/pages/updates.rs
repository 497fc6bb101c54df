//! Updates of the program: what runs, what is to come, why it waits, and how the last ones ended.

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::port::{PastUpdate, UpdateStage, UpdateWish, UpdatesView};
use crate::rights::Right;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::UpdateWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "updates.html")]
struct UpdatesPage {
    page: Frame,
    w: &'static UpdateWords,
    view: Option<Shown>,
    refused: Option<String>,
    /// as it was typed
    days: String,
    done: bool,
    may_change: bool,
}

struct Shown {
    running: String,
    slot: Option<String>,
    proven: Option<&'static str>,
    offered: Option<String>,
    state: String,
    since: Option<String>,
    reason: Option<String>,
    next: String,
    fetched: Option<String>,
    window: String,
    next_window: String,
    postponed_until: Option<String>,
    postponable_until: Option<String>,
    is_asked: bool,
    is_ready: bool,
    is_restarting: bool,
    history: Vec<Line>,
}

struct Line {
    when: String,
    version: String,
    outcome: &'static str,
    is_good: bool,
    why: String,
}

/// `GET /updates`
pub async fn updates(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None, "").await
}

/// `POST /updates/change`: `do` is `check`, `install`, `as_planned` or `postpone` (with `days`).
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let updates = app.desk.updates().ok_or(PageError::NotFound)?;
    let days = typed.value("days").trim().to_owned();
    let wish = match typed.value("do") {
        "check" => UpdateWish::Check,
        "install" => UpdateWish::Install,
        "as_planned" => UpdateWish::AsPlanned,
        // what is no number of days is refused in the words of the desk
        "postpone" => UpdateWish::Postpone(days.parse().unwrap_or(0)),
        _ => return Err(PageError::BadForm),
    };
    match updates.wish(&who.session.account, wish).await {
        Ok(()) => Ok(go_on("/updates?done=1")),
        Err(why) => show_page(&app, &who, Some(who.lang.of(&why)), &days).await,
    }
}

async fn show_page(app: &App, who: &SignedIn, refused: Option<String>, days: &str) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, UpdateWords::of(who.lang));
    let view = app.read(|desk| Ok(desk.updates().map(|updates| updates.view()))).await?;
    let frame = Frame { path: "/updates".to_owned(), ..Frame::of(app, who, "updates", w.title) };
    let today = frame.today;
    let done = who.path.split_once('?').is_some_and(|(_, query)| query.split('&').any(|part| part == "done=1"));
    page(&UpdatesPage {
        view: view.map(|view| shown(lang, w, view, today)),
        done: done && refused.is_none(),
        refused,
        days: if days.is_empty() { "3".to_owned() } else { days.to_owned() },
        may_change: Right::Boxes.is_given_to(who.session.role),
        page: frame,
        w,
    })
}

fn shown(lang: crate::lang::Lang, w: &'static UpdateWords, view: UpdatesView, today: domain::Date) -> Shown {
    let moment = |at| show::moment(lang, at, today);
    let line = |past: &PastUpdate| Line {
        when: moment(past.at),
        version: past.version.clone(),
        outcome: match past.outcome {
            "proven" => w.outcome_proven,
            "returned" => w.outcome_returned,
            "refused" => w.outcome_refused,
            _ => w.outcome_failed,
        },
        is_good: past.outcome == "proven",
        why: lang.of(&past.why),
    };
    Shown {
        running: view.running,
        slot: view.slot,
        proven: view.is_proven.map(|is_proven| if is_proven { w.proven } else { w.unproven }),
        offered: view.offered,
        state: lang.of(&view.state),
        since: view.since.map(moment),
        reason: view.reason.map(|reason| lang.of(&reason)),
        next: lang.of(&view.next),
        fetched: view.fetched.map(|(here, all)| format!("{} / {} MB", here / 1_000_000, all.div_ceil(1_000_000))),
        window: lang.of(&view.window),
        next_window: moment(view.next_window),
        postponed_until: view.postponed_until.map(moment),
        postponable_until: view.postponable_until.map(moment),
        is_asked: view.is_asked,
        is_ready: view.stage == UpdateStage::Ready,
        is_restarting: view.stage == UpdateStage::Restarting,
        history: view.history.iter().map(line).collect(),
    }
}
