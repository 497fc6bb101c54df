//! A box whose surroundings are driven by hand.

use crate::vendor::Vendor;
use domain::{Date, Timestamp};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use sync::update::{Slot, Version};
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::schedule::{Doing, ReceptionHours, RecordedReboot, SiteZone};
use uketsuke::store::newest_migration;
use uketsuke::update::{Agent, Installer, RecordedInstaller, RunningVersion, Surroundings, UpdateSettings, Worked};

pub const MONDAY: Date = Date::literal(2026, 11, 23);

/// What goes on around the agent.
#[derive(Clone, Default)]
pub struct Around(pub Arc<Mutex<(Doing, Worked)>>);

impl Around {
    pub fn does(&self, doing: Doing) {
        self.0.lock().unwrap().0 = doing;
    }

    pub fn works(&self, worked: Worked) {
        self.0.lock().unwrap().1 = worked;
    }
}

impl Surroundings for Around {
    fn doing(&self) -> Doing {
        self.0.lock().unwrap().0
    }

    fn worked(&self) -> Worked {
        self.0.lock().unwrap().1.clone()
    }

    fn schema(&self) -> u16 {
        newest_migration().try_into().unwrap()
    }

    /// Open from nine to noon on Mondays.
    fn hours(&self) -> (ReceptionHours, SiteZone) {
        let morning = ReceptionHours::parse_day("09:00-12:00").unwrap();
        (ReceptionHours::none().on(MONDAY.weekday(), morning), SiteZone::japan())
    }
}

/// One box, over all its starts.
pub struct Site {
    pub data: TempDir,
    pub stick: TempDir,
    pub clock: Clock,
    pub around: Around,
    pub installer: RecordedInstaller,
    pub reboots: RecordedReboot,
    pub settings: UpdateSettings,
}

impl Site {
    /// Runs 1.4.0 from slot A since the evening before, at one o'clock on Monday morning.
    pub fn new(vendor: &Vendor) -> Site {
        let stick = tempfile::tempdir().unwrap();
        let clock = Clock::by_hand(Timestamp::in_japan(MONDAY.plus_days(-1), 18, 0, 0));
        clock.set(at(1, 0));
        let settings = UpdateSettings {
            program: PathBuf::from("rauc"),
            conf: vendor.conf(),
            folders: vec![stick.path().to_owned()],
            running: RunningVersion(Version([1, 4, 0])),
            boot: "boot-1".to_owned(),
            ..UpdateSettings::of_this_machine()
        };
        Site {
            data: tempfile::tempdir().unwrap(),
            stick,
            clock,
            around: Around::default(),
            installer: RecordedInstaller::running(Slot::A),
            reboots: RecordedReboot::default(),
            settings,
        }
    }

    /// The program is started.
    pub fn start(&self) -> Agent {
        let installer: Arc<dyn Installer> = Arc::new(self.installer.clone());
        Agent::open(
            self.settings.clone(),
            self.data.path(),
            self.clock.clone(),
            Arc::new(self.around.clone()),
            installer,
            Arc::new(self.reboots.clone()),
        )
        .unwrap()
    }

    pub fn stick(&self, name: &str) -> PathBuf {
        self.stick.path().join(name)
    }

    /// Bundles that lie in the data folder, whole or in part.
    pub fn kept(&self) -> usize {
        let names = std::fs::read_dir(self.data.path().join("updates")).unwrap();
        let is_bundle = |name: &str| name.ends_with(".raucb") || name.ends_with(".part");
        names.filter(|entry| is_bundle(entry.as_ref().unwrap().file_name().to_str().unwrap())).count()
    }
}

pub fn at(hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(MONDAY, hour, minute, 0)
}
