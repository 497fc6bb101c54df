//! A reception with the devices a test wants, and waiting for what they show.

use domain::text::Text;
use domain::{Date, Timestamp};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uketsuke::clock::Clock;
use uketsuke::config::Config;
use uketsuke::devices::{Hardware, NotDone, ServicePort};
use uketsuke::reception::Reception;
use uketsuke::schedule::{RecordedReboot, UpdateLocks};
use web::port::{Desk, DeviceItem, Devices, DevicesView};

const SITE: &str = "[site]\nname = '見本薬局'\nkind = 'pharmacy'\ninstitution_code = '1310000016'\n";
/// Nothing in these tests takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A service that is never restarted for real.
#[derive(Clone, Default)]
pub struct RecordedService(pub Arc<Mutex<Vec<String>>>);

impl ServicePort for RecordedService {
    fn restart(&self, unit: &str) -> Result<(), NotDone> {
        self.0.lock().unwrap().push(unit.to_owned());
        Ok(())
    }
}

pub fn hardware(reboot: &RecordedReboot) -> Hardware {
    Hardware {
        reboot: Arc::new(reboot.clone()),
        service: Arc::new(RecordedService::default()),
        update: Arc::new(UpdateLocks::on(Vec::new())),
        reboots_without_settings: false,
        readers: Vec::new(),
        usb_tree: "/nonexistent".into(),
        every: Duration::from_millis(5),
    }
}

pub fn open(devices: &str, data: &Path, clock: &Clock, hardware: Hardware) -> Reception {
    let config = Config::parse(&format!("{SITE}{devices}")).unwrap();
    Reception::start_with(config, data, clock.clone(), hardware).unwrap()
}

pub fn devices(reception: &Reception) -> Arc<dyn Devices> {
    reception.desk.devices().expect("the settings name devices")
}

/// Waits until the devices show this.
pub async fn until<T>(devices: &Arc<dyn Devices>, what: &str, seen: impl Fn(&DevicesView) -> Option<T>) -> T {
    let mut changes = devices.changes();
    let waiting = async {
        loop {
            changes.mark_unchanged();
            if let Some(seen) = seen(&devices.view()) {
                return seen;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(seen) => seen,
        Err(_) => panic!("never came: {what}; {:#?}", devices.view()),
    }
}

/// The device of this name once it fits.
pub async fn until_device(
    devices: &Arc<dyn Devices>,
    name: &str,
    what: &str,
    fits: impl Fn(&DeviceItem) -> bool,
) -> DeviceItem {
    let found = |view: &DevicesView| view.devices.iter().find(|item| item.device == name).cloned().filter(&fits);
    until(devices, what, found).await
}

pub fn japan(day: u8, hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(Date::literal(2026, 11, day), hour, minute, 0)
}

pub fn says(text: &Text, ja: &str) -> bool {
    text.ja.contains(ja)
}
