//! The waiting line, apart from the reader (REQ-12): a number is taken once, called, parked with a reason, comes back, is served.

use crate::date::{Date, Timestamp};
use crate::fact::{Recorded, VisitId, in_order};
use crate::text::Text;
use crate::{codes, facts, identifier, record};

identifier! {
    /// Id of one waiting number.
    pub struct TicketId
}

impl TicketId {
    /// The number a box hands out on a day. It names the box, so that no two boxes ever mean the same.
    pub fn of(day: Date, of_box: &str, number: u32) -> TicketId {
        TicketId::new(format!("{day}.{of_box}.{number}"))
    }
}

codes! {
    /// Why somebody waits aside.
    pub enum ParkReason {
        /// somebody else stands at the reader
        ReaderBusy = "reader_busy",
        /// went to fetch the card or a paper
        FetchingCard = "fetching_card",
        /// an answer is awaited
        WaitsForAnswer = "waits_for_answer",
        /// fills in a form
        FillsInForm = "fills_in_form",
        /// does not feel well
        Unwell = "unwell",
        /// something else
        Other = "other",
    }
}

codes! {
    /// Where a number stands.
    pub enum TicketStatus {
        /// waits in the line
        Waiting = "waiting",
        /// called to a counter
        Called = "called",
        /// waits aside
        Parked = "parked",
        /// served
        Served = "served",
        /// did not come when called
        NoShow = "no_show",
        /// left
        Left = "left",
    }
}

impl TicketStatus {
    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        matches!(self, TicketStatus::Waiting | TicketStatus::Called | TicketStatus::Parked)
    }
}

record! {
    /// A number was taken.
    pub struct NumberTaken {
        /// of which day
        pub day: Date,
        /// letter of the box
        pub letter: String,
        /// running number of the day at this box
        pub number: u32,
        /// whom to call, when somebody said it
        pub name: Option<String>,
        /// at which counter
        pub counter: Option<String>,
    }
}

record! {
    /// The number was called.
    pub struct TicketCalled {
        /// to which counter
        pub counter: String,
    }
}

record! {
    /// The person waits aside.
    pub struct TicketParked {
        /// why
        pub reason: ParkReason,
        /// in words
        pub note: Option<String>,
    }
}

record! {
    /// The person is back and waits in the line again, at the place the number gives.
    pub struct TicketBack {
        /// who said so, at which counter
        pub counter: Option<String>,
    }
}

record! {
    /// The person was served.
    pub struct TicketServed {
        /// the check-in that began from the number
        pub visit: Option<VisitId>,
        /// at which counter
        pub counter: Option<String>,
    }
}

record! {
    /// The person was called and did not come.
    pub struct TicketMissed {
        /// at which counter
        pub counter: Option<String>,
    }
}

record! {
    /// The person left.
    pub struct TicketLeft {
        /// why, when somebody said it
        pub note: Option<String>,
    }
}

facts! {
    /// Everything that can happen to a number.
    pub enum TicketFact {
        /// taken
        Taken(NumberTaken) = "taken",
        /// called
        Called(TicketCalled) = "called",
        /// waits aside
        Parked(TicketParked) = "parked",
        /// came back
        Back(TicketBack) = "back",
        /// served
        Served(TicketServed) = "served",
        /// did not come
        Missed(TicketMissed) = "missed",
        /// left
        Left(TicketLeft) = "left",
    }
}

record! {
    /// A number as its facts tell it.
    pub struct TicketState {
        /// of which day
        pub day: Date,
        /// what is called out, for instance `A12`
        pub label: String,
        /// whom to call
        pub name: Option<String>,
        /// when it was taken
        pub taken_at: Timestamp,
        /// where it stands
        pub status: TicketStatus,
        /// since when
        pub since: Timestamp,
        /// the counters it is called to: more than one when boxes that could not reach each other called it both
        pub called_to: Vec<String>,
        /// how often it was called
        pub calls: u32,
        /// why it waits aside
        pub reason: Option<ParkReason>,
        /// in words
        pub note: Option<String>,
        /// the check-ins that began from it
        pub visits: Vec<VisitId>,
    }
}

/// What somebody wants to do with a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TicketCommand {
    /// call it to a counter
    Call(String),
    /// let it wait aside
    Park(ParkReason, Option<String>),
    /// it is back
    ComeBack,
    /// it is served; without a check-in when none was needed
    Serve(Option<VisitId>),
    /// it did not come
    Miss,
    /// it left
    Leave(Option<String>),
}

/// Longest name or note, in characters.
pub const LONGEST_WORDS: usize = 60;

