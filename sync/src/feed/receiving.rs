//! The part both receivers share: compressed bytes in, records let in by the gate, stored in bounded portions.

use super::compress::Expander;
use super::failure::{FeedFailure, Side};
use super::frame::{FrameType, Frames};
use super::limits::Limits;
use super::log::{Arrival, LogFailure};
use super::node::Feed;
use crate::seal::Refusal;
use std::collections::BTreeMap;

/// A stream of frames that arrives compressed.
pub(crate) struct Stream {
    expander: Expander,
    frames: Frames,
}

impl Stream {
    pub(crate) fn new() -> Result<Stream, FeedFailure> {
        let expander = Expander::new().map_err(|error| LogFailure(error.kind().to_string()))?;
        Ok(Stream { expander, frames: Frames::default() })
    }

    /// Hands every complete frame on.
    pub(crate) fn receive(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(FrameType, &[u8]) -> Result<(), FeedFailure>,
    ) -> Result<(), FeedFailure> {
        let frames = &mut self.frames;
        self.expander.expand(bytes, |piece| {
            frames.push(piece);
            while let Some((what, body)) = frames.next()? {
                take(what, body)?;
            }
            Ok(())
        })
    }

    /// Whether no frame is half here.
    pub(crate) fn is_between_frames(&self) -> bool {
        self.frames.is_between()
    }
}

/// Records on their way into the log.
#[derive(Default)]
pub(crate) struct Portion {
    pub arrivals: Vec<Arrival>,
    bytes: usize,
    /// the last number that came; numbers must rise
    pub reached: u64,
    /// refused records by reason
    pub refused: BTreeMap<u8, u32>,
}

impl Portion {
    /// Takes one record frame. A record that is refused is counted and passed over: it must not hold up those after it. One in a newer
    /// form does hold them up, with words that say what to do: passed over, it would be missing after the update.
    pub(crate) fn take_record(&mut self, feed: &Feed, body: &[u8]) -> Result<(), FeedFailure> {
        let (sequence, record) = body.split_first_chunk().ok_or(FeedFailure::Malformed)?;
        let received = feed.gate().receive(record);
        if received == Err(Refusal::Version) {
            return Err(FeedFailure::Version(Side::Here));
        }
        self.advance(u64::from_be_bytes(*sequence))?;
        match received {
            Ok((record, standing)) => {
                self.bytes += record.bytes().len();
                self.arrivals.push(Arrival { record, standing });
            }
            Err(refusal) => self.refuse(refusal),
        }
        Ok(())
    }

    fn refuse(&mut self, refusal: Refusal) {
        *self.refused.entry(refusal.code()).or_default() += 1;
    }

    /// Moves on to a number, which must be higher.
    pub(crate) fn advance(&mut self, sequence: u64) -> Result<(), FeedFailure> {
        if sequence <= self.reached {
            return Err(FeedFailure::Malformed);
        }
        self.reached = sequence;
        Ok(())
    }

    /// Whether it is time to store.
    pub(crate) fn is_full(&self, limits: &Limits) -> bool {
        self.bytes >= limits.store_bytes || self.arrivals.len() >= limits.store_records
    }

    pub(crate) fn clear(&mut self) {
        self.arrivals.clear();
        self.bytes = 0;
    }
}
