//! Drills: beginning one, the way into it, and its end.

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::port::{Drill, DrillView};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::DrillWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, header};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "drill.html")]
struct DrillPage {
    page: Frame,
    w: &'static DrillWords,
    refused: Option<String>,
    running: Option<Running>,
}

struct Running {
    href: String,
    account: String,
    password: String,
    since: String,
    by: String,
    ends_at: String,
}

/// `GET /drill`
pub async fn drill(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, PageError> {
    show_page(&app, &who, &headers, None)
}

/// `POST /drill`: `do` is `begin` or `end`.
pub async fn change(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let drill = drill_of(&app)?;
    let done = match typed.value("do") {
        "begin" => drill.begin(&who.session.account).await,
        "end" => drill.end(&who.session.account).await,
        _ => return Err(PageError::BadForm),
    };
    match done {
        Ok(()) => Ok(go_on("/drill")),
        Err(why) => show_page(&app, &who, &headers, Some(who.lang.of(&why))),
    }
}

fn drill_of(app: &App) -> Result<Arc<dyn Drill>, PageError> {
    app.desk.drill().ok_or(PageError::NotFound)
}

fn show_page(app: &App, who: &SignedIn, headers: &HeaderMap, refused: Option<String>) -> Result<Response, PageError> {
    let view = drill_of(app)?.state();
    let w = DrillWords::of(who.lang);
    let frame = Frame::of(app, who, "drill", w.title);
    let today = frame.today;
    let running = |view: DrillView| Running {
        href: address(headers, &view),
        since: show::moment(who.lang, view.since, today),
        ends_at: show::moment(who.lang, view.ends_at, today),
        account: view.account,
        password: view.password,
        by: view.by,
    };
    page(&DrillPage { refused, running: view.map(running), page: frame, w })
}

/// The drill by the name under which the browser reached this box.
fn address(headers: &HeaderMap, view: &DrillView) -> String {
    let scheme = if view.is_encrypted { "https" } else { "http" };
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{scheme}://{}:{}/", machine(named), view.port)
}

/// A host without its port; what cannot be one is this machine.
fn machine(host: &str) -> &str {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let fits = match bare {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)),
    };
    if fits { name } else { "localhost" }
}

#[cfg(test)]
mod tests {
    use super::machine;

    #[test]
    fn the_way_into_a_drill_leads_to_the_same_machine() {
        for (host, expected) in [
            ("uketsuke.local:8443", "uketsuke.local"),
            ("192.168.1.20", "192.168.1.20"),
            ("[fe80::1]:8443", "[fe80::1]"),
            ("[fe80::1]", "[fe80::1]"),
            ("evil\"><b:8443", "localhost"),
            ("", "localhost"),
        ] {
            assert_eq!(machine(host), expected, "{host}");
        }
    }
}
