//! Crontab lines as people write them, and the one place that knows the crate `cron`.
//!
//! People write the five fields of crontab(5). `cron` reads six or seven, counts Sunday as 1, joins day of month and day of week by
//! AND, and leaves out or repeats runs when summer time begins or ends. So a line is read here, each field becomes the plain list
//! of its values, and the crate only searches the calendar of wall-clock times; the zone is applied outside. Where both day fields
//! are restricted, either may match, as crontab(5) says: two schedules, the earlier one counts.

mod field;

use super::zone::SiteZone;
use chrono::{NaiveDate, TimeZone, Utc};
use cron::Schedule;
use domain::Timestamp;
use domain::text::Text;
use field::{Days, Field};
use jiff::civil;
use std::fmt;
use std::str::FromStr;

/// One crontab line: which minutes of which days.
#[derive(Clone, Debug)]
pub struct CronLine {
    text: String,
    schedules: Vec<Schedule>,
}

/// Why a line is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineRefused {
    /// not five fields
    Fields(usize),
    /// a field that says nothing understandable: which one, and what stands there
    Field(&'static str, String),
    /// `*/n` in one day field and days in the other: crons disagree whether both or either must match
    AmbiguousDays,
    /// a day that no calendar has, such as 31 February
    Never,
    /// `@reboot` and names that do not exist
    Nickname(String),
}

impl CronLine {
    /// Reads five fields (minute, hour, day of month, month, day of week) or `@hourly`, `@daily`, `@midnight`, `@weekly`,
    /// `@monthly`, `@yearly`, `@annually`.
    pub fn parse(text: &str) -> Result<CronLine, LineRefused> {
        let text = text.trim();
        let fields: Vec<&str> = written_out(text)?.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else { return Err(LineRefused::Fields(fields.len())) };
        let days = Days::parse(day, weekday)?;
        let times = [Field::MINUTE.parse(minute)?, Field::HOUR.parse(hour)?];
        let month = Field::MONTH.parse(month)?;
        let schedules = expressions(&times, &month, &days)
            .iter()
            .map(|expression| Schedule::from_str(expression).map_err(|_| LineRefused::Never))
            .collect::<Result<Vec<Schedule>, LineRefused>>()?;
        let line = CronLine { text: text.to_owned(), schedules };
        // ten years hold every day a calendar has, 29 February included
        line.next_wall(civil::date(2025, 1, 1).at(0, 0, 0, 0)).map(|_| line).ok_or(LineRefused::Never)
    }

    /// The line as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first time after `after`. Each wall-clock time comes once a day, also when summer time ends; one that summer time leaps
    /// over comes at the end of the leap. `None` when the line never comes again before the year 2100.
    pub fn next_after(&self, after: Timestamp, zone: &SiteZone) -> Option<Timestamp> {
        let mut wall = zone.wall(after);
        loop {
            wall = self.next_wall(wall)?;
            let at = zone.first_at(wall);
            if at > after {
                return Some(at);
            }
        }
    }

    /// The last time not after `now`.
    pub fn latest(&self, now: Timestamp, zone: &SiteZone) -> Option<Timestamp> {
        let wall = zone.wall(now).saturating_add(jiff::Span::new().seconds(1));
        let before = chrono_of(wall)?;
        let walls = self.schedules.iter().filter_map(|schedule| schedule.after(&before).next_back());
        walls.max().map(|wall| zone.first_at(civil_of(&wall.naive_utc()))).filter(|at| *at <= now)
    }

    fn next_wall(&self, after: civil::DateTime) -> Option<civil::DateTime> {
        let after = chrono_of(after)?;
        let walls = self.schedules.iter().filter_map(|schedule| schedule.after(&after).next());
        walls.min().map(|wall| civil_of(&wall.naive_utc()))
    }
}

impl fmt::Display for CronLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl LineRefused {
    /// What is wrong with the line, and what to write instead.
    pub fn text(&self) -> Text {
        match self {
            LineRefused::Fields(count) => Text::new(
                format!("「分 時 日 月 曜日」の5項目で書いてください（{count}項目あります）。例：30 3 * * *"),
                format!("write five fields: minute hour day month weekday (there are {count}). Example: 30 3 * * *"),
            ),
            LineRefused::Field(field, written) => Text::new(
                format!("{field} の欄の「{written}」が読み取れません。"),
                format!("\"{written}\" cannot be read as {field}."),
            ),
            LineRefused::AmbiguousDays => Text::new(
                "日と曜日の両方を指定するときは「*/n」を使わず、日を並べて書いてください。例：0 3 1,15 * 1",
                "with both days and weekdays given, do not use */n: list the days. Example: 0 3 1,15 * 1",
            ),
            LineRefused::Never => Text::new(
                "この日付は暦にないため、一度も実行されません。",
                "no calendar has this day, so it would never run.",
            ),
            LineRefused::Nickname(name) => Text::new(
                format!("「{name}」は使えません。5項目で書いてください。例：30 3 * * *"),
                format!("\"{name}\" is not possible here: write five fields. Example: 30 3 * * *"),
            ),
        }
    }
}

impl fmt::Display for LineRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        write!(formatter, "{} / {}", text.ja, text.en)
    }
}

impl std::error::Error for LineRefused {}

fn written_out(text: &str) -> Result<&str, LineRefused> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        nickname if nickname.starts_with('@') => return Err(LineRefused::Nickname(text.to_owned())),
        _ => text,
    })
}

/// In the crate's fields: seconds, minutes, hours, days, months, weekdays from Sunday = 1.
fn expressions(times: &[Vec<u8>; 2], month: &[u8], days: &Days) -> Vec<String> {
    let [minute, hour] = times;
    let expression =
        |day: &str, weekday: &str| format!("0 {} {} {day} {} {weekday}", list(minute), list(hour), list(month));
    let weekdays = |days: &[u8]| list(&days.iter().map(|day| day + 1).collect::<Vec<u8>>());
    match days {
        Days::Both(of_month, of_week) => vec![expression(&list(of_month), &weekdays(of_week))],
        Days::Either(of_month, of_week) => {
            vec![expression(&list(of_month), "*"), expression("*", &weekdays(of_week))]
        }
    }
}

fn list(values: &[u8]) -> String {
    values.iter().map(u8::to_string).collect::<Vec<String>>().join(",")
}

/// The wall clock's time as the crate wants it: in a calendar without zones.
fn chrono_of(wall: civil::DateTime) -> Option<chrono::DateTime<Utc>> {
    let date = NaiveDate::from_ymd_opt(
        i32::from(wall.year()),
        u32::from(wall.month().unsigned_abs()),
        u32::from(wall.day().unsigned_abs()),
    )?;
    let [hour, minute, second] = [wall.hour(), wall.minute(), wall.second()].map(|part| u32::from(part.unsigned_abs()));
    Some(Utc.from_utc_datetime(&date.and_hms_opt(hour, minute, second)?))
}

fn civil_of(wall: &chrono::NaiveDateTime) -> civil::DateTime {
    use chrono::{Datelike, Timelike};
    // the crate searches the years 1970 to 2100, so that every part fits
    let [month, day] = [wall.month(), wall.day()].map(|part| part as i8);
    let [hour, minute, second] = [wall.hour(), wall.minute(), wall.second()].map(|part| part as i8);
    civil::date(wall.year() as i16, month, day).at(hour, minute, second, 0)
}

#[cfg(test)]
mod tests;
