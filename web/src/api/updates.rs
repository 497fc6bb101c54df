//! Updates of the program.

use super::body::Body;
use super::caller::Caller;
use super::problem::{Problem, ProblemKind};
use super::state::Api;
use super::wire::updates::{UpdatesShown, WishForm};
use axum::Json;
use axum::extract::State;

/// Updates of the program
///
/// Which version runs, what is to come, why it waits, and how the last ones ended.
#[utoipa::path(get, path = "/updates", tag = "updates", operation_id = "updates",
    responses((status = 200, description = "how they stand", body = UpdatesShown)))]
pub async fn updates(State(api): State<Api>) -> Result<Json<UpdatesShown>, Problem> {
    let view = api.read(|desk| Ok(desk.updates().map(|updates| updates.view()))).await?;
    Ok(Json(UpdatesShown::of(view)))
}

/// Look for an update, install one, or put it off
///
/// `install` does not wait for the maintenance window; reception hours, an open check-in or an answer that is awaited hold it up all the
/// same. Returns at once; how it goes shows in `GET /updates`.
#[utoipa::path(post, path = "/updates", tag = "updates", operation_id = "wish_update",
    request_body(content = WishForm, examples(
        ("postpone" = (summary = "not for three days", value = json!({"postpone": {"days": 3}}))))),
    responses((status = 200, description = "taken", body = UpdatesShown)))]
pub async fn wish(State(api): State<Api>, caller: Caller, body: Body<WishForm>) -> Result<Json<UpdatesShown>, Problem> {
    let updates = api.desk.updates().ok_or_else(|| Problem::of(ProblemKind::NotFound))?;
    updates.wish(&caller.account, body.meaning).await.map_err(|why| Problem::said(ProblemKind::Refused, why))?;
    Ok(Json(UpdatesShown::of(Some(updates.view()))))
}
