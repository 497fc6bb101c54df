//! Putting the devices together: from settings to what is watched, what can be done, and who listens.

mod faces;
mod pcsc;

pub(super) use pcsc::{PcscHands, appeared};

use super::asked::BoxDevices;
use super::cards::Cards;
use super::ears::{RelayEar, ScannerEar, ScannerQuestion, line_sign, state_sign};
use super::faces::FacePlan;
use super::hands::{Hands, hub_port};
use super::hardware::Hardware;
use super::message::Mouth;
use super::runner::{Ears, Runner, Watched};
use super::scans::Scans;
use super::settings::{DeviceSettings, RebootWay, RelayPlace, ScannerPlace, UsbPlace};
use super::station::{Known, Station, moment};
use super::timetable::Timetable;
use super::words;
use crate::clock::Clock;
use crate::desk::RunningDesk;
use crate::lookout::Lookout;
use anyhow::Context;
use domain::text::Text;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceKind, DeviceName, GuideBook, HealthSettings, ModelCode};
use drivers::power::{PowerState, PowerSwitch};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, watch};

impl BoxDevices {
    /// Starts watching. `None` when the settings name nothing and the caller brings nothing along.
    pub fn start(
        settings: DeviceSettings,
        hardware: Hardware,
        desk: &RunningDesk,
        lookout: Arc<Lookout>,
        has_terminal: bool,
    ) -> anyhow::Result<Option<BoxDevices>> {
        if settings.is_empty() && hardware.readers.is_empty() {
            return Ok(None);
        }
        let (timetable, guide) = (Timetable::new(&settings), guide(settings.guide.as_deref()));
        let station = desk.readers().read(|reading| Station::remembering(reading, timetable, guide));
        let station = station.context("what is known of the devices cannot be read")?;
        let mut setting_up = SettingUp::new(Arc::new(settings), desk, station, &hardware);
        setting_up.faces();
        setting_up.given(&hardware);
        setting_up.pcsc();
        setting_up.scanners();
        setting_up.relays();
        setting_up.terminal(has_terminal);
        Ok(Some(setting_up.run(hardware, desk.clone(), lookout)))
    }
}

/// What is put together so far.
struct SettingUp {
    settings: Arc<DeviceSettings>,
    clock: Clock,
    station: Station,
    /// steps for the whole box that this site has
    box_wide: Vec<HealingStep>,
    mouth: Mouth,
    messages: tokio::sync::mpsc::Receiver<super::message::Message>,
    changes: Arc<watch::Sender<u64>>,
    scans: Arc<Scans>,
    boards: Arc<Mutex<()>>,
    usb_tree: PathBuf,
    ears: Ears,
    watched: Watched,
    face_plan: FacePlan,
    cards: Cards,
}

impl SettingUp {
    fn new(settings: Arc<DeviceSettings>, desk: &RunningDesk, station: Station, hardware: &Hardware) -> SettingUp {
        let (clock, recognition) = (desk.clock().clone(), desk.card_recognition().clone());
        let (mouth, messages) = Mouth::new();
        let changes = Arc::new(watch::channel(0).0);
        let scans = Arc::new(Scans::new(clock.clone(), changes.clone()));
        let mut box_wide = Vec::new();
        if settings.service_unit().is_some() {
            box_wide.push(HealingStep::RestartService);
        }
        if settings.reboot != RebootWay::Never || hardware.reboots_without_settings {
            box_wide.push(HealingStep::Reboot);
        }
        SettingUp {
            settings,
            clock,
            station,
            box_wide,
            mouth,
            messages,
            changes,
            scans,
            boards: Arc::default(),
            usb_tree: hardware.usb_tree.clone(),
            ears: Ears::default(),
            watched: Watched::default(),
            face_plan: FacePlan::default(),
            cards: Cards::new(recognition),
        }
    }

    fn given(&mut self, hardware: &Hardware) {
        for given in &hardware.readers {
            let port = given.port.clone();
            let ask = move || super::ears::last_sign(&port.status());
            let hands = given.hands.clone().asking(ask);
            let reads_cards = given.cards.is_some();
            let known = Known { hands, reads_cards, ..known(given.port.name(), DeviceKind::CardReader) };
            given.cards.iter().for_each(|door| self.cards.of_given(known.name.clone(), door.clone()));
            self.watch(known, self.health(DeviceKind::CardReader));
        }
    }

    fn scanners(&mut self) {
        let settings = self.settings.clone();
        for place in &settings.scanners {
            let (reopen, last) = (Arc::new(Notify::new()), Arc::new(watch::channel(None).0));
            let (reopening, asked) = (reopen.clone(), last.clone());
            let question: ScannerQuestion = Arc::default();
            let question_of = question.clone();
            let relay = settings.relay_of(&place.name).map(|place| &place.relay);
            let hands = Hands::default()
                .with(HealingStep::Reopen, move || {
                    reopening.notify_one();
                    Ok(())
                })
                .asking(move || line_sign(&question_of).or(*asked.borrow()))
                .proving(Text::new("線が開いていて、設定どおりです", "its line is open and stands as set"))
                .with_usb(place.usb.as_ref(), &self.usb_tree)
                .with_relay(relay, &self.boards);
            give_power_back(place.usb.as_ref(), &self.usb_tree);
            let usual = known(&place.name, DeviceKind::Scanner);
            let known = Known { title: title(place), model: place.model.clone(), hands, ..usual };
            self.watch(known, self.health(DeviceKind::Scanner));
            let (clock, mouth, scans) = (drivers_clock(&self.clock), self.mouth.clone(), self.scans.clone());
            self.ears.scanners.push(ScannerEar { place: place.clone(), clock, mouth, scans, last, reopen, question });
        }
    }

