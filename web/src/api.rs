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
//! | `POST /patients/search` | search; a POST keeps personal data out of addresses | 200 |
//! | `GET /patients/{id}` | one patient | 200 |
//! | `POST /patients/{id}/commands` | name, note, number, insurance or cards of a patient | 200 |
//! | `GET /queue` | jobs for the outside | 200 |
//! | `POST /queue/send-now` | try all now | 200 |
//! | `POST /queue/{job}/send-now` | try one now | 200 |
//! | `POST /queue/{job}/ask-again` | ask once more, by a person's decision | 200 |
//! | `POST /queue/{job}/withdraw` | nobody needs the answer any more | 200 |
//! | `GET /links` | the links and since when | 200 |
//! | `GET /journal` | the outage journal (`?limit=`) | 200 |
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
//! | `GET /statistics` | the figures of the site for associations and vendors (`?from=`, `?to=`) | 200 |
//! | `POST /follow-ups/ask-again` | ask once more for many visits | 200 |
//! | `GET /claims` | the claims of a month (`?month=`, `?show=`, `?after=`) | 200 |
//! | `GET /claims/{id}` | the claim of one visit | 200 |
//! | `POST /claims/commands` | freeze a month, open it again, what came back | 200 |
//! | `POST /patients/{id}/forget` | delete a patient with all visits, everywhere | 200 |
//! | `GET /retention` | how long records are kept, what goes next, what went | 200 |
//! | `GET /apart` | what counters wrote while they could not reach each other | 200 |
//! | `POST /apart/decisions` | which value is right; which visits or patients are one | 200 |
//! | `GET /facility-rounds` | the facilities the site goes round, with their residents and what runs out | 200 |
//! | `GET /counters` | the counters of the site, and what is offered at each | 200 |
//! | `POST /counters` | make, change or remove one | 200 |
//! | `GET /line` | today's waiting numbers | 200 |
//! | `POST /line` | hand out, call, park, serve numbers | 200 |
//! | `GET /consents` | consents given from afar that somebody waits for | 200 |
//! | `POST /consents` | enter one, compare it with the terminal's list, end it | 200 |
//! | `GET /lost-cards` | cards that were found at the site | 200 |
//! | `POST /lost-cards` | enter one, call its owner, hand it back | 200 |
//! | `GET /disaster-mode` | whether the disaster function is open, and when it was | 200 |
//! | `POST /disaster-mode` | open or close it, with a reason | 200 |
//! | `GET /sync` | the other boxes and the hub, and what is not yet elsewhere | 200 |
//! | `POST /sync/now` | call every member now | 200 |
//! | `POST /sync/code` | make a code for another box | 200 |
//! | `POST /sync/answer` | whether digits are the same on both screens | 200 |
//! | `POST /sync/join` | bring this box into the facility of another | 200 |
//! | `POST /sync/hub` | use a hub | 200 |
//! | `POST /sync/put-out` | put a member out, or leave a hub | 200 |
//! | `POST /sync/name` | give a member another name | 200 |
//! | `GET /updates` | which version runs, what is to come, why it waits | 200 |
//! | `POST /updates` | look for an update, install one, put it off | 200 |
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
mod arrivals;
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
mod lost_cards;
mod outside;
mod patients;
mod prints;
mod problem;
mod recognition;
mod rules;
mod session;
mod state;
mod statistics;
mod sync;
mod updates;
mod visits;
pub mod wire;

pub use address::IDEMPOTENCY_HEADER;
pub use caller::CSRF_HEADER;
pub use problem::{FieldNote, Problem, ProblemDocument, ProblemKind};

use crate::port::Desk;
use crate::restarts::Restarts;
use crate::rights::Right;
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
    /// what it needs
    pub right: Right,
    offers: &'static [&'static str],
    handler: MethodRouter<Api>,
}

const JSON: &[&str] = &["application/json"];
const PDF: &[&str] = &["application/pdf"];

