//! What can be wrong or odd about a written day, in words for staff.

use super::{Era, EraDate, SOLAR_FROM, kanji_form};
use crate::date::Date;
use std::fmt;

/// What is odd about an era date that is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EraWarning {
    /// A 平成 year after 31, as papers printed before 2019 carry it.
    HeiseiAfterItsEnd,
}

/// Why a day could not be read. `Debug` and the texts never repeat the day: it may be a birth date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EraDateError {
    /// Nothing was entered.
    Empty,
    /// No known way to write a day.
    NotUnderstood,
    /// Year, month and day, but no era and no four-digit year.
    EraMissing,
    /// The calendar has no such day.
    NoSuchDay,
    /// 明治 before its sixth year: the months were lunar and are not converted.
    LunarCalendar,
    /// The day is not in the era that was written.
    OutsideEra {
        /// the era that was written
        era: Era,
        /// the day that is probably meant, to offer to staff
        offered: Date,
    },
}

impl EraDateError {
    /// The day to offer instead, when there is one.
    pub fn offered(&self) -> Option<Date> {
        match self {
            EraDateError::OutsideEra { offered, .. } => Some(*offered),
            _ => None,
        }
    }

    /// For staff: what is wrong and what to do.
    pub fn ja(&self) -> String {
        match self {
            EraDateError::Empty => "日付が入力されていません。".to_owned(),
            EraDateError::NotUnderstood => {
                "日付として読めません。「昭和39年10月10日」「S39.10.10」「1964/10/10」のように入力してください。"
                    .to_owned()
            }
            EraDateError::EraMissing => {
                "元号がありません。明治・大正・昭和・平成・令和（M・T・S・H・R）か西暦4桁を付けて入力してください。"
                    .to_owned()
            }
            EraDateError::NoSuchDay => "暦にない日付です。年月日を確かめて入力し直してください。".to_owned(),
            EraDateError::LunarCalendar => {
                "明治5年以前は旧暦のため換算できません。元号と年を確かめて入力し直してください。".to_owned()
            }
            EraDateError::OutsideEra { era, offered } => format!(
                "{}の期間（{}）にない日付です。{}のことではありませんか。証を見て確かめてください。",
                era.kanji(),
                period_ja(*era),
                era_year_ja(*offered)
            ),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            EraDateError::Empty => "No date was entered.".to_owned(),
            EraDateError::NotUnderstood => {
                "This is not readable as a date. Write it like S39.10.10, 昭和39年10月10日 or 1964/10/10.".to_owned()
            }
            EraDateError::EraMissing => {
                "The era is missing. Put M, T, S, H or R in front, or write the year with four digits.".to_owned()
            }
            EraDateError::NoSuchDay => "The calendar has no such day. Check year, month and day.".to_owned(),
            EraDateError::LunarCalendar => {
                "Dates before Meiji 6 are lunar and are not converted. Check era and year.".to_owned()
            }
            EraDateError::OutsideEra { era, offered } => format!(
                "This day is not in the era {} ({}). Is {} meant? Check the certificate.",
                era.code(),
                period_en(*era),
                era_year_en(*offered)
            ),
        }
    }
}

fn period_ja(era: Era) -> String {
    let last = era.last_day().map(kanji_form).unwrap_or_default();
    let first = era.first_day().max(SOLAR_FROM);
    format!("{}～{last}", kanji_form(first))
}

fn period_en(era: Era) -> String {
    let last = era.last_day().map(|day| day.to_string()).unwrap_or_default();
    format!("{} to {last}", era.first_day())
}

fn era_year_ja(date: Date) -> String {
    EraDate::of(date).map(|d| format!("{}{}年", d.era.kanji(), d.year)).unwrap_or_default()
}

fn era_year_en(date: Date) -> String {
    EraDate::of(date).map(|d| format!("{}{}", d.era.code(), d.year)).unwrap_or_default()
}

impl EraWarning {
    /// For staff.
    pub fn ja(&self) -> String {
        match self {
            EraWarning::HeiseiAfterItsEnd => {
                "平成は31年までです。古い印字とみて令和に読み替えました。紙と見比べてください。".to_owned()
            }
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            EraWarning::HeiseiAfterItsEnd => {
                "Heisei ended in year 31. It was taken as an old print and converted; compare with the paper."
                    .to_owned()
            }
        }
    }
}

impl fmt::Debug for EraDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EraDateError::Empty => f.write_str("Empty"),
            EraDateError::NotUnderstood => f.write_str("NotUnderstood"),
            EraDateError::EraMissing => f.write_str("EraMissing"),
            EraDateError::NoSuchDay => f.write_str("NoSuchDay"),
            EraDateError::LunarCalendar => f.write_str("LunarCalendar"),
            EraDateError::OutsideEra { era, .. } => write!(f, "OutsideEra {{ era: {era:?}, .. }}"),
        }
    }
}

impl fmt::Display for EraDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for EraDateError {}
