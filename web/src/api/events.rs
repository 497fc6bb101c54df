//! Server-sent events: there is a newer revision. What changed is for the caller to look up.

use super::problem::{Problem, ProblemKind};
use super::state::Api;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// How long a silent stream stays without a sign of life, seconds.
const KEEP_ALIVE_S: u64 = 15;

/// Listen for new revisions
///
/// A stream of events named `revision`: the present one at once, then one whenever something was committed (several commits
/// may be told by one event). `data` is `{"revision": 42}`, `id` the number. At most 64 streams at once.
#[utoipa::path(get, path = "/events", tag = "outside", operation_id = "events",
    responses((status = 200, description = "events named `revision`", body = String, content_type = "text/event-stream",
        example = "event: revision\nid: 42\ndata: {\"revision\":42}\n\n")))]
pub async fn events(
    State(api): State<Api>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + Send>, Problem> {
    let permit = api.streams.clone().try_acquire_owned().map_err(|_| Problem::of(ProblemKind::TooManyRequests))?;
    let listener = Listener { revisions: api.desk.revisions(), fresh: true, _permit: permit };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(KEEP_ALIVE_S));
    Ok(Sse::new(stream::unfold(listener, Listener::next)).keep_alive(keep_alive))
}

struct Listener {
    revisions: watch::Receiver<u64>,
    fresh: bool,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    /// The next event; the end when the desk is gone.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Listener)> {
        if !self.fresh {
            self.revisions.changed().await.ok()?;
        }
        self.fresh = false;
        let revision = *self.revisions.borrow_and_update();
        let event = Event::default().event("revision").id(revision.to_string());
        Some((Ok(event.data(format!("{{\"revision\":{revision}}}"))), self))
    }
}
