//! Frames: `type u8 | length u32 | body`, big endian, in a stream that may be cut anywhere.

use super::failure::FeedFailure;
use crate::seal::{MAX_SNAPSHOT_BYTES, SealedRecord};

/// Bytes before a frame's body.
const HEAD_BYTES: usize = 5;
/// Bytes of the sequence number before a record.
const SEQUENCE_BYTES: usize = 8;
/// Most bytes of a frame that is not a record.
pub(crate) const MAX_SMALL_BYTES: usize = 64 << 10;
/// Most bytes of a request for a pull: it may tell of many snapshots.
pub(crate) const MAX_REQUEST_BYTES: usize = 256 << 10;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum FrameType {
    PullHeader = 1,
    Record = 2,
    Reached = 3,
    KeepAlive = 4,
    End = 5,
    PushHeader = 6,
    PushAnswer = 7,
    Hello = 8,
    Refused = 9,
    PullRequest = 10,
}

impl FrameType {
    fn from_code(code: u8) -> Option<FrameType> {
        Some(match code {
            1 => FrameType::PullHeader,
            2 => FrameType::Record,
            3 => FrameType::Reached,
            4 => FrameType::KeepAlive,
            5 => FrameType::End,
            6 => FrameType::PushHeader,
            7 => FrameType::PushAnswer,
            8 => FrameType::Hello,
            9 => FrameType::Refused,
            10 => FrameType::PullRequest,
            _ => return None,
        })
    }

    const fn limit(self) -> usize {
        match self {
            FrameType::Record => MAX_SNAPSHOT_BYTES + SEQUENCE_BYTES,
            FrameType::PullRequest => MAX_REQUEST_BYTES,
            _ => MAX_SMALL_BYTES,
        }
    }
}

/// Adds a frame.
pub(crate) fn write(into: &mut Vec<u8>, what: FrameType, body: &[u8]) {
    write_parts(into, what, &[body]);
}

/// Adds a frame of several parts.
pub(crate) fn write_parts(into: &mut Vec<u8>, what: FrameType, parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    debug_assert!(length <= what.limit());
    into.push(what as u8);
    into.extend_from_slice(&(length as u32).to_be_bytes());
    parts.iter().for_each(|part| into.extend_from_slice(part));
}

/// Adds a record frame.
pub(crate) fn write_record(into: &mut Vec<u8>, sequence: u64, record: &SealedRecord) {
    write_parts(into, FrameType::Record, &[&sequence.to_be_bytes(), record.bytes()]);
}

/// One frame, alone.
pub(crate) fn single(what: FrameType, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD_BYTES + body.len());
    write(&mut bytes, what, body);
    bytes
}

/// Cuts a stream into frames. Holds at most one frame that is not complete, growing with what came and not with what was announced.
#[derive(Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    start: usize,
}

impl Frames {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete frame.
    pub(crate) fn next(&mut self) -> Result<Option<(FrameType, &[u8])>, FeedFailure> {
        let waiting = &self.buffer[self.start..];
        let Some((head, body)) = waiting.split_first_chunk::<HEAD_BYTES>() else { return Ok(None) };
        let what = FrameType::from_code(head[0]).ok_or(FeedFailure::Malformed)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if length > what.limit() || !may_be_record(what, body, length) {
            return Err(FeedFailure::TooLarge);
        }
        if body.len() < length {
            return Ok(None);
        }
        let from = self.start + HEAD_BYTES;
        self.start = from + length;
        Ok(Some((what, &self.buffer[from..from + length])))
    }

    /// Whether a frame has begun and not ended.
    pub(crate) fn is_between(&self) -> bool {
        self.start == self.buffer.len()
    }
}

/// A long record must be of a kind that may be long; its first bytes tell.
fn may_be_record(what: FrameType, body: &[u8], length: usize) -> bool {
    what != FrameType::Record
        || SealedRecord::may_become(
            body.get(SEQUENCE_BYTES..).unwrap_or_default(),
            length.saturating_sub(SEQUENCE_BYTES),
        )
}

/// The only frame of a message that is one frame.
pub(crate) fn only(bytes: &[u8]) -> Result<(FrameType, &[u8]), FeedFailure> {
    let (head, body) = bytes.split_first_chunk::<HEAD_BYTES>().ok_or(FeedFailure::Malformed)?;
    let what = FrameType::from_code(head[0]).ok_or(FeedFailure::Malformed)?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if length > what.limit() {
        return Err(FeedFailure::TooLarge);
    }
    if body.len() == length { Ok((what, body)) } else { Err(FeedFailure::Malformed) }
}
