//! Ages as the invented people need them. A second, independent calculation of `claims-rules §6.1`: the product has
//! its own, and the two can prove each other wrong.

use domain::Date;

/// Last day of the 20 % before compulsory schooling: the first 31 March on or after the day six is reached.
pub(crate) fn preschool_until(birth: Date) -> Date {
    let reached = birth.plus_years(6).plus_days(-1);
    let march = Date::new(reached.year(), 3, 31).unwrap_or(reached);
    if reached <= march { march } else { march.plus_years(1) }
}

/// First day of the 70–74 ratio: the 1st of the month after the month in which 70 is reached.
pub(crate) fn seventy_from(birth: Date) -> Date {
    birth.plus_years(70).plus_days(-1).first_of_month().plus_months(1)
}

/// The 75th birthday, first day in the scheme of the late elderly.
pub(crate) fn seventy_five_on(birth: Date) -> Date {
    birth.plus_years(75)
}

/// Completed years on a day, by birthdays.
pub(crate) fn years(birth: Date, on: Date) -> i32 {
    let years = i32::from(on.year()) - i32::from(birth.year());
    if (on.month(), on.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

/// The first 31 July on or after a day: the yearly end of papers for 70–74 and 後期.
pub(crate) fn next_31_july(on: Date) -> Date {
    let july = Date::new(on.year(), 7, 31).unwrap_or(on);
    if on <= july { july } else { july.plus_years(1) }
}

/// Last day on which a card whose user certificate ended on `expiry` still answers (window W2, `checkin-rules §6`).
pub(crate) fn grace_until(expiry: Date) -> Date {
    expiry.first_of_month().plus_months(3).end_of_month()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).expect("a date of the table")
    }

    #[test]
    fn the_sheet_s_edges() {
        for (birth, until) in [
            ("2019-04-01", "2025-03-31"),
            ("2019-04-02", "2026-03-31"),
            ("2019-03-31", "2025-03-31"),
            ("2019-12-31", "2026-03-31"),
            ("2020-02-29", "2026-03-31"),
        ] {
            assert_eq!(preschool_until(date(birth)), date(until), "{birth}");
        }
        for (birth, from) in [
            ("1955-11-30", "2025-12-01"),
            ("1955-12-01", "2025-12-01"),
            ("1955-12-02", "2026-01-01"),
            ("1956-01-01", "2026-01-01"),
        ] {
            assert_eq!(seventy_from(date(birth)), date(from), "{birth}");
        }
        assert_eq!(seventy_five_on(date("1950-12-31")), date("2025-12-31"));
        for (expiry, end) in [("2025-02-10", "2025-05-31"), ("2025-11-30", "2026-02-28"), ("2025-12-15", "2026-03-31")]
        {
            assert_eq!(grace_until(date(expiry)), date(end), "{expiry}");
        }
    }
}
