//! Dates as they stand on cards.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;

/// A real day of the Gregorian calendar.
///
/// It is part of card data: `Debug` does not show it, [`fmt::Display`] does not exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CardDate(Date);

/// Japan has no summer time, and had none in the years cards exist.
const JAPAN: Offset = jiff::tz::offset(9);

impl CardDate {
    /// The day, unless the calendar has no such one. Months and days count from 1.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let year = i16::try_from(year).ok()?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(Self)
    }

    /// The eight digits `YYYYMMDD` of a card.
    pub(super) fn parse(digits: &[u8]) -> Option<Self> {
        if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |digits: &[u8]| digits.iter().fold(0u16, |number, digit| number * 10 + u16::from(digit - b'0'));
        let small = |digits| u8::try_from(number(digits)).ok();
        Self::new(number(&digits[..4]), small(&digits[4..6])?, small(&digits[6..])?)
    }

    /// The day in Japan at an instant, in milliseconds since 1970 UTC.
    pub(super) fn in_japan(unix_ms: i64) -> Option<Self> {
        let instant = jiff::Timestamp::from_millisecond(unix_ms).ok()?;
        Some(Self(JAPAN.to_datetime(instant).date()))
    }

    /// Year, Gregorian.
    pub fn year(self) -> u16 {
        self.0.year().unsigned_abs()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }
}

impl fmt::Debug for CardDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardDate")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        let parts = |date: CardDate| (date.year(), date.month(), date.day());
        assert_eq!(CardDate::parse(b"20240229").map(parts), Some((2024, 2, 29)));
        for bad in [&b"20230229"[..], b"20240000", b"2024010", b"202401011", b"2024O101", b"", b"20241301"] {
            assert_eq!(CardDate::parse(bad), None);
        }
        assert_eq!(CardDate::new(40_000, 1, 1), None);
    }

    #[test]
    fn the_last_second_of_a_certificate_belongs_to_its_last_day_in_japan() {
        let parts = |ms| CardDate::in_japan(ms).map(|date| (date.year(), date.month(), date.day()));
        assert_eq!(parts(1_739_199_599_000), Some((2025, 2, 10)));
        assert_eq!(parts(1_739_199_600_000), Some((2025, 2, 11)));
        assert_eq!(CardDate::in_japan(i64::MAX), None);
    }

    #[test]
    fn a_birth_date_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", CardDate::new(1980, 4, 1)), "Some(CardDate)");
    }
}