/// Every address of the API, in the order of the table above.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/board", Right::Look, routing::get(visits::board)),
        get("/visits/{id}", Right::Look, routing::get(visits::visit)),
        post("/check-ins", Right::Receive, routing::post(visits::check_in)),
        post("/visits/{id}/commands", Right::Receive, routing::post(visits::commands)),
        post("/visits/{id}/questions", Right::Receive, routing::post(visits::ask)),
        post("/history-lookups", Right::Settle, routing::post(visits::look_up_history)),
        get("/follow-ups", Right::Settle, routing::get(visits::follow_ups)),
        post("/patients/search", Right::Look, routing::post(patients::search)),
        get("/patients/{id}", Right::Look, routing::get(patients::patient)),
        post("/patients/{id}/commands", Right::Receive, routing::post(patients::command)),
        get("/queue", Right::Settle, routing::get(outside::queue)),
        post("/queue/send-now", Right::Settle, routing::post(outside::send_all_now)),
        post("/queue/{job}/send-now", Right::Settle, routing::post(outside::send_now)),
        post("/queue/{job}/ask-again", Right::Settle, routing::post(outside::ask_again)),
        post("/queue/{job}/withdraw", Right::Settle, routing::post(outside::withdraw)),
        get("/links", Right::Equipment, routing::get(outside::links)),
        get("/journal", Right::Equipment, routing::get(outside::journal)),
        get("/shelf", Right::Settle, routing::get(outside::shelf)),
        post("/shelf/{answer}/claim", Right::Settle, routing::post(outside::claim)),
        get("/devices", Right::Equipment, routing::get(devices::devices)),
        post("/devices/{device}/restart", Right::Restart, routing::post(devices::restart)),
        post("/devices/{device}/card", Right::Receive, routing::post(devices::read_card)),
        get("/card-recognition", Right::Equipment, routing::get(recognition::recognition)),
        post("/card-recognition/erase", Right::EraseCards, routing::post(recognition::erase)),
        get("/scans", Right::Look, routing::get(devices::scans)),
        Endpoint { method: Method::DELETE, ..get("/scans/{scan}", Right::Receive, routing::delete(devices::put_away)) },
        get("/fault-report", Right::Equipment, routing::get(devices::fault_report)),
        get("/troubles", Right::Equipment, routing::get(devices::troubles)),
        get("/statistics", Right::Equipment, routing::get(statistics::statistics)),
        post("/follow-ups/ask-again", Right::Settle, routing::post(claims::ask_again)),
        get("/claims", Right::Claims, routing::get(claims::claims)),
        get("/claims/{id}", Right::Claims, routing::get(claims::claim)),
        post("/claims/commands", Right::Claims, routing::post(claims::command)),
        post("/patients/{id}/forget", Right::Forget, routing::post(forgetting::forget)),
        get("/retention", Right::Forget, routing::get(forgetting::retention)),
        get("/apart", Right::Receive, routing::get(apart::apart)),
        post("/apart/decisions", Right::Receive, routing::post(apart::decide)),
        get("/counters", Right::Look, routing::get(arrivals::counters)),
        post("/counters", Right::Counters, routing::post(arrivals::change_counters)),
        get("/line", Right::Receive, routing::get(arrivals::line)),
        post("/line", Right::Receive, routing::post(arrivals::change_line)),
        get("/consents", Right::Receive, routing::get(arrivals::consents)),
        post("/consents", Right::Receive, routing::post(arrivals::change_consents)),
        get("/facility-rounds", Right::Receive, routing::get(arrivals::facility_rounds)),
        get("/lost-cards", Right::Receive, routing::get(lost_cards::lost_cards)),
        post("/lost-cards", Right::Receive, routing::post(lost_cards::change_lost_cards)),
        get("/disaster-mode", Right::Receive, routing::get(disaster::disaster_mode)),
        post("/disaster-mode", Right::Receive, routing::post(disaster::turn)),
        get("/sync", Right::Equipment, routing::get(sync::sync)),
        post("/sync/now", Right::Boxes, routing::post(sync::now)),
        post("/sync/code", Right::Boxes, routing::post(sync::make_code)),
        post("/sync/answer", Right::Boxes, routing::post(sync::answer)),
        post("/sync/join", Right::Boxes, routing::post(sync::join)),
        post("/sync/hub", Right::Boxes, routing::post(sync::hub)),
        post("/sync/put-out", Right::Boxes, routing::post(sync::put_out)),
        post("/sync/name", Right::Boxes, routing::post(sync::rename)),
        get("/updates", Right::Equipment, routing::get(updates::updates)),
        post("/updates", Right::Boxes, routing::post(updates::wish)),
        get("/prints", Right::Look, routing::get(prints::prints)),
        get("/prints/{print}", Right::Look, routing::get(prints::of_site)).offering(PDF),
        post("/prints/blank-forms", Right::Receive, routing::post(prints::blank_forms)).offering(PDF),
        get("/visits/{id}/prints/{print}", Right::Look, routing::get(prints::of_visit)).offering(PDF),
        get("/rules", Right::Rules, routing::get(rules::rules)),
        post("/rules/decide", Right::Rules, routing::post(rules::decide))
            .offering(&["application/json", "application/x-ndjson"]),
        get("/events", Right::Look, routing::get(events::events)).offering(&["text/event-stream"]),
        post("/session", Right::Anybody, routing::post(session::sign_in)),
        get("/session", Right::Own, routing::get(session::who)),
        Endpoint { method: Method::DELETE, ..get("/session", Right::Own, routing::delete(session::sign_out)) },
        get("/openapi.json", Right::Anybody, routing::get(description::description)),
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

fn get(path: &'static str, right: Right, handler: MethodRouter<Api>) -> Endpoint {
    Endpoint { method: Method::GET, path, right, offers: JSON, handler }
}

fn post(path: &'static str, right: Right, handler: MethodRouter<Api>) -> Endpoint {
    Endpoint { method: Method::POST, ..get(path, right, handler) }
}

impl Endpoint {
    /// Whether anybody may call it.
    pub fn is_open(&self) -> bool {
        self.right == Right::Anybody
    }

    fn offering(self, offers: &'static [&'static str]) -> Endpoint {
        Endpoint { offers, ..self }
    }

    /// The handler behind its guards: first who is calling, then what they take.
    fn guarded(self, api: &Api) -> MethodRouter<Api> {
        let offers = self.offers;
        let handler =
            self.handler.route_layer(from_fn(move |request: Request, next: Next| acceptable(offers, request, next)));
        if self.right == Right::Anybody {
            return handler;
        }
        handler.route_layer(from_fn_with_state((api.clone(), self.right), require_caller))
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
