//! The dated rule list on the wire.

use super::Text;
use super::code::RuleIdCode;
use super::time::Day;
use domain::Date;
use domain::rule::{Rule, RulePack};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The dated rules the desk decides by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rules {
    /// which list; ends in `+site` where the site moved a date
    pub version: String,
    /// the day `in_force` speaks of
    pub on: Day,
    /// in the order of the list
    pub rules: Vec<RuleShown>,
}

/// One rule with its period and source. It counts by the date of the visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Rule)]
pub struct RuleShown {
    /// which rule
    pub id: RuleIdCode,
    /// first day, inclusive; absent = before anything that is decided here
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// last day, inclusive; absent = no end known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// the sources give only the month of `from`; the day is a setting
    pub day_unknown: bool,
    /// in force on the day asked for
    pub in_force: bool,
    /// the rule in a line
    pub text: Text,
    /// law, circular or paper it comes from
    pub source: String,
}

impl Rules {
    /// The list as it stands on a day.
    pub fn on(pack: &RulePack, day: Date) -> Rules {
        let shown = |rule: &Rule| RuleShown {
            id: RuleIdCode(rule.id),
            from: rule.from.map(Day::of),
            to: rule.to.map(Day::of),
            day_unknown: rule.day_unknown,
            in_force: pack.in_force(rule.id, day),
            text: Text { ja: rule.ja.to_owned(), en: rule.en.to_owned() },
            source: rule.source.to_owned(),
        };
        Rules { version: pack.version().to_owned(), on: Day::of(day), rules: pack.rules().iter().map(shown).collect() }
    }
}
