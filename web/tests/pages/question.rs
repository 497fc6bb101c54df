//! An answer that is ready before the question has arrived waits for it: a caller who is still speaking would see a broken line.

use crate::support::memory_desk::MemoryDesk;
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use http::{Request, StatusCode};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tower::ServiceExt;
use web::WebSettings;
use web::port::Desk;

/// The first half of a question is there; the second comes over the sender, if ever.
fn half_of_a_question(path: &str) -> (oneshot::Sender<Result<Bytes, axum::Error>>, Request<Body>) {
    let (sender, rest) = oneshot::channel();
    let rest = async { rest.await.unwrap_or_else(|_| panic!("the sender is kept")) };
    let parts = stream::select(stream::once(async { Ok(Bytes::from_static(b"{\"person\":")) }), stream::once(rest));
    let body = Body::from_stream(Box::pin(parts));
    (sender, Request::post(path).header("content-type", "application/json").body(body).unwrap())
}

fn router() -> axum::Router {
    let settings = WebSettings { secure_cookies: false, ..WebSettings::default() };
    web::router(MemoryDesk::new() as Arc<dyn Desk>, settings)
}

/// Addresses that answer without looking at a body, and what they answer.
const ANSWERED_AT_ONCE: [(&str, StatusCode); 4] = [
    ("/api/v1/nobody", StatusCode::NOT_FOUND),
    ("/api/v1/check-ins", StatusCode::UNAUTHORIZED),
    ("/api/v1/board", StatusCode::METHOD_NOT_ALLOWED),
    ("/nobody", StatusCode::NOT_FOUND),
];

#[tokio::test(start_paused = true)]
async fn a_refusal_waits_until_the_question_was_said() {
    for (path, status) in ANSWERED_AT_ONCE {
        let (sender, request) = half_of_a_question(path);
        let mut answer = pin!(router().oneshot(request));
        let early = tokio::time::timeout(Duration::from_secs(1), answer.as_mut()).await;
        assert!(early.is_err(), "{path} answered while it was spoken to");
        sender.send(Ok(Bytes::from_static(b"{}}"))).unwrap();
        let answer: Response = answer.await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert!(!answer.headers().contains_key("connection"), "{path}: the connection can go on");
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_does_not_end_gets_its_answer_and_no_other_on_this_connection() {
    let (_never_sent, request) = half_of_a_question("/api/v1/nobody");
    let answer = router().oneshot(request).await.unwrap();
    assert_eq!((answer.status(), &answer.headers()["connection"]), (StatusCode::NOT_FOUND, &"close".parse().unwrap()));

    let (sender, request) = half_of_a_question("/api/v1/nobody");
    sender.send(Ok(Bytes::from(vec![b' '; 5 * 1024 * 1024]))).unwrap();
    let answer = router().oneshot(request).await.unwrap();
    assert_eq!((answer.status(), &answer.headers()["connection"]), (StatusCode::NOT_FOUND, &"close".parse().unwrap()));
}
