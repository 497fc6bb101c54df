//! Lists: a day, a blank day, a month.

use serde::{Deserialize, Serialize};

/// Who came on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayList {
    /// the day
    pub day: String,
    /// in the order they came
    pub rows: Vec<DayRow>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayRow {
    /// running number of the day
    pub number: u32,
    /// when
    pub time: String,
    /// reading
    pub kana: String,
    /// name
    pub name: String,
    /// birth date
    pub birth: String,
    /// where the visit stands
    pub status: String,
    /// evidence it was accepted on
    pub evidence: String,
    /// share
    pub share: String,
    /// open follow-ups
    pub follow_ups: u32,
}

/// A day written by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlankDay {
    /// the day; empty = written by hand
    pub day: String,
    /// the number to go on from; `None` = from 1
    pub after: Option<u32>,
}

/// Every visit of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthEnd {
    /// the month
    pub month: String,
    /// in the order of days
    pub rows: Vec<MonthRow>,
    /// what was counted: words and number
    pub totals: Vec<(String, u32)>,
}

/// One visit of the month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthRow {
    /// day of the month
    pub day: String,
    /// the patient's number at this site; empty = none
    pub number: String,
    /// reading
    pub kana: String,
    /// name
    pub name: String,
    /// ①, ②, ③, hold, or why there is no claim
    pub basis: String,
    /// a later answer may still change it
    pub provisional: bool,
    /// insurer number, symbol, number, branch
    pub numbers: String,
    /// who the claim goes to
    pub payer_body: String,
    /// share
    pub share: String,
    /// how eligibility was confirmed
    pub evidence: String,
    /// 摘要欄
    pub remarks: Vec<String>,
    /// what stands out
    pub warnings: Vec<String>,
    /// somebody has to act before the claim goes out
    pub needs_somebody: bool,
}
