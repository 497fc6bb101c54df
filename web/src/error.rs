//! Errors to HTTP, last: what happened, what is safe, what to do now.

use crate::app::App;
use crate::form::Carried;
use crate::lang::Lang;
use crate::pages;
use crate::port::{Look, Role, SubmitError};
use crate::tablet;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

/// Why there is no page to show.
#[derive(Clone, Debug)]
pub enum PageError {
    /// nothing lives here
    NotFound,
    /// the way of asking does not fit the address
    WrongMethod,
    /// sign in first; afterwards go on there, with what was typed
    SignInNeeded {
        /// where to go on
        next: String,
        /// what was typed, when a form was handed in
        carried: Option<Carried>,
    },
    /// the form's token does not fit this session
    FormExpired,
    /// the form was handed in before with other content
    AlreadySent,
    /// more than the limit
    TooLarge,
    /// not a form
    BadForm,
    /// the role of whoever asks has not the right
    NotAllowed(Role),
    /// too many attempts
    TooMany,
    /// the record cannot be read or written
    Unavailable,
    /// a fault of this program
    Broken,
}

impl PageError {
    pub fn status(&self) -> StatusCode {
        match self {
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            PageError::SignInNeeded { .. } => StatusCode::UNAUTHORIZED,
            PageError::FormExpired | PageError::NotAllowed(_) => StatusCode::FORBIDDEN,
            PageError::AlreadySent => StatusCode::CONFLICT,
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            PageError::BadForm => StatusCode::BAD_REQUEST,
            PageError::TooMany => StatusCode::TOO_MANY_REQUESTS,
            PageError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            PageError::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for PageError {
    /// The bare status; [`show_errors`] puts the page around it, in the language of the request.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SubmitError> for PageError {
    /// For everything but a refusal, which goes back into its form.
    fn from(error: SubmitError) -> PageError {
        match error {
            SubmitError::NotFound(_) => PageError::NotFound,
            SubmitError::KeyReused => PageError::AlreadySent,
            SubmitError::StateChanged(_) => {
                tracing::error!("a changed state reached no form");
                PageError::BadForm
            }
            SubmitError::Refused { at, .. } => {
                tracing::error!(at, "a refusal reached no form");
                PageError::BadForm
            }
            SubmitError::Unavailable(unavailable) => {
                tracing::error!(error = &unavailable as &dyn std::error::Error, "nothing was kept");
                PageError::Unavailable
            }
        }
    }
}

/// Puts a page around every [`PageError`] that comes out of the handlers.
pub async fn show_errors(State(app): State<App>, request: Request, next: Next) -> Response {
    let lang = Lang::of_request(request.headers());
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let look = response.extensions_mut().remove::<Look>().unwrap_or_default();
    match response.extensions_mut().remove::<PageError>() {
        None => response,
        Some(error) if path == "/tablet" || path.starts_with("/tablet/") => tablet::error_page(&app, &error),
        Some(PageError::SignInNeeded { next, carried: None }) => sign_in_first(&app, &next).await,
        Some(PageError::SignInNeeded { next, carried: Some(form) }) => {
            pages::sign_in::interrupted(&app, lang, next, form)
        }
        Some(error) => pages::error::page(&app, lang, look, path, &error),
    }
}

async fn sign_in_first(app: &App, next: &str) -> Response {
    let set_up = app.read(|desk| desk.has_accounts()).await.is_ok_and(|some| !some);
    match (set_up, next) {
        (true, _) => Redirect::to("/set-up").into_response(),
        (false, "/") => Redirect::to("/sign-in").into_response(),
        (false, next) => Redirect::to(&format!("/sign-in?next={}", encode(next))).into_response(),
    }
}

/// A path as the value of a query parameter.
pub fn encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
