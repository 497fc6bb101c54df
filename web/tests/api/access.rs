//! Who may call what.

use crate::world::{Reply, World};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;
use web::api::endpoints;
use web::port::Desk;

const COOKIE: &str = "__Host-uketsuke";

#[tokio::test]
async fn strangers_get_nowhere() {
    let world = World::new();
    let session = world.desk.add_session();
    let good_cookie = format!("{COOKIE}={}", session.token.0);
    let strangers: [&[(&str, &str)]; 6] = [
        &[],
        &[("authorization", "Bearer no-such-token")],
        &[("authorization", "Basic dWtldHN1a2U6cHJhY3RpY2U=")],
        &[("cookie", "__Host-uketsuke=no-such-session")],
        &[("cookie", "uketsuke=token-of-another-name")],
        // a bad token is not made good by a cookie
        &[("authorization", "Bearer no-such-token"), ("cookie", &good_cookie), ("x-csrf-token", &session.csrf)],
    ];
    let before = world.revision();
    for endpoint in endpoints().iter().filter(|endpoint| !endpoint.is_open()) {
        for headers in strangers {
            let mut request = world.request(endpoint.method.as_str(), &world.path(endpoint.path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let reply = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{} {}", endpoint.method, endpoint.path);
            assert_eq!(reply.problem(), "not-signed-in");
            assert!(reply.header("www-authenticate").starts_with("Bearer"));
        }
    }
    assert_eq!(world.revision(), before);
}

#[tokio::test]
async fn only_signing_in_and_the_description_are_open() {
    let open: Vec<(String, &str)> =
        endpoints().iter().filter(|e| e.is_open()).map(|e| (e.method.to_string(), e.path)).collect();
    assert_eq!(open, [("POST".to_owned(), "/session"), ("GET".to_owned(), "/openapi.json")]);
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let world = World::new();
    let session = world.desk.add_session();
    let before = world.revision();
    for endpoint in endpoints().iter().filter(|e| !e.is_open() && e.method != Method::GET) {
        for csrf in [None, Some("wrong"), Some("")] {
            let reply = by_cookie(&world, &session.token.0, csrf, endpoint.method.as_str(), endpoint.path).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", endpoint.path);
            assert_eq!(reply.problem(), "csrf");
        }
        let reply =
            by_cookie(&world, &session.token.0, Some(&session.csrf), endpoint.method.as_str(), endpoint.path).await;
        assert_ne!(reply.status, StatusCode::FORBIDDEN, "{}", endpoint.path);
        if endpoint.method == Method::DELETE {
            assert_eq!(reply.status, StatusCode::NO_CONTENT);
        }
    }
    assert!(world.revision() > before, "the calls without a body took effect with the token");
}

#[tokio::test]
async fn a_cookie_alone_may_look() {
    let world = World::new();
    let session = world.desk.add_session();
    for path in ["/board", "/session", "/queue"] {
        assert_eq!(by_cookie(&world, &session.token.0, None, "GET", path).await.status, StatusCode::OK, "{path}");
    }
}

async fn by_cookie(world: &World, token: &str, csrf: Option<&str>, method: &str, path: &str) -> Reply {
    let mut request = world.request(method, &world.path(path)).header("cookie", format!("x=y; {COOKIE}={token}"));
    if let Some(csrf) = csrf {
        request = request.header("x-csrf-token", csrf);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

async fn sign_in(world: &World, password: &str) -> Reply {
    let body = json!({"name": "uketsuke", "password": password});
    let request = world.request("POST", "/session").header("content-type", "application/json");
    world.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn a_browser_signs_in_looks_and_signs_out() {
    let world = World::new();
    world.desk.add_account();
    let signed = sign_in(&world, "practice-password").await;
    assert_eq!(signed.status, StatusCode::CREATED);
    let cookie = signed.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let token = cookie.split(';').next().unwrap().strip_prefix(&format!("{COOKIE}=")).unwrap();
    assert!(!signed.text.contains(token), "the session is in the cookie only");
    let who = by_cookie(&world, token, None, "GET", "/session").await.json();
    assert_eq!(who, signed.json());
    let csrf = who["csrf"].as_str().unwrap();
    let out = by_cookie(&world, token, Some(csrf), "DELETE", "/session").await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(by_cookie(&world, token, None, "GET", "/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_soon_slowed_down() {
    let world = World::new();
    world.desk.add_account();
    let first = sign_in(&world, "wrong").await;
    assert_eq!((first.status, first.problem().as_str()), (StatusCode::UNAUTHORIZED, "sign-in-refused"));
    assert_eq!(first.header("set-cookie"), "");
    let mut last = first;
    for _ in 0..12 {
        last = sign_in(&world, "wrong").await;
    }
    assert_eq!((last.status, last.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
    assert_eq!(last.header("retry-after"), "60");
}

#[tokio::test]
async fn a_program_stands_in_the_history_under_its_own_name() {
    let world = World::new();
    assert_eq!(world.get("/session").await.json(), json!({"author": "api-1", "name": "レセコン"}));
    let gone = world.send(world.authorised("DELETE", "/session").body(Body::empty()).unwrap()).await;
    assert_eq!(gone.problem(), "not-found");
    let path = world.path("/visits/{id}/commands");
    let reply = world.post(&path, &json!({"commands": [{"card": {"registered": true}}]})).await;
    assert_eq!(reply.status, StatusCode::OK);
    let visit = world.desk.visit(&domain::fact::VisitId::new(world.visit.clone())).unwrap().unwrap();
    assert_eq!(visit.history.last().unwrap().by.as_str(), "api-1");
}

#[tokio::test]
async fn every_call_asks_for_its_right_of_every_role() {
    for role in web::port::Role::OF_PEOPLE {
        let world = World::new();
        let session = world.desk.add_session_as(role);
        for endpoint in endpoints().iter().filter(|endpoint| !endpoint.is_open() && endpoint.path != "/events") {
            world.desk.record().sessions = vec![session.clone()];
            let method = endpoint.method.as_str();
            let reply = by_cookie(&world, &session.token.0, Some(&session.csrf), method, endpoint.path).await;
            let refused = reply.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !endpoint.right.is_given_to(role), "{method} {} {role:?}", endpoint.path);
            assert!(!refused || reply.problem() == "not-allowed");
        }
    }
}

#[tokio::test]
async fn a_session_that_is_locked_or_not_whole_is_good_for_nothing_here() {
    let world = World::new();
    let session = world.desk.add_session();
    for stage in [web::port::Stage::Code, web::port::Stage::Incomplete, web::port::Stage::Locked] {
        world.desk.bring_sessions_to(stage);
        let reply = by_cookie(&world, &session.token.0, None, "GET", "/board").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{stage:?}");
    }
}
