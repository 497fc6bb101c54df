//! What is still to be done for a visit.

use super::standing::VisitStatus;
use super::state::VisitState;
use super::{FollowUpSnoozed, MoneyNoted};
use crate::date::Date;
use crate::decision::{Decision, FollowUp, FollowUpKind};
use crate::follow_up;
use crate::text::Text;

impl VisitState {
    pub(super) fn needs_action_after_late_answer(&self) -> bool {
        self.late_follow_ups.iter().any(|follow_up| !self.is_closed(follow_up.kind))
    }

    fn is_closed(&self, kind: FollowUpKind) -> bool {
        self.closed.iter().any(|closed| closed.kind == kind)
    }

    /// Everything still to be done for this visit: what the rules ask for, what late answers opened, a refund when 10割 was
    /// asked; less what somebody has done.
    pub fn follow_ups(&self, decision: &Decision) -> Vec<FollowUp> {
        if matches!(self.status(), VisitStatus::Voided | VisitStatus::Merged | VisitStatus::LeftWithoutCare) {
            return Vec::new();
        }
        let settled = self.accepted.is_some() || self.full_charge.is_some();
        let mut open: Vec<FollowUp> = self.late_follow_ups.clone();
        if settled {
            let known: Vec<FollowUpKind> = open.iter().map(|f| f.kind).collect();
            open.extend(decision.follow_ups.iter().filter(|f| !known.contains(&f.kind)).cloned());
        }
        if self.full_charge.is_some() && !open.iter().any(|f| f.kind == FollowUpKind::Refund) {
            open.push(self.refund_item());
        }
        open.extend(self.subsidy_item().filter(|_| settled));
        open.retain(|follow_up| !self.is_closed(follow_up.kind));
        open
    }

    /// REQ-41: somebody who had a subsidy before is asked for the certificate again.
    fn subsidy_item(&self) -> Option<FollowUp> {
        let shown_on = self.stored.as_ref()?.subsidy_shown_on?;
        if !self.public_payers.is_empty() || self.subsidy_denied {
            return None;
        }
        let due = follow_up::claim_close(self.visit_date()?).plus_days(-1);
        Some(FollowUp {
            kind: FollowUpKind::AskSubsidy,
            due,
            plan: vec![due],
            reason: Text::new(
                format!(
                    "以前（{shown_on}）に公費の受給者証を確認した方です。今月の受給者証と有効期限を確認してください。"
                ),
                format!(
                    "A subsidy certificate was seen on {shown_on}. Ask for this month's, and look at its last day."
                ),
            ),
        })
    }

    /// Who does a follow-up.
    pub fn assigned_to(&self, kind: FollowUpKind) -> Option<&str> {
        self.assigned.iter().find(|assigned| assigned.kind == kind).and_then(|assigned| assigned.to.as_deref())
    }

    /// Until when a follow-up waits, and why.
    pub fn snoozed(&self, kind: FollowUpKind) -> Option<&FollowUpSnoozed> {
        self.snoozed.iter().find(|snoozed| snoozed.kind == kind)
    }

    /// The amount of a refund or collection, as far as the cash desk worked it out.
    pub fn money(&self, kind: FollowUpKind) -> Option<&MoneyNoted> {
        self.money.iter().find(|noted| noted.kind == kind)
    }

    fn refund_item(&self) -> FollowUp {
        let day = self.visit_date().unwrap_or(Date::literal(1970, 1, 1));
        let due = follow_up::claim_close(day);
        FollowUp {
            kind: FollowUpKind::Refund,
            due,
            plan: vec![due],
            reason: Text::new(
                "10割をお預かりしています。資格が確認でき次第、差額を返金します。",
                "100 % was taken. Pay the difference back as soon as the eligibility is confirmed.",
            ),
        }
    }
}
