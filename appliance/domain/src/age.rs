//! Age in law, and what follows from it for the patient's share (claims-rules §6).
//!
//! An age is reached at the end of the day before the birthday, so the day before counts. The appliance never judges
//! income: age is a fallback for the ratio and a way to notice contradictions.

mod consistency;

pub use consistency::{AgeSchemeIssue, consistency};

use crate::codes;
use crate::date::Date;

codes! {
    /// The bands in which the ratio differs.
    pub enum AgeBand {
        /// 未就学: to the first 31 March on or after reaching 6.
        Preschool = "preschool",
        /// From school age to 69.
        SchoolTo69 = "school_to_69",
        /// 70–74: from the first of the month after reaching 70.
        From70To74 = "from_70_to_74",
        /// 後期高齢者: from the 75th birthday itself.
        LateElderly = "late_elderly",
    }
}

/// When 後期高齢者医療 begins for a birth date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateElderlyStart {
    /// On the 75th birthday.
    Day(Date),
    /// Born on 29 February: which of these days is not known; take the insurer's date.
    InsurerDecides {
        /// 28 February
        earliest: Date,
        /// 1 March
        latest: Date,
    },
}

/// The patient's share in tenths as far as age alone tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeRatio {
    /// Tenths of the cost.
    Known(u8),
    /// One of these; an answer or a document says which. Never assume.
    NeedsDocument {
        /// possible shares in tenths
        choices: &'static [u8],
    },
}

/// The day on which the age is reached in law: the day before the birthday, 28 February for people born on the 29th.
pub fn reaches(birth: Date, years: u8) -> Date {
    let birthday = birth.plus_years(i32::from(years));
    if is_leap_day(birth) { birthday.first_of_month().plus_days(27) } else { birthday.plus_days(-1) }
}

/// Age in law on a day: the day before the birthday already counts. 0 before birth.
pub fn age_on(birth: Date, date: Date) -> u8 {
    let by_year = u8::try_from(date.year() - birth.year() + 1).unwrap_or(if date < birth { 0 } else { u8::MAX });
    (0..=by_year).rev().find(|years| *years == 0 || reaches(birth, *years) <= date).unwrap_or(0)
}

/// Age as people say it: one more from the birthday on (1 March for people born on 29 February, in other years).
pub fn spoken_age(birth: Date, date: Date) -> u8 {
    age_on(birth, date.plus_days(-1))
}

/// Last day of the preschool ratio.
pub fn preschool_until(birth: Date) -> Date {
    let six = reaches(birth, 6);
    let this_year = six.first_of_month().plus_months(3 - i32::from(six.month())).end_of_month();
    if this_year >= six { this_year } else { this_year.plus_months(12) }
}

/// First day of the 70–74 ratio: the first of the month after the one in which 70 is reached.
pub fn elderly_from(birth: Date) -> Date {
    reaches(birth, 70).first_of_month().plus_months(1)
}

/// First day of 後期高齢者医療 by age.
pub fn late_elderly_from(birth: Date) -> LateElderlyStart {
    let reached = reaches(birth, 75);
    let next = reached.plus_days(1);
    if is_leap_day(birth) && next.day() == 1 {
        LateElderlyStart::InsurerDecides { earliest: reached, latest: next }
    } else {
        LateElderlyStart::Day(next)
    }
}

impl LateElderlyStart {
    /// First day on which it may have begun.
    pub const fn earliest(self) -> Date {
        match self {
            LateElderlyStart::Day(day) => day,
            LateElderlyStart::InsurerDecides { earliest, .. } => earliest,
        }
    }

    /// First day on which it has certainly begun.
    pub const fn latest(self) -> Date {
        match self {
            LateElderlyStart::Day(day) => day,
            LateElderlyStart::InsurerDecides { latest, .. } => latest,
        }
    }

    /// Whether the day lies where only the insurer knows.
    pub fn is_open_on(self, date: Date) -> bool {
        self.earliest() <= date && date < self.latest()
    }
}

/// The band of a day; 75 counts from the day it has certainly begun.
pub fn age_band(birth: Date, date: Date) -> AgeBand {
    if date >= late_elderly_from(birth).latest() {
        AgeBand::LateElderly
    } else if date >= elderly_from(birth) {
        AgeBand::From70To74
    } else if date > preschool_until(birth) {
        AgeBand::SchoolTo69
    } else {
        AgeBand::Preschool
    }
}

/// The patient's share by age alone. People of 65–74 in 後期高齢者医療 by recognised disability and 国保組合 with their
/// own ratio are not seen from here.
pub fn age_ratio(birth: Date, date: Date) -> AgeRatio {
    if late_elderly_from(birth).is_open_on(date) {
        return AgeRatio::NeedsDocument { choices: &[1, 2, 3] };
    }
    match age_band(birth, date) {
        AgeBand::Preschool => AgeRatio::Known(2),
        AgeBand::SchoolTo69 => AgeRatio::Known(3),
        AgeBand::From70To74 => AgeRatio::NeedsDocument { choices: &[2, 3] },
        AgeBand::LateElderly => AgeRatio::NeedsDocument { choices: &[1, 2, 3] },
    }
}

const fn is_leap_day(date: Date) -> bool {
    date.month() == 2 && date.day() == 29
}

#[cfg(test)]
mod tests;
