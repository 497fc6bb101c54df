//! What remains to be done after a check-in, until when, and why (checkin-rules §10, §11; REQ-30).

use crate::circumstance::Circumstances;
use crate::claim::{ClaimBasis, ClaimDecision};
use crate::date::Date;
use crate::decision::{Acceptance, FollowUp, FollowUpKind, RatioDecision};
use crate::eligibility::{EligibilityStatus, PersonMatch};
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

/// Day of the following month on which sending claims ends (claims-rules §1.2).
const CLAIM_CLOSE_DAY: i32 = 10;
/// Day after which medical tickets of a month are usually registered (one city's practice; checkin-rules §3.6).
const TICKETS_REGISTERED_DAY: i32 = 16;

/// The day on which sending the claims of a visit's month closes.
pub fn claim_close(visit_date: Date) -> Date {
    visit_date.first_of_month().plus_months(1).plus_days(CLAIM_CLOSE_DAY - 1)
}

/// When to ask again (REQ-30): next working day, five and ten days later, and before the claim closes.
pub fn recheck_plan(visit_date: Date) -> Vec<Date> {
    let mut plan = vec![
        visit_date.next_weekday(),
        visit_date.plus_days(5),
        visit_date.plus_days(10),
        claim_close(visit_date).plus_days(-1),
    ];
    plan.sort_unstable();
    plan.dedup();
    plan
}

/// Everything a case leaves to be done.
pub(crate) fn follow_ups(
    seen: &Circumstances<'_>,
    accepted: Option<&Acceptance>,
    ratio: &RatioDecision,
    claim: &ClaimDecision,
) -> Vec<FollowUp> {
    let day = seen.day();
    let mut list = Vec::new();
    let mut add = |kind, due, ja: &str, en: &str| list.push(due_on(kind, due, Text::new(ja, en)));

    if seen.person == PersonMatch::Different {
        add(
            FollowUpKind::ReportPersonMismatch,
            day,
            "別の方の情報が表示されました。コールセンターと保険者に報告し、患者さんには0120-95-0178をご案内ください。",
            "Another person's data came back. Report to the call centre and the insurer; the patient phones 0120-95-0178.",
        );
    }
    match seen.status() {
        Some(EligibilityStatus::Invalid | EligibilityStatus::NotFound) => add(
            FollowUpKind::CallInsurer,
            day.next_weekday(),
            "登録の遅れや誤りがないか、保険者に一度確認してください（毎回は不要）。",
            "Ask the insurer once whether the registration lags or is wrong (not at every visit).",
        ),
        Some(EligibilityStatus::ValidTicketMissing) => add(
            FollowUpKind::AskWelfareOffice,
            ticket_requery(day),
            "医療券が未登録です（資格がないという意味ではありません）。福祉事務所に確認し、月の半ば以降に再照会します。",
            "The ticket is not registered yet (which does not mean \"not entitled\"). Ask the welfare office and query again after mid-month.",
        ),
        _ => {}
    }
    if ratio.mismatch {
        add(
            FollowUpKind::SettleRatio,
            day.next_weekday(),
            "負担割合の情報が食い違っています。保険者に確認し、違っていれば精算します。",
            "The sources of the ratio disagree. Ask the insurer and settle the difference if needed.",
        );
    }
    if ratio.tenths.is_none() && accepted.is_some() {
        add(
            FollowUpKind::AskElderlyCertificate,
            day,
            "負担割合の分かる書面（高齢受給者証等）を確認してください。",
            "Ask for a paper that states the ratio (elderly recipient certificate or the like).",
        );
    }
    match claim.basis {
        ClaimBasis::Former => add(
            FollowUpKind::FormerClaim,
            claim_close(day),
            "旧資格での請求予定です。送信前に新しい資格が登録されていないか再照会します。",
            "To be claimed on the former eligibility. Query again before sending.",
        ),
        ClaimBasis::Unknown => add(
            FollowUpKind::UnknownClaim,
            claim_close(day),
            "不詳での請求予定です。送信前に再照会し、保険の種別（会社か市区町村か）を確かめます。",
            "To be claimed as unknown. Query again before sending and make sure of the kind of insurance.",
        ),
        _ => {}
    }
    if let Some(accepted) = accepted {
        list.extend(after_acceptance(seen, accepted));
    }
    list.extend(certificate_slip(seen));
    list
}

fn after_acceptance(seen: &Circumstances<'_>, accepted: &Acceptance) -> Vec<FollowUp> {
    let day = seen.day();
    let mut list = Vec::new();
    if accepted.provisional {
        let plan = recheck_plan(day);
        list.push(FollowUp {
            kind: FollowUpKind::Recheck,
            due: plan[0],
            plan,
            reason: Text::new(
                "オンラインで確認していない受付です。復旧後に再照会します。",
                "This check-in was not confirmed online. Ask again after recovery.",
            ),
        });
    }
    match accepted.evidence {
        EvidenceKind::SelfDeclaration => {
            list.push(due_on(
                FollowUpKind::DeclarationOpen,
                claim_close(day),
                Text::new(
                    "申立書での受付です。資格が確認できるまで残ります。",
                    "Received on a declaration; open until the eligibility is confirmed.",
                ),
            ));
            list.push(due_on(
                FollowUpKind::ReportNumber,
                day.plus_days(10),
                Text::new(
                    "患者さんから保険の番号（写しや写真）を知らせてもらってください。",
                    "The patient reports the insured number (copy or photo) as soon as it is known.",
                ),
            ));
        }
        EvidenceKind::InsuranceCardExpired | EvidenceKind::NoticeOnly | EvidenceKind::SiteJudgement => {
            list.push(due_on(
                FollowUpKind::BringCard,
                day,
                Text::new(
                    "次回はマイナンバーカードか資格確認書を持参するよう伝えてください。",
                    "Ask the patient to bring the My Number card or an eligibility certificate next time.",
                ),
            ));
        }
        _ => {}
    }
    if seen.case.staff_accepts && accepted.confidence == Confidence::StatedByPatient {
        list.push(due_on(
            FollowUpKind::ReviewDecision,
            day.next_weekday(),
            Text::new(
                "職員の判断で受け付けました。責任者が確認してください。",
                "Received by a decision of staff; to be reviewed.",
            ),
        ));
    }
    list
}

fn certificate_slip(seen: &Circumstances<'_>) -> Option<FollowUp> {
    let advice = seen.window.and_then(|window| window.facts().advice)?;
    Some(due_on(FollowUpKind::CertificateSlip, seen.day(), Text::new(advice.ja(), advice.en())))
}

fn ticket_requery(day: Date) -> Date {
    let registered = day.first_of_month().plus_days(TICKETS_REGISTERED_DAY - 1);
    if registered > day { registered } else { day.next_weekday() }
}

fn due_on(kind: FollowUpKind, due: Date, reason: Text) -> FollowUp {
    FollowUp { kind, due, plan: vec![due], reason }
}

impl FollowUpKind {
    /// The dated rule behind the wish to act, where there is one.
    pub const fn rule(self) -> Option<RuleId> {
        match self {
            FollowUpKind::CallInsurer => Some(RuleId::InsurerFiveDays),
            FollowUpKind::DeclarationOpen => Some(RuleId::SelfDeclaration),
            FollowUpKind::UnknownClaim => Some(RuleId::UnknownClaim),
            FollowUpKind::CertificateSlip => Some(RuleId::CertGraceThreeMonths),
            FollowUpKind::AskWelfareOffice => Some(RuleId::AssistanceOnline),
            _ => None,
        }
    }
}
