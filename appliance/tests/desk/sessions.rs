//! How long somebody stays signed in: by what a person does, never by what a page left open does for itself.

use crate::support::counter::desk_in;
use axum::body::{Body, HttpBody};
use axum::http::{Request, StatusCode};
use axum::{Router, response::Response};
use domain::{Date, Timestamp};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use tower::ServiceExt;
use uketsuke::clock::Clock;
use uketsuke::desk::{RunningDesk, machine_session};
use web::WebSettings;
use web::port::{Client, Desk, Policy, StaffChange};

const HOUR_MS: i64 = 3_600_000;

/// A desk on a clock driven by hand, with somebody who signed in at five to nine.
struct Morning {
    desk: RunningDesk,
    router: Router,
    clock: Clock,
    began: Timestamp,
    cookie: String,
    _folder: tempfile::TempDir,
}

async fn morning() -> Morning {
    let began = Timestamp::in_japan(Date::literal(2026, 11, 16), 8, 55, 0);
    let (clock, folder) = (Clock::by_hand(began), tempfile::tempdir().unwrap());
    let desk = desk_in(folder.path(), &clock);
    let (name, password) = ("受付".to_owned(), "practice-password".to_owned());
    desk.create_first_account(name.clone(), password.clone()).await.unwrap();
    let client = Client { address: IpAddr::V4(Ipv4Addr::LOCALHOST), counter: None };
    // how a counter locks itself has tests of its own
    let policy = Policy { lock_minutes: 0, ..Policy::default() };
    let eased = desk.people().change(&machine_session(), StaffChange::SetPolicy(policy)).await;
    assert!(eased.is_ok());
    let session = desk.sign_in(name, password, client).await.unwrap();
    let settings = WebSettings { secure_cookies: false, ..WebSettings::default() };
    let router = web::router(std::sync::Arc::new(desk.clone()), settings);
    Morning { desk, router, clock, began, cookie: format!("uketsuke={}", session.token.0), _folder: folder }
}

impl Morning {
    fn after_ms(&self, ms: i64) {
        self.clock.set(self.began.plus_ms(ms));
    }

    async fn get(&self, path: &str, live: bool) -> Response {
        let request = Request::get(path).header("cookie", &self.cookie);
        let request = if live { request.header("x-live", "1") } else { request };
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// Somebody opens a page; returns when the use is written down.
    async fn somebody_works(&self) -> StatusCode {
        let mut revisions = self.desk.watch();
        revisions.borrow_and_update();
        let status = self.get("/", false).await.status();
        if status == StatusCode::OK {
            revisions.changed().await.unwrap();
        }
        status
    }
}

async fn next(stream: &mut Body) -> Option<String> {
    let frame = std::future::poll_fn(|context| pin!(&mut *stream).poll_frame(context)).await?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_page_left_open_does_not_keep_anybody_signed_in() {
    let morning = morning().await;
    let mut stream = morning.get("/events", true).await.into_body();
    assert_eq!(next(&mut stream).await.unwrap().lines().next(), Some("event: revision"));
    for hour in 1..12 {
        morning.after_ms(hour * HOUR_MS);
        assert_eq!(morning.get("/", true).await.status(), StatusCode::OK, "after {hour} hours");
        assert_eq!(morning.get("/?live=1", false).await.status(), StatusCode::OK, "after {hour} hours");
        assert_eq!(morning.get("/events", true).await.status(), StatusCode::OK, "after {hour} hours");
    }
    morning.after_ms(12 * HOUR_MS - 1);
    assert_eq!(morning.get("/", true).await.status(), StatusCode::OK);
    morning.after_ms(12 * HOUR_MS);
    assert_eq!(morning.get("/", true).await.headers()["location"], "/sign-in");
    assert_eq!(morning.get("/", false).await.headers()["location"], "/sign-in", "and it does not come back");
    assert_eq!(morning.get("/events", true).await.status(), StatusCode::UNAUTHORIZED);
    // whatever happens at the desk next, the stream that is still open learns only that it is over
    let (token, _) = uketsuke::staff::new_tokens().unwrap();
    morning.desk.sign_out(&web::port::SessionToken(token)).await;
    assert_eq!(next(&mut stream).await.unwrap(), "event: signed-out\ndata: ended\n\n");
    assert_eq!(next(&mut stream).await, None);
    morning.desk.stop().await;
}

#[tokio::test]
async fn who_works_stays_signed_in_for_a_day_and_no_longer() {
    let morning = morning().await;
    for hour in [11, 22] {
        morning.after_ms(hour * HOUR_MS);
        assert_eq!(morning.somebody_works().await, StatusCode::OK, "after {hour} hours");
    }
    morning.after_ms(24 * HOUR_MS - 1);
    assert_eq!(morning.get("/", true).await.status(), StatusCode::OK);
    morning.after_ms(24 * HOUR_MS);
    assert_eq!(morning.somebody_works().await, StatusCode::SEE_OTHER);
    morning.desk.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_streams_of_that_session() {
    let morning = morning().await;
    let mut stream = morning.get("/events", true).await.into_body();
    assert_eq!(next(&mut stream).await.unwrap().lines().next(), Some("event: revision"));
    let token = morning.cookie.strip_prefix("uketsuke=").unwrap().to_owned();
    morning.desk.sign_out(&web::port::SessionToken(token)).await;
    assert_eq!(next(&mut stream).await.unwrap(), "event: signed-out\ndata: ended\n\n");
    assert_eq!(next(&mut stream).await, None);
    morning.desk.stop().await;
}
