//! Reading a day as people write it: with an era, as digits of a claim, or in the Gregorian calendar.

use super::{Era, EraDateError, EraWarning, SOLAR_FROM};
use crate::date::Date;
use crate::kana::{fold_width, is_blank};

/// A day that was read, with what staff should look at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedDate {
    /// The day.
    pub date: Date,
    /// Something to look at again.
    pub warning: Option<EraWarning>,
}

/// Reads `昭和39年10月10日`, `S39.10.10`, `S391010`, `令和元年5月1日`, `R1/5/1`, `5010501` (`GYYMMDD`), and the Gregorian
/// `2026-04-01`, `2026年4月1日`, `20260401`; full-width characters as well, with or without 生 behind.
///
/// A day outside its era is not converted silently: the error offers the probable day. Only 平成 after year 31 is
/// taken, with a warning (claims-rules §7).
pub fn parse_era_date(text: &str) -> Result<ParsedDate, EraDateError> {
    let folded = fold_width(text).to_uppercase();
    let text: String = folded.chars().filter(|c| !is_blank(*c)).collect();
    let text = text.trim_end_matches("まれ").trim_end_matches('生');
    if text.is_empty() {
        return Err(EraDateError::Empty);
    }
    match strip_era(text) {
        Some((era, rest)) => era_day(era, era_fields(rest).ok_or(EraDateError::NotUnderstood)?),
        None => parse_without_era(text),
    }
}

/// Year, month and day as written.
type Fields = (u16, u8, u8);

fn strip_era(text: &str) -> Option<(Era, &str)> {
    Era::ALL.iter().find_map(|era| {
        let short = era.kanji().chars().next().map(String::from).unwrap_or_default();
        [era.kanji(), ligature(*era), era.code(), &short]
            .iter()
            .find_map(|name| text.strip_prefix(name))
            .map(|rest| (*era, rest.strip_prefix('.').unwrap_or(rest)))
    })
}

/// The era squeezed into one character.
const fn ligature(era: Era) -> &'static str {
    match era {
        Era::Meiji => "㍾",
        Era::Taisho => "㍽",
        Era::Showa => "㍼",
        Era::Heisei => "㍻",
        Era::Reiwa => "㋿",
    }
}

/// What follows an era: `YYMMDD`, or three numbers with something between them; the first may be 元.
fn era_fields(rest: &str) -> Option<Fields> {
    if rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()) {
        return Some((rest[..2].parse().ok()?, rest[2..4].parse().ok()?, rest[4..].parse().ok()?));
    }
    let rest = match rest.strip_prefix('元') {
        Some(after) => format!("1{after}"),
        None => rest.to_owned(),
    };
    separated(&rest).filter(|(year, ..)| *year < 100)
}

/// Three numbers written `a年b月c日`, `a.b.c`, `a/b/c` or `a-b-c`.
fn separated(text: &str) -> Option<Fields> {
    let (year, month, day) = match text.split_once('年') {
        Some((year, rest)) => {
            let (month, rest) = rest.split_once('月')?;
            (year, month, rest.strip_suffix('日').unwrap_or(rest))
        }
        None => {
            let mut fields = text.split(['.', '/', '-', '・', 'ー']);
            let found = (fields.next()?, fields.next()?, fields.next()?);
            fields.next().is_none().then_some(found)?
        }
    };
    let digits = |field: &str| !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit());
    (digits(year) && digits(month) && digits(day)).then_some(())?;
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

fn era_day(era: Era, (year, month, day): Fields) -> Result<ParsedDate, EraDateError> {
    let year = u8::try_from(year).ok().filter(|year| (1..=99).contains(year)).ok_or(EraDateError::NoSuchDay)?;
    let date = Date::new(era.gregorian_year(year), month, day).ok_or(EraDateError::NoSuchDay)?;
    if date < SOLAR_FROM {
        return Err(EraDateError::LunarCalendar);
    }
    if Era::of(date) == Some(era) {
        return Ok(ParsedDate { date, warning: None });
    }
    if era == Era::Heisei && year > 31 {
        return Ok(ParsedDate { date, warning: Some(EraWarning::HeiseiAfterItsEnd) });
    }
    Err(EraDateError::OutsideEra { era, offered: date })
}

fn parse_without_era(text: &str) -> Result<ParsedDate, EraDateError> {
    let text = text.strip_prefix("西暦").unwrap_or(text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return parse_digits(text);
    }
    let (year, month, day) = separated(text).ok_or(EraDateError::NotUnderstood)?;
    match year {
        0..=99 => Err(EraDateError::EraMissing),
        1000..=9999 => gregorian(Date::new(year as i16, month, day)),
        _ => Err(EraDateError::NotUnderstood),
    }
}

fn parse_digits(text: &str) -> Result<ParsedDate, EraDateError> {
    match text.len() {
        6 => Err(EraDateError::EraMissing),
        7 => {
            let era = text[..1].parse().ok().and_then(Era::from_era_code).ok_or(EraDateError::NotUnderstood)?;
            era_day(era, era_fields(&text[1..]).ok_or(EraDateError::NotUnderstood)?)
        }
        8 => gregorian(Date::parse(text)),
        _ => Err(EraDateError::NotUnderstood),
    }
}

