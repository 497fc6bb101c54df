//! Calendar days and instants, as values. Nothing here knows what time it is.

use std::fmt;

/// A calendar day in Japan, proleptic Gregorian, years 1..=9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// Day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    /// 月
    Monday,
    /// 火
    Tuesday,
    /// 水
    Wednesday,
    /// 木
    Thursday,
    /// 金
    Friday,
    /// 土
    Saturday,
    /// 日
    Sunday,
}

impl Date {
    /// The day, or `None` when the calendar has no such day.
    pub const fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 {
            return None;
        }
        if day > days_in_month(year, month) {
            return None;
        }
        Some(Date { year, month, day })
    }

    /// A day written in the program text; a day that does not exist does not compile when used in a `const`.
    pub const fn literal(year: i16, month: u8, day: u8) -> Date {
        match Date::new(year, month, day) {
            Some(date) => date,
            None => panic!("no such day"),
        }
    }

    /// Reads `YYYY-MM-DD`, `YYYY/MM/DD` or `YYYYMMDD`.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        let digits: String = match text.len() {
            8 => text.to_owned(),
            10 => {
                let bytes = text.as_bytes();
                let separator = bytes[4];
                if !matches!(separator, b'-' | b'/') || bytes[7] != separator {
                    return None;
                }
                text.chars().filter(|c| *c != char::from(separator)).collect()
            }
            _ => return None,
        };
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
    }

    /// Gregorian year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Month, 1..=12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1..=31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// `YYYYMMDD`, as the national interface writes dates.
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Days since 1970-01-01 (negative before).
    pub const fn day_number(self) -> i32 {
        // Howard Hinnant's civil-from-days arithmetic: years start in March so that the leap day is the last.
        let year = self.year as i32 - if self.month <= 2 { 1 } else { 0 };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (self.month as i32 + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + self.day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day with this day number, clamped into the years 1..=9999.
    pub const fn from_day_number(number: i32) -> Date {
        let shifted = number + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        match Date::new(year as i16, month as u8, day as u8) {
            Some(date) if year >= 1 && year <= 9999 => date,
            _ if year < 1 => Date { year: 1, month: 1, day: 1 },
            _ => Date { year: 9999, month: 12, day: 31 },
        }
    }

    /// The day so many days later (or earlier when negative).
    pub const fn plus_days(self, days: i32) -> Date {
        Date::from_day_number(self.day_number() + days)
    }

    /// The same day so many months later; the month's last day where that day does not exist.
    pub const fn plus_months(self, months: i32) -> Date {
        let index = self.year as i32 * 12 + self.month as i32 - 1 + months;
        let year = index.div_euclid(12) as i16;
        let month = (index.rem_euclid(12) + 1) as u8;
        let last = days_in_month(year, month);
        Date { year, month, day: if self.day < last { self.day } else { last } }
    }

    /// The same day so many years later; 28 February where 29 does not exist.
    pub const fn plus_years(self, years: i32) -> Date {
        self.plus_months(years * 12)
    }

    /// First day of this month.
    pub const fn first_of_month(self) -> Date {
        Date { year: self.year, month: self.month, day: 1 }
    }

    /// Last day of this month.
    pub const fn end_of_month(self) -> Date {
        Date { year: self.year, month: self.month, day: days_in_month(self.year, self.month) }
    }

    /// Days from this day to `later`; negative when `later` is earlier.
    pub const fn days_until(self, later: Date) -> i32 {
        later.day_number() - self.day_number()
    }

    /// Whether both days are in the same calendar month.
    pub const fn same_month(self, other: Date) -> bool {
        self.year == other.year && self.month == other.month
    }

    /// Day of the week.
    pub const fn weekday(self) -> Weekday {
        match (self.day_number() + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }
}

const fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn is_leap(year: i16) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An instant, milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_ms(ms: i64) -> Timestamp {
        Timestamp(ms)
    }

    /// Milliseconds since the epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// The instant so many milliseconds later.
    pub const fn plus_ms(self, ms: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    pub const fn since_ms(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The instant of a wall-clock time in Japan, which has had one offset and no summer time since 1952.
    pub const fn in_japan(date: Date, hour: u8, minute: u8, second: u8) -> Timestamp {
        let seconds = hour as i64 * 3600 + minute as i64 * 60 + second as i64;
        Timestamp((date.day_number() as i64 * DAY_S + seconds - JAPAN_OFFSET_S) * 1000)
    }

    /// The day on the wall in Japan at this instant.
    pub const fn date_in_japan(self) -> Date {
        Date::from_day_number(self.japan_seconds().div_euclid(DAY_S) as i32)
    }

    /// Hour, minute and second on the wall in Japan at this instant.
    pub const fn time_in_japan(self) -> (u8, u8, u8) {
        let second = self.japan_seconds().rem_euclid(DAY_S);
        ((second / 3600) as u8, (second / 60 % 60) as u8, (second % 60) as u8)
    }

    /// `YYYYMMDDhhmmss` in Japan, as the national interface writes instants.
    pub fn compact_in_japan(self) -> String {
        let (hour, minute, second) = self.time_in_japan();
        format!("{}{hour:02}{minute:02}{second:02}", self.date_in_japan().compact())
    }

    /// Reads `YYYYMMDDhhmmss` as a wall-clock time in Japan.
    pub fn parse_compact_in_japan(text: &str) -> Option<Timestamp> {
        if text.len() != 14 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let date = Date::parse(&text[..8])?;
        Timestamp::at_wall(date, &text[8..10], &text[10..12], &text[12..14])
    }

    /// Reads RFC 3339: `2026-04-01T08:55:00+09:00`, `…Z`; seconds and their fraction may be left out.
    pub fn parse(text: &str) -> Option<Timestamp> {
        let (date, rest) = (Date::parse(text.get(..10)?)?, text.get(11..)?);
        if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
            return None;
        }
        let split = rest.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = rest.split_at(split);
        let time = time.split('.').next()?;
        let mut parts = time.split(':');
        let japan = Timestamp::at_wall(date, parts.next()?, parts.next()?, parts.next().unwrap_or("00"))?;
        if parts.next().is_some() {
            return None;
        }
        Some(japan.plus_ms((JAPAN_OFFSET_S - zone_offset_s(zone)?) * 1000))
    }

    fn at_wall(date: Date, hour: &str, minute: &str, second: &str) -> Option<Timestamp> {
        let number =
            |text: &str, below: u8| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten().filter(|n| *n < below);
        Some(Timestamp::in_japan(date, number(hour, 24)?, number(minute, 60)?, number(second, 60)?))
    }

    const fn japan_seconds(self) -> i64 {
        self.0.div_euclid(1000) + JAPAN_OFFSET_S
    }
}

const DAY_S: i64 = 86_400;
const JAPAN_OFFSET_S: i64 = 9 * 3600;

fn zone_offset_s(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(if zone.starts_with('-') { -seconds } else { seconds })
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with the offset of Japan.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = self.time_in_japan();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}+09:00", self.date_in_japan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_round_trip_over_four_centuries() {
        let mut date = Date::literal(1800, 1, 1);
        let end = Date::literal(2200, 12, 31);
        while date < end {
            let next = date.plus_days(1);
            assert_eq!(next.day_number(), date.day_number() + 1);
            assert!(next > date);
            date = next;
        }
        assert_eq!(Date::literal(1970, 1, 1).day_number(), 0);
        assert_eq!(Date::literal(2026, 11, 21).weekday(), Weekday::Saturday);
    }

    #[test]
    fn months_clamp_to_their_last_day() {
        assert_eq!(Date::literal(2025, 5, 31).plus_months(-3), Date::literal(2025, 2, 28));
        assert_eq!(Date::literal(2024, 2, 29).plus_years(1), Date::literal(2025, 2, 28));
        assert_eq!(Date::literal(2025, 11, 30).plus_months(3).end_of_month(), Date::literal(2026, 2, 28));
    }

    #[test]
    fn instants_are_read_and_written_in_japanese_time() {
        let eight = Timestamp::in_japan(Date::literal(2026, 4, 1), 8, 55, 12);
        assert_eq!(eight.to_string(), "2026-04-01T08:55:12+09:00");
        assert_eq!(eight.compact_in_japan(), "20260401085512");
        assert_eq!(Timestamp::parse_compact_in_japan("20260401085512"), Some(eight));
        assert_eq!(Timestamp::parse("2026-04-01T08:55:12+09:00"), Some(eight));
        assert_eq!(Timestamp::parse("2026-03-31T23:55:12.5Z"), Some(eight));
        assert_eq!(Timestamp::from_ms(0).to_string(), "1970-01-01T09:00:00+09:00");
        for wrong in ["2026-04-01", "2026-04-01T25:00:00Z", "2026-04-01T08:55", ""] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_days_of_the_calendar_parse() {
        assert_eq!(Date::parse("20260401"), Some(Date::literal(2026, 4, 1)));
        assert_eq!(Date::parse("2026-04-01"), Some(Date::literal(2026, 4, 1)));
        for wrong in ["20260230", "2026-04/01", "２０２６０４０１", "", "2026-4-1", "00000101"] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }
}
