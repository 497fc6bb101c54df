//! Is this reception fit to serve: asked by the machine it runs on, at `/healthz`, without signing in. Says nothing of any patient.

mod asking;

pub use asking::ask;

use crate::desk::{Input, RunningDesk};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web::port::Desk;

/// Where it is asked.
pub const PATH: &str = "/healthz";

/// Longest wait for the writer. A slow disk takes a tenth of a second.
const WRITER_LIMIT: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `pass` when everything below does
    pub status: Found,
    /// version of the program
    pub version: String,
    /// newest migration of the record
    pub schema: u32,
    /// the record can be read
    pub record: Found,
    /// the one thread that writes answers
    pub writer: Found,
    /// what worked before the update that is being judged, and does not now
    #[serde(default)]
    pub missing: Vec<String>,
}

/// Outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// as it should be
    Pass,
    /// not so
    Fail,
}

impl Found {
    fn of(is_right: bool) -> Found {
        if is_right { Found::Pass } else { Found::Fail }
    }
}

/// The address where health is asked.
pub fn router(desk: RunningDesk) -> Router {
    Router::new().route(PATH, get(move || answer(desk.clone())))
}

async fn answer(desk: RunningDesk) -> Response {
    let health = examine(desk).await;
    let status = if health.status == Found::Pass { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = (status, axum::Json(health)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn examine(desk: RunningDesk) -> Health {
    let reader = desk.clone();
    let read = tokio::task::spawn_blocking(move || reader.has_accounts().is_ok()).await;
    let writes = tokio::time::timeout(WRITER_LIMIT, desk.inbox().send(Input::SignOfLife)).await;
    let judged = desk.update_agent().cloned();
    let missing = tokio::task::spawn_blocking(move || judged.map_or_else(Vec::new, |agent| agent.missing())).await;
    let missing: Vec<String> = missing.unwrap_or_default().into_iter().map(str::to_owned).collect();
    let record = Found::of(read.unwrap_or(false));
    let writer = Found::of(matches!(writes, Ok(Some(()))));
    Health {
        status: Found::of(record == Found::Pass && writer == Found::Pass && missing.is_empty()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: crate::store::newest_migration(),
        record,
        writer,
        missing,
    }
}
