//! Every call does what it says.

use crate::description::{assert_described, description};
use crate::support::people;
use crate::world::World;
use axum::body::Body;
use domain::eligibility::EligibilityStatus;
use domain::fact::{QuestionId, VisitId};
use domain::rule::RulePack;
use domain::visit::AnswerReceived;
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use web::api::endpoints;

#[tokio::test]
async fn every_view_is_as_described() {
    let world = World::new();
    filled(&world).await;
    let document = description(&world).await;
    for endpoint in endpoints().iter().filter(|e| e.method == http::Method::GET && e.path != "/events") {
        let reply = world.get(&world.path(endpoint.path)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}: {}", endpoint.path, reply.text);
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        if endpoint.path != "/openapi.json" {
            assert_described(&document, "get", endpoint.path, &reply);
        }
    }
}

/// Lets nearly everything happen to the visit, so that the views have something to show.
async fn filled(world: &World) {
    let document = description(world).await;
    let examples =
        &document["paths"]["/visits/{id}/commands"]["post"]["requestBody"]["content"]["application/json"]["examples"];
    for name in ["outage_lookup", "return_visit", "paper_declaration", "declaration", "ratio", "follow_up_done"] {
        let reply = world.post(&world.path("/visits/{id}/commands"), &examples[name]["value"]).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}: {}", reply.text);
    }
    let learn = json!({"learn_coverage": {"insurer_number": "01130012", "insured_number": "0345", "ratio_tenths": 3}});
    assert_eq!(world.post(&world.path("/patients/{id}/commands"), &learn).await.status, StatusCode::OK);
    let received = AnswerReceived {
        question: Some(QuestionId::new(world.job.clone())),
        answer: people::answer(
            EligibilityStatus::Valid,
            crate::support::memory_desk::MONDAY,
            people::hanako(),
            people::kokuho("4444", 2),
        ),
    };
    let visit = VisitId::new(world.visit.clone());
    world.desk.record().take_answer(&visit, received, &RulePack::built_in()).unwrap();
    let unanswered = world.post(&world.path("/visits/{id}/questions"), &json!({})).await;
    assert_eq!(unanswered.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn somebody_is_checked_in_and_shows_on_the_board() {
    let world = World::new();
    let reply = world
        .post(
            "/check-ins",
            &json!({"person": {"name": "架空 太郎", "name_kana": "カクウ タロウ", "birth_date": "1988-02-29", "sex": "1"},
                "counter": "2", "patient_number": "88",
                "commands": [{"present": {"kind": "ELIGIBILITY_CERTIFICATE", "coverage": {
                    "insurer_number": "０１１３００１２", "insured_symbol": "見本12", "insured_number": "0099", "branch_number": "1",
                    "ratio_tenths": 3, "valid_to": "2027-03-31"}}}]}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let saved = reply.json();
    let visit = saved["visit"].as_str().unwrap();
    assert_eq!(reply.header("location"), format!("visits/{visit}"));
    assert_eq!(saved["at"], "2026-03-02T08:55:00+09:00");

    let board = world.get("/board").await.json();
    let row = board["rows"].as_array().unwrap().iter().find(|row| row["visit"] == visit).unwrap();
    assert_eq!(row["name"], "架空 太郎");
    assert_eq!(row["evidence"], "ELIGIBILITY_CERTIFICATE");
    assert_eq!(row["birth_date"], "1988-02-29");
    assert_eq!(world.get("/board?day=2026-03-01").await.json()["rows"], json!([]));

    let shown = world.get(&format!("/visits/{visit}")).await.json();
    let coverage = &shown["state"]["presented"][0]["coverage"];
    assert_eq!(coverage["insurer_number"], "01130012", "width is folded");
    assert_eq!(coverage["branch_number"], "01");
    assert_eq!(coverage["insured_number"], "0099", "zeros count");
    assert_eq!(shown["decision"]["accepted"]["evidence"], "ELIGIBILITY_CERTIFICATE");
    assert_eq!(shown["decision"]["ratio"]["tenths"], 3);
    assert_eq!(shown["history"][0]["kind"], "opened");
    assert_eq!(shown["state"]["accepted"]["links"]["line"]["since"], "2026-03-02T08:55:00+09:00");

    let patient = saved["patient"].as_str().unwrap();
    let found = world.post("/patients/search", &json!({"text": "カクウ 1988-02-29"})).await.json();
    assert_eq!(found["patients"][0]["patient"], patient);
    assert_eq!(world.get(&format!("/patients/{patient}")).await.json()["patient_number"], "88");
}

#[tokio::test]
async fn a_known_patient_is_received_as_on_file() {
    let world = World::new();
    let reply = world.post("/check-ins", &json!({"patient": world.patient})).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let visit = reply.json()["visit"].as_str().unwrap().to_owned();
    let shown = world.get(&format!("/visits/{visit}")).await.json();
    assert_eq!(shown["state"]["person"]["name_kana"], "ミホン ハナコ");
    assert_eq!(shown["state"]["patient"], world.patient);
}

#[tokio::test]
async fn a_check_digit_that_does_not_fit_needs_an_override_with_a_reason() {
    let world = World::new();
    let path = world.path("/patients/{id}/commands");
    let learn = |fields: serde_json::Value| json!({ "learn_coverage": fields });
    let wrong = world.post(&path, &learn(json!({"insurer_number": "01130013"}))).await;
    assert_eq!(wrong.errors(), [("/learn_coverage/insurer_number".to_owned(), "check_digit".to_owned())]);
    let silent = world.post(&path, &learn(json!({"insurer_number": "01130013", "check_digit_override": true}))).await;
    assert_eq!(silent.errors(), [("/learn_coverage/override_reason".to_owned(), "required".to_owned())]);
    let insisted =
        learn(json!({"insurer_number": "01130013", "check_digit_override": true, "override_reason": "証のとおり"}));
    let kept = world.post(&path, &insisted).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let warning = &kept.json()["warnings"][0];
    assert_eq!(warning["pointer"], "/learn_coverage/insurer_number");
    assert_eq!(warning["code"], "check_digit_overridden");
}

#[tokio::test]
async fn the_disaster_function_is_turned_with_a_reason() {
    let world = World::new();
    assert_eq!(
        world.get("/disaster-mode").await.json(),
        json!({"is_open": false, "by_settings": false, "periods": []})
    );
    let silent = world.post("/disaster-mode", &json!({"open": true, "reason": " "})).await;
    assert_eq!(silent.errors(), [("/reason".to_owned(), "required".to_owned())]);
    let opened = world.post("/disaster-mode", &json!({"open": true, "reason": "開放の通知"})).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    let again = world.post("/disaster-mode", &json!({"open": true, "reason": "もう一度"})).await;
    assert_eq!(again.errors(), [("/reason".to_owned(), "refused".to_owned())]);
    let stands = world.get("/disaster-mode").await.json();
    assert_eq!((&stands["is_open"], &stands["periods"][0]["opened"]["reason"]), (&json!(true), &json!("開放の通知")));
    let visit = world.get(&world.path("/visits/{id}")).await.json();
    let offered = visit["decision"]["ladder"].as_array().unwrap().iter();
    assert!(offered.filter(|step| step["evidence"] == "DISASTER_MODE").count() == 1, "{visit}");
    let closed = world.post("/disaster-mode", &json!({"open": false, "reason": "終了の通知"})).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.text);
    assert_eq!(world.get("/disaster-mode").await.json()["is_open"], false);
}

#[tokio::test]
async fn public_payers_of_a_prescription_wait_until_somebody_compares_them() {
    let world = World::new();
    let path = world.path("/visits/{id}/commands");
    let payers = json!({"payers": [{"payer": "21136247", "recipient": "1234566"}]});
    let named = json!({"commands": [{"public_payers_to_compare": payers.clone()}]});
    assert_eq!(world.post(&path, &named).await.status, StatusCode::OK);
    let state = |world: Json| world["state"].clone();
    let waiting = state(world.get(&world.path("/visits/{id}")).await.json());
    assert_eq!((&waiting["public_payers"], &waiting["public_payers_to_compare"]), (&json!([]), &payers["payers"]));
    let taken = json!({"commands": [{"public_payers": payers.clone()}]});
    assert_eq!(world.post(&path, &taken).await.status, StatusCode::OK);
    let compared = state(world.get(&world.path("/visits/{id}")).await.json());
    assert_eq!((&compared["public_payers"], &compared["public_payers_to_compare"]), (&payers["payers"], &json!([])));
}

#[tokio::test]
async fn a_question_is_queued_withdrawn_and_asked_again() {
    let world = World::new();
    let asked =
        world.post(&world.path("/visits/{id}/questions"), &json!({"coverage": {"insured_number": "0345"}})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    let job = asked.json()["question"].as_str().unwrap().to_owned();
    let open = world.get("/queue").await.json()["open"].clone();
    let item = open.as_array().unwrap().iter().find(|item| item["job"] == job).unwrap();
    assert_eq!(item["state"], json!({"state": "waiting_for_link", "link": "line"}));
    assert_eq!(item["can_send_now"], true);

    let send = |path: String| world.authorised("POST", &path).body(Body::empty()).unwrap();
    assert_eq!(world.send(send(format!("/queue/{job}/send-now"))).await.status, StatusCode::OK);
    assert_eq!(world.send(send(format!("/queue/{job}/ask-again"))).await.status, StatusCode::OK);
    assert_eq!(world.send(send("/queue/send-now".to_owned())).await.status, StatusCode::OK);
    let withdrawn = world.post(&format!("/queue/{job}/withdraw"), &json!({"reason": "不要になった"})).await;
    assert_eq!(withdrawn.status, StatusCode::OK);
    let done = world.get("/queue").await.json()["done"].clone();
    assert!(done.as_array().unwrap().iter().any(|item| item["job"] == job));
}

#[tokio::test]
async fn a_history_is_found_in_memory_or_queued() {
    let world = World::new();
    let keys = json!({"person": {"name_kana": "ミホン ハナコ", "birth_date": "1964-10-10"}});
    let found = world.post("/history-lookups", &keys).await;
    assert_eq!(found.json()["found"], json!([world.patient]));
    let queued = world.post("/history-lookups", &json!({"patient_number": "4711"})).await.json();
    assert!(queued["question"].is_string() && queued["found"].is_null());
    let without_keys = world.post("/history-lookups", &json!({"person": {"name": "見本 花子"}})).await;
    assert_eq!(without_keys.errors(), [(String::new(), "required".to_owned())]);
}

#[tokio::test]
async fn an_answer_on_the_shelf_is_claimed_once() {
    let world = World::new();
    let path = world.path("/shelf/{answer}/claim");
    assert_eq!(world.get("/shelf").await.json()["answers"][0]["reason"], "unexpected");
    for undecided in [json!({}), json!({"visit": world.visit, "put_away": true}), json!({"visit": null})] {
        assert_eq!(world.post(&path, &undecided).await.errors(), [(String::new(), "choose_one".to_owned())]);
    }
    assert_eq!(world.post(&path, &json!({"visit": world.visit})).await.status, StatusCode::OK);
    assert_eq!(world.get("/shelf").await.json()["answers"], json!([]));
    assert_eq!(world.post(&path, &json!({"put_away": true})).await.problem(), "not-found");
}

#[tokio::test]
async fn the_rules_stand_for_the_day_asked_for() {
    let world = World::new();
    let in_force = |rules: &serde_json::Value| {
        let rules = rules["rules"].as_array().unwrap().clone();
        rules.iter().find(|rule| rule["id"] == "TRANSITIONAL_EXPIRED_ALL").unwrap()["in_force"].clone()
    };
    let today = world.get("/rules").await.json();
    assert_eq!((today["on"].as_str(), in_force(&today)), (Some("2026-03-02"), json!(true)));
    assert_eq!(in_force(&world.get("/rules?on=2026-08-01").await.json()), json!(false));
}

#[tokio::test]
async fn revisions_are_told_as_they_come() {
    let world = World::new();
    let request = world.authorised("GET", "/events").header("accept", "text/event-stream");
    let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut body = response.into_body();
    let first = world.revision();
    assert_eq!(frame(&mut body).await, format!("event: revision\nid: {first}\ndata: {{\"revision\":{first}}}\n\n"));
    world.post("/check-ins", &json!({"person": {"name": "架空 太郎"}})).await;
    let second = world.revision();
    assert!(second > first);
    assert_eq!(frame(&mut body).await, format!("event: revision\nid: {second}\ndata: {{\"revision\":{second}}}\n\n"));
}

async fn frame(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
    String::from_utf8(frame.to_vec()).unwrap()
}

#[tokio::test]
async fn streams_are_limited() {
    let world = World::new();
    let mut open = Vec::new();
    for _ in 0..64 {
        let request = world.authorised("GET", "/events").body(Body::empty()).unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    assert_eq!(world.get("/events").await.problem(), "too-many-requests");
    open.pop();
    let request = world.authorised("GET", "/events").body(Body::empty()).unwrap();
    assert_eq!(world.router.clone().oneshot(request).await.unwrap().status(), StatusCode::OK);
}

/// A visit of a new patient with the card, while the terminal is down.
async fn outage(world: &World) -> String {
    world.desk.set_link(domain::link::Link::Terminal, false);
    let body = json!({"person": {"name": "架空 太郎", "name_kana": "カクウ タロウ", "birth_date": "1988-02-29"},
        "commands": [{"present": {"kind": "MYNA_CARD_FACE"}}]});
    world.post("/check-ins", &body).await.json()["visit"].as_str().unwrap().to_owned()
}

fn lookup(change: impl Fn(&mut serde_json::Value)) -> serde_json::Value {
    let mut form = json!({"kind": "OUTAGE_LOOKUP", "status": "1", "confirmed_for": "2026-03-02", "person_compared": true,
        "coverage": {"insurer_number": "01130012", "insured_number": "0345"}, "searched_by": "number",
        "looked_up_by": "受付 一子", "looked_up_at": "2026-03-02T08:50:00+09:00"});
    change(&mut form);
    json!({"commands": [{"lookup": form}]})
}

#[tokio::test]
async fn a_look_up_on_the_official_screen_receives_the_patient() {
    let world = World::new();
    let visit = outage(&world).await;
    let path = format!("/visits/{visit}/commands");
    let reply = world.post(&path, &lookup(|_| {})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    let shown = world.get(&format!("/visits/{visit}")).await.json();
    assert_eq!(shown["status"], "provisional");
    assert_eq!(shown["state"]["lookup"]["looked_up_by"], "受付 一子");
    assert_eq!(shown["state"]["lookup"]["looked_up_at"], "2026-03-02T08:50:00+09:00");
    assert_eq!(shown["state"]["accepted"]["evidence"], "OUTAGE_LOOKUP");
    assert_eq!(shown["state"]["accepted"]["why_not_better"]["cause"], "terminal");
    let kinds: Vec<&str> =
        shown["follow_ups"].as_array().unwrap().iter().map(|f| f["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"recheck") && kinds.contains(&"report_lookup"), "{kinds:?}");
}

#[tokio::test]
async fn a_look_up_that_cannot_count_is_refused_at_its_field() {
    let world = World::new();
    let path = format!("/visits/{}/commands", outage(&world).await);
    for (field, value) in [
        ("person_compared", json!(false)),
        ("kind", json!("MYNA_CARD_FACE")),
        ("looked_up_at", json!("2026-03-02T23:00:00+09:00")),
        ("looked_up_by", json!("あ".repeat(61))),
        ("looked_up_by", json!(" ")),
        ("person", json!({"birth_date": "1931-01-01"})),
    ] {
        let reply = world.post(&path, &lookup(|form| form[field] = value.clone())).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(reply.errors()[0].0, format!("/commands/0/lookup/{field}"));
    }
    let number = crate::world::invented_my_number();
    let reply = world.post(&path, &lookup(|form| form["looked_up_by"] = json!(number))).await;
    assert_eq!(reply.problem(), "my-number-refused");
}

#[tokio::test]
async fn the_reason_of_an_overridden_number_is_kept_and_shown() {
    let world = World::new();
    let path = format!("/visits/{}/commands", outage(&world).await);
    let paper = |coverage: serde_json::Value| json!({"commands": [{"present": {"kind": "ELIGIBILITY_CERTIFICATE", "coverage": coverage}}]});
    let wrong = json!({"insurer_number": "01130013", "insured_number": "0345", "check_digit_override": true});
    let reply = world.post(&path, &paper(wrong.clone())).await;
    assert_eq!(reply.errors()[0].0, "/commands/0/present/coverage/override_reason");
    let mut reasoned = wrong;
    reasoned["override_reason"] = json!("原本を2人で確認");
    assert_eq!(world.post(&path, &paper(reasoned)).await.status, StatusCode::OK);
    let shown = world.get(path.strip_suffix("/commands").unwrap()).await.json();
    let presented = shown["state"]["presented"].as_array().unwrap();
    assert_eq!(presented.last().unwrap()["coverage"]["override_reason"], "原本を2人で確認");
    assert_eq!(shown["decision"]["claim"]["coverage"]["override_reason"], "原本を2人で確認");
}

#[tokio::test]
async fn a_declaration_is_signed_on_screen_or_on_paper() {
    let world = World::new();
    let path = format!("/visits/{}/commands", outage(&world).await);
    let form = |paper: serde_json::Value| {
        json!({"commands": [{"declaration": {"form_no": "1", "text_version": "1", "insurance_kind": "kokuho",
            "name": "架空 太郎", "birth_date": "1988-02-29", "phone": "03-0000-0000", "address": "東京都架空区", "paper": paper}}]})
    };
    let unnamed = world.post(&path, &form(json!({"signer": "guardian", "relation": "母"}))).await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unnamed.problem(), "refused");
    let named = form(json!({"signer": "guardian", "signer_name": "架空 花", "relation": "母", "kept_at": "ファイル"}));
    assert_eq!(world.post(&path, &named).await.status, StatusCode::OK);
    let shown = world.get(path.strip_suffix("/commands").unwrap()).await.json();
    assert_eq!(shown["state"]["declaration"]["paper"]["signer_name"], "架空 花");
    assert_eq!(shown["state"]["accepted"]["evidence"], "SELF_DECLARATION");
}
