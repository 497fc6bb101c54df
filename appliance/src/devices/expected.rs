//! The first reading of a day at a face reader: nothing is heard of one unless somebody uses it.

use super::settings::FaceSettings;
use super::station::moment;
use crate::schedule::{ReceptionHours, SiteZone};
use domain::{Date, Timestamp};
use drivers::health::{DeviceName, Sign};
use std::collections::BTreeMap;

/// For which day a first reading was expected of each face reader.
#[derive(Debug, Default)]
pub(super) struct FirstReadings(BTreeMap<DeviceName, Date>);

impl FirstReadings {
    /// From the opening on, a reading is expected by the time the settings name; said once a day.
    pub(super) fn expect(
        &mut self,
        faces: &[FaceSettings],
        hours: &ReceptionHours,
        zone: &SiteZone,
        now: Timestamp,
    ) -> Vec<(DeviceName, Sign)> {
        let today = zone.date(now);
        let opening = hours.next_opening(zone.at(today, 0).plus_ms(-1), zone);
        let Some(opened) = opening.filter(|opening| *opening <= now) else { return Vec::new() };
        let mut expected = Vec::new();
        for face in faces {
            let Some(by) = face.reading_by.map(|minute| zone.at(today, minute)) else { continue };
            if opened < by && now < by && self.0.insert(face.name.clone(), today) != Some(today) {
                expected.push((face.name.clone(), Sign::ReadExpected { by: moment(by) }));
            }
        }
        expected
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::date::Weekday;
    use drivers::health::ModelCode;

    #[test]
    fn a_first_reading_is_expected_once_on_a_day_of_reception() {
        let spans = ReceptionHours::parse_day("09:00-12:00").unwrap();
        let hours = ReceptionHours::none().on(Weekday::Monday, spans);
        let name = DeviceName::parse("face").unwrap();
        let face =
            FaceSettings { name: name.clone(), model: ModelCode::new("general"), reading_by: Some(600), files: None };
        let (mut firsts, zone) = (FirstReadings::default(), SiteZone::japan());
        let at = |day, hour, minute| Timestamp::in_japan(Date::literal(2026, 11, day), hour, minute, 0);
        let mut expect = |now| firsts.expect(std::slice::from_ref(&face), &hours, &zone, now);
        assert_eq!(expect(at(23, 8, 59)), []);
        let by = moment(at(23, 10, 0));
        assert_eq!(expect(at(23, 9, 0)), [(name, Sign::ReadExpected { by })]);
        assert_eq!(expect(at(23, 9, 1)), []);
        assert_eq!(expect(at(24, 9, 1)), [], "closed on Tuesday");
        assert_eq!(expect(at(30, 10, 0)), [], "too late to expect anything");
    }
}
