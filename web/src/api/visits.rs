//! The board, visits, check-ins, questions by number and history lookups.

use super::address::{Parameters, PathId};
use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::board::{BoardShown, FollowUpItemShown, FollowUps};
use super::wire::check_in::{CheckInForm, HistoryForm, QuestionForm};
use super::wire::command::VisitCommands;
use super::wire::saved::Saved;
use super::wire::time::parse_day;
use super::wire::visit::Visit;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Date;
use domain::fact::VisitId;
use http::StatusCode;
use http::header::LOCATION;

/// The board of a day
#[utoipa::path(get, path = "/board", tag = "visits", operation_id = "board",
    params(("day" = Option<String>, Query, description = "the day, `YYYY-MM-DD`; absent = today", example = "2026-03-02")),
    responses((status = 200, description = "the board", body = BoardShown)))]
pub async fn board(State(api): State<Api>, parameters: Parameters) -> Result<Json<BoardShown>, Problem> {
    let day = day_of(&api, &parameters.only(&["day"])?, "day")?;
    let board = api.read(move |desk| desk.board(day)).await?;
    Ok(Json((&board).into()))
}

/// A day given as parameter; today when it is not given.
pub fn day_of(api: &Api, parameters: &Parameters, name: &str) -> Result<Date, Problem> {
    let Some(text) = parameters.get(name) else { return Ok(api.desk.today()) };
    parse_day(text).ok_or_else(|| {
        Problem::parameter(
            &format!("?{name}"),
            "not_a_date",
            "実在する日付を YYYY-MM-DD で入れてください。",
            "Give a day that exists as YYYY-MM-DD.",
        )
    })
}

/// One visit with its decision of this moment
#[utoipa::path(get, path = "/visits/{id}", tag = "visits", operation_id = "visit",
    params(("id" = String, Path, description = "id of the visit", max_length = 64)),
    responses((status = 200, description = "the visit", body = Visit)))]
pub async fn visit(State(api): State<Api>, PathId(id): PathId) -> Result<Json<Visit>, Problem> {
    let shown = api.find(move |desk| {
        let view = desk.visit(&VisitId::new(id))?;
        Ok(view.map(|view| Visit::of(&view, desk.write_decision(&view.decision))))
    });
    Ok(Json(shown.await?))
}

/// Check somebody in
///
/// Registers a new patient from `person`, or receives a known `patient`. What was shown can come along in `commands`.
/// Answers only after the commit.
#[utoipa::path(post, path = "/check-ins", tag = "visits", operation_id = "check_in",
    request_body(content = CheckInForm, example = json!({
        "patient_number": "1024",
        "person": {"name": "見本 花子", "name_kana": "ミホン ハナコ", "birth_date": "1964-10-10", "sex": "2",
                   "address": "東京都架空区見本町1-2-3"},
        "flow": "window",
        "counter": "1",
        "commands": [
            {"present": {"kind": "ELIGIBILITY_CERTIFICATE", "is_copy": false, "coverage": {
                "insurer_number": "01130012", "insurer_name": "全国健康保険協会 架空支部", "insured_symbol": "見本12",
                "insured_number": "0345", "branch_number": "01", "personal_family": "1", "ratio_tenths": 3,
                "valid_from": "2025-12-02", "valid_to": "2029-11-30"}}},
            {"card": {"certificate_expiry": "2028-10-10", "registered": true}}
        ]})),
    responses((status = 201, description = "checked in; Location names the visit", body = Saved,
        headers(("Location" = String, description = "the visit, relative to this address")))))]
pub async fn check_in(State(api): State<Api>, change: Change, body: Body<CheckInForm>) -> Result<Response, Problem> {
    let command = DeskCommand::CheckIn(Box::new(body.meaning));
    let saved = change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await?;
    let place = saved.visit.as_ref().map(|visit| format!("visits/{visit}")).unwrap_or_default();
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(saved)).into_response())
}

