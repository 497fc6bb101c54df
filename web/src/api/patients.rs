//! Patients: search, one patient, and what staff add to one.

use super::address::PathId;
use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::patient::{Patient, PatientCommandForm, PatientHitShown, PatientsFound, SearchForm};
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;
use domain::fact::PatientId;

/// Search for patients
///
/// A POST, so that what is searched for never stands in an address. Changes nothing.
#[utoipa::path(post, path = "/patients/search", tag = "patients", operation_id = "search_patients",
    request_body(content = SearchForm, example = json!({"text": "ミホン 1964-10-10"})),
    responses((status = 200, description = "at most 50, best first", body = PatientsFound)))]
pub async fn search(State(api): State<Api>, body: Body<SearchForm>) -> Result<Json<PatientsFound>, Problem> {
    let text = body.meaning;
    let hits = api.read(move |desk| desk.search_patients(&text)).await?;
    Ok(Json(PatientsFound { patients: hits.iter().map(PatientHitShown::from).collect() }))
}

/// One patient
#[utoipa::path(get, path = "/patients/{id}", tag = "patients", operation_id = "patient",
    params(("id" = String, Path, description = "id of the patient; not 診察券番号", max_length = 64)),
    responses((status = 200, description = "the patient", body = Patient)))]
pub async fn patient(State(api): State<Api>, PathId(id): PathId) -> Result<Json<Patient>, Problem> {
    let view = api.find(move |desk| desk.patient(&PatientId::new(id))).await?;
    Ok(Json((&view).into()))
}

/// Add something to a patient
#[utoipa::path(post, path = "/patients/{id}/commands", tag = "patients", operation_id = "patient_command",
    params(("id" = String, Path, description = "id of the patient", max_length = 64)),
    request_body(content = PatientCommandForm, examples(
        ("correct_name" = (summary = "the true spelling", value = json!(
            {"correct_name": {"as_received": "●橋 健", "corrected": "髙橋 健"}}))),
        ("note_care" = (summary = "a note to be seen at once", value = json!({"note_care": {"note": "車いす。入口でお声がけ"}}))),
        ("set_number" = (summary = "診察券番号", value = json!({"set_number": {"patient_number": "1025"}}))),
        ("remember_card" = (summary = "recognise a card next time", value = json!(
            {"remember_card": {"reading": "kfbmjkandllhoeidggkbnakmjohifhpg"}}))),
        ("forget_cards" = (summary = "recognise it no more", value = json!({"forget_cards": {}}))),
        ("learn_coverage" = (summary = "insurance data from a paper", value = json!({"learn_coverage": {
            "insurer_number": "01130013", "check_digit_override": true, "override_reason": "証の印字のとおり",
            "insurer_name": "架空組合", "insured_symbol": "見本12", "insured_number": "0345", "branch_number": "1",
            "card_classification": "01", "elderly": {"ratio_tenths": 2, "valid_from": "2025-08-01", "valid_to": "2026-07-31"},
            "limit": {"limit_class": "A03", "valid_from": "2025-08-01", "valid_to": "2026-07-31"},
            "acquired_on": "2020-04-01", "issued_on": "2025-08-01"}}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn command(
    State(api): State<Api>,
    PathId(id): PathId,
    change: Change,
    body: Body<PatientCommandForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Patient { patient: PatientId::new(id), command: body.meaning };
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
