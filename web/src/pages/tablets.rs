//! Tablets for patients as staff see them: pairing, calls, what is on each, and what was left half finished.

mod handing;
mod panel;

pub use handing::{of_visit, overlay, paper};
pub use panel::{Call, TabletPanel, calls_of, half_of};

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::TABLET_NAME;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Tablet, TabletChange, TabletForm};
use crate::session::{Posted, SignedIn};
use crate::show::{self, QrSymbol};
use crate::tablet::{self, unavailable};
use crate::words::TabletStaffWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::text::Text;
use http::HeaderMap;

#[derive(Template)]
#[template(path = "tablets.html")]
struct TabletsPage {
    page: Frame,
    w: &'static TabletStaffWords,
    summary: Summary,
    name: Input,
    address: String,
    is_loopback: bool,
    symbol: Option<QrSymbol>,
    codes: Vec<Code>,
    calls: Vec<Call>,
    tablets: Vec<Item>,
    forms: Vec<Half>,
}

/// A code that is open.
struct Code {
    name: String,
    digits: String,
    until: String,
}

/// A tablet in the list.
struct Item {
    id: String,
    name: String,
    seen: String,
    /// the visit whose declaration is on it, and how far it is
    visit: Option<String>,
    progress: String,
}

/// A declaration that is not finished.
pub struct Half {
    visit: String,
    name: String,
    form_no: String,
    state: String,
    is_on_tablet: bool,
    changed: String,
}

/// `GET /tablets`
pub async fn tablets(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, PageError> {
    show_page(&app, &who, &headers, &Typed::default()).await
}

/// `POST /tablets`: a code, a code taken back, an answered call, a tablet that goes.
pub async fn change(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let port = tablet::tablets(&app)?;
    let (by, id) = (&who.session.account, typed.value("tablet").to_owned());
    match typed.value("do") {
        "pair" => {
            let taken = app.read(|desk| desk.tablets().map_or_else(|| Ok(Vec::new()), |port| port.tablets())).await?;
            let name = typed.required(&TABLET_NAME);
            if name.as_ref().is_some_and(|name| taken.iter().any(|tablet| tablet.name == *name)) {
                let (ja, en) = (TabletStaffWords::of(Lang::Ja), TabletStaffWords::of(Lang::En));
                typed.refuse(TABLET_NAME.name, Text::new(ja.name_taken, en.name_taken));
            }
            match name.filter(|_| typed.is_fine()) {
                Some(name) => {
                    app.tablets.open(name, by, app.desk.now());
                }
                None => return show_page(&app, &who, &headers, &typed).await,
            }
        }
        "withdraw" => app.tablets.withdraw(typed.value("name")),
        "answer" => {
            port.change(by, TabletChange::Answer(id)).await.map_err(unavailable)?;
            return Ok(go_on(if typed.value("back") == "board" { "/" } else { "/tablets" }));
        }
        "unpair" => {
            app.tablets.forget(&id);
            port.change(by, TabletChange::Unpair(id)).await.map_err(unavailable)?;
        }
        _ => return Err(PageError::BadForm),
    }
    Ok(go_on("/tablets"))
}

async fn show_page(app: &App, who: &SignedIn, headers: &HeaderMap, typed: &Typed) -> Result<Response, PageError> {
    tablet::tablets(app)?;
    let (tablets, forms) = read(app).await?;
    let (lang, w) = (who.lang, TabletStaffWords::of(who.lang));
    let frame = Frame { path: "/tablets".to_owned(), ..Frame::of(app, who, "tablets", w.title) };
    let frame = if typed.is_fine() { frame } else { frame.held() };
    let codes = app.tablets.codes(frame.now);
    let address = address(app, headers);
    page(&TabletsPage {
        summary: Summary::of("tablets", typed, lang),
        name: Input::of(&TABLET_NAME, "tablets", typed, lang),
        is_loopback: ["//localhost", "//127.", "//[::1]"].iter().any(|own| address.contains(own)),
        symbol: QrSymbol::of(&address).filter(|_| !codes.is_empty()),
        address,
        codes: codes
            .into_iter()
            .map(|open| Code {
                name: open.name,
                digits: format!("{} {}", &open.code[..4], &open.code[4..]),
                until: show::time(open.until),
            })
            .collect(),
        calls: calls_of(&tablets),
        tablets: tablets.iter().map(|tablet| item(app, lang, w, tablet, &forms, frame.today)).collect(),
        forms: forms.iter().map(|form| half(lang, w, form, &tablets, frame.today)).collect(),
        page: frame,
        w,
    })
}

async fn read(app: &App) -> Result<(Vec<Tablet>, Vec<TabletForm>), PageError> {
    app.read(|desk| match desk.tablets() {
        Some(port) => Ok((port.tablets()?, port.forms()?)),
        None => Ok((Vec::new(), Vec::new())),
    })
    .await
}

/// Where a tablet opens its page: the address this very page was reached at.
fn address(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let host: String = host.bytes().filter(|byte| allowed(*byte)).map(char::from).take(120).collect();
    let scheme = if app.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}/tablet")
}

fn item(
    app: &App,
    lang: Lang,
    w: &'static TabletStaffWords,
    tablet: &Tablet,
    forms: &[TabletForm],
    today: Date,
) -> Item {
    let form = forms.iter().find(|form| form.tablet.as_deref() == Some(tablet.id.as_str()));
    let seen = app.tablets.seen(&tablet.id).map(|at| show::moment(lang, at, today));
    Item {
        id: tablet.id.clone(),
        name: tablet.name.clone(),
        seen: seen.unwrap_or_else(|| w.not_seen.to_owned()),
        visit: form.map(|form| form.visit.to_string()),
        progress: form.map(|form| panel::progress_words(w, form)).unwrap_or_default(),
    }
}

fn half(lang: Lang, w: &'static TabletStaffWords, form: &TabletForm, tablets: &[Tablet], today: Date) -> Half {
    let name = form.answers.iter().find(|(name, value)| name == "name" && !value.is_empty());
    Half {
        visit: form.visit.to_string(),
        name: name.map_or_else(|| w.nameless.to_owned(), |(_, name)| name.clone()),
        form_no: form.form_no.clone(),
        state: panel::state_words(w, form, tablets),
        is_on_tablet: form.tablet.is_some(),
        changed: show::moment(lang, form.changed_at, today),
    }
}
