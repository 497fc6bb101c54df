//! The box around the agent: the desk, its devices, and the other boxes.

use super::agent::Surroundings;
use super::worked::Worked;
use crate::desk::RunningDesk;
use crate::devices::{DeviceSettings, doing_at_the_desk};
use crate::schedule::{Doing, ReceptionHours, SiteZone};
use domain::link::{Link, LinkStatus};
use std::sync::{Arc, OnceLock};
use web::port::{Desk, DeviceLamp, Facility};

/// What the agent of a real box sees.
pub struct BoxAround {
    desk: RunningDesk,
    hours: ReceptionHours,
    zone: SiteZone,
    facility: OnceLock<Arc<dyn Facility>>,
}

impl BoxAround {
    /// Before the other boxes are known.
    pub fn new(desk: RunningDesk, devices: &DeviceSettings) -> BoxAround {
        BoxAround { desk, hours: devices.guarded_hours(), zone: devices.zone.clone(), facility: OnceLock::new() }
    }

    /// The other boxes and the hub are known from now on.
    pub fn join(&self, facility: Arc<dyn Facility>) {
        if self.facility.set(facility).is_err() {
            tracing::debug!("the other boxes were known already");
        }
    }
}

impl Surroundings for BoxAround {
    fn doing(&self) -> Doing {
        doing_at_the_desk(&self.desk)
    }

    fn worked(&self) -> Worked {
        let status = self.desk.link_report().links.get(Link::Terminal).status;
        let devices = self.desk.devices().map(|devices| devices.view().devices).unwrap_or_default();
        let reader = |device: &web::port::DeviceItem| match device.lamp {
            DeviceLamp::Good => Some((device.device.clone(), true)),
            DeviceLamp::Bad => Some((device.device.clone(), false)),
            _ => None,
        };
        let others = self.facility.get().map(|facility| {
            let view = facility.view();
            let mut others = view.members.iter().filter_map(|member| member.exchange.as_ref()).peekable();
            others.peek().is_some().then(|| others.any(|other| other.connected))
        });
        Worked {
            terminal: match status {
                LinkStatus::Up => Some(true),
                LinkStatus::Down => Some(false),
                LinkStatus::Unknown => None,
            },
            readers: devices.iter().filter_map(reader).collect(),
            others: others.flatten(),
        }
    }

    fn schema(&self) -> u16 {
        u16::try_from(crate::store::newest_migration()).unwrap_or(u16::MAX)
    }

    fn hours(&self) -> (ReceptionHours, SiteZone) {
        (self.hours.clone(), self.zone.clone())
    }
}
