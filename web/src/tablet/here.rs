//! The one door of a tablet: its cookie opens `/tablet…` and the files of the pages, and nothing else.

use super::page::go;
use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::Typed;
use crate::port::{Account, SessionToken, Tablet, TabletChange, TabletForm, Tablets};
use crate::rights::Right;
use crate::session::{from_own_pages, read_form};
use crate::settings::WebSettings;
use crate::token;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::fact::Author;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A declaration nobody touched for so long is put away even where the tablet's own countdown did not run.
const AWAY_MS: i64 = 6 * 60_000;
/// Where it asks what is on it.
const STATE: &str = "/tablet/state";

/// A paired tablet asks for a page.
#[derive(Clone)]
pub struct TabletHere {
    pub tablet: Tablet,
    /// what its forms carry beside the cookie
    pub csrf: String,
    /// the declaration that is on it
    pub form: Option<TabletForm>,
}

/// A paired tablet hands something in, with its token.
pub struct TabletPosted {
    pub here: TabletHere,
    pub typed: Typed,
}

/// Name of the tablet's cookie.
fn name(settings: &WebSettings) -> &'static str {
    if settings.secure_cookies { "__Host-uketsuke-tablet" } else { "uketsuke-tablet" }
}

/// The cookie of a paired tablet. It outlives the browser: a tablet is paired once.
pub fn pairing_cookie(settings: &WebSettings, token: &SessionToken) -> HeaderValue {
    cookie::keep(settings, name(settings), &token.0)
}

/// Takes the cookie of a tablet that is paired no longer back.
pub fn forget_cookie(settings: &WebSettings) -> HeaderValue {
    cookie::forget(settings, name(settings))
}

/// The token a request brings, whether it is good or not.
pub fn token_of(headers: &HeaderMap, settings: &WebSettings) -> Option<SessionToken> {
    cookie::read(headers, name(settings)).map(|value| SessionToken(value.to_owned()))
}

/// The tablets of this box.
pub fn tablets(app: &App) -> Result<Arc<dyn Tablets>, PageError> {
    app.desk.tablets().ok_or(PageError::NotFound)
}

/// The tablet that asks, when it is paired.
pub async fn paired(app: &App, headers: &HeaderMap) -> Result<Option<(Tablet, SessionToken)>, PageError> {
    let Some(token) = token_of(headers, &app.settings) else { return Ok(None) };
    let found = app.read(move |desk| {
        let Some(tablets) = desk.tablets() else { return Ok(None) };
        Ok(tablets.tablet_of(&token)?.map(|tablet| (tablet, token)))
    });
    found.await
}

/// What a tablet gets where it has no business: its own page. Nothing for everybody else.
pub async fn outside(app: &App, right: Right, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let path = uri.path();
    if right == Right::Tablet || path == "/tablet" || path.starts_with("/assets/") {
        return None;
    }
    match paired(app, headers).await {
        Ok(None) => None,
        Ok(Some(_)) => Some(go("/tablet")),
        Err(error) => Some(error.into_response()),
    }
}

/// Lets a paired tablet through to its page; everybody else to the page that asks for a code.
pub async fn enter(app: &App, mut request: Request, next: Next) -> Response {
    match find(app, request.method(), request.uri(), request.headers()).await {
        Ok(Some(here)) => {
            request.extensions_mut().insert(here);
            next.run(request).await
        }
        Ok(None) => go("/tablet"),
        Err(error) => error.into_response(),
    }
}

async fn find(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Option<TabletHere>, PageError> {
    let Some((tablet, token)) = paired(app, headers).await? else { return Ok(None) };
    let by_itself = uri.path() == STATE && uri.query() != Some("active=1");
    let now = app.desk.now();
    let touched = app.tablets.touched(&tablet.id);
    app.tablets.saw(&tablet.id, now, !by_itself);
    let id = tablet.id.clone();
    let form = app.read(move |desk| form_on(desk.tablets().as_deref(), &id)).await?;
    let form = match form {
        Some(form) if *method == Method::GET && is_left(&form, touched, now) => {
            tablets(app)?.change(&the_box(&tablet), TabletChange::PutAway(form.visit)).await.map_err(unavailable)?;
            None
        }
        other => other,
    };
    Ok(Some(TabletHere { csrf: csrf_of(&token), tablet, form }))
}

fn form_on(tablets: Option<&dyn Tablets>, id: &str) -> crate::port::Reading<Option<TabletForm>> {
    let forms = tablets.map_or_else(|| Ok(Vec::new()), Tablets::forms)?;
    Ok(forms.into_iter().find(|form| form.tablet.as_deref() == Some(id)))
}

fn is_left(form: &TabletForm, touched: Option<domain::Timestamp>, now: domain::Timestamp) -> bool {
    let last = touched.map_or(form.changed_at, |touched| touched.max(form.changed_at));
    now.since_ms(last) > AWAY_MS
}

/// Who does what the tablet does by itself.
pub fn the_box(tablet: &Tablet) -> Account {
    Account { counter: tablet.name.clone(), ..Account::new(Author::the_box(), "") }
}

/// The port failed.
pub fn unavailable(error: crate::port::Unavailable) -> PageError {
    tracing::error!(error = &error as &dyn std::error::Error, "a tablet's change was not kept");
    PageError::Unavailable
}

/// Made from the token, so that nothing more has to be kept; in letters only.
fn csrf_of(token: &SessionToken) -> String {
    let hash = Sha256::digest(format!("form of {}", token.0));
    hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(b'a' + nibble)).collect()
}

impl TabletHere {
    /// Tells the pages of a tablet when something else is to be shown; says nothing of anybody.
    pub fn state(&self) -> String {
        self.form.as_ref().map_or_else(|| "none".to_owned(), |form| form.form_no.clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TabletHere {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<TabletHere, PageError> {
        // the guard has put it there
        parts.extensions.get::<TabletHere>().cloned().ok_or(PageError::NotFound)
    }
}

impl FromRequest<App> for TabletPosted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<TabletPosted, PageError> {
        let (mut parts, body) = request.into_parts();
        let here = TabletHere::from_request_parts(&mut parts, app).await?;
        let typed = read_form(Request::from_parts(parts.clone(), body), app).await?;
        if !from_own_pages(&parts.headers) || !token::same(typed.value("csrf"), &here.csrf) {
            return Err(PageError::FormExpired);
        }
        Ok(TabletPosted { here, typed })
    }
}

/// `GET /tablet/state`: what is on the tablet, as a mark.
pub async fn state(here: TabletHere) -> String {
    here.state()
}

/// `POST /tablet/call`: somebody needs help.
pub async fn call(State(app): State<App>, posted: TabletPosted) -> Result<Response, PageError> {
    call_staff(&app, &posted.here).await?;
    Ok(go("/tablet"))
}

/// Tells the desk which tablet calls.
pub async fn call_staff(app: &App, here: &TabletHere) -> Result<(), PageError> {
    let change = TabletChange::Call(here.tablet.id.clone());
    tablets(app)?.change(&the_box(&here.tablet), change).await.map_err(unavailable)?;
    Ok(())
}
