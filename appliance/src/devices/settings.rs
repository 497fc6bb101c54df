//! What hardware the site has, checked.

use crate::schedule::{Line, ReceptionHours, SiteZone, UpdateLocks};
use drivers::health::{DeviceName, ModelCode};
use drivers::relay::RelaySettings;
use drivers::scanner::{Framing, ScannerSettings};
use drivers::serial::SerialSettings;
use drivers::usb_port::UsbAddress;
use std::path::PathBuf;

/// What the box watches and may do. The default is nothing at all.
#[derive(Clone, Debug)]
pub struct DeviceSettings {
    /// card readers through the system's service
    pub readers: Option<ReaderSettings>,
    /// face readers, heard only through the terminal
    pub faces: Vec<FaceSettings>,
    /// scanners
    pub scanners: Vec<ScannerPlace>,
    /// relays in the supply of others
    pub relays: Vec<RelayPlace>,
    /// when the doors are open; `None` = not said, so that nothing is restarted from 6:00 to 23:00
    pub hours: Option<ReceptionHours>,
    /// the zone of hours and lines
    pub zone: SiteZone,
    /// restarts by the clock
    pub restarts: Vec<Line>,
    /// locks that installers hold, beside our own updater's
    pub update_locks: Vec<PathBuf>,
    /// how the box is rebooted
    pub reboot: RebootWay,
    /// a file with the site's own causes and restart steps
    pub guide: Option<PathBuf>,
}

impl Default for DeviceSettings {
    fn default() -> DeviceSettings {
        DeviceSettings {
            readers: None,
            faces: Vec::new(),
            scanners: Vec::new(),
            relays: Vec::new(),
            hours: None,
            zone: SiteZone::japan(),
            restarts: Vec::new(),
            update_locks: UpdateLocks::OF_DEBIAN.map(PathBuf::from).to_vec(),
            reboot: RebootWay::Never,
            guide: None,
        }
    }
}

impl DeviceSettings {
    /// Nothing is watched and nothing is restarted.
    pub fn is_empty(&self) -> bool {
        let watched =
            self.readers.is_some() || !(self.faces.is_empty() && self.scanners.is_empty() && self.relays.is_empty());
        !watched && self.restarts.is_empty() && self.hours.is_none()
    }

    /// Names that stand for what has no settings of its own: the reader service, the terminal, the face readers whose files cannot be
    /// told apart, and the clock of the box.
    pub const RESERVED: [&'static str; 4] = ["pcscd", "terminal", "face-readers", crate::store::CLOCK];

    /// Every device that has a name in the settings, in their order.
    pub fn names(&self) -> impl Iterator<Item = &DeviceName> {
        let readers = self.readers.iter().flat_map(|readers| readers.readers.iter().map(|reader| &reader.name));
        let faces = self.faces.iter().map(|face| &face.name);
        let scanners = self.scanners.iter().map(|scanner| &scanner.name);
        faces.chain(readers).chain(scanners).chain(self.relays.iter().map(|relay| &relay.name))
    }

    /// The unit of the reader service, where it may be restarted.
    pub fn service_unit(&self) -> Option<&str> {
        self.readers.as_ref()?.unit.as_deref()
    }

    /// Whether cards that come again are recognised.
    pub fn recognises_cards(&self) -> bool {
        self.readers.as_ref().is_some_and(|readers| readers.recognise)
    }

    /// Some reader's power can be cut.
    pub fn has_power_switch(&self) -> bool {
        let usb = self.readers.iter().flat_map(|readers| &readers.readers).any(|reader| reader.usb.is_some());
        let scanner = |name: &DeviceName| self.scanners.iter().any(|scanner| scanner.name == *name);
        usb || self.relays.iter().filter_map(|relay| relay.feeds.as_ref()).any(|device| !scanner(device))
    }

    /// The hours the guards go by.
    pub fn guarded_hours(&self) -> ReceptionHours {
        self.hours.clone().unwrap_or_else(ReceptionHours::cautious)
    }

    /// The relay in the supply of a device.
    pub fn relay_of(&self, device: &DeviceName) -> Option<&RelayPlace> {
        self.relays.iter().find(|relay| relay.feeds.as_ref() == Some(device))
    }
}

/// Card readers through the system's service.
#[derive(Clone, Debug, Default)]
pub struct ReaderSettings {
    /// the unit of the service that is restarted when it does not answer; `None` = never
    pub unit: Option<String>,
    /// cards that come again are recognised; a legal question of its own, so nobody has it unless the settings say so
    pub recognise: bool,
    /// readers the site knows by name; others are watched as they appear
    pub readers: Vec<ReaderPlace>,
}

/// A card reader the site works with.
#[derive(Clone, Debug)]
pub struct ReaderPlace {
    /// what it is called here
    pub name: DeviceName,
    /// how the system's name of it begins
    pub system_name: String,
    /// maker and model for the guide
    pub model: ModelCode,
    /// its absence is a fault
    pub required: bool,
    /// where it is plugged in
    pub usb: Option<UsbPlace>,
}

/// A place in the tree of hubs.
#[derive(Clone, Debug)]
pub struct UsbPlace {
    /// the device
    pub device: UsbAddress,
    /// the other half of a USB 3 port
    pub other_half: Option<UsbAddress>,
}

/// A face reader.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceSettings {
    /// what it is called here
    pub name: DeviceName,
    /// maker and model for the guide
    pub model: ModelCode,
    /// on a day of reception, the first reading should have come by then, in minutes after midnight
    pub reading_by: Option<u16>,
    /// what stands in the names of its face files and in no other reader's; `None` = not known
    pub files: Option<String>,
}

/// A scanner.
#[derive(Clone, Debug)]
pub struct ScannerPlace {
    /// what it is called here
    pub name: DeviceName,
    /// its line
    pub line: SerialSettings,
    /// how it marks a scan
    pub framing: Framing,
    /// the counter it stands at
    pub counter: Option<String>,
    /// maker and model for the guide
    pub model: ModelCode,
    /// where it is plugged in
    pub usb: Option<UsbPlace>,
}

impl ScannerPlace {
    /// For its thread.
    pub fn settings(&self) -> ScannerSettings {
        ScannerSettings::new(self.line.clone(), self.framing)
    }
}

/// A relay in the supply of another device.
#[derive(Clone, Debug)]
pub struct RelayPlace {
    /// what it is called here
    pub name: DeviceName,
    /// board, channel, dialect, wiring
    pub relay: RelaySettings,
    /// which device it feeds
    pub feeds: Option<DeviceName>,
}

/// How the box is rebooted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebootWay {
    /// not by this program
    Never,
    /// by systemd-logind
    Logind,
    /// by a command: program and arguments
    Command(Vec<String>),
}
