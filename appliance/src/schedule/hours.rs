//! When the doors are open.

use super::zone::SiteZone;
use domain::date::Weekday;
use domain::text::Text;
use domain::{Date, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

/// A time between opening and closing, in minutes after midnight. A night clinic closes after 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    from: u16,
    to: u16,
}

/// Reception hours: per weekday, with days that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptionHours {
    week: [Vec<Span>; 7],
    special: BTreeMap<Date, Vec<Span>>,
}

/// The text is no list of hours; what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursRefused(pub String);

/// The latest closing time: noon of the next day.
const LATEST: u16 = 36 * 60;
/// How far ahead the calendar is searched.
const HORIZON_DAYS: i32 = 60;

impl Span {
    /// From minute to minute after midnight; `None` when it ends before it begins or after noon of the next day.
    pub fn new(from: u16, to: u16) -> Option<Span> {
        (from < to && from < 1440 && to <= LATEST).then_some(Span { from, to })
    }

    /// Where it begins, in minutes after midnight.
    pub fn from_minute(self) -> u16 {
        self.from
    }

    /// Reads `09:00-12:30`.
    fn parse(text: &str) -> Option<Span> {
        let (from, to) = text.trim().split_once('-')?;
        Span::new(minute_of(from.trim())?, minute_of(to.trim())?)
    }
}

impl ReceptionHours {
    /// Closed every day.
    pub fn none() -> ReceptionHours {
        ReceptionHours { week: Default::default(), special: BTreeMap::new() }
    }

    /// For a site that has not said its hours: open whenever a clinic might be, so that nothing is restarted by day.
    pub fn cautious() -> ReceptionHours {
        let day = vec![Span { from: 6 * 60, to: 23 * 60 }];
        ReceptionHours { week: std::array::from_fn(|_| day.clone()), special: BTreeMap::new() }
    }

    /// Reads `09:00-12:30, 15:00-18:30`; an empty text means closed.
    pub fn parse_day(text: &str) -> Result<Vec<Span>, HoursRefused> {
        let parts = text.split([',', '、']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| Span::parse(part).ok_or_else(|| HoursRefused(part.to_owned()))).collect()
    }

    /// With these hours on this weekday.
    pub fn on(mut self, weekday: Weekday, spans: Vec<Span>) -> ReceptionHours {
        self.week[index(weekday)] = spans;
        self
    }

    /// With other hours on this one day: none on a day off, some on a Sunday on duty.
    pub fn on_date(mut self, date: Date, spans: Vec<Span>) -> ReceptionHours {
        self.special.insert(date, spans);
        self
    }

    /// Whether the doors are open.
    pub fn is_open(&self, at: Timestamp, zone: &SiteZone) -> bool {
        self.clash(at, 1, zone).is_some()
    }

    /// The next opening after `after`; a span that begins where another ends is no opening. `None` when the site does not open
    /// within two months.
    pub fn next_opening(&self, after: Timestamp, zone: &SiteZone) -> Option<Timestamp> {
        self.open_times(after, zone).into_iter().map(|(from, _)| from).find(|from| *from > after)
    }

    /// The end of the last open time not after `at`.
    pub fn last_closing(&self, at: Timestamp, zone: &SiteZone) -> Option<Timestamp> {
        self.open_times(at, zone).into_iter().map(|(_, to)| to).take_while(|to| *to <= at).last()
    }

    /// The earliest moment from `from` on that leaves `takes_ms` before the doors open; `None` when there is none within two months.
    pub fn next_free(&self, from: Timestamp, takes_ms: i64, zone: &SiteZone) -> Option<Timestamp> {
        let mut start = from;
        for _ in 0..=4 * HORIZON_DAYS {
            match self.clash(start, takes_ms, zone) {
                None => return Some(start),
                Some((_, closing)) => start = closing,
            }
        }
        None
    }

    /// The open time that overlaps with `takes_ms` from `from` on.
    pub(super) fn clash(&self, from: Timestamp, takes_ms: i64, zone: &SiteZone) -> Option<(Timestamp, Timestamp)> {
        let until = from.plus_ms(takes_ms.max(1));
        let days = -2..=(takes_ms / 86_400_000) as i32 + 1;
        self.days(zone.date(from), days, zone).into_iter().find(|(open, close)| *open < until && from < *close)
    }

    fn open_times(&self, around: Timestamp, zone: &SiteZone) -> Vec<(Timestamp, Timestamp)> {
        self.days(zone.date(around), -8..=HORIZON_DAYS, zone)
    }

    /// Open times of these days in order, those that touch joined.
    fn days(&self, today: Date, days: std::ops::RangeInclusive<i32>, zone: &SiteZone) -> Vec<(Timestamp, Timestamp)> {
        let mut times: Vec<(Timestamp, Timestamp)> = days
            .map(|days| today.plus_days(days))
            .flat_map(|date| self.spans(date).iter().map(move |span| (date, *span)))
            .map(|(date, span)| (zone.at(date, span.from), zone.at(date, span.to)))
            .collect();
        times.sort_unstable();
        times.dedup_by(|later, earlier| {
            let touch = later.0 <= earlier.1;
            if touch {
                earlier.1 = earlier.1.max(later.1);
            }
            touch
        });
        times
    }

    fn spans(&self, date: Date) -> &[Span] {
        self.special.get(&date).unwrap_or(&self.week[index(date.weekday())])
    }
}

impl HoursRefused {
    /// What is wrong, and what to write instead.
    pub fn text(&self) -> Text {
        Text::new(
            format!("受付時間「{}」が読み取れません。例：09:00-12:30, 15:00-18:30（深夜は 22:00-26:00）", self.0),
            format!(
                "the hours \"{}\" cannot be read. Example: 09:00-12:30, 15:00-18:30 (past midnight: 22:00-26:00)",
                self.0
            ),
        )
    }
}

impl fmt::Display for HoursRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        write!(formatter, "{} / {}", text.ja, text.en)
    }
}

impl std::error::Error for HoursRefused {}

fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60).then_some(hour * 60 + minute)
}

fn index(weekday: Weekday) -> usize {
    weekday as usize
}

#[cfg(test)]
mod tests;
