//! Days on which people can be reached: a follow-up that falls on a closed day is a follow-up nobody does.
//!
//! Public holidays follow 国民の祝日に関する法律 as in force since 2022; the two equinoxes are worked out and may be moved by the
//! yearly announcement, which a site notes among its own closed days. Offices and insurers are closed from 29 December to
//! 3 January (行政機関の休日に関する法律).

use crate::date::{Date, Weekday};

/// First year of the present order of holidays; before it only weekends are known.
const KNOWN_FROM: i16 = 2022;

/// When nobody works at the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDays {
    /// days of the week
    pub weekdays: Vec<Weekday>,
    /// single days
    pub dates: Vec<Date>,
    /// public holidays and the turn of the year too
    pub holidays: bool,
}

impl Default for ClosedDays {
    fn default() -> ClosedDays {
        ClosedDays { weekdays: vec![Weekday::Saturday, Weekday::Sunday], dates: Vec::new(), holidays: true }
    }
}

impl ClosedDays {
    /// Whether nobody works on a day.
    pub fn includes(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday())
            || self.dates.contains(&day)
            || (self.holidays && (is_holiday(day) || is_turn_of_year(day)))
    }

    /// The first working day after a day; the next day when there is none within a month, should every day be closed.
    pub fn working_day_after(&self, day: Date) -> Date {
        let next = day.plus_days(1);
        (0..31).map(|days| next.plus_days(days)).find(|day| !self.includes(*day)).unwrap_or(next)
    }
}

/// 29 December to 3 January.
fn is_turn_of_year(day: Date) -> bool {
    matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3))
}

/// 国民の祝日, 振替休日 or 国民の休日; always no before 2022.
pub fn is_holiday(day: Date) -> bool {
    if day.year() < KNOWN_FROM {
        return false;
    }
    is_named(day) || is_substitute(day) || is_between(day)
}

/// A holiday with a name of its own.
fn is_named(day: Date) -> bool {
    let nth_monday = |n: u8| day.weekday() == Weekday::Monday && (day.day() - 1) / 7 + 1 == n;
    match (day.month(), day.day()) {
        (1, 1) | (2, 11 | 23) | (4, 29) | (5, 3..=5) | (8, 11) | (11, 3 | 23) => true,
        (1 | 10, _) => nth_monday(2),
        (7, _) => nth_monday(3),
        (9, date) => nth_monday(3) || date == equinox(day.year(), 23_2488),
        (3, date) => date == equinox(day.year(), 20_8431),
        _ => false,
    }
}

/// Day of the month of an equinox, 1980 to 2099; `base` in ten-thousandths of a day.
fn equinox(year: i16, base: i64) -> u8 {
    let years = i64::from(year) - 1980;
    let day = (base * 100 + 242_194 * years) / 1_000_000 - years / 4;
    u8::try_from(day).unwrap_or(0)
}

/// 振替休日: a holiday fell on the Sunday before, and every day between is a holiday.
fn is_substitute(day: Date) -> bool {
    let run = (1..7).map(|days| day.plus_days(-days)).take_while(|before| is_named(*before));
    !is_named(day) && run.into_iter().any(|before| before.weekday() == Weekday::Sunday)
}

/// 国民の休日: between two holidays.
fn is_between(day: Date) -> bool {
    is_named(day.plus_days(-1)) && is_named(day.plus_days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(year: i16) -> Vec<String> {
        let first = Date::literal(year, 1, 1);
        let days = (0..366).map(|days| first.plus_days(days)).filter(|day| day.year() == year);
        days.filter(|day| is_holiday(*day)).map(|day| day.to_string()[5..].to_owned()).collect()
    }

    #[test]
    fn holidays_of_published_years() {
        // 内閣府「国民の祝日について」
        let of_2026 = [
            "01-01", "01-12", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05", "05-06", "07-20", "08-11",
            "09-21", "09-22", "09-23", "10-12", "11-03", "11-23",
        ];
        assert_eq!(holidays(2026), of_2026);
        let of_2025 = [
            "01-01", "01-13", "02-11", "02-23", "02-24", "03-20", "04-29", "05-03", "05-04", "05-05", "05-06", "07-21",
            "08-11", "09-15", "09-23", "10-13", "11-03", "11-23", "11-24",
        ];
        assert_eq!(holidays(2025), of_2025);
        let of_2024 = [
            "01-01", "01-08", "02-11", "02-12", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05", "05-06", "07-15",
            "08-11", "08-12", "09-16", "09-22", "09-23", "10-14", "11-03", "11-04", "11-23",
        ];
        assert_eq!(holidays(2024), of_2024);
        assert!(holidays(2021).is_empty());
    }

    #[test]
    fn the_next_working_day_leaves_out_what_is_closed() {
        let closed = ClosedDays::default();
        let after = |y, m, d| closed.working_day_after(Date::literal(y, m, d)).to_string();
        assert_eq!(after(2026, 11, 20), "2026-11-24", "a weekend and 勤労感謝の日");
        assert_eq!(after(2026, 9, 18), "2026-09-24", "five days off");
        assert_eq!(after(2026, 12, 28), "2027-01-04", "the turn of the year");
        assert_eq!(after(2026, 6, 3), "2026-06-04");
        let thursdays = ClosedDays {
            weekdays: vec![Weekday::Thursday, Weekday::Sunday],
            dates: vec![Date::literal(2026, 6, 5)],
            holidays: false,
        };
        assert_eq!(thursdays.working_day_after(Date::literal(2026, 6, 3)), Date::literal(2026, 6, 6));
        let always =
            ClosedDays { weekdays: (0..7).map(|n| Date::literal(2026, 6, 1 + n).weekday()).collect(), ..closed };
        assert_eq!(always.working_day_after(Date::literal(2026, 6, 3)), Date::literal(2026, 6, 4));
    }
}
