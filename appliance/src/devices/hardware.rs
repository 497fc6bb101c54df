//! The ways out of the program, chosen once at start.

use super::cards::CardDoor;
use super::hands::Hands;
use super::service::{ServicePort, Systemctl};
use super::settings::{DeviceSettings, RebootWay};
use crate::schedule::{CommandReboot, LogindReboot, NoReboot, RebootPort, UpdateLocks, UpdatePort};
use drivers::ReaderPort;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A reader that the caller brings along: a simulated one, for practice and tests.
#[derive(Clone)]
pub struct GivenReader {
    /// to listen to
    pub port: Arc<dyn ReaderPort>,
    /// what can be done to it
    pub hands: Hands,
    /// the way to the cards in it; `None` = it only says that a card is there
    pub cards: Option<Arc<dyn CardDoor>>,
}

/// What the devices act through.
#[derive(Clone)]
pub struct Hardware {
    /// reboots the box
    pub reboot: Arc<dyn RebootPort>,
    /// restarts the reader service
    pub service: Arc<dyn ServicePort>,
    /// tells whether something is being installed
    pub update: Arc<dyn UpdatePort>,
    /// the reboot port works whatever the settings say: a stand-in of practice and tests
    pub reboots_without_settings: bool,
    /// readers beside those of the service
    pub readers: Vec<GivenReader>,
    /// where the kernel lists USB devices; the kernel's own tree, except in tests
    pub usb_tree: PathBuf,
    /// between two looks at everything that takes time; a second, except in tests that drive the clock by hand
    pub every: Duration,
}

impl Hardware {
    /// The real ways, as the settings say; our own updater's lock lies in the data folder.
    pub fn real(settings: &DeviceSettings, data: &Path) -> Hardware {
        let reboot: Arc<dyn RebootPort> = match &settings.reboot {
            RebootWay::Never => Arc::new(NoReboot),
            RebootWay::Logind => Arc::new(LogindReboot::of_the_system()),
            RebootWay::Command(command) => Arc::new(CommandReboot::new(command.clone())),
        };
        let locks = [data.join(UpdateLocks::OURS)].into_iter().chain(settings.update_locks.iter().cloned());
        Hardware {
            reboot,
            update: Arc::new(UpdateLocks::on(locks.collect())),
            service: Arc::new(Systemctl),
            reboots_without_settings: false,
            readers: Vec::new(),
            usb_tree: PathBuf::from(drivers::usb_port::DEVICES),
            every: Duration::from_secs(1),
        }
    }
}
