//! The figures on the wire: counts only, small cells covered.

use super::Text;
use super::time::Day;
use crate::outside_figures::{Cell, Row, rows};
use crate::port::Statistics;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a count is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// it is one, two, three or four
    Small,
    /// a small one could be worked out from it
    BesideSmall,
}

/// One count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// `visits`, `trouble`, `reader`, `evidence` or `waiting_s`
    pub section: String,
    /// which of it: a category of the survey, a reader, an evidence, `median` or `p90`
    pub code: String,
    /// in words
    pub name: Text,
    /// `all`, `week`, `counter` or `hour`
    pub part: String,
    /// the Monday, the number of the counter, the hour; empty for all
    pub value: String,
    /// how many; seconds in `waiting_s`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// why there is no count
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered: Option<Covered>,
    /// sites of the national survey that met it, per thousand; absent for what the survey did not ask
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sites_per_thousand: Option<u16>,
}

/// The figures of the site over whole weeks, for associations and vendors. Nothing about patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SiteFigures {
    /// Mondays, oldest first
    pub weeks: Vec<Day>,
    /// the counts
    pub figures: Vec<Figure>,
}

impl From<&Statistics> for SiteFigures {
    fn from(statistics: &Statistics) -> SiteFigures {
        SiteFigures {
            weeks: statistics.figures.weeks.iter().map(|week| Day::of(*week)).collect(),
            figures: rows(statistics).iter().map(Figure::from).collect(),
        }
    }
}

impl From<&Row> for Figure {
    fn from(row: &Row) -> Figure {
        let (count, covered) = match row.cell {
            Cell::Count(count) => (Some(count), None),
            Cell::Small => (None, Some(Covered::Small)),
            Cell::BesideSmall => (None, Some(Covered::BesideSmall)),
        };
        Figure {
            section: row.section.to_owned(),
            code: row.code.clone(),
            name: (&row.name).into(),
            part: row.part.to_owned(),
            value: row.value.clone(),
            count,
            covered,
            sites_per_thousand: row.sites_per_thousand,
        }
    }
}
