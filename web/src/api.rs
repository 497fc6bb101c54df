//! The JSON API, to be nested at `/api/v1`: everything the pages can do, for programs.
//!
//! | method and path | what it does | reply |
//! |---|---|---|
//! | `GET /board` | the board of a day (`?day=`) | 200 |
//! | `GET /visits/{id}` | one visit with its decision of this moment | 200 |
//! | `POST /check-ins` | somebody came to the desk | 201 |
//! | `POST /visits/{id}/commands` | what happened to a visit, all of it or nothing | 200 |
//! | `POST /visits/{id}/questions` | ask the national service by number | 202 |
//! | `POST /history-lookups` | look up a visit history | 200 |
//! | `GET /follow-ups` | open follow-ups | 200 |
//! | `POST /follow-ups/ask-again` | ask once more for many visits | 200 |
//! | `GET /claims` | the claims of a month (`?month=`, `?show=`, `?after=`) | 200 |
//! | `GET /claims/{id}` | the claim of one visit | 200 |
//! | `POST /claims/commands` | freeze a month, open it again, what came back | 200 |
//! | `POST /patients/search` | search; a POST keeps personal data out of addresses | 200 |
//! | `GET /patients/{id}` | one patient | 200 |
//! | `POST /patients/{id}/commands` | name, note, number, insurance or cards of a patient | 200 |
//! | `POST /patients/{id}/forget` | delete a patient with all visits, everywhere | 200 |
//! | `GET /retention` | how long records are kept, what goes next, what went | 200 |
//! | `GET /queue` | jobs for the outside | 200 |
//! | `POST /queue/send-now` | try all now | 200 |
//! | `POST /queue/{job}/send-now` | try one now | 200 |
//! | `POST /queue/{job}/ask-again` | ask once more, by a person's decision | 200 |
//! | `POST /queue/{job}/withdraw` | nobody needs the answer any more | 200 |
//! | `GET /apart` | what counters wrote while they could not reach each other | 200 |
//! | `POST /apart/decisions` | which value is right; which visits or patients are one | 200 |
//! | `GET /links` | the links and since when | 200 |
//! | `GET /journal` | the outage journal (`?limit=`) | 200 |
//! | `GET /disaster-mode` | whether the disaster function is open, and when it was | 200 |
//! | `POST /disaster-mode` | open or close it, with a reason | 200 |
//! | `GET /shelf` | answers nobody waited for | 200 |
//! | `POST /shelf/{answer}/claim` | to whom an answer belongs | 200 |
//! | `GET /devices` | readers, scanners, relays | 200 |
//! | `POST /devices/{device}/restart` | restart one now | 200 |
//! | `POST /devices/{device}/card` | read the card in a reader | 200 |
//! | `GET /card-recognition` | whether cards that come again are recognised, and what is kept for it | 200 |
//! | `POST /card-recognition/erase` | erase what they are recognised by | 200 |
//! | `GET /scans` | scanned codes that wait | 200 |
//! | `DELETE /scans/{scan}` | put one away | 204 |
//! | `GET /fault-report` | which part stopped, for vendors | 200 |
//! | `GET /troubles` | troubles in the survey's categories, by month | 200 |
//! | `GET /sync` | the other boxes and the hub, and what is not yet elsewhere | 200 |
//! | `POST /sync/now` | call every member now | 200 |
//! | `POST /sync/code` | make a code for another box | 200 |
//! | `POST /sync/answer` | whether digits are the same on both screens | 200 |
//! | `POST /sync/join` | bring this box into the facility of another | 200 |
//! | `POST /sync/hub` | use a hub | 200 |
//! | `POST /sync/put-out` | put a member out, or leave a hub | 200 |
//! | `GET /prints` | which papers there are, and what lies ready on the disk | 200 |
//! | `GET /prints/{print}` | a paper of the site as PDF | 200 |
//! | `POST /prints/blank-forms` | blank declarations with numbers of their own, as PDF | 200 |
//! | `GET /visits/{id}/prints/{print}` | a paper of a visit as PDF | 200 |
//! | `GET /rules` | the dated rules (`?on=`) | 200 |
//! | `POST /rules/decide` | decide one case, or many as lines | 200 |
//! | `GET /events` | revisions as server-sent events | 200 |
//! | `POST /session` | sign in (open) | 201 |
//! | `GET /session` | who is signed in | 200 |
//! | `DELETE /session` | sign out | 204 |
//! | `GET /openapi.json` | the description (open) | 200 |
//!
//! **Who may call.** Every call but the two marked *open* needs a known caller. A program sends `Authorization: Bearer` with its
//! API token; when that header is there, it decides alone. A browser sends the session cookie of the pages or of
//! `POST /session`; every method other than GET and HEAD must then also carry `X-CSRF-Token`. A token needs none: no
//! browser sends it by itself.
//!
//! **Once only.** A change sent again with the same `Idempotency-Key` gets the first reply again.
//!
//! **Refusals** are `application/problem+json` in Japanese and English with the fields located; they never repeat what was
//! sent. Nothing that looks like a My Number is taken, in any field, parameter or header.

