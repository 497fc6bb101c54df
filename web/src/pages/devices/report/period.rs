//! The days a report speaks of, drawn to scale.

use super::{Line, Mark, Row};
use crate::lang::Lang;
use crate::port::{DeviceChange, DeviceItem, JournalEntry, LinkReport};
use crate::show::{self, Chip};
use crate::words::ReportWords;
use domain::link::{Link, LinkStatus};
use domain::{Date, Timestamp};

const HOUR_MS: i64 = 3600 * 1000;
/// Width of the period in the drawing, and of the name of a day or hour.
const WIDTH: i64 = 700;
const LABEL: i64 = 60;

/// Some days up to now, today included.
pub struct Period {
    pub lang: Lang,
    pub w: &'static ReportWords,
    pub now: Timestamp,
    pub today: Date,
    /// 1 is today alone
    pub days: i32,
}

impl Period {
    /// What may be chosen, in days.
    pub const CHOICES: [i32; 3] = [1, 3, 14];
    /// What a report shows when nobody chose.
    pub const USUAL: i32 = 3;

    /// The period of a choice.
    pub fn chosen(days: Option<i32>) -> i32 {
        days.filter(|days| Period::CHOICES.contains(days)).unwrap_or(Period::USUAL)
    }

    fn begin(&self) -> Timestamp {
        Timestamp::in_japan(self.today.plus_days(1 - self.days), 0, 0, 0)
    }

    /// Milliseconds up to now. A day that has hardly begun is drawn as an hour.
    fn length_ms(&self) -> i64 {
        self.now.since_ms(self.begin()).max(HOUR_MS)
    }

    fn holds(&self, at: Timestamp) -> bool {
        (0..=self.length_ms()).contains(&self.since_begin(at))
    }

    fn since_begin(&self, at: Timestamp) -> i64 {
        at.since_ms(self.begin())
    }

    fn x(&self, ms: i64) -> i64 {
        ms * WIDTH / self.length_ms()
    }

    pub fn link_row(&self, link: Link, report: &LinkReport, journal: &[JournalEntry]) -> Row {
        let state = report.links.get(link);
        let down = journal.iter().filter(|entry| entry.link == link && entry.status == LinkStatus::Down);
        let spans: Vec<(i64, i64)> = down.filter_map(|entry| self.span(entry)).collect();
        let down_ms: i64 = spans.iter().map(|(from, until)| until - from).sum();
        let down = if down_ms == 0 { String::new() } else { show::duration(self.lang, down_ms) };
        let name = show::link(self.lang, link).to_owned();
        Row {
            label: format!("{name}: {} {}", self.w.down, if down.is_empty() { "0" } else { &down }),
            chip: show::link_status(self.lang, state.status),
            since: state.since.map(|at| show::moment(self.lang, at, self.today)).unwrap_or_default(),
            marks: spans.into_iter().map(|(from, until)| self.down_mark(from, until)).collect(),
            name,
            down,
        }
    }

    pub fn device_row(&self, item: &DeviceItem) -> Row {
        let changes = item.history.iter().filter(|change| self.holds(change.at));
        let mark = |ms| Mark { class: "change", x: self.x(ms).min(WIDTH - 2), width: 2 };
        let marks: Vec<Mark> = changes.map(|change| mark(self.since_begin(change.at))).collect();
        Row {
            label: format!("{}: {}", item.device, marks.len()),
            chip: Chip { word: self.lang.of(&item.state), ..show::device_lamp(self.lang, item.lamp) },
            since: show::moment(self.lang, item.since, self.today),
            down: String::new(),
            name: format!("{} {}", self.lang.of(&item.kind), item.device),
            marks,
        }
    }

    /// The part of an entry that lies in the period.
    fn span(&self, entry: &JournalEntry) -> Option<(i64, i64)> {
        let inside = |at| self.since_begin(at).clamp(0, self.length_ms());
        let (from, until) = (inside(entry.from), entry.until.map_or(self.length_ms(), inside));
        (from < until).then_some((from, until))
    }

    fn down_mark(&self, from: i64, until: i64) -> Mark {
        let width = self.x(until - from).max(2);
        Mark { class: "down", x: self.x(from).min(WIDTH - width), width }
    }

