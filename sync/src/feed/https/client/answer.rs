//! The answer to a pull, as it comes.

use super::{Exchanged, FeedClient};
use crate::feed::budget::SessionUse;
use crate::feed::failure::FeedFailure;
use crate::feed::https::beside;
use crate::feed::https::line::{next_piece, read_small};
use crate::feed::limits::Limits;
use crate::feed::pace::Pace;
use crate::feed::pulling::Pulling;
use crate::feed::serving::EndReason;
use http::{Response, StatusCode};
use hyper::body::{Bytes, Incoming};
use std::time::Duration;
use tokio::time::Instant;

impl FeedClient {
    /// Takes in an answer, piece by piece. Whatever ends it, what arrived entirely is kept.
    pub(super) async fn read_answer(
        &self,
        mut pulling: Pulling,
        response: Response<Incoming>,
        session: &mut SessionUse,
        exchanged: &mut Exchanged,
    ) -> Result<EndReason, FeedFailure> {
        if response.status() != StatusCode::OK {
            return Err(match read_small(response, self.feed.limits()).await {
                Ok(_) => FeedFailure::Malformed,
                Err(failure) => failure,
            });
        }
        let mut body = response.into_body();
        let mut clock = FrameClock::default();
        loop {
            let read = self.read_piece(&mut body, &clock).await;
            let bytes = read.as_ref().map_or(0, |piece| piece.as_ref().map_or(0, Bytes::len));
            exchanged.bytes += bytes as u64;
            // A piece that was paid for is taken in, also when it was the last one the budget allows.
            let spent = self.spend(session, bytes);
            let (back, received) = self.receive(pulling, read, spent).await?;
            pulling = back;
            clock.came(bytes, pulling.is_quiet());
            if let Some(run) = pulling.peer_run() {
                self.peer_run.send_if_modified(|known| known.replace(run) != Some(run));
            }
            if received.is_err() || pulling.end().is_some() {
                exchanged.received = exchanged.received + pulling.tally();
            }
            received?;
            if let Some(end) = pulling.end() {
                // The line is free for the next request only when the answer was read to its very end.
                while next_piece(&mut body, self.feed.limits().answer).await?.is_some() {}
                return Ok(end);
            }
        }
    }

    async fn read_piece(&self, body: &mut Incoming, clock: &FrameClock) -> Result<Option<Bytes>, FeedFailure> {
        let limits = self.feed.limits();
        next_piece(body, limits.idle.min(clock.left(limits))).await
    }

    /// Takes in a piece. However the answer ended, what arrived entirely is kept.
    async fn receive(
        &self,
        mut pulling: Pulling,
        read: Result<Option<Bytes>, FeedFailure>,
        spent: Result<(), FeedFailure>,
    ) -> Result<(Pulling, Result<(), FeedFailure>), FeedFailure> {
        let feed = self.feed.clone();
        beside(move || {
            let received = match read {
                Ok(Some(bytes)) => pulling.receive(&feed, &bytes),
                Ok(None) => Err(FeedFailure::Cut),
                Err(failure) => Err(failure),
            };
            let goes_on = if pulling.end().is_some() { Ok(()) } else { spent };
            let received = received.and(goes_on).or_else(|failure| pulling.cut(&feed).and(Err(failure)));
            (pulling, received)
        })
        .await
    }
}

/// Times frames: a line may be quiet between two of them, and must not drip inside one.
#[derive(Default)]
struct FrameClock {
    began: Option<Instant>,
    pace: Pace,
}

impl FrameClock {
    fn came(&mut self, bytes: usize, is_quiet: bool) {
        if is_quiet {
            *self = FrameClock::default();
        } else {
            self.began.get_or_insert_with(Instant::now);
            self.pace.came(bytes);
        }
    }

    fn left(&self, limits: &Limits) -> Duration {
        self.began.map_or(limits.idle, |began| self.pace.allowed(limits).saturating_sub(began.elapsed()))
    }
}
