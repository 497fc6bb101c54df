//! The reader of the demonstration: simulated inside this program, or virtual behind a real reader service.

use super::DemoSettings;
use super::dealt::Dealt;
use super::simulated_reader::SimulatedReader;
use super::virtual_reader::VirtualReader;
use crate::clock::Clock;
use crate::lookout::Lookout;
use anyhow::Context;
use drivers::pcsc::{OwnHolds, PcscReader, PcscWatch};
use drivers::{ConcernedPart, Heard, Moment, ReaderEvent, ReaderPort, ReaderState, Subscription};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sync::simulator::{CardMethod, Person};

/// After so long the person takes the card out of the reader again.
const TAKEN_BACK_AFTER: Duration = Duration::from_secs(60);

/// The reader with its knobs.
pub enum PracticeReader {
    /// In this program, with the day its cards count from.
    Simulated(SimulatedReader, jiff::civil::Date),
    /// Behind a real reader service.
    Virtual(Arc<VirtualCounter>),
}

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
        let port = reader.port();
        let subscription = ReaderPort::subscribe(&*port);
        tokio::spawn(watch_reader(port, subscription, lookout));
        Ok(PracticeReader::Simulated(reader, today(&clock)))
    }

    /// Whether the reader hangs; `None` for one that cannot be made to.
    pub fn hangs(&self) -> Option<bool> {
        match self {
            PracticeReader::Simulated(reader, _) => Some(reader.hangs()),
            PracticeReader::Virtual(_) => None,
        }
    }

    /// Makes the reader hang, until something helps it.
    pub fn hang(&self, hangs: bool) {
        let PracticeReader::Simulated(reader, _) = self else { return };
        if hangs {
            let _an_unplugged_one_cannot = reader.knobs.hang();
        } else {
            reader.knobs.recover();
        }
    }

    /// Plugs the reader in, or cuts it off: a virtual one loses its service.
    pub fn set_up(&self, up: bool) {
        match self {
            PracticeReader::Simulated(reader, _) => {
                if up {
                    reader.knobs.plug();
                } else {
                    reader.knobs.unplug();
                }
            }
            PracticeReader::Virtual(counter) => counter.give(if up { "service start" } else { "service stop" }),
        }
    }

    /// Lays somebody's card on the reader, where it stays for a while, to be read.
    pub fn lay_down(&self, person: &Person, method: CardMethod) {
        let dealt = Dealt::card_of(person, method);
        match self {
            PracticeReader::Simulated(reader, today) => {
                let Some(card) = reader.lay_down(&person.key, &dealt, *today) else { return };
                let reader = reader.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(TAKEN_BACK_AFTER).await;
                    reader.take_back(card);
                });
            }
            PracticeReader::Virtual(counter) => lay_down(counter, &dealt),
        }
    }

    /// 照合番号B of somebody's card.
    pub fn surface_code(&self, person: &Person) -> Option<String> {
        let today = match self {
            PracticeReader::Simulated(_, today) => *today,
            PracticeReader::Virtual(counter) => counter.today,
        };
        let order = Dealt::card_of(person, CardMethod::Face).order(today)?;
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
    let today = today(&clock);
    let watch = PcscWatch::start(drivers_clock(clock), OwnHolds::default()).context("no thread for the reader")?;
    tokio::spawn(watch_service(watch, lookout));
    let counter = VirtualCounter { reader: Mutex::new(reader), today, cards: AtomicU64::new(0) };
    Ok(PracticeReader::Virtual(Arc::new(counter)))
}

fn today(clock: &Clock) -> jiff::civil::Date {
    let today = clock.now().date_in_japan();
    jiff::civil::date(today.year(), today.month().cast_signed(), today.day().cast_signed())
}

pub(super) fn drivers_clock(clock: Clock) -> drivers::Clock {
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
    use crate::demo::simulated_reader::SIMULATED;
    use crate::devices::Hardware;
    use crate::reception::Reception;
    use sync::simulator::Population;
    use web::port::{CardQuestion, Desk, DeviceItem, DeviceLamp, Devices};

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

    /// A reception whose one reader is simulated.
    fn with_simulated_reader(data: &std::path::Path) -> (Reception, PracticeReader) {
        let clock = Clock::wall();
        let config = Config::parse(SITE).unwrap();
        let simulated = SimulatedReader::new(&clock).unwrap();
        let real = Hardware::real(&config.devices, data);
        let hardware = Hardware { readers: vec![simulated.given()], ..real };
        let reception = Reception::start_with(config, data, clock.clone(), hardware).unwrap();
        (reception, PracticeReader::Simulated(simulated, today(&clock)))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_reader_of_the_demonstration_is_a_device_that_fails_and_is_healed() {
        let data = tempfile::tempdir().unwrap();
        let (reception, reader) = with_simulated_reader(data.path());
        let devices = reception.desk.devices().unwrap();
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

    #[tokio::test(flavor = "multi_thread")]
    async fn the_card_that_lies_in_the_reader_of_the_demonstration_is_really_read() {
        let data = tempfile::tempdir().unwrap();
        let (reception, reader) = with_simulated_reader(data.path());
        let devices = reception.desk.devices().unwrap();
        until(&devices, "ready", |item| item.lamp == DeviceLamp::Good && item.reads_cards).await;
        let question = |surface_code| CardQuestion {
            device: SIMULATED.to_owned(),
            surface_code,
            last_try_confirmed: false,
            recognise: false,
        };
        assert!(devices.read_card(question(None)).await.is_err(), "no card lies there");

        let population = Population::generate(7, 200, reception.desk.today());
        let person = population.cast().iter().find(|person| reader.surface_code(person).is_some()).unwrap();
        reader.lay_down(person, CardMethod::Face);
        let said = devices.read_card(question(None)).await.unwrap();
        assert!(said.is_test && said.certificate_expiry.is_some() && said.person.is_none());
        let said = devices.read_card(question(reader.surface_code(person))).await.unwrap();
        let on_card = said.person.unwrap();
        assert_eq!(on_card.name.as_deref(), Some(person.face.name.as_str()));
        assert_eq!(on_card.birth_date, Some(person.face.birth_date));
        let wrong = devices.read_card(question(Some("39101020291234".to_owned()))).await;
        assert!(wrong.is_ok_and(|said| said.person.is_none()), "a wrong number is refused by the chip itself");
        assert!(devices.read_card(question(None)).await.unwrap().tries_left < Some(10), "and counted");

        reader.hang(true);
        assert!(devices.read_card(question(None)).await.is_err(), "a reader that hangs reads nothing");
        reception.desk.stop().await;
    }
}
