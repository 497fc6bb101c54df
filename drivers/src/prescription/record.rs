//! One record: a number and items by position (§1.2, §1.3).

use super::printed::Printed;

/// A line that has the form of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub number: u16,
    /// Everything after the number's comma.
    body: &'a str,
}

impl<'a> Record<'a> {
    /// One to three digits and a comma begin a record; there is no quoting.
    pub fn parse(line: &'a str) -> Option<Self> {
        let (number, body) = line.split_once(',')?;
        let form = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        form.then(|| number.parse().ok().map(|number| Self { number, body }))?
    }

    /// The item at this place, from 1, without blanks around it; an absent one is empty.
    pub fn item(&self, place: usize) -> &'a str {
        self.body.split(',').nth(place - 1).unwrap_or_default().trim()
    }

    /// The item as printed text.
    pub fn text(&self, place: usize) -> Option<Printed> {
        Printed::take(self.item(place))
    }

    /// Whether something stands behind the last item that the record has. Empty items there are ignored.
    pub fn says_more_than(&self, places: usize) -> bool {
        self.body.split(',').skip(places).any(|item| !item.trim().is_empty())
    }

    /// A number of so many digits.
    pub fn number_at(&self, place: usize, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
        let item = self.item(place);
        all_digits(item, digits).then(|| item.parse().ok())?
    }
}

/// Whether the text is so many ASCII digits and nothing else.
pub(super) fn all_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Item type `X`: letters, digits, `.`, `-`, half-width kana, and the blank between words. No kanji, no full width.
pub(super) fn is_narrow(text: &str) -> bool {
    text.chars().all(|letter| letter == ' ' || letter.is_ascii_graphic() || ('\u{ff61}'..='\u{ff9f}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_by_position() {
        let record = Record::parse("23,試９１, ７７４ ,2").expect("a record");
        assert_eq!((record.number, record.item(1), record.item(2), record.item(3)), (23, "試９１", "７７４", "2"));
        assert_eq!(record.item(4), "", "an absent item reads as an empty one");
        assert_eq!(record.number_at(3, 1..=1), Some(2));
    }

    #[test]
    fn empty_items_at_the_end_say_nothing() {
        let record = Record::parse("24,30,70,,").expect("a record");
        assert!(!record.says_more_than(2) && record.says_more_than(1));
    }

    #[test]
    fn quotes_are_ordinary_letters() {
        assert_eq!(Record::parse("81,\"a,b\"").map(|record| record.item(1).to_owned()), Some("\"a".into()));
    }

    #[test]
    fn other_lines_are_no_records() {
        for line in ["JAHIS10", "", "1", ",1", "1234,a", "１,a", "-1,a", "+1,a", "11 ,a"] {
            assert!(Record::parse(line).is_none(), "{line:?}");
        }
    }
}