fn gregorian(date: Option<Date>) -> Result<ParsedDate, EraDateError> {
    date.map(|date| ParsedDate { date, warning: None }).ok_or(EraDateError::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        let parsed = parse_era_date(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(parsed.warning, None, "{text}");
        parsed.date
    }

    #[test]
    fn the_same_day_in_many_hands() {
        for text in [
            "昭和39年10月10日",
            "昭和３９年１０月１０日",
            " 昭和 39年 10月 10日 生 ",
            "昭和39年10月10日生まれ",
            "昭39.10.10",
            "昭和39.10.10",
            "㍼39年10月10日",
            "S39.10.10",
            "s39/10/10",
            "S.39.10.10",
            "S39-10-10",
            "Ｓ３９．１０．１０",
            "S391010",
            "3391010",
            "３３９１０１０",
            "1964-10-10",
            "1964/10/10",
            "1964年10月10日",
            "西暦1964年10月10日",
            "19641010",
        ] {
            assert_eq!(day(text), Date::literal(1964, 10, 10), "{text}");
        }
        for text in ["令和元年5月1日", "R1/5/1", "5010501", "令和1年5月1日", "R元.5.1", "㋿元年5月1日", "R010501"]
        {
            assert_eq!(day(text), Date::literal(2019, 5, 1), "{text}");
        }
    }

    #[test]
    fn a_day_outside_its_era_is_refused_with_an_offer() {
        let cases = [
            ("昭和64年1月8日", Era::Showa, (1989, 1, 8), "平成1年", "H1"),
            ("平成31年5月1日", Era::Heisei, (2019, 5, 1), "令和1年", "R1"),
            ("H31.12.31", Era::Heisei, (2019, 12, 31), "令和1年", "R1"),
            ("平成元年1月7日", Era::Heisei, (1989, 1, 7), "昭和64年", "S64"),
            ("R1.4.30", Era::Reiwa, (2019, 4, 30), "平成31年", "H31"),
            ("大正15年12月25日", Era::Taisho, (1926, 12, 25), "昭和1年", "S1"),
            ("3011224", Era::Showa, (1926, 12, 24), "大正15年", "T15"),
            ("M45.7.30", Era::Meiji, (1912, 7, 30), "大正1年", "T1"),
            ("S70.1.1", Era::Showa, (1995, 1, 1), "平成7年", "H7"),
        ];
        for (text, era, (year, month, date), ja, en) in cases {
            let error = parse_era_date(text).expect_err(text);
            let offered = Date::literal(year, month, date);
            assert_eq!(error, EraDateError::OutsideEra { era, offered });
            assert_eq!(error.offered(), Some(offered));
            assert!(error.ja().contains(ja), "{}", error.ja());
            assert!(error.en().contains(en), "{}", error.en());
        }
    }

    #[test]
    fn old_papers_may_print_heisei_for_later_years() {
        let parsed = parse_era_date("平成32年3月31日").expect("taken with a warning");
        assert_eq!(parsed.date, Date::literal(2020, 3, 31));
        assert_eq!(parsed.warning, Some(EraWarning::HeiseiAfterItsEnd));
        assert_eq!(parse_era_date("4370930").map(|p| p.date), Ok(Date::literal(2025, 9, 30)));
    }

    #[test]
    fn what_is_no_day_says_why() {
        let cases = [
            ("", EraDateError::Empty),
            ("　", EraDateError::Empty),
            ("昭和39年2月30日", EraDateError::NoSuchDay),
            ("2023-02-29", EraDateError::NoSuchDay),
            ("20230229", EraDateError::NoSuchDay),
            ("昭和0年1月1日", EraDateError::NoSuchDay),
            ("昭和39年13月1日", EraDateError::NoSuchDay),
            ("39.10.10", EraDateError::EraMissing),
            ("391010", EraDateError::EraMissing),
            ("明治5年1月1日", EraDateError::LunarCalendar),
            ("6010101", EraDateError::NotUnderstood),
            ("S39.10", EraDateError::NotUnderstood),
            ("S39.10.10.1", EraDateError::NotUnderstood),
            ("昭和391010日", EraDateError::NotUnderstood),
            ("S+39.10.10", EraDateError::NotUnderstood),
            ("昭和三十九年", EraDateError::NotUnderstood),
            ("昭和139年1月1日", EraDateError::NotUnderstood),
            ("山田太郎", EraDateError::NotUnderstood),
            ("S", EraDateError::NotUnderstood),
            ("昭和99999999999年1月1日", EraDateError::NotUnderstood),
        ];
        for (text, expected) in cases {
            let error = parse_era_date(text).expect_err(text);
            assert_eq!(error, expected, "{text}");
            assert!(!error.ja().is_empty() && !error.en().is_empty());
        }
    }

    #[test]
    fn errors_do_not_repeat_a_birth_date() {
        let error = parse_era_date("昭和64年3月21日").expect_err("after the end of the era");
        for text in [format!("{error:?}"), error.to_string(), error.ja()] {
            assert!(!text.contains("21") && !text.contains("3月"), "{text}");
        }
    }
}
