//! When updates are installed: a span of the night, in the zone of the site.

use crate::schedule::SiteZone;
use domain::Timestamp;
use domain::text::Text;

/// From minute to minute after midnight; one that ends before it begins goes over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaintenanceWindow {
    from: u16,
    to: u16,
}

impl Default for MaintenanceWindow {
    /// From two to five at night.
    fn default() -> MaintenanceWindow {
        MaintenanceWindow { from: 2 * 60, to: 5 * 60 }
    }
}

impl MaintenanceWindow {
    /// Reads `02:00-05:00`; at least a quarter of an hour.
    pub fn parse(text: &str) -> Option<MaintenanceWindow> {
        let (from, to) = text.split_once('-')?;
        let window = MaintenanceWindow { from: minute(from)?, to: minute(to)? };
        (window.minutes() >= 15).then_some(window)
    }

    const fn minutes(self) -> u16 {
        (self.to + 1440 - self.from) % 1440
    }

    /// Whether it is open.
    pub fn is_open(self, now: Timestamp, zone: &SiteZone) -> bool {
        let (hour, minute) = zone.hour_and_minute(now);
        let at = u16::from(hour) * 60 + u16::from(minute);
        (at + 1440 - self.from) % 1440 < self.minutes()
    }

    /// When it opens next; now, when it is open.
    pub fn next(self, now: Timestamp, zone: &SiteZone) -> Timestamp {
        if self.is_open(now, zone) {
            return now;
        }
        let today = zone.at(zone.date(now), self.from);
        if today > now { today } else { zone.at(zone.date(now).plus_days(1), self.from) }
    }

    /// The window in words.
    pub fn text(self) -> Text {
        let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
        let (from, to) = (clock(self.from), clock(self.to));
        Text::new(format!("毎日 {from} から {to}"), format!("Every day from {from} to {to}"))
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Date;

    fn at(hour: u8, minute: u8) -> Timestamp {
        Timestamp::in_japan(Date::literal(2026, 11, 23), hour, minute, 0)
    }

    #[test]
    fn a_window_may_go_over_midnight() {
        let zone = SiteZone::japan();
        let night = MaintenanceWindow::parse("22:30-04:00").expect("a window");
        for (hour, minute, open) in [(22, 29, false), (22, 30, true), (0, 0, true), (3, 59, true), (4, 0, false)] {
            assert_eq!(night.is_open(at(hour, minute), &zone), open, "{hour}:{minute}");
        }
        assert_eq!(night.next(at(12, 0), &zone), at(22, 30));
        assert_eq!(night.next(at(23, 0), &zone), at(23, 0));
        let usual = MaintenanceWindow::default();
        assert_eq!(usual.next(at(12, 0), &zone), at(2, 0).plus_ms(86_400_000));
        assert_eq!(usual.text().en, "Every day from 2:00 to 5:00");
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in ["", "02:00", "2-5", "02:00-02:10", "02:00-02:00", "24:00-05:00", "02:60-05:00", "+2:00-05:00"] {
            assert_eq!(MaintenanceWindow::parse(text), None, "{text}");
        }
    }
}
