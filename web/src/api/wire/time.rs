//! Days and instants on the wire.

use crate::api::body::Place;
use domain::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// First and last day that is taken from outside.
const DAYS: (Date, Date) = (Date::literal(1868, 1, 25), Date::literal(2199, 12, 31));

/// A day as `YYYY-MM-DD`, from 1868-01-25 to 2199-12-31.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date, max_length = 10, example = "2026-04-01")]
pub struct Day(String);

impl Day {
    /// A day of ours.
    pub fn of(date: Date) -> Day {
        Day(date.to_string())
    }

    /// The day, if it exists and lies in the range.
    pub fn checked(&self, at: Place<'_>) -> Option<Date> {
        let found = parse_day(&self.0);
        if found.is_none() {
            at.wrong(
                "not_a_date",
                "実在する日付を YYYY-MM-DD で入れてください（1868-01-25〜2199-12-31）。",
                "Give a day that exists as YYYY-MM-DD, from 1868-01-25 to 2199-12-31.",
            );
        }
        found
    }
}

/// A day as `YYYY-MM-DD` in the range.
pub fn parse_day(text: &str) -> Option<Date> {
    let date = Date::parse(text).filter(|_| text.len() == 10)?;
    (DAYS.0 <= date && date <= DAYS.1).then_some(date)
}

/// The day of an optional field, checked.
pub fn optional_day(day: &Option<Day>, at: Place<'_>) -> Option<Date> {
    day.as_ref().and_then(|day| day.checked(at))
}

/// Refuses a period that ends before it begins; the place is that of the end.
pub fn in_order(from: Option<Date>, to: Option<Date>, at: Place<'_>) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        at.wrong("order", "終わりの日が始まりの日より前です。", "The end lies before the beginning.");
    }
}

/// An instant in RFC 3339, written with the offset of Japan and whole seconds; read with any offset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, max_length = 40, example = "2026-04-01T08:55:12+09:00")]
pub struct Instant(String);

impl Instant {
    /// An instant of ours.
    pub fn of(at: Timestamp) -> Instant {
        Instant(at.to_string())
    }

    /// The instant, if it is one.
    pub fn checked(&self, at: Place<'_>) -> Option<Timestamp> {
        let found = Timestamp::parse(&self.0).filter(|_| self.0.is_ascii() && self.0.len() <= 40);
        if found.is_none() {
            at.wrong(
                "not_an_instant",
                "時刻を 2026-04-01T08:55:12+09:00 の形で入れてください。",
                "Give an instant as 2026-04-01T08:55:12+09:00.",
            );
        }
        found
    }
}
