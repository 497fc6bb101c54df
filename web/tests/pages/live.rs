//! Live updates: revision numbers and nothing else.

use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, open};
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use web::WebSettings;
use web::port::Desk;

fn request(token: &str) -> Request<Body> {
    Request::get("/events").header("cookie", format!("uketsuke={token}")).body(Body::empty()).unwrap()
}

async fn next(body: &mut Body) -> String {
    let frame = body.frame().await.expect("an event").expect("no error");
    String::from_utf8(frame.into_data().expect("data").to_vec()).unwrap()
}

#[tokio::test]
async fn a_change_sends_its_revision_and_no_data() {
    let desk = MemoryDesk::new();
    let session = desk.add_session();
    let settings = WebSettings { secure_cookies: false, ..WebSettings::default() };
    let router = web::router(desk.clone() as Arc<dyn Desk>, settings);
    let response = router.oneshot(request(&session.token.0)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    assert_eq!(next(&mut body).await, "event: revision\ndata: 1\n\n");
    open(&desk, None, people::hanako(), vec![card()]);
    assert_eq!(next(&mut body).await, "event: revision\ndata: 2\n\n");
}

#[tokio::test]
async fn a_session_may_hold_so_many_streams_and_no_more() {
    let desk = MemoryDesk::new();
    let session = desk.add_session();
    let settings = WebSettings { secure_cookies: false, streams_per_session: 2, ..WebSettings::default() };
    let router = web::router(desk as Arc<dyn Desk>, settings);
    let first = router.clone().oneshot(request(&session.token.0)).await.unwrap();
    let second = router.clone().oneshot(request(&session.token.0)).await.unwrap();
    let third = router.clone().oneshot(request(&session.token.0)).await.unwrap();
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    drop((first, second));
    assert_eq!(router.oneshot(request(&session.token.0)).await.unwrap().status(), StatusCode::OK);
}
