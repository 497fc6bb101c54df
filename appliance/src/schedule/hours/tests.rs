#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

/// Monday 23 November 2026.
const MONDAY: Date = Date::literal(2026, 11, 23);

fn at(days: i32, hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(MONDAY.plus_days(days), hour, minute, 0)
}

/// An ordinary clinic: closed on Thursday afternoon and on Sunday, and on this Wednesday.
fn clinic() -> ReceptionHours {
    let day = || ReceptionHours::parse_day("09:00-12:30, 15:00-18:30").unwrap();
    let morning = ReceptionHours::parse_day("9:00-12:30").unwrap();
    ReceptionHours::none()
        .on(Weekday::Monday, day())
        .on(Weekday::Tuesday, day())
        .on(Weekday::Wednesday, day())
        .on(Weekday::Thursday, morning.clone())
        .on(Weekday::Friday, day())
        .on(Weekday::Saturday, morning)
        .on_date(MONDAY.plus_days(2), Vec::new())
}

#[test]
fn doors_open_and_close_by_the_wall() {
    let (hours, zone) = (clinic(), SiteZone::japan());
    for (time, open) in [
        (at(0, 8, 59), false),
        (at(0, 9, 0), true),
        (at(0, 12, 29), true),
        (at(0, 12, 30), false),
        (at(2, 10, 0), false),
        (at(3, 16, 0), false),
        (at(6, 10, 0), false),
    ] {
        assert_eq!(hours.is_open(time, &zone), open, "{time:?}");
    }
    assert_eq!(hours.next_opening(at(0, 9, 0), &zone), Some(at(0, 15, 0)));
    assert_eq!(hours.next_opening(at(1, 15, 0), &zone), Some(at(3, 9, 0)), "past the day off");
    assert_eq!(hours.last_closing(at(3, 8, 0), &zone), Some(at(1, 18, 30)));
    assert_eq!(ReceptionHours::none().next_opening(at(0, 0, 0), &zone), None);
}

#[test]
fn work_is_done_before_the_doors_open_or_after_they_close() {
    let (hours, zone) = (clinic(), SiteZone::japan());
    let quarter = 15 * 60_000;
    assert_eq!(hours.next_free(at(0, 8, 45), quarter, &zone), Some(at(0, 8, 45)));
    assert_eq!(hours.next_free(at(0, 8, 46), quarter, &zone), Some(at(0, 12, 30)));
    assert_eq!(hours.next_free(at(0, 14, 50), quarter, &zone), Some(at(0, 18, 30)));
    let always = (0..7).fold(ReceptionHours::none(), |hours, day| {
        hours.on(MONDAY.plus_days(day).weekday(), ReceptionHours::parse_day("00:00-24:00").unwrap())
    });
    assert_eq!(always.next_free(at(0, 0, 0), quarter, &zone), None, "a site that never closes");
}

#[test]
fn a_night_clinic_closes_tomorrow() {
    let zone = SiteZone::japan();
    let hours = ReceptionHours::none().on(Weekday::Monday, ReceptionHours::parse_day("22:00-26:00").unwrap());
    assert!(hours.is_open(at(1, 1, 59), &zone));
    assert!(!hours.is_open(at(1, 2, 0), &zone));
    let round_the_clock = hours.on(Weekday::Tuesday, ReceptionHours::parse_day("02:00-10:00").unwrap());
    assert_eq!(round_the_clock.next_free(at(0, 22, 0), 1, &zone), Some(at(1, 10, 0)), "touching times are one");
}

#[test]
fn what_is_no_time_is_refused_with_words() {
    for text in ["9-12", "12:30-09:00", "24:00-25:00", "09:00-37:00", "09:60-10:00", "９:00-10:00", "09:00", "-:-"] {
        let refused = ReceptionHours::parse_day(text).expect_err(text).to_string();
        assert!(refused.contains(" / ") && refused.contains(text), "{refused}");
    }
    assert_eq!(ReceptionHours::parse_day("  "), Ok(Vec::new()));
}

proptest! {
    /// What is called free is free, from its first moment to its last.
    #[test]
    fn free_time_is_free(minutes in 0..20_000_i64, takes in 1..300_i64) {
        let (hours, zone) = (clinic(), SiteZone::japan());
        let from = at(0, 0, 0).plus_ms(minutes * 60_000);
        let free = hours.next_free(from, takes * 60_000, &zone).unwrap();
        prop_assert!(free >= from);
        for minute in 0..takes {
            prop_assert!(!hours.is_open(free.plus_ms(minute * 60_000), &zone));
        }
    }
}
