//! Today's board: everybody who came, newest first, with where each visit stands.

mod table;

pub use table::Tables;

use super::scans::ScanList;
use super::tablets::{Call, calls_of};
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::port::Board;
use crate::session::SignedIn;
use crate::show;
use crate::words::{BoardWords, LostCardWords, TabletStaffWords};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::Date;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Frame,
    w: &'static BoardWords,
    day: String,
    is_today: bool,
    before: Date,
    after: Date,
    attention: Vec<(&'static str, &'static str, u32)>,
    scans: Option<ScanList>,
    tw: &'static TabletStaffWords,
    calls: Vec<Call>,
    /// the same for everybody who may look at the board, and therefore not set anew for each
    table: Arc<str>,
}

/// Which day; today when it is missing or unreadable.
#[derive(Deserialize)]
pub struct Day {
    day: Option<String>,
}

/// `GET /`
pub async fn board(State(app): State<App>, who: SignedIn, Query(day): Query<Day>) -> Result<Response, PageError> {
    let today = app.desk.today();
    let day = day.day.as_deref().and_then(Date::parse).filter(|day| *day <= today).unwrap_or(today);
    let (is_today, lang, setting) = (day == today, who.lang, app.clone());
    let read = app.read(move |desk| {
        let board = desk.shared_board(day)?;
        let calling = desk.tablets().filter(|_| is_today).map_or_else(|| Ok(Vec::new()), |port| port.tablets())?;
        let cards_held = desk.cards_held()?;
        // beside the reading: several who ask at once have one table set for all of them
        let table = if is_today { setting.tables.shared(lang, &board) } else { table::set(lang, &board, false) };
        Ok((board, cards_held, calls_of(&calling), table))
    });
    let (board, cards_held, calls, table) = read.await?;
    let w = BoardWords::of(lang);
    let frame = Frame::of(&app, &who, "board", if is_today { w.title } else { w.other_day }).refreshing();
    page(&BoardPage {
        scans: is_today.then(|| ScanList::of(&app, &who, &frame, "/")),
        tw: TabletStaffWords::of(lang),
        calls,
        day: show::day_heading(lang, day),
        is_today,
        before: day.plus_days(-1),
        after: day.plus_days(1),
        attention: attention(w, LostCardWords::of(lang), &board, cards_held),
        table: table?,
        page: frame,
        w,
    })
}

fn attention(
    w: &'static BoardWords,
    lw: &'static LostCardWords,
    board: &Board,
    cards_held: u32,
) -> Vec<(&'static str, &'static str, u32)> {
    let all = [
        ("/shelf", w.on_shelf, board.on_shelf),
        ("/follow-ups", w.due, board.due_follow_ups),
        ("/lost-cards", lw.on_board, cards_held),
        ("/queue", w.stuck, board.stuck_jobs),
        ("/apart", w.to_look_at, board.to_look_at + possible_pairs(board)),
    ];
    all.into_iter().filter(|(.., count)| *count > 0).collect()
}

fn possible_pairs(board: &Board) -> u32 {
    let halves: usize = board.rows.iter().map(|row| row.doubles.len()).sum();
    u32::try_from(halves / 2).unwrap_or(u32::MAX)
}
