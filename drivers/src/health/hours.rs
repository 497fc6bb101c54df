//! Readings by hour of the day: what shows that the afternoon sun blinds a camera (`field-troubles` REQ-07).

use super::words::Words;
use crate::reader::Moment;

/// An hour of the day on the wall of the site, 0 to 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HourOfDay(u8);

impl HourOfDay {
    /// The hour at this moment, by the site's offset from UTC.
    pub fn of(at: Moment, utc_offset_ms: i64) -> Self {
        let local = i64::try_from(at.0).unwrap_or(i64::MAX).saturating_add(utc_offset_ms);
        // a remainder of 24 is 0 to 23
        Self(u8::try_from(local.div_euclid(3_600_000).rem_euclid(24)).unwrap_or(0))
    }

    /// The number, 0 to 23.
    pub fn number(self) -> u8 {
        self.0
    }
}

/// How many readings came and how many failed, for each hour of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourTable {
    good: [u32; 24],
    failed: [u32; 24],
}

impl HourTable {
    /// Fewer failures than this in an hour are chance.
    pub const ENOUGH_FAILURES: u32 = 5;

    /// Readings that came in this hour of the day.
    pub fn good(&self, hour: HourOfDay) -> u32 {
        self.good[usize::from(hour.0)]
    }

    /// Readings that failed in this hour of the day.
    pub fn failed(&self, hour: HourOfDay) -> u32 {
        self.failed[usize::from(hour.0)]
    }

    /// All hours with readings.
    pub fn hours(&self) -> impl Iterator<Item = HourOfDay> + '_ {
        (0..24).map(HourOfDay).filter(|hour| self.good(*hour) + self.failed(*hour) > 0)
    }

    /// Hours that fail at least twice as often as the rest of the day, with enough failures not to be chance.
    pub fn suspicious(&self) -> Vec<HourOfDay> {
        self.hours().filter(|hour| self.stands_out(*hour)).collect()
    }

    /// The suspicion in words, if there is one.
    pub fn suspicion(&self) -> Option<Words> {
        let hours = self.suspicious();
        let (first, last) = (hours.first()?.0, hours.last()?.0 + 1);
        Some(Words::new(
            format!(
                "読み取りの失敗が{first}時〜{last}時の間に集まっています。日光や逆光がカメラに当たっていないか確かめてください。"
            ),
            format!(
                "Failures gather between {first}:00 and {last}:00. Check for sunlight or light from behind the patient."
            ),
        ))
    }

    pub(super) fn count_good(&mut self, hour: HourOfDay) {
        let count = &mut self.good[usize::from(hour.0)];
        *count = count.saturating_add(1);
    }

    pub(super) fn count_failed(&mut self, hour: HourOfDay) {
        let count = &mut self.failed[usize::from(hour.0)];
        *count = count.saturating_add(1);
    }

    /// failed/(failed+good) here ≥ 2 × the same elsewhere, without dividing.
    fn stands_out(&self, hour: HourOfDay) -> bool {
        let sum = |of: &[u32; 24]| of.iter().map(|count| u64::from(*count)).sum::<u64>();
        let (failed, good) = (u64::from(self.failed(hour)), u64::from(self.good(hour)));
        let (failed_else, good_else) = (sum(&self.failed) - failed, sum(&self.good) - good);
        let elsewhere = failed_else + good_else;
        failed >= u64::from(Self::ENOUGH_FAILURES)
            && elsewhere >= u64::from(Self::ENOUGH_FAILURES)
            && failed * elsewhere >= 2 * failed_else * (failed + good)
    }
}
