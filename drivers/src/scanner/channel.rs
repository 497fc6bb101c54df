//! How scans travel from the thread of a scanner to those who listen.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::scan::{DiscardReason, Scan};
use crate::reader::{Moment, ReaderName};

/// Something that a scanner sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerEvent {
    /// A whole scan.
    Scanned(Arc<Scan>),
    /// Bytes that were thrown away, with the reason.
    Discarded {
        /// Why.
        reason: DiscardReason,
        /// How many.
        bytes: usize,
    },
}

/// One event with its place in the scanner's own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanObservation {
    /// The scanner.
    pub scanner: ReaderName,
    /// 1 for the first since the start, then one more each time.
    pub sequence: u64,
    /// When, by the clock the scanner was given.
    pub at: Moment,
    /// What.
    pub event: ScannerEvent,
}

/// A place in the stream of one scanner. A scan is kept only until every listener has heard it: nobody listening, nothing
/// kept.
#[derive(Debug)]
pub struct ScanSubscription {
    pub(super) events: broadcast::Receiver<ScanObservation>,
}

/// What a subscription hears next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeardScan {
    /// The next event.
    Event(ScanObservation),
    /// The listener was too slow and this many are gone: tell the staff to scan again.
    Missed(u64),
    /// The scanner was stopped.
    Closed,
}

/// How many scans a slow listener may lie behind; a person scans one in a few seconds.
pub(super) const SCANS_KEPT: usize = 16;

impl ScanSubscription {
    /// Waits for what comes next. Giving up waiting loses nothing.
    pub async fn next(&mut self) -> HeardScan {
        match self.events.recv().await {
            Ok(observation) => HeardScan::Event(observation),
            Err(broadcast::error::RecvError::Lagged(missed)) => HeardScan::Missed(missed),
            Err(broadcast::error::RecvError::Closed) => HeardScan::Closed,
        }
    }
}