mod address;
mod apart;
mod body;
mod caller;
mod change;
mod claims;
mod description;
mod devices;
mod disaster;
mod events;
mod forgetting;
mod language;
mod outside;
mod patients;
mod prints;
mod problem;
mod recognition;
mod rules;
mod session;
mod state;
mod sync;
mod visits;
pub mod wire;

pub use address::IDEMPOTENCY_HEADER;
pub use caller::CSRF_HEADER;
pub use problem::{FieldNote, Problem, ProblemDocument, ProblemKind};

use crate::port::Desk;
use crate::restarts::Restarts;
use crate::settings::WebSettings;
use address::accepts;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use caller::require_caller;
use http::Method;
use state::Api;
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// One address of the API.
pub struct Endpoint {
    /// the method
    pub method: Method,
    /// the path below the API, with `{…}` for ids
    pub path: &'static str,
    /// whether anybody may call it
    pub open: bool,
    offers: &'static [&'static str],
    handler: MethodRouter<Api>,
}

const JSON: &[&str] = &["application/json"];
const PDF: &[&str] = &["application/pdf"];

/// Every address of the API, in the order of the table above.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/board", routing::get(visits::board)),
        get("/visits/{id}", routing::get(visits::visit)),
        post("/check-ins", routing::post(visits::check_in)),
        post("/visits/{id}/commands", routing::post(visits::commands)),
        post("/visits/{id}/questions", routing::post(visits::ask)),
        post("/history-lookups", routing::post(visits::look_up_history)),
        get("/follow-ups", routing::get(visits::follow_ups)),
        post("/follow-ups/ask-again", routing::post(claims::ask_again)),
        get("/claims", routing::get(claims::claims)),
        get("/claims/{id}", routing::get(claims::claim)),
        post("/claims/commands", routing::post(claims::command)),
        post("/patients/search", routing::post(patients::search)),
        get("/patients/{id}", routing::get(patients::patient)),
        post("/patients/{id}/commands", routing::post(patients::command)),
        post("/patients/{id}/forget", routing::post(forgetting::forget)),
        get("/retention", routing::get(forgetting::retention)),
        get("/queue", routing::get(outside::queue)),
        post("/queue/send-now", routing::post(outside::send_all_now)),
        post("/queue/{job}/send-now", routing::post(outside::send_now)),
        post("/queue/{job}/ask-again", routing::post(outside::ask_again)),
        post("/queue/{job}/withdraw", routing::post(outside::withdraw)),
        get("/apart", routing::get(apart::apart)),
        post("/apart/decisions", routing::post(apart::decide)),
        get("/links", routing::get(outside::links)),
        get("/journal", routing::get(outside::journal)),
        get("/disaster-mode", routing::get(disaster::disaster_mode)),
        post("/disaster-mode", routing::post(disaster::turn)),
        get("/shelf", routing::get(outside::shelf)),
        post("/shelf/{answer}/claim", routing::post(outside::claim)),
        get("/devices", routing::get(devices::devices)),
        post("/devices/{device}/restart", routing::post(devices::restart)),
        post("/devices/{device}/card", routing::post(devices::read_card)),
        get("/card-recognition", routing::get(recognition::recognition)),
        post("/card-recognition/erase", routing::post(recognition::erase)),
        get("/scans", routing::get(devices::scans)),
        Endpoint { method: Method::DELETE, ..get("/scans/{scan}", routing::delete(devices::put_away)) },
        get("/fault-report", routing::get(devices::fault_report)),
        get("/troubles", routing::get(devices::troubles)),
        get("/sync", routing::get(sync::sync)),
        post("/sync/now", routing::post(sync::now)),
        post("/sync/code", routing::post(sync::make_code)),
        post("/sync/answer", routing::post(sync::answer)),
        post("/sync/join", routing::post(sync::join)),
        post("/sync/hub", routing::post(sync::hub)),
        post("/sync/put-out", routing::post(sync::put_out)),
        get("/prints", routing::get(prints::prints)),
        get("/prints/{print}", routing::get(prints::of_site)).offering(PDF),
        post("/prints/blank-forms", routing::post(prints::blank_forms)).offering(PDF),
        get("/visits/{id}/prints/{print}", routing::get(prints::of_visit)).offering(PDF),
        get("/rules", routing::get(rules::rules)),
        post("/rules/decide", routing::post(rules::decide)).offering(&["application/json", "application/x-ndjson"]),
        get("/events", routing::get(events::events)).offering(&["text/event-stream"]),
        post("/session", routing::post(session::sign_in)).open(),
        get("/session", routing::get(session::who)),
        Endpoint { method: Method::DELETE, ..get("/session", routing::delete(session::sign_out)) },
        get("/openapi.json", routing::get(description::description)).open(),
    ]
}