/// Add what happened to a visit
///
/// All commands are kept, or none. Answers of the national service cannot be handed in here.
#[utoipa::path(post, path = "/visits/{id}/commands", tag = "visits", operation_id = "visit_commands",
    params(("id" = String, Path, description = "id of the visit", max_length = 64)),
    request_body(content = VisitCommands, examples(
        ("return_visit" = (summary = "nothing changed since the last visit", value = json!({"commands": [
            {"person": {"name": "見本 花子", "name_kana": "ミホン ハナコ", "birth_date": "1964-10-10"}},
            {"attempt_failed": {"kind": "MYNA_CARD_FACE", "outcome": "failed"}},
            {"companion": {"companion": "helper", "name": "見本 一郎"}},
            {"card": {"registered": true}},
            {"unchanged": {}}]}))),
        ("declaration" = (summary = "the self-declaration with signature", value = json!({"commands": [
            {"declaration": {
                "form_no": "20260302-001", "text_version": "2026-01", "document_issued": "yes",
                "insurance_kind": "employee", "insurer_name": "全国健康保険協会 架空支部", "workplace": "架空商事",
                "issued_when": "去年の春ごろ", "ratio_tenths": 3, "name": "見本 花子", "name_kana": "ミホン ハナコ",
                "birth_date": "1964-10-10", "sex": "2", "address": "東京都架空区見本町1-2-3", "postal_code": "000-0000",
                "phone": "03-0000-0000", "other_contact": "hanako@example.jp", "remembered_symbol": "見本12",
                "remembered_number": "345", "consent_contact": true, "consent_requery": true,
                "signature": {"signer": "guardian", "signer_name": "見本 一郎", "relation": "夫",
                    "strokes": "M10,10 L20,30 L40,12", "signed_at": "2026-03-02T09:05:00+09:00",
                    "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}}]}))),
        ("paper_declaration" = (summary = "the self-declaration was signed on paper, which is kept on file", value = json!({"commands": [
            {"declaration": {
                "form_no": "20260302-002", "text_version": "2026-01", "insurance_kind": "kokuho", "name": "見本 花子",
                "birth_date": "1964-10-10", "phone": "03-0000-0000", "address": "東京都架空区見本町1-2-3",
                "paper": {"signer": "companion", "signer_name": "見本 一郎", "relation": "夫", "kept_at": "申立書ファイル"}}}]}))),
        ("outage_lookup" = (summary = "the result of the official outage screen, copied by staff", value = json!({"commands": [
            {"lookup": {
                "kind": "OUTAGE_LOOKUP", "status": "1", "confirmed_for": "2026-03-02", "person_compared": true,
                "person": {"name_kana": "ミホン ハナコ", "birth_date": "1964-10-10"},
                "coverage": {"insurer_number": "01130012", "insured_symbol": "見本12", "insured_number": "0345",
                             "branch_number": "01", "ratio_tenths": 3},
                "searched_by": "four_items", "looked_up_by": "受付 一子",
                "looked_up_at": "2026-03-02T08:50:00+09:00"}}]}))),
        ("ratio" = (summary = "staff choose the ratio", value = json!({"commands": [
            {"choose_ratio": {"tenths": 3, "reason": "保険者に電話で確認"}}]}))),
        ("full_charge" = (summary = "10割, where the rules allow it", value = json!({"commands": [
            {"full_charge": {"reason": "提示がなく、ご本人の希望"}}]}))),
        ("follow_up_done" = (summary = "a follow-up is done", value = json!({"commands": [
            {"close_follow_up": {"kind": "bring_card", "note": "電話で伝えた"}}]}))),
        ("staff_decide" = (summary = "staff take the person in", value = json!({"commands": [
            {"decide": {"reason": "顔なじみの再診"}}]}))),
        ("left" = (summary = "the patient leaves", value = json!({"commands": [
            {"leave": {"reason": "待てないとのこと"}}]}))),
        ("void" = (summary = "entered by mistake", value = json!({"commands": [
            {"void": {"reason": "二重に受付した"}}]}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn commands(
    State(api): State<Api>,
    PathId(id): PathId,
    change: Change,
    body: Body<VisitCommands>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Visit { visit: VisitId::new(id), commands: body.meaning };
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Ask the national service by number
///
/// Writes the question down; the answer comes later and changes the visit. Parts left out are taken from the visit.
#[utoipa::path(post, path = "/visits/{id}/questions", tag = "visits", operation_id = "ask_by_number",
    params(("id" = String, Path, description = "id of the visit", max_length = 64)),
    request_body(content = QuestionForm, example = json!({"coverage": {
        "insurer_number": "01130012", "insured_symbol": "見本12", "insured_number": "0345", "branch_number": "01"}})),
    responses((status = 202, description = "the question is written down and will be asked", body = Saved)))]
pub async fn ask(
    State(api): State<Api>,
    PathId(id): PathId,
    change: Change,
    body: Body<QuestionForm>,
) -> Result<(StatusCode, Json<Saved>), Problem> {
    let command = DeskCommand::AskByNumber { visit: VisitId::new(id), query: body.meaning };
    let saved = change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await?;
    Ok((StatusCode::ACCEPTED, Json(saved)))
}

/// Look up a visit history
///
/// Answered at once from the box's own memory when possible (`found`), else queued (`question`).
#[utoipa::path(post, path = "/history-lookups", tag = "patients", operation_id = "look_up_history",
    request_body(content = HistoryForm, example = json!({
        "person": {"name": "見本 花子", "name_kana": "ミホン ハナコ", "birth_date": "1964-10-10"},
        "patient_number": "1024",
        "coverage": {"insurer_number": "01130012", "insured_symbol": "見本12", "insured_number": "0345"}})),
    responses((status = 200, description = "found, or queued", body = Saved)))]
pub async fn look_up_history(
    State(api): State<Api>,
    change: Change,
    body: Body<HistoryForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::LookUpHistory(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Open follow-ups of all visits, the most urgent first
#[utoipa::path(get, path = "/follow-ups", tag = "visits", operation_id = "follow_ups",
    responses((status = 200, description = "open follow-ups", body = FollowUps)))]
pub async fn follow_ups(State(api): State<Api>) -> Result<Json<FollowUps>, Problem> {
    let items = api.read(|desk| desk.follow_ups()).await?;
    Ok(Json(FollowUps { follow_ups: items.iter().map(FollowUpItemShown::from).collect() }))
}
