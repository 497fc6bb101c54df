//! One card, worked with on a thread of its own so that a card without an answer never holds up the caller.

mod whole;
mod worker;

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::cards::{Share, StuckWork};
use super::holds::Hold;
use super::patience::Patience;
use crate::card::{CardWire, WireError};
use crate::reader::ReaderName;
use worker::{Answer, Request, Worker};

pub use whole::WorkBroken;
pub(super) use whole::{WholeWork, whole};

/// What becomes of the card when the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterUse {
    /// It stays powered as it is: after reading.
    LeavePowered,
    /// It loses its power, and with it everything that was opened with a secret.
    PowerDown,
}

/// The card in one reader, until it is released. Dropping it leaves the card powered.
pub struct PcscCard {
    reader: ReaderName,
    requests: Sender<Request>,
    answers: Receiver<Answer>,
    patience: Patience,
    stuck: StuckWork,
    work: Work,
    /// After the first error there is nothing more to be had from this card.
    lost: Option<WireError>,
}

/// A thread's work: whether it still goes on.
#[derive(Debug, Clone)]
pub(super) struct Work(Weak<()>);

impl Work {
    pub(super) fn goes_on(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl PcscCard {
    pub(super) fn connect(
        reader: &ReaderName,
        share: Share,
        patience: Patience,
        hold: Hold,
        stuck: StuckWork,
    ) -> Result<Self, WireError> {
        let (requests, for_worker) = channel();
        let (from_worker, answers) = channel();
        let alive = Arc::new(());
        let work = Work(Arc::downgrade(&alive));
        let worker = Worker { reader: reader.clone(), share, patience, requests: for_worker, answers: from_worker };
        let body = move || {
            worker.run();
            drop((hold, alive));
        };
        // without a thread there is no card work now, as if the reader had no time for us
        std::thread::Builder::new().name("pcsc-card".to_owned()).spawn(body).map_err(|_| WireError::Busy)?;
        let mut card = Self { reader: reader.clone(), requests, answers, patience, stuck, work, lost: None };
        card.answer_within(patience.connect)?;
        Ok(card)
    }

    /// Ends the work and says what becomes of the card; returns when it has been done.
    pub fn release(mut self, after_use: AfterUse) {
        if self.lost.is_none() && self.requests.send(Request::Release(after_use)).is_ok() {
            let _nothing_left_to_do_about_an_error = self.answer_within(self.patience.exchange);
        }
    }

    fn answer_within(&mut self, limit: Duration) -> Answer {
        let answer = match self.answers.recv_timeout(limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.stuck.add(&self.reader, &self.work);
                Err(WireError::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(WireError::ServiceGone),
        };
        self.lost = answer.as_ref().err().copied();
        answer
    }
}

impl CardWire for PcscCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        if let Some(lost) = self.lost {
            return Err(lost);
        }
        // a thread that ended without a word has told why in its last answer, or not at all
        let _ended = self.requests.send(Request::Exchange(command.to_vec()));
        self.answer_within(self.patience.exchange)
    }
}

impl fmt::Debug for PcscCard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PcscCard")
            .field("reader", &self.reader)
            .field("lost", &self.lost)
            .finish_non_exhaustive()
    }
}
