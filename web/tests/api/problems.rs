//! Refusals: each kind, located, in both languages, without what was sent.

mod faulty_desk;

use crate::support::memory_desk::prints::MemoryPrints;
use crate::world::{Reply, World};
use axum::Router;
use axum::body::Body;
use faulty_desk::FaultyDesk;
use http::{Request, StatusCode};
use serde_json::json;
use std::collections::BTreeSet;
use web::api::ProblemKind;
use web::settings::WebSettings;

const SECRET: &str = "ヒミツ タロウ";

async fn post_raw(world: &World, path: &str, media_type: &str, body: impl Into<Body>) -> Reply {
    let request = world.authorised("POST", &world.path(path)).header("content-type", media_type);
    world.send(request.body(body.into()).unwrap()).await
}

async fn kind(reply: Reply, seen: &mut BTreeSet<String>) -> Reply {
    seen.insert(reply.problem());
    assert!(!reply.text.contains("ヒミツ"), "{}", reply.text);
    reply
}

#[tokio::test]
async fn every_kind_of_problem_is_reached() {
    let world = World::new();
    let mut seen = BTreeSet::new();
    let seen = &mut seen;
    let json_type = "application/json";
    let commands = "/visits/{id}/commands";

    let reply = kind(post_raw(&world, commands, json_type, format!("{{\"commands\": [{SECRET}")).await, seen).await;
    assert_eq!(reply.problem(), "invalid-json");
    assert_eq!(post_raw(&world, commands, json_type, vec![b'"', 0xFF, b'"']).await.problem(), "invalid-json");
    assert_eq!(post_raw(&world, commands, json_type, "").await.problem(), "invalid-json");

    kind(world.get("/board?day=2026-02-30").await, seen).await;
    kind(world.get("/visits/no-such-visit").await, seen).await;
    kind(world.get("/nothing/here").await, seen).await;
    let reply = kind(world.send(world.authorised("PUT", "/board").body(Body::empty()).unwrap()).await, seen).await;
    assert_eq!(reply.header("allow"), "GET,HEAD");
    let picky = world.authorised("GET", "/board").header("accept", "text/html");
    kind(world.send(picky.body(Body::empty()).unwrap()).await, seen).await;
    kind(post_raw(&world, commands, json_type, vec![b' '; 256 * 1024 + 1]).await, seen).await;
    kind(post_raw(&world, commands, "text/plain", "{}").await, seen).await;
    let unknown = json!({"commands": [], SECRET: 1});
    kind(world.post(&world.path(commands), &unknown).await, seen).await;
    kind(world.post("/patients/search", &json!({"text": crate::world::invented_my_number()})).await, seen).await;
    kind(world.post("/rules/decide", &json!({"visit_date": SECRET})).await, seen).await;
    kind(refused_by_the_rules(&world).await, seen).await;
    kind(changed_meanwhile(&world).await, seen).await;
    kind(reused_key(&world).await, seen).await;
    let no_reboot = json!({"step": "reboot"});
    kind(world.post("/devices/reader-1/restart", &no_reboot).await, seen).await;
    kind(world.send(world.request("GET", "/board").body(Body::empty()).unwrap()).await, seen).await;
    kind(without_csrf(&world).await, seen).await;
    kind(not_for_a_vendor(&world).await, seen).await;
    for _ in 0..12 {
        let body = json!({"name": SECRET, "password": SECRET});
        kind(world.post("/session", &body).await, seen).await;
    }
    let no_paper = MemoryPrints::new();
    no_paper.fail(web::port::NotPrinted::Failed);
    world.desk.print_with(&no_paper);
    kind(world.get("/prints/explanation").await, seen).await;
    let broken = broken();
    kind(broken.get("/board").await, seen).await;
    kind(broken.get("/queue").await, seen).await;

    // a body that breaks off cannot be sent through a finished request
    let expected: BTreeSet<String> = ProblemKind::ALL
        .iter()
        .filter(|kind| **kind != ProblemKind::BadRequest)
        .map(|kind| kind.uri().strip_prefix("/problems/").unwrap().to_owned())
        .collect();
    assert_eq!(*seen, expected);
}

async fn not_for_a_vendor(world: &World) -> Reply {
    let session = world.desk.add_session_as(web::port::Role::Vendor);
    let request = world.request("GET", "/board").header("cookie", format!("__Host-uketsuke={}", session.token.0));
    world.send(request.body(Body::empty()).unwrap()).await
}

