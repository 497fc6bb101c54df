//! Listening to the system's reader service and its readers.

use super::reader::{follow, last_sign};
use crate::devices::message::{Message, Mouth};
use crate::devices::settings::ReaderPlace;
use drivers::card::WireError;
use drivers::health::{DeviceFault, DeviceName, Sign};
use drivers::pcsc::{OwnHolds, PcscCards, PcscReader, PcscService, PcscWatch};
use drivers::{Clock, ReaderFault, ReaderName, ReaderPort};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Which reader of the service is which device, for whoever wants to work with its card.
#[derive(Clone, Debug, Default)]
pub(in crate::devices) struct PcscBook(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    places: Vec<ReaderPlace>,
    readers: BTreeMap<DeviceName, PcscReader>,
    service: Option<PcscService>,
}

impl PcscBook {
    pub(in crate::devices) fn new(places: Vec<ReaderPlace>) -> PcscBook {
        PcscBook(Arc::new(Mutex::new(Book { places, ..Book::default() })))
    }

    /// The service's own name of a device's reader.
    pub(in crate::devices) fn system_name(&self, device: &DeviceName) -> Option<ReaderName> {
        self.book().readers.get(device).map(|reader| reader.name().clone())
    }

    /// Whether the reader of a device works: asked anew. What is wrong with its card, only the watch sees; and what was never there
    /// cannot be asked.
    pub(in crate::devices) fn ask(&self, device: &DeviceName, cards: &PcscCards) -> Option<Sign> {
        let (reader, known) = {
            let book = self.book();
            let reader = book.readers.get(device)?;
            (reader.name().clone(), last_sign(&reader.status()))
        };
        let of_card = |sign: &Sign| matches!(sign, Sign::Faulted { fault } if is_of_card(fault));
        if known.as_ref().is_some_and(of_card) {
            return known;
        }
        match cards.probe(&reader) {
            Ok(()) | Err(WireError::Busy | WireError::CardGone) => Some(Sign::Answering),
            Err(WireError::ReaderGone) => Some(Sign::Detached),
            Err(WireError::ServiceGone) => Some(fault(ReaderFault::ServiceGone)),
            Err(WireError::TimedOut) => Some(fault(ReaderFault::NotAnswering)),
        }
    }

    /// Where the service stands.
    pub(in crate::devices) fn ask_service(&self) -> Option<Sign> {
        self.book().service.as_ref().and_then(service_sign)
    }

    /// The device of a reader: the place whose name its own begins with and that no other reader has taken, else the reader itself.
    fn enter(&self, reader: &PcscReader) -> DeviceName {
        let mut book = self.book();
        let own = reader.name();
        let has_other = |place: &ReaderPlace| {
            book.readers.get(&place.name).is_some_and(|known| known.name() != own && is_there(known))
        };
        let place = book.places.iter().find(|place| own.as_str().starts_with(&place.system_name) && !has_other(place));
        let device = place.map_or_else(|| own.clone(), |place| place.name.clone());
        book.readers.insert(device.clone(), reader.clone());
        device
    }

    fn service_is(&self, service: PcscService) {
        self.book().service = Some(service);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // every change is one insertion, so a panic of another holder leaves it whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ear.
pub(in crate::devices) struct PcscEar {
    pub clock: Clock,
    pub holds: OwnHolds,
    pub mouth: Mouth,
    pub book: PcscBook,
    /// the device that stands for the service
    pub service: DeviceName,
    /// asked for by the healing step "reopen"
    pub reopen: Arc<Notify>,
}

/// Between two looks at the heartbeat.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Before trying again when the system gave no thread.
const NO_THREAD: Duration = Duration::from_secs(5);

impl PcscEar {
    /// Listens for ever.
    pub(in crate::devices) async fn run(self) {
        loop {
            match PcscWatch::start(self.clock.clone(), self.holds.clone()) {
                Ok(watch) => {
                    self.listen(&watch).await;
                    // ending waits for a service that may hang
                    let _ended = tokio::task::spawn_blocking(move || watch.stop()).await;
                }
                Err(_) => {
                    self.service(fault(ReaderFault::CannotOpen)).await;
                    tokio::time::sleep(NO_THREAD).await;
                }
            }
        }
    }

    /// Listens until the watch is to be opened anew.
    async fn listen(&self, watch: &PcscWatch) {
        let (mut readers, mut service, mut heartbeat) = (watch.readers(), watch.service(), watch.heartbeat());
        let mut followed = Followed::default();
        let (mut last_beat, mut silent) = (Instant::now(), false);
        let mut look = tokio::time::interval(LOOK_EVERY);
        readers.mark_changed();
        service.mark_changed();
        loop {
            tokio::select! {
                Ok(()) = readers.changed() => {
                    let listed = readers.borrow_and_update().clone();
                    self.follow_new(listed, &mut followed).await;
                }
                Ok(()) = service.changed() => {
                    let now = *service.borrow_and_update();
                    self.book.service_is(now);
                    if let Some(sign) = service_sign(&now) {
                        self.service(sign).await;
                    }
                }
                _ = look.tick() => {
                    if heartbeat.has_changed().unwrap_or(false) {
                        heartbeat.mark_unchanged();
                        last_beat = Instant::now();
                    }
                    let overdue = last_beat.elapsed() > PcscWatch::OVERDUE;
                    if overdue != silent {
                        silent = overdue;
                        let now = *service.borrow();
                        self.tell_beat(overdue, &now).await;
                    }
                }
                () = self.reopen.notified() => return,
            }
        }
    }

    async fn tell_beat(&self, overdue: bool, service: &PcscService) {
        let sign = if overdue { Some(fault(ReaderFault::NotAnswering)) } else { service_sign(service) };
        if let Some(sign) = sign {
            self.service(sign).await;
        }
    }

    async fn follow_new(&self, listed: Vec<PcscReader>, followed: &mut Followed) {
        for reader in listed {
            if followed.names.contains(reader.name()) {
                continue;
            }
            followed.names.push(reader.name().clone());
            let device = self.book.enter(&reader);
            if device == *reader.name() {
                self.mouth.tell(Message::Appeared(device.clone())).await;
            }
            followed.tasks.spawn(follow(Arc::new(reader), device, self.mouth.clone()));
        }
    }

    async fn service(&self, sign: Sign) {
        self.mouth.heard(&self.service, sign).await;
    }
}

/// The readers of one watch that are listened to; dropping it ends the listening.
#[derive(Default)]
struct Followed {
    names: Vec<ReaderName>,
    tasks: JoinSet<()>,
}

fn is_there(reader: &PcscReader) -> bool {
    !matches!(reader.status().state, drivers::ReaderState::Absent { .. })
}

/// The card, or another program that holds it.
fn is_of_card(fault: &DeviceFault) -> bool {
    matches!(fault, DeviceFault::Reader(ReaderFault::CardMute | ReaderFault::CardPulled | ReaderFault::HeldByAnother))
}

fn fault(fault: ReaderFault) -> Sign {
    Sign::Faulted { fault: DeviceFault::Reader(fault) }
}

fn service_sign(service: &PcscService) -> Option<Sign> {
    match service {
        PcscService::Starting { .. } => None,
        PcscService::Absent { .. } => Some(fault(ReaderFault::ServiceGone)),
        PcscService::Present { .. } => Some(Sign::Answering),
    }
}
