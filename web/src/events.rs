//! Live updates: one number that counts up with whatever a page shows, as server-sent events, and nothing else.

use crate::app::App;
use crate::live::{Live, Told};
use crate::port::{Session, SessionToken, Stage};
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use http::StatusCode;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A line now and then, so that a dead connection is noticed on both sides.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// `GET /events`
pub async fn events(State(app): State<App>, session: Option<Extension<Session>>) -> Response {
    let Some(Extension(session)) = session.filter(|session| session.stage == Stage::Open) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(place) = app.streams.enter(&session.token) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let live = Live::new(app.desk.clone(), app.settings.closing.clone(), Some(session.token));
    Sse::new(told(live, place)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn told(live: Live, place: Place) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    stream::unfold((live, place), |(mut live, place)| async move {
        let event = match live.next().await? {
            Told::Revision(_) | Told::Devices(_) | Told::Facility(_) => {
                Event::default().event("revision").data(live.mark().to_string())
            }
            // an event without data is none to a browser
            Told::SignedOut => Event::default().event("signed-out").data("ended"),
        };
        Some((Ok(event), (live, place)))
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
