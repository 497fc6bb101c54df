//! A change sent again takes effect once and gets the first reply again.

use crate::description::{description, examples};
use crate::world::{Reply, World};
use axum::body::Body;
use http::StatusCode;
use serde_json::{Value as Json, json};

async fn post(world: &World, path: &str, key: &str, body: Option<&Json>) -> Reply {
    let mut request = world.authorised("POST", &world.path(path)).header("idempotency-key", key);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
    world.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn every_change_repeated_gets_the_same_reply() {
    let document = description(&World::new()).await;
    let mut changes: Vec<(String, Option<Json>)> =
        examples(&document).into_iter().map(|(path, _, body)| (path, Some(body))).collect();
    changes.retain(|(path, _)| {
        !["/session", "/patients/search", "/rules/decide", "/devices/{device}/card", "/updates"]
            .contains(&path.as_str())
            && !path.starts_with("/sync/")
    });
    for path in ["/queue/send-now", "/queue/{job}/send-now", "/queue/{job}/ask-again", "/card-recognition/erase"] {
        changes.push((path.to_owned(), None));
    }
    for (path, body) in changes {
        let parameters = &document["paths"][&path]["post"]["parameters"];
        assert!(parameters.as_array().unwrap().iter().any(|p| p["name"] == "Idempotency-Key"), "{path}");
        let world = World::new();
        let first = post(&world, &path, "a-key-of-the-caller", body.as_ref()).await;
        assert!(first.status.is_success(), "{path}: {}", first.text);
        let (board, facts) = kept(&world);
        let again = post(&world, &path, "a-key-of-the-caller", body.as_ref()).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(kept(&world), (board, facts), "{path}: done twice");
        if path == "/prints/blank-forms" {
            continue; // numbers of forms are no record of a patient, and their keys are counted apart
        }
        let other =
            post(&world, "/history-lookups", "a-key-of-the-caller", Some(&json!({"patient_number": "999"}))).await;
        assert_eq!((other.status, other.problem().as_str()), (StatusCode::CONFLICT, "idempotency-key-reused"));
    }
}

fn kept(world: &World) -> (usize, usize) {
    let record = world.desk.record();
    let facts =
        record.visits.values().map(Vec::len).sum::<usize>() + record.patients.values().map(Vec::len).sum::<usize>();
    let attempts = record.jobs.iter().map(|job| job.attempts as usize).sum::<usize>();
    (record.visits.len(), facts + attempts + world.devices.restarts().len())
}

#[tokio::test]
async fn without_a_key_every_call_counts() {
    let world = World::new();
    let body = json!({"person": {"name": "架空 太郎"}});
    let (before, _) = kept(&world);
    for _ in 0..2 {
        assert_eq!(world.post("/check-ins", &body).await.status, StatusCode::CREATED);
    }
    assert_eq!(kept(&world).0, before + 2);
}

#[tokio::test]
async fn keys_that_are_none_are_refused_before_anything_happens() {
    let world = World::new();
    let before = kept(&world);
    for key in ["", "two words", &"k".repeat(65), "日本"] {
        let request = world.authorised("POST", "/queue/send-now").header("idempotency-key", key.as_bytes());
        let reply = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-parameter"), "{key}");
        assert_eq!(reply.errors(), [("Idempotency-Key".to_owned(), "format".to_owned())]);
    }
    let twice =
        world.authorised("POST", "/queue/send-now").header("idempotency-key", "a").header("idempotency-key", "b");
    assert_eq!(world.send(twice.body(Body::empty()).unwrap()).await.problem(), "invalid-parameter");
    assert_eq!(kept(&world), before);
    let longest = "k".repeat(64);
    let request = world.authorised("POST", "/queue/send-now").header("idempotency-key", longest);
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}
