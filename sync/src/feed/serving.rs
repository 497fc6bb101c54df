//! Answers a pull: a page at a time, never more in memory than one page.

use super::compress::Compressor;
use super::failure::FeedFailure;
use super::frame::{self, FrameType};
use super::log::{LogFailure, Page};
use super::message::{EVERYTHING, PullHeader, PullRequest, SNAPSHOTS, VERSIONS};
use super::node::Feed;
use super::term::Term;
use crate::seal::{HashPrefix, RecordHash};
use domain::Timestamp;
use std::collections::HashSet;
use std::time::Duration;

/// Why an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EndReason {
    /// There is nothing more.
    CaughtUp = 1,
    /// There is more: ask again.
    More = 2,
    /// The byte budget of the connection is used up.
    SessionUsed = 3,
    /// The server stops or starts anew.
    Stopping = 4,
    /// The asker is no member any more.
    NotAMember = 5,
    /// The byte budget of the day is used up.
    DayUsed = 6,
}

impl EndReason {
    pub(crate) fn read(body: &[u8]) -> Option<EndReason> {
        Some(match body {
            [1] => EndReason::CaughtUp,
            [2] => EndReason::More,
            [3] => EndReason::SessionUsed,
            [4] => EndReason::Stopping,
            [5] => EndReason::NotAMember,
            [6] => EndReason::DayUsed,
            _ => return None,
        })
    }
}

/// What there is to send next.
#[derive(Debug, PartialEq, Eq)]
pub enum ServingStep {
    /// These bytes.
    Send(Vec<u8>),
    /// Nothing new: end, or wait until the log has grown.
    CaughtUp,
    /// End for this reason.
    End(EndReason),
}

/// The answer to one pull.
pub struct Serving {
    compressor: Compressor,
    asker: Option<Term>,
    run: Option<Term>,
    have: HashSet<HashPrefix>,
    leaves_out: bool,
    at: u64,
    until: u64,
    bytes_left: u64,
    wait: Option<Duration>,
}

impl Serving {
    /// Reads a request and begins the answer.
    ///
    /// # Errors
    /// Why the request is refused.
    pub fn start(feed: &Feed, request: &[u8], now: Timestamp) -> Result<(Serving, Vec<u8>), FeedFailure> {
        let request = PullRequest::from_bytes(request)?;
        feed.check_address(&request.address)?;
        let version = VERSIONS.agree(request.address.versions)?;
        let position = feed.log().position()?;
        let from = position.terms.resume(&request.cursor, position.end);
        let (terms, until) = position.terms.around(from);
        let run = position.terms.current();
        let (facility, log) = (feed.gate().facility(), feed.log().owner());
        let header = PullHeader { version, facility, log, run, from, end: position.end, clock: now, terms };
        let most = feed.limits().batch_bytes;
        let mut serving = Serving {
            compressor: compressor()?,
            asker: request.run,
            run,
            have: request.have.iter().copied().collect(),
            leaves_out: version >= SNAPSHOTS && !request.have.contains(&EVERYTHING),
            at: from,
            until,
            bytes_left: match (request.wait_s, request.most_bytes) {
                (0, 0) => most,
                (0, asked) => asked.min(most),
                _ => u64::MAX,
            },
            wait: (request.wait_s > 0).then(|| Duration::from_secs(u64::from(request.wait_s))),
        };
        let bytes = serving.send(|into| frame::write(into, FrameType::PullHeader, &header.body()))?;
        Ok((serving, bytes))
    }

    /// How long the asker wants the line to stay open; `None` for a plain answer.
    pub const fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// The next page.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn step(&mut self, feed: &Feed) -> Result<ServingStep, FeedFailure> {
        let position = feed.log().position()?;
        match () {
            () if position.terms.current() != self.run => return Ok(ServingStep::End(EndReason::Stopping)),
            () if self.at >= position.end => return Ok(ServingStep::CaughtUp),
            () if self.at >= self.until || self.bytes_left == 0 => return Ok(ServingStep::End(EndReason::More)),
            () => {}
        }
        let most = usize::try_from(self.bytes_left).unwrap_or(usize::MAX).min(feed.limits().page_bytes);
        let page = feed.log().read_after(self.at, most)?;
        self.page(feed, &page).map(ServingStep::Send)
    }

    fn page(&mut self, feed: &Feed, page: &Page) -> Result<Vec<u8>, FeedFailure> {
        let reached = page.reached.min(self.until);
        let mut frames = Vec::new();
        let mut last = self.at;
        let stood_for = if self.leaves_out { feed.stood_for(page)? } else { HashSet::new() };
        for logged in page.records.iter().filter(|logged| logged.sequence <= reached) {
            if !stood_for.contains(&logged.sequence) && !self.asker_has(feed, logged.record.hash()) {
                frame::write_record(&mut frames, logged.sequence, &logged.record);
                self.bytes_left = self.bytes_left.saturating_sub(logged.record.bytes().len() as u64);
                last = logged.sequence;
            }
        }
        // Says "store now", and moves over what was left out.
        let passed = if reached > last { reached } else { 0 };
        frame::write(&mut frames, FrameType::Reached, &passed.to_be_bytes());
        self.at = reached;
        self.send(|into| into.append(&mut frames))
    }

    fn asker_has(&self, feed: &Feed, record: RecordHash) -> bool {
        self.have.contains(&record.prefix()) || feed.has(self.asker, record)
    }

    /// A sign of life on a line that stays open.
    ///
    /// # Errors
    /// [`FeedFailure::Store`] when compressing fails for want of memory.
    pub fn keep_alive(&mut self) -> Result<Vec<u8>, FeedFailure> {
        self.send(|into| frame::write(into, FrameType::KeepAlive, &[]))
    }

    /// The last bytes.
    ///
    /// # Errors
    /// As [`Serving::keep_alive`].
    pub fn end(self, reason: EndReason) -> Result<Vec<u8>, FeedFailure> {
        let end = frame::single(FrameType::End, &[reason as u8]);
        self.compressor.finish(&end).map_err(compressing)
    }

    fn send(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, FeedFailure> {
        let mut bytes = Vec::new();
        write(&mut bytes);
        self.compressor.page(&bytes).map_err(compressing)
    }
}

pub(crate) fn compressor() -> Result<Compressor, FeedFailure> {
    Compressor::new().map_err(compressing)
}

pub(crate) fn compressing(error: std::io::Error) -> FeedFailure {
    FeedFailure::Store(LogFailure(error.kind().to_string()))
}
