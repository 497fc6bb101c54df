//! Listening to one scanner: how it stands, and what it scanned.

use super::reader::signs_of;
use crate::devices::message::Mouth;
use crate::devices::scans::Scans;
use crate::devices::settings::ScannerPlace;
use drivers::health::{DeviceFault, Sign};
use drivers::scanner::{HeardScan, LineQuestion, ScanSubscription, Scanner};
use drivers::{Clock, Heard, ReaderFault, ReaderPort};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The ear.
pub(in crate::devices) struct ScannerEar {
    pub place: ScannerPlace,
    pub clock: Clock,
    pub mouth: Mouth,
    pub scans: Arc<Scans>,
    /// how it stands, for whoever asks
    pub last: Arc<watch::Sender<Option<Sign>>>,
    /// asked for by the healing step "reopen"
    pub reopen: Arc<Notify>,
    /// the way to ask its line, while it is listened to
    pub question: ScannerQuestion,
}

/// The way to ask whatever thread listens at the moment.
pub(in crate::devices) type ScannerQuestion = Arc<Mutex<Option<LineQuestion>>>;

/// Asks the line of a scanner; `None` while nobody listens to it.
pub(in crate::devices) fn line_sign(question: &ScannerQuestion) -> Option<Sign> {
    let question = question.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
    Some(match question.ask()? {
        Ok(()) => Sign::Answering,
        Err(fault) => {
            fault.as_reader_fault().map_or(Sign::Detached, |fault| Sign::Faulted { fault: DeviceFault::Reader(fault) })
        }
    })
}

/// Before trying again when the system gave no thread.
const NO_THREAD: Duration = Duration::from_secs(5);

impl ScannerEar {
    /// Listens for ever.
    pub(in crate::devices) async fn run(self) {
        loop {
            match Scanner::start(self.place.name.clone(), self.place.settings(), self.clock.clone()) {
                Ok((scanner, scans)) => {
                    *self.question.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanner.question());
                    self.listen(&scanner, scans).await;
                    // the thread ends within half a second
                    let _ended = tokio::task::spawn_blocking(move || scanner.stop()).await;
                }
                Err(_) => {
                    self.tell(Sign::Faulted { fault: DeviceFault::Reader(ReaderFault::CannotOpen) }).await;
                    tokio::time::sleep(NO_THREAD).await;
                }
            }
        }
    }

    /// Listens until the line is to be opened anew.
    async fn listen(&self, scanner: &Scanner, mut scans: ScanSubscription) {
        let mut events = scanner.subscribe();
        for sign in signs_of(events.start()) {
            self.tell(sign).await;
        }
        loop {
            tokio::select! {
                heard = events.next() => match heard {
                    Heard::Event(seen) => self.tell(Sign::from(&seen.event)).await,
                    Heard::Missed(_) => {
                        events = scanner.subscribe();
                        for sign in signs_of(events.start()) {
                            self.tell(sign).await;
                        }
                    }
                    Heard::Closed => return,
                },
                heard = scans.next() => match heard {
                    HeardScan::Event(scanned) => {
                        if let Some(sign) = self.scans.take(&self.place.name, &scanned) {
                            self.mouth.heard(&self.place.name, sign).await;
                        }
                    }
                    HeardScan::Missed(_) => self.scans.missed(&self.place.name),
                    HeardScan::Closed => return,
                },
                () = self.reopen.notified() => return,
            }
        }
    }

    async fn tell(&self, sign: Sign) {
        self.last.send_replace(Some(sign));
        self.mouth.heard(&self.place.name, sign).await;
    }
}
