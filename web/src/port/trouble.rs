//! Troubles counted in the categories of the national survey (REQ-03).

use domain::Date;
use domain::trouble::Trouble;

/// Months a report looks back, this one included.
pub const MONTHS_SHOWN: usize = 12;

/// How often something was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TroubleCounts {
    /// in each of [`TroubleReport::months`]
    pub by_month: Vec<u64>,
    /// since counting began
    pub total: u64,
}

/// The troubles of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TroubleReport {
    /// first days of months, this month first
    pub months: Vec<Date>,
    /// visits that met each trouble, counted from their facts; a visit counts once in a row, in the month of the visit
    pub visits: Vec<(Trouble, TroubleCounts)>,
    /// connection and recognition errors that the readers themselves told of, seen or not at a visit
    pub readers: TroubleCounts,
    /// first day of the month in which the first was counted
    pub since: Option<Date>,
}
