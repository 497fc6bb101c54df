//! The wall clock of the site.

use domain::{Date, Timestamp};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The site's time zone. Japan has one offset and no summer time; the zone is a setting all the same.
#[derive(Clone, Debug)]
pub struct SiteZone(TimeZone);

impl SiteZone {
    /// `Asia/Tokyo`, from the tz database inside the program.
    pub fn japan() -> SiteZone {
        SiteZone(TimeZone::get("Asia/Tokyo").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9))))
    }

    /// A zone by its name in the tz database; `None` when there is no such zone.
    pub fn named(name: &str) -> Option<SiteZone> {
        TimeZone::get(name).ok().map(SiteZone)
    }

    /// What the wall clock shows.
    pub(super) fn wall(&self, at: Timestamp) -> civil::DateTime {
        self.0.to_datetime(instant(at))
    }

    /// The instant at which the wall clock first shows this. A time that summer time leaps over is the end of the leap.
    pub(super) fn first_at(&self, wall: civil::DateTime) -> Timestamp {
        let ambiguous = self.0.to_ambiguous_timestamp(wall);
        let first = match ambiguous.offset() {
            AmbiguousOffset::Gap { before, .. } => {
                let inside = before.to_timestamp(wall).unwrap_or(jiff::Timestamp::MAX);
                // `preceding` is strict, and the leap may begin at this very second
                let later = inside.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(inside);
                self.0.preceding(later).next().map_or(inside, |leap| leap.timestamp())
            }
            _ => ambiguous.earlier().unwrap_or(jiff::Timestamp::MAX),
        };
        Timestamp::from_ms(first.as_millisecond())
    }

    /// The offset from UTC, in milliseconds.
    pub fn utc_offset_ms(&self, at: Timestamp) -> i64 {
        i64::from(self.0.to_offset(instant(at)).seconds()) * 1000
    }

    /// The day on the wall.
    pub fn date(&self, at: Timestamp) -> Date {
        let date = self.wall(at).date();
        // the years of an instant that jiff can show are those of a Date, save the first and last
        Date::new(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
            .unwrap_or(Date::literal(1970, 1, 1))
    }

    /// Hour and minute on the wall.
    pub fn hour_and_minute(&self, at: Timestamp) -> (u8, u8) {
        let wall = self.wall(at);
        (wall.hour().unsigned_abs(), wall.minute().unsigned_abs())
    }

    /// So many minutes after midnight of this day; more than 24 hours lead into the next one.
    pub fn at(&self, date: Date, minute_of_day: u16) -> Timestamp {
        let day = date.plus_days(i32::from(minute_of_day / 1440));
        let minute = minute_of_day % 1440;
        let time = civil::time((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        self.first_at(civil::date(day.year(), day.month() as i8, day.day() as i8).to_datetime(time))
    }
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.as_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
