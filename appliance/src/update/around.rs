//! The box around the agent: the desk, its devices, and the other boxes.

use super::agent::Surroundings;
use super::worked::Worked;
use crate::desk::RunningDesk;
use crate::devices::DeviceSettings;
use crate::schedule::{Doing, ReceptionHours, SiteZone};
use domain::link::{Link, LinkStatus};
use std::sync::{Arc, OnceLock};
use web::port::{Desk, DeviceLamp, Facility};

/// A check-in that nobody wrote to for so long is not being done, milliseconds.
const CHECK_IN_TOUCHED_MS: i64 = 30 * 60_000;

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
    /// A store that cannot be read is no leave to restart anything.
    fn doing(&self) -> Doing {
        let now = self.desk.clock().now();
        let (today, patience) = (now.date_in_japan(), self.desk.settings().patience);
        let busy = self.desk.readers().read(|reading| {
            let check_ins =
                reading.check_ins_touched([today, today.plus_days(-1)], now.plus_ms(-CHECK_IN_TOUCHED_MS))?;
            Ok((check_ins, reading.jobs_in_flight(now.plus_ms(-patience.overdue_after_ms))?))
        });
        let (check_ins_open, jobs_in_flight) = busy.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "what is going on at the desk could not be read");
            (1, 0)
        });
        Doing { check_ins_open, jobs_in_flight, ..Doing::default() }
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
