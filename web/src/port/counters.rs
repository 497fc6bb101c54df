//! Counters, the waiting line, and consents given from afar.

use domain::case::{Case, Presented, Site};
use domain::counter::{Counter, CounterId};
use domain::decision::Step;
use domain::evidence::EvidenceKind;
use domain::remote_consent::{ConsentEnd, ConsentEntered, ConsentId, ConsentState};
use domain::rule::RulePack;
use domain::waiting::{TicketCommand, TicketId, TicketState};
use domain::{Date, decide};

/// Something about the counters of the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CounterCommand {
    /// make one, with a new id, or change one
    Set(Box<Counter>),
    /// it is not used any more
    Remove(CounterId),
}

impl CounterCommand {
    /// The id of a counter nobody has made yet: the desk gives it one.
    pub const NEW: &'static str = "new";
}

/// The counters of the site.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CountersView {
    /// in the order they were made
    pub all: Vec<CounterItem>,
    /// the letter this box hands out numbers under; absent before its first number
    pub letter: Option<String>,
    /// the site is a pharmacy, where a prescription is a way to confirm
    pub is_pharmacy: bool,
}

impl CountersView {
    /// The counter of a name.
    pub fn named(&self, name: &str) -> Option<&Counter> {
        self.all.iter().map(|item| &item.counter).find(|counter| counter.name == name)
    }
}

/// A counter, with what is offered there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterItem {
    /// the counter
    pub counter: Counter,
    /// the lawful steps for a patient with a card while every link works, in order
    pub steps: Vec<Step>,
}

impl CounterItem {
    /// A counter of a site, with what the rules offer there on a day.
    pub fn at(counter: Counter, site: &Site, day: Date, rules: &RulePack) -> CounterItem {
        let flow = counter.kind.flow();
        let presented = vec![Presented::bare(EvidenceKind::MynaCardFace)];
        let case = Case { flow, presented, ..Case::new(day, counter.equips(site.clone())) };
        CounterItem { steps: decide(&case, rules).ladder, counter }
    }
}

/// Something about the waiting line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LineCommand {
    /// hand out the next number
    Take {
        /// whom to call, when somebody said it
        name: Option<String>,
        /// at which counter
        counter: String,
    },
    /// call the first number that waits
    CallNext {
        /// to which counter
        counter: String,
    },
    /// something about one number
    Number {
        /// which
        ticket: TicketId,
        /// what
        command: TicketCommand,
        /// at which counter somebody stands who says so
        counter: String,
    },
}

/// What a counter is called at which nobody said its name.
pub const fn counter_of_nobody() -> &'static str {
    "窓口"
}

/// A waiting number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineItem {
    /// which
    pub ticket: TicketId,
    /// how it stands
    pub state: TicketState,
}

/// Something about consents given from afar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConsentCommand {
    /// enter one
    Enter(Box<ConsentEntered>),
    /// the terminal's list shows it, or still does not
    See {
        /// which
        consent: ConsentId,
        /// it stands on the list
        on_list: bool,
    },
    /// it counts for nothing any more
    End {
        /// which
        consent: ConsentId,
        /// why
        why: ConsentEnd,
    },
}

/// A consent given from afar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentItem {
    /// which
    pub consent: ConsentId,
    /// how it stands
    pub state: ConsentState,
}