impl TicketState {
    /// Folds facts, in whatever order they are handed over; none before the number was taken.
    pub fn fold(mut facts: Vec<Recorded<TicketFact>>) -> Option<TicketState> {
        in_order(&mut facts);
        let mut facts = facts.into_iter();
        let taken = facts.by_ref().find_map(|recorded| match recorded.fact {
            TicketFact::Taken(taken) => Some((recorded.at, taken)),
            _ => None,
        });
        let (at, taken) = taken?;
        let mut state = TicketState {
            day: taken.day,
            label: format!("{}{}", taken.letter, taken.number),
            name: taken.name,
            taken_at: at,
            status: TicketStatus::Waiting,
            since: at,
            called_to: Vec::new(),
            calls: 0,
            reason: None,
            note: None,
            visits: Vec::new(),
        };
        facts.for_each(|recorded| state.take(recorded.at, recorded.fact));
        Some(state)
    }

    /// Takes one more fact that is later than all the others. Who was served stays served, whatever a counter that did not know says.
    pub fn take(&mut self, at: Timestamp, fact: TicketFact) {
        if let TicketFact::Served(served) = fact {
            self.visits.extend(served.visit.filter(|visit| !self.visits.contains(visit)));
            self.turn(TicketStatus::Served, at);
            return;
        }
        if self.status == TicketStatus::Served {
            return;
        }
        match fact {
            TicketFact::Called(called) => {
                if self.status != TicketStatus::Called {
                    self.called_to.clear();
                }
                if !self.called_to.contains(&called.counter) {
                    self.called_to.push(called.counter);
                }
                self.calls += 1;
                self.turn(TicketStatus::Called, at);
            }
            TicketFact::Parked(parked) => {
                self.turn(TicketStatus::Parked, at);
                (self.reason, self.note) = (Some(parked.reason), parked.note);
            }
            TicketFact::Back(_) => self.turn(TicketStatus::Waiting, at),
            TicketFact::Missed(_) => self.turn(TicketStatus::NoShow, at),
            TicketFact::Left(left) => {
                self.turn(TicketStatus::Left, at);
                self.note = left.note;
            }
            TicketFact::Taken(_) | TicketFact::Served(_) | TicketFact::Unknown(..) => {}
        }
    }

    fn turn(&mut self, status: TicketStatus, at: Timestamp) {
        if self.status != status {
            self.since = at;
        }
        self.status = status;
        (self.reason, self.note) = (None, None);
        if status != TicketStatus::Called {
            self.called_to.clear();
        }
    }

    /// The fact a command makes; in words, why it cannot be. `counter` is where somebody stands who asks.
    pub fn command(&self, command: TicketCommand, counter: Option<&str>) -> Result<TicketFact, Text> {
        let counter_here = || counter.map(str::to_owned);
        let is_open = self.status.is_open();
        let served = self.status == TicketStatus::Served;
        Ok(match command {
            TicketCommand::Call(_) if served => return Err(ended()),
            TicketCommand::Call(to) if self.status == TicketStatus::Called && !self.called_to.contains(&to) => {
                let there = self.called_to.join("・");
                return Err(Text::new(
                    format!("この番号は{there}で呼んでいます。次の番号をお呼びください。"),
                    format!("This number is called at {there}. Call the next one."),
                ));
            }
            TicketCommand::Call(counter) => TicketFact::Called(TicketCalled { counter }),
            TicketCommand::Park(..) if !is_open => return Err(ended()),
            TicketCommand::Park(reason, note) => TicketFact::Parked(TicketParked { reason, note }),
            TicketCommand::ComeBack if served || self.status == TicketStatus::Waiting => return Err(ended()),
            TicketCommand::ComeBack => TicketFact::Back(TicketBack { counter: counter_here() }),
            TicketCommand::Serve(_) if served => return Err(ended()),
            TicketCommand::Serve(visit) => TicketFact::Served(TicketServed { visit, counter: counter_here() }),
            TicketCommand::Miss if self.status != TicketStatus::Called => {
                return Err(Text::new("まだ呼んでいない番号です。", "This number is not called."));
            }
            TicketCommand::Miss => TicketFact::Missed(TicketMissed { counter: counter_here() }),
            TicketCommand::Leave(_) if !is_open => return Err(ended()),
            TicketCommand::Leave(note) => TicketFact::Left(TicketLeft { note }),
        })
    }

    /// How long somebody has waited since the number was taken, in whole minutes.
    pub fn minutes(&self, now: Timestamp) -> i64 {
        now.since_ms(self.taken_at).max(0) / 60_000
    }
}

fn ended() -> Text {
    Text::new(
        "この番号は別の窓口で進んでいます。画面の新しい状態を見てください。",
        "This number has moved on at another counter. Look at its new state.",
    )
}