/// The API over a desk. The caller nests it at `/api/v1`; whoever accepts connections puts a
/// [`PeerAddress`](crate::PeerAddress) into the extensions of every request.
pub fn router(desk: Arc<dyn Desk>, settings: WebSettings) -> Router {
    router_beside(desk, settings, Arc::default())
}

/// The same beside pages that restart devices too: a key restarts once, wherever it comes from.
pub(crate) fn router_beside(desk: Arc<dyn Desk>, settings: WebSettings, restarts: Arc<Restarts>) -> Router {
    let api = Api::over(desk, settings, restarts);
    let routes = endpoints().into_iter().fold(Router::new(), |router, endpoint| {
        let path = endpoint.path;
        router.route(path, endpoint.guarded(&api))
    });
    routes
        .fallback(|| async { Problem::of(ProblemKind::NoSuchRoute) })
        .method_not_allowed_fallback(|| async { Problem::of(ProblemKind::MethodNotAllowed) })
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(internal))
        .layer(from_fn(problem::finish))
        .with_state(api)
}

fn get(path: &'static str, handler: MethodRouter<Api>) -> Endpoint {
    Endpoint { method: Method::GET, path, open: false, offers: JSON, handler }
}

fn post(path: &'static str, handler: MethodRouter<Api>) -> Endpoint {
    Endpoint { method: Method::POST, ..get(path, handler) }
}

impl Endpoint {
    fn open(self) -> Endpoint {
        Endpoint { open: true, ..self }
    }

    fn offering(self, offers: &'static [&'static str]) -> Endpoint {
        Endpoint { offers, ..self }
    }

    /// The handler behind its guards: first who is calling, then what they take.
    fn guarded(self, api: &Api) -> MethodRouter<Api> {
        let offers = self.offers;
        let handler =
            self.handler.route_layer(from_fn(move |request: Request, next: Next| acceptable(offers, request, next)));
        if self.open { handler } else { handler.route_layer(from_fn_with_state(api.clone(), require_caller)) }
    }
}

async fn acceptable(offers: &'static [&'static str], request: Request, next: Next) -> Result<Response, Problem> {
    if accepts(request.headers(), offers) {
        return Ok(next.run(request).await);
    }
    Err(Problem::of(ProblemKind::NotAcceptable))
}

/// A handler panicked: the call fails, the box goes on. What the panic said may hold anything and is not passed on.
fn internal(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler of the API panicked");
    Problem::of(ProblemKind::Internal).into_response()
}
