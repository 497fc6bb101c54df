//! Today's board: everybody who came, newest first, with where each visit stands.

use super::scans::ScanList;
use super::tablets::{Call, calls};
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Board, BoardRow};
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::{ApartWords, BoardWords, LostCardWords, TabletStaffWords};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::Date;
use domain::case::Flow;
use domain::fact::VisitId;
use domain::visit::VisitStatus;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Frame,
    w: &'static BoardWords,
    aw: &'static ApartWords,
    day: String,
    is_today: bool,
    before: Date,
    after: Date,
    attention: Vec<(&'static str, &'static str, u32)>,
    scans: Option<ScanList>,
    tw: &'static TabletStaffWords,
    calls: Vec<Call>,
    counts: Vec<(Chip, usize)>,
    rows: Vec<Row>,
}

struct Row {
    visit: String,
    number: u32,
    time: String,
    counter: String,
    name: String,
    kana: String,
    birth: String,
    chip: Chip,
    waiting: bool,
    evidence: &'static str,
    why: String,
    share: String,
    follow_ups: u32,
    differs: bool,
    is_double: bool,
    /// kind of counter or flow, and the place, where it is not the window
    place: String,
    /// the number of the first visit of its family
    family: Option<u32>,
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
    let (board, cards_held) = app.read(move |desk| Ok((desk.board(day)?, desk.cards_held()?))).await?;
    let w = BoardWords::of(who.lang);
    let title = if day == today { w.title } else { w.other_day };
    let frame = Frame::of(&app, &who, "board", title).refreshing();
    page(&BoardPage {
        scans: (day == today).then(|| ScanList::of(&app, &who, &frame, "/")),
        tw: TabletStaffWords::of(who.lang),
        calls: calls_from_tablets(&app, day == today).await?,
        day: show::day_heading(who.lang, day),
        is_today: day == today,
        before: day.plus_days(-1),
        after: day.plus_days(1),
        attention: attention(w, LostCardWords::of(who.lang), &board, cards_held),
        counts: counts(who.lang, &board.rows),
        rows: families_together(&board.rows)
            .into_iter()
            .map(|(row, family)| Row { family, ..show_row(who.lang, w, row, day) })
            .collect(),
        page: frame,
        aw: ApartWords::of(who.lang),
        w,
    })
}

async fn calls_from_tablets(app: &App, is_today: bool) -> Result<Vec<Call>, PageError> {
    if is_today { calls(app).await } else { Ok(Vec::new()) }
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

fn counts(lang: Lang, rows: &[BoardRow]) -> Vec<(Chip, usize)> {
    let count = |status: &VisitStatus| rows.iter().filter(|row| row.status == *status).count();
    let counted = VisitStatus::ALL.iter().map(|status| (show::status(lang, *status), count(status)));
    counted.filter(|(_, count)| *count > 0).collect()
}

fn show_row(lang: Lang, w: &'static BoardWords, row: &BoardRow, day: Date) -> Row {
    let why = row.why.as_ref().map(|why| {
        let since = why.since.map(|at| show::moment(lang, at, day)).unwrap_or_default();
        format!("{}{}", show::cause(lang, why.cause), lang.pick(from_ja(&since), from_en(&since)))
    });
    Row {
        visit: row.visit.to_string(),
        number: row.number,
        time: show::time(row.opened_at),
        counter: row.counter.clone().unwrap_or_default(),
        name: row.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        kana: row.name_kana.clone().unwrap_or_default(),
        birth: row.birth_date.map(|birth| show::birth(lang, birth, day)).unwrap_or_default(),
        chip: show::status(lang, row.status),
        waiting: row.waiting,
        evidence: row.evidence.map_or("", |kind| show::evidence(lang, kind)),
        why: why.unwrap_or_default().trim().to_owned(),
        share: row.ratio_tenths.map(|share| show::tenths(lang, share)).unwrap_or_default(),
        follow_ups: row.follow_ups,
        differs: row.disagreements > 0,
        is_double: !row.doubles.is_empty(),
        place: place(lang, row),
        family: None,
    }
}

/// Where the patient is, for everybody who is not at the window.
fn place(lang: Lang, row: &BoardRow) -> String {
    let kind = row.kind.filter(|kind| kind.flow() != Flow::Window).map(|kind| show::counter_kind(lang, kind));
    let flow = Some(row.flow).filter(|flow| *flow != Flow::Window).map(|flow| show::flow(lang, flow));
    let parts = [kind.or(flow), row.place.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The rows in their order, but a family that came together stands together, where its newest visit stands; each with the number of the
/// family's first visit.
fn families_together(rows: &[BoardRow]) -> Vec<(&BoardRow, Option<u32>)> {
    let first_of = |row: &BoardRow| -> Option<VisitId> {
        let leads = || rows.iter().any(|other| other.family.as_ref() == Some(&row.visit));
        row.family.clone().or_else(|| leads().then(|| row.visit.clone()))
    };
    let mut shown: Vec<(&BoardRow, Option<u32>)> = Vec::with_capacity(rows.len());
    let firsts: Vec<Option<VisitId>> = rows.iter().map(first_of).collect();
    for (at, row) in rows.iter().enumerate() {
        match &firsts[at] {
            None => shown.push((row, None)),
            Some(first) if !firsts[..at].contains(&firsts[at]) => {
                let number = rows.iter().find(|row| row.visit == *first).map(|row| row.number);
                let members = rows.iter().zip(&firsts).filter(|(_, of)| of.as_ref() == Some(first));
                shown.extend(members.map(|(row, _)| (row, number)));
            }
            Some(_) => {}
        }
    }
    shown
}

fn from_ja(since: &str) -> String {
    if since.is_empty() { String::new() } else { format!("（{since}から）") }
}

fn from_en(since: &str) -> String {
    if since.is_empty() { String::new() } else { format!(" (since {since})") }
}
