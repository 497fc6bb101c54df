//! The disaster function of the facility (災害時医療情報閲覧機能): opened by region and period by the ministry (checkin-rules §3.4), so
//! somebody at the facility says when it begins and ends here, and by which announcement.

use crate::date::Timestamp;
use crate::fact::{Author, Recorded, in_order};
use crate::text::Text;
use crate::{facts, record};

record! {
    /// The disaster function is open for this facility from now on.
    pub struct DisasterOpened {
        /// by which announcement; 1 to 200 characters
        pub reason: String,
    }
}

record! {
    /// It is closed from now on.
    pub struct DisasterClosed {
        /// by which announcement; 1 to 200 characters
        pub reason: String,
    }
}

facts! {
    /// What happened to the disaster function.
    pub enum DisasterFact {
        /// opened
        Opened(DisasterOpened) = "opened",
        /// closed
        Closed(DisasterClosed) = "closed",
    }
}

/// One end of a period: when, who, and by which announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// when it was recorded
    pub at: Timestamp,
    /// who recorded it
    pub by: Author,
    /// by which announcement
    pub reason: String,
}

/// A time during which the function was, or is, open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// its beginning
    pub opened: Turn,
    /// its end; `None` = still open
    pub closed: Option<Turn>,
}

/// The disaster function as its facts tell it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DisasterMode {
    /// oldest first
    pub periods: Vec<Period>,
}

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

impl DisasterMode {
    /// Folds facts, in whatever order they are handed over. Where two boxes opened it at the same time, it is open since the
    /// first; where two closed it, it is closed since the first.
    pub fn fold(mut facts: Vec<Recorded<DisasterFact>>) -> DisasterMode {
        in_order(&mut facts);
        let mut mode = DisasterMode::default();
        for recorded in facts {
            let turn = |reason| Turn { at: recorded.at, by: recorded.by.clone(), reason };
            match recorded.fact {
                DisasterFact::Opened(opened) if mode.open().is_none() => {
                    mode.periods.push(Period { opened: turn(opened.reason), closed: None });
                }
                DisasterFact::Closed(closed) => {
                    let open = mode.periods.iter_mut().find(|period| period.closed.is_none());
                    open.into_iter().for_each(|period| period.closed = Some(turn(closed.reason.clone())));
                }
                DisasterFact::Opened(_) | DisasterFact::Unknown(..) => {}
            }
        }
        mode
    }

    /// The period that is open now.
    pub fn open(&self) -> Option<&Period> {
        self.periods.iter().find(|period| period.closed.is_none())
    }

    /// Whether it was open at an instant.
    pub fn was_open_at(&self, at: Timestamp) -> bool {
        let after_its_end = |period: &Period| period.closed.as_ref().is_some_and(|closed| closed.at < at);
        self.periods.iter().any(|period| period.opened.at <= at && !after_its_end(period))
    }

    /// The fact that opens or closes it; in words, why it cannot.
    pub fn turn(&self, open: bool, reason: &str) -> Result<DisasterFact, Text> {
        let reason = reason.trim().to_owned();
        let length = reason.chars().count();
        if length == 0 || length > LONGEST_REASON {
            return Err(Text::new(
                "根拠の通知や理由を入力してください（200文字まで）。",
                "Give the announcement or the reason (at most 200 characters).",
            ));
        }
        match (open, self.open()) {
            (true, Some(_)) => {
                Err(Text::new("災害時の機能は既に開始しています。", "The disaster function is open already."))
            }
            (false, None) => Err(Text::new("災害時の機能は開始していません。", "The disaster function is not open.")),
            (true, None) => Ok(DisasterFact::Opened(DisasterOpened { reason })),
            (false, Some(_)) => Ok(DisasterFact::Closed(DisasterClosed { reason })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactId;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn recorded(ms: i64, by: &str, fact: DisasterFact) -> Recorded<DisasterFact> {
        Recorded { id: FactId::new(format!("{by}{ms}")), at: at(ms), by: Author::new(by), fact }
    }

    fn opened(reason: &str) -> DisasterFact {
        DisasterFact::Opened(DisasterOpened { reason: reason.to_owned() })
    }

    fn closed(reason: &str) -> DisasterFact {
        DisasterFact::Closed(DisasterClosed { reason: reason.to_owned() })
    }

    #[test]
    fn two_boxes_that_open_it_apart_open_it_once() {
        let facts = vec![
            recorded(40, "a", closed("終了の通知")),
            recorded(10, "a", opened("通知1")),
            recorded(12, "b", opened("通知1")),
            recorded(41, "b", closed("終了の通知")),
            recorded(90, "b", opened("通知2")),
        ];
        let mode = DisasterMode::fold(facts);
        assert_eq!(mode.periods.len(), 2);
        assert_eq!(mode.periods[0].opened.by, Author::new("a"));
        assert_eq!(mode.periods[0].closed.as_ref().map(|turn| turn.at), Some(at(40)));
        assert_eq!(
            [9, 10, 40, 41, 89, 90, 900].map(|ms| mode.was_open_at(at(ms))),
            [false, true, true, false, false, true, true]
        );
        assert_eq!(mode.open().map(|period| period.opened.reason.as_str()), Some("通知2"));
    }

    #[test]
    fn it_is_opened_and_closed_for_a_reason_and_never_twice() {
        let never = DisasterMode::default();
        assert!(never.turn(true, "  ").is_err() && never.turn(true, &"長".repeat(201)).is_err());
        assert!(never.turn(false, "理由").is_err());
        let open = DisasterMode::fold(vec![recorded(1, "a", never.turn(true, " 通知 ").expect("may be opened"))]);
        assert_eq!(open.open().map(|period| period.opened.reason.as_str()), Some("通知"));
        assert!(open.turn(true, "もう一度").is_err());
        assert_eq!(open.turn(false, "終了").map(|fact| fact.kind().to_owned()), Ok("closed".to_owned()));
    }
}
