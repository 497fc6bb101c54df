//! Whole work with a card on one thread: no command waits for a change of threads.
//!
//! Whoever asked waits for the result with a deadline that moves on with every command, and may give up. From then on the
//! work hears that the card gives no answer, so that nothing more is sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pcsc::{Card, MAX_BUFFER_SIZE_EXTENDED};

use super::worker::{disconnect, exchange, open};
use super::{AfterUse, Work};
use crate::card::{CardWire, WireError};
use crate::pcsc::cards::{Share, StuckWork};
use crate::pcsc::holds::Hold;
use crate::pcsc::patience::Patience;
use crate::pcsc::stop::Stop;
use crate::reader::ReaderName;

/// Why whole work has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkBroken {
    /// What happened to the wire.
    pub wire: WireError,
    /// Something secret was being presented when the card stopped answering: whether it was counted is unknown.
    pub while_presenting: bool,
}

/// Where and how to work.
pub(in crate::pcsc) struct WholeWork {
    pub(in crate::pcsc) reader: ReaderName,
    pub(in crate::pcsc) share: Share,
    pub(in crate::pcsc) after_use: AfterUse,
    pub(in crate::pcsc) patience: Patience,
    pub(in crate::pcsc) stuck: StuckWork,
}

/// What the two threads know of each other.
struct Progress {
    /// The moment by which the card must have answered.
    deadline: Mutex<Instant>,
    presenting: AtomicBool,
    given_up: Stop,
}

/// The wire for the thread that holds the card.
struct HeldCard<'a> {
    card: &'a Card,
    buffer: Vec<u8>,
    limit: Duration,
    progress: &'a Progress,
    /// After the first error there is nothing more to be had from this card.
    lost: Option<WireError>,
}

/// Connects, works, releases, and ends the hold.
pub(in crate::pcsc) fn whole<T: Send + 'static>(
    place: WholeWork,
    hold: Hold,
    work: impl FnOnce(&mut dyn CardWire) -> T + Send + 'static,
) -> Result<T, WorkBroken> {
    let progress = Arc::new(Progress::until(place.patience.connect));
    let alive = Arc::new(());
    let still_working = Work(Arc::downgrade(&alive));
    let (reader, stuck) = (place.reader.clone(), place.stuck.clone());
    let (result, results) = sync_channel(1);
    let theirs = Arc::clone(&progress);
    let body = move || {
        let outcome = carry_out(&place, &theirs, work);
        drop((hold, alive));
        // whoever asked may have given up meanwhile
        let _nobody_listens = result.send(outcome);
    };
    let broken = |wire| WorkBroken { wire, while_presenting: false };
    // without a thread there is no card work now, as if the reader had no time for us
    std::thread::Builder::new().name("pcsc-card".to_owned()).spawn(body).map_err(|_| broken(WireError::Busy))?;
    progress.wait_for(&results).map_or_else(
        || {
            stuck.add(&reader, &still_working);
            Err(WorkBroken { while_presenting: progress.presenting(), ..broken(WireError::TimedOut) })
        },
        |outcome| outcome.map_err(broken),
    )
}

fn carry_out<T>(
    place: &WholeWork,
    progress: &Progress,
    work: impl FnOnce(&mut dyn CardWire) -> T,
) -> Result<T, WireError> {
    let card = open(&place.reader, place.share, place.patience.busy, || progress.pause())?;
    let limit = place.patience.exchange;
    let buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
    let result = work(&mut HeldCard { card: &card, buffer, limit, progress, lost: None });
    progress.allow(limit);
    disconnect(card, place.after_use);
    Ok(result)
}

impl CardWire for HeldCard<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        if let Some(lost) = self.lost {
            return Err(lost);
        }
        let answer = self.progress.watched(self.limit, command, || exchange(self.card, command, &mut self.buffer));
        self.lost = answer.as_ref().err().copied();
        answer
    }
}

impl Progress {
    fn until(limit: Duration) -> Self {
        let deadline = Mutex::new(Instant::now() + limit);
        Self { deadline, presenting: AtomicBool::new(false), given_up: Stop::default() }
    }

    /// One command, unless the work was given up before or meanwhile.
    fn watched(
        &self,
        limit: Duration,
        command: &[u8],
        exchange: impl FnOnce() -> Result<Vec<u8>, WireError>,
    ) -> Result<Vec<u8>, WireError> {
        self.allow(limit);
        self.presenting.store(presents_something(command), Ordering::SeqCst);
        let answer = if self.given_up.is_asked() { Err(WireError::TimedOut) } else { exchange() };
        if self.given_up.is_asked() {
            return Err(WireError::TimedOut);
        }
        self.presenting.store(false, Ordering::SeqCst);
        answer
    }

    /// The next answer may take so long.
    fn allow(&self, limit: Duration) {
        *self.deadline() = Instant::now() + limit;
    }

    /// A pause that ends when nobody waits for this card any longer.
    fn pause(&self) -> Result<(), WireError> {
        self.given_up.pause(Patience::BUSY_STEP);
        if self.given_up.is_asked() { Err(WireError::Busy) } else { Ok(()) }
    }

    fn presenting(&self) -> bool {
        self.presenting.load(Ordering::SeqCst)
    }

    /// Waits for the result as long as the card answers; nothing when it is given up.
    fn wait_for<T>(&self, results: &Receiver<Result<T, WireError>>) -> Option<Result<T, WireError>> {
        loop {
            let left = self.deadline().saturating_duration_since(Instant::now());
            match results.recv_timeout(left) {
                Ok(outcome) => return Some(outcome),
                Err(RecvTimeoutError::Disconnected) => return Some(Err(WireError::ServiceGone)),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    self.given_up.ask();
                    return None;
                }
                // the deadline may have moved on meanwhile
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn deadline(&self) -> MutexGuard<'_, Instant> {
        // an instant is replaced in one step, so a panic of another holder leaves it whole
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// VERIFY with something in it.
fn presents_something(command: &[u8]) -> bool {
    const VERIFY: u8 = 0x20;
    command.get(1) == Some(&VERIFY) && command.len() > 5
}
