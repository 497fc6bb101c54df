//! What can be read off the card's face.

use std::fmt;

use jiff::civil::Date;

use super::holder::Holder;

/// What is printed on the emulated card, for whoever plays the staff typing it in. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    /// The person.
    pub holder: Holder,
    /// The day the plastic card ends.
    pub card_expiry: Date,
    /// The security code: four digits.
    pub security_code: String,
}

/// First days of the eras (`my-number-card §5`), newest first.
const ERAS: [(i16, i8, i8); 5] = [(2019, 5, 1), (1989, 1, 8), (1926, 12, 25), (1912, 7, 30), (1868, 1, 25)];

impl Printed {
    /// 照合番号B: birth date with the year of the era, year the card ends, security code; 14 digits.
    pub fn surface_code(&self) -> String {
        let birth = self.holder.birth;
        let year = era_year(birth);
        format!("{year:02}{:02}{:02}{:04}{}", birth.month(), birth.day(), self.card_expiry.year(), self.security_code)
    }
}

/// The year within its era; a day before the oldest era keeps its last two digits.
fn era_year(day: Date) -> i16 {
    let era = ERAS.iter().find(|(year, month, first)| (day.year(), day.month(), day.day()) >= (*year, *month, *first));
    era.map_or(day.year() % 100, |(year, _, _)| day.year() - year + 1)
}

impl fmt::Debug for Printed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Printed(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_counts_from_the_first_day_of_its_era() {
        let years = [
            (date(2020, 3, 1), 2),
            (date(2019, 5, 1), 1),
            (date(2019, 4, 30), 31),
            (date(1980, 6, 1), 55),
            (date(1926, 12, 24), 15),
            (date(1912, 7, 29), 45),
        ];
        for (day, year) in years {
            assert_eq!(era_year(day), year, "{day}");
        }
    }
}
