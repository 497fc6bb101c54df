//! Receives a push, and answers only when all of it is durable.

use super::failure::FeedFailure;
use super::frame::FrameType;
use super::message::{PushAnswer, PushHeader, Taken};
use super::node::{Feed, Tally};
use super::receiving::{Portion, Stream};
use super::serving::EndReason;

/// One push, from the receiver's side.
pub struct Taking {
    stream: Stream,
    state: State,
}

/// What has been understood so far.
#[derive(Default)]
struct State {
    header: Option<PushHeader>,
    portion: Portion,
    tally: Tally,
    answer: Option<PushAnswer>,
}

impl Taking {
    /// Before the first byte.
    ///
    /// # Errors
    /// [`FeedFailure::Store`] when there is no memory for it.
    pub fn start() -> Result<Taking, FeedFailure> {
        Ok(Taking { stream: Stream::new()?, state: State::default() })
    }

    /// Takes bytes of the push. There is an answer as soon as it is clear; then the rest need not be read.
    ///
    /// # Errors
    /// Why the push is refused. Records that had arrived entirely may have been kept, and nothing is acknowledged.
    pub fn receive(&mut self, feed: &Feed, bytes: &[u8]) -> Result<Option<PushAnswer>, FeedFailure> {
        let Taking { stream, state } = self;
        if state.answer.is_none() {
            stream.receive(bytes, |what, body| state.frame(feed, what, body))?;
        }
        Ok(state.answer.clone())
    }

    /// Keeps what has arrived entirely when the push was cut. Nothing is acknowledged: the pusher sends it again, and it is known.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn cut(&mut self, feed: &Feed) -> Result<(), FeedFailure> {
        self.state.store(feed)
    }
}

impl State {
    fn frame(&mut self, feed: &Feed, what: FrameType, body: &[u8]) -> Result<(), FeedFailure> {
        match (what, &self.header, &self.answer) {
            (_, _, Some(PushAnswer::Regressed | PushAnswer::Restarted(_))) => Ok(()),
            (_, _, Some(PushAnswer::Taken(_))) => Err(FeedFailure::Malformed),
            (FrameType::PushHeader, None, None) => self.begin(feed, body),
            (FrameType::Record, Some(_), None) => self.record(feed, body),
            (FrameType::Reached, Some(_), None) => self.reached(body),
            (FrameType::End, Some(_), None) if EndReason::read(body).is_some() => self.finish(feed),
            _ => Err(FeedFailure::Malformed),
        }
    }

    /// What the push builds upon must be so, or what it leaves out would never come.
    fn begin(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        let header = PushHeader::read(body)?;
        feed.check_address(&header.address)?;
        let position = feed.log().position()?;
        let run = position.terms.current();
        self.answer = match () {
            () if header.base.is_some_and(|base| !position.terms.contains(base, position.end)) => {
                Some(PushAnswer::Regressed)
            }
            () if header.peer_run.is_some() && header.peer_run != run => Some(PushAnswer::Restarted(run)),
            () => None,
        };
        self.header = Some(header);
        Ok(())
    }

    fn record(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        self.portion.take_record(feed, body)?;
        if self.portion.is_full(feed.limits()) { self.store(feed) } else { Ok(()) }
    }

    /// The pusher's number up to which this is everything: at or beyond the last record.
    fn reached(&mut self, body: &[u8]) -> Result<(), FeedFailure> {
        let sequence = u64::from_be_bytes(body.try_into().map_err(|_| FeedFailure::Malformed)?);
        if sequence < self.portion.reached {
            return Err(FeedFailure::Malformed);
        }
        self.portion.reached = sequence;
        Ok(())
    }

    fn store(&mut self, feed: &Feed) -> Result<(), FeedFailure> {
        let run = self.header.as_ref().and_then(|header| header.run);
        let tally = feed.take(&self.portion.arrivals, run, None)?;
        self.portion.clear();
        self.tally = self.tally + tally;
        Ok(())
    }

    fn finish(&mut self, feed: &Feed) -> Result<(), FeedFailure> {
        self.store(feed)?;
        self.answer = Some(PushAnswer::Taken(Taken {
            stored: self.tally.stored,
            known: self.tally.known,
            forgotten: self.tally.forgotten,
            refused: self.portion.refused.clone(),
            up_to: self.portion.reached,
            mark: feed.log().position()?.mark(),
        }));
        Ok(())
    }
}