    fn relays(&mut self) {
        let settings = self.settings.clone();
        for RelayPlace { name, relay, .. } in &settings.relays {
            let (asked, boards) = (relay.clone(), self.boards.clone());
            let hands = Hands::default()
                .asking(move || Some(state_sign(&asked, &boards)))
                .proving(Text::new(
                    "線が開き、設定を受け付けました（切り替えはしていません）",
                    "its line opens and takes the settings; nothing was switched",
                ))
                // a board is opened for every command: asking it, which follows, is opening it anew
                .with(HealingStep::Reopen, || Ok(()));
            self.watch(Known { hands, ..known(name, DeviceKind::Relay) }, self.health(DeviceKind::Relay));
            let (mouth, boards) = (self.mouth.clone(), self.boards.clone());
            self.ears.relays.push(RelayEar { name: name.clone(), relay: relay.clone(), mouth, boards });
        }
    }

    fn terminal(&mut self, has_terminal: bool) {
        if has_terminal {
            let terminal = reserved(DeviceSettings::RESERVED[1]);
            self.watch(known(&terminal, DeviceKind::Terminal), self.health(DeviceKind::Terminal));
            self.watched.terminal = Some(terminal);
        }
    }

    fn run(self, hardware: Hardware, desk: RunningDesk, lookout: Arc<Lookout>) -> BoxDevices {
        let station = Arc::new(Mutex::new(self.station));
        let face = self.face_plan.ear(&self.mouth);
        let devices = BoxDevices {
            station: station.clone(),
            scans: self.scans.clone(),
            mouth: self.mouth.clone(),
            cards: self.cards,
            recognition: desk.card_recognition().clone(),
            clock: self.clock,
            changes: self.changes.clone(),
            has_hours: self.settings.hours.is_some(),
            face,
        };
        let runner = Runner {
            desk,
            lookout,
            settings: self.settings,
            hardware,
            station,
            scans: self.scans,
            mouth: self.mouth,
            messages: self.messages,
            changes: self.changes,
            ears: self.ears,
            watched: self.watched,
            faces: self.face_plan.expected,
        };
        tokio::spawn(runner.run());
        devices
    }

    fn watch(&mut self, known: Known, settings: HealthSettings) {
        self.station.watch(known, settings, &self.box_wide, moment(self.clock.now()));
    }

    fn health(&self, kind: DeviceKind) -> HealthSettings {
        let utc_offset_ms = self.settings.zone.utc_offset_ms(self.clock.now());
        HealthSettings { utc_offset_ms, ..HealthSettings::of(kind) }
    }
}

fn known(name: &DeviceName, kind: DeviceKind) -> Known {
    Known {
        name: name.clone(),
        kind,
        title: words::text(kind.name()),
        model: ModelCode::new(ModelCode::GENERAL),
        required: true,
        reads_cards: false,
        hands: Hands::default(),
    }
}

fn title(place: &ScannerPlace) -> Text {
    let kind = DeviceKind::Scanner.name();
    match &place.counter {
        Some(counter) => Text::new(format!("{}（{counter}）", kind.ja), format!("{} ({counter})", kind.en)),
        None => words::text(kind),
    }
}

fn reserved(name: &str) -> DeviceName {
    DeviceName::parse(name).expect("a name in the program is a good one")
}

/// The one clock, for `drivers`.
fn drivers_clock(clock: &Clock) -> drivers::Clock {
    let clock = clock.clone();
    drivers::Clock::new(move || moment(clock.now()))
}

/// A crash between off and on must not leave a device dark (`prescription-code-and-relays §2.4`). Only a file is read and written.
fn give_power_back(place: Option<&UsbPlace>, tree: &Path) {
    let Some(place) = place else { return };
    let mut port = hub_port(place, tree);
    if port.state() == Ok(PowerState::Off) && port.on().is_err() {
        tracing::error!(usb = %place.device, "the power of a USB port could not be given back");
    }
}

/// The guides in use, with the site's own in their place where there are any.
fn guide(path: Option<&Path>) -> GuideBook {
    let built_in = GuideBook::built_in();
    let Some(path) = path else { return built_in };
    match std::fs::read_to_string(path) {
        Ok(text) => match GuideBook::parse(&text) {
            Ok(site) => return built_in.replaced_by(site),
            Err(refused) => tracing::warn!(path = %path.display(), "{refused}"),
        },
        Err(error) => tracing::warn!(path = %path.display(), "the guide file cannot be read: {}", error.kind()),
    }
    built_in
}
