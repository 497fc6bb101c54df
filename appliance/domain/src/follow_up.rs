//! What remains to be done after a check-in, until when, and why (checkin-rules §10, §11; REQ-30).

use crate::certificate::window;
use crate::circumstance::{Circumstances, card_of_another};
use crate::claim::{ClaimBasis, ClaimDecision};
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{Acceptance, FollowUp, FollowUpKind, FullCharge, RatioDecision};
use crate::eligibility::{EligibilityStatus, PersonMatch};
use crate::evidence::{Confidence, EvidenceKind};
use crate::lookup::Lookup;
use crate::rule::{RuleId, RulePack};
use crate::text::Text;

/// Day of the following month on which sending claims ends (claims-rules §1.2).
const CLAIM_CLOSE_DAY: i32 = 10;
/// Day after which medical tickets of a month are usually registered (one city's practice; checkin-rules §3.6).
const TICKETS_REGISTERED_DAY: i32 = 16;

/// The day on which sending the claims of a visit's month closes.
pub fn claim_close(visit_date: Date) -> Date {
    visit_date.first_of_month().plus_months(1).plus_days(CLAIM_CLOSE_DAY - 1)
}

/// The last day on which something can be settled before the claims of a visit's month close.
fn before_close(visit_date: Date) -> Date {
    claim_close(visit_date).plus_days(-1)
}

/// When to ask again (REQ-30): next working day, five and ten days later, and before the claim closes. While everybody is off
/// nothing new is registered, so nothing is planned before the next working day.
pub fn recheck_plan(visit_date: Date, rules: &RulePack) -> Vec<Date> {
    let next = rules.working_day_after(visit_date);
    let mut plan = vec![next, visit_date.plus_days(5), visit_date.plus_days(10), before_close(visit_date)];
    plan.retain(|due| (next..claim_close(visit_date)).contains(due));
    if plan.is_empty() {
        plan.push(next); // closed from before the visit until after the claim
    }
    plan.sort_unstable();
    plan.dedup();
    plan
}

/// What the other parts of a decision found.
pub(crate) struct Findings<'a> {
    pub accepted: Option<&'a Acceptance>,
    pub ratio: &'a RatioDecision,
    pub claim: &'a ClaimDecision,
    pub full_charge: &'a FullCharge,
}

/// Everything a case leaves to be done.
pub(crate) fn follow_ups(seen: &Circumstances<'_>, found: &Findings<'_>) -> Vec<FollowUp> {
    let mut list = Vec::new();
    list.extend(found.accepted.filter(|accepted| accepted.provisional).map(|_| recheck(seen)));
    list.extend(about_answer(seen));
    list.extend(about_ratio(seen, found));
    list.extend(about_claim(seen, found));
    list.extend(found.accepted.into_iter().flat_map(|accepted| about_evidence(seen, accepted)));
    list.extend(found.accepted.and_then(|_| check_number(seen)));
    list.extend(seen.looked_up.and_then(|lookup| report_lookup(lookup, seen.day(), seen.rules)));
    list.extend(refund(seen, found.full_charge));
    list.extend(certificate_slip(seen));
    list.extend(card_lost(seen));
    list
}

/// A missing ticket is asked about again when it is usually registered; everything else by the plan.
fn recheck(seen: &Circumstances<'_>) -> FollowUp {
    let day = seen.day();
    let (plan, reason) = if seen.ticket_missing() {
        let reason = Text::new(
            "医療券が登録される月の半ば以降に再照会します。",
            "Ask again after mid-month, when the ticket is usually registered.",
        );
        (vec![ticket_requery(seen), before_close(day)], reason)
    } else {
        let reason = Text::new(
            "オンラインで確認していない受付です。復旧後に再照会します。",
            "This check-in was not confirmed online. Ask again after recovery.",
        );
        (recheck_plan(day, seen.rules), reason)
    };
    FollowUp { kind: FollowUpKind::Recheck, due: plan[0], plan, reason }
}

