//! The disaster function on the wire.

use super::text::{Reason, required};
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{DisasterPeriod, DisasterTurn, DisasterView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The disaster function is open, or closed, from now on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnForm {
    /// open
    pub open: bool,
    /// by which announcement
    pub reason: Reason,
}

impl Form for TurnForm {
    type Meaning = (bool, String);

    fn meaning(self, at: &Place<'_>) -> Option<(bool, String)> {
        Some((self.open, required(self.reason, at.field("reason"))?))
    }
}

/// How the disaster function stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisasterMode {
    /// it is open
    pub is_open: bool,
    /// the settings of the box hold it open, whatever staff record
    pub by_settings: bool,
    /// when staff had it open, newest first
    pub periods: Vec<DisasterPeriodShown>,
}

/// A time during which it was, or is, open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DisasterPeriod)]
pub struct DisasterPeriodShown {
    /// its beginning
    pub opened: DisasterTurnShown,
    /// its end; absent = still open
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<DisasterTurnShown>,
}

/// One end of such a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DisasterTurn)]
pub struct DisasterTurnShown {
    /// when it was recorded
    pub at: Instant,
    /// by whom: the name of an account, or the id of a program or of another box's account
    pub by: String,
    /// by which announcement
    pub reason: String,
}

impl DisasterMode {
    /// What is told of it.
    pub fn of(view: &DisasterView) -> DisasterMode {
        DisasterMode {
            is_open: view.by_settings || view.open().is_some(),
            by_settings: view.by_settings,
            periods: view.periods.iter().map(DisasterPeriodShown::of).collect(),
        }
    }
}

impl DisasterPeriodShown {
    fn of(period: &DisasterPeriod) -> DisasterPeriodShown {
        DisasterPeriodShown {
            opened: DisasterTurnShown::of(&period.opened),
            closed: period.closed.as_ref().map(DisasterTurnShown::of),
        }
    }
}

impl DisasterTurnShown {
    fn of(turn: &DisasterTurn) -> DisasterTurnShown {
        DisasterTurnShown { at: Instant::of(turn.at), by: turn.by.clone(), reason: turn.reason.clone() }
    }
}
