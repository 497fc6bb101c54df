//! The claims of one month: frozen, opened again with a reason, and what came back (返戻). Facts, merged by union.

use super::returned::{ReturnEntered, ReturnSettled, ReturnedClaim};
use crate::date::{Date, Timestamp};
use crate::fact::{Author, FactId, Recorded, VisitId, in_order};
use crate::follow_up::claim_close;
use crate::text::Text;
use crate::written::{Unreadable, Value, Written};
use crate::{facts, record};
use std::collections::BTreeMap;
use std::fmt;

/// A month of visits (診療年月).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Month {
        Month(day.first_of_month())
    }

    /// From `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Month> {
        (text.len() == 7).then(|| Date::parse(&format!("{text}-01")).map(Month)).flatten()
    }

    /// Its first day.
    pub const fn first_day(self) -> Date {
        self.0
    }

    /// So many months later.
    pub const fn plus(self, months: i32) -> Month {
        Month(self.0.plus_months(months))
    }

    /// The day on which sending its claims ends.
    pub fn closes_on(self) -> Date {
        claim_close(self.0)
    }

    /// The day to which errors that the check found may be corrected (claims-rules §1.2).
    pub fn corrections_until(self) -> Date {
        self.closes_on().plus_days(2)
    }

    /// The month somebody who works on claims has in mind on a day: the one before until its corrections end.
    pub fn at_hand(today: Date) -> Month {
        let before = Month::of(today).plus(-1);
        if today <= before.corrections_until() { before } else { Month::of(today) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl Written for Month {
    fn write(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        value.as_text().and_then(Month::parse).ok_or_else(|| Unreadable::expected("a month YYYY-MM"))
    }
}

record! {
    /// One visit as it stood when the month was frozen.
    pub struct FrozenLine {
        /// which visit
        pub visit: VisitId,
        /// digest of what its claim carried
        pub digest: String,
    }
}

record! {
    /// A part of the list that is being frozen.
    pub struct FrozenPart {
        /// which freeze it belongs to
        pub freeze: String,
        /// the visits
        pub lines: Vec<FrozenLine>,
    }
}

record! {
    /// The list is complete: from now on the month counts as frozen.
    pub struct Frozen {
        /// which freeze
        pub freeze: String,
        /// how many visits it holds
        pub visits: u32,
    }
}

record! {
    /// The month was opened again.
    pub struct Reopened {
        /// why
        pub reason: String,
    }
}

facts! {
    /// Everything that can happen to the claims of a month.
    pub enum MonthFact {
        /// part of a list
        FrozenPart(FrozenPart) = "frozen_part",
        /// frozen
        Frozen(Frozen) = "frozen",
        /// opened again
        Reopened(Reopened) = "reopened",
        /// a claim came back
        ReturnEntered(ReturnEntered) = "return_entered",
        /// what became of it
        ReturnSettled(ReturnSettled) = "return_settled",
    }
}

record! {
    /// Something that was done to a month, for its history.
    pub struct MonthEvent {
        /// when
        pub at: Timestamp,
        /// who
        pub by: Author,
        /// how many visits were frozen; absent = opened again
        pub frozen: Option<u32>,
        /// why it was opened again
        pub reason: Option<String>,
    }
}

/// A month as its facts tell it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MonthState {
    /// frozen and opened again, in order
    pub events: Vec<MonthEvent>,
    /// what stands frozen; absent = the month is open
    pub frozen: Option<BTreeMap<VisitId, String>>,
    /// claims that came back, in the order they were entered
    pub returned: Vec<ReturnedClaim>,
    parts: BTreeMap<String, BTreeMap<VisitId, String>>,
}

impl MonthState {
    /// Folds facts, in whatever order they are handed over.
    pub fn fold(mut facts: Vec<Recorded<MonthFact>>) -> MonthState {
        in_order(&mut facts);
        let mut state = MonthState::default();
        // A list may come in records of their own, which another box may learn in any order.
        for recorded in &facts {
            if let MonthFact::FrozenPart(part) = &recorded.fact {
                let lines = state.parts.entry(part.freeze.clone()).or_default();
                lines.extend(part.lines.iter().map(|line| (line.visit.clone(), line.digest.clone())));
            }
        }
        for recorded in facts {
            state.take(recorded);
        }
        state
    }

    fn take(&mut self, recorded: Recorded<MonthFact>) {
        let Recorded { at, by, fact, id } = recorded;
        match fact {
            MonthFact::Frozen(frozen) => {
                self.events.push(MonthEvent { at, by, frozen: Some(frozen.visits), reason: None });
                self.frozen = Some(self.parts.get(&frozen.freeze).cloned().unwrap_or_default());
            }
            MonthFact::Reopened(reopened) => {
                self.events.push(MonthEvent { at, by, frozen: None, reason: Some(reopened.reason) });
                self.frozen = None;
            }
            MonthFact::ReturnEntered(entered) => self.enter(&id, at, by, entered),
            MonthFact::ReturnSettled(settled) => {
                if let Some(known) = self.returned.iter_mut().find(|known| known.id == settled.id) {
                    known.settled = Some(settled);
                    known.settled_at = Some(at);
                }
            }
            MonthFact::FrozenPart(_) | MonthFact::Unknown(..) => {}
        }
    }

    fn enter(&mut self, _: &FactId, at: Timestamp, by: Author, entered: ReturnEntered) {
        if self.returned.iter().any(|known| known.id == entered.id) {
            return;
        }
        self.returned.push(ReturnedClaim { id: entered.id.clone(), at, by, entered, settled: None, settled_at: None });
    }

    /// Whether the month is frozen now.
    pub fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Checks that it may be frozen.
    pub fn may_freeze(&self) -> Result<(), Text> {
        if self.is_frozen() {
            return Err(Text::new(
                "この月はすでに締められています。直すときは、理由を入れて締めを解いてください。",
                "This month is frozen already. To change it, open it again with a reason.",
            ));
        }
        Ok(())
    }

    /// Checks that it may be opened again.
    pub fn may_reopen(&self, reason: &str) -> Result<(), Text> {
        if !self.is_frozen() {
            return Err(Text::new("この月は締められていません。", "This month is not frozen."));
        }
        if reason.trim().is_empty() {
            return Err(Text::new("締めを解く理由を入力してください。", "Give a reason for opening it again."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::returned::{ReturnOutcome, ReturnReason};
    use super::*;

    fn at(minute: i64, id: &str, fact: MonthFact) -> Recorded<MonthFact> {
        Recorded { id: FactId::new(id), at: Timestamp::from_ms(minute * 60_000), by: Author::new("staff-1"), fact }
    }

    fn part(freeze: &str, visit: &str, digest: &str) -> MonthFact {
        let lines = vec![FrozenLine { visit: VisitId::new(visit), digest: digest.to_owned() }];
        MonthFact::FrozenPart(FrozenPart { freeze: freeze.to_owned(), lines })
    }

    fn frozen(freeze: &str, visits: u32) -> MonthFact {
        MonthFact::Frozen(Frozen { freeze: freeze.to_owned(), visits })
    }

    #[test]
    fn months_know_their_days() {
        let december = Month::parse("2025-12").unwrap();
        assert_eq!(december.plus(1).to_string(), "2026-01");
        assert_eq!(december.closes_on(), Date::literal(2026, 1, 10));
        assert_eq!(december.corrections_until(), Date::literal(2026, 1, 12));
        for wrong in ["2025-13", "2025-1", "12-2025", "2025-12-01", ""] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Month::at_hand(Date::literal(2026, 1, 12)), december);
        assert_eq!(Month::at_hand(Date::literal(2026, 1, 13)), december.plus(1));
    }

    #[test]
    fn the_same_facts_make_the_same_month_in_any_order() {
        let facts = vec![
            at(1, "a", part("f1", "v1", "x")),
            at(1, "b", part("f1", "v2", "y")),
            at(2, "c", frozen("f1", 2)),
            at(3, "d", MonthFact::Reopened(Reopened { reason: "追加分".to_owned() })),
            at(4, "e", part("f2", "v1", "z")),
            at(5, "f", frozen("f2", 1)),
        ];
        let state = MonthState::fold(facts.clone());
        assert_eq!(state.frozen.as_ref().unwrap().get(&VisitId::new("v1")).unwrap(), "z");
        assert_eq!(state.events.len(), 3);
        let mut turned = facts.clone();
        turned.reverse();
        assert_eq!(MonthState::fold(turned), state);
        // the closing record came before the last part of its list
        let late = vec![facts[2].clone(), facts[0].clone(), at(9, "z", part("f1", "v2", "y"))];
        assert_eq!(MonthState::fold(late).frozen.unwrap().len(), 2);
        assert!(MonthState::fold(facts[..3].to_vec()).may_freeze().is_err());
        assert!(MonthState::fold(facts[..3].to_vec()).may_reopen("　").is_err());
        assert!(MonthState::fold(facts[..3].to_vec()).may_reopen("訂正").is_ok());
        assert!(MonthState::fold(facts[..4].to_vec()).may_reopen("訂正").is_err());
    }

    #[test]
    fn a_returned_claim_is_entered_once_and_settled() {
        let entered = ReturnEntered {
            id: "r1".to_owned(),
            visit: VisitId::new("v1"),
            on: Date::literal(2026, 4, 5),
            reason: ReturnReason::AfterLoss,
            note: None,
        };
        let settled =
            ReturnSettled { id: "r1".to_owned(), outcome: ReturnOutcome::SentAgain, note: "訂正".to_owned() };
        let state = MonthState::fold(vec![
            at(1, "a", MonthFact::ReturnEntered(entered.clone())),
            at(2, "b", MonthFact::ReturnEntered(entered)),
            at(3, "c", MonthFact::ReturnSettled(settled)),
        ]);
        assert_eq!(state.returned.len(), 1);
        assert!(!state.returned[0].is_open());
    }

    #[test]
    fn facts_are_read_as_they_were_written() {
        for fact in [part("f", "v", "d"), frozen("f", 3), MonthFact::Reopened(Reopened { reason: "r".to_owned() })] {
            assert_eq!(MonthFact::read(&fact.write()).unwrap(), fact);
        }
    }
}