fn about_answer(seen: &Circumstances<'_>) -> Option<FollowUp> {
    let day = seen.day();
    if seen.person == PersonMatch::Different && !card_of_another(seen.case) {
        if seen.case.answer_withheld && seen.asked_by_number() {
            let reason = Text::new(
                "入力した番号で別の方が該当しました。入力違いでなければ、コールセンターと保険者に報告してください。",
                "The typed numbers belong to another person. If they were typed correctly, report to the call centre and the insurer.",
            );
            return Some(due_on(FollowUpKind::ReportPersonMismatch, day, reason));
        }
        let reason = Text::new(
            "別の方の情報が表示されました。コールセンターと保険者に報告し、患者さんには0120-95-0178をご案内ください。",
            "Another person's data came back. Report to the call centre and the insurer; the patient phones 0120-95-0178.",
        );
        return Some(due_on(FollowUpKind::ReportPersonMismatch, day, reason));
    }
    if seen.ticket_missing() {
        let reason = Text::new(
            "医療券が未登録です（資格がないという意味ではありません）。福祉事務所に確認してください。",
            "The ticket is not registered yet (which does not mean \"not entitled\"). Ask the welfare office.",
        );
        return Some(due_on(FollowUpKind::AskWelfareOffice, day, reason));
    }
    let called_before = seen.case.stored.as_ref().is_some_and(|stored| stored.false_invalid_since.is_some());
    let unclear = match seen.status() {
        Some(EligibilityStatus::Invalid) => !called_before,
        Some(EligibilityStatus::NotFound) => true,
        _ => false,
    };
    unclear.then(|| {
        let reason = Text::new(
            "登録の遅れや誤りがないか、保険者に一度確認してください（毎回は不要）。",
            "Ask the insurer once whether the registration lags or is wrong (not at every visit).",
        );
        due_on(FollowUpKind::CallInsurer, seen.rules.working_day_after(day), reason)
    })
}

fn about_ratio(seen: &Circumstances<'_>, found: &Findings<'_>) -> Option<FollowUp> {
    let day = seen.day();
    if found.ratio.mismatch {
        let reason = Text::new(
            "負担割合の情報が食い違っています。保険者に確認し、違っていれば精算します。",
            "The sources of the ratio disagree. Ask the insurer and settle the difference if needed.",
        );
        return Some(due_on(FollowUpKind::SettleRatio, seen.rules.working_day_after(day), reason));
    }
    (found.ratio.tenths.is_none() && found.accepted.is_some()).then(|| {
        let reason = Text::new(
            "負担割合の分かる書面（高齢受給者証等）を確認してください。",
            "Ask for a paper that states the ratio (elderly recipient certificate or the like).",
        );
        due_on(FollowUpKind::AskElderlyCertificate, day, reason)
    })
}

fn about_claim(seen: &Circumstances<'_>, found: &Findings<'_>) -> Option<FollowUp> {
    let close = claim_close(seen.day());
    match found.claim.basis {
        ClaimBasis::Former => Some(due_on(
            FollowUpKind::FormerClaim,
            close,
            Text::new(
                "旧資格での請求予定です。送信前に新しい資格が登録されていないか再照会します。",
                "To be claimed on the former eligibility. Query again before sending.",
            ),
        )),
        ClaimBasis::Unknown => Some(due_on(
            FollowUpKind::UnknownClaim,
            close,
            Text::new(
                "不詳での請求予定です。送信前に再照会し、保険の種別（会社か市区町村か）を確かめます。",
                "To be claimed as unknown. Query again before sending and make sure of the kind of insurance.",
            ),
        )),
        ClaimBasis::Hold if found.accepted.is_some_and(|a| lacks_numbers(seen, a)) => {
            Some(due_on(FollowUpKind::ReportNumber, seen.rules.working_day_after(seen.day()), missing_numbers(seen)))
        }
        ClaimBasis::Current | ClaimBasis::Hold => None,
    }
}

/// Accepted on something that should carry numbers, but nobody wrote them down. A declaration and a ticket have items of
/// their own.
fn lacks_numbers(seen: &Circumstances<'_>, accepted: &Acceptance) -> bool {
    accepted.evidence != EvidenceKind::SelfDeclaration && !seen.ticket_missing()
}

/// REQ-49: which item is missing.
fn missing_numbers(seen: &Circumstances<'_>) -> Text {
    let known = seen.case.presented.iter().map(|p| &p.coverage).filter(|c| **c != Coverage::EMPTY).collect::<Vec<_>>();
    let lacks = |has: fn(&Coverage) -> bool| !known.iter().any(|c| has(c));
    let items = [
        (lacks(|c| c.insurer_number.is_some()), "保険者番号", "insurer number"),
        (lacks(|c| c.insured_number.is_some()), "番号", "insured number"),
    ];
    let missing = items.iter().filter(|(missing, ..)| *missing);
    let (ja, en): (Vec<&str>, Vec<&str>) = missing.map(|(_, ja, en)| (*ja, *en)).unzip();
    Text::new(
        format!("請求に必要な項目が控えられていません：{}。患者さんに確認してください。", ja.join("・")),
        format!("Items the claim needs were not written down: {}. Ask the patient.", en.join(", ")),
    )
}

