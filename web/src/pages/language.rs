//! The language switch: a choice kept in a cookie, nothing else.

use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::lang::{self, Lang};
use crate::session::{from_own_pages, local_path, read_form};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;

/// `POST /language`. Carries no token: it changes nothing but the words, and works before signing in.
pub async fn switch(State(app): State<App>, request: Request) -> Result<Response, PageError> {
    if !from_own_pages(request.headers()) {
        return Err(PageError::FormExpired);
    }
    let typed = read_form(request, &app).await?;
    let chosen = Lang::from_code(typed.value("lang")).unwrap_or_default();
    let cookie = cookie::keep(&app.settings, lang::COOKIE, chosen.code());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(local_path(typed.value("back")))).into_response())
}
