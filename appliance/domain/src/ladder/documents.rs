//! Rungs that rest on a paper or a screen.

use super::{Finding, Words, accept, document_confidence, offer, refuse};
use crate::case::{Companion, Presented};
use crate::circumstance::Circumstances;
use crate::date::Date;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

const PAIR_LAW: &str = "厚生労働省告示第349号（2024-11-29）、保発0710第1号（2023-07-10）";

/// Card together with portal screen, PDF or notice: for "could not be confirmed online" only.
pub(super) fn paired_with_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.valid_answer().is_some() || seen.is_proxy() {
        return Vec::new();
    }
    [EvidenceKind::CardPlusPortalScreen, EvidenceKind::CardPlusPortalPdf, EvidenceKind::CardPlusNotice]
        .into_iter()
        .flat_map(|kind| one_pair(seen, kind))
        .collect()
}

fn one_pair(seen: &Circumstances<'_>, kind: EvidenceKind) -> Option<Finding> {
    let rule = if kind == EvidenceKind::CardPlusNotice { RuleId::CardPlusNotice } else { RuleId::PortalScreenOk };
    let presented = seen.case.presented(kind);
    if !seen.in_force(rule) {
        let reason = Text::new("この日はまだ使えない方法です。", "This way was not yet allowed on this day.");
        return presented.map(|_| refuse(kind, reason, seen.rules.rule(rule).source, Some(rule)));
    }
    if seen.why_not_online.is_none() {
        let reason = Text::new(
            "まずカードを読み取ってください。組み合わせは、オンラインで確認できないときだけ使えます。",
            "Read the card first: the pair counts only when the online check cannot be made.",
        );
        return presented.map(|_| refuse(kind, reason, PAIR_LAW, Some(rule)));
    }
    match presented {
        Some(paper) if expired(paper, seen.day()) => Some(refuse(
            kind,
            Text::new(
                "書面の有効期限が切れています（70〜74歳は毎年7月31日まで）。",
                "The paper is out of date (aged 70 to 74: valid to 31 July each year).",
            ),
            PAIR_LAW,
            Some(rule),
        )),
        Some(_) => Some(accept(seen, Action::TakeDocument, kind, document_confidence(seen), pair_words(kind, rule))),
        None if seen.case.card_present() => Some(offer(Action::TakeDocument, kind, pair_words(kind, rule))),
        None => None,
    }
}

fn pair_words(kind: EvidenceKind, rule: RuleId) -> Words {
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
        rule: Some(rule),
        say: Text::new(say_ja, say_en),
    }
}

/// 資格確認書: works alone.
pub(super) fn eligibility_certificate(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::EligibilityCertificate;
    if seen.valid_answer().is_some() && seen.valid_query().is_none() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::EligibilityCertificate);
    let Some(paper) = seen.case.presented(kind) else {
        return ask_for_certificate(seen).into_iter().collect();
    };
    let finding = if !seen.in_force(RuleId::EligibilityCertificate) {
        let reason = Text::new(
            "資格確認書の制度が始まる前の日です。",
            "Eligibility certificates did not exist yet on this day.",
        );
        refuse(kind, reason, rule.source, Some(rule.id))
    } else if paper.is_copy {
        refuse_copy(seen)
    } else if expired(paper, seen.day()) {
        let reason = Text::new(
            "有効期限が切れています。カードか新しい資格確認書をお願いしてください。",
            "It is out of date. Ask for the card or a new certificate.",
        );
        refuse(kind, reason, rule.source, Some(rule.id))
    } else {
        let words = Words {
            reason: Text::new("資格確認書は単独で確認できます。", "An eligibility certificate is enough alone."),
            law: rule.source,
            rule: Some(rule.id),
            say: Text::new("資格確認書をお預かりします。", "Thank you, I will take down your certificate."),
        };
        accept(seen, Action::TakeDocument, kind, document_confidence(seen), words)
    };
    vec![finding]
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
    let useful = seen.valid_answer().is_none() && (seen.why_not_online.is_some() || !seen.case.card_present());
    (useful && seen.in_force(RuleId::EligibilityCertificate)).then(|| {
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

/// 健康保険証 inside its printed date and the cap.
pub(super) fn insurance_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(card) = insurance_card_shown(seen) else { return Vec::new() };
    let rule = seen.rules.rule(RuleId::InsuranceCardValid);
    if !card_still_valid(seen, card) {
        return Vec::new();
    }
    let words = Words {
        reason: Text::new("券面の期限内の健康保険証です。", "The insurance card is inside its printed date."),
        law: rule.source,
        rule: Some(rule.id),
        say: Text::new("保険証をお預かりします。", "Thank you, I will take down your insurance card."),
    };
    vec![accept(seen, Action::TakeDocument, EvidenceKind::InsuranceCardValid, document_confidence(seen), words)]
}

fn insurance_card_shown<'a>(seen: &Circumstances<'a>) -> Option<&'a Presented> {
    seen.case.presented(EvidenceKind::InsuranceCardValid).or_else(|| {
        seen.case.presented(EvidenceKind::InsuranceCardExpired).filter(|card| card.coverage.valid_to.is_some())
    })
}