fn about_evidence(seen: &Circumstances<'_>, accepted: &Acceptance) -> Vec<FollowUp> {
    let day = seen.day();
    let mut list = Vec::new();
    match accepted.evidence {
        EvidenceKind::SelfDeclaration if accepted.provisional => {
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
                day.plus_days(10).min(before_close(day)),
                Text::new(
                    "患者さんから保険の番号（写しや写真）を知らせてもらってください。",
                    "The patient reports the insured number (copy or photo) as soon as it is known.",
                ),
            ));
        }
        EvidenceKind::InsuranceCardExpired | EvidenceKind::NoticeOnly | EvidenceKind::SiteJudgement
            if !seen.card_present() =>
        {
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
    if staff_decided(seen, accepted) {
        list.push(due_on(
            FollowUpKind::ReviewDecision,
            seen.rules.working_day_after(day),
            Text::new(
                "職員の判断で受け付けました。責任者が確認してください。",
                "Received by a decision of staff; to be reviewed.",
            ),
        ));
    }
    list
}

/// A number whose check digit does not fit is looked at again before it stands on a claim (claims-rules §3.4, §10 list F), unless
/// the national service has called the person eligible.
fn check_number(seen: &Circumstances<'_>) -> Option<FollowUp> {
    let overridden = seen.papers().any(|paper| paper.coverage.has_wrong_check_digit());
    (overridden && seen.heard_valid().is_none()).then(|| {
        let reason = Text::new(
            "検証番号の合わない保険者番号で受け付けました。請求前に書面か保険者に確認してください。",
            "Received by an insurer number whose check digit does not fit. Make sure of it before the claim.",
        );
        due_on(FollowUpKind::CheckInsurerNumber, seen.rules.working_day_after(seen.day()), reason)
    })
}

/// The use of the outage look-up is reported afterwards (checkin-rules §3.4), whatever the terminal answers later; by when is not
/// known.
pub(crate) fn report_lookup(lookup: &Lookup, day: Date, rules: &RulePack) -> Option<FollowUp> {
    (lookup.kind == EvidenceKind::OutageLookup).then(|| {
        let reason = Text::new(
            "システム障害時モードを使いました。使用報告を送ってください。",
            "The outage look-up was used. Send the report of its use.",
        );
        due_on(FollowUpKind::ReportLookup, rules.working_day_after(day), reason)
    })
}

fn staff_decided(seen: &Circumstances<'_>, accepted: &Acceptance) -> bool {
    let stated = matches!(accepted.confidence, Confidence::StatedByPatient | Confidence::Unconfirmed);
    accepted.evidence == EvidenceKind::SiteJudgement || (seen.case.staff_accepts && stated)
}

/// REQ-68: opened as soon as 10割 may be asked, so that nobody has to remember it.
fn refund(seen: &Circumstances<'_>, charge: &FullCharge) -> Option<FollowUp> {
    charge.may_be_asked.then(|| {
        let reason = Text::new(
            "10割をお預かりした場合は、資格が確認でき次第、差額を返金します。",
            "If 100 % was taken: pay the difference back as soon as the eligibility is confirmed.",
        );
        due_on(FollowUpKind::Refund, claim_close(seen.day()), reason)
    })
}

fn certificate_slip(seen: &Circumstances<'_>) -> Option<FollowUp> {
    let advice = seen.window.and_then(|window| window.facts().advice)?;
    if slip_given_in_this_window(seen) {
        return None;
    }
    Some(due_on(FollowUpKind::CertificateSlip, seen.day(), Text::new(advice.ja(), advice.en())))
}

/// REQ-43: who was told is not told again until something else is true of the certificate.
fn slip_given_in_this_window(seen: &Circumstances<'_>) -> bool {
    let (Some(expiry), Some(stored)) = (seen.case.certificate_expiry, &seen.case.stored) else { return false };
    stored.slips_given_on.iter().any(|given| Some(window(expiry, *given)) == seen.window)
}

/// A lost card is looked after until evidence stands for it again: at the next visit, and before the claim closes at the latest.
fn card_lost(seen: &Circumstances<'_>) -> Option<FollowUp> {
    if !seen.case.card_lost || seen.case.presented(EvidenceKind::EligibilityCertificate).is_some() {
        return None;
    }
    let reason = Text::new(
        "カードを紛失された方です。次の受診で新しいカードか資格確認書を確かめます（再発行は早くて5日ほど）。停止は0120-95-0178（24時間）。",
        "The card is lost. At the next visit look at the new card or a certificate (a new card takes 5 days at the least). To stop the card: 0120-95-0178, day and night.",
    );
    let close = before_close(seen.day());
    Some(due_on(FollowUpKind::CardLost, close.max(seen.rules.working_day_after(seen.day())), reason))
}

fn ticket_requery(seen: &Circumstances<'_>) -> Date {
    let day = seen.day();
    let registered = day.first_of_month().plus_days(TICKETS_REGISTERED_DAY - 1);
    if registered > day { registered } else { seen.rules.working_day_after(day) }
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
