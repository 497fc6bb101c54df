//! Whether the wall clock can be trusted with a reboot.

use domain::Timestamp;

/// The wall clock moved by itself, against the clock that only counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockJump {
    /// How far, in milliseconds; negative = back.
    pub by_ms: i64,
}

/// How much the wall clock is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockTrust {
    /// It runs as it should.
    Sound,
    /// It jumped a moment ago and may jump again.
    Jumped {
        /// Until when it is watched.
        until: Timestamp,
    },
    /// It shows a time before this program was written: the battery of the hardware clock is empty.
    Impossible,
}

/// Compares the wall clock with one that only counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockWatch {
    last: Option<(Timestamp, u64)>,
    jumped_counting_ms: Option<u64>,
}

/// Less than this is ordinary correction.
const JUMP_MS: i64 = 120_000;
/// A clock that jumped is watched for so long.
const WATCHED_MS: u64 = 600_000;
/// No box with this program has seen an earlier day.
const WRITTEN: Timestamp = Timestamp::in_japan(domain::Date::literal(2026, 1, 1), 0, 0, 0);

/// Whether the wall clock cannot be right: it shows a time before this program was written.
pub fn is_impossible(wall: Timestamp) -> bool {
    wall < WRITTEN
}

impl ClockWatch {
    /// Looks at both clocks: the wall, and one that counts milliseconds since some start and never jumps. To be called every minute
    /// or more often.
    pub fn look(&mut self, wall: Timestamp, counting_ms: u64) -> Option<ClockJump> {
        let last = self.last.replace((wall, counting_ms))?;
        let counted = i64::try_from(counting_ms.saturating_sub(last.1)).unwrap_or(i64::MAX);
        let by_ms = wall.since_ms(last.0).saturating_sub(counted);
        if by_ms.saturating_abs() < JUMP_MS {
            return None;
        }
        self.jumped_counting_ms = Some(counting_ms);
        Some(ClockJump { by_ms })
    }

    /// How much the wall clock is worth, as of the last look.
    pub fn trust(&self) -> ClockTrust {
        let Some((wall, counting_ms)) = self.last else { return ClockTrust::Sound };
        if is_impossible(wall) {
            return ClockTrust::Impossible;
        }
        let left_ms = self.jumped_counting_ms.map_or(0, |at| WATCHED_MS.saturating_sub(counting_ms.saturating_sub(at)));
        match i64::try_from(left_ms) {
            Ok(left_ms) if left_ms > 0 => ClockTrust::Jumped { until: wall.plus_ms(left_ms) },
            _ => ClockTrust::Sound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::in_japan(domain::Date::literal(2026, 11, 21), 12, 0, 0);

    #[test]
    fn ordinary_time_and_small_corrections_are_no_jump() {
        let mut watch = ClockWatch::default();
        assert_eq!(watch.look(NOON, 5), None);
        assert_eq!(watch.look(NOON.plus_ms(60_000 + 90_000), 60_005), None);
        assert_eq!(watch.trust(), ClockTrust::Sound);
    }

    #[test]
    fn a_jump_is_noticed_and_watched_for_a_while() {
        let mut watch = ClockWatch::default();
        watch.look(NOON, 0);
        assert_eq!(watch.look(NOON.plus_ms(-3_600_000), 1000), Some(ClockJump { by_ms: -3_601_000 }));
        let until = NOON.plus_ms(-3_600_000 + 600_000);
        assert_eq!(watch.trust(), ClockTrust::Jumped { until });
        watch.look(until, 601_000);
        assert_eq!(watch.trust(), ClockTrust::Sound);
    }

    #[test]
    fn a_clock_from_before_the_program_is_not_believed() {
        let mut watch = ClockWatch::default();
        watch.look(Timestamp::from_ms(0), 0);
        assert_eq!(watch.trust(), ClockTrust::Impossible);
    }
}
