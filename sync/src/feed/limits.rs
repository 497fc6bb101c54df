//! How much of everything is permitted.

use std::time::Duration;

/// Limits of one feed. The defaults fit a box on a poor line and a hub with a thousand boxes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of records read from the log at once. At least one record is read.
    pub page_bytes: usize,
    /// Bytes of records in one plain pull; a live one goes on.
    pub batch_bytes: u64,
    /// Bytes of records in one push: what is sent again at most when the line is cut.
    pub push_bytes: usize,
    /// Bytes of records taken in before they are stored.
    pub store_bytes: usize,
    /// Records taken in before they are stored.
    pub store_records: usize,
    /// Hash prefixes told in one pull.
    pub have: usize,
    /// Records passed over in a push before the peer is asked to confirm.
    pub passed_over: u64,
    /// Requests of one peer at once.
    pub requests_per_peer: usize,
    /// Connections at once.
    pub connections: usize,
    /// Time for connecting, TLS included, and for a request's head.
    pub connect: Duration,
    /// Time for an answer to begin.
    pub answer: Duration,
    /// Pause between signs of life on a live line.
    pub keep_alive: Duration,
    /// Time without a byte after which a line is dead.
    pub idle: Duration,
    /// Longest life of a live line; then it is opened anew.
    pub live: Duration,
    /// Time a transfer may take before its rate is looked at.
    pub grace: Duration,
    /// Slowest rate of a transfer after that, bytes per second. A 30 kbit/s line makes 3,750.
    pub slowest_bytes_per_s: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            page_bytes: 64 << 10,
            batch_bytes: 4 << 20,
            push_bytes: 128 << 10,
            store_bytes: 256 << 10,
            store_records: 512,
            have: 2_048,
            passed_over: 256,
            requests_per_peer: 4,
            connections: 1_024,
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            keep_alive: Duration::from_secs(15),
            idle: Duration::from_secs(45),
            live: Duration::from_secs(3_600),
            grace: Duration::from_secs(30),
            slowest_bytes_per_s: 500,
        }
    }
}
