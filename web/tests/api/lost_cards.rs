//! Cards that were found, over the API.

use crate::world::World;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_card_is_entered_called_about_and_handed_back() {
    let world = World::new();
    let enter = json!({"enter": {"day": "2026-03-02", "thing": "my_number_card", "place": "reader",
        "found_by": "受付 一子", "owner": world.patient}});
    let entered = world.post("/lost-cards", &enter).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.text);
    let card = entered.json()["about"].as_str().unwrap().to_owned();
    let change = |step| json!({"change": {"card": card, "step": step}});
    assert_eq!(world.post("/lost-cards", &change(json!({"told": {}}))).await.status, StatusCode::OK);
    let back = change(json!({"handed_back": {"to": "ご本人", "how": "photo", "by": "受付 一子"}}));
    assert_eq!(world.post("/lost-cards", &back).await.status, StatusCode::OK);
    let shown = world.get("/lost-cards").await.json();
    assert_eq!(shown["cards"][0]["is_held"], false);
    assert_eq!(shown["cards"][0]["handed_back"]["how"], "photo");
    assert_eq!(shown["cards"][0]["owner"], world.patient);
    assert_eq!(world.post("/lost-cards", &back).await.status, StatusCode::CONFLICT, "it is settled");
}

#[tokio::test]
async fn what_is_wrong_is_located_and_a_lost_card_stands_on_its_visit() {
    let world = World::new();
    let later = json!({"enter": {"day": "2026-03-03", "thing": "other", "place": "counter", "found_by": "受付"}});
    assert_eq!(world.post("/lost-cards", &later).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let lost = json!({"commands": [{"card_lost": {"is_stopped": true}}]});
    assert_eq!(world.post(&world.path("/visits/{id}/commands"), &lost).await.status, StatusCode::OK);
    assert_eq!(world.get(&world.path("/visits/{id}")).await.json()["state"]["card_lost"], true);
}
