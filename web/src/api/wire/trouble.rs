//! Troubles on the wire.

use super::Text;
use super::time::Day;
use crate::port::{TroubleCounts, TroubleReport};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often something was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// in each of `months`
    pub by_month: Vec<u64>,
    /// since counting began
    pub total: u64,
}

impl From<&TroubleCounts> for Counts {
    fn from(counts: &TroubleCounts) -> Counts {
        Counts { by_month: counts.by_month.clone(), total: counts.total }
    }
}

/// Visits that met one kind of trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trouble {
    /// `unprintable_name`, `reader`, `shown_invalid`, …
    pub trouble: String,
    /// in words, the survey's own where it has the row
    pub category: Text,
    /// sites of the national survey that met it, per thousand; absent for what the survey did not ask
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sites_per_thousand: Option<u16>,
    /// visits that met it
    pub visits: Counts,
}

/// Troubles in the categories of the national survey. Nothing about patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Troubles {
    /// first days of months, this month first
    pub months: Vec<Day>,
    /// in the survey's order, then what it did not ask
    pub troubles: Vec<Trouble>,
    /// connection and recognition errors that the readers themselves told of
    pub told_by_readers: Counts,
    /// first day of the month in which the first was counted
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

impl From<&TroubleReport> for Troubles {
    fn from(report: &TroubleReport) -> Troubles {
        let visits = |(trouble, counts): &(domain::trouble::Trouble, TroubleCounts)| Trouble {
            trouble: trouble.code().to_owned(),
            category: (&trouble.name()).into(),
            sites_per_thousand: trouble.sites_per_thousand(),
            visits: counts.into(),
        };
        Troubles {
            months: report.months.iter().map(|month| Day::of(*month)).collect(),
            troubles: report.visits.iter().map(visits).collect(),
            told_by_readers: (&report.readers).into(),
            since: report.since.map(Day::of),
        }
    }
}
