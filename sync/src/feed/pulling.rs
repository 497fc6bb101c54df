//! Reads a peer's log: whatever arrived entirely is kept, wherever the line is cut.

use super::failure::{FeedFailure, Span};
use super::frame::FrameType;
use super::message::{MAX_TOLD, PullHeader, PullRequest, SNAPSHOTS, VERSIONS, Versions, Wanted};
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
    /// snapshots alone were asked for; the cursor stays where it is
    first: bool,
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
    /// Begins a pull: the request to send. `wait_s` 0 asks for a plain answer. Plain pulls of a log that never was read to its end begin
    /// with its snapshots; then those that were found good are told of, and what they stand for does not come.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn start(feed: &Feed, peer: BoxId, wait_s: u32) -> Result<(Pulling, Vec<u8>), FeedFailure> {
        // in this order: what the cursor says was kept stands before the position
        let pulled = feed.log().pulled(peer)?;
        let position = feed.log().position()?;
        let is_new = wait_s == 0 && pulled.have_next == 0;
        let first = is_new && !feed.is_introduced(peer);
        let held = if is_new { feed.log().snapshots(MAX_TOLD)? } else { Vec::new() };
        let request = PullRequest {
            address: feed.address(peer),
            run: position.terms.current(),
            cursor: pulled.cursor,
            most_bytes: 0,
            wait_s,
            have: feed.log().recent(pulled.have_after, feed.limits().have)?,
            at: position.mark(),
            wanted: if first { Wanted::Snapshots } else { Wanted::Records },
            snapshots: held.iter().filter(|held| first || held.is_good).map(|held| held.name).collect(),
        };
        let (portion, tally) = (Portion::default(), Tally::default());
        let state = State { peer, first, header: None, portion, tally, end: None, own_end: position.end };
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
        let header = self.state.header.as_ref().filter(|_| !self.state.first);
        header.and_then(|header| header.terms.mark_at(self.state.portion.reached))
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
        self.first &= header.version >= SNAPSHOTS;
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
            EndReason::CaughtUp if self.first => Err(FeedFailure::Malformed),
            EndReason::CaughtUp => self.note_have(feed),
            EndReason::DayUsed => Err(FeedFailure::Budget(Span::Day)),
            EndReason::SessionUsed => Err(FeedFailure::Budget(Span::Session)),
            EndReason::NotAMember => Err(FeedFailure::NotAMember),
            // an answer without one that is new was the last
            EndReason::More if self.first && self.tally.stored == 0 => {
                feed.note_introduced(self.peer);
                Ok(())
            }
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
        let tally = if self.first {
            feed.take(&self.portion.arrivals, run, None)?
        } else {
            let before = feed.log().pulled(self.peer)?.cursor;
            let cursor = terms.cursor_at(self.portion.reached).beside(&before);
            feed.take(&self.portion.arrivals, run, Some((self.peer, &cursor)))?
        };
        self.portion.clear();
        self.tally = self.tally + tally;
        Ok(())
    }
}
