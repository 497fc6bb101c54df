//! Retention and deletion on the wire.

use super::code::ForgetReasonCode;
use super::time::{Day, Instant};
use crate::api::body::{Form, Place};
use crate::port::{ForgetReason, ForgettingView, Forgotten, ForgottenWhy};
use domain::retention::{KeptKind, RetentionPeriod};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Delete a patient with all visits, on all boxes and at the hub. It cannot be undone.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetForm {
    /// why; no free text, since the note of it outlives the record
    pub reason: ForgetReasonCode,
    /// also visits that must still be kept: without it such a deletion is refused
    #[serde(default)]
    pub despite_retention: bool,
}

impl Form for ForgetForm {
    type Meaning = (ForgetReason, bool);

    fn meaning(self, _at: &Place<'_>) -> Option<(ForgetReason, bool)> {
        Some((self.reason.0, self.despite_retention))
    }
}

/// How retention and deletion stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retention {
    /// how long what happens today is kept, by kind
    pub periods: Vec<RetentionPeriodShown>,
    /// the months that go next, the soonest first
    pub next: Vec<KeptMonthShown>,
    /// what went, newest first
    pub done: Vec<ForgottenShown>,
    /// the night in which it was looked last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_on: Option<Day>,
}

/// What is kept for a period of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptKindCode {
    /// visits
    Visit,
    /// patients
    Patient,
}

/// A period with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RetentionPeriod)]
pub struct RetentionPeriodShown {
    /// of what
    pub kind: KeptKindCode,
    /// months after the month it tells of
    pub months: u16,
    /// law or setting, in Japanese
    pub source: String,
}

/// A month that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KeptMonth)]
pub struct KeptMonthShown {
    /// of what
    pub kind: KeptKindCode,
    /// first day of the month
    pub month: Day,
    /// the night after this day it goes
    pub until: Day,
}

/// Something that went: facts only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Forgotten)]
pub struct ForgottenShown {
    /// when
    pub at: Instant,
    /// a patient was deleted for this reason; absent for the end of a period and for what another box asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ForgetReasonCode>,
    /// the month whose period was over
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Day>,
    /// records that went
    pub records: u32,
    /// documents of which nothing is left
    pub documents: u32,
    /// by whom; absent where the box did it by itself
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Retention {
    /// What is told of it.
    pub fn of(view: &ForgettingView) -> Retention {
        Retention {
            periods: view.periods.iter().map(RetentionPeriodShown::of).collect(),
            next: view
                .next
                .iter()
                .map(|kept| KeptMonthShown {
                    kind: kind(kept.kind),
                    month: Day::of(kept.month),
                    until: Day::of(kept.until),
                })
                .collect(),
            done: view.done.iter().map(ForgottenShown::of).collect(),
            looked_on: view.looked_on.map(Day::of),
        }
    }
}

impl RetentionPeriodShown {
    fn of(period: &RetentionPeriod) -> RetentionPeriodShown {
        RetentionPeriodShown { kind: kind(period.kind), months: period.months, source: period.source.to_owned() }
    }
}

impl ForgottenShown {
    fn of(gone: &Forgotten) -> ForgottenShown {
        let (reason, month) = match gone.why {
            ForgottenWhy::Retention { month, .. } => (None, Some(Day::of(month))),
            ForgottenWhy::Patient(reason) => (Some(ForgetReasonCode(reason)), None),
            ForgottenWhy::OtherBox => (None, None),
        };
        ForgottenShown {
            at: Instant::of(gone.at),
            reason,
            month,
            records: gone.records,
            documents: gone.documents,
            by: gone.by.clone(),
        }
    }
}

const fn kind(kind: KeptKind) -> KeptKindCode {
    match kind {
        KeptKind::Visit => KeptKindCode::Visit,
        KeptKind::Patient => KeptKindCode::Patient,
    }
}
