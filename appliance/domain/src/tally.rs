//! What one visit adds to the figures of a site: when and where, on what it was received, how long that took, what went wrong.
//! No name, no number, nothing of a patient.

mod figures;

pub use figures::{Figures, Spread, Waiting};

use crate::date::{Date, Timestamp, Weekday};
use crate::evidence::EvidenceKind;
use crate::trouble::Category;
use crate::visit::{VisitState, VisitStatus};

/// What one visit adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Monday of the week of the visit
    pub week: Date,
    /// hour of the day in which the patient came
    pub hour: u8,
    /// where; empty = not said
    pub counter: String,
    /// on what the visit was received
    pub evidence: Option<EvidenceKind>,
    /// from arrival to acceptance, in seconds of [`rounded`]; absent while not accepted, or accepted on another day
    pub waited_s: Option<u32>,
    /// what went wrong
    pub categories: Vec<Category>,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// visits
    Visits,
    /// visits received on something
    Evidence(EvidenceKind),
    /// visits that took so many seconds
    Waited(u32),
    /// visits that met a trouble
    Met(Category),
}

/// Of which part of the visits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// all of them
    All,
    /// those of a counter
    Counter(String),
    /// those that came in an hour of the day
    Hour(u8),
}

/// Monday of the week of a day.
pub fn week_of(day: Date) -> Date {
    let since_monday = match day.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    };
    day.plus_days(-since_monday)
}

/// Seconds as they are counted, rounded up: to 5 s within five minutes, to 30 s within half an hour, else to 5 minutes.
pub const fn rounded(seconds: u32) -> u32 {
    let step = match seconds {
        0..=300 => 5,
        301..=1_800 => 30,
        _ => 300,
    };
    seconds.div_ceil(step) * step
}

impl Tally {
    /// What a visit adds; nothing when it was entered by mistake or goes on in another.
    pub fn of(state: &VisitState) -> Option<Tally> {
        let opened = state.opened.as_ref()?;
        if matches!(state.status(), VisitStatus::Voided | VisitStatus::Merged) {
            return None;
        }
        Some(Tally {
            week: week_of(opened.visit_date),
            hour: state.opened_at.time_in_japan().0,
            counter: opened.counter.clone().unwrap_or_default(),
            evidence: state.accepted.as_ref().map(|accepted| accepted.acceptance.evidence),
            waited_s: state.accepted_at.and_then(|at| waited(state.opened_at, at)),
            categories: Category::of(state),
        })
    }

    /// Everything this visit is counted in, once each.
    pub fn counted(&self) -> Vec<(Counted, Part)> {
        let mut counted: Vec<(Counted, Part)> = Vec::new();
        let parts = || [Part::All, Part::Counter(self.counter.clone()), Part::Hour(self.hour)];
        counted.extend(parts().map(|part| (Counted::Visits, part)));
        counted.extend(self.evidence.map(|kind| (Counted::Evidence(kind), Part::All)));
        counted.extend(self.waited_s.map(|seconds| (Counted::Waited(seconds), Part::All)));
        for category in &self.categories {
            counted.extend(parts().map(|part| (Counted::Met(*category), part)));
        }
        counted
    }

    /// As one line of text.
    pub fn to_text(&self) -> String {
        let categories: Vec<String> = self.categories.iter().map(|category| category.code()).collect();
        let evidence = self.evidence.map(EvidenceKind::code).unwrap_or_default();
        let waited = self.waited_s.map(|seconds| seconds.to_string()).unwrap_or_default();
        format!("{}\t{}\t{evidence}\t{waited}\t{}\t{}", self.week, self.hour, categories.join(" "), self.counter)
    }

    /// From one line of text.
    pub fn from_text(text: &str) -> Option<Tally> {
        let mut parts = text.splitn(6, '\t');
        Some(Tally {
            week: Date::parse(parts.next()?)?,
            hour: parts.next()?.parse().ok()?,
            evidence: EvidenceKind::from_code(parts.next()?),
            waited_s: parts.next()?.parse().ok(),
            categories: parts.next()?.split_whitespace().filter_map(Category::from_code).collect(),
            counter: parts.next()?.to_owned(),
        })
    }
}

fn waited(from: Timestamp, to: Timestamp) -> Option<u32> {
    let one_day = from.date_in_japan() == to.date_in_japan();
    let seconds = u32::try_from(to.since_ms(from) / 1_000).ok()?;
    one_day.then(|| rounded(seconds))
}

impl Counted {
    /// What is counted, and which of it, as two words.
    pub fn code(&self) -> (&'static str, String) {
        match self {
            Counted::Visits => ("visits", String::new()),
            Counted::Evidence(kind) => ("evidence", kind.code().to_owned()),
            Counted::Waited(seconds) => ("waited", seconds.to_string()),
            Counted::Met(category) => ("met", category.code()),
        }
    }

    /// From these two words.
    pub fn from_code(what: &str, which: &str) -> Option<Counted> {
        match what {
            "visits" => Some(Counted::Visits),
            "evidence" => EvidenceKind::from_code(which).map(Counted::Evidence),
            "waited" => which.parse().ok().map(Counted::Waited),
            "met" => Category::from_code(which).map(Counted::Met),
            _ => None,
        }
    }
}

impl Part {
    /// As one word.
    pub fn code(&self) -> String {
        match self {
            Part::All => String::new(),
            Part::Counter(name) => format!("c{name}"),
            Part::Hour(hour) => format!("h{hour}"),
        }
    }

    /// From this word.
    pub fn from_code(code: &str) -> Option<Part> {
        match code.chars().next() {
            None => Some(Part::All),
            Some('c') => Some(Part::Counter(code[1..].to_owned())),
            Some('h') => code[1..].parse().ok().map(Part::Hour),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trouble::Trouble;

    fn tally() -> Tally {
        Tally {
            week: Date::literal(2026, 3, 2),
            hour: 9,
            counter: "2番\t窓口".to_owned(),
            evidence: Some(EvidenceKind::ReturnVisitOral),
            waited_s: Some(35),
            categories: vec![Category { trouble: Trouble::Reader, group: None }],
        }
    }

    #[test]
    fn a_tally_comes_back_from_its_text() {
        let nothing =
            Tally { evidence: None, waited_s: None, categories: Vec::new(), counter: String::new(), ..tally() };
        for tally in [tally(), nothing] {
            assert_eq!(Tally::from_text(&tally.to_text()), Some(tally));
        }
        assert_eq!(Tally::from_text("2026-03-02\t9"), None);
    }

    #[test]
    fn what_is_counted_comes_back_from_its_words() {
        for (counted, part) in tally().counted() {
            let (what, which) = counted.code();
            assert_eq!(Counted::from_code(what, &which), Some(counted));
            assert_eq!(Part::from_code(&part.code()), Some(part));
        }
        assert_eq!(tally().counted().len(), 3 + 1 + 1 + 3);
    }

    #[test]
    fn seconds_are_rounded_up_in_steps_that_grow() {
        let rows = [(0, 0), (1, 5), (5, 5), (299, 300), (300, 300), (301, 330), (1_800, 1_800), (1_801, 2_100)];
        for (seconds, expected) in rows {
            assert_eq!(rounded(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn a_week_begins_on_monday() {
        let monday = Date::literal(2026, 3, 2);
        for day in 0..7 {
            assert_eq!(week_of(monday.plus_days(day)), monday);
        }
        assert_eq!(week_of(monday.plus_days(-1)), monday.plus_days(-7));
    }
}
