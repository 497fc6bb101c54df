//! Card readers of the system's service: those the settings name, and those that appear.

use super::{SettingUp, drivers_clock, give_power_back, known, reserved};
use crate::devices::ears::{PcscBook, PcscEar};
use crate::devices::hands::{Hands, NotDone};
use crate::devices::settings::DeviceSettings;
use crate::devices::station::{Known, Station, timestamp};
use domain::text::Text;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceKind, DeviceName, HealthSettings};
use drivers::pcsc::{AfterUse, OwnHolds, Patience, PcscCards, Share};
use drivers::{Moment, ReaderName};
use std::sync::Arc;
use tokio::sync::Notify;

impl SettingUp {
    pub(super) fn pcsc(&mut self) {
        let settings = self.settings.clone();
        let Some(readers) = &settings.readers else { return };
        let book = PcscBook::new(readers.readers.clone());
        let (holds, reopen) = (OwnHolds::default(), Arc::new(Notify::new()));
        let cards = PcscCards::new(holds.clone(), Patience::default());
        let pcsc = PcscHands { book: book.clone(), cards: cards.clone(), reopen: reopen.clone() };
        for reader in &readers.readers {
            let relay = settings.relay_of(&reader.name).map(|place| &place.relay);
            let hands = pcsc.of(&reader.name).with_usb(reader.usb.as_ref(), &self.usb_tree);
            let hands = hands.with_relay(relay, &self.boards);
            give_power_back(reader.usb.as_ref(), &self.usb_tree);
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
        self.cards.of_service(cards, book.clone());
        self.watched.service = Some(service.clone());
        let clock = drivers_clock(&self.clock);
        self.ears.pcsc = Some(PcscEar { clock, holds, mouth: self.mouth.clone(), book, service, reopen });
    }
}

/// What can be done to any reader of the service.
#[derive(Clone)]
pub(in crate::devices) struct PcscHands {
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
pub(in crate::devices) fn appeared(station: &mut Station, settings: &DeviceSettings, reader: ReaderName, now: Moment) {
    if station.find(&reader).is_some() {
        return;
    }
    let Some(pcsc) = station.pcsc.clone() else { return };
    let usual = HealthSettings::of(DeviceKind::CardReader);
    let utc_offset_ms = settings.zone.utc_offset_ms(timestamp(now));
    let known =
        Known { required: false, reads_cards: true, hands: pcsc.of(&reader), ..known(&reader, DeviceKind::CardReader) };
    let box_wide = station.box_wide.clone();
    station.watch(known, HealthSettings { utc_offset_ms, ..usual }, &box_wide, now);
}
