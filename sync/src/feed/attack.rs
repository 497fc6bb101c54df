//! Attackers: what the fuzz targets run, and what ordinary tests run over altered examples.
//!
//! Absent from every ordinary build; `cfg(fuzzing)` is set by cargo-fuzz alone. Every function takes whatever bytes it is given and
//! panics when a promise is broken.
#![allow(clippy::unwrap_used)]

mod examples;
#[cfg(test)]
mod tests;

use super::compress::Compressor;
use super::frame::Frames;
use super::message::{Hello, PullRequest, PushAnswer};
use super::pulling::Pulling;
use super::serving::{EndReason, Serving, ServingStep};
use super::taking::Taking;
use crate::fleet::{Heartbeat, MAX_HEARTBEAT_BYTES};
use crate::seal::forget::Forget;
use crate::seal::grant::{open_grant, recipient};
use crate::seal::{RevokedAuthors, SealedRecord, open};
use domain::Timestamp;
pub use examples::{Example, examples};
use examples::{World, world};

/// A record is one, exactly and of a permitted size, or is refused; nothing that was not sealed here opens.
pub fn record(data: &[u8]) {
    let Ok(record) = SealedRecord::parse(data) else { return };
    assert_eq!(record.bytes(), data);
    assert!(data.len() <= SealedRecord::limit(record.header().kind));
    let World { gate, ring, secret, genuine, .. } = world();
    let _ = (Forget::read(&record), recipient(&record));
    if !genuine.contains(&record.hash()) {
        assert!(open(&record, gate, ring, RevokedAuthors::Accept).is_err(), "a forgery opens");
        assert!(open_grant(&record, gate, secret).is_err(), "a forged grant opens");
    }
}

/// Frames come out whole and in order, however the stream is cut; the first byte says how.
pub fn frames(data: &[u8]) {
    let Some((how, data)) = data.split_first() else { return };
    let whole = cut_into_frames(data, data.len().max(1));
    assert_eq!(cut_into_frames(data, usize::from(*how) + 1), whole);
}

fn cut_into_frames(data: &[u8], size: usize) -> (Vec<(u8, Vec<u8>)>, bool) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    for piece in data.chunks(size) {
        frames.push(piece);
        loop {
            match frames.next() {
                Ok(Some((what, body))) => found.push((what as u8, body.to_vec())),
                Ok(None) => break,
                Err(_) => return (found, true),
            }
        }
    }
    (found, false)
}

/// Messages of one frame are understood or not; what is understood is written again as it came.
pub fn messages(data: &[u8]) {
    if let Ok(request) = PullRequest::from_bytes(data) {
        assert_eq!(PullRequest::from_bytes(&request.to_bytes()), Ok(request));
    }
    if let Ok(answer) = PushAnswer::from_bytes(data) {
        assert_eq!(PushAnswer::from_bytes(&answer.to_bytes()), Ok(answer));
    }
    if let Ok(hello) = Hello::from_bytes(data) {
        assert_eq!(Hello::from_bytes(&hello.to_bytes()), Ok(hello));
    }
}

/// A heartbeat is figures and nothing else, or refused: what is understood is written again in no more room than it may have, and
/// nothing that came stands in it as a text.
pub fn heartbeat(data: &[u8]) {
    let Some(heartbeat) = Heartbeat::read(data) else { return };
    assert!(data.len() <= MAX_HEARTBEAT_BYTES);
    let written = serde_json::to_vec(&heartbeat).unwrap();
    assert_eq!(Heartbeat::read(&written), Some(heartbeat));
}

/// A pull is served or refused, ends, and promises nothing beyond the log's end.
pub fn pull_request(data: &[u8]) {
    let feed = world().feed();
    let end = feed.log().position().unwrap().end;
    let Ok((mut serving, _)) = Serving::start(&feed, data, Timestamp::from_ms(0)) else { return };
    for _ in 0..=end + 1 {
        match serving.step(&feed).unwrap() {
            ServingStep::Send(_) => {}
            ServingStep::CaughtUp => return drop(serving.end(EndReason::CaughtUp).unwrap()),
            ServingStep::End(reason) => return drop(serving.end(reason).unwrap()),
        }
    }
    panic!("serves without end");
}

/// Whatever a peer answers, the log keeps only this facility's records. The first byte says whether the rest is taken as it is or
/// compressed first, and how it is cut.
pub fn pull_answer(data: &[u8]) {
    let Some((how, stream)) = stream(data) else { return };
    let feed = world().feed();
    let (mut pulling, _) = Pulling::start(&feed, world().peer, 0).unwrap();
    let fine = stream.chunks(how).all(|piece| pulling.receive(&feed, piece).is_ok());
    if !fine {
        pulling.cut(&feed).unwrap();
    }
    check_log(&feed);
}

/// The same for a push; an answer comes only when it is whole.
pub fn push(data: &[u8]) {
    let Some((how, stream)) = stream(data) else { return };
    let feed = world().feed();
    let mut taking = Taking::start().unwrap();
    if !stream.chunks(how).all(|piece| taking.receive(&feed, piece).is_ok()) {
        let _ = taking.cut(&feed);
    }
    check_log(&feed);
}

fn stream(data: &[u8]) -> Option<(usize, Vec<u8>)> {
    let (how, data) = data.split_first()?;
    let bytes = if how & 1 == 0 { Compressor::new().unwrap().finish(data).unwrap() } else { data.to_vec() };
    Some((usize::from(how >> 1) * 8 + 1, bytes))
}

fn check_log(feed: &super::Feed) {
    let page = feed.log().read_after(0, usize::MAX).unwrap();
    for logged in &page.records {
        assert_eq!(logged.record.header().facility, feed.gate().facility());
        assert!(feed.gate().admit(&logged.record).is_ok(), "a refused record was kept");
    }
    assert!(page.records.is_sorted_by_key(|logged| logged.sequence));
}
