//! Answers a pull: a page at a time, never more in memory than one page.

use super::compress::Compressor;
use super::failure::FeedFailure;
use super::frame::{self, FrameType};
use super::log::{Acknowledged, LogFailure, Page};
use super::message::{PullHeader, PullRequest, SNAPSHOTS, VERSIONS, Wanted};
use super::node::{BeingRead, Feed};
use super::pushing;
use super::term::Term;
use crate::seal::{BoxId, HashPrefix, RecordHash};
use domain::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;
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
    /// snapshots the asker holds
    snapshots: HashSet<HashPrefix>,
    wanted: Wanted,
    at: u64,
    until: u64,
    bytes_left: u64,
    wait: Option<Duration>,
    acknowledges: Option<Acknowledged>,
    being_read: Option<BeingRead>,
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
        let wanted = if version >= SNAPSHOTS { request.wanted } else { Wanted::Records };
        let from = match wanted {
            Wanted::Records => position.terms.resume(&request.cursor, position.end),
            Wanted::Snapshots => 0,
        };
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
            snapshots: request.snapshots.iter().copied().collect(),
            wanted,
            at: from,
            until: if wanted == Wanted::Snapshots { position.end } else { until },
            bytes_left: match (request.wait_s, request.most_bytes) {
                (0, 0) => most,
                (0, asked) => asked.min(most),
                _ => u64::MAX,
            },
            wait: (request.wait_s > 0).then(|| Duration::from_secs(u64::from(request.wait_s))),
            acknowledges: request.at.filter(|_| from > 0).map(|at| Acknowledged { at: Some(at), own: from }),
            being_read: None,
        };
        let bytes = serving.send(|into| frame::write(into, FrameType::PullHeader, &header.body()))?;
        Ok((serving, bytes))
    }

    /// Says who asks, where that is certain: what it says it has need not be pushed to it, and while it reads what it lacks, nothing is.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn asked_by(mut self, feed: &Arc<Feed>, peer: BoxId) -> Result<Serving, FeedFailure> {
        if let Some(acknowledged) = self.acknowledges.take() {
            pushing::note_read(feed, peer, self.asker, acknowledged)?;
        }
        if self.wait.is_none() && self.at < self.until {
            self.being_read = Some(BeingRead::begin(feed, peer));
        }
        Ok(self)
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
            () if self.wanted == Wanted::Snapshots => return self.snapshots(feed),
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
        let stood_for = match self.snapshots.is_empty() {
            true => HashSet::new(),
            false => feed.stood_for(page, |snapshot| self.snapshots.contains(snapshot))?,
        };
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

    /// The next snapshots, but for those that another one stands for. The asker comes again as long as there are any.
    fn snapshots(&mut self, feed: &Feed) -> Result<ServingStep, FeedFailure> {
        if self.at >= self.until || self.bytes_left == 0 {
            return Ok(ServingStep::End(EndReason::More));
        }
        let most = usize::try_from(self.bytes_left).unwrap_or(usize::MAX).min(feed.limits().page_bytes);
        let page = feed.log().snapshots_after(self.at, most)?;
        let older = feed.stood_for(&page, |_| true)?;
        let mut frames = Vec::new();
        for logged in &page.records {
            if !older.contains(&logged.sequence) && !self.asker_has(feed, logged.record.hash()) {
                frame::write_record(&mut frames, logged.sequence, &logged.record);
                self.bytes_left = self.bytes_left.saturating_sub(logged.record.bytes().len() as u64);
            }
        }
        self.at = page.reached;
        frame::write(&mut frames, FrameType::Reached, &0_u64.to_be_bytes());
        self.send(|into| into.append(&mut frames)).map(ServingStep::Send)
    }

    fn asker_has(&self, feed: &Feed, record: RecordHash) -> bool {
        let name = record.prefix();
        self.have.contains(&name) || self.snapshots.contains(&name) || feed.has(self.asker, record)
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
