//! Counters, the waiting line, and consents given from afar.

use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::consent::{ConsentForm, ConsentsShown};
use super::wire::counter::{CounterForm, CountersShown};
use super::wire::line::{LineForm, LineShown};
use super::wire::round::FacilityRoundsShown;
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;

/// The counters of the site
#[utoipa::path(get, path = "/counters", tag = "arrivals", operation_id = "counters",
    responses((status = 200, description = "with what is offered at each", body = CountersShown)))]
pub async fn counters(State(api): State<Api>) -> Result<Json<CountersShown>, Problem> {
    let view = api.read(|desk| desk.counters()).await?;
    Ok(Json((&view).into()))
}

/// Make, change or remove a counter
#[utoipa::path(post, path = "/counters", tag = "arrivals", operation_id = "change_counters",
    request_body(content = CounterForm, examples(
        ("make" = (summary = "a fever tent", value = json!({"set": {"name": "テント", "kind": "fever_tent"}}))))),
    responses((status = 200, description = "kept; `about` is its id", body = Saved)))]
pub async fn change_counters(
    State(api): State<Api>,
    change: Change,
    body: Body<CounterForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Counters(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Today's waiting numbers
#[utoipa::path(get, path = "/line", tag = "arrivals", operation_id = "line",
    responses((status = 200, description = "in the order they were taken", body = LineShown)))]
pub async fn line(State(api): State<Api>) -> Result<Json<LineShown>, Problem> {
    let items = api.read(|desk| desk.line()).await?;
    Ok(Json(LineShown::of(&items)))
}

/// Hand out, call, park, serve numbers
///
/// A number is handed out once per day and box: each box has a letter of its own.
#[utoipa::path(post, path = "/line", tag = "arrivals", operation_id = "change_line",
    request_body(content = LineForm, examples(
        ("take" = (summary = "hand out a number", value = json!({"take": {"counter": "窓口1"}}))))),
    responses((status = 200, description = "kept; `about` is the id of the number", body = Saved)))]
pub async fn change_line(State(api): State<Api>, change: Change, body: Body<LineForm>) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Line(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Consents given from afar that somebody waits for
#[utoipa::path(get, path = "/consents", tag = "arrivals", operation_id = "consents",
    responses((status = 200, description = "the oldest first", body = ConsentsShown)))]
pub async fn consents(State(api): State<Api>) -> Result<Json<ConsentsShown>, Problem> {
    let items = api.read(|desk| desk.consents()).await?;
    Ok(Json(ConsentsShown::of(&items, api.desk.now())))
}

/// Enter a consent, compare it with the terminal's list, end it
#[utoipa::path(post, path = "/consents", tag = "arrivals", operation_id = "change_consents",
    request_body(content = ConsentForm, examples(
        ("enter" = (summary = "the list of the terminal shows it", value = json!({"enter": {"person": {"name_kana": "カクウ タロウ"},
            "consented_at": "2026-03-02T08:30:00+09:00", "way": "HOME_CONSENT_WEB", "device": "own", "flow": "drive_through",
            "heard": "terminal_list"}}))))),
    responses((status = 200, description = "kept; `about` is its id", body = Saved)))]
pub async fn change_consents(
    State(api): State<Api>,
    change: Change,
    body: Body<ConsentForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Consents(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// The facilities the site goes round
///
/// Whoever was received on a round within 400 days stands there, at the place of the latest one. To receive residents, send one
/// check-in for each.
#[utoipa::path(get, path = "/facility-rounds", tag = "arrivals", operation_id = "facility_rounds",
    responses((status = 200, description = "by name, their residents by room", body = FacilityRoundsShown)))]
pub async fn facility_rounds(State(api): State<Api>) -> Result<Json<FacilityRoundsShown>, Problem> {
    let facilities = api.read(|desk| desk.facility_rounds()).await?;
    Ok(Json(FacilityRoundsShown::of(&facilities)))
}
