//! A My Number is refused wherever it stands, and neither kept nor repeated.

use crate::description::{description, examples};
use crate::world::{Reply, World, invented_my_number};
use axum::body::Body;
use http::StatusCode;
use serde_json::{Value as Json, json};
use web::api::endpoints;

fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        Json::String(_) | Json::Number(_) => found.push(at.to_owned()),
        Json::Object(fields) => fields.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| places(value, &format!("{at}/{i}"), found))
        }
        _ => {}
    }
}

fn spellings() -> Vec<String> {
    let number = invented_my_number();
    let wide = number.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    let grouped = [&number[..4], &number[4..8], &number[8..]].join("-");
    vec![number.clone(), wide, grouped, format!("個人番号は{number}です")]
}

fn assert_refused(world: &World, before: u64, reply: &Reply, what: &str) {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    assert_eq!(reply.problem(), "my-number-refused", "{what}");
    for spelling in spellings() {
        assert!(!reply.text.contains(&spelling), "{what}: repeated");
    }
    assert_eq!(world.revision(), before, "{what}: something was kept");
}

#[tokio::test]
async fn in_every_field_of_every_example() {
    let world = World::new();
    world.desk.add_account();
    let document = description(&world).await;
    let mut tried = 0;
    for (path, name, body) in examples(&document) {
        let mut found = Vec::new();
        places(&body, "", &mut found);
        assert!(
            !found.is_empty() || body.to_string().contains("true") || body.to_string().contains("{}"),
            "{path} {name}"
        );
        for pointer in found {
            for spelling in spellings() {
                let mut bad = body.clone();
                *bad.pointer_mut(&pointer).unwrap() = json!(spelling);
                let before = world.revision();
                let reply = world.post(&world.path(&path), &bad).await;
                assert_refused(&world, before, &reply, &format!("{path} {name} {pointer}"));
                assert_eq!(reply.errors(), [(pointer.clone(), "my_number".to_owned())]);
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[tokio::test]
async fn as_a_number_and_as_the_name_of_a_field() {
    let world = World::new();
    let before = world.revision();
    let number = invented_my_number();
    let path = world.path("/visits/{id}/commands");
    let as_number: u64 = number.parse().unwrap();
    let reply = world.post(&path, &json!({"commands": [{"choose_ratio": {"tenths": as_number, "reason": "x"}}]})).await;
    assert_refused(&world, before, &reply, "number");
    let mut named = json!({"commands": []});
    named[&number] = json!(1);
    assert_refused(&world, before, &world.post(&path, &named).await, "name");
}

#[tokio::test]
async fn in_paths_parameters_and_the_key() {
    let world = World::new();
    let before = world.revision();
    let number = invented_my_number();
    let with_id = endpoints().into_iter().filter(|endpoint| endpoint.path.contains('{'));
    for endpoint in with_id {
        let start = endpoint.path.find('{').unwrap();
        let end = endpoint.path.find('}').unwrap();
        let path = format!("{}{number}{}", &endpoint.path[..start], &endpoint.path[end + 1..]);
        let request = world.authorised(endpoint.method.as_str(), &path).header("content-type", "application/json");
        let reply = world.send(request.body(Body::from("{}")).unwrap()).await;
        assert_refused(&world, before, &reply, endpoint.path);
    }
    for path in [format!("/board?day={number}"), format!("/journal?limit={number}"), format!("/rules?{number}=1")] {
        assert_refused(&world, before, &world.get(&path).await, "parameter");
    }
    let request = world.authorised("POST", "/queue/send-now").header("idempotency-key", &number);
    assert_refused(&world, before, &world.send(request.body(Body::empty()).unwrap()).await, "key");
}
