//! Pages and API of the desk: axum and askama over one port, [`port::Desk`].
//!
//! `web` cannot write and cannot reach hardware or network: it asks the port. The browser holds nothing.

pub mod api;
mod app;
mod assets;
mod closing;
mod cookie;
mod counter_here;
mod drafts;
mod error;
mod events;
pub mod first_start;
mod form;
mod frame;
mod guard;
pub mod insurer_list;
mod lang;
mod live;
mod outside_figures;
mod pages;
mod passkeys;
mod peer;
pub mod port;
pub mod prints;
mod question;
mod restarts;
pub mod rights;
mod routes;
mod scanner_here;
mod security;
mod session;
pub mod settings;
mod show;
mod tablet;
mod token;
mod words;

pub use closing::{Closer, Closing};
pub use peer::PeerAddress;
pub use routes::{Place, places};
pub use settings::WebSettings;

use axum::Router;
use axum::middleware::from_fn;
use port::Desk;
use std::sync::Arc;

/// The pages of the desk, and the API at `/api/v1`. Whoever serves them puts a [`PeerAddress`] into the extensions of every
/// request.
pub fn router(desk: Arc<dyn Desk>, settings: WebSettings) -> Router {
    let restarts: Arc<restarts::Restarts> = Arc::default();
    let api = api::router_beside(desk.clone(), settings.clone(), restarts.clone());
    let pages = routes::pages(&app::App::new(desk, settings, restarts)).nest("/api/v1", api);
    pages.layer(from_fn(question::hear_out))
}
