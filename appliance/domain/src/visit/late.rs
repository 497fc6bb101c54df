//! Late truth: an answer that comes after the check-in was accepted confirms it, corrects it, or says what to do.

use super::state::VisitState;
use super::{Reconciled, VisitFact};
use crate::claim::ClaimBasis;
use crate::codes;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{Decision, FollowUp, FollowUpKind};
use crate::follow_up::claim_close;
use crate::text::Text;

codes! {
    /// What a late answer did to a visit.
    pub enum LateOutcome {
        /// same insurer, same share
        Confirmed = "confirmed",
        /// another insurer: the claim follows the new one
        InsurerChanged = "insurer_changed",
        /// another share: collect or refund
        RatioChanged = "ratio_changed",
        /// 無効: claim by the former numbers (②)
        FormerClaim = "former_claim",
        /// nothing found: claim as 不詳 (③)
        UnknownClaim = "unknown_claim",
        /// nothing found and nothing to claim by yet: hold
        StillUnclear = "still_unclear",
        /// the answer spoke of another person and was not kept
        PersonMismatch = "person_mismatch",
    }
}

impl LateOutcome {
    /// Whether the national service has called the person eligible.
    pub const fn settles(self) -> bool {
        matches!(self, LateOutcome::Confirmed | LateOutcome::InsurerChanged | LateOutcome::RatioChanged)
    }
}

/// What a changed share means at the cash desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// the patient paid too little: collect so many tenths of the fee
    Collect(u8),
    /// the patient paid too much: refund so many tenths of the fee
    Refund(u8),
    /// nothing to settle
    Even,
}

impl Money {
    /// Compares what was charged with what is right, in tenths of the fee.
    pub fn between(charged: Option<u8>, right: Option<u8>) -> Money {
        match (charged, right) {
            (Some(charged), Some(right)) if charged < right => Money::Collect(right - charged),
            (Some(charged), Some(right)) if charged > right => Money::Refund(charged - right),
            _ => Money::Even,
        }
    }
}

/// Re-decides an accepted (or fully charged) visit after an answer. `None` when nothing was accepted yet: then the desk
/// goes on as usual.
pub(super) fn reconcile(before: &VisitState, before_coverage: Option<&Coverage>, now: &Decision) -> Option<VisitFact> {
    if before.accepted.is_none() && before.full_charge.is_none() {
        return None;
    }
    let day = before.visit_date()?;
    let charged = before.ratio_charged();
    let right = now.ratio.tenths.filter(|_| now.claim.basis == ClaimBasis::Current && !now.claim.provisional);
    let insurer_changed = match (before_coverage, now.coverage()) {
        (Some(old), Some(new)) => old.has_numbers() && !old.same_insured(new),
        _ => false,
    };
    let money = Money::between(charged, right);
    let outcome = match now.claim.basis {
        ClaimBasis::Current if now.claim.provisional => LateOutcome::StillUnclear,
        ClaimBasis::Current if insurer_changed => LateOutcome::InsurerChanged,
        ClaimBasis::Current if money != Money::Even => LateOutcome::RatioChanged,
        ClaimBasis::Current => LateOutcome::Confirmed,
        ClaimBasis::Former => LateOutcome::FormerClaim,
        ClaimBasis::Unknown => LateOutcome::UnknownClaim,
        ClaimBasis::Hold => LateOutcome::StillUnclear,
    };
    let mut follow_ups = Vec::new();
    follow_ups.extend(money_item(money, day));
    if insurer_changed && outcome == LateOutcome::InsurerChanged {
        follow_ups.push(insurer_item(day));
    }
    Some(VisitFact::Reconciled(Reconciled { outcome, ratio_charged: charged, ratio_right: right, follow_ups }))
}

fn money_item(money: Money, day: Date) -> Option<FollowUp> {
    let (kind, ja, en) = match money {
        Money::Even => return None,
        Money::Collect(tenths) => (
            FollowUpKind::Collect,
            format!("負担割合が違いました。{tenths}割分を追加でいただきます。"),
            format!("The share was too small: collect {tenths} tenths of the fee."),
        ),
        Money::Refund(tenths) => (
            FollowUpKind::Refund,
            format!("負担割合が違いました。{tenths}割分を返金します。"),
            format!("The share was too large: pay back {tenths} tenths of the fee."),
        ),
    };
    Some(FollowUp { kind, due: claim_close(day), plan: vec![claim_close(day)], reason: Text::new(ja, en) })
}

fn insurer_item(day: Date) -> FollowUp {
    FollowUp {
        kind: FollowUpKind::InsurerChanged,
        due: claim_close(day),
        plan: vec![claim_close(day)],
        reason: Text::new(
            "受付時と違う保険（番号）でした。カルテ・レセコンの保険情報を直してください。",
            "The insurance differs from the one at check-in. Correct chart and receipt computer before the claim.",
        ),
    }
}
