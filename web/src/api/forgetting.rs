//! Retention, and deleting one patient.

use super::address::PathId;
use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::forgetting::{ForgetForm, Retention};
use super::wire::saved::Saved;
use crate::port::{DeskCommand, ForgetPatient};
use axum::Json;
use axum::extract::State;
use domain::fact::PatientId;

/// How long records are kept
///
/// The periods, what goes next, and what went. Nothing in it says whose record it was.
#[utoipa::path(get, path = "/retention", tag = "patients", operation_id = "retention",
    responses((status = 200, description = "how it stands", body = Retention)))]
pub async fn retention(State(api): State<Api>) -> Result<Json<Retention>, Problem> {
    let view = api.read(|desk| desk.forgetting()).await?;
    Ok(Json(Retention::of(&view)))
}

/// Delete a patient
///
/// With all visits, on all boxes and at the hub. It cannot be undone. Refused while the law wants a visit kept, unless the call says
/// that this was considered.
#[utoipa::path(post, path = "/patients/{id}/forget", tag = "patients", operation_id = "forget_patient",
    params(("id" = String, Path, description = "id of the patient", max_length = 64)),
    request_body(content = ForgetForm, example = json!({"reason": "request", "despite_retention": true})),
    responses((status = 200, description = "deleted", body = Saved)))]
pub async fn forget(
    State(api): State<Api>,
    PathId(id): PathId,
    change: Change,
    body: Body<ForgetForm>,
) -> Result<Json<Saved>, Problem> {
    let (reason, despite_retention) = body.meaning;
    let command = ForgetPatient { patient: PatientId::new(id), reason, despite_retention };
    let sent = Sent { warnings: body.warnings, json: body.json };
    change.submit(&api, DeskCommand::ForgetPatient(command), sent).await.map(Json)
}
