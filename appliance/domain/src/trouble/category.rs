//! The thirteen rows of the survey's table (field-troubles §1.1): its ten kinds, and a ratio mismatch once more by who insures.

use super::Trouble;
use crate::scheme::SchemeGroup;
use crate::text::Text;
use crate::visit::VisitState;

/// One row that troubles are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category {
    /// what was met
    pub trouble: Trouble,
    /// of which kind of insurance; absent = of any
    pub group: Option<SchemeGroup>,
}

const fn any(trouble: Trouble) -> Category {
    Category { trouble, group: None }
}

const fn mismatch(group: SchemeGroup) -> Category {
    Category { trouble: Trouble::RatioMismatch, group: Some(group) }
}

impl Category {
    /// The survey's rows, in its order.
    pub const SURVEY: [Category; 13] = [
        any(Trouble::UnprintableName),
        any(Trouble::Reader),
        any(Trouble::ShownInvalid),
        any(Trouble::Expired),
        any(Trouble::NameMismatch),
        any(Trouble::Other),
        any(Trouble::NoSuchNumber),
        any(Trouble::RatioMismatch),
        mismatch(SchemeGroup::National),
        mismatch(SchemeGroup::Employee),
        mismatch(SchemeGroup::LateElderly),
        any(Trouble::CeilingWrong),
        any(Trouble::OtherPerson),
    ];

    /// What the survey asked elsewhere or not at all.
    pub const BESIDE: [Category; 6] = [
        any(Trouble::InvalidThoughInsured),
        any(Trouble::NoReplyTerminal),
        any(Trouble::NoReplyLine),
        any(Trouble::NoReplyNationalService),
        any(Trouble::FullCharge),
        any(Trouble::LeftWithoutCare),
    ];

    /// Every row, the survey's first.
    pub fn all() -> impl Iterator<Item = Category> {
        Category::SURVEY.into_iter().chain(Category::BESIDE)
    }

    /// The rows a visit counts in, each once. One that was taken up again did not leave without care.
    pub fn of(state: &VisitState) -> Vec<Category> {
        let met = |trouble: &&Trouble| **trouble != Trouble::LeftWithoutCare || state.left_without_care.is_some();
        let insurance = state.answer.as_ref().and_then(|answer| answer.insurance());
        let group = insurance.map(|result| result.coverage.scheme().group());
        let mut rows = Vec::new();
        for trouble in state.troubles.iter().filter(met) {
            rows.push(any(*trouble));
            let split = group.map(mismatch).filter(|row| *trouble == row.trouble && Category::SURVEY.contains(row));
            rows.extend(split);
        }
        rows
    }

    /// The written code: `reader`, `ratio_mismatch.national`.
    pub fn code(self) -> String {
        match self.group {
            Some(group) => format!("{}.{}", self.trouble.code(), group.code()),
            None => self.trouble.code().to_owned(),
        }
    }

    /// The row with this code.
    pub fn from_code(code: &str) -> Option<Category> {
        let (trouble, group) = match code.split_once('.') {
            Some((trouble, group)) => (trouble, Some(SchemeGroup::from_code(group)?)),
            None => (code, None),
        };
        let row = Category { trouble: Trouble::from_code(trouble)?, group };
        Category::all().any(|known| known == row).then_some(row)
    }

    /// In words: the survey's own where it has the row.
    pub fn name(self) -> Text {
        match self.group {
            None => self.trouble.name(),
            Some(SchemeGroup::National) => Text::new("負担割合の齟齬：国保", "burden ratio mismatch: 国保"),
            Some(SchemeGroup::Employee) => Text::new("負担割合の齟齬：社保", "burden ratio mismatch: 社保"),
            Some(_) => Text::new("負担割合の齟齬：後期", "burden ratio mismatch: 後期"),
        }
    }

    /// Sites of the survey that met it from December 2024 on, per thousand of 9,741. `None` for what the survey did not ask.
    pub const fn sites_per_thousand(self) -> Option<u16> {
        match self.group {
            None => self.trouble.sites_per_thousand(),
            Some(SchemeGroup::National) => Some(21),
            Some(SchemeGroup::Employee) => Some(10),
            Some(SchemeGroup::LateElderly) => Some(37),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_a_row_and_every_row_its_own_code() {
        for trouble in Trouble::ALL {
            assert!(Category::all().any(|row| row == any(*trouble)), "{}", trouble.code());
        }
        for row in Category::all() {
            assert_eq!(Category::from_code(&row.code()), Some(row));
            assert!(row.sites_per_thousand().is_some() || Category::BESIDE.contains(&row), "{}", row.code());
        }
    }
}
