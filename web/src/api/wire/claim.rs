//! The claims of a month on the wire.

use super::Text;
use super::code::{
    ClaimBasisCode, ClaimWarningCode, ConfidenceCode, EvidenceKindCode, NotClaimedCode, PayerBodyCode,
    ReturnOutcomeCode, ReturnReasonCode,
};
use super::coverage::CoverageShown;
use super::text::{Note, Reason, ShortText, optional, required};
use super::time::{Day, Instant, optional_day};
use crate::api::body::{Form, Place};
use crate::port::{ClaimCommand, ClaimItem, ClaimMonth, SinceFreeze};
use domain::claim::{Month, ReturnedClaim};
use domain::fact::VisitId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A public payer of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimPayer {
    /// 公費負担者番号
    pub payer: String,
    /// 公費受給者番号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// One visit of the month-end list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// which visit
    pub visit: String,
    /// its day
    pub visit_date: Day,
    /// the patient on file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// the clinic's number
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_number: Option<String>,
    /// name to print
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// ①, ②, ③ or hold
    pub basis: ClaimBasisCode,
    /// why
    pub reason: Text,
    /// the visit makes no claim
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_claimed: Option<NotClaimedCode>,
    /// the numbers
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageShown>,
    /// 公費, first one first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_payers: Vec<ClaimPayer>,
    /// 摘要欄, in records of the width of the claim
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remark_lines: Vec<String>,
    /// who the claim goes to; absent = the institution chooses
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_body: Option<PayerBodyCode>,
    /// patient's share in tenths; 10 = 10割 was asked
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// how eligibility was confirmed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceKindCode>,
    /// how sure that is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<ConfidenceCode>,
    /// a later answer may still change it
    pub provisional: bool,
    /// what stands out
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ClaimWarningCode>,
    /// somebody has to act before it is sent
    pub needs_somebody: bool,
    /// `same`, `changed` or `added` since the month was frozen
    pub since_freeze: String,
    /// it changed since this caller last marked the month as seen
    pub changed: bool,
    /// the same patient has another insurer at another visit of the month
    pub insurer_differs_in_month: bool,
}

impl From<&ClaimItem> for Claim {
    fn from(item: &ClaimItem) -> Claim {
        let line = &item.line;
        let payers = line.public_payers.iter().map(|payer| ClaimPayer {
            payer: payer.payer.as_str().to_owned(),
            recipient: payer.recipient.as_ref().map(|number| number.as_str().to_owned()),
        });
        let since_freeze = match item.since_freeze {
            SinceFreeze::Same => "same",
            SinceFreeze::Changed => "changed",
            SinceFreeze::Added => "added",
        };
        Claim {
            visit: item.visit.to_string(),
            visit_date: Day::of(item.visit_date),
            patient: item.patient.as_ref().map(ToString::to_string),
            patient_number: item.patient_number.clone(),
            name: item.name.clone(),
            basis: ClaimBasisCode(line.basis),
            reason: (&line.reason).into(),
            not_claimed: line.not_claimed.map(NotClaimedCode),
            coverage: line.coverage.as_ref().map(CoverageShown::from),
            public_payers: payers.collect(),
            remark_lines: line.remark_lines.clone(),
            payer_body: line.payer_body.map(PayerBodyCode),
            ratio_tenths: line.ratio_tenths,
            evidence: line.evidence.map(EvidenceKindCode),
            confidence: line.confidence.map(ConfidenceCode),
            provisional: line.provisional,
            warnings: line.warnings.iter().copied().map(ClaimWarningCode).collect(),
            needs_somebody: line.needs_somebody(),
            since_freeze: since_freeze.to_owned(),
            changed: item.changed,
            insurer_differs_in_month: item.insurer_differs_in_month,
        }
    }
}

/// How many visits of each kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimCounts {
    /// every visit
    pub all: u32,
    /// ①
    pub current: u32,
    /// ②
    pub former: u32,
    /// ③
    pub unknown: u32,
    /// on hold
    pub hold: u32,
    /// that make no claim
    pub not_claimed: u32,
    /// that need somebody
    pub needs_somebody: u32,
    /// claimed but not confirmed online
    pub unconfirmed: u32,
    /// changed since this caller last marked the month as seen
    pub changed: u32,
    /// changed or added after the freeze
    pub after_freeze: u32,
}

/// A claim that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Returned {
    /// its id
    pub id: String,
    /// the visit it is traced back to
    pub visit: String,
    /// when it came back
    pub on: Day,
    /// why
    pub reason: ReturnReasonCode,
    /// what the payer body wrote
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// what became of it; absent = open
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ReturnOutcomeCode>,
    /// how
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_note: Option<String>,
}

impl From<&ReturnedClaim> for Returned {
    fn from(claim: &ReturnedClaim) -> Returned {
        let settled = claim.settled.as_ref();
        Returned {
            id: claim.id.clone(),
            visit: claim.entered.visit.to_string(),
            on: Day::of(claim.entered.on),
            reason: ReturnReasonCode(claim.entered.reason),
            note: claim.entered.note.clone(),
            outcome: settled.map(|settled| ReturnOutcomeCode(settled.outcome)),
            outcome_note: settled.map(|settled| settled.note.clone()),
        }
    }
}

