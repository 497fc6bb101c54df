//! Rungs for children in somebody else's care, pharmacies and public assistance.

use super::{Finding, Words, accept, document_confidence, refuse};
use crate::case::{Companion, SiteKind};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

/// 医療券・調剤券 on paper stays in use for urgent or unavoidable cases.
pub(super) fn medical_assistance_ticket(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::MedicalAssistanceTicket;
    if seen.case.presented(kind).is_none() || seen.valid_answer().is_some() {
        return Vec::new();
    }
    let words = Words {
        reason: Text::new("医療券・調剤券で受け付けます。", "Received on the medical ticket."),
        law: "生活保護法 医療扶助運営要領",
        rule: Some(RuleId::AssistanceOnline),
        say: Text::new("医療券をお預かりします。", "Thank you, I will take down your ticket."),
    };
    vec![accept(seen, Action::TakeDocument, kind, Confidence::ConfirmedByDocument, words)]
}

/// School trips and nurseries: copies count, when the right people bring the child.
pub(super) fn children(seen: &Circumstances<'_>) -> Vec<Finding> {
    [
        (EvidenceKind::SchoolTripCopy, Companion::Teacher, RuleId::SchoolTripNotice, RuleId::SchoolCertCopy),
        (EvidenceKind::NurseryCopy, Companion::NurseryStaff, RuleId::NurseryCopy, RuleId::NurseryCopy),
    ]
    .into_iter()
    .flat_map(|(kind, who, notice_rule, certificate_rule)| {
        let presented = seen.case.presented(kind)?;
        let certificate = presented.copy_of == Some(EvidenceKind::EligibilityCertificate);
        Some(one_copy(seen, kind, who, if certificate { certificate_rule } else { notice_rule }))
    })
    .collect()
}

fn one_copy(seen: &Circumstances<'_>, kind: EvidenceKind, who: Companion, id: RuleId) -> Finding {
    let rule = seen.rules.rule(id);
    if !seen.in_force(id) {
        let reason =
            Text::new("この日はまだ写しでの確認が認められていません。", "Copies were not yet listed on this day.");
        return refuse(kind, reason, rule.source, Some(id));
    }
    if seen.case.companion.is_some_and(|companion| companion != who) {
        let reason = Text::new(
            "写しで確認できるのは、学校行事の引率教員・保育所等の職員が連れてきた場合だけです。",
            "Copies count only when teachers on a school trip or nursery staff bring the child.",
        );
        return refuse(kind, reason, rule.source, Some(id));
    }
    let words = Words {
        reason: Text::new(
            "引率の職員が持参した書面・写しで確認できます。",
            "The papers or copies brought by the staff in charge confirm eligibility.",
        ),
        law: rule.source,
        rule: Some(id),
        say: Text::new(
            "先生のお名前と連絡先も教えてください。",
            "Please give me the teacher's name and phone number too.",
        ),
    };
    accept(seen, Action::TakeDocument, kind, document_confidence(seen), words)
}

/// Pharmacies: a prescription is itself a permitted way to confirm entitlement.
pub(super) fn prescription(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.valid_answer().is_some() {
        return Vec::new();
    }
    [EvidenceKind::PrescriptionElectronic, EvidenceKind::PrescriptionPaper]
        .into_iter()
        .filter(|kind| seen.case.presented(*kind).is_some())
        .map(|kind| one_prescription(seen, kind))
        .collect()
}

fn one_prescription(seen: &Circumstances<'_>, kind: EvidenceKind) -> Finding {
    const LAW: &str = "薬担規則 処方箋による資格確認";
    if seen.case.site.kind != SiteKind::Pharmacy {
        let reason = Text::new("処方箋で確認できるのは薬局だけです。", "Only pharmacies may go by the prescription.");
        return refuse(kind, reason, LAW, None);
    }
    let words = Words {
        reason: Text::new(
            "処方箋は資格確認の方法の一つです。マイナ保険証がないことを理由に断れません。",
            "A prescription is a permitted way to confirm; dispensing may not be refused for lack of a card.",
        ),
        law: LAW,
        rule: None,
        say: Text::new("処方箋をお預かりします。", "Thank you, I will take your prescription."),
    };
    accept(seen, Action::TakePrescription, kind, document_confidence(seen), words)
}
