//! Reads a peer's log: whatever arrived entirely is kept, wherever the line is cut.

use super::failure::{FeedFailure, Span};
use super::frame::FrameType;
use super::message::{EVERYTHING, PullHeader, PullRequest, VERSIONS, Versions};
use super::node::{Feed, Tally};
use super::receiving::{Portion, Stream};
use super::serving::EndReason;
use super::term::{Mark, Term};
use crate::seal::BoxId;
use domain::Timestamp;
use std::collections::BTreeMap;

/// One pull, from the asker's side.
pub struct Pulling {
    stream: Stream,
    state: State,
}

/// What has been understood so far.
struct State {
    peer: BoxId,
    /// also what snapshots stand for was asked for
    whole: bool,
    header: Option<PullHeader>,
    portion: Portion,
    tally: Tally,
    end: Option<EndReason>,
    own_end: u64,
}

/// What is known of the peer's run, for pushing to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerRun {
    /// the run
    pub run: Option<Term>,
    /// the peer's clock when it answered
    pub clock: Timestamp,
    /// the peer's end when it answered
    pub end: u64,
}

impl Pulling {
    /// Begins a pull: the request to send. `wait_s` 0 asks for a plain answer.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn start(feed: &Feed, peer: BoxId, wait_s: u32) -> Result<(Pulling, Vec<u8>), FeedFailure> {
        let position = feed.log().position()?;
        let pulled = feed.log().pulled(peer)?;
        let mut have = feed.log().recent(pulled.have_after, feed.limits().have)?;
        let whole = feed.log().wants_everything()?;
        if whole {
            have.push(EVERYTHING);
        }
        let request = PullRequest {
            address: feed.address(peer),
            run: position.terms.current(),
            cursor: pulled.cursor,
            most_bytes: 0,
            wait_s,
            have,
        };
        let (portion, tally) = (Portion::default(), Tally::default());
        let state = State { peer, whole, header: None, portion, tally, end: None, own_end: position.end };
        Ok((Pulling { stream: Stream::new()?, state }, request.to_bytes()))
    }

    /// Takes bytes of the answer.
    ///
    /// # Errors
    /// What ended the pull. What had arrived entirely is kept by [`Pulling::cut`], which is to be called then.
    pub fn receive(&mut self, feed: &Feed, bytes: &[u8]) -> Result<(), FeedFailure> {
        let Pulling { stream, state } = self;
        stream.receive(bytes, |what, body| state.frame(feed, what, body))
    }

    /// Keeps what has arrived entirely, when the line was cut.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn cut(&mut self, feed: &Feed) -> Result<(), FeedFailure> {
        if self.state.header.is_some() { self.state.store(feed) } else { Ok(()) }
    }

    /// How it ended; `None` while it has not.
    pub const fn end(&self) -> Option<EndReason> {
        self.state.end
    }

    /// Whether the stream stands between two frames: a line may be quiet there, and nowhere else.
    pub fn is_quiet(&self) -> bool {
        self.stream.is_between_frames()
    }

    /// Who answered, once it is known.
    pub fn peer_run(&self) -> Option<PeerRun> {
        self.state.header.as_ref().map(|header| PeerRun { run: header.run, clock: header.clock, end: header.end })
    }

    /// The place reached in the peer's log.
    pub fn mark(&self) -> Option<Mark> {
        self.state.header.as_ref().and_then(|header| header.terms.mark_at(self.state.portion.reached))
    }

    /// What came of the records so far.
    pub fn tally(&self) -> Tally {
        Tally { refused: self.state.portion.refused.values().sum(), ..self.state.tally }
    }

    /// Refused records by reason.
    pub const fn refused(&self) -> &BTreeMap<u8, u32> {
        &self.state.portion.refused
    }
}

impl State {
    fn frame(&mut self, feed: &Feed, what: FrameType, body: &[u8]) -> Result<(), FeedFailure> {
        match (what, &self.header, self.end) {
            (_, _, Some(_)) => Err(FeedFailure::Malformed),
            (FrameType::PullHeader, None, _) => self.begin(feed, body),
            (_, None, _) => Err(FeedFailure::Malformed),
            (FrameType::Record, ..) => self.record(feed, body),
            (FrameType::Reached, ..) => self.reached(feed, body),
            (FrameType::KeepAlive, ..) if body.is_empty() => Ok(()),
            (FrameType::End, ..) => self.finish(feed, body),
            _ => Err(FeedFailure::Malformed),
        }
    }

    fn begin(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        let header = PullHeader::read(body).ok_or(FeedFailure::Malformed)?;
        VERSIONS.agree(Versions { oldest: header.version, newest: header.version })?;
        match () {
            () if header.facility != feed.gate().facility() => return Err(FeedFailure::OtherFacility),
            () if header.log != self.peer => return Err(FeedFailure::OtherLog),
            () => {}
        }
        self.portion.reached = header.from;
        feed.note_version(self.peer, header.version);
        self.header = Some(header);
        Ok(())
    }

    fn record(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        self.portion.take_record(feed, body)?;
        if self.portion.is_full(feed.limits()) { self.store(feed) } else { Ok(()) }
    }

    fn reached(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        match u64::from_be_bytes(body.try_into().map_err(|_| FeedFailure::Malformed)?) {
            0 => {}
            sequence => self.portion.advance(sequence)?,
        }
        self.store(feed)
    }

    fn finish(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        let reason = EndReason::read(body).ok_or(FeedFailure::Malformed)?;
        self.store(feed)?;
        self.end = Some(reason);
        match reason {
            EndReason::CaughtUp => self.note_have(feed),
            EndReason::DayUsed => Err(FeedFailure::Budget(Span::Day)),
            EndReason::SessionUsed => Err(FeedFailure::Budget(Span::Session)),
            EndReason::NotAMember => Err(FeedFailure::NotAMember),
            EndReason::More | EndReason::Stopping => Ok(()),
        }
    }

    /// What the peer has been told of twice, it will not offer again.
    fn note_have(&self, feed: &Feed) -> Result<(), FeedFailure> {
        let pulled = feed.log().pulled(self.peer)?;
        Ok(feed.log().keep_have(self.peer, pulled.have_next, self.own_end.max(pulled.have_next))?)
    }

    fn store(&mut self, feed: &Feed) -> Result<(), FeedFailure> {
        let (run, terms) = match &self.header {
            Some(header) => (header.run, &header.terms),
            None => return Err(FeedFailure::Malformed),
        };
        // what was passed over on this pull's way is wanted after all: the next one begins anew
        if !self.whole && feed.log().wants_everything()? {
            feed.take(&self.portion.arrivals, run, None)?;
            self.portion.clear();
            return Err(FeedFailure::Cut);
        }
        let before = feed.log().pulled(self.peer)?.cursor;
        let cursor = terms.cursor_at(self.portion.reached).beside(&before);
        let tally = feed.take(&self.portion.arrivals, run, Some((self.peer, &cursor)))?;
        self.portion.clear();
        self.tally = self.tally + tally;
        Ok(())
    }
}
