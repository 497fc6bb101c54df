//! What counters wrote while they could not reach each other, and what staff decide about it.

use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::apart::{ApartForm, ApartShown};
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;

/// What needs a look
///
/// Values for one matter that were entered at different counters without knowledge of each other, visits of one day and patients that
/// may have been entered twice. Nothing of it is decided by itself.
#[utoipa::path(get, path = "/apart", tag = "visits", operation_id = "apart",
    responses((status = 200, description = "everything that needs a look", body = ApartShown)))]
pub async fn apart(State(api): State<Api>) -> Result<Json<ApartShown>, Problem> {
    let report = api.read(|desk| desk.apart()).await?;
    Ok(Json((&report).into()))
}

/// Decide what is right
///
/// A decision is kept like everything else and can be taken back; decisions that two counters make at once may disagree, and are shown
/// again.
#[utoipa::path(post, path = "/apart/decisions", tag = "visits", operation_id = "decide_apart",
    request_body(content = ApartForm, examples(
        ("settle" = (summary = "of values that disagree, this one is right", value = json!({"settle": {"visit": "v-1",
            "matter": "ratio", "right": "0199.000", "reason": "受給者証で確認"}}))),
        ("merge_visits" = (summary = "one visit was entered at two counters", value = json!({"merge_visits": {"goes_on": "v-1",
            "other": "v-2", "reason": "通信断中に2つの窓口で入力"}}))),
        ("two_visits" = (summary = "they are two visits", value = json!({"two_visits": {"one": "v-1", "other": "v-2",
            "reason": "内科と皮膚科"}}))),
        ("merge_patients" = (summary = "one person has two records", value = json!({"merge_patients": {"goes_on": "p-1",
            "other": "p-2", "reason": "券面で同一人と確認"}}))),
        ("two_patients" = (summary = "they are two persons", value = json!({"two_patients": {"one": "p-1", "other": "p-2",
            "reason": "住所も保険も別"}}))),
        ("undo_merge" = (summary = "two records were made one by mistake", value = json!({"undo_merge": {"visit": "v-1",
            "merge": "0199", "reason": "別の診療科だった"}}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn decide(State(api): State<Api>, change: Change, body: Body<ApartForm>) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Apart(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
