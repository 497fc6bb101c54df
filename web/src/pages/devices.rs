//! Readers, scanners and relays: how each stands, what may help it, a card read for a test, restarts by the clock.

mod item;
pub mod report;
mod returning;
mod troubles;

pub use report::report;

use super::card::{self, CardRead, ReadFor};
use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, DeviceItem, Devices, PlannedRestart};
use crate::restarts::{NotAsked, Wanted};
use crate::scanner_here;
use crate::session::{Posted, SignedIn};
use crate::show::{self, Chip};
use crate::words::{DeviceWords, RecognitionWords};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Date;
use http::header::SET_COOKIE;
use item::Item;
use returning::Returning;
use std::sync::Arc;
use troubles::Troubles;

/// Months of troubles beside the devices.
const MONTHS: usize = 3;

#[derive(Template)]
#[template(path = "devices.html")]
struct DevicesPage {
    page: Frame,
    w: &'static DeviceWords,
    watched: bool,
    refused: Option<String>,
    asked: bool,
    erased: Option<&'static str>,
    returning: Returning,
    ready: Option<(Chip, String)>,
    items: Vec<Item>,
    restarts: Vec<Planned>,
    troubles: Troubles,
}

/// A restart by the clock, in words.
struct Planned {
    what: String,
    line: String,
    next: String,
    last: String,
    postponed: String,
}

/// What came of a form of this page.
#[derive(Default)]
struct Outcome {
    refused: Option<String>,
    card: Option<CardRead>,
    typed: Typed,
}

/// `GET /devices`
pub async fn devices(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, Outcome::default()).await
}

/// `POST /devices/restart`: a step of the list of a device, at once; a button pressed twice restarts once. The reboot of the box wants a tick beside it.
pub async fn restart(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let (device, step) = (typed.value("device"), typed.value("step"));
    let devices = known(&app, device, |item| item.steps.iter().any(|choice| choice.step == step && choice.available))?;
    if step == item::REBOOT && !typed.is_ticked("sure") {
        return show_page(&app, &who, refused(DeviceWords::of(who.lang).confirm.to_owned())).await;
    }
    let (by, at) = (&who.session.account.author, app.desk.now());
    let key = Some(typed.value("key")).filter(|key| !key.is_empty());
    match app.restarts.once(devices.as_ref(), Wanted { by, key, device, step, at }).await {
        Ok(_) => Ok(go_on("/devices?asked=1")),
        Err(NotAsked::Refused(why)) => show_page(&app, &who, refused(who.lang.of(&why))).await,
        Err(NotAsked::KeyReused) => show_page(&app, &who, refused(DeviceWords::of(who.lang).stale.to_owned())).await,
    }
}

/// `POST /devices/card`: reads the card that lies in a reader; nothing is kept.
pub async fn test_read(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    known(&app, typed.value("reader"), |item| item.reads_cards)?;
    let card = card::read(&app, &mut typed, ReadFor::Test).await?;
    show_page(&app, &who, Outcome { card, typed, refused: None }).await
}

/// `POST /devices/scanner`: slips scanned with it open on this browser's screen; the same scanner again, or none, takes that back.
pub async fn choose_scanner(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let device = posted.typed.value("device");
    let cookie = if device.is_empty() {
        scanner_here::forget(&app.settings)
    } else {
        known(&app, device, |item| item.scans_codes)?;
        scanner_here::keep(&app.settings, device)
    };
    Ok(([(SET_COOKIE, cookie)], go_on("/devices")).into_response())
}

/// `POST /devices/erase-cards`: everything cards are recognised by goes, with its key. Wants a tick beside it.
pub async fn erase_cards(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    if !typed.is_ticked("sure") {
        return show_page(&app, &who, refused(RecognitionWords::of(who.lang).confirm.to_owned())).await;
    }
    if hand_in(&app, &who, &mut typed, DeskCommand::EraseCardTokens, |_| String::new()).await?.is_some() {
        return Ok(go_on("/devices?erased=1"));
    }
    let why = typed.problems().first().map(|problem| who.lang.of(&problem.text)).unwrap_or_default();
    show_page(&app, &who, refused(why)).await
}

fn refused(why: String) -> Outcome {
    Outcome { refused: Some(why), ..Outcome::default() }
}

fn known(app: &App, device: &str, fits: impl Fn(&DeviceItem) -> bool) -> Result<Arc<dyn Devices>, PageError> {
    let devices = app.desk.devices().ok_or(PageError::NotFound)?;
    let found = devices.view().devices.iter().any(|item| item.device == device && fits(item));
    if found { Ok(devices) } else { Err(PageError::NotFound) }
}

async fn show_page(app: &App, who: &SignedIn, outcome: Outcome) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, DeviceWords::of(who.lang));
    let untouched = outcome.refused.is_none() && outcome.card.is_none() && outcome.typed.is_fine();
    let frame = Frame { path: "/devices".to_owned(), ..Frame::of(app, who, "devices", w.title) };
    let frame = if untouched { frame.refreshing() } else { frame.held() };
    let troubles = app.read(|desk| desk.troubles()).await?;
    let view = &frame.devices;
    page(&DevicesPage {
        w,
        watched: app.desk.devices().is_some(),
        refused: outcome.refused,
        asked: who.path.ends_with("?asked=1"),
        erased: who.path.ends_with("?erased=1").then_some(RecognitionWords::of(lang).erased),
        returning: Returning::of(app, lang, frame.today, &frame.csrf, &frame.key).await?,
        ready: view.ready_light.as_ref().map(|(lamp, words)| (show::device_lamp(lang, *lamp), lang.of(words))),
        items: view
            .devices
            .iter()
            .enumerate()
            .map(|(at, item)| Item {
                is_here: who.scanner.as_ref() == Some(&item.device),
                ..Item::of(lang, item, at, frame.today, outcome.card.as_ref(), &outcome.typed)
            })
            .collect(),
        restarts: view.restarts.iter().map(|restart| planned(lang, restart, frame.today)).collect(),
        troubles: Troubles::of(lang, &troubles, MONTHS),
        page: frame,
    })
}

fn planned(lang: Lang, restart: &PlannedRestart, today: Date) -> Planned {
    let moment = |at: Option<domain::Timestamp>| at.map(|at| show::moment(lang, at, today)).unwrap_or_default();
    Planned {
        what: lang.of(&restart.what),
        line: restart.line.clone(),
        next: moment(restart.next),
        last: moment(restart.last_run),
        postponed: restart.postponed.as_ref().map(|why| lang.of(why)).unwrap_or_default(),
    }
}
