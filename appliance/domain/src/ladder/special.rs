//! Rungs for children in somebody else's care, pharmacies and public assistance.

use super::{Finding, Words, accept, document_confidence, offer, out_of_date, refuse};
use crate::case::{Companion, Presented, SiteKind};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

/// 医療券・調剤券 on paper stays in use for urgent or unavoidable cases.
pub(super) fn medical_assistance_ticket(seen: &Circumstances<'_>) -> Vec<Finding> {
    const LAW: &str = "生活保護法 医療扶助運営要領";
    let kind = EvidenceKind::MedicalAssistanceTicket;
    let Some(ticket) = seen.case.presented(kind).filter(|_| seen.identified().is_none()) else { return Vec::new() };
    if out_of_date(&ticket.coverage, seen.day()) {
        let reason = Text::new(
            "医療券の月が過ぎています。福祉事務所に今月分を確認してください。",
            "The ticket is for an earlier month. Ask the welfare office for this month's.",
        );
        return vec![refuse(kind, reason, LAW, None)];
    }
    let words = Words {
        reason: Text::new("医療券・調剤券で受け付けます。", "Received on the medical ticket."),
        law: LAW,
        rule: None,
        say: Text::new("医療券をお預かりします。", "Thank you, I will take down your ticket."),
    };
    vec![accept(seen, Action::TakeDocument, kind, Confidence::ConfirmedByDocument, words)]
}

/// School trips and nurseries: copies count, when the right people bring the child. A kind that names the occasion says so
/// itself; otherwise the companion does.
pub(super) fn children(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() {
        return Vec::new();
    }
    [(EvidenceKind::SchoolTripCopy, Companion::Teacher), (EvidenceKind::NurseryCopy, Companion::NurseryStaff)]
        .into_iter()
        .flat_map(|(kind, who)| {
            let by_occasion = seen.case.presented(kind);
            let carried = || seen.case.presented.iter().find(|paper| brought_by_carers(seen, paper));
            let paper = by_occasion.or_else(|| carried().filter(|_| seen.case.companion == Some(who)))?;
            Some(one_copy(seen, kind, who, paper))
        })
        .collect()
}

/// Whether teachers or nursery staff bring a paper that counts in their hands only.
pub(super) fn brought_by_carers(seen: &Circumstances<'_>, paper: &Presented) -> bool {
    let carers = matches!(seen.case.companion, Some(Companion::Teacher | Companion::NurseryStaff));
    let copy = paper.kind == EvidenceKind::EligibilityCertificate && paper.is_copy;
    let notice = paper.kind == EvidenceKind::NoticeOnly && !seen.card_present();
    carers && (copy || notice)
}

fn one_copy(seen: &Circumstances<'_>, kind: EvidenceKind, who: Companion, paper: &Presented) -> Finding {
    let rule = seen.rules.rule(copy_rule(kind, paper));
    if let Some(reason) = why_no_copy(seen, who, paper, rule.id) {
        return refuse(kind, reason, rule.source, Some(rule.id));
    }
    let words = Words {
        reason: Text::new(
            "引率の職員が持参した書面・写しで確認できます。",
            "The papers or copies brought by the staff in charge confirm eligibility.",
        ),
        law: rule.source,
        rule: Some(rule.id),
        say: Text::new(
            "引率の方のお名前と連絡先も教えてください。",
            "Please give me the name and phone number of the person in charge too.",
        ),
    };
    accept(seen, Action::TakeDocument, kind, document_confidence(seen, &paper.coverage), words)
}

fn copy_rule(kind: EvidenceKind, paper: &Presented) -> RuleId {
    let of_certificate = EvidenceKind::EligibilityCertificate;
    match kind {
        EvidenceKind::NurseryCopy => RuleId::NurseryCopy,
        _ if paper.copy_of == Some(of_certificate) || paper.kind == of_certificate => RuleId::SchoolCertCopy,
        _ => RuleId::SchoolTripNotice,
    }
}

fn why_no_copy(seen: &Circumstances<'_>, who: Companion, paper: &Presented, rule: RuleId) -> Option<Text> {
    if !seen.in_force(rule) {
        return Some(Text::new(
            "この日はまだ写しでの確認が認められていません。",
            "Copies were not yet listed on this day.",
        ));
    }
    if seen.case.companion.is_some_and(|companion| companion != who) {
        return Some(Text::new(
            "写しで確認できるのは、学校行事の引率教員・保育所等の職員が連れてきた場合だけです。お子さん本人のカードか原本をお願いしてください。",
            "Copies count only when teachers on a school trip or nursery staff bring the child. Ask for the child's own card or the original.",
        ));
    }
    out_of_date(&paper.coverage, seen.day())
        .then(|| Text::new("書面の有効期限が切れています。", "The paper is out of date."))
}

/// Pharmacies: a prescription is itself a permitted way to confirm entitlement, and the patient chooses the way. Beside a
/// card or phone that can still be read it is offered, and counts once staff note that the patient chose it.
pub(super) fn prescription(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() {
        return Vec::new();
    }
    [EvidenceKind::PrescriptionElectronic, EvidenceKind::PrescriptionPaper]
        .into_iter()
        .filter_map(|kind| seen.case.presented(kind).map(|paper| one_prescription(seen, kind, paper)))
        .collect()
}

fn one_prescription(seen: &Circumstances<'_>, kind: EvidenceKind, paper: &Presented) -> Finding {
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
        say: prescription_sentence(seen, kind),
    };
    let readable = (seen.card_present() || seen.case.phone_present()) && seen.why_not_online.is_none();
    if readable && !seen.case.staff_accepts {
        offer(Action::TakePrescription, kind, words)
    } else {
        accept(seen, Action::TakePrescription, kind, document_confidence(seen, &paper.coverage), words)
    }
}

fn prescription_sentence(seen: &Circumstances<'_>, kind: EvidenceKind) -> Text {
    if kind == EvidenceKind::PrescriptionElectronic && seen.is_proxy() {
        return Text::new(
            "引換番号と、患者さんの保険の記号・番号を教えてください。",
            "Please give me the exchange number and the patient's insured symbol and number.",
        );
    }
    Text::new("処方箋をお預かりします。", "Thank you, I will take your prescription.")
}
