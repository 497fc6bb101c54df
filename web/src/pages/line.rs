//! The waiting line: numbers apart from the reader, one key per step; and what the waiting room sees of it.

use super::{go_on, hand_in};
use crate::app::App;
use crate::assets;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::CALL_NAME;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, LineCommand, LineItem, counter_of_nobody};
use crate::session::{Posted, SignedIn};
use crate::show::{self, Chip};
use crate::words::LineWords;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use domain::Timestamp;
use domain::waiting::{ParkReason, TicketCommand, TicketId, TicketStatus};
use http::{HeaderMap, HeaderName};
use serde::Deserialize;
use std::net::IpAddr;

/// Numbers that wait, as many as the wall shows.
const ON_THE_WALL: usize = 24;
/// Seconds after which the wall looks again.
const WALL_LOOKS_AGAIN_S: &str = "4";

#[derive(Template)]
#[template(path = "line.html")]
struct LinePage {
    page: Frame,
    w: &'static LineWords,
    summary: Summary,
    counter: String,
    name: Input,
    taken: Option<(String, String)>,
    here: Vec<Row>,
    elsewhere: Vec<Row>,
    waiting: Vec<Row>,
    parked: Vec<Row>,
    ended: Vec<Row>,
    reasons: Vec<(usize, &'static str, &'static str)>,
}

struct Row {
    ticket: String,
    label: String,
    name: String,
    minutes: i64,
    since: String,
    chip: Chip,
    why: String,
    called_to: String,
    is_called_twice: bool,
    visit: Option<String>,
}

/// Which number was handed out just now.
#[derive(Deserialize)]
pub struct Taken {
    taken: Option<String>,
}

/// `GET /line`
pub async fn line(
    State(app): State<App>,
    who: SignedIn,
    headers: HeaderMap,
    Query(taken): Query<Taken>,
) -> Result<Response, PageError> {
    show_page(&app, &who, &headers, &Typed::default(), taken.taken).await
}

/// `POST /line`: `do` says what.
pub async fn change(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let counter = counter_of(&headers, &who);
    let command = read(&mut typed, counter).ok_or(PageError::BadForm)?;
    let is_new = matches!(command, LineCommand::Take { .. });
    if typed.is_fine()
        && let Some(saved) = hand_in(&app, &who, &mut typed, DeskCommand::Line(command), field_of).await?
    {
        let taken = saved.about.filter(|_| is_new);
        return Ok(go_on(&taken.map_or("/line".to_owned(), |ticket| format!("/line?taken={ticket}"))));
    }
    show_page(&app, &who, &headers, &typed, None).await
}

fn field_of(at: &str) -> String {
    if at == "line" { String::new() } else { at.to_owned() }
}

fn counter_of(headers: &HeaderMap, who: &SignedIn) -> String {
    counter_here::of_screen(headers, who).unwrap_or_else(|| counter_of_nobody().to_owned())
}

fn read(typed: &mut Typed, counter: String) -> Option<LineCommand> {
    let ticket = TicketId::new(typed.value("ticket"));
    let number = |command, counter| LineCommand::Number { ticket, command, counter };
    Some(match typed.value("do") {
        "take" => LineCommand::Take { name: typed.text(&CALL_NAME), counter },
        "next" => LineCommand::CallNext { counter },
        "call" => number(TicketCommand::Call(counter.clone()), counter),
        "back" => number(TicketCommand::ComeBack, counter),
        "done" => number(TicketCommand::Serve(None), counter),
        "missed" => number(TicketCommand::Miss, counter),
        "left" => number(TicketCommand::Leave(None), counter),
        other => {
            let reason = other.strip_prefix("park-").and_then(ParkReason::from_code)?;
            number(TicketCommand::Park(reason, None), counter)
        }
    })
}

