#![allow(clippy::unwrap_used)]

use super::*;
use crate::schedule::{ClockTrust, Doing, ReceptionHours, SiteZone};
use domain::Date;
use drivers::Moment;
use drivers::health::{DeviceKind, HealthSettings, Sign};

const MONDAY: Date = Date::literal(2026, 11, 23);

fn at(hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(MONDAY, hour, minute, 0)
}

fn guards() -> Guards {
    let hours =
        ReceptionHours::none().on(MONDAY.weekday(), ReceptionHours::parse_day("9:00-12:30,13:00-18:00").unwrap());
    let (zone, doing, clock) = (SiteZone::japan(), Doing::default(), ClockTrust::Sound);
    Guards { hours, zone, doing, booted_at: at(0, 0), clock }
}

#[test]
fn preparation_begins_the_longest_way_before_the_doors_open() {
    let half_hour = 30 * 60_000;
    let opening = next_opening(&guards(), half_hour, at(7, 0)).unwrap();
    assert_eq!(opening, Opening { at: at(9, 0), prepare_from: at(8, 15) });
    let lunch = next_opening(&guards(), half_hour, at(9, 0)).unwrap();
    assert_eq!(lunch, Opening { at: at(13, 0), prepare_from: at(12, 30) }, "not while the doors are open");
}

#[test]
fn every_opening_is_prepared_once() {
    let mut runs = Runs::default();
    assert_eq!(to_prepare(&guards(), 0, &runs, at(8, 44)), None);
    let opening = to_prepare(&guards(), 0, &runs, at(8, 50)).unwrap();
    runs.note_prepared(opening.at);
    assert_eq!(to_prepare(&guards(), 0, &runs, at(8, 51)), None);
    assert_eq!(to_prepare(&guards(), 0, &runs, at(12, 50)).unwrap().at, at(13, 0));
}

#[test]
fn the_light_is_honest() {
    let name = |text: &str| DeviceName::parse(text).unwrap();
    let (card, face) = (name("card"), name("face"));
    let new = |kind| Health::new(kind, HealthSettings::of(kind), Moment(0));
    let (mut reader, mut face_reader) = (new(DeviceKind::CardReader), new(DeviceKind::FaceReader));
    let light =
        |reader: &Health, face_reader: &Health| ReadyLight::of([(&card, reader), (&face, face_reader)].into_iter());
    assert_eq!(light(&reader, &face_reader), ReadyLight::NotReady(vec![card.clone()]), "a card reader can be asked");
    reader.hear(Sign::Answering, Moment(1));
    assert_eq!(light(&reader, &face_reader), ReadyLight::Unproven(vec![face.clone()]));
    face_reader.hear(Sign::GoodRead, Moment(2));
    assert_eq!(light(&reader, &face_reader), ReadyLight::Ready);
    assert!(ReadyLight::NotReady(vec![card.clone()]).text().ja.contains("card"));
}
