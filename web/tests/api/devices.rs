//! Devices, cards, scans and the fault report for programs.

use crate::support::memory_desk::MONDAY;
use crate::support::memory_desk::cards::token_of;
use crate::support::memory_desk::devices::{CardOnReader, hanakos_card, prescription};
use crate::support::people;
use crate::world::World;
use axum::body::Body;
use domain::number::PublicPayerNumber;
use domain::public_payer::PublicPayer;
use domain::text::Text;
use domain::{Date, Timestamp};
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use web::port::{CardReadingId, CardSaid, Desk, DeviceChange, Devices, ScannedItem};

async fn restart(world: &World, device: &str, step: &str, key: &str) -> crate::world::Reply {
    let path = format!("/devices/{device}/restart");
    let request = world.authorised("POST", &path).header("content-type", "application/json");
    let body = Body::from(json!({ "step": step }).to_string());
    world.send(request.header("idempotency-key", key).body(body).unwrap()).await
}

#[tokio::test]
async fn a_restart_is_done_once_per_key() {
    let world = World::new();
    let first = restart(&world, "reader-2", "cycle_relay", "one").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let again = restart(&world, "reader-2", "cycle_relay", "one").await;
    assert_eq!((again.status, again.text), (first.status, first.text));
    assert_eq!(world.devices.restarts().len(), 1);
    let other = restart(&world, "reader-2", "reopen", "one").await;
    assert_eq!((other.status, other.problem().as_str()), (StatusCode::CONFLICT, "idempotency-key-reused"));
    assert_eq!(restart(&world, "reader-2", "reopen", "two").await.status, StatusCode::OK);
    assert_eq!(world.devices.restarts().len(), 2);
}

#[tokio::test]
async fn a_refused_restart_says_why_and_may_be_tried_again_under_its_key() {
    let world = World::new();
    for _ in 0..2 {
        let refused = restart(&world, "reader-2", "reboot", "one").await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::CONFLICT, "device-refused"));
        assert!(refused.text.contains("診療時間中は再起動できません"));
    }
    assert_eq!(restart(&world, "reader-2", "reopen", "one").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_does_not_exist_is_not_restarted() {
    let world = World::new();
    assert_eq!(restart(&world, "reader-9", "reopen", "k").await.problem(), "not-found");
    let unavailable = restart(&world, "reader-2", "cycle_usb_port", "k").await;
    assert_eq!(unavailable.errors(), [("/step".to_owned(), "unknown_code".to_owned())]);
    let card = world.post("/devices/scanner-1/card", &json!({})).await;
    assert_eq!(card.problem(), "not-found");
    assert!(world.devices.restarts().is_empty());
}

#[tokio::test]
async fn a_name_with_spaces_is_found_in_its_path() {
    let world = World::new();
    world.devices.set(|view| view.devices[0].device = "受付 1".to_owned());
    let done = restart(&world, "%E5%8F%97%E4%BB%98%201", "reopen", "k").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(world.devices.restarts()[0].0, "受付 1");
}

#[tokio::test]
async fn a_card_is_read_with_and_without_its_face() {
    let world = World::new();
    let certificate = world.post("/devices/reader-1/card", &json!({})).await.json();
    assert_eq!(certificate["certificate_window"], "W0");
    assert!(certificate.get("person").is_none());
    assert_eq!(certificate["counts"], true);
    let read = world.post("/devices/reader-1/card", &json!({"surface_code": "39101020291234"})).await.json();
    assert_eq!(read["person"]["name"], "見本 花子");
    let wrong = world.post("/devices/reader-1/card", &json!({"surface_code": "39101020299999"})).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (StatusCode::CONFLICT, "device-refused"));
    assert!(!wrong.text.contains("39101020299999"));
    let before = world.devices.asked_with_code();
    for malformed in ["123", "3910102029123a", "３９１０１０２０２９１２３４"] {
        let refused = world.post("/devices/reader-1/card", &json!({ "surface_code": malformed })).await;
        assert_eq!(refused.errors()[0], ("/surface_code".to_owned(), "format".to_owned()), "{malformed}");
    }
    assert_eq!(world.devices.asked_with_code(), before, "what cannot be right costs no try");
}

