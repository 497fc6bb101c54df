//! Who asks: a session for every page, a session and a form token for everything that changes something.

use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::{Carried, Typed};
use crate::lang::Lang;
use crate::live;
use crate::port::{Activity, Session, SessionToken};
use crate::scanner_here;
use crate::token;
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};

/// Somebody who is signed in asks for a page.
pub struct SignedIn {
    pub session: Session,
    pub lang: Lang,
    /// path and query of the page, without anything personal
    pub path: String,
    /// the scanner this browser stands beside, as somebody chose on the devices page
    pub scanner: Option<String>,
    /// how far everything was when they asked, before anything was read: what comes later may not be on their page
    pub mark: u64,
}

/// Somebody who is signed in hands in a form whose token fits.
pub struct Posted {
    pub who: SignedIn,
    pub typed: Typed,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<SignedIn, PageError> {
        let (path, mark) = (page_of(&parts.method, &parts.uri), live::mark(app.desk.as_ref()));
        // the guard has found it already
        let found = match parts.extensions.get::<Session>() {
            Some(session) => Some(session.clone()),
            None => find_session(&parts.headers, app, activity(&parts.uri, &parts.headers)).await?,
        };
        match found {
            Some(session) => {
                let (lang, scanner) = (Lang::of_request(&parts.headers), scanner_here::of_request(&parts.headers));
                Ok(SignedIn { session, lang, path, scanner, mark })
            }
            None => Err(PageError::SignInNeeded { next: path, carried: None }),
        }
    }
}

impl FromRequest<App> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Posted, PageError> {
        let (mut parts, body) = request.into_parts();
        let typed = read_form(Request::from_parts(parts.clone(), body), app).await?;
        if !from_own_pages(&parts.headers) {
            return Err(PageError::FormExpired);
        }
        let who = match SignedIn::from_request_parts(&mut parts, app).await {
            Err(PageError::SignInNeeded { next, .. }) => {
                let carried = surely_from_own_pages(&parts.headers)
                    .unwrap_or(false)
                    .then(|| Carried { to: parts.uri.path().to_owned(), fields: typed.carried_fields() });
                return Err(PageError::SignInNeeded { next, carried });
            }
            other => other?,
        };
        if !token::same(typed.value("csrf"), &who.session.csrf) {
            return Err(PageError::FormExpired);
        }
        Ok(Posted { who, typed })
    }
}

/// The session the request's cookie stands for.
pub async fn find_session(headers: &HeaderMap, app: &App, by: Activity) -> Result<Option<Session>, PageError> {
    let Some(value) = cookie::read(headers, cookie::session_name(&app.settings)) else { return Ok(None) };
    let token = SessionToken(value.to_owned());
    app.read(move |desk| desk.session(&token, by)).await
}

/// The header with which the script of a page says that the page asks by itself.
const LIVE_HEADER: &str = "x-live";
/// What stands in the address when a page without its script loads itself anew.
const LIVE_QUERY: &str = "live=1";

/// By whose doing a request is made, as the request itself says. A stream of events is nobody's doing.
pub fn activity(uri: &Uri, headers: &HeaderMap) -> Activity {
    let in_address = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == LIVE_QUERY));
    let is_stream = uri.path().ends_with("/events")
        || headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
    let by_itself = in_address || is_stream || headers.contains_key(LIVE_HEADER);
    if by_itself { Activity::Page } else { Activity::Person }
}

/// A page as it loads itself anew.
pub fn live_path(path: &str) -> String {
    format!("{path}{}{LIVE_QUERY}", if path.contains('?') { '&' } else { '?' })
}

/// A page without the marks of how it was reached: neither the language switch nor a live update repeats them.
pub fn plain_path(path: &str) -> String {
    let Some((page, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("saved=") && !pair.starts_with("card=") && *pair != LIVE_QUERY)
        .collect();
    if rest.is_empty() { page.to_owned() } else { format!("{page}?{}", rest.join("&")) }
}

/// Reads a form of at most the body limit.
pub async fn read_form<S: Send + Sync>(request: Request, state: &S) -> Result<Typed, PageError> {
    let pairs =
        Form::<Vec<(String, String)>>::from_request(request, state).await.map_err(|rejection| {
            match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
                _ => PageError::BadForm,
            }
        })?;
    Typed::new(pairs.0).ok_or(PageError::BadForm)
}

/// Whether a form may come from a page of this site. Browsers say so themselves on encrypted connections; what says nothing
/// (a program, an unencrypted connection) still needs the token.
pub fn from_own_pages(headers: &HeaderMap) -> bool {
    surely_from_own_pages(headers).unwrap_or(true)
}

/// Pages with `Referrer-Policy: no-referrer` hand in forms with `Origin: null`, so that header alone decides nothing then.
fn surely_from_own_pages(headers: &HeaderMap) -> Option<bool> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return Some(site == "same-origin" || site == "none");
    }
    let origin = text("origin").filter(|origin| *origin != "null")?;
    let host = text("host").unwrap_or_default();
    Some(origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host))
}

/// Path and query of a page; for what was handed in, the page it was handed in on.
pub fn page_of(method: &Method, uri: &Uri) -> String {
    if *method == Method::GET {
        return uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let segments: Vec<&str> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [kind @ ("visits" | "patients"), id, ..] => format!("/{kind}/{id}"),
        [first, ..] => format!("/{first}"),
        [] => "/".to_owned(),
    }
}

/// A path of this site to go on to: never another site, whatever the form says.
pub fn local_path(path: &str) -> &str {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if local && path.len() <= 300 && path.is_ascii() { path } else { "/" }
}
