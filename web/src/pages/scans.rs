//! Codes that were scanned and wait for somebody: on the board, beside the check-in, beside an open visit.

use super::go_on;
use crate::app::App;
use crate::assets;
use crate::error::PageError;
use crate::frame::Frame;
use crate::lang::Lang;
use crate::port::ScannedItem;
use crate::session::{Posted, SignedIn, local_path};
use crate::show::{self, CoverageLine};
use crate::words::ScanWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;

/// The waiting codes with what can be done.
#[derive(Template)]
#[template(path = "part/scans.html")]
pub struct ScanList {
    w: &'static ScanWords,
    version: &'static str,
    csrf: String,
    back: &'static str,
    id: &'static str,
    scans: Vec<ScanLine>,
}

/// One code in words.
pub struct ScanLine {
    pub scan: String,
    pub kind: String,
    pub at: String,
    pub device: String,
    pub name: String,
    pub kana: String,
    pub birth: String,
    pub facts: Vec<(&'static str, String)>,
    pub coverage: Vec<CoverageLine>,
    pub notices: Vec<String>,
    pub refusal: String,
    /// one of our own slips: the visit is opened instead of a new one begun
    pub is_slip: bool,
    /// scanned with the scanner beside this screen: opened at once
    pub is_here: bool,
}

impl ScanList {
    /// All waiting codes; putting one away leads back to the page.
    pub fn of(app: &App, who: &SignedIn, frame: &Frame, back: &'static str) -> ScanList {
        ScanList { id: "scans-title", ..ScanList::with(who, frame, back, &waiting(app)) }
    }

    /// The slips that wait: they are opened from any page of the desk.
    pub fn slips(app: &App, who: &SignedIn, frame: &Frame) -> ScanList {
        let slips: Vec<ScannedItem> = waiting(app).into_iter().filter(|item| item.visit.is_some()).collect();
        ScanList::with(who, frame, "/", &slips)
    }

    fn with(who: &SignedIn, frame: &Frame, back: &'static str, items: &[ScannedItem]) -> ScanList {
        let line = |item: &ScannedItem| ScanLine {
            is_here: who.scanner.as_ref() == Some(&item.device),
            ..ScanLine::of(frame.lang, item, frame.today)
        };
        ScanList {
            w: ScanWords::of(frame.lang),
            version: assets::VERSION.as_str(),
            csrf: frame.csrf.clone(),
            back,
            id: "slips-title",
            scans: items.iter().map(line).collect(),
        }
    }
}

impl ScanLine {
    pub fn of(lang: Lang, item: &ScannedItem, today: Date) -> ScanLine {
        let w = ScanWords::of(lang);
        let day = |day: Option<Date>| day.map(|day| show::day(lang, day));
        let facts = [
            (w.number, item.patient_number.clone()),
            (w.issued, day(item.issued_on)),
            (w.usable, day(item.usable_until)),
            (w.exchange, item.exchange_number.clone()),
        ];
        ScanLine {
            scan: item.scan.clone(),
            kind: lang.of(&item.kind),
            at: show::moment(lang, item.at, today),
            device: item.device.clone(),
            name: item.person.name.clone().unwrap_or_default(),
            kana: item.person.name_kana.clone().unwrap_or_default(),
            birth: item.person.birth_date.map(|birth| show::birth(lang, birth, today)).unwrap_or_default(),
            facts: facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect(),
            coverage: show::coverage_lines(lang, &item.coverage),
            notices: item.notices.iter().map(|notice| lang.of(notice)).collect(),
            refusal: item.refusal.as_ref().map(|why| lang.of(why)).unwrap_or_default(),
            is_slip: item.visit.is_some(),
            is_here: false,
        }
    }
}

/// Codes that wait, newest first.
pub fn waiting(app: &App) -> Vec<ScannedItem> {
    app.desk.devices().map(|devices| devices.scans()).unwrap_or_default()
}

/// One of them.
pub fn find(app: &App, scan: &str) -> Option<ScannedItem> {
    waiting(app).into_iter().find(|item| item.scan == scan)
}

/// A code was used, or it was not wanted.
pub fn put_away(app: &App, scan: &str) {
    if let Some(devices) = app.desk.devices().filter(|_| !scan.is_empty()) {
        devices.put_away(scan);
    }
}

/// `POST /scans/open`: the visit of one of our own slips, at what is still to be done for it.
pub async fn open(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let scan = posted.typed.value("scan");
    let Some(visit) = find(&app, scan).and_then(|item| item.visit) else { return Ok(go_on("/?saved=slip-gone")) };
    put_away(&app, scan);
    let id = visit.clone();
    let found = app.read(move |desk| desk.visit(&id)).await?;
    Ok(match found {
        Some(view) if !view.follow_ups.is_empty() => go_on(&format!("/visits/{visit}#follow-ups")),
        Some(_) => go_on(&format!("/visits/{visit}")),
        None => go_on("/?saved=slip-unknown"),
    })
}

/// `POST /scans`
pub async fn away(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let typed = posted.typed;
    put_away(&app, typed.value("scan"));
    Ok(go_on(local_path(typed.value("back"))))
}
