//! Counters, the waiting line and remote consents over the API.

use crate::world::World;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_program_makes_a_counter_and_sees_what_is_offered_there() {
    let world = World::new();
    let made = world.post("/counters", &json!({"set": {"name": "テント", "kind": "fever_tent"}})).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let shown = world.get("/counters").await.json();
    assert_eq!(
        (&shown["counters"][0]["flow"], &shown["counters"][0]["has_reader"]),
        (&json!("fever_clinic"), &json!(false))
    );
    assert!(shown["counters"][0]["offers"].as_array().is_some_and(|offers| !offers.is_empty()));
    let twice = world.post("/counters", &json!({"set": {"name": "テント", "kind": "bedside"}})).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = world.post("/counters", &json!({"set": {"name": "庭", "kind": "garden"}})).await;
    assert_eq!(unknown.errors(), [("/set/kind".to_owned(), "unknown_code".to_owned())]);
    let reply =
        world.post("/check-ins", &json!({"person": {"name": "架空 太郎"}, "counter": "テント", "place": "A-3"})).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let board = world.get("/board").await.json();
    let row = board["rows"].as_array().unwrap().iter().find(|row| row["visit"] == reply.json()["visit"]).unwrap();
    assert_eq!(
        (&row["flow"], &row["counter_kind"], &row["place"]),
        (&json!("fever_clinic"), &json!("fever_tent"), &json!("A-3"))
    );
}

#[tokio::test]
async fn a_number_is_taken_called_parked_and_served_by_its_check_in() {
    let world = World::new();
    let taken = world.post("/line", &json!({"take": {"counter": "窓口1"}})).await.json();
    let number = taken["about"].as_str().unwrap();
    let called = world.post("/line", &json!({"call_next": {"counter": "窓口1"}})).await.json();
    assert_eq!(called["about"], number);
    let elsewhere = json!({"number": {"number": number, "counter": "窓口2", "step": {"call": {}}}});
    assert_eq!(world.post("/line", &elsewhere).await.status, StatusCode::CONFLICT);
    let park = json!({"number": {"number": number, "step": {"park": {"reason": "fetching_card"}}}});
    assert_eq!(world.post("/line", &park).await.status, StatusCode::OK);
    let line = world.get("/line").await.json();
    assert_eq!(
        (&line["numbers"][0]["status"], &line["numbers"][0]["reason"]),
        (&json!("parked"), &json!("fetching_card"))
    );
    let reply = world.post("/check-ins", &json!({"person": {"name": "架空 太郎"}, "number": number})).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let line = world.get("/line").await.json();
    assert_eq!(line["numbers"][0]["status"], "served");
    assert_eq!(line["numbers"][0]["visits"][0], reply.json()["visit"]);
}

#[tokio::test]
async fn a_family_and_a_consent_are_named_by_a_check_in() {
    let world = World::new();
    let child = json!({"person": {"name": "見本 一子"}, "family": world.visit, "brought_by": "見本 花子"});
    let reply = world.post("/check-ins", &child).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let board = world.get("/board").await.json();
    let row = board["rows"].as_array().unwrap().iter().find(|row| row["visit"] == reply.json()["visit"]).unwrap();
    assert_eq!(row["family"], world.visit);
    let enter = json!({"enter": {"person": {"name_kana": "カクウ タロウ"}, "consented_at": "2026-03-02T08:30:00+09:00",
        "way": "HOME_CONSENT_WEB", "device": "own", "flow": "drive_through", "heard": "terminal_list"}});
    let entered = world.post("/consents", &enter).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.text);
    let shown = world.get("/consents").await.json();
    assert_eq!(shown["consents"][0]["counts_until"], "2026-03-03T08:30:00+09:00");
    let consent = entered.json()["about"].as_str().unwrap().to_owned();
    let see = json!({"see": {"consent": consent, "on_list": false}});
    assert_eq!(world.post("/consents", &see).await.status, StatusCode::OK);
    assert_eq!(world.get("/consents").await.json()["consents"][0]["received"], false);
    let end = json!({"end": {"consent": consent, "why": "withdrawn"}});
    assert_eq!(world.post("/consents", &end).await.status, StatusCode::OK);
    assert_eq!(world.get("/consents").await.json()["consents"], json!([]));
}
