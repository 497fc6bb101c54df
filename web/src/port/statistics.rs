//! The figures of the site: what its visits add up to. Only the named visits at the end lead to patients.

use domain::Date;
use domain::fact::VisitId;
use domain::tally::Figures;
use std::collections::BTreeMap;

/// Which days are asked for; whole weeks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatisticsQuery {
    /// a day of the first week
    pub from: Date,
    /// a day of the last week
    pub to: Date,
}

/// Connection and recognition errors that a reader itself told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderTroubles {
    /// its name in the settings
    pub reader: String,
    /// in each of the weeks
    pub by_week: Vec<u64>,
    /// by hour of the day
    pub by_hour: BTreeMap<u8, u64>,
}

impl ReaderTroubles {
    /// In all.
    pub fn total(&self) -> u64 {
        self.by_week.iter().sum()
    }
}

/// A visit that was asked for 10割, or left without care, and the reason somebody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedVisit {
    /// which
    pub visit: VisitId,
    /// when
    pub day: Date,
    /// where
    pub counter: Option<String>,
    /// why
    pub reason: String,
}

/// The figures of some weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// what the visits add up to
    pub figures: Figures,
    /// what readers told of, by their names
    pub readers: Vec<ReaderTroubles>,
    /// 10割 was asked: the newest 50
    pub in_full: Vec<EndedVisit>,
    /// left without care (REQ-64): the newest 50
    pub left: Vec<EndedVisit>,
}