async fn show_page(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    typed: &Typed,
    taken: Option<String>,
) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, LineWords::of(who.lang));
    let line = app.read(|desk| desk.line()).await?;
    let counter = counter_of(headers, who);
    let frame = Frame { path: "/line".to_owned(), ..Frame::of(app, who, "line", w.title) };
    let now = frame.now;
    let row = |item: &LineItem| show_row(lang, now, item);
    let of = |status: TicketStatus| line.iter().filter(move |item| item.state.status == status);
    let is_here = |item: &&LineItem| item.state.called_to.contains(&counter);
    let taken = taken.and_then(|taken| line.iter().find(|item| item.ticket.as_str() == taken));
    page(&LinePage {
        summary: Summary::of("line", typed, lang),
        name: Input { autofocus: false, ..Input::of(&CALL_NAME, "line", typed, lang) },
        taken: taken.map(|item| (item.ticket.to_string(), item.state.label.clone())),
        here: of(TicketStatus::Called).filter(is_here).map(row).collect(),
        elsewhere: of(TicketStatus::Called).filter(|item| !is_here(item)).map(row).collect(),
        waiting: of(TicketStatus::Waiting).map(row).collect(),
        parked: of(TicketStatus::Parked).map(row).collect(),
        ended: line.iter().rev().filter(|item| !item.state.status.is_open()).map(row).collect(),
        reasons: reasons(lang),
        counter,
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn reasons(lang: Lang) -> Vec<(usize, &'static str, &'static str)> {
    let reasons = ParkReason::ALL.iter().enumerate();
    reasons.map(|(nth, reason)| (nth + 1, reason.code(), show::park_reason(lang, *reason))).collect()
}

fn show_row(lang: Lang, now: Timestamp, item: &LineItem) -> Row {
    let state = &item.state;
    let reason = state.reason.map(|reason| show::park_reason(lang, reason)).unwrap_or_default();
    let (tone, icon) = match state.status {
        TicketStatus::Waiting => ("open", "clock"),
        TicketStatus::Called => ("confirmed", "flag"),
        TicketStatus::Parked => ("provisional", "half"),
        TicketStatus::Served => ("quiet", "check"),
        TicketStatus::NoShow | TicketStatus::Left => ("left", "leave"),
    };
    Row {
        ticket: item.ticket.to_string(),
        label: state.label.clone(),
        name: state.name.clone().unwrap_or_default(),
        minutes: state.minutes(now),
        since: show::time(state.since),
        chip: Chip::new(tone, icon, show::ticket_status(lang, state.status)),
        why: [reason, state.note.as_deref().unwrap_or_default()].join(" ").trim().to_owned(),
        called_to: state.called_to.join("・"),
        is_called_twice: state.called_to.len() > 1,
        visit: state.visits.last().map(ToString::to_string),
    }
}

#[derive(Template)]
#[template(path = "line_display.html")]
struct Wall {
    version: &'static str,
    site_name: String,
    /// label and counter
    called: Vec<(String, String)>,
    waiting: Vec<String>,
    more: usize,
    parked: Vec<String>,
}

/// `GET /line/display`: for the wall of the waiting room. Numbers and counters, and nothing of anybody.
pub async fn display(State(app): State<App>) -> Result<Response, PageError> {
    let line = app.read(|desk| desk.line()).await?;
    let of = |status: TicketStatus| line.iter().filter(move |item| item.state.status == status);
    let label = |item: &LineItem| item.state.label.clone();
    let mut called: Vec<&LineItem> = of(TicketStatus::Called).collect();
    called.sort_by_key(|item| std::cmp::Reverse(item.state.since));
    let wall = Wall {
        version: assets::VERSION.as_str(),
        site_name: app.settings.site_name.clone(),
        called: called.iter().map(|item| (label(item), where_to_come(&item.state.called_to))).collect(),
        waiting: of(TicketStatus::Waiting).take(ON_THE_WALL).map(label).collect(),
        more: of(TicketStatus::Waiting).count().saturating_sub(ON_THE_WALL),
        parked: of(TicketStatus::Parked).map(label).collect(),
    };
    let html = wall.render().map_err(|_| PageError::Broken)?;
    Ok(([(HeaderName::from_static("refresh"), WALL_LOOKS_AGAIN_S)], Html(html)).into_response())
}

/// What the counters are called. One without a name is known by the address of its screen, which tells a patient nothing and a stranger
/// too much.
fn where_to_come(counters: &[String]) -> String {
    let named = counters.iter().filter(|counter| counter.parse::<IpAddr>().is_err());
    named.cloned().collect::<Vec<_>>().join("・")
}

#[derive(Template)]
#[template(path = "line_slip.html")]
struct SlipPage {
    page: Frame,
    w: &'static LineWords,
    ja: &'static LineWords,
    label: String,
    day: String,
    time: String,
}

/// `GET /line/{ticket}/slip`: the number to take along. It names nobody.
pub async fn slip(State(app): State<App>, who: SignedIn, Path(ticket): Path<String>) -> Result<Response, PageError> {
    let line = app.read(|desk| desk.line()).await?;
    let item = line.into_iter().find(|item| item.ticket.as_str() == ticket).ok_or(PageError::NotFound)?;
    let w = LineWords::of(who.lang);
    page(&SlipPage {
        ja: LineWords::of(Lang::Ja),
        label: item.state.label,
        day: show::day(Lang::Ja, item.state.day),
        time: show::time(item.state.taken_at),
        page: Frame { path: format!("/line/{ticket}/slip"), ..Frame::of(&app, &who, "line", w.your_number) },
        w,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_shows_names_of_counters_and_no_address() {
        let counters = ["127.0.0.1", "2番窓口", "fe80::1", "ドライブスルー"].map(str::to_owned);
        assert_eq!(where_to_come(&counters), "2番窓口・ドライブスルー");
        assert_eq!(where_to_come(&counters[..1]), "");
    }
}