#[tokio::test]
async fn a_card_is_remembered_recognised_and_forgotten() {
    let world = World::new();
    world.desk.record().recognises = true;
    let card = hanakos_card("2028-10-10");
    let said = CardSaid { reading: Some(CardReadingId("areading".to_owned())), ..card.said };
    world.devices.lay_on(CardOnReader { said, ..card });
    let unasked = world.post("/devices/reader-1/card", &json!({})).await.json();
    assert!(unasked.get("reading").is_none() && unasked.get("recognised").is_none());
    let read = || async { world.post("/devices/reader-1/card", &json!({"recognise": true})).await.json() };
    let first = read().await;
    assert_eq!(first["reading"], "areading");
    assert!(first.get("recognised").is_none(), "{first}");
    let commands = world.path("/patients/{id}/commands");
    let remembered = world.post(&commands, &json!({"remember_card": {"reading": first["reading"]}})).await;
    assert_eq!(remembered.status, StatusCode::OK, "{}", remembered.text);
    assert_eq!(read().await["recognised"][0]["patient"], world.patient);
    let stands = world.get("/card-recognition").await;
    assert_eq!((&stands.json()["is_on"], &stands.json()["cards"]), (&json!(true), &json!(1)));
    let token = token_of(&CardReadingId("areading".to_owned()));
    for reply in [&stands, &world.get(&world.path("/patients/{id}")).await] {
        assert!(!reply.text.contains(token.as_str()), "{}", reply.text);
    }
    assert_eq!(world.get(&world.path("/patients/{id}")).await.json()["cards"], 1);
    assert_eq!(world.post(&commands, &json!({"forget_cards": {}})).await.status, StatusCode::OK);
    assert!(read().await.get("recognised").is_none());

    world.post(&commands, &json!({"remember_card": {"reading": "areading"}})).await;
    let erase = world.authorised("POST", "/card-recognition/erase").body(Body::empty()).unwrap();
    assert_eq!(world.send(erase).await.status, StatusCode::OK);
    let stands = world.get("/card-recognition").await.json();
    assert_eq!((&stands["cards"], &stands["erasures"][0]["patients"]), (&json!(0), &json!(1)));
    assert!(stands["legal_note"]["en"].as_str().unwrap().contains("articles 44 to 64"));
}

#[tokio::test]
async fn a_scan_is_put_away_once() {
    let world = World::new();
    assert_eq!(world.get("/scans").await.json()["scans"][0]["person"]["name"], "見本 花子");
    let delete = || world.authorised("DELETE", "/scans/scan-1").body(Body::empty()).unwrap();
    assert_eq!(world.send(delete()).await.status, StatusCode::NO_CONTENT);
    assert!(world.devices.scans().is_empty());
    assert_eq!(world.send(delete()).await.problem(), "not-found");
}

#[tokio::test]
async fn the_fault_report_names_no_patient() {
    let world = World::new();
    let report = world.get("/fault-report").await;
    assert_eq!(report.json()["devices"]["devices"][1]["lamp"], "bad");
    assert_eq!(report.json()["journal"][0]["link"], "line");
    for patient in ["花子", "ハナコ", "0345", "1964"] {
        assert!(!report.text.contains(patient), "{patient}");
    }
}

#[tokio::test]
async fn an_awaited_reading_is_told_and_nothing_when_none_is() {
    let world = World::new();
    let by = Timestamp::in_japan(MONDAY, 9, 30, 0);
    world.devices.set(|view| view.devices[0].expected_by = Some(by));
    let devices = world.get("/devices").await.json();
    assert_eq!(devices["devices"][0]["expected_by"], "2026-03-02T09:30:00+09:00");
    assert_eq!(devices["devices"][1].get("expected_by"), None);
}

