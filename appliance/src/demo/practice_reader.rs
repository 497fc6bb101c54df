//! The reader of the demonstration: simulated inside this program, or virtual behind a real reader service.

use super::DemoSettings;
use super::dealt::Dealt;
use super::virtual_reader::VirtualReader;
use crate::clock::Clock;
use crate::devices::{GivenReader, Hands};
use crate::lookout::Lookout;
use anyhow::Context;
use drivers::health::healing::HealingStep;
use drivers::pcsc::{OwnHolds, PcscReader, PcscWatch};
use drivers::{
    CardLabel, ConcernedPart, Heard, Moment, ReaderEvent, ReaderName, ReaderPort, ReaderState, SimReader,
    SimReaderHandle, Subscription,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sync::simulator::{CardMethod, Person};

/// After so long the person takes the card out of the virtual reader again.
const TAKEN_BACK_AFTER: Duration = Duration::from_secs(60);

/// The reader with its knobs.
pub enum PracticeReader {
    /// In this program.
    Simulated(SimulatedReader),
    /// Behind a real reader service.
    Virtual(Arc<VirtualCounter>),
}

/// The reader inside this program, watched and healed like a clinic's.
#[derive(Clone)]
pub struct SimulatedReader {
    port: Arc<SimReader>,
    knobs: SimReaderHandle,
}

impl SimulatedReader {
    /// A reader that is plugged in.
    pub fn new(clock: &Clock) -> anyhow::Result<SimulatedReader> {
        let name = ReaderName::parse(SIMULATED).context("name")?;
        let (reader, knobs) = SimReader::new(name, drivers_clock(clock.clone()));
        knobs.plug();
        Ok(SimulatedReader { port: Arc::new(reader), knobs })
    }

    /// For the devices page. Opening it anew, or resetting it, is what helps a reader that hangs.
    pub fn given(&self) -> GivenReader {
        let cure = |knobs: SimReaderHandle| {
            move || {
                knobs.recover();
                Ok(())
            }
        };
        let hands = Hands::default()
            .with(HealingStep::Reopen, cure(self.knobs.clone()))
            .with(HealingStep::Reset, cure(self.knobs.clone()));
        GivenReader { port: self.port.clone(), hands }
    }

    fn hangs(&self) -> bool {
        matches!(ReaderPort::status(&*self.port).state, ReaderState::Faulted { .. })
    }
}

/// Its name among the devices.
const SIMULATED: &str = "練習用リーダー";

/// The virtual reader on the counter.
pub struct VirtualCounter {
    reader: Mutex<VirtualReader>,
    /// The day the cards count from.
    today: jiff::civil::Date,
    /// How many cards were laid down.
    cards: AtomicU64,
}

impl PracticeReader {
    /// Starts the virtual reader, or takes the simulated one, and tells the lookout what it does.
    pub fn start(
        simulated: Option<SimulatedReader>,
        settings: &DemoSettings,
        lookout: Arc<Lookout>,
        clock: Clock,
    ) -> anyhow::Result<PracticeReader> {
        let Some(reader) = simulated else { return start_virtual(settings, lookout, clock) };
        tokio::spawn(watch_reader(reader.port.clone(), ReaderPort::subscribe(&*reader.port), lookout));
        Ok(PracticeReader::Simulated(reader))
    }

    /// Whether the reader hangs; `None` for one that cannot be made to.
    pub fn hangs(&self) -> Option<bool> {
        match self {
            PracticeReader::Simulated(reader) => Some(reader.hangs()),
            PracticeReader::Virtual(_) => None,
        }
    }

    /// Makes the reader hang, until something helps it.
    pub fn hang(&self, hangs: bool) {
        let PracticeReader::Simulated(reader) = self else { return };
        if hangs {
            let _an_unplugged_one_cannot = reader.knobs.hang();
        } else {
            reader.knobs.recover();
        }
    }

    /// Plugs the reader in, or cuts it off: a virtual one loses its service.
    pub fn set_up(&self, up: bool) {
        match self {
            PracticeReader::Simulated(reader) => {
                if up {
                    reader.knobs.plug();
                } else {
                    reader.knobs.unplug();
                }
            }
            PracticeReader::Virtual(counter) => counter.give(if up { "service start" } else { "service stop" }),
        }
    }

    /// Lays somebody's card on the reader.
    pub fn lay_down(&self, person: &Person, method: CardMethod) {
        match self {
            PracticeReader::Simulated(reader) => {
                if let Ok(label) = CardLabel::parse(&person.key) {
                    let _the_terminal_says_why_not = reader.knobs.insert_card(label);
                }
            }
            PracticeReader::Virtual(counter) => lay_down(counter, &Dealt::card_of(person, method)),
        }
    }

    /// The terminal has read the card: a simulated one is taken back at once, a virtual one stays for this box to read.
    pub fn read(&self) {
        if let PracticeReader::Simulated(reader) = self {
            let _was_not_inserted = reader.knobs.remove_card();
        }
    }

    /// 照合番号B of somebody's card, where this reader could read it.
    pub fn surface_code(&self, person: &Person) -> Option<String> {
        let PracticeReader::Virtual(counter) = self else { return None };
        let order = Dealt::card_of(person, CardMethod::Face).order(counter.today)?;
        person.card.owned.then(|| order.printed().surface_code())
    }
}

impl VirtualCounter {
    fn give(&self, order: &str) {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.give(order).is_err() {
            tracing::warn!("the virtual reader has ended; start the demonstration again to have it back");
        }
    }
}

fn lay_down(counter: &Arc<VirtualCounter>, dealt: &Dealt) {
    let Ok(json) = serde_json::to_string(dealt) else { return };
    counter.give(&format!("deal {json}"));
    let this_card = counter.cards.fetch_add(1, Ordering::SeqCst) + 1;
    let counter = counter.clone();
    tokio::spawn(async move {
        tokio::time::sleep(TAKEN_BACK_AFTER).await;
        if counter.cards.load(Ordering::SeqCst) == this_card {
            counter.give("pull");
        }
    });
}

fn start_virtual(settings: &DemoSettings, lookout: Arc<Lookout>, clock: Clock) -> anyhow::Result<PracticeReader> {
    let program = std::env::current_exe().context("the program does not find itself")?;
    let reader = VirtualReader::start(&program, &settings.reader_folder(), &["--out"])?;
    let today = clock.now().date_in_japan();
    let today = jiff::civil::date(today.year(), today.month().cast_signed(), today.day().cast_signed());
    let watch = PcscWatch::start(drivers_clock(clock), OwnHolds::default()).context("no thread for the reader")?;
    tokio::spawn(watch_service(watch, lookout));
    let counter = VirtualCounter { reader: Mutex::new(reader), today, cards: AtomicU64::new(0) };
    Ok(PracticeReader::Virtual(Arc::new(counter)))
}

fn drivers_clock(clock: Clock) -> drivers::Clock {
    drivers::Clock::new(move || Moment(clock.now().as_ms().max(0).unsigned_abs()))
}

/// Intake of the first reader the service shows.
async fn watch_service(watch: PcscWatch, lookout: Arc<Lookout>) {
    let mut readers = watch.readers();
    let Ok(first) = readers.wait_for(|readers| !readers.is_empty()).await.map(|readers| readers[0].clone()) else {
        return;
    };
    let subscription = PcscReader::subscribe(&first);
    let is_there = !matches!(subscription.start().state, ReaderState::Absent { .. });
    lookout.note(|signals| signals.reader_works = Some(is_there)).await;
    watch_reader(watch, subscription, lookout).await;
}

/// Intake of reader events: hardware's words become the state of a link.
async fn watch_reader<Reader>(_kept_alive: Reader, mut subscription: Subscription, lookout: Arc<Lookout>) {
    loop {
        let works = match subscription.next().await {
            Heard::Event(observation) => match observation.event {
                ReaderEvent::Attached | ReaderEvent::Recovered => Some(true),
                ReaderEvent::Detached => Some(false),
                ReaderEvent::Faulted { fault } => (fault.concerns() != ConcernedPart::Card).then_some(false),
                ReaderEvent::CardInserted(_) | ReaderEvent::CardRemoved => None,
            },
            Heard::Missed { .. } => None,
            Heard::Closed => return,
        };
        if works.is_some() {
            lookout.note(|signals| signals.reader_works = works).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Config;
    use crate::devices::Hardware;
    use crate::reception::Reception;
    use web::port::{Desk, DeviceItem, DeviceLamp, Devices};

    const SITE: &str = "[site]\nname = '見本'\nkind = 'clinic'\ninstitution_code = '1319999999'\n";

    async fn until(devices: &Arc<dyn Devices>, what: &str, fits: impl Fn(&DeviceItem) -> bool) -> DeviceItem {
        let mut changes = devices.changes();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                if let Some(item) = devices.view().devices.into_iter().find(&fits) {
                    return item;
                }
                changes.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("never came: {what}"))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_reader_of_the_demonstration_is_a_device_that_fails_and_is_healed() {
        let data = tempfile::tempdir().unwrap();
        let clock = Clock::wall();
        let config = Config::parse(SITE).unwrap();
        let simulated = SimulatedReader::new(&clock).unwrap();
        let real = Hardware::real(&config.devices, data.path());
        let hardware = Hardware { readers: vec![simulated.given()], ..real };
        let reception = Reception::start_with(config, data.path(), clock.clone(), hardware).unwrap();
        let devices = reception.desk.devices().unwrap();
        let reader = PracticeReader::Simulated(simulated);
        let ready = until(&devices, "ready", |item| item.lamp == DeviceLamp::Good).await;
        assert_eq!(ready.device, SIMULATED);
        assert!(ready.steps.iter().any(|step| step.step == "reopen" && step.available));

        reader.hang(true);
        until(&devices, "the fault", |item| item.lamp != DeviceLamp::Good).await;
        let helped = |item: &DeviceItem| item.steps.iter().any(|step| step.helped > 0);
        let healed = until(&devices, "healed", |item| item.lamp == DeviceLamp::Good && helped(item)).await;
        assert!(healed.history.len() > 1 && reader.hangs() == Some(false));

        reader.set_up(false);
        until(&devices, "unplugged", |item| item.lamp == DeviceLamp::Bad).await;
        reader.set_up(true);
        until(&devices, "plugged in", |item| item.lamp == DeviceLamp::Good).await;
        reception.desk.stop().await;
    }
}
