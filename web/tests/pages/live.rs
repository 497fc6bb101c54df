//! Live updates: revision numbers and nothing else.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::MemoryDevices;
use crate::support::people;
use crate::support::scenes::{card, open};
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use web::port::{Activity, Desk, Devices};
use web::{Closing, WebSettings};

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
async fn what_is_new_at_the_devices_reaches_the_page_like_a_revision() {
    let desk = MemoryDesk::new();
    let devices = MemoryDevices::of_a_clinic();
    desk.watch(&devices);
    let session = desk.add_session();
    let settings = WebSettings { secure_cookies: false, ..WebSettings::default() };
    let router = web::router(desk.clone() as Arc<dyn Desk>, settings);
    let mut body = router.oneshot(request(&session.token.0)).await.unwrap().into_body();
    assert_eq!(next(&mut body).await, "event: revision\ndata: 1\n\n");
    devices.put_away("nothing");
    assert_eq!(next(&mut body).await, "event: revision\ndata: 2\n\n");
    open(&desk, None, people::hanako(), vec![card()]);
    assert_eq!(next(&mut body).await, "event: revision\ndata: 3\n\n");
    let page = Browser::inside(&desk).open("/devices").await;
    assert!(page.has("data-revision=\"3\""), "the page counts as the stream does");
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

/// A desk with somebody who listens.
struct Listening {
    desk: Arc<MemoryDesk>,
    body: Body,
}

async fn listening(settings: WebSettings) -> Listening {
    let desk = MemoryDesk::new();
    let session = desk.add_session();
    let settings = WebSettings { secure_cookies: false, ..settings };
    let response = web::router(desk.clone() as Arc<dyn Desk>, settings).oneshot(request(&session.token.0)).await;
    let mut body = response.unwrap().into_body();
    assert_eq!(next(&mut body).await, "event: revision\ndata: 1\n\n");
    Listening { desk, body }
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_its_session_has_ended_by_itself() {
    let mut listening = listening(WebSettings::default()).await;
    assert_eq!(next(&mut listening.body).await, ":\n\n", "nothing has changed, the line is kept alive");
    listening.desk.record().sessions.clear();
    let mut told = next(&mut listening.body).await;
    while told == ":\n\n" {
        told = next(&mut listening.body).await;
    }
    assert_eq!(told, "event: signed-out\ndata: ended\n\n");
    assert!(listening.body.frame().await.is_none());
}

#[tokio::test]
async fn a_stream_ends_at_once_when_somebody_signs_out() {
    let mut listening = listening(WebSettings::default()).await;
    listening.desk.record().sessions.clear();
    open(&listening.desk, None, people::hanako(), vec![card()]);
    assert_eq!(next(&mut listening.body).await, "event: signed-out\ndata: ended\n\n");
    assert!(listening.body.frame().await.is_none());
}

#[tokio::test]
async fn a_stream_ends_when_the_box_closes() {
    let (closer, closing) = Closing::new();
    let mut listening = listening(WebSettings { closing, ..WebSettings::default() }).await;
    closer.close();
    assert!(listening.body.frame().await.is_none());
}

#[tokio::test]
async fn what_a_page_asks_by_itself_is_not_the_doing_of_a_person() {
    let desk = MemoryDesk::new();
    let session = desk.add_session();
    let settings = WebSettings { secure_cookies: false, ..WebSettings::default() };
    let router = web::router(desk.clone() as Arc<dyn Desk>, settings);
    for (path, header, by) in [
        ("/", ("x-live", "1"), Activity::Page),
        ("/", ("x-other", "1"), Activity::Person),
        ("/?live=1", ("x-other", "1"), Activity::Page),
        ("/?alive=1", ("x-other", "1"), Activity::Person),
        ("/events", ("x-other", "1"), Activity::Page),
        ("/api/v1/events", ("accept", "text/event-stream"), Activity::Page),
        ("/api/v1/board", ("x-live", "1"), Activity::Page),
        ("/api/v1/board", ("x-other", "1"), Activity::Person),
    ] {
        let request = Request::get(path).header("cookie", format!("uketsuke={}", session.token.0));
        let answer = router.clone().oneshot(request.header(header.0, header.1).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.unwrap().status(), StatusCode::OK, "{path} {header:?}");
        let seen = std::mem::take(&mut desk.record().activities);
        assert_eq!(seen.first(), Some(&by), "{path} {header:?}");
    }
}

#[tokio::test]
async fn a_page_without_its_script_says_in_the_address_that_it_loads_itself_anew() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/?day=2026-03-02&live=1").await;
    let refresh = "<noscript><meta http-equiv=\"refresh\" content=\"30; url=/?day=2026-03-02&#38;live=1\"></noscript>";
    assert!(page.html.contains(refresh), "{}", page.html);
    assert!(page.html.contains("data-path=\"/?day=2026-03-02\""), "{}", page.html);
}