#[tokio::test]
async fn a_wrong_clock_is_told_with_the_links_and_in_the_fault_report() {
    let world = World::new();
    assert_eq!(world.get("/links").await.json()["clock_impossible"], false);
    let at = Timestamp::in_japan(Date::literal(2000, 1, 1), 0, 3, 0);
    world.desk.set_now(at);
    let what = Text::new("時計が飛びました", "The clock jumped");
    world.desk.record().clock_history.push(DeviceChange { at, what });
    assert_eq!(world.get("/links").await.json()["clock_impossible"], true);
    let report = world.get("/fault-report").await.json();
    assert_eq!(report["links"]["clock_impossible"], true);
    assert_eq!(report["clock"][0]["what"]["en"], "The clock jumped");
}

#[tokio::test]
async fn news_of_the_devices_are_an_event_of_their_own() {
    let world = World::new();
    let request = world.authorised("GET", "/events").body(Body::empty()).unwrap();
    let mut body = world.router.clone().oneshot(request).await.unwrap().into_body();
    let mut next = async || {
        let frame = body.frame().await.expect("an event").expect("no error");
        String::from_utf8(frame.into_data().expect("data").to_vec()).unwrap()
    };
    let revision = *world.desk.revisions().borrow();
    assert!(next().await.contains(&format!("{{\"revision\":{revision}}}")));
    world.devices.put_away("scan-1");
    let count = *world.devices.changes().borrow();
    assert_eq!(next().await, format!("event: devices\ndata: {{\"count\":{count}}}\n\n"));
}

#[tokio::test]
async fn a_box_that_watches_nothing_says_so() {
    let world = World::new();
    world.desk.watch_nothing();
    let devices = world.get("/devices").await.json();
    assert_eq!((devices["watched"].clone(), devices["devices"].clone()), (json!(false), json!([])));
    assert_eq!(world.get("/scans").await.json(), json!({"scans": []}));
    assert_eq!(restart(&world, "reader-1", "reopen", "k").await.problem(), "not-found");
}

#[tokio::test]
async fn public_payers_come_with_a_scan_and_are_kept_with_a_visit() {
    let world = World::new();
    let printed = |number: &str| PublicPayerNumber::parse_overridden(number).unwrap().value;
    let item = prescription("scan-1", people::hanako(), people::kenpo("1234567"));
    let public_payers = vec![PublicPayer { payer: printed("21136247"), recipient: None }];
    world.devices.scan(ScannedItem { public_payers, ..item });
    let scans = world.get("/scans").await.json();
    assert_eq!(scans["scans"][0]["public_payers"], json!([{ "payer": "21136247" }]));

    let visit = world.path("/visits/{id}");
    let commands = |payers: Json| json!({ "commands": [{ "public_payers": { "payers": payers } }] });
    let path = format!("{visit}/commands");
    let kept = json!([{ "payer": "21136247", "recipient": "1234566" }, { "payer": "81136240" }]);
    let reply = world.post(&path, &commands(kept.clone())).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    assert!(reply.text.contains("check_digit_overridden"), "said, not refused: {}", reply.text);
    let shown = world.get(&visit).await.json();
    assert_eq!((&shown["state"]["public_payers"], &shown["decision"]["claim"]["public_payers"]), (&kept, &kept));

    let wrong = world.post(&path, &commands(json!([{ "payer": "2113624" }, { "payer": " " }]))).await;
    let at = |place: &str, code: &str| (format!("/commands/0/public_payers/payers/{place}/payer"), code.to_owned());
    assert_eq!(wrong.errors(), [at("0", "number"), at("1", "required")]);
    let five = world
        .post(
            &path,
            &commands(json!([{ "payer": "81136244" }, { "payer": "81136244" },
        { "payer": "81136244" }, { "payer": "81136244" }, { "payer": "81136244" }])),
        )
        .await;
    assert_eq!(five.errors()[0].1, "too_many");
}