fn card_still_valid(seen: &Circumstances<'_>, card: &Presented) -> bool {
    seen.in_force(RuleId::InsuranceCardValid) && !expired(card, seen.day())
}

/// Expired insurance card, or the notice without the card: only with a successful query, inside the transitional period.
pub(super) fn transitional(seen: &Circumstances<'_>) -> Vec<Finding> {
    let notice = seen.case.presented(EvidenceKind::NoticeOnly);
    let card = seen
        .case
        .presented(EvidenceKind::InsuranceCardExpired)
        .or_else(|| seen.case.presented(EvidenceKind::InsuranceCardValid))
        .filter(|card| !card_still_valid(seen, card));
    [(EvidenceKind::InsuranceCardExpired, card), (EvidenceKind::NoticeOnly, notice)]
        .into_iter()
        .filter_map(|(kind, paper)| paper.map(|paper| one_transitional(seen, kind, paper)))
        .collect()
}

fn one_transitional(seen: &Circumstances<'_>, kind: EvidenceKind, paper: &Presented) -> Finding {
    let id = seen.transitional_rule(seen.scheme_of(paper));
    let rule = seen.rules.rule(id);
    if !seen.in_force(id) {
        let reason = if seen.rules.ended(id, seen.day()) {
            Text::new(
                "暫定的な取扱いは終了しました。カードか資格確認書をお願いしてください。",
                "The transitional rule has ended. Ask for the card or an eligibility certificate.",
            )
        } else {
            Text::new("この日・この保険者では認められていません。", "Not allowed on this day for this insurer.")
        };
        return refuse(kind, reason, rule.source, Some(id));
    }
    let words = Words {
        reason: Text::new(
            "番号で照会して有効なら、暫定的な取扱いで確認できます。",
            "With a successful query by number this counts, transitionally.",
        ),
        law: rule.source,
        rule: Some(id),
        say: Text::new(
            "今回は番号で確認します。次回はマイナンバーカードか資格確認書をお持ちください。",
            "We will check by number this time. Next time please bring your My Number card or eligibility certificate.",
        ),
    };
    if seen.valid_query().is_some() {
        return accept(seen, Action::QueryByNumber, kind, Confidence::ConfirmedOnline, words);
    }
    if seen.answer_unusable() {
        let reason = Text::new(
            "照会で有効と確認できなかったため、これだけでは確認できません。",
            "The query did not confirm it, so it does not count.",
        );
        return refuse(kind, reason, rule.source, Some(id));
    }
    if !seen.query_possible() {
        let reason = Text::new(
            "今は番号照会ができないため、これだけでは確認できません。",
            "The query cannot be made now, so this alone does not count.",
        );
        return refuse(kind, reason, rule.source, Some(id));
    }
    offer(Action::QueryByNumber, kind, words)
}

fn expired(paper: &Presented, day: Date) -> bool {
    paper.coverage.valid_to.is_some_and(|to| to < day)
}
