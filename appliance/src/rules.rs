//! The rules asked from outside: a case as JSON in, a decision as JSON out.

use domain::case::Case;
use domain::rule::RulePack;
use domain::written::{Unreadable, Written};

/// Decides a case. The error says where the case cannot be read and what is expected there.
pub fn decide_json(case: &serde_json::Value, rules: &RulePack) -> Result<serde_json::Value, Unreadable> {
    let case = Case::read(&sync::json::from_json(case)?)?;
    Ok(sync::json::to_json(&domain::decide(&case, rules).write()))
}
