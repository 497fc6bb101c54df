//! Rungs that rest on what the site remembers or the patient says.

use super::{Finding, Words, accept, offer, refuse};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

const ORAL_LAW: &str = "保発0710第1号（2023-07-10）、資格確認方法フローチャート 再診";
const DECLARATION_LAW: &str = "保発0710第1号（2023-07-10）被保険者資格申立書";

/// 診察券 from the second visit in the month, with a successful query (provisional Q&A).
pub(super) fn patient_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::PatientCardOnly;
    if seen.case.presented(kind).is_none() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::PatientCardMonthly);
    let stored = seen.case.stored.as_ref();
    let shown_this_month = stored.and_then(|s| s.document_shown_on).is_some_and(|day| day.same_month(seen.day()));
    if !seen.in_force(rule.id) || !shown_this_month {
        let reason = Text::new(
            "診察券だけで確認できるのは、同じ月にカード等の提示が一度あった場合だけです。",
            "The clinic card alone counts only if the card or certificate was shown once in the same month.",
        );
        return vec![refuse(kind, reason, rule.source, Some(rule.id))];
    }
    let words = Words {
        reason: Text::new(
            "同月内に提示済み：記録の番号で照会して有効なら確認できます。",
            "Shown once this month: with a successful query by the number on file this counts.",
        ),
        law: rule.source,
        rule: Some(rule.id),
        say: Text::new(
            "今月は確認済みですので、番号で確認いたします。",
            "You were confirmed this month; we will check by number.",
        ),
    };
    if seen.valid_query().is_some() {
        return vec![accept(seen, Action::QueryByNumber, kind, Confidence::ConfirmedOnline, words)];
    }
    if seen.query_possible() && seen.case.online.is_none() {
        vec![offer(Action::QueryByNumber, kind, words)]
    } else {
        Vec::new()
    }
}

/// 再診: the data for the claim are on file and the patient says that nothing changed.
pub(super) fn return_visit(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::ReturnVisitOral;
    let on_file = seen.case.stored.as_ref().is_some_and(|s| s.coverage.has_numbers());
    let said = seen.case.unchanged_said || seen.case.presented(kind).is_some();
    if !on_file || !seen.case.card_present() || seen.is_proxy() {
        let reason = Text::new(
            "前回の資格情報の記録とカードの提示の両方が必要です。",
            "Both the data of an earlier visit and the card are needed.",
        );
        return if said { vec![refuse(kind, reason, ORAL_LAW, None)] } else { Vec::new() };
    }
    if let Some(query) = seen.valid_query() {
        let _confirmed_beside = query;
        return vec![accept(seen, Action::AskUnchanged, kind, Confidence::ConfirmedOnline, oral_words())];
    }
    if seen.valid_answer().is_some() || seen.why_not_online.is_none() {
        return Vec::new();
    }
    if said {
        return vec![accept(seen, Action::AskUnchanged, kind, Confidence::StatedByPatient, oral_words())];
    }
    vec![offer(Action::AskUnchanged, kind, oral_words())]
}

fn oral_words() -> Words {
    Words {
        reason: Text::new(
            "前回の情報が記録にあります。変更がないと確認できれば、申立書と同じ扱いになります。",
            "The last visit's data are on file. If nothing changed, this counts like a declaration.",
        ),
        law: ORAL_LAW,
        rule: Some(RuleId::SelfDeclaration),
        say: Text::new(
            "前回から保険に変わりはありませんか（転職・引っ越し・扶養など）。",
            "Has your insurance changed since last time (job, move, dependants)?",
        ),
    }
}

/// 被保険者資格申立書: the last step with the card; the usual share is charged as declared.
pub(super) fn self_declaration(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::SelfDeclaration;
    let filled = seen.case.declaration.is_some() || seen.case.presented(kind).is_some();
    if seen.valid_answer().is_some() || !seen.in_force(RuleId::SelfDeclaration) || seen.is_proxy() {
        return Vec::new();
    }
    if !seen.case.card_present() && !filled {
        return Vec::new();
    }
    if seen.why_not_online.is_none() {
        return Vec::new();
    }
    if registration_unclear(seen) {
        return staff_must_decide(seen);
    }
    let words = declaration_words();
    if filled {
        vec![accept(seen, Action::TakeDeclaration, kind, Confidence::StatedByPatient, words)]
    } else {
        vec![offer(Action::TakeDeclaration, kind, words)]
    }
}

fn declaration_words() -> Words {
    Words {
        reason: Text::new(
            "機器やデータの都合で確認できないときは、申立書で通常の負担割合で受診できます。",
            "When machine or data fail, the declaration lets the patient be seen for the usual share.",
        ),
        law: DECLARATION_LAW,
        rule: Some(RuleId::SelfDeclaration),
        say: Text::new(
            "確認ができないのは患者さんのせいではありません。この用紙にご記入いただければ、いつもの負担割合で受診できます。",
            "It is not your fault that we cannot confirm. If you fill in this form you pay your usual share.",
        ),
    }
}

/// Card present, never registered for insurance use, PIN unusable: whether the declaration may be used is unknown
/// (checkin-rules U8), so staff decide and the decision is recorded; never an automatic 10割.
fn registration_unclear(seen: &Circumstances<'_>) -> bool {
    seen.case.card_registered == Some(false)
}

fn staff_must_decide(seen: &Circumstances<'_>) -> Vec<Finding> {
    let words = Words {
        reason: Text::new(
            "未登録のカードで申立書を使えるかは明文がありません。資格確認書がなければ、職員が判断して記録します。",
            "No source says whether a declaration may be used with an unregistered card. Without a certificate, staff decide and the decision is recorded.",
        ),
        law: "明文なし（checkin-rules U8）",
        rule: None,
        say: Text::new(
            "資格確認書をお持ちでないか、ご確認いただけますか。",
            "Could you check whether you have an eligibility certificate?",
        ),
    };
    if seen.case.staff_accepts {
        vec![accept(seen, Action::StaffDecides, EvidenceKind::SelfDeclaration, Confidence::StatedByPatient, words)]
    } else {
        vec![offer(Action::StaffDecides, EvidenceKind::SelfDeclaration, words)]
    }
}

/// A known return patient without any paper: the site's own judgement.
pub(super) fn site_judgement(seen: &Circumstances<'_>) -> Vec<Finding> {
    let known = seen.case.stored.as_ref().is_some_and(|s| s.coverage.has_numbers());
    if !known || seen.case.card_present() || seen.valid_answer().is_some() {
        return Vec::new();
    }
    let words = Words {
        reason: Text::new(
            "記録のある再診の患者さんです。施設の判断で通常の負担割合とすることができます（判断者と理由を記録）。",
            "A known return patient: the site may charge the usual share at its own judgement; who decided and why is recorded.",
        ),
        law: "保発0710第1号（2023-07-10）4頁",
        rule: None,
        say: Text::new(
            "今回は記録をもとに受け付けます。次回はカードか資格確認書をお持ちください。",
            "We go by our records this time. Please bring your card or certificate next time.",
        ),
    };
    if seen.case.staff_accepts {
        vec![accept(seen, Action::StaffDecides, EvidenceKind::SiteJudgement, Confidence::StatedByPatient, words)]
    } else {
        vec![offer(Action::StaffDecides, EvidenceKind::SiteJudgement, words)]
    }
}
