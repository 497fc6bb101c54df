//! One field of a crontab line, read into the plain list of its values.

use super::LineRefused;

/// The range and names of a field.
pub(super) struct Field {
    name: &'static str,
    first: u8,
    last: u8,
    names: &'static [&'static str],
}

/// Which days.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// Days of the month that are also one of these weekdays; one of the two lists is of all.
    Both(Vec<u8>, Vec<u8>),
    /// Days of the month, and weekdays, either of which will do (crontab(5)).
    Either(Vec<u8>, Vec<u8>),
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Field {
    pub(super) const MINUTE: Field = Field { name: "分 (minute)", first: 0, last: 59, names: &[] };
    pub(super) const HOUR: Field = Field { name: "時 (hour)", first: 0, last: 23, names: &[] };
    pub(super) const DAY: Field = Field { name: "日 (day)", first: 1, last: 31, names: &[] };
    pub(super) const MONTH: Field = Field { name: "月 (month)", first: 1, last: 12, names: &MONTHS };
    /// 0 and 7 are both Sunday.
    const WEEKDAY: Field = Field { name: "曜日 (weekday)", first: 0, last: 7, names: &WEEKDAYS };

    /// All values of the field, ascending, each once.
    pub(super) fn parse(&self, text: &str) -> Result<Vec<u8>, LineRefused> {
        let mut values = Vec::new();
        for part in text.split(',') {
            values.extend(self.part(part).ok_or_else(|| LineRefused::Field(self.name, text.to_owned()))?);
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    /// `*`, `n`, `n-m`, and the latter two or `*` with `/step`; a step after a single value means different things to different
    /// crons and is not taken.
    fn part(&self, part: &str) -> Option<Vec<u8>> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step)?)),
            None => (part, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last_of_star()),
            Some((first, last)) => (self.value(first)?, self.end(last)?),
            None if step.is_some() => return None,
            None => (self.value(range)?, self.value(range)?),
        };
        let step = step.unwrap_or(1);
        (first <= last && step > 0).then(|| (first..=last).step_by(usize::from(step)).collect())
    }

    /// `*` counts Sunday once.
    fn last_of_star(&self) -> u8 {
        if self.names.len() == WEEKDAYS.len() { 6 } else { self.last }
    }

    fn value(&self, text: &str) -> Option<u8> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(index) => self.first + u8::try_from(index).ok()?,
            None => number(text)?,
        };
        (self.first..=self.last).contains(&value).then_some(value)
    }

    /// The end of a range: a week that ends with `sun` ends with its seventh day.
    fn end(&self, text: &str) -> Option<u8> {
        let value = self.value(text)?;
        let sunday = text.eq_ignore_ascii_case(WEEKDAYS[0]);
        Some(if sunday { 7 } else { value })
    }
}

impl Days {
    pub(super) fn parse(day: &str, weekday: &str) -> Result<Days, LineRefused> {
        let of_month = Field::DAY.parse(day)?;
        let mut of_week: Vec<u8> = Field::WEEKDAY.parse(weekday)?.iter().map(|day| day % 7).collect();
        of_week.sort_unstable();
        of_week.dedup();
        let stepped = |text: &str| text.starts_with("*/");
        match (day == "*", weekday == "*") {
            (false, false) if stepped(day) || stepped(weekday) => Err(LineRefused::AmbiguousDays),
            (false, false) => Ok(Days::Either(of_month, of_week)),
            _ => Ok(Days::Both(of_month, of_week)),
        }
    }
}

/// At most two digits, nothing else: no sign, no space.
fn number(text: &str) -> Option<u8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
