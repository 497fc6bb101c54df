//! Rungs that rest on what the site remembers or the patient says.

use super::judgement::unregistered_card;
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
    let beside_card = seen.card_present() || seen.case.phone_present();
    if seen.case.presented(kind).is_none() || seen.identified().is_some() || beside_card {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::PatientCardMonthly);
    if let Some(reason) = why_no_patient_card(seen) {
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
    if seen.on_file().is_some_and(|on_file| seen.query_confirms(on_file)) {
        vec![accept(seen, Action::QueryByNumber, kind, Confidence::ConfirmedOnline, words)]
    } else {
        vec![offer(Action::QueryByNumber, kind, words)]
    }
}

fn why_no_patient_card(seen: &Circumstances<'_>) -> Option<Text> {
    let shown_on = seen.case.stored.as_ref().and_then(|stored| stored.document_shown_on);
    let shown_this_month = shown_on.is_some_and(|day| day.same_month(seen.day()) && day <= seen.day());
    if !seen.in_force(RuleId::PatientCardMonthly) || !shown_this_month {
        return Some(Text::new(
            "診察券だけで確認できるのは、同じ月にカード等の提示が一度あった場合だけです。",
            "The clinic card alone counts only if the card or certificate was shown once in the same month.",
        ));
    }
    let Some(on_file) = seen.on_file() else {
        return Some(Text::new("照会に使う番号が記録にありません。", "There is no number on file to ask with."));
    };
    if seen.query_confirms(on_file) {
        return None;
    }
    if seen.answer_unusable() {
        return Some(Text::new(
            "記録の番号を照会しても有効と確認できませんでした。",
            "The query by the number on file did not confirm it.",
        ));
    }
    (!seen.query_possible()).then(|| Text::new("今は番号照会ができません。", "The query by number cannot be made now."))
}

/// 再診: the data for the claim are on file and the patient says that nothing changed.
pub(super) fn return_visit(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::ReturnVisitOral;
    if seen.identified().is_some() {
        return Vec::new();
    }
    let said = seen.case.unchanged_said || seen.case.presented(kind).is_some();
    if !seen.in_force(RuleId::SelfDeclaration) {
        return if said {
            vec![refuse(kind, too_early(), ORAL_LAW, Some(RuleId::SelfDeclaration))]
        } else {
            Vec::new()
        };
    }
    let usable = seen.card_present() && !seen.is_proxy();
    let Some(on_file) = seen.on_file().filter(|_| usable) else {
        let reason = Text::new(
            "前回の資格情報の記録と患者さん本人のカードの提示の両方が必要です。",
            "Both the data of an earlier visit and the patient's card are needed.",
        );
        return if said { vec![refuse(kind, reason, ORAL_LAW, None)] } else { Vec::new() };
    };
    if seen.why_not_online.is_none() {
        return if said { vec![refuse(kind, card_first(), ORAL_LAW, None)] } else { Vec::new() };
    }
    if seen.query_confirms(on_file) {
        return vec![accept(seen, Action::AskUnchanged, kind, Confidence::ConfirmedOnline, oral_words())];
    }
    if said {
        return vec![accept(seen, Action::AskUnchanged, kind, Confidence::StatedByPatient, oral_words())];
    }
    vec![offer(Action::AskUnchanged, kind, oral_words())]
}

fn too_early() -> Text {
    Text::new("この日はまだ使えない方法です。", "This way was not yet allowed on this day.")
}

fn card_first() -> Text {
    Text::new(
        "まずカードを読み取ってください。オンラインで確認できないときだけ使える方法です。",
        "Read the card first: this way is for when the online check cannot be made.",
    )
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
    if seen.identified().is_some() {
        return Vec::new();
    }
    let filled = seen.case.declaration.is_some() || seen.case.presented(kind).is_some();
    if let Some(reason) = why_no_declaration(seen) {
        return if filled { vec![refuse(kind, reason, DECLARATION_LAW, None)] } else { Vec::new() };
    }
    if seen.case.card_registered == Some(false) && !seen.case.staff_accepts {
        return vec![unregistered_card()];
    }
    if filled {
        vec![accept(seen, Action::TakeDeclaration, kind, Confidence::StatedByPatient, declaration_words())]
    } else {
        vec![offer(Action::TakeDeclaration, kind, declaration_words())]
    }
}

fn why_no_declaration(seen: &Circumstances<'_>) -> Option<Text> {
    if !seen.in_force(RuleId::SelfDeclaration) {
        return Some(too_early());
    }
    if !seen.card_present() || seen.is_proxy() {
        return Some(Text::new(
            "申立書は、患者さん本人のカードの提示と一緒に使います。",
            "The declaration is used together with the patient's own card.",
        ));
    }
    seen.why_not_online.is_none().then(card_first)
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
