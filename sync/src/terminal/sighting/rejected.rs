//! The two halves of a rejection: they come in any order, and one of them may never come (oqs-interface §1.5).

use super::sort::Sort;
use crate::terminal::door::{Arrival, Content, Fingerprint};
use crate::terminal::file_name::{Extension, FileName};
use crate::terminal::rejection::{MAX_ERR_BYTES, RawBytes, Rejection, ReturnedRequest};

/// What of a rejection has been seen so far.
pub(crate) struct Halves {
    file: FileName,
    since_ms: u64,
    err: Option<Half>,
    request: Option<Half>,
    reported: Reported,
    conflict: bool,
}

struct Half {
    sha256: Fingerprint,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reported {
    Nothing,
    OneHalf,
    Everything,
}

impl Halves {
    pub(crate) fn new(file: FileName, now_ms: u64) -> Halves {
        Halves { file, since_ms: now_ms, err: None, request: None, reported: Reported::Nothing, conflict: false }
    }

    /// Adds a half. A second one of the same sort with other content is a conflict when something was reported before.
    pub(crate) fn add(&mut self, sort: &Sort, sha256: Fingerprint, bytes: Vec<u8>) {
        let half = match sort {
            Sort::ErrFile(_) => &mut self.err,
            _ => {
                // A returned request keeps the ending it came with.
                self.file = sort.file().unwrap_or_else(|| self.file.clone());
                &mut self.request
            }
        };
        let replaced = half.replace(Half { sha256, bytes });
        if replaced.is_some() && self.reported != Reported::Nothing {
            self.conflict = true;
            self.reported = Reported::Nothing;
        }
    }

    /// Whether the other half is still waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        self.reported == Reported::Nothing
    }

    /// What is to be reported now: both halves at once, one alone after the wait.
    pub(crate) fn report(&mut self, now_ms: u64, wait_ms: u64) -> Option<Arrival> {
        let complete = self.err.is_some() && self.request.is_some();
        let due = complete || now_ms.saturating_sub(self.since_ms) >= wait_ms;
        let next = if complete { Reported::Everything } else { Reported::OneHalf };
        if !due || self.reported == Reported::Everything || self.reported == next {
            return None;
        }
        self.reported = next;
        Some(self.arrival())
    }

    fn arrival(&self) -> Arrival {
        let (extension, half) = match (&self.err, &self.request) {
            (Some(err), _) => (Extension::Err, Some(err)),
            (None, request) => (self.file.extension, request.as_ref()),
        };
        let file = self.file.with_extension(extension);
        let bytes = half.map(|half| half.bytes.clone()).unwrap_or_default();
        let rejection = Rejection {
            err: self.err.as_ref().map(|err| RawBytes(err.bytes[..err.bytes.len().min(MAX_ERR_BYTES)].to_vec())),
            request: self.request.as_ref().map(|request| ReturnedRequest::read(&request.bytes)),
        };
        Arrival {
            name: file.to_string(),
            sha256: half.map_or_else(|| Fingerprint::of(&[]), |half| half.sha256),
            content: Content::Rejection { file, rejection },
            raw: RawBytes(bytes),
            conflict: self.conflict,
        }
    }
}
