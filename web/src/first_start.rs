//! The pages of a box without settings: a one-time code, one of four choices, a check, and done. Nothing else is served.
//!
//! What somebody typed is held here, in memory, between the form and its check. When the box has become something, the process that
//! serves these pages ends them; there is no way back to them.

mod choices;
mod code;
mod confirm;
mod door;
mod fields;
mod joining;
mod reading;
mod shown;

pub use code::OneTimeCode;

use crate::assets;
use crate::cookie;
use crate::error::PageError;
use crate::form::Typed;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{FirstChecked, FirstChoice, FirstStart};
use crate::security::put_headers;
use crate::session::{from_own_pages, read_form};
use crate::settings::WebSettings;
use crate::token;
use crate::words::FirstStartWords;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::{HeaderMap, StatusCode};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// Where everything begins.
const HOME: &str = "/first-start";
/// Most bytes of a form.
const MOST_BYTES: usize = 16 * 1024;
/// Wrong codes from one address before the pause.
const TRIES: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
/// Pause for one more.
const PAUSE: Duration = Duration::from_secs(60);
/// Addresses remembered by the limit before the idle ones are forgotten.
const REMEMBERED_ADDRESSES: usize = 1_000;

/// Shared by the handlers.
#[derive(Clone)]
struct Wizard(Arc<Shared>);

struct Shared {
    port: Arc<dyn FirstStart>,
    code: OneTimeCode,
    settings: WebSettings,
    /// what the cookie of a browser that brought the code holds
    session: String,
    csrf: String,
    /// the token of the form that strangers get
    door_csrf: String,
    tries: DefaultKeyedRateLimiter<IpAddr>,
    held: Mutex<Held>,
}

/// Between form and check.
#[derive(Default)]
struct Held {
    checked: Option<(FirstChoice, FirstChecked)>,
    /// the form it was typed into
    form: &'static str,
    /// as it was typed, to be shown again; passwords apart
    typed: Typed,
    password: Option<String>,
}

impl std::ops::Deref for Wizard {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn frame(&self, lang: Lang, path: &str, title: &str) -> Frame {
        Frame { csrf: self.csrf.clone(), ..Frame::before_the_desk(lang, path, title) }
    }

    fn cookie(&self) -> &'static str {
        if self.settings.secure_cookies { "__Host-uketsuke-first-start" } else { "uketsuke-first-start" }
    }

    fn has_brought_code(&self, headers: &HeaderMap) -> bool {
        cookie::read(headers, self.cookie()).is_some_and(|value| token::same(value, &self.session))
    }

    fn may_try(&self, address: IpAddr) -> bool {
        if self.tries.len() > REMEMBERED_ADDRESSES {
            self.tries.retain_recent();
        }
        self.tries.check_key(&address).is_ok()
    }
}

/// The pages. Whoever serves them puts a [`crate::PeerAddress`] into the extensions of every request.
pub fn router(port: Arc<dyn FirstStart>, code: OneTimeCode, settings: WebSettings) -> Router {
    let quota = Quota::with_period(PAUSE).unwrap_or(Quota::per_minute(TRIES)).allow_burst(TRIES);
    let wizard = Wizard(Arc::new(Shared {
        port,
        code,
        settings,
        session: token::random(),
        csrf: token::random(),
        door_csrf: token::random(),
        tries: RateLimiter::keyed(quota),
        held: Mutex::default(),
    }));
    let inside = Router::new()
        .route("/first-start/new", get(choices::new_form).post(choices::new))
        .route("/first-start/join", get(choices::join_form).post(choices::join))
        .route("/first-start/restore", get(choices::restore_form).post(choices::restore))
        .route("/first-start/spare", get(choices::spare_form).post(choices::spare))
        .route("/first-start/check", get(confirm::show).post(confirm::carry_out))
        .route("/first-start/digits", post(joining::answer))
        .route("/first-start/go-on", post(joining::go_on))
        .route("/first-start/give-up", post(joining::give_up))
        .route_layer(from_fn_with_state(wizard.clone(), only_with_code));
    Router::new()
        .route("/", get(async || Redirect::to(HOME)))
        .route(HOME, get(door::home).post(door::enter))
        .route("/language", post(door::language))
        .route("/assets/{version}/{name}", get(assets::asset))
        .merge(inside)
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || PageError::WrongMethod)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(wizard.clone(), around))
        .with_state(wizard)
}

fn panicked(_message: Box<dyn std::any::Any + Send>) -> http::Response<axum::body::Body> {
    tracing::error!("a page of the first start panicked");
    PageError::Broken.into_response()
}

async fn only_with_code(State(wizard): State<Wizard>, request: Request, next: Next) -> Response {
    if wizard.has_brought_code(request.headers()) { next.run(request).await } else { go_home() }
}

#[derive(Template)]
#[template(path = "first_start/message.html")]
struct MessagePage {
    page: Frame,
    why: &'static str,
    back: &'static str,
}

/// Headers on everything, and a page around every error.
async fn around(State(wizard): State<Wizard>, request: Request, next: Next) -> Response {
    let lang = Lang::of_request(request.headers());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<PageError>() {
        let w = FirstStartWords::of(lang);
        let why = if matches!(error, PageError::TooMany) { w.code_pause } else { w.error_why };
        let message = MessagePage { page: wizard.frame(lang, HOME, w.error_title), why, back: w.error_back };
        response = (error.status(), page(&message)).into_response();
    }
    put_headers(&mut response, wizard.settings.secure_cookies);
    response
}

/// A form of a browser that brought the code.
async fn posted(wizard: &Wizard, request: Request) -> Result<(Lang, Typed), PageError> {
    let headers = request.headers().clone();
    let typed = read_form(request, wizard).await?;
    if !from_own_pages(&headers) || !token::same(typed.value("csrf"), &wizard.csrf) {
        return Err(PageError::FormExpired);
    }
    Ok((Lang::of_request(&headers), typed))
}

fn go_home() -> Response {
    Redirect::to(HOME).into_response()
}

/// A page with a complaint on it keeps the status of one.
fn refused(page: Result<Response, PageError>) -> Result<Response, PageError> {
    page.map(|page| (StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