    /// Places on the axis with their names: hours of a single day, else midnights.
    pub fn axis(&self) -> Vec<(i64, String)> {
        let places: Vec<(i64, String)> = if self.days == 1 {
            (0..24).step_by(6).map(|hour| (i64::from(hour) * HOUR_MS, format!("{hour}:00"))).collect()
        } else {
            (0..self.days).map(|day| self.midnight(day)).collect()
        };
        let drawn = places.into_iter().map(|(ms, name)| (self.x(ms), name)).filter(|(x, _)| (0..WIDTH).contains(x));
        with_room(drawn.collect())
    }

    fn midnight(&self, day: i32) -> (i64, String) {
        let date = self.today.plus_days(1 - self.days + day);
        (self.since_begin(Timestamp::in_japan(date, 0, 0, 0)), format!("{}/{}", date.month(), date.day()))
    }

    /// Links, devices and the clock of the box in one list, newest first.
    pub fn lines(&self, journal: &[JournalEntry], devices: &[DeviceItem], clock: &[DeviceChange]) -> Vec<Line> {
        let of_links = journal.iter().filter(|entry| self.span(entry).is_some() || self.holds(entry.from));
        let of_devices = devices.iter().flat_map(|item| item.history.iter().map(|change| (&*item.device, change)));
        let of_parts = of_devices.chain(clock.iter().map(|change| (self.w.clock, change)));
        let of_parts = of_parts.filter(|(_, change)| self.holds(change.at));
        let of_parts = of_parts.map(|(part, change)| self.change_line(part, change));
        let mut lines: Vec<Line> = of_links.map(|entry| self.journal_line(entry)).chain(of_parts).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.ms));
        lines
    }

    fn change_line(&self, part: &str, change: &DeviceChange) -> Line {
        Line {
            ms: change.at.as_ms(),
            at: show::moment(self.lang, change.at, self.today),
            part: part.to_owned(),
            what: self.lang.of(&change.what),
            detail: String::new(),
        }
    }

    fn journal_line(&self, entry: &JournalEntry) -> Line {
        let cause = entry.cause.map(|cause| format!(" — {}", show::cause(self.lang, cause))).unwrap_or_default();
        let lasted = entry.until.map(|until| show::duration(self.lang, until.since_ms(entry.from)));
        let lasted = lasted.map(|lasted| format!("（{} {lasted}）", self.w.lasted)).unwrap_or_default();
        Line {
            ms: entry.from.as_ms(),
            at: show::moment(self.lang, entry.from, self.today),
            part: show::link(self.lang, entry.link).to_owned(),
            what: format!("{}{cause}{lasted}", show::link_status(self.lang, entry.status).word),
            detail: entry.detail.clone().unwrap_or_default(),
        }
    }
}

/// A name that would lie over the next one, or leave the drawing, is left out; its place stays.
fn with_room(places: Vec<(i64, String)>) -> Vec<(i64, String)> {
    let mut free_from = 0;
    let named = places.into_iter().map(|(x, name)| {
        if x < free_from || x + LABEL > WIDTH {
            return (x, String::new());
        }
        free_from = x + LABEL;
        (x, name)
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(days: i32, hour: u8) -> Period {
        let today = Date::literal(2026, 3, 14);
        let now = Timestamp::in_japan(today, hour, 0, 0);
        Period { lang: Lang::Ja, w: ReportWords::of(Lang::Ja), now, today, days }
    }

    fn names(days: i32, hour: u8) -> Vec<String> {
        period(days, hour).axis().into_iter().map(|(_, name)| name).filter(|name| !name.is_empty()).collect()
    }

    #[test]
    fn the_axis_names_what_it_has_room_for() {
        assert_eq!(names(1, 18), ["0:00", "6:00", "12:00"]);
        assert_eq!(names(3, 12), ["3/12", "3/13", "3/14"]);
        assert_eq!(names(14, 18), ["3/1", "3/3", "3/5", "3/7", "3/9", "3/11", "3/13"]);
        assert_eq!(names(1, 0), ["0:00"], "a day that has hardly begun");
    }

    #[test]
    fn only_what_may_be_chosen_is_chosen() {
        assert_eq!([Some(1), Some(14), Some(7), Some(-3), None].map(Period::chosen), [1, 14, 3, 3, 3]);
    }
}
