//! Server-sent events: there is a newer revision. What changed is for the caller to look up.

use super::caller::Caller;
use super::problem::{Problem, ProblemKind};
use super::state::Api;
use crate::live::{Live, Told};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// How long a silent stream stays without a sign of life, seconds.
const KEEP_ALIVE_S: u64 = 15;

/// Listen for new revisions
///
/// A stream of events named `revision`: the present one at once, then one whenever something was committed (several commits
/// may be told by one event). `data` is `{"revision": 42}`, `id` the number. Events named `devices` say that something is new
/// at the devices or among the scanned codes; their `data` is a count of their own, `{"count": 7}`; events named `sync` say the same of the
/// other boxes and the hub. A browser whose session has ended hears
/// `signed-out`, and the stream ends. At most 64 streams at once.
#[utoipa::path(get, path = "/events", tag = "outside", operation_id = "events",
    responses((status = 200, description = "events named `revision`", body = String, content_type = "text/event-stream",
        example = "event: revision\nid: 42\ndata: {\"revision\":42}\n\n")))]
pub async fn events(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + Send>, Problem> {
    let place = api.streams.clone().try_acquire_owned().map_err(|_| Problem::of(ProblemKind::TooManyRequests))?;
    let live = Live::new(api.desk, api.settings.closing.clone(), caller.session.map(|session| session.token));
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(KEEP_ALIVE_S));
    Ok(Sse::new(told(live, place)).keep_alive(keep_alive))
}

fn told(live: Live, place: OwnedSemaphorePermit) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold((live, place), |(mut live, place)| async move {
        let event = match live.next().await? {
            Told::Revision(revision) => {
                Event::default().event("revision").id(revision.to_string()).data(format!("{{\"revision\":{revision}}}"))
            }
            Told::Devices(count) => Event::default().event("devices").data(format!("{{\"count\":{count}}}")),
            Told::Facility(count) => Event::default().event("sync").data(format!("{{\"count\":{count}}}")),
            Told::SignedOut => Event::default().event("signed-out").data("{}"),
        };
        Some((Ok(event), (live, place)))
    })
}
