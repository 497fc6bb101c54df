//! Every link with its state and since when, the outage journal, and the sheet for patients.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::JournalEntry;
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::LinkWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::{Date, Timestamp};

#[derive(Template)]
#[template(path = "links.html")]
struct LinksPage {
    page: Frame,
    w: &'static LinkWords,
    probed: String,
    unpicked: Option<(u32, String)>,
    journal: Vec<Line>,
}

struct Line {
    link: &'static str,
    chip: Chip,
    cause: &'static str,
    from: String,
    until: String,
    lasted: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    page: Frame,
}

/// Lines of the journal on the page.
const JOURNAL_LINES: u32 = 100;

/// `GET /links`
pub async fn links(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let journal = app.read(|desk| desk.journal(JOURNAL_LINES)).await?;
    let report = app.desk.links();
    let w = LinkWords::of(who.lang);
    let frame = Frame::of(&app, &who, "links", w.title).refreshing();
    let (today, now) = (frame.today, frame.now);
    let (count, oldest_ms) = report.unpicked;
    page(&LinksPage {
        probed: report.probed_at.map(|at| show::moment(who.lang, at, today)).unwrap_or_default(),
        unpicked: (count > 0).then(|| (count, show::duration(who.lang, i64::try_from(oldest_ms).unwrap_or(i64::MAX)))),
        journal: journal.iter().map(|entry| line(who.lang, w, entry, today, now)).collect(),
        page: frame,
        w,
    })
}

/// `GET /links/sheet`: to be printed and laid on the counter (REQ-26).
pub async fn sheet(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let mut frame = Frame::of(&app, &who, "links", "");
    frame.title = frame.w.sheet_title.to_owned();
    page(&SheetPage { page: frame })
}

fn line(lang: Lang, w: &'static LinkWords, entry: &JournalEntry, today: Date, now: Timestamp) -> Line {
    Line {
        link: show::link(lang, entry.link),
        chip: show::link_status(lang, entry.status),
        cause: entry.cause.map_or("", |cause| show::cause(lang, cause)),
        from: show::moment(lang, entry.from, today),
        until: entry.until.map_or_else(|| w.still.to_owned(), |until| show::moment(lang, until, today)),
        lasted: show::duration(lang, entry.until.unwrap_or(now).since_ms(entry.from)),
        detail: entry.detail.clone().unwrap_or_default(),
    }
}
