//! Putting the devices together: from settings to what is watched, what can be done, and who listens.

use super::asked::BoxDevices;
use super::cards::Cards;
use super::ears::{PcscBook, PcscEar, RelayEar, ScannerEar, state_sign};
use super::faces::FacePlan;
use super::hands::{Hands, NotDone, hub_port};
use super::hardware::Hardware;
use super::message::Mouth;
use super::runner::{Ears, Runner, Watched};
use super::scans::Scans;
use super::settings::{DeviceSettings, FaceSettings, RebootWay, RelayPlace, ScannerPlace, UsbPlace};
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
use drivers::pcsc::{AfterUse, OwnHolds, Patience, PcscCards, Share};
use drivers::power::{PowerState, PowerSwitch};
use drivers::{Moment, ReaderName};
use std::path::Path;
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
        let mut setting_up = SettingUp::new(Arc::new(settings), desk.clock().clone(), station, &hardware);
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
    ears: Ears,
    watched: Watched,
    face_plan: FacePlan,
    cards: Option<Cards>,
}

impl SettingUp {
    fn new(settings: Arc<DeviceSettings>, clock: Clock, station: Station, hardware: &Hardware) -> SettingUp {
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
            ears: Ears::default(),
            watched: Watched::default(),
            face_plan: FacePlan::default(),
            cards: None,
        }
    }

    fn faces(&mut self) {
        let settings = self.settings.clone();
        self.face_plan = FacePlan::of(&settings.faces, reserved(DeviceSettings::RESERVED[2]));
        let FacePlan { expected, together } = self.face_plan.clone();
        let own = |face: &&FaceSettings| settings.faces.iter().any(|known| known.name == face.name);
        if let Some(all) = expected.iter().find(|face| !own(face)) {
            let title = all_faces(&together);
            let known = Known { title, ..known(&all.name, DeviceKind::FaceReader) };
            let usual = self.health(DeviceKind::FaceReader);
            self.watch(known, HealthSettings { missed_reads_in_row: 1, ..usual });
        }
        for face in &settings.faces {
            let relay = settings.relay_of(&face.name).map(|place| &place.relay);
            let hands = Hands::default().with_relay(relay, &self.boards);
            let usual = known(&face.name, DeviceKind::FaceReader);
            let alone = !together.contains(face);
            let title = if alone { usual.title.clone() } else { unheard_face() };
            let known = Known { title, model: face.model.clone(), required: alone, hands, ..usual };
            let usual = self.health(DeviceKind::FaceReader);
            // one reading is expected a day: the first that does not come is told
            self.watch(known, HealthSettings { missed_reads_in_row: 1, ..usual });
        }
    }

    fn given(&mut self, hardware: &Hardware) {
        for given in &hardware.readers {
            let port = given.port.clone();
            let ask = move || super::ears::last_sign(&port.status());
            let hands = given.hands.clone().asking(ask);
            let known = Known { hands, ..known(given.port.name(), DeviceKind::CardReader) };
            self.watch(known, self.health(DeviceKind::CardReader));
        }
    }

    fn pcsc(&mut self) {
        let settings = self.settings.clone();
        let Some(readers) = &settings.readers else { return };
        let book = PcscBook::new(readers.readers.clone());
        let (holds, reopen) = (OwnHolds::default(), Arc::new(Notify::new()));
        let cards = PcscCards::new(holds.clone(), Patience::default());
        let pcsc = PcscHands { book: book.clone(), cards: cards.clone(), reopen: reopen.clone() };
        for reader in &readers.readers {
            let relay = settings.relay_of(&reader.name).map(|place| &place.relay);
            let hands = pcsc.of(&reader.name).with_usb(reader.usb.as_ref()).with_relay(relay, &self.boards);
            give_power_back(reader.usb.as_ref());
            let usual = known(&reader.name, DeviceKind::CardReader);
            let (model, required) = (reader.model.clone(), reader.required);
            let known = Known { model, required, reads_cards: true, hands, ..usual };
            self.watch(known, self.health(DeviceKind::CardReader));
        }
        let service = reserved(DeviceSettings::RESERVED[0]);
        let of_service = book.clone();
        let hands = Hands::default().asking(move || of_service.ask_service());
        self.watch(Known { hands, ..known(&service, DeviceKind::Service) }, self.health(DeviceKind::Service));
        self.station.pcsc = Some(pcsc);
        self.station.box_wide = self.box_wide.clone();
        self.cards = Some(Cards::new(cards, book.clone()));
        self.watched.service = Some(service.clone());
        let clock = drivers_clock(&self.clock);
        self.ears.pcsc = Some(PcscEar { clock, holds, mouth: self.mouth.clone(), book, service, reopen });
    }

    fn scanners(&mut self) {
        let settings = self.settings.clone();
        for place in &settings.scanners {
            let (reopen, last) = (Arc::new(Notify::new()), Arc::new(watch::channel(None).0));
            let (reopening, asked) = (reopen.clone(), last.clone());
            let relay = settings.relay_of(&place.name).map(|place| &place.relay);
            let hands = Hands::default()
                .with(HealingStep::Reopen, move || {
                    reopening.notify_one();
                    Ok(())
                })
                .asking(move || *asked.borrow())
                .with_usb(place.usb.as_ref())
                .with_relay(relay, &self.boards);
            give_power_back(place.usb.as_ref());
            let usual = known(&place.name, DeviceKind::Scanner);
            let known = Known { title: title(place), model: place.model.clone(), hands, ..usual };
            self.watch(known, self.health(DeviceKind::Scanner));
            let (clock, mouth, scans) = (drivers_clock(&self.clock), self.mouth.clone(), self.scans.clone());
            self.ears.scanners.push(ScannerEar { place: place.clone(), clock, mouth, scans, last, reopen });
        }
    }

    fn relays(&mut self) {
        let settings = self.settings.clone();
        for RelayPlace { name, relay, .. } in &settings.relays {
            let (asked, boards) = (relay.clone(), self.boards.clone());
            let hands = Hands::default()
                .asking(move || Some(state_sign(&asked, &boards)))
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

/// What can be done to any reader of the service.
#[derive(Clone)]
pub(super) struct PcscHands {
    book: PcscBook,
    cards: PcscCards,
    reopen: Arc<Notify>,
}

impl PcscHands {
    fn of(&self, device: &DeviceName) -> Hands {
        let (reopen, resetting, asking) = (self.reopen.clone(), self.clone(), self.clone());
        let (reset, asked) = (device.clone(), device.clone());
        Hands::default()
            .with(HealingStep::Reopen, move || {
                reopen.notify_one();
                Ok(())
            })
            .with(HealingStep::Reset, move || resetting.power_card_down(&reset))
            .asking(move || asking.book.ask(&asked, &asking.cards))
    }

    /// A card that is powered down and up again is what can be reset through the service.
    fn power_card_down(&self, device: &DeviceName) -> Result<(), NotDone> {
        let reader = self.book.system_name(device).ok_or_else(NotDone::no_way)?;
        let card = self.cards.connect(&reader, Share::Exclusive).map_err(|_| {
            NotDone(Text::new("リセットできるカードがありません。", "There is no card that could be reset."))
        })?;
        card.release(AfterUse::PowerDown);
        Ok(())
    }
}

/// A reader that no setting names is watched, and missed by nobody.
pub(super) fn appeared(station: &mut Station, settings: &DeviceSettings, reader: ReaderName, now: Moment) {
    if station.find(&reader).is_some() {
        return;
    }
    let Some(pcsc) = station.pcsc.clone() else { return };
    let usual = HealthSettings::of(DeviceKind::CardReader);
    let utc_offset_ms = settings.zone.utc_offset_ms(super::station::timestamp(now));
    let known =
        Known { required: false, reads_cards: true, hands: pcsc.of(&reader), ..known(&reader, DeviceKind::CardReader) };
    let box_wide = station.box_wide.clone();
    station.watch(known, HealthSettings { utc_offset_ms, ..usual }, &box_wide, now);
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

/// What the readings of several face readers are shown as.
fn all_faces(together: &[FaceSettings]) -> Text {
    let names: Vec<&str> = together.iter().map(|face| face.name.as_str()).collect();
    Text::new(
        format!("顔認証付きカードリーダー（{}のどれか。ファイルからは区別できません）", names.join("・")),
        format!("face reader (one of {}; the files do not tell which)", names.join(", ")),
    )
}

/// A face reader of which nothing is heard by itself.
fn unheard_face() -> Text {
    let all = DeviceSettings::RESERVED[2];
    Text::new(
        format!("顔認証付きカードリーダー（読み取りは{all}にまとめて数えます）"),
        format!("face reader (its readings are counted under {all})"),
    )
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
fn give_power_back(place: Option<&UsbPlace>) {
    let Some(place) = place else { return };
    let mut port = hub_port(place);
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
