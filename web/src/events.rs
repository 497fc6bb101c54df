//! Live updates: revision numbers as server-sent events, and nothing else.

use crate::app::App;
use crate::port::SessionToken;
use crate::session::find_session;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use http::{HeaderMap, StatusCode};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// A line now and then, so that a dead connection is noticed on both sides.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After this the stream ends and the browser asks again, with its session looked at anew.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// `GET /events`
pub async fn events(State(app): State<App>, headers: HeaderMap) -> Response {
    let session = match find_session(&headers, &app).await {
        Ok(Some(session)) => session,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => return error.status().into_response(),
    };
    let Some(place) = app.streams.enter(&session.token) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let mut revisions = app.desk.revisions();
    revisions.mark_changed();
    Sse::new(revision_events(revisions, place)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn revision_events(
    revisions: watch::Receiver<u64>,
    place: Place,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    let end = Instant::now() + LIFE;
    stream::unfold((revisions, place), move |(mut revisions, place)| async move {
        match tokio::time::timeout_at(end, revisions.changed()).await {
            Ok(Ok(())) => {
                let revision = *revisions.borrow_and_update();
                let event = Event::default().event("revision").data(revision.to_string());
                Some((Ok(event), (revisions, place)))
            }
            Ok(Err(_)) | Err(_) => None,
        }
    })
}

/// Counts the open streams of every session.
#[derive(Clone)]
pub struct Streams {
    limit: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Streams {
    pub fn new(limit: usize) -> Streams {
        Streams { limit, open: Arc::default() }
    }

    fn enter(&self, token: &SessionToken) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(token.0.clone()).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place { streams: self.clone(), token: token.0.clone() })
    }

    fn leave(&self, token: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(token) {
            *count -= 1;
            if *count == 0 {
                open.remove(token);
            }
        }
    }
}

/// One open stream; leaves when it is dropped.
struct Place {
    streams: Streams,
    token: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.leave(&self.token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_holds_a_limited_number_of_streams() {
        let streams = Streams::new(2);
        let (one, two) = (SessionToken("one".to_owned()), SessionToken("two".to_owned()));
        let first = streams.enter(&one).expect("free");
        let _second = streams.enter(&one).expect("free");
        assert!(streams.enter(&one).is_none());
        assert!(streams.enter(&two).is_some());
        drop(first);
        assert!(streams.enter(&one).is_some());
    }
}
