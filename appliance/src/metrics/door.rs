//! Who may read the figures: this machine, and whoever has a token of the API.

use super::of_box::{Watched, collect};
use crate::desk::RunningDesk;
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use hyper::http::{HeaderMap, HeaderValue, StatusCode};
use std::sync::Arc;
use web::PeerAddress;
use web::port::{ApiToken, Desk};

/// Where they are.
pub const PATH: &str = "/metrics";

/// What a proxy on this machine says of whom it speaks for: then the request does not come from here.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// The address of the figures.
pub fn router(watched: Watched) -> Router {
    let watched = Arc::new(watched);
    Router::new().route(PATH, get(move |request: Request| answer(watched.clone(), request)))
}

async fn answer(watched: Arc<Watched>, request: Request) -> Response {
    let is_local = is_from_here(&request);
    let token = bearer(request.headers());
    let made = tokio::task::spawn_blocking(move || {
        let may_read = is_local || token.is_some_and(|token| is_known(&watched.desk, &token));
        may_read.then(|| collect(&watched))
    });
    let mut response = match made.await {
        Ok(Some(text)) => {
            let mut response = text.into_response();
            let form = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, form);
            response
        }
        Ok(None) => {
            let words = "The figures are read on the box itself, or with a token of the API (uketsuke api-token).\n";
            let mut response = (StatusCode::UNAUTHORIZED, words).into_response();
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "The figures could not be read.\n").into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_from_here(request: &Request) -> bool {
    let is_near =
        request.extensions().get::<PeerAddress>().is_some_and(|PeerAddress(ip)| ip.to_canonical().is_loopback());
    is_near && !FORWARDED.iter().any(|name| request.headers().contains_key(*name))
}

fn bearer(headers: &HeaderMap) -> Option<ApiToken> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| ApiToken(token.to_owned()))
}

fn is_known(desk: &RunningDesk, token: &ApiToken) -> bool {
    desk.api_account(token).is_ok_and(|account| account.is_some())
}
