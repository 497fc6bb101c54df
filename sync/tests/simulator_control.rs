//! The control door: driving a practice terminal from another process.
mod simulator_support;

use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use simulator_support::*;
use sync::simulator::{FaultKind, FaultTrigger, Population};
use tokio::net::TcpStream;

async fn start() -> World {
    World::start_with(|config| config.control_listen = Some("127.0.0.1:0".parse().expect("an address"))).await
}

async fn call(world: &World, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let stream = TcpStream::connect(world.terminal.control_addr().expect("listens")).await.expect("connects");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .expect("a request");
    let answer = sender.send_request(request).await.expect("an answer");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_state_tells_knobs_counts_and_time() {
    let world = start().await;
    world.ask_about("valid-face", "1").await;
    let (status, state) = call(&world, Method::GET, "/state", None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(state["today"], "2026-04-01");
    assert_eq!(state["people"], Population::MIN);
    assert_eq!(state["line_up"], true);
    assert_eq!(state["down"], false);
    assert_eq!(state["statistics"]["delivered"], 1);
    assert_eq!(state["rules"], json!({}));
}

#[tokio::test]
async fn knobs_turn_from_outside() {
    let world = start().await;
    let patch = json!({"rules": {"line_down": {"when": "always"}, "slow": {"when": {"next": 2}, "on": "both"}},
        "settings": {"slow_ms": 50}});
    let (status, state) = call(&world, Method::PUT, "/faults", Some(patch)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(state["line_up"], false);
    assert_eq!(state["settings"]["slow_ms"], 50);
    assert_eq!(world.terminal.faults().trigger(FaultKind::Slow), FaultTrigger::Next(2));
    let (status, state) = call(&world, Method::PUT, "/faults", Some(json!({"all_off": true}))).await;
    assert_eq!((status, &state["line_up"]), (StatusCode::OK, &json!(true)));
    let (status, _) = call(&world, Method::PUT, "/faults", Some(json!({"rules": {"x": {"when": "always"}}}))).await;
    assert!(status.is_client_error());
    let (_, state) = call(&world, Method::POST, "/restart", Some(json!({"losing": true}))).await;
    assert_eq!((&state["down"], &state["fired"]["restart_losing"]), (&json!(true), &json!(1)));
}

#[tokio::test]
async fn cards_are_dealt_from_outside() {
    let world = start().await;
    let order = |person: &str| Some(json!({"person": person, "method": "face"}));
    let (status, reading) = call(&world, Method::POST, "/cards", order("valid-face")).await;
    assert_eq!(status, StatusCode::OK);
    let path = world.folders.face.join(format!("{}.xml", reading["name"].as_str().expect("a name")));
    eventually("face file", || path.exists().then_some(())).await;
    let (status, refusal) = call(&world, Method::POST, "/cards", order("cert-w3")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refusal["refused"], "certificate_expired");
    assert!(refusal["message"].as_str().is_some_and(|text| text.contains("expired")));
    assert_eq!(call(&world, Method::POST, "/cards", Some(json!({}))).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn people_are_listed_with_their_truth() {
    let world = start().await;
    let (_, people) = call(&world, Method::GET, "/people", None).await;
    let people = people.as_array().expect("a list");
    assert_eq!(people.len(), Population::MIN);
    assert_eq!(people[0]["key"], "valid-face");
    let (_, superseded) = call(&world, Method::GET, "/people/superseded", None).await;
    assert_eq!(superseded["truth"]["by_number"], json!({"validity": "superseded", "outcome": "follow_up"}));
    assert_eq!(superseded["truth"]["by_card"], json!({"validity": "valid", "outcome": "corrected"}));
    assert!(superseded["face"]["birth_date"].as_str().is_some_and(|text| text.len() == 10));
    assert_eq!(call(&world, Method::GET, "/people/nobody", None).await.0, StatusCode::NOT_FOUND);
}
