//! The disaster function of the facility.

use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::disaster::{DisasterMode, TurnForm};
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;

/// Whether the disaster function is open, and when it was
#[utoipa::path(get, path = "/disaster-mode", tag = "outside", operation_id = "disaster_mode",
    responses((status = 200, description = "how it stands", body = DisasterMode)))]
pub async fn disaster_mode(State(api): State<Api>) -> Result<Json<DisasterMode>, Problem> {
    let view = api.read(|desk| desk.disaster_mode()).await?;
    Ok(Json(DisasterMode::of(&view)))
}

/// Open or close the disaster function
///
/// The ministry opens it for a region and a period. From now on every check-in that is not settled offers it, or no longer does;
/// who said so, when and by which announcement is kept.
#[utoipa::path(post, path = "/disaster-mode", tag = "outside", operation_id = "turn_disaster_mode",
    request_body(content = TurnForm, examples(
        ("open" = (summary = "it was announced", value = json!({"open": true, "reason": "厚生労働省の開放の通知"}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn turn(State(api): State<Api>, change: Change, body: Body<TurnForm>) -> Result<Json<Saved>, Problem> {
    let (open, reason) = body.meaning;
    let command = DeskCommand::TurnDisasterMode { open, reason };
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
