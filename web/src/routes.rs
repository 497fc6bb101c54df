//! The URL table.

use crate::app::App;
use crate::error::{PageError, show_errors};
use crate::pages::{
    board, check_in, claims, declaration, devices, follow_ups, insurers, language, links, patient, practice, queue,
    rules, scans, shelf, sign_in, slip, visit,
};
use crate::{assets, events, security};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;
use tower_http::catch_panic::CatchPanicLayer;

/// Most bytes of a form. A signature of 20,000 characters and a full declaration need about a third of it.
const MOST_BYTES: usize = 128 * 1024;

/// The pages.
pub fn pages(app: &App) -> Router {
    Router::new()
        .route("/", get(board::board))
        .route("/set-up", get(sign_in::set_up_form).post(sign_in::set_up))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(language::switch))
        .route("/check-in", get(check_in::form).post(check_in::check_in))
        .route("/check-in/search", get(check_in::form).post(check_in::search))
        .route("/check-in/card", get(check_in::form).post(check_in::read_card))
        .route("/scans", post(scans::away))
        .route("/scans/open", post(scans::open))
        .route("/visits/{visit}", get(visit::visit))
        .route("/visits/{visit}/slip", get(slip::slip))
        .route("/visits/{visit}/person", post(visit::take_person))
        .route("/visits/{visit}/paper", post(visit::take_paper))
        .route("/visits/{visit}/unchanged", post(visit::say_unchanged))
        .route("/visits/{visit}/query", post(visit::ask_by_number))
        .route("/visits/{visit}/scan", post(visit::ask_by_scan))
        .route("/visits/{visit}/lookup", post(visit::enter_lookup))
        .route("/visits/{visit}/decide", post(visit::decide))
        .route("/visits/{visit}/attempt", post(visit::report_attempt))
        .route("/visits/{visit}/card", post(visit::note_card))
        .route("/visits/{visit}/companion", post(visit::note_companion))
        .route("/visits/{visit}/payers", post(visit::take_payers))
        .route("/visits/{visit}/ratio", post(visit::choose_ratio))
        .route("/visits/{visit}/full-charge", post(visit::ask_full_charge))
        .route("/visits/{visit}/leave", post(visit::leave))
        .route("/visits/{visit}/void", post(visit::void))
        .route("/visits/{visit}/follow-up", post(visit::close_follow_up))
        .route("/visits/{visit}/declaration", get(declaration::form).post(declaration::take))
        .route("/visits/{visit}/declaration/card", get(declaration::form).post(declaration::read_card))
        .route("/patients/{patient}", get(patient::patient))
        .route("/patients/{patient}/name", post(patient::correct_name))
        .route("/patients/{patient}/care", post(patient::note_care))
        .route("/patients/{patient}/number", post(patient::set_number))
        .route("/patients/{patient}/insurance", post(patient::learn_coverage))
        .route("/patients/{patient}/cards", post(patient::forget_cards))
        .route("/follow-ups", get(follow_ups::follow_ups).post(follow_ups::close))
        .route("/follow-ups/assign", get(follow_ups::follow_ups).post(follow_ups::assign))
        .route("/follow-ups/snooze", get(follow_ups::follow_ups).post(follow_ups::snooze))
        .route("/follow-ups/money", get(follow_ups::follow_ups).post(follow_ups::money))
        .route("/follow-ups/ask", get(follow_ups::follow_ups).post(follow_ups::ask_again))
        .route("/follow-ups/insurers", get(insurers::insurers).post(insurers::import))
        .route("/claims", get(claims::claims))
        .route("/claims/freeze", get(claims::claims).post(claims::freeze))
        .route("/claims/reopen", get(claims::claims).post(claims::reopen))
        .route("/claims/seen", get(claims::claims).post(claims::seen))
        .route("/claims/file", get(claims::file))
        .route("/claims/{visit}", get(claims::evidence))
        .route("/claims/{visit}/text", get(claims::evidence_text))
        .route("/claims/{visit}/return", get(claims::evidence).post(claims::enter_return))
        .route("/claims/{visit}/settle", get(claims::evidence).post(claims::settle_return))
        .route("/queue", get(queue::queue).post(queue::change))
        .route("/queue/look-up", get(queue::queue).post(queue::look_up))
        .route("/links", get(links::links))
        .route("/links/sheet", get(links::sheet))
        .route("/devices", get(devices::devices))
        .route("/devices/scanner", post(devices::choose_scanner))
        .route("/devices/restart", post(devices::restart))
        .route("/devices/card", post(devices::test_read))
        .route("/devices/erase-cards", post(devices::erase_cards))
        .route("/devices/report", get(devices::report))
        .route("/shelf", get(shelf::shelf).post(shelf::claim))
        .route("/rules", get(rules::rules))
        .route("/practice", get(practice::practice).post(practice::change))
        .route("/events", get(events::events))
        .route("/assets/{version}/{name}", get(assets::asset))
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || PageError::WrongMethod)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), show_errors))
        .layer(from_fn_with_state(app.clone(), security::add_headers))
        .with_state(app.clone())
}

fn panicked(_message: Box<dyn std::any::Any + Send>) -> http::Response<axum::body::Body> {
    tracing::error!("a page handler panicked");
    let response: Response = PageError::Broken.into_response();
    response.map(|body| axum::body::Body::new(body.boxed_unsync()))
}
