//! The ledger of devices (機器台帳), on the screen and as a file, and the components of the software.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Components, LedgerItem};
use crate::session::SignedIn;
use crate::show;
use crate::words::LedgerWords;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{Date, Timestamp};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use std::fmt::Write;

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    page: Frame,
    w: &'static LedgerWords,
    lines: Vec<Line>,
    components: Components,
}

struct Line {
    kind: String,
    name: String,
    model: String,
    serial: String,
    firmware: String,
    place: String,
    since: String,
    seen: String,
    state: String,
}

/// `GET /ledger`
pub async fn ledger(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, LedgerWords::of(who.lang));
    let items = items(&app).await?;
    let components = components_of(&app).await?;
    let frame = Frame::of(&app, &who, "doctor", w.title);
    let today = frame.today;
    page(&LedgerPage { lines: items.iter().map(|item| line(lang, item, today)).collect(), components, page: frame, w })
}

/// `GET /ledger/file`: for a spreadsheet.
pub async fn file(State(app): State<App>, _: SignedIn) -> Result<Response, PageError> {
    let today = app.desk.today();
    let text = csv(&items(&app).await?);
    Ok(download(&format!("uketsuke-ledger-{today}.csv"), "text/csv; charset=utf-8", text))
}

/// `GET /ledger/components`: what the programs are made of.
pub async fn components(State(app): State<App>, _: SignedIn) -> Result<Response, PageError> {
    let components = components_of(&app).await?;
    Ok(download(&components.file_name, "application/spdx+json", components.text))
}

async fn items(app: &App) -> Result<Vec<LedgerItem>, PageError> {
    let read = app.read(|desk| desk.inside().map(|inside| inside.ledger()).transpose());
    read.await?.ok_or(PageError::NotFound)
}

async fn components_of(app: &App) -> Result<Components, PageError> {
    let read = app.read(|desk| Ok(desk.inside().map(|inside| inside.components())));
    read.await?.ok_or(PageError::NotFound)
}

fn download(name: &str, kind: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}

fn line(lang: Lang, item: &LedgerItem, today: Date) -> Line {
    let moment = |at: Option<Timestamp>| at.map(|at| show::moment(lang, at, today)).unwrap_or_default();
    Line {
        kind: item.kind_words.as_ref().map(|kind| lang.of(kind)).unwrap_or_default(),
        name: item.name.clone(),
        model: item.model.clone(),
        serial: item.serial.clone(),
        firmware: item.firmware.clone(),
        place: item.place.clone(),
        since: moment(item.since),
        seen: moment(item.last_seen),
        state: item.state.as_ref().map(|state| lang.of(state)).unwrap_or_default(),
    }
}

/// UTF-8 with its mark, lines ended as RFC 4180 says; headings in both languages.
fn csv(items: &[LedgerItem]) -> String {
    const HEAD: [&str; 10] = [
        "kind",
        "種類 kind",
        "名前 name",
        "機種 model",
        "製造番号 serial",
        "版 version",
        "場所 place",
        "いつから since",
        "最後に確認 last seen",
        "状態 state",
    ];
    let mut text = format!("\u{FEFF}{}\r\n", HEAD.map(cell).join(","));
    let moment = |at: Option<Timestamp>| at.map(moment).unwrap_or_default();
    for item in items {
        let ja = |text: &Option<domain::text::Text>| text.as_ref().map(|text| text.ja.clone()).unwrap_or_default();
        let cells = [
            item.kind,
            &ja(&item.kind_words),
            &item.name,
            &item.model,
            &item.serial,
            &item.firmware,
            &item.place,
            &moment(item.since),
            &moment(item.last_seen),
            &ja(&item.state),
        ];
        let _ = write!(text, "{}\r\n", cells.map(cell).join(","));
    }
    text
}

fn moment(at: Timestamp) -> String {
    format!("{} {}", at.date_in_japan(), show::time(at))
}

/// A cell that a spreadsheet shows and never calculates.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_calculated_by_a_spreadsheet() {
        let item = LedgerItem {
            kind: "usb",
            name: "=1+1".to_owned(),
            model: "a \"b\", c".to_owned(),
            ..LedgerItem::default()
        };
        let text = csv(&[item]);
        assert!(text.starts_with('\u{FEFF}') && text.ends_with("\r\n"));
        assert!(text.contains("\"usb\",\"\",\"'=1+1\",\"a \"\"b\"\", c\","), "{text}");
    }
}
