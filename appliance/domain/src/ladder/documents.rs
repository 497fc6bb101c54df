//! Rungs that rest on a paper or a screen: together with the card, or alone.

use super::special::brought_by_carers;
use super::{Finding, Words, accept, document_confidence, offer, out_of_date, refuse};
use crate::case::{Companion, Presented};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::EvidenceKind;
use crate::rule::RuleId;
use crate::text::Text;

const PAIR_LAW: &str = "厚生労働省告示第349号（2024-11-29）、保発0710第1号（2023-07-10）";

/// Card together with portal screen, PDF or notice: for "could not be confirmed online" only.
pub(super) fn paired_with_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() {
        return Vec::new();
    }
    [EvidenceKind::CardPlusPortalScreen, EvidenceKind::CardPlusPortalPdf, EvidenceKind::CardPlusNotice]
        .into_iter()
        .flat_map(|kind| match pair_shown(seen, kind) {
            Some(paper) => Some(shown_pair(seen, kind, paper)),
            None => worth_asking(seen, kind).then(|| offer(Action::TakeDocument, kind, pair_words(kind))),
        })
        .collect()
}

/// The paper of a pair. A notice beside the card is a pair too, whatever it was entered as (REQ-47).
fn pair_shown<'a>(seen: &Circumstances<'a>, kind: EvidenceKind) -> Option<&'a Presented> {
    let notice = || seen.case.presented(EvidenceKind::NoticeOnly).filter(|_| seen.card_present());
    seen.case.presented(kind).or_else(|| if kind == EvidenceKind::CardPlusNotice { notice() } else { None })
}

fn shown_pair(seen: &Circumstances<'_>, kind: EvidenceKind, paper: &Presented) -> Finding {
    let rule = pair_rule(kind);
    match why_no_pair(seen, kind, paper) {
        Some(reason) => refuse(kind, reason, pair_law(seen, kind), Some(rule)),
        None => {
            let confidence = document_confidence(seen, &paper.coverage);
            accept(seen, Action::TakeDocument, kind, confidence, pair_words(kind))
        }
    }
}

fn why_no_pair(seen: &Circumstances<'_>, kind: EvidenceKind, paper: &Presented) -> Option<Text> {
    if !seen.in_force(pair_rule(kind)) {
        return Some(Text::new("この日はまだ使えない方法です。", "This way was not yet allowed on this day."));
    }
    if !seen.card_present() {
        return Some(Text::new(
            "患者さん本人のカードと一緒でなければ使えません。",
            "It counts together with the patient's own card only.",
        ));
    }
    if seen.is_proxy() {
        return Some(Text::new(
            "代理の方が持参した場合の扱いは明文がありません。施設の判断（記録）で受け付けてください。",
            "No source says what counts when somebody else brings the pair. Staff decide, and it is recorded.",
        ));
    }
    if seen.why_not_online.is_none() {
        return Some(Text::new(
            "まずカードを読み取ってください。組み合わせは、オンラインで確認できないときだけ使えます。",
            "Read the card first: the pair counts only when the online check cannot be made.",
        ));
    }
    out_of_date(&paper.coverage, seen.day()).then(|| {
        Text::new(
            "書面の有効期限が切れています（70〜74歳は毎年7月31日まで）。",
            "The paper is out of date (aged 70 to 74: valid to 31 July each year).",
        )
    })
}

/// Not worth asking for: the portal screen once the certificate that opens it has expired, and any of them when the card was
/// never registered (such patients hold the certificate instead).
fn worth_asking(seen: &Circumstances<'_>, kind: EvidenceKind) -> bool {
    let cannot_open = kind == EvidenceKind::CardPlusPortalScreen && seen.certificate_expired();
    seen.in_force(pair_rule(kind))
        && seen.why_not_online.is_some()
        && seen.card_present()
        && !seen.is_proxy()
        && !cannot_open
        && seen.case.card_registered != Some(false)
}

fn pair_rule(kind: EvidenceKind) -> RuleId {
    if kind == EvidenceKind::CardPlusNotice { RuleId::CardPlusNotice } else { RuleId::PortalScreenOk }
}

