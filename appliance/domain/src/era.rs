//! Japanese years (和暦): paper and claims write them, inside everything is [`Date`] (claims-rules §7).

mod parse;
mod problem;

pub use parse::{ParsedDate, parse_era_date};
pub use problem::{EraDateError, EraWarning};

use crate::codes;
use crate::date::Date;

codes! {
    /// An era since 1868; the code is its letter.
    pub enum Era {
        /// 明治
        Meiji = "M",
        /// 大正
        Taisho = "T",
        /// 昭和
        Showa = "S",
        /// 平成
        Heisei = "H",
        /// 令和
        Reiwa = "R",
    }
}

impl Era {
    /// 年号区分, 1..=5.
    pub const fn era_code(self) -> u8 {
        self as u8 + 1
    }

    /// The era with this 年号区分.
    pub fn from_era_code(code: u8) -> Option<Era> {
        Era::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    /// The name in kanji.
    pub const fn kanji(self) -> &'static str {
        match self {
            Era::Meiji => "明治",
            Era::Taisho => "大正",
            Era::Showa => "昭和",
            Era::Heisei => "平成",
            Era::Reiwa => "令和",
        }
    }

    /// First day. For 明治 the day in today's calendar; its dates before 1873 were lunar.
    pub const fn first_day(self) -> Date {
        match self {
            Era::Meiji => Date::literal(1868, 1, 25),
            Era::Taisho => Date::literal(1912, 7, 30),
            Era::Showa => Date::literal(1926, 12, 25),
            Era::Heisei => Date::literal(1989, 1, 8),
            Era::Reiwa => Date::literal(2019, 5, 1),
        }
    }

    /// Last day; none for the present era.
    pub fn last_day(self) -> Option<Date> {
        Era::from_era_code(self.era_code() + 1).map(|next| next.first_day().plus_days(-1))
    }

    /// The era of a day; none before 明治.
    pub fn of(date: Date) -> Option<Era> {
        Era::ALL.iter().rev().copied().find(|era| era.first_day() <= date)
    }

    /// The Gregorian year in which year `year` of this era lies.
    const fn gregorian_year(self, year: u8) -> i16 {
        self.first_day().year() + year as i16 - 1
    }
}

/// A day as an era writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EraDate {
    /// The era.
    pub era: Era,
    /// Year of the era, 1..=99; 1 is 元年.
    pub year: u8,
    /// Month, 1..=12.
    pub month: u8,
    /// Day of the month, 1..=31.
    pub day: u8,
}

/// First day on which Japan counted months and days as today (明治6年1月1日).
const SOLAR_FROM: Date = Date::literal(1873, 1, 1);

impl EraDate {
    /// The era date of a day; none before 1873 (lunar months) and from the hundredth year of the present era.
    pub fn of(date: Date) -> Option<EraDate> {
        if date < SOLAR_FROM {
            return None;
        }
        let era = Era::of(date)?;
        let year = u8::try_from(date.year() - era.first_day().year() + 1).ok().filter(|year| *year <= 99)?;
        Some(EraDate { era, year, month: date.month(), day: date.day() })
    }

    /// The year as spoken: `元` for the first.
    pub fn year_text(self) -> String {
        if self.year == 1 { "元".to_owned() } else { self.year.to_string() }
    }
}

/// `GYYMMDD` as claims write a day: 年号区分, year, month, day. None where [`EraDate::of`] has none.
pub fn claim_form(date: Date) -> Option<String> {
    EraDate::of(date).map(|d| format!("{}{:02}{:02}{:02}", d.era.era_code(), d.year, d.month, d.day))
}

/// `GYYMM` as claims write a month. None where [`EraDate::of`] has none.
pub fn claim_month(date: Date) -> Option<String> {
    EraDate::of(date).map(|d| format!("{}{:02}{:02}", d.era.era_code(), d.year, d.month))
}

/// For people: 令和8年4月1日, 令和元年5月1日; days without an era date are written 西暦….
pub fn kanji_form(date: Date) -> String {
    match EraDate::of(date) {
        Some(d) => format!("{}{}年{}月{}日", d.era.kanji(), d.year_text(), d.month, d.day),
        None => format!("西暦{}年{}月{}日", date.year(), date.month(), date.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_follow_each_other_without_gap() {
        // claims-rules §7, the table
        let table = [
            (1, "M", "明治", (1868, 1, 25), Some((1912, 7, 29))),
            (2, "T", "大正", (1912, 7, 30), Some((1926, 12, 24))),
            (3, "S", "昭和", (1926, 12, 25), Some((1989, 1, 7))),
            (4, "H", "平成", (1989, 1, 8), Some((2019, 4, 30))),
            (5, "R", "令和", (2019, 5, 1), None),
        ];
        let day = |(year, month, day)| Date::literal(year, month, day);
        for (era, (code, letter, kanji, first, last)) in Era::ALL.iter().zip(table) {
            assert_eq!((era.era_code(), era.code(), era.kanji()), (code, letter, kanji));
            assert_eq!(era.first_day(), day(first));
            assert_eq!(era.last_day(), last.map(day));
            assert_eq!(Era::from_era_code(code), Some(*era));
            assert_eq!(Era::of(era.first_day()), Some(*era));
        }
        assert_eq!(Era::from_era_code(0), None);
        assert_eq!(Era::from_era_code(6), None);
        assert_eq!(Era::of(Date::literal(1868, 1, 24)), None);
    }

    #[test]
    fn days_are_written_for_claims_and_for_people() {
        let cases = [
            (Date::literal(1964, 10, 10), "3391010", "昭和39年10月10日"),
            (Date::literal(1926, 12, 24), "2151224", "大正15年12月24日"),
            (Date::literal(1926, 12, 25), "3011225", "昭和元年12月25日"),
            (Date::literal(1989, 1, 7), "3640107", "昭和64年1月7日"),
            (Date::literal(1989, 1, 8), "4010108", "平成元年1月8日"),
            (Date::literal(2019, 4, 30), "4310430", "平成31年4月30日"),
            (Date::literal(2019, 5, 1), "5010501", "令和元年5月1日"),
            (Date::literal(2026, 4, 1), "5080401", "令和8年4月1日"),
            (Date::literal(1912, 7, 29), "1450729", "明治45年7月29日"),
            (Date::literal(1873, 1, 1), "1060101", "明治6年1月1日"),
        ];
        for (date, claim, kanji) in cases {
            assert_eq!(claim_form(date).as_deref(), Some(claim));
            assert_eq!(claim_month(date).as_deref(), Some(&claim[..5]));
            assert_eq!(kanji_form(date), kanji);
        }
    }

    #[test]
    fn days_outside_every_era_are_not_forced_into_one() {
        for date in [Date::literal(1872, 12, 31), Date::literal(2118, 1, 1)] {
            assert_eq!(EraDate::of(date), None);
            assert_eq!(claim_form(date), None);
        }
        assert_eq!(kanji_form(Date::literal(1850, 2, 3)), "西暦1850年2月3日");
        assert_eq!(claim_form(Date::literal(2117, 12, 31)).as_deref(), Some("5991231"));
    }

    #[test]
    fn every_day_since_1873_comes_back_from_its_written_forms() {
        let mut date = SOLAR_FROM;
        while date <= Date::literal(2100, 12, 31) {
            let claim = claim_form(date).expect("a day since 1873 has an era date");
            for text in [claim, kanji_form(date)] {
                assert_eq!(parse_era_date(&text), Ok(ParsedDate { date, warning: None }), "{date}");
            }
            date = date.plus_days(1);
        }
    }
}
