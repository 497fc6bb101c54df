//! The disaster function of the facility (checkin-rules §3.4).

use domain::Timestamp;

/// When it was open, and whether it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisasterView {
    /// the settings of the box hold it open, whatever staff record
    pub by_settings: bool,
    /// newest first
    pub periods: Vec<DisasterPeriod>,
}

impl DisasterView {
    /// The period that is open now, when staff opened one.
    pub fn open(&self) -> Option<&DisasterPeriod> {
        self.periods.iter().find(|period| period.closed.is_none())
    }
}

/// A time during which it was, or is, open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisasterPeriod {
    /// its beginning
    pub opened: DisasterTurn,
    /// its end; `None` = still open
    pub closed: Option<DisasterTurn>,
}

/// One end of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisasterTurn {
    /// when it was recorded
    pub at: Timestamp,
    /// by whom: the name of an account, or the id of a program or of another box's account
    pub by: String,
    /// by which announcement
    pub reason: String,
}