fn pair_law(seen: &Circumstances<'_>, kind: EvidenceKind) -> &'static str {
    let rule = seen.rules.rule(pair_rule(kind));
    if seen.in_force(rule.id) { PAIR_LAW } else { rule.source }
}

fn pair_words(kind: EvidenceKind) -> Words {
    let (say_ja, say_en) = match kind {
        EvidenceKind::CardPlusNotice => (
            "「資格情報のお知らせ」をお持ちでしたら、カードと一緒に見せてください。",
            "If you have the eligibility notice, please show it together with the card.",
        ),
        EvidenceKind::CardPlusPortalPdf => (
            "マイナポータルの資格情報PDFを保存していらっしゃいましたら見せてください。",
            "If you have saved the MynaPortal PDF, please show it.",
        ),
        _ => (
            "スマートフォンでマイナポータルの資格情報の画面を見せていただけますか。",
            "Could you show the eligibility screen of MynaPortal on your phone?",
        ),
    };
    Words {
        reason: Text::new(
            "オンラインで確認できないときは、カードとの組み合わせで確認できます。",
            "When the online check cannot be made, this together with the card confirms eligibility.",
        ),
        law: PAIR_LAW,
        rule: Some(pair_rule(kind)),
        say: Text::new(say_ja, say_en),
    }
}

/// 資格確認書: works alone.
pub(super) fn eligibility_certificate(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::EligibilityCertificate;
    if seen.identified().is_some() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::EligibilityCertificate);
    let ask = ask_for_certificate(seen);
    let Some(paper) = seen.case.presented(kind).filter(|paper| !brought_by_carers(seen, paper)) else {
        return ask.into_iter().collect();
    };
    if let Some(refusal) = refused_certificate(seen, paper) {
        return std::iter::once(refusal).chain(ask).collect();
    }
    let words = Words {
        reason: Text::new("資格確認書は単独で確認できます。", "An eligibility certificate is enough alone."),
        law: rule.source,
        rule: Some(rule.id),
        say: Text::new("資格確認書をお預かりします。", "Thank you, I will take down your certificate."),
    };
    vec![accept(seen, Action::TakeDocument, kind, document_confidence(seen, &paper.coverage), words)]
}

fn refused_certificate(seen: &Circumstances<'_>, paper: &Presented) -> Option<Finding> {
    let rule = seen.rules.rule(RuleId::EligibilityCertificate);
    let reason = if !seen.in_force(rule.id) {
        Text::new("資格確認書の制度が始まる前の日です。", "Eligibility certificates did not exist yet on this day.")
    } else if paper.is_copy {
        return Some(refuse_copy(seen));
    } else if out_of_date(&paper.coverage, seen.day()) {
        Text::new(
            "有効期限が切れているか、まだ有効になっていません。カードか今日有効な資格確認書をお願いしてください。",
            "It is out of date, or not valid yet. Ask for the card or a certificate valid today.",
        )
    } else {
        return None;
    };
    Some(refuse(EvidenceKind::EligibilityCertificate, reason, rule.source, Some(rule.id)))
}

fn refuse_copy(seen: &Circumstances<'_>) -> Finding {
    let reason = match seen.case.companion {
        Some(Companion::Parent) => Text::new(
            "保護者が連れてきた場合、写しでは確認できません。お子さん本人のカードか原本が必要です。",
            "When a parent brings the child, a copy is not enough: the child's own card or the original is needed.",
        ),
        _ => Text::new(
            "写しでは確認できません（学校行事・保育所等の職員の引率を除く）。",
            "A copy is not enough (except on school trips or with nursery staff).",
        ),
    };
    refuse(EvidenceKind::EligibilityCertificate, reason, "事務連絡（2025-02-12）", Some(RuleId::SchoolCertCopy))
}

fn ask_for_certificate(seen: &Circumstances<'_>) -> Option<Finding> {
    (document_useful(seen) && seen.in_force(RuleId::EligibilityCertificate)).then(|| {
        offer(
            Action::TakeDocument,
            EvidenceKind::EligibilityCertificate,
            Words {
                reason: Text::new(
                    "資格確認書があれば、それだけで確認できます。",
                    "An eligibility certificate, if there is one, is enough alone.",
                ),
                law: seen.rules.rule(RuleId::EligibilityCertificate).source,
                rule: Some(RuleId::EligibilityCertificate),
                say: Text::new("資格確認書はお持ちですか。", "Do you have an eligibility certificate?"),
            },
        )
    })
}

/// A paper that works alone is worth asking for when the card is not there or cannot confirm, unless there is nothing.
pub(super) fn document_useful(seen: &Circumstances<'_>) -> bool {
    let card_will_do = seen.card_present() && seen.why_not_online.is_none() && seen.case.card_registered != Some(false);
    seen.identified().is_none() && !card_will_do && !seen.nothing_to_show()
}