async fn refused_by_the_rules(world: &World) -> Reply {
    let path = world.path("/visits/{id}/commands");
    let body = json!({"commands": [
        {"present": {"kind": "MYNA_CARD_FACE"}},
        {"full_charge": {"reason": SECRET}}]});
    let before = world.desk.record().visits.values().map(Vec::len).sum::<usize>();
    let reply = world.post(&path, &body).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.errors(), [("/commands/1/full_charge".to_owned(), "refused".to_owned())]);
    let after = world.desk.record().visits.values().map(Vec::len).sum::<usize>();
    assert_eq!(after, before, "all of it or nothing");
    reply
}

async fn changed_meanwhile(world: &World) -> Reply {
    let path = world.path("/visits/{id}/commands");
    let void = json!({"commands": [{"void": {"reason": "二重"}}]});
    assert_eq!(world.post(&path, &void).await.status, StatusCode::OK);
    let reply = world.post(&path, &json!({"commands": [{"unchanged": {}}]})).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    reply
}

async fn reused_key(world: &World) -> Reply {
    let keyed = |path: &str| world.authorised("POST", path).header("idempotency-key", "k").body(Body::empty()).unwrap();
    assert_eq!(world.send(keyed("/queue/send-now")).await.status, StatusCode::OK);
    world.send(keyed(&world.path("/queue/{job}/ask-again"))).await
}

async fn without_csrf(world: &World) -> Reply {
    let session = world.desk.add_session();
    let cookie = format!("__Host-uketsuke={}", session.token.0);
    world.send(world.request("POST", "/queue/send-now").header("cookie", cookie).body(Body::empty()).unwrap()).await
}

fn broken() -> World {
    let world = World::new();
    let desk = FaultyDesk::over(world.desk.clone());
    World { router: Router::new().nest("/api/v1", web::api::router(desk, WebSettings::default())), ..world }
}

