//! What a box tells its hub of itself, so that whoever looks after thousands of boxes sees which one needs a hand.
//!
//! Figures only. The form has no place for a text, and a hub refuses what it does not know: nothing about a patient can be put in, not
//! even by mistake.

use serde::{Deserialize, Serialize};

/// Where a heartbeat is posted, over the connection of the feed.
pub const HEARTBEAT: &str = "/fleet/v1/heartbeat";
/// Longest heartbeat, in bytes.
pub const MAX_HEARTBEAT_BYTES: usize = 2_048;

/// One box's figures at one moment. Posted as JSON, every few minutes and when something changed for the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// the box's clock, ms since 1970
    pub sent_at_ms: i64,
    /// major, minor and patch of the program
    pub version: [u16; 3],
    /// seconds since the program started
    pub uptime_s: u64,
    /// questions to the national service that have no answer yet
    pub queue: Waiting,
    /// card readers by health
    pub readers: Readers,
    /// the box's clock against its time source, ms, positive when ahead; absent without a time source
    pub clock_offset_ms: Option<i64>,
    /// how much of the box's log this hub has
    pub uploaded: Uploaded,
    /// end of the certificate the box calls with, ms since 1970
    pub certificate_ends_ms: i64,
}

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// how many wait
    pub count: u32,
    /// how long the oldest has waited, seconds; 0 when none waits
    pub oldest_s: u32,
}

/// Card readers by health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readers {
    /// work
    pub working: u16,
    /// answer, with errors
    pub failing: u16,
    /// do not answer
    pub dead: u16,
}

/// Has this box uploaded everything, and since when not?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploaded {
    /// last number of the box's log
    pub end: u64,
    /// the hub has acknowledged everything up to this number
    pub up_to: u64,
    /// when the oldest record the hub does not have was written, ms since 1970; absent when the hub has everything
    pub behind_since_ms: Option<i64>,
}

impl Heartbeat {
    /// Reads a posted heartbeat. Anything that is not exactly the form is refused, without saying what it was.
    pub fn read(bytes: &[u8]) -> Option<Heartbeat> {
        if bytes.len() > MAX_HEARTBEAT_BYTES {
            return None;
        }
        serde_json::from_slice(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn heartbeat() -> Heartbeat {
        Heartbeat {
            sent_at_ms: 1_795_000_000_000,
            version: [0, 1, 0],
            uptime_s: 3_600,
            queue: Waiting { count: 2, oldest_s: 90 },
            readers: Readers { working: 1, failing: 0, dead: 1 },
            clock_offset_ms: Some(-40),
            uploaded: Uploaded { end: 120, up_to: 100, behind_since_ms: Some(1_794_999_000_000) },
            certificate_ends_ms: 1_800_000_000_000,
        }
    }

    #[test]
    fn only_the_form_is_read_and_there_is_no_place_for_a_text() {
        let bytes = serde_json::to_vec(&heartbeat()).unwrap();
        assert_eq!(Heartbeat::read(&bytes), Some(heartbeat()));
        let mut form: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert!(!form.to_string().contains(": \"") && !has_text(&form));
        form["note"] = "受付 花子".into();
        assert_eq!(Heartbeat::read(&serde_json::to_vec(&form).unwrap()), None);
        let mut inside: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        inside["queue"]["name"] = 1.into();
        assert_eq!(Heartbeat::read(&serde_json::to_vec(&inside).unwrap()), None);
        let padded = [&bytes[..], &vec![b' '; MAX_HEARTBEAT_BYTES]].concat();
        assert_eq!(Heartbeat::read(&padded), None);
    }

    fn has_text(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(_) => true,
            serde_json::Value::Array(all) => all.iter().any(has_text),
            serde_json::Value::Object(all) => all.values().any(has_text),
            _ => false,
        }
    }
}