/// Words somebody typed: trimmed, none when empty; why they cannot be kept.
pub fn short_words(text: &str) -> Result<Option<String>, Text> {
    let text = text.trim();
    if text.chars().count() > LONGEST_WORDS || text.contains(char::is_control) {
        return Err(Text::new(
            "60文字までで、改行なしで入力してください。",
            "At most 60 characters, without line breaks.",
        ));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fact::{Author, FactId};

    const DAY: Date = Date::literal(2026, 3, 2);

    fn at(minute: i64, id: &str, fact: TicketFact) -> Recorded<TicketFact> {
        Recorded { id: FactId::new(id), at: Timestamp::from_ms(minute * 60_000), by: Author::new("staff-1"), fact }
    }

    fn taken() -> TicketFact {
        TicketFact::Taken(NumberTaken { day: DAY, letter: "A".into(), number: 12, name: None, counter: None })
    }

    fn called(counter: &str) -> TicketFact {
        TicketFact::Called(TicketCalled { counter: counter.to_owned() })
    }

    fn fold(facts: &[Recorded<TicketFact>]) -> TicketState {
        TicketState::fold(facts.to_vec()).unwrap()
    }

    #[test]
    fn a_number_is_called_waits_aside_comes_back_and_is_served() {
        let mut facts = vec![at(0, "a", taken())];
        let mut go = |minute: i64, command: TicketCommand| {
            let fact = fold(&facts).command(command, Some("窓口1")).unwrap();
            facts.push(at(minute, &format!("f{minute:02}"), fact));
            fold(&facts)
        };
        assert_eq!(go(1, TicketCommand::Call("窓口1".into())).called_to, ["窓口1"]);
        let parked = go(2, TicketCommand::Park(ParkReason::FetchingCard, None));
        assert_eq!((parked.status, parked.reason), (TicketStatus::Parked, Some(ParkReason::FetchingCard)));
        let back = go(9, TicketCommand::ComeBack);
        assert_eq!((back.status, back.taken_at, back.reason), (TicketStatus::Waiting, Timestamp::from_ms(0), None));
        assert_eq!(go(10, TicketCommand::Call("窓口2".into())).calls, 2);
        let served = go(11, TicketCommand::Serve(Some(VisitId::new("v1"))));
        assert_eq!((served.status, served.visits.len(), served.label.as_str()), (TicketStatus::Served, 1, "A12"));
        for command in [TicketCommand::Call("窓口1".into()), TicketCommand::ComeBack, TicketCommand::Leave(None)] {
            assert!(served.command(command, None).is_err());
        }
    }

    #[test]
    fn another_counter_does_not_call_a_called_number_and_a_missed_one_may_come_after_all() {
        let state = fold(&[at(0, "a", taken()), at(1, "b", called("窓口1"))]);
        assert!(state.command(TicketCommand::Call("窓口2".into()), None).is_err());
        assert!(state.command(TicketCommand::Call("窓口1".into()), None).is_ok(), "once more");
        let missed = fold(&[
            at(0, "a", taken()),
            at(1, "b", called("窓口1")),
            at(2, "c", TicketFact::Missed(TicketMissed { counter: None })),
        ]);
        assert_eq!(missed.status, TicketStatus::NoShow);
        assert!(missed.command(TicketCommand::ComeBack, None).is_ok());
        assert!(missed.command(TicketCommand::Miss, None).is_err());
    }

    #[test]
    fn boxes_apart_fold_to_the_same_and_who_was_served_stays_served() {
        let served = TicketFact::Served(TicketServed { visit: Some(VisitId::new("v1")), counter: None });
        let mut facts = vec![at(0, "a", taken()), at(1, "b", called("窓口1")), at(2, "c", called("窓口2"))];
        assert_eq!(fold(&facts).called_to, ["窓口1", "窓口2"], "both are told");
        facts.extend([at(3, "d", served), at(4, "e", TicketFact::Missed(TicketMissed { counter: None }))]);
        let one = fold(&facts);
        facts.reverse();
        assert_eq!(fold(&facts), one);
        assert_eq!(one.status, TicketStatus::Served);
    }

    #[test]
    fn facts_are_read_as_they_were_written() {
        use crate::written::Written;
        for fact in [taken(), called("窓口1"), TicketFact::Left(TicketLeft { note: None })] {
            assert_eq!(TicketFact::read(&fact.write()).unwrap(), fact);
        }
        let state = fold(&[at(0, "a", taken()), at(1, "b", called("窓口1"))]);
        assert_eq!(TicketState::read(&state.write()).unwrap(), state);
    }
}
