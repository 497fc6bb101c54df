//! Work that check-ins leave to be done, as the desk shows it.

use domain::Date;
use domain::decision::{FollowUp, FollowUpKind};
use domain::fact::VisitId;

/// An open follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpItem {
    /// of which visit
    pub visit: VisitId,
    /// day of the visit
    pub visit_date: Date,
    /// whose
    pub name: Option<String>,
    /// what, until when, why; where somebody let it wait, due on the day it waits for
    pub follow_up: FollowUp,
    /// due today or earlier
    pub is_due: bool,
    /// who does it
    pub assigned: Option<String>,
    /// until when somebody let it wait, and why
    pub snoozed: Option<(Date, String)>,
    /// yen to be paid back or collected, as far as somebody worked it out
    pub yen: Option<u32>,
    /// insurer number that the visit knows
    pub insurer: Option<String>,
    /// name and phone of that insurer, when it is in the directory
    pub phone: Option<(String, String)>,
    /// a question of this visit is out
    pub is_asked: bool,
}

impl FollowUpItem {
    /// Kind, for grouping.
    pub fn kind(&self) -> FollowUpKind {
        self.follow_up.kind
    }
}

/// Which follow-ups by the day they are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DueFilter {
    /// all of them
    #[default]
    All,
    /// today or earlier
    Due,
    /// before today
    Overdue,
    /// within a week
    Week,
}

impl DueFilter {
    /// Every filter.
    pub const ALL: [DueFilter; 4] = [DueFilter::All, DueFilter::Due, DueFilter::Overdue, DueFilter::Week];

    /// Its code in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            DueFilter::All => "all",
            DueFilter::Due => "due",
            DueFilter::Overdue => "overdue",
            DueFilter::Week => "week",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<DueFilter> {
        DueFilter::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A question for open follow-ups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUpQuery {
    /// only this kind
    pub kind: Option<FollowUpKind>,
    /// only those due by then
    pub due: DueFilter,
    /// only what this person does
    pub assigned: Option<String>,
    /// at most so many
    pub limit: u32,
    /// after so many
    pub skip: u32,
}

/// How many follow-ups of a kind are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpCount {
    /// which kind
    pub kind: FollowUpKind,
    /// open
    pub open: u32,
    /// of them due today or earlier
    pub due: u32,
    /// yen of those whose amount is known
    pub yen: u64,
}

/// Open follow-ups, one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUpList {
    /// the most urgent first
    pub items: Vec<FollowUpItem>,
    /// there are more after these
    pub more: bool,
    /// how many of each kind, in no particular order
    pub counts: Vec<FollowUpCount>,
}
