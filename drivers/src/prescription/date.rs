//! Dates as the code writes them (§1.5).

use std::fmt;

/// A day of the calendar, checked. `Debug` hides it, because it may be a birth date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// A date that may lack its day or its month: allowed for birth dates only. A partial one is never a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PrintedDate {
    /// The full date.
    Day(Day),
    /// The day is not known.
    Month {
        /// Western year.
        year: u16,
        /// 1 to 12.
        month: u8,
    },
    /// Day and month are not known.
    Year {
        /// Western year.
        year: u16,
    },
}

/// Nobody alive was born, and no code written, outside these years; four digits beyond them are a cut era date.
const YEARS: std::ops::RangeInclusive<u16> = 1868..=2199;

impl Day {
    /// A day that exists in the calendar, from 1868 to 2199.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = YEARS.contains(&year) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Western year.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// 1 to 12.
    pub fn month(&self) -> u8 {
        self.month
    }

    /// 1 to 31.
    pub fn day(&self) -> u8 {
        self.day
    }

    /// Eight digits, or an era and six (`GYYMMDD`).
    pub(super) fn parse(text: &str) -> Option<Self> {
        match PrintedDate::parse(text)? {
            PrintedDate::Day(day) => Some(day),
            PrintedDate::Month { .. } | PrintedDate::Year { .. } => None,
        }
    }

    /// The day so many days later.
    pub(super) fn plus_days(self, days: u8) -> Self {
        (0..days).fold(self, |day, _| day.next())
    }

    fn next(self) -> Self {
        let Self { year, month, day } = self;
        if day < days_in(year, month) {
            Self { day: day + 1, ..self }
        } else if month < 12 {
            Self { month: month + 1, day: 1, ..self }
        } else {
            Self { year: year + 1, month: 1, day: 1 }
        }
    }
}

impl PrintedDate {
    /// The length decides: 8 `YYYYMMDD`, 7 `GYYMMDD`, 6 `YYYYMM`, 5 `GYYMM`, 4 `YYYY`, 3 `GYY`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (year, rest) = match text.len() {
            8 | 6 | 4 => (digits(text.get(..4)?)?, text.get(4..)?),
            7 | 5 | 3 => (era_year(text)?, text.get(3..)?),
            _ => return None,
        };
        Self::of_year(year, rest)
    }

    fn of_year(year: u16, rest: &str) -> Option<Self> {
        let part = |range: std::ops::Range<usize>| rest.get(range).and_then(digits).map(|number| number as u8);
        match rest.len() {
            0 => YEARS.contains(&year).then_some(Self::Year { year }),
            2 => {
                let month = part(0..2).filter(|month| (1..=12).contains(month))?;
                YEARS.contains(&year).then_some(Self::Month { year, month })
            }
            _ => Day::new(year, part(0..2)?, part(2..4)?).map(Self::Day),
        }
    }

    /// The full date, when it is one.
    pub fn full(&self) -> Option<Day> {
        match self {
            Self::Day(day) => Some(*day),
            Self::Month { .. } | Self::Year { .. } => None,
        }
    }
}

/// The western year of `GYY`: the era as a digit (1 明治 to 5 令和), or as the notebook's letter.
fn era_year(text: &str) -> Option<u16> {
    let (before_first, last) = match text.as_bytes().first()? {
        b'1' | b'M' => (1867, 45),
        b'2' | b'T' => (1911, 15),
        b'3' | b'S' => (1925, 64),
        b'4' | b'H' => (1988, 31),
        b'5' | b'R' => (2018, 99),
        _ => return None,
    };
    let year = digits(text.get(1..3)?)?;
    (1..=last).contains(&year).then(|| before_first + year)
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Day(hidden)")
    }
}

impl fmt::Debug for PrintedDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Day(_) => "PrintedDate(a day)",
            Self::Month { .. } => "PrintedDate(a month)",
            Self::Year { .. } => "PrintedDate(a year)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u8, day: u8) -> Day {
        Day::new(year, month, day).expect("a day that exists")
    }

    #[test]
    fn the_length_decides_how_a_date_is_read() {
        assert_eq!(PrintedDate::parse("19581103"), Some(PrintedDate::Day(day(1958, 11, 3))));
        assert_eq!(PrintedDate::parse("5040314"), Some(PrintedDate::Day(day(2022, 3, 14))));
        assert_eq!(PrintedDate::parse("S331103"), Some(PrintedDate::Day(day(1958, 11, 3))));
        assert_eq!(PrintedDate::parse("196006"), Some(PrintedDate::Month { year: 1960, month: 6 }));
    }

    #[test]
    fn a_partial_birth_date_is_read_and_a_cut_one_refused() {
        assert_eq!(PrintedDate::parse("3350"), None);
        assert_eq!(PrintedDate::parse("335"), Some(PrintedDate::Year { year: 1960 }));
        assert_eq!(PrintedDate::parse("33506"), Some(PrintedDate::Month { year: 1960, month: 6 }));
        assert_eq!(PrintedDate::parse("335").and_then(|date| date.full()), None);
    }

    #[test]
    fn every_era_begins_where_it_began() {
        for (text, year) in [("101", 1868), ("201", 1912), ("301", 1926), ("401", 1989), ("501", 2019)] {
            assert_eq!(PrintedDate::parse(text), Some(PrintedDate::Year { year }), "{text}");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["20260230", "20261301", "20260001", "20260100", "3651231", "0010101", "6010101", "", "1", "12"] {
            assert_eq!(PrintedDate::parse(text), None, "{text}");
        }
        for text in ["＋１２３", "2026-1-1", "+2026", "99991231", "18670101", "日本1", "202611 1"] {
            assert_eq!(PrintedDate::parse(text), None, "{text}");
        }
        assert!(Day::parse("20240229").is_some() && Day::parse("21000229").is_none() && Day::parse("202611").is_none());
    }

    #[test]
    fn days_count_on_over_the_ends_of_months_and_years() {
        assert_eq!(day(2026, 11, 20).plus_days(3), day(2026, 11, 23));
        assert_eq!(day(2026, 12, 30).plus_days(3), day(2027, 1, 2));
        assert_eq!(day(2028, 2, 27).plus_days(3), day(2028, 3, 1));
    }

    #[test]
    fn debug_output_names_no_date() {
        assert_eq!(format!("{:?}", PrintedDate::parse("19581103")), "Some(PrintedDate(a day))");
        assert_eq!(format!("{:?}", day(1958, 11, 3)), "Day(hidden)");
    }
}
