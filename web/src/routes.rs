//! The URL table.

use crate::app::App;
use crate::error::{PageError, show_errors};
use crate::guard::guard;
use crate::pages::{
    apart, arrivals, backups, board, check_in, claims, counters, declaration, devices, disaster, doctor, drill,
    emergency, follow_ups, forgetting, insurers, language, ledger, line, links, lost_cards, me, papers, passkeys,
    patient, practice, prints, queue, round, rules, scans, shelf, sign_in, slip, staff, statistics, support, switch,
    sync, tablets, trail, updates, visit,
};
use crate::rights::Right;
use crate::{assets, events, security, tablet};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http_body_util::BodyExt;
use tower_http::catch_panic::CatchPanicLayer;

/// Most bytes of a form. A signature of 20,000 characters and a full declaration need about a third of it.
const MOST_BYTES: usize = 128 * 1024;

/// One address of the pages: what a role must have to come there, and what answers.
pub struct Place {
    /// the path, with `{…}` for ids
    pub path: &'static str,
    /// what it needs
    pub right: Right,
    handler: MethodRouter<App>,
}

fn at(path: &'static str, right: Right, handler: MethodRouter<App>) -> Place {
    Place { path, right, handler }
}

/// Every page, one line each: where it is, what it needs, what answers.
pub fn places() -> Vec<Place> {
    vec![
        at("/", Right::Look, get(board::board)),
        at("/set-up", Right::Anybody, get(sign_in::set_up_form).post(sign_in::set_up)),
        at("/sign-in", Right::Anybody, get(sign_in::form).post(sign_in::sign_in)),
        at("/sign-out", Right::Begun, post(sign_in::sign_out)),
        at("/sign-in/code", Right::Begun, get(sign_in::code_form).post(sign_in::enter_code)),
        at("/sign-in/passkey", Right::Anybody, post(passkeys::sign_in)),
        at("/sign-in/code/passkey", Right::Begun, post(passkeys::second_factor)),
        at("/unlock", Right::Begun, get(switch::unlock_form).post(switch::unlock)),
        at("/switch", Right::Begun, get(switch::form).post(switch::switch)),
        at("/lock", Right::Own, post(switch::lock)),
        at("/active", Right::Own, get(switch::active)),
        at("/drafts", Right::Begun, post(switch::keep_draft)),
        at("/drafts/take", Right::Own, post(switch::take_draft)),
        at("/emergency", Right::Anybody, get(emergency::form).post(emergency::open)),
        at("/me", Right::Own, get(me::me).post(me::change)),
        at("/staff", Right::Staff, get(staff::staff).post(staff::change)),
        at("/trail", Right::Trail, get(trail::trail)),
        at("/language", Right::Anybody, post(language::switch)),
        at("/check-in", Right::Receive, get(check_in::form).post(check_in::check_in)),
        at("/check-in/search", Right::Receive, get(check_in::form).post(check_in::search)),
        at("/check-in/card", Right::Receive, get(check_in::form).post(check_in::read_card)),
        at("/scans", Right::Receive, post(scans::away)),
        at("/scans/open", Right::Receive, post(scans::open)),
        at("/visits/{visit}", Right::Look, get(visit::visit)),
        at("/visits/{visit}/slip", Right::Look, get(slip::slip)),
        at("/visits/{visit}/person", Right::Receive, post(visit::take_person)),
        at("/visits/{visit}/paper", Right::Receive, post(visit::take_paper)),
        at("/visits/{visit}/unchanged", Right::Receive, post(visit::say_unchanged)),
        at("/visits/{visit}/query", Right::Receive, post(visit::ask_by_number)),
        at("/visits/{visit}/scan", Right::Receive, post(visit::ask_by_scan)),
        at("/visits/{visit}/lookup", Right::Receive, post(visit::enter_lookup)),
        at("/visits/{visit}/decide", Right::Receive, post(visit::decide)),
        at("/visits/{visit}/attempt", Right::Receive, post(visit::report_attempt)),
        at("/visits/{visit}/card", Right::Receive, post(visit::note_card)),
        at("/visits/{visit}/lost-card", Right::Receive, post(visit::report_lost_card)),
        at("/visits/{visit}/companion", Right::Receive, post(visit::note_companion)),
        at("/visits/{visit}/payers", Right::Receive, post(visit::take_payers)),
        at("/visits/{visit}/ratio", Right::Receive, post(visit::choose_ratio)),
        at("/visits/{visit}/full-charge", Right::Receive, post(visit::ask_full_charge)),
        at("/visits/{visit}/leave", Right::Receive, post(visit::leave)),
        at("/visits/{visit}/void", Right::Receive, post(visit::void)),
        at("/visits/{visit}/follow-up", Right::Settle, post(visit::close_follow_up)),
        at("/visits/{visit}/declaration", Right::Receive, get(declaration::form).post(declaration::take)),
        at("/visits/{visit}/declaration/card", Right::Receive, get(declaration::form).post(declaration::read_card)),
        at("/patients/{patient}", Right::Look, get(patient::patient)),
        at("/patients/{patient}/name", Right::Receive, post(patient::correct_name)),
        at("/patients/{patient}/care", Right::Receive, post(patient::note_care)),
        at("/patients/{patient}/number", Right::Receive, post(patient::set_number)),
        at("/patients/{patient}/insurance", Right::Receive, post(patient::learn_coverage)),
        at("/patients/{patient}/cards", Right::Receive, post(patient::forget_cards)),
        at("/follow-ups", Right::Settle, get(follow_ups::follow_ups).post(follow_ups::close)),
        at("/queue", Right::Settle, get(queue::queue).post(queue::change)),
        at("/queue/look-up", Right::Settle, get(queue::queue).post(queue::look_up)),
        at("/links", Right::Equipment, get(links::links)),
        at("/links/sheet", Right::Equipment, get(links::sheet)),
        at("/devices", Right::Equipment, get(devices::devices)),
        at("/devices/scanner", Right::Receive, post(devices::choose_scanner)),
        at("/devices/restart", Right::Restart, post(devices::restart)),
        at("/devices/card", Right::Receive, post(devices::test_read)),
        at("/devices/erase-cards", Right::EraseCards, post(devices::erase_cards)),
        at("/devices/report", Right::Equipment, get(devices::report)),
        at("/doctor", Right::Equipment, get(doctor::doctor)),
        at("/ledger", Right::Equipment, get(ledger::ledger)),
        at("/ledger/file", Right::Equipment, get(ledger::file)),
        at("/ledger/components", Right::Equipment, get(ledger::components)),
        at("/support", Right::Equipment, get(support::support).post(support::make)),
        at("/support/file", Right::Equipment, get(support::support).post(support::file)),
        at("/shelf", Right::Settle, get(shelf::shelf).post(shelf::claim)),
        at("/rules", Right::Rules, get(rules::rules)),
        at("/patients/{patient}/forget", Right::Forget, get(forgetting::ask).post(forgetting::forget)),
        at("/forgetting", Right::Forget, get(forgetting::forgetting)),
        at("/backups", Right::Backups, get(backups::backups).post(backups::make)),
        at("/backups/key", Right::Backups, post(backups::make_key)),
        at("/backups/check", Right::Backups, get(backups::backups).post(backups::check_key)),
        at("/backups/kit", Right::Backups, get(backups::backups).post(backups::kit)),
        at("/backups/copy", Right::Backups, post(backups::copy_dealt_with)),
        at("/updates", Right::Equipment, get(updates::updates)),
        at("/updates/change", Right::Boxes, get(updates::updates).post(updates::change)),
        at("/follow-ups/assign", Right::Settle, get(follow_ups::follow_ups).post(follow_ups::assign)),
        at("/follow-ups/snooze", Right::Settle, get(follow_ups::follow_ups).post(follow_ups::snooze)),
        at("/follow-ups/money", Right::Settle, get(follow_ups::follow_ups).post(follow_ups::money)),
        at("/follow-ups/ask", Right::Settle, get(follow_ups::follow_ups).post(follow_ups::ask_again)),
        at("/follow-ups/insurers", Right::Settle, get(insurers::insurers).post(insurers::import)),
        at("/claims", Right::Claims, get(claims::claims)),
        at("/claims/freeze", Right::Claims, get(claims::claims).post(claims::freeze)),
        at("/claims/reopen", Right::Claims, get(claims::claims).post(claims::reopen)),
        at("/claims/seen", Right::Claims, get(claims::claims).post(claims::seen)),
        at("/claims/file", Right::Claims, get(claims::file)),
        at("/claims/{visit}", Right::Claims, get(claims::evidence)),
        at("/claims/{visit}/text", Right::Claims, get(claims::evidence_text)),
        at("/claims/{visit}/return", Right::Claims, get(claims::evidence).post(claims::enter_return)),
        at("/claims/{visit}/settle", Right::Claims, get(claims::evidence).post(claims::settle_return)),
        at("/statistics", Right::Look, get(statistics::statistics)),
        at("/statistics/file", Right::Equipment, get(statistics::file)),
        at("/apart", Right::Receive, get(apart::apart).post(apart::decide)),
        at("/counters", Right::Look, get(counters::counters)),
        at("/counters/here", Right::Look, post(counters::stand_here)),
        at("/counters/change", Right::Counters, get(counters::counters).post(counters::change)),
        at("/line", Right::Receive, get(line::line).post(line::change)),
        at("/line/display", Right::Anybody, get(line::display)),
        at("/line/{ticket}/slip", Right::Receive, get(line::slip)),
        at("/round", Right::Receive, get(round::round).post(round::receive)),
        at("/lost-cards", Right::Receive, get(lost_cards::lost_cards).post(lost_cards::change)),
        at("/arrivals", Right::Receive, get(arrivals::arrivals).post(arrivals::change)),
        at("/disaster", Right::Receive, get(disaster::disaster).post(disaster::turn)),
        at("/sync", Right::Equipment, get(sync::sync)),
        at("/sync/now", Right::Boxes, post(sync::now)),
        at("/sync/code", Right::Boxes, post(sync::code)),
        at("/sync/answer", Right::Boxes, post(sync::answer)),
        at("/sync/join", Right::Boxes, post(sync::join)),
        at("/sync/hub", Right::Boxes, post(sync::hub)),
        at("/sync/put-out", Right::Boxes, post(sync::put_out)),
        at("/sync/name", Right::Boxes, post(sync::name)),
        at("/papers", Right::Look, get(papers::papers)),
        at("/prints", Right::Look, get(prints::prints)),
        at("/prints/blank-forms", Right::Receive, post(prints::blank_forms)),
        at("/prints/{print}", Right::Look, get(prints::of_site)),
        at("/visits/{visit}/prints/{print}", Right::Look, get(prints::of_visit)),
        at("/practice", Right::Practice, get(practice::practice).post(practice::change)),
        at("/tablets", Right::Receive, get(tablets::tablets).post(tablets::change)),
        at("/visits/{visit}/tablet", Right::Receive, post(tablets::of_visit)),
        at("/visits/{visit}/tablet/paper", Right::Receive, get(tablets::paper)),
        at("/tablet", Right::Anybody, get(tablet::door).post(tablet::pair)),
        at("/tablet/waiting", Right::Tablet, get(tablet::waiting)),
        at("/tablet/state", Right::Tablet, get(tablet::state)),
        at("/tablet/call", Right::Tablet, post(tablet::call)),
        at("/tablet/guide", Right::Tablet, get(tablet::guide)),
        at("/tablet/language", Right::Tablet, get(tablet::language).post(tablet::begin)),
        at("/tablet/question/{step}", Right::Tablet, get(tablet::question).post(tablet::answer)),
        at("/tablet/review", Right::Tablet, get(tablet::review)),
        at("/tablet/sign", Right::Tablet, get(tablet::sign).post(tablet::hand_in)),
        at("/tablet/still-there", Right::Tablet, get(tablet::still_there)),
        at("/tablet/put-away", Right::Tablet, post(tablet::put_away)),
        at("/tablet/thanks", Right::Tablet, get(tablet::thanks)),
        at("/drill", Right::Practice, get(drill::drill).post(drill::change)),
        at("/events", Right::Begun, get(events::events)),
        at("/assets/{version}/{name}", Right::Anybody, get(assets::asset)),
    ]
}

/// The pages behind their guard.
pub fn pages(app: &App) -> Router {
    let table = places().into_iter().fold(Router::new(), |router, place| {
        let guarded = place.handler.route_layer(from_fn_with_state((app.clone(), place.right), guard));
        router.route(place.path, guarded)
    });
    table
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
