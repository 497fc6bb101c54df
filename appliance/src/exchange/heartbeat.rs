//! What this box tells its hub of itself: figures, and nothing else.

use super::Inner;
use crate::desk::RunningDesk;
use domain::Timestamp;
use sync::fleet::{Heartbeat, Readers, Uploaded, Waiting};
use sync::outbox::Stage;
use sync::seal::{BoxId, FacilityId};
use web::port::{Desk, DeviceItem, DeviceLamp};

/// A heartbeat as long as nothing gets worse.
const EVERY_MS: i64 = 60_000;

/// Whether these figures are to be told: time has passed, or something got worse.
pub(super) fn is_due(last: Option<&Heartbeat>, now: &Heartbeat) -> bool {
    last.is_none_or(|last| {
        let age = now.sent_at_ms - last.sent_at_ms;
        !(0..EVERY_MS).contains(&age)
            || now.readers.dead > last.readers.dead
            || now.readers.failing > last.readers.failing
            || now.queue.count > last.queue.count
    })
}

impl Inner {
    /// The figures of this moment for this hub. None when the record cannot be read.
    pub(super) fn heartbeat(&self, hub: BoxId, facility: FacilityId) -> Option<Heartbeat> {
        let now = self.desk.clock().now();
        let (end, lacking) = self.reach(hub)?;
        let behind_since = self.standings.all().into_iter().find(|one| one.peer == hub)?.behind_since;
        Some(Heartbeat {
            sent_at_ms: now.as_ms(),
            version: version(env!("CARGO_PKG_VERSION")),
            uptime_s: seconds(now.since_ms(self.since)).into(),
            queue: queue(&self.desk, now)?,
            readers: self.desk.devices().map_or(NO_READERS, |devices| readers(&devices.view().devices)),
            clock_offset_ms: None,
            uploaded: Uploaded { end, up_to: end - lacking, behind_since_ms: behind_since.map(Timestamp::as_ms) },
            certificate_ends_ms: self.doors.doors().certificate_ends(facility)?.as_ms(),
        })
    }
}

const NO_READERS: Readers = Readers { working: 0, failing: 0, dead: 0 };

/// Questions that this box is to ask, and has no answer to.
fn queue(desk: &RunningDesk, now: Timestamp) -> Option<Waiting> {
    let open = desk.readers().read(|reading| reading.open_jobs()).ok()?;
    let own = || open.iter().filter(|row| row.job.stage != Stage::Elsewhere);
    let oldest = own().map(|row| row.job.created_at).min();
    Some(Waiting {
        count: u32::try_from(own().count()).unwrap_or(u32::MAX),
        oldest_s: oldest.map_or(0, |oldest| seconds(now.since_ms(oldest))),
    })
}

fn readers(devices: &[DeviceItem]) -> Readers {
    let count = |lamp: DeviceLamp| {
        let found = devices.iter().filter(|device| device.reads_cards && device.lamp == lamp).count();
        u16::try_from(found).unwrap_or(u16::MAX)
    };
    Readers { working: count(DeviceLamp::Good), failing: count(DeviceLamp::Working), dead: count(DeviceLamp::Bad) }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0) / 1000).unwrap_or(u32::MAX)
}

fn version(text: &str) -> [u16; 3] {
    let mut parts = text.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn figures(at: i64, dead: u16) -> Heartbeat {
        Heartbeat {
            sent_at_ms: at,
            version: version("0.1.0-rc.2"),
            uptime_s: 1,
            queue: Waiting { count: 0, oldest_s: 0 },
            readers: Readers { dead, ..NO_READERS },
            clock_offset_ms: None,
            uploaded: Uploaded { end: 1, up_to: 1, behind_since_ms: None },
            certificate_ends_ms: 2,
        }
    }

    #[test]
    fn a_hub_is_told_every_minute_and_at_once_when_a_reader_dies() {
        assert!(is_due(None, &figures(0, 0)));
        assert!(!is_due(Some(&figures(0, 0)), &figures(EVERY_MS - 1, 0)));
        assert!(is_due(Some(&figures(0, 0)), &figures(EVERY_MS, 0)));
        assert!(is_due(Some(&figures(0, 0)), &figures(1, 1)));
        assert!(!is_due(Some(&figures(0, 1)), &figures(1, 0)));
        assert!(is_due(Some(&figures(10, 0)), &figures(0, 0)), "the clock was put back");
        assert_eq!(figures(0, 0).version, [0, 1, 0]);
    }

    #[test]
    fn the_bytes_hold_the_listed_figures_and_no_other() {
        let bytes = serde_json::to_string(&figures(1_795_000_000_000, 1)).unwrap();
        assert_eq!(
            bytes,
            "{\"sent_at_ms\":1795000000000,\"version\":[0,1,0],\"uptime_s\":1,\
             \"queue\":{\"count\":0,\"oldest_s\":0},\"readers\":{\"working\":0,\"failing\":0,\"dead\":1},\
             \"clock_offset_ms\":null,\"uploaded\":{\"end\":1,\"up_to\":1,\"behind_since_ms\":null},\
             \"certificate_ends_ms\":2}"
        );
    }
}
