//! Devices, cards and scanned codes, and the fault report.

use super::address::{DeviceName, PathId};
use super::body::Body;
use super::change::Change;
use super::problem::{FieldNote, Problem, ProblemKind};
use super::state::Api;
use super::wire::card::{CardReadForm, CardShown, Reading};
use super::wire::device::{DevicesShown, RestartAsked, RestartForm};
use super::wire::report::FaultReport;
use super::wire::scan::{ScanShown, Scans};
use super::wire::trouble::Troubles;
use crate::port::{CardQuestion, Desk, DeviceItem, Devices};
use axum::Json;
use axum::extract::State;
use domain::text::Text;
use http::StatusCode;
use std::sync::Arc;

/// Readers, scanners, relays and the reader service
#[utoipa::path(get, path = "/devices", tag = "devices", operation_id = "devices",
    responses((status = 200, description = "everything that is watched", body = DevicesShown)))]
pub async fn devices(State(api): State<Api>) -> Result<Json<DevicesShown>, Problem> {
    let view = api.desk.devices().map(|devices| devices.view());
    Ok(Json(DevicesShown::of(view.is_some(), &view.unwrap_or_default())))
}

/// Restart a device now
///
/// By a step of its own list. Refused with words when it may not be done now, for instance while a check-in is open. Keys of
/// restarts are kept until the box restarts.
#[utoipa::path(post, path = "/devices/{device}/restart", tag = "devices", operation_id = "restart_device",
    params(("device" = String, Path, description = "name of the device", max_length = 64)),
    request_body(content = RestartForm, example = json!({"step": "reopen"})),
    responses((status = 200, description = "done", body = RestartAsked)))]
pub async fn restart(
    State(api): State<Api>,
    DeviceName(device): DeviceName,
    change: Change,
    body: Body<RestartForm>,
) -> Result<Json<RestartAsked>, Problem> {
    let step = body.meaning;
    let (devices, item) = find(&api, &device)?;
    if !item.steps.iter().any(|choice| choice.step == step && choice.available) {
        let words = Text::new(
            "この機器では使えない手順です。",
            "This device knows no such step, or the box lacks what it needs.",
        );
        return Err(Problem::of(ProblemKind::InvalidField).at(vec![FieldNote::new("/step", "unknown_code", words)]));
    }
    change.restart(&api, devices.as_ref(), &device, &step).await.map(Json)
}

/// Read the card in a reader
///
/// Without `surface_code` only the certificate is read. Nothing is kept; `remember_card` of a patient keeps what a card is
/// recognised by, where that is switched on. A wrong `surface_code` uses up a try; it is never
/// presented twice by itself, and the last try only when `last_try_confirmed` says so.
#[utoipa::path(post, path = "/devices/{device}/card", tag = "devices", operation_id = "read_card",
    params(("device" = String, Path, description = "name of the reader", max_length = 64)),
    request_body(content = CardReadForm, example = json!({"surface_code": "39101020291234", "last_try_confirmed": false})),
    responses((status = 200, description = "what the card said", body = CardShown),
        (status = 409, description = "there is no card, it does not answer, or the digits do not fit",
            body = super::ProblemDocument, content_type = "application/problem+json")))]
pub async fn read_card(
    State(api): State<Api>,
    DeviceName(device): DeviceName,
    body: Body<CardReadForm>,
) -> Result<Json<CardShown>, Problem> {
    let (devices, item) = find(&api, &device)?;
    if !item.reads_cards {
        return Err(Problem::of(ProblemKind::NotFound));
    }
    let Reading { surface_code, last_try_confirmed, recognise } = body.meaning;
    let said = devices.read_card(CardQuestion { device, surface_code, last_try_confirmed, recognise }).await;
    let said = said.map_err(|why| Problem::said(ProblemKind::DeviceRefused, why))?;
    let counts = !said.is_test || api.desk.practice().is_some();
    let recognised = match said.reading.clone() {
        Some(reading) => api.read(move |desk| desk.recognised(&reading)).await?,
        None => Vec::new(),
    };
    Ok(Json(CardShown::of(&said, counts, &recognised, api.desk.today())))
}

/// Scanned codes that wait for somebody, newest first
#[utoipa::path(get, path = "/scans", tag = "devices", operation_id = "scans",
    responses((status = 200, description = "the codes", body = Scans)))]
pub async fn scans(State(api): State<Api>) -> Result<Json<Scans>, Problem> {
    let scans = api.desk.devices().map(|devices| devices.scans()).unwrap_or_default();
    Ok(Json(Scans { scans: scans.iter().map(ScanShown::from).collect() }))
}

/// Put a scanned code away
#[utoipa::path(delete, path = "/scans/{scan}", tag = "devices", operation_id = "put_scan_away",
    params(("scan" = String, Path, description = "id of the scan", max_length = 64)),
    responses((status = 204, description = "put away")))]
pub async fn put_away(State(api): State<Api>, PathId(scan): PathId) -> Result<StatusCode, Problem> {
    let devices = api.desk.devices().filter(|devices| devices.scans().iter().any(|item| item.scan == scan));
    let devices = devices.ok_or_else(|| Problem::of(ProblemKind::NotFound))?;
    devices.put_away(&scan);
    Ok(StatusCode::NO_CONTENT)
}

/// Troubles in the categories of the national survey
///
/// Counted from what happened at check-ins, and as readers told of them; by month, for twelve months, and in all.
#[utoipa::path(get, path = "/troubles", tag = "devices", operation_id = "troubles",
    responses((status = 200, description = "the counts", body = Troubles)))]
pub async fn troubles(State(api): State<Api>) -> Result<Json<Troubles>, Problem> {
    Ok(Json(Troubles::from(&api.read(|desk| desk.troubles()).await?)))
}

/// Entries of the journal in a fault report.
const JOURNAL_ENTRIES: u32 = 500;

/// The fault report: links, journal, clock, devices, versions
///
/// Everything a vendor needs to see which part stopped, and nothing about patients.
#[utoipa::path(get, path = "/fault-report", tag = "devices", operation_id = "fault_report",
    responses((status = 200, description = "the report", body = FaultReport)))]
pub async fn fault_report(State(api): State<Api>) -> Result<Json<FaultReport>, Problem> {
    let recorded = |desk: &dyn Desk| Ok((desk.journal(JOURNAL_ENTRIES)?, desk.clock_history()?, desk.troubles()?));
    let (journal, clock, troubles) = api.read(recorded).await?;
    Ok(Json(FaultReport::of(api.desk.as_ref(), &api.settings, &journal, &clock, &troubles)))
}

fn find(api: &Api, device: &str) -> Result<(Arc<dyn Devices>, DeviceItem), Problem> {
    let not_found = || Problem::of(ProblemKind::NotFound);
    let devices = api.desk.devices().ok_or_else(not_found)?;
    let item = devices.view().devices.into_iter().find(|item| item.device == device).ok_or_else(not_found)?;
    Ok((devices, item))
}
