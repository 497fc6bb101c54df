//! Listening to one reader, whatever it is made of.

use crate::devices::message::Mouth;
use drivers::health::{DeviceFault, DeviceName, Sign};
use drivers::{Heard, ReaderPort, ReaderState, ReaderStatus};
use std::sync::Arc;

/// Tells everything a reader says, until it has nothing more to say.
pub(in crate::devices) async fn follow(reader: Arc<dyn ReaderPort>, device: DeviceName, mouth: Mouth) {
    loop {
        let mut subscription = reader.subscribe();
        for sign in signs_of(subscription.start()) {
            mouth.heard(&device, sign).await;
        }
        loop {
            match subscription.next().await {
                Heard::Event(seen) => mouth.heard(&device, Sign::from(&seen.event)).await,
                Heard::Missed(_) => break, // where it stands now is worth more than what was missed
                Heard::Closed => return,
            }
        }
    }
}

/// Where a reader stands, as the answer to a question: a card that lies there is no new one.
pub(in crate::devices) fn last_sign(status: &ReaderStatus) -> Option<Sign> {
    signs_of(status).into_iter().rfind(|sign| !matches!(sign, Sign::CardInserted))
}

/// Where a reader stands, as signs.
pub(super) fn signs_of(status: &ReaderStatus) -> Vec<Sign> {
    match &status.state {
        ReaderState::Absent { .. } if status.sequence == 0 => Vec::new(),
        ReaderState::Absent { .. } => vec![Sign::Detached],
        ReaderState::Ready { .. } => vec![Sign::CardRemoved, Sign::Answering],
        ReaderState::CardPresent { .. } => vec![Sign::Answering, Sign::CardInserted],
        ReaderState::Faulted { fault, .. } => vec![Sign::Faulted { fault: DeviceFault::Reader(*fault) }],
    }
}