/// Frozen, or opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MonthChange {
    /// when
    pub at: Instant,
    /// how many visits were frozen; absent = opened again
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frozen: Option<u32>,
    /// why it was opened again
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The claims of a month, one page of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claims {
    /// `YYYY-MM`
    pub month: String,
    /// the day on which sending ends
    pub closes_on: Day,
    /// the month stands frozen
    pub is_frozen: bool,
    /// how many of each
    pub counts: ClaimCounts,
    /// the visits of this page, in the order they came
    pub claims: Vec<Claim>,
    /// `after` of the next page
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// frozen and opened again, in order
    pub history: Vec<MonthChange>,
    /// claims that came back
    pub returned: Vec<Returned>,
    /// what to hand in as seen
    pub mark: i64,
}

impl From<&ClaimMonth> for Claims {
    fn from(view: &ClaimMonth) -> Claims {
        let totals = &view.totals;
        let change = |event: &domain::claim::month::MonthEvent| MonthChange {
            at: Instant::of(event.at),
            frozen: event.frozen,
            reason: event.reason.clone(),
        };
        Claims {
            month: view.month.to_string(),
            closes_on: Day::of(view.month.closes_on()),
            is_frozen: view.is_frozen,
            counts: ClaimCounts {
                all: totals.all(),
                current: totals.current,
                former: totals.former,
                unknown: totals.unknown,
                hold: totals.hold,
                not_claimed: totals.not_claimed,
                needs_somebody: totals.needs_somebody,
                unconfirmed: totals.unconfirmed,
                changed: totals.changed,
                after_freeze: totals.after_freeze,
            },
            claims: view.items.iter().map(Claim::from).collect(),
            next: view.next.as_ref().map(ToString::to_string),
            history: view.events.iter().map(change).collect(),
            returned: view.returned.iter().map(|(claim, _)| Returned::from(claim)).collect(),
            mark: view.mark,
        }
    }
}

/// Something about the claims of a month: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimCommandForm {
    /// freeze the list as it stands
    Freeze(MonthForm),
    /// open it again
    Reopen(ReopenForm),
    /// a claim came back
    EnterReturn(EnterReturnForm),
    /// what became of a returned claim
    SettleReturn(SettleReturnForm),
    /// this caller has seen the month up to a mark
    Seen(SeenForm),
}

/// A month.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthForm {
    /// `YYYY-MM`
    pub month: ShortText,
}

/// A month to be opened again.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenForm {
    /// `YYYY-MM`
    pub month: ShortText,
    /// why
    pub reason: Reason,
}

/// A claim that came back.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterReturnForm {
    /// the visit it is traced back to
    pub visit: ShortText,
    /// when it came back
    pub on: Day,
    /// why
    pub reason: ReturnReasonCode,
    /// what the payer body wrote
    pub note: Option<Note>,
}

/// What became of a returned claim.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleReturnForm {
    /// month of the visit, `YYYY-MM`
    pub month: ShortText,
    /// which
    pub id: ShortText,
    /// what
    pub outcome: ReturnOutcomeCode,
    /// how
    pub note: Note,
}

/// What was seen.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenForm {
    /// `YYYY-MM`
    pub month: ShortText,
    /// `mark` of the list that was shown
    pub mark: i64,
}

fn month_of(text: ShortText, at: Place<'_>) -> Option<Month> {
    let text = required(text, at.field("month"))?;
    let month = Month::parse(&text);
    if month.is_none() {
        at.field("month").wrong("format", "YYYY-MM の形で入れてください。", "Give a month as YYYY-MM.");
    }
    month
}

impl Form for ClaimCommandForm {
    type Meaning = ClaimCommand;

    fn meaning(self, at: &Place<'_>) -> Option<ClaimCommand> {
        Some(match self {
            ClaimCommandForm::Freeze(form) => ClaimCommand::Freeze(month_of(form.month, at.field("freeze"))?),
            ClaimCommandForm::Reopen(form) => {
                let reason = required(form.reason, at.field("reopen").field("reason"));
                ClaimCommand::Reopen { month: month_of(form.month, at.field("reopen"))?, reason: reason? }
            }
            ClaimCommandForm::EnterReturn(form) => {
                let at = at.field("enter_return");
                let visit = required(form.visit, at.field("visit"));
                let on = optional_day(&Some(form.on), at.field("on"));
                let note = optional(form.note, at.field("note"));
                ClaimCommand::EnterReturn { visit: VisitId::new(visit?), on: on?, reason: form.reason.0, note }
            }
            ClaimCommandForm::SettleReturn(form) => {
                let at = at.field("settle_return");
                let id = required(form.id, at.field("id"));
                let note = required(form.note, at.field("note"));
                let month = month_of(form.month, at)?;
                ClaimCommand::SettleReturn { month, id: id?, outcome: form.outcome.0, note: note? }
            }
            ClaimCommandForm::Seen(form) => {
                ClaimCommand::Looked { month: month_of(form.month, at.field("seen"))?, mark: form.mark }
            }
        })
    }
}

/// Visits to be asked about once more.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskAgainForm {
    /// ids of visits
    #[schema(min_items = 1, max_items = 500)]
    pub visits: Vec<ShortText>,
}

impl Form for AskAgainForm {
    type Meaning = Vec<VisitId>;

    fn meaning(self, at: &Place<'_>) -> Option<Vec<VisitId>> {
        let at = at.field("visits");
        at.count(self.visits.len(), 1, 500)?;
        let ids = self.visits.into_iter().enumerate().map(|(nth, id)| required(id, at.item(nth)).map(VisitId::new));
        ids.collect()
    }
}
