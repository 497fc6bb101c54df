//! A small control door on plain loopback HTTP, so that a terminal in another process can be driven.

use super::card::CardMethod;
use super::device::Device;
use super::faults::FaultPatch;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The URL table.
pub(crate) fn router(device: Arc<Device>) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/faults", put(change_faults))
        .route("/cards", post(present_card))
        .route("/restart", post(restart))
        .route("/release", post(release))
        .route("/people", get(people))
        .route("/people/{key}", get(person))
        .with_state(device)
}

async fn state(State(device): State<Arc<Device>>) -> Json<Value> {
    Json(describe(&device))
}

fn describe(device: &Device) -> Value {
    let population = device.service.population();
    json!({
        "now_ms": device.clock.now().as_ms(),
        "today": device.clock.today().to_string(),
        "reference_date": population.reference_date().to_string(),
        "seed": population.seed(),
        "people": population.people().len(),
        "down": device.is_down(),
        "line_up": device.faults.line_is_up(),
        "rules": device.faults.rules(),
        "settings": device.faults.settings(),
        "fired": device.faults.all_fired(),
        "statistics": device.statistics(),
    })
}

async fn change_faults(State(device): State<Arc<Device>>, Json(patch): Json<FaultPatch>) -> Json<Value> {
    device.faults.apply(&patch);
    Json(describe(&device))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardOrder {
    person: String,
    method: CardMethod,
}

async fn present_card(State(device): State<Arc<Device>>, Json(order): Json<CardOrder>) -> Response {
    match device.present_card(&order.person, order.method) {
        Ok(reading) => Json(reading).into_response(),
        Err(refusal) => {
            let body = json!({"refused": refusal, "message": refusal.to_string()});
            (StatusCode::CONFLICT, Json(body)).into_response()
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restart {
    losing: bool,
}

async fn restart(State(device): State<Arc<Device>>, Json(order): Json<Restart>) -> Json<Value> {
    device.restart(order.losing);
    Json(describe(&device))
}

async fn release(State(device): State<Arc<Device>>) -> Json<Value> {
    device.release_held();
    Json(describe(&device))
}

async fn people(State(device): State<Arc<Device>>) -> Response {
    Json(device.service.population().people()).into_response()
}

async fn person(State(device): State<Arc<Device>>, Path(key): Path<String>) -> Response {
    match device.service.population().get(&key) {
        Some(person) => Json(person).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
