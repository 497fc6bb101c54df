#![allow(clippy::unwrap_used)]

use super::*;
use domain::Date;
use proptest::prelude::*;

fn japan(year: i16, month: u8, day: u8, hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(Date::literal(year, month, day), hour, minute, 0)
}

/// The first time after noon of Saturday 21 November 2026 in Japan.
fn next(line: &str) -> Timestamp {
    CronLine::parse(line).unwrap().next_after(japan(2026, 11, 21, 12, 0), &SiteZone::japan()).unwrap()
}

#[test]
fn lines_mean_what_crontab_says() {
    for (line, expected) in [
        ("30 3 * * *", japan(2026, 11, 22, 3, 30)),
        ("0 3 * * 1", japan(2026, 11, 23, 3, 0)),
        ("0 3 * * mon", japan(2026, 11, 23, 3, 0)),
        ("0 3 * * 0", japan(2026, 11, 22, 3, 0)),
        ("0 3 * * 7", japan(2026, 11, 22, 3, 0)),
        ("0 3 * * fri-sun", japan(2026, 11, 22, 3, 0)),
        ("0 3 13 * 5", japan(2026, 11, 27, 3, 0)),
        ("0 3 */2 * *", japan(2026, 11, 23, 3, 0)),
        ("*/20 12-13 * * *", japan(2026, 11, 21, 12, 20)),
        ("0 0 29 feb *", japan(2028, 2, 29, 0, 0)),
        ("5,10 23 31 * *", japan(2026, 12, 31, 23, 5)),
        ("@daily", japan(2026, 11, 22, 0, 0)),
        ("@weekly", japan(2026, 11, 22, 0, 0)),
        ("  0   3 * * *  ", japan(2026, 11, 22, 3, 0)),
    ] {
        assert_eq!(next(line), expected, "{line}");
    }
}

#[test]
fn what_is_no_line_is_refused_with_words() {
    for (line, named) in [
        ("", "0項目"),
        ("0 30 3 * * *", "6項目"),
        ("60 3 * * *", "分"),
        ("0 24 * * *", "時"),
        ("0 3 0 * *", "日"),
        ("0 3 * 13 *", "月"),
        ("0 3 * * 8", "曜日"),
        ("0 3 * * mo", "曜日"),
        ("0 3 L * *", "「L」"),
        ("5/15 3 * * *", "5/15"),
        ("*/0 3 * * *", "*/0"),
        ("9-5 3 * * *", "9-5"),
        ("-1 3 * * *", "-1"),
        ("+1 3 * * *", "+1"),
        ("1,,2 3 * * *", "1,,2"),
        ("0 3 */2 * 1", "*/n"),
        ("0 3 31 2,4 *", "暦"),
        ("@reboot", "@reboot"),
        ("９ 3 * * *", "９"),
    ] {
        let refused = CronLine::parse(line).expect_err(line).to_string();
        assert!(refused.contains(named) && refused.contains(" / "), "{line}: {refused}");
    }
}

#[test]
fn summer_time_neither_swallows_nor_repeats_a_run() {
    let zone = SiteZone::named("America/New_York").unwrap();
    let utc = |date, hour, minute| Timestamp::in_japan(date, hour, minute, 0).plus_ms(9 * 3_600_000);
    let leap = CronLine::parse("30 2 * * *").unwrap();
    let before = utc(Date::literal(2026, 3, 8), 0, 0);
    // 8 March: half past two does not exist; the run comes when the clock shows three
    assert_eq!(leap.next_after(before, &zone), Some(utc(Date::literal(2026, 3, 8), 7, 0)));
    assert_eq!(leap.latest(utc(Date::literal(2026, 3, 8), 7, 0), &zone), Some(utc(Date::literal(2026, 3, 8), 7, 0)));
    // nor does two o'clock, the first that is leapt over
    let first_leapt = CronLine::parse("0 2 * * *").unwrap();
    assert_eq!(first_leapt.next_after(before, &zone), Some(utc(Date::literal(2026, 3, 8), 7, 0)));
    let fold = CronLine::parse("30 1 * * *").unwrap();
    let first = fold.next_after(utc(Date::literal(2026, 11, 1), 0, 0), &zone).unwrap();
    assert_eq!(first, utc(Date::literal(2026, 11, 1), 5, 30));
    assert_eq!(fold.next_after(first, &zone), Some(utc(Date::literal(2026, 11, 2), 6, 30)), "once, not twice");
}

