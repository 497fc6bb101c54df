//! The readers as the service shows them at one look.

use crate::clock;
use anyhow::Context;
use drivers::pcsc::{OwnHolds, PcscReader, PcscService, PcscWatch};
use drivers::reader::{Bilingual, Clock, Moment, ReaderFault, ReaderPort, ReaderState, ReaderStatus};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// Longest wait for a service that accepts questions and does not answer.
const LONGEST_LOOK: Duration = Duration::from_secs(8);

/// What `list` says of a service that is gone.
pub const NO_SERVICE: Bilingual = Bilingual {
    ja: "カードリーダーのサービス（pcscd）が動いていません。受付は続けられます。pcscd が入っているか、動いているか確かめてください：systemctl status pcscd",
    en: "No reader service (pcscd) answers. Reception can go on. See that pcscd is installed and runs: systemctl status pcscd",
};

/// A watch over the readers that has looked at all of them once.
pub struct Board {
    watch: PcscWatch,
}

impl Board {
    /// Starts the watch; it has seen nothing yet.
    pub fn start() -> anyhow::Result<Board> {
        let watch = PcscWatch::start(advancing_clock(), OwnHolds::default()).context("no thread for the watch")?;
        Ok(Board { watch })
    }

    /// Waits until every reader was looked at; `false` when no service answers.
    pub async fn look(&self) -> bool {
        let (mut service, mut heartbeat) = (self.watch.service(), self.watch.heartbeat());
        let look = async {
            let answer = service.wait_for(|service| !matches!(service, PcscService::Starting { .. })).await;
            let Ok(PcscService::Present { since }) = answer.map(|service| *service) else { return false };
            // the watch lists, looks, and lists again: a second beat means that it has looked
            heartbeat.wait_for(|beat| *beat > since).await.is_ok()
        };
        tokio::time::timeout(LONGEST_LOOK, look).await.unwrap_or(false)
    }

    /// The readers that are there, and those whose state is a fault.
    pub fn statuses(&self) -> Vec<ReaderStatus> {
        let readers = self.watch.readers();
        let statuses = readers.borrow().iter().map(PcscReader::status).collect::<Vec<_>>();
        statuses.into_iter().filter(|status| !matches!(status.state, ReaderState::Absent { .. })).collect()
    }

    /// Readers as they become known.
    pub fn readers(&self) -> watch::Receiver<Vec<PcscReader>> {
        self.watch.readers()
    }

    /// The service as it comes and goes.
    pub fn service(&self) -> watch::Receiver<PcscService> {
        self.watch.service()
    }

    /// Ends the watch.
    pub fn stop(self) {
        self.watch.stop();
    }
}

/// The wall clock, made to tell a later moment every time it is asked: so what happened after something else is told later.
fn advancing_clock() -> Clock {
    let (wall, last) = (clock::Clock::wall(), AtomicU64::new(0));
    Clock::new(move || {
        let now = wall.now().as_ms().max(0).unsigned_abs();
        let later = |last: u64| Some(now.max(last + 1));
        let before = last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later).unwrap_or_else(|last| last);
        Moment(now.max(before + 1))
    })
}

/// A state by a name that never changes.
pub fn state_code(state: &ReaderState) -> &'static str {
    match state {
        ReaderState::Absent { .. } => "absent",
        ReaderState::Ready { .. } => "ready",
        ReaderState::CardPresent { .. } => "card_present",
        ReaderState::Faulted { .. } => "faulted",
    }
}

/// The fault of a state, if it is one.
pub fn fault_of(state: &ReaderState) -> Option<ReaderFault> {
    match state {
        ReaderState::Faulted { fault, .. } => Some(*fault),
        _ => None,
    }
}

/// A reader for machines.
pub fn reader_json(status: &ReaderStatus) -> Value {
    json!({
        "reader": status.reader.as_str(),
        "state": state_code(&status.state),
        "fault": fault_of(&status.state).map(|fault| fault.code()),
    })
}

/// Both languages on one line.
pub fn both(words: Bilingual) -> String {
    format!("{} / {}", words.ja, words.en)
}