#[tokio::test]
async fn a_store_that_fails_is_said_without_its_secrets() {
    let world = broken();
    let board = world.get("/board").await;
    assert_eq!((board.status, board.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(board.header("retry-after"), "5");
    assert!(!board.text.contains("disk"));
    let saved = world.post("/check-ins", &json!({"person": {"name": SECRET}})).await;
    assert_eq!((saved.status, saved.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    let case = json!({"visit_date": "2026-03-02"});
    for panicking in [world.get("/queue").await, world.get("/links").await, world.post("/rules/decide", &case).await] {
        assert_eq!((panicking.status, panicking.problem().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
        assert!(!panicking.text.contains("secret"));
    }
}

#[tokio::test]
async fn a_panic_over_one_line_leaves_the_others() {
    let world = broken();
    let case = r#"{"visit_date":"2026-03-02"}"#;
    let reply = post_raw(&world, "/rules/decide", "application/x-ndjson", format!("{case}\n[\n{case}")).await;
    let kinds: Vec<String> = reply
        .text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["/problems/internal", "/problems/invalid-json", "/problems/internal"]);
}

#[tokio::test]
async fn people_read_their_own_language() {
    let world = World::new();
    let ask = |language: &str| {
        let request = world.authorised("GET", "/visits/none").header("accept-language", language);
        request.body(Body::empty()).unwrap()
    };
    let english = world.send(ask("en-US,en;q=0.9")).await;
    assert_eq!((english.header("content-language"), english.header("vary")), ("en", "Accept-Language"));
    assert_eq!(english.json()["title"], "Not found");
    assert_eq!(english.json()["detail"], english.json()["detail_en"]);
    let japanese = world.send(ask("ja")).await;
    assert_eq!(japanese.header("content-language"), "ja");
    assert_eq!(japanese.json()["detail"], english.json()["detail_ja"]);
}

#[tokio::test]
async fn everything_wrong_is_named_at_once_and_at_its_place() {
    let world = World::new();
    let body = json!({"person": {"name": "あ".repeat(101), "birth_date": "1964-13-01", "address": "一行\n二行"},
        "patient": "no id!",
        "commands": [
            {"present": {"kind": "ELIGIBILITY_CERTIFICATE", "coverage": {
                "insurer_number": "0113001", "insured_number": "123456789012345678901", "branch_number": "x", "ratio_tenths": 11,
                "valid_from": "2026-04-01", "valid_to": "2026-03-31"}}},
            {"card": {}},
            {"decide": {"reason": "　"}},
            {"choose_ratio": {"tenths": 4, "reason": "x"}}]});
    let reply = world.post("/check-ins", &body).await;
    assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-field"));
    let coverage = "/commands/0/present/coverage";
    let expected = [
        ("/patient".to_owned(), "format"),
        ("/person/name".to_owned(), "too_long"),
        ("/person/birth_date".to_owned(), "not_a_date"),
        ("/person/address".to_owned(), "control_character"),
        ("/person".to_owned(), "required"),
        (format!("{coverage}/valid_to"), "order"),
        (format!("{coverage}/insurer_number"), "number"),
        (format!("{coverage}/insured_number"), "number"),
        (format!("{coverage}/branch_number"), "number"),
        (format!("{coverage}/ratio_tenths"), "out_of_range"),
        ("/commands/1/card".to_owned(), "required"),
        ("/commands/2/decide/reason".to_owned(), "required"),
        ("/commands/3/choose_ratio/tenths".to_owned(), "out_of_range"),
    ];
    assert_eq!(reply.errors(), expected.map(|(pointer, code)| (pointer, code.to_owned())));
    for error in reply.json()["errors"].as_array().unwrap() {
        assert!(!error["ja"].as_str().unwrap().is_ascii() && error["en"].as_str().unwrap().is_ascii(), "{error}");
    }
}

#[tokio::test]
async fn shapes_that_do_not_fit_are_located() {
    let world = World::new();
    let deep = (0..30).fold(json!(1), |inner, _| json!([inner]));
    for (body, pointer, code) in [
        (json!({"commands": []}), "/commands", "too_few"),
        (json!({"commands": vec![json!({"unchanged": {}}); 51]}), "/commands", "too_many"),
        (json!({}), "/commands", "required"),
        (json!([]), "", "wrong_type"),
        (json!({"commands": [{"unchanged": {SECRET: 1}}]}), "/commands/0/unchanged", "unknown_field"),
        (json!({"commands": [{"unchanged": {"soon": 1}}]}), "/commands/0/unchanged/soon", "unknown_field"),
        (json!({"commands": [{"dance": {}}]}), "/commands/0", "unknown_code"),
        (json!({"commands": [{"unchanged": {}, "void": {"reason": "x"}}]}), "/commands/0", "wrong_type"),
        (json!({"commands": [{"present": {"kind": "INSURANCE_CARD"}}]}), "/commands/0/present/kind", "unknown_code"),
        (json!({"commands": [{"present": {"kind": 1}}]}), "/commands/0/present/kind", "wrong_type"),
        (json!({"commands": [{"void": {"reason": "a\u{0}b"}}]}), "/commands/0/void/reason", "control_character"),
        (json!({"commands": [{"void": {"reason": "a\nb"}}]}), "/commands/0/void/reason", "control_character"),
        (json!({"commands": [{"void": {"reason": "x".repeat(20_001)}}]}), "/commands/0/void/reason", "too_long"),
        (json!({"commands": [{"void": {"reason": "x".repeat(201)}}]}), "/commands/0/void/reason", "too_long"),
        (json!({"commands": deep}), &"/0".repeat(23).replacen("/0", "/commands", 1), "too_deep"),
    ] {
        let reply = world.post(&world.path("/visits/{id}/commands"), &body).await;
        assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-field"));
        assert_eq!(reply.errors()[0].1, code, "{}", reply.text);
        if code != "too_deep" {
            assert_eq!(reply.errors()[0].0, pointer, "{}", reply.text);
        }
        assert!(!reply.text.contains("ヒミツ"));
    }
}

#[tokio::test]
async fn parameters_are_checked() {
    let world = World::new();
    for (path, pointer) in [
        ("/board?day=", "?day"),
        ("/board?day=20260302", "?day"),
        ("/board?date=2026-03-02", "?"),
        ("/board?day=%FF", "?day"),
        ("/journal?limit=0", "?limit"),
        ("/journal?limit=1001", "?limit"),
        ("/journal?limit=ten", "?limit"),
        ("/rules?on=tomorrow", "?on"),
    ] {
        let reply = world.get(path).await;
        assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-parameter"), "{path}");
        assert_eq!(reply.errors()[0].0, pointer, "{path}");
    }
    for id in ["%20", "a%20b", "%E5%B1%B1", &"a".repeat(65), "..%2F..%2Fetc"] {
        assert_eq!(world.get(&format!("/visits/{id}")).await.problem(), "not-found", "{id}");
    }
}

#[tokio::test]
async fn a_refusal_of_something_else_becomes_a_problem_too() {
    let world = World::new();
    let patch = Request::builder().method("PATCH").uri("/api/v1/session").body(Body::empty()).unwrap();
    let reply = world.send(patch).await;
    assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"));
    let head = world.send(world.authorised("HEAD", "/board").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}