#[test]
fn a_clock_before_2020_and_after_2100_is_survived() {
    let line = CronLine::parse("0 3 * * *").unwrap();
    let zone = SiteZone::japan();
    assert_eq!(line.next_after(Timestamp::from_ms(0), &zone), Some(japan(1970, 1, 2, 3, 0)));
    assert_eq!(line.next_after(japan(2101, 1, 1, 0, 0), &zone), None);
    for wild in [i64::MIN, i64::MAX, -1] {
        let _any = line.next_after(Timestamp::from_ms(wild), &zone);
        let _any = line.latest(Timestamp::from_ms(wild), &zone);
    }
}

/// A field that every cron reads alike: `*`, lists, ranges, steps over a range or over everything.
fn field(first: u8, last: u8) -> impl Strategy<Value = String> {
    let value = first..=last;
    let range = (value.clone(), value.clone()).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let part = prop_oneof![
        3 => value.prop_map(|value| value.to_string()),
        2 => range.clone().prop_map(|(a, b)| format!("{a}-{b}")),
        1 => (range, 1..9_u8).prop_map(|((a, b), step)| format!("{a}-{b}/{step}")),
    ];
    prop_oneof![
        2 => Just("*".to_owned()),
        1 => (1..9_u8).prop_map(|step| format!("*/{step}")),
        4 => prop::collection::vec(part, 1..4).prop_map(|parts| parts.join(",")),
    ]
}

fn line() -> impl Strategy<Value = String> {
    (field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
        .prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
}

/// Once a day at a fixed minute, in a zone with summer time.
fn fixed_line() -> impl Strategy<Value = String> {
    (0..60_u8, 0..24_u8, field(0, 7)).prop_map(|(minute, hour, weekday)| format!("{minute} {hour} * * {weekday}"))
}

fn oracle(line: &str, after: Timestamp, zone: &str, count: usize) -> Vec<Timestamp> {
    let cron = croner::Cron::from_str(line).unwrap();
    let start = jiff::Timestamp::from_millisecond(after.as_ms()).unwrap().in_tz(zone).unwrap();
    cron.iter_after(start).take(count).map(|at| Timestamp::from_ms(at.timestamp().as_millisecond())).collect()
}

fn ours(line: &CronLine, after: Timestamp, zone: &str, count: usize) -> Vec<Timestamp> {
    let zone = SiteZone::named(zone).unwrap();
    std::iter::successors(line.next_after(after, &zone), |at| line.next_after(*at, &zone)).take(count).collect()
}

/// A second of the years 2026 to 2035.
fn moment() -> impl Strategy<Value = Timestamp> {
    (1_767_225_600_i64..2_082_758_400).prop_map(|second| Timestamp::from_ms(second * 1000))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Another reading of crontab comes to the same times.
    #[test]
    fn croner_agrees(text in line(), after in moment()) {
        match CronLine::parse(&text) {
            Ok(line) => {
                let theirs = oracle(&text, after, "Asia/Tokyo", 5);
                prop_assert_eq!(ours(&line, after, "Asia/Tokyo", theirs.len().max(1)), theirs, "{}", text);
            }
            Err(LineRefused::AmbiguousDays) => prop_assert!(text.contains("*/")),
            Err(LineRefused::Never) => prop_assert!(oracle(&text, after, "Asia/Tokyo", 1).is_empty()),
            Err(other) => prop_assert!(false, "{} {}", text, other),
        }
    }

    /// So it does where summer time begins and ends.
    #[test]
    fn croner_agrees_in_summer_time(text in fixed_line(), after in moment()) {
        let line = CronLine::parse(&text).unwrap();
        let zone = "America/New_York";
        prop_assert_eq!(ours(&line, after, zone, 400), oracle(&text, after, zone, 400), "{}", text);
    }

    /// The latest time is the last that `next_after` would have found.
    #[test]
    fn latest_and_next_are_one_order(text in line(), now in moment()) {
        if let Ok(line) = CronLine::parse(&text) {
            let zone = SiteZone::japan();
            if let Some(latest) = line.latest(now, &zone) {
                prop_assert!(latest <= now);
                prop_assert_eq!(line.next_after(latest.plus_ms(-1), &zone), Some(latest));
                prop_assert!(line.next_after(latest, &zone).is_none_or(|next| next > now));
            }
        }
    }

    /// No text panics.
    #[test]
    fn any_text_is_read_or_refused(text in "[-0-9*/, a-z@]{0,24}", wild in ".{0,24}") {
        for text in [text, wild] {
            if let Ok(line) = CronLine::parse(&text) {
                prop_assert!(line.next_after(Timestamp::from_ms(0), &SiteZone::japan()).is_some());
            }
        }
    }
}
