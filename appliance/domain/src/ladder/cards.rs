//! Rungs of the ended 健康保険証: inside its dates, and expired or replaced by the notice under the transitional rules. The
//! dates decide which it is, whatever kind was entered.

use super::documents::document_useful;
use super::special::brought_by_carers;
use super::{Finding, Words, accept, document_confidence, offer, out_of_date, refuse};
use crate::case::Presented;
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::rule::RuleId;
use crate::text::Text;

/// 健康保険証 inside its printed date and the cap.
pub(super) fn insurance_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::InsuranceCardValid);
    let mut cards = insurance_cards(seen).peekable();
    if cards.peek().is_none() {
        return ask_for_insurance_card(seen).into_iter().collect();
    }
    cards
        .filter_map(|card| match (card.is_copy, still_valid(seen, card)) {
            (true, _) => Some(refuse(card.kind, copy_reason(), "事務連絡（2025-02-12）", None)),
            (false, true) => {
                let words = Words {
                    reason: Text::new(
                        "券面の期限内の健康保険証です。",
                        "The insurance card is inside its printed date.",
                    ),
                    law: rule.source,
                    rule: Some(rule.id),
                    say: Text::new("保険証をお預かりします。", "Thank you, I will take down your insurance card."),
                };
                let confidence = document_confidence(seen, &card.coverage);
                Some(accept(seen, Action::TakeDocument, EvidenceKind::InsuranceCardValid, confidence, words))
            }
            (false, false) => None,
        })
        .collect()
}

fn insurance_cards<'a>(seen: &Circumstances<'a>) -> impl Iterator<Item = &'a Presented> {
    let insurance =
        |p: &&Presented| matches!(p.kind, EvidenceKind::InsuranceCardValid | EvidenceKind::InsuranceCardExpired);
    seen.case.presented.iter().filter(insurance)
}

fn still_valid(seen: &Circumstances<'_>, card: &Presented) -> bool {
    let dated = card.kind == EvidenceKind::InsuranceCardValid || card.coverage.valid_to.is_some();
    dated && seen.in_force(RuleId::InsuranceCardValid) && !out_of_date(&card.coverage, seen.day())
}

fn copy_reason() -> Text {
    Text::new(
        "写しでは確認できません（学校行事・保育所等の職員の引率を除く）。",
        "A copy is not enough (except on school trips or with nursery staff).",
    )
}

fn ask_for_insurance_card(seen: &Circumstances<'_>) -> Option<Finding> {
    let rule = seen.rules.rule(RuleId::InsuranceCardValid);
    (document_useful(seen) && seen.in_force(rule.id)).then(|| {
        offer(
            Action::TakeDocument,
            EvidenceKind::InsuranceCardValid,
            Words {
                reason: Text::new(
                    "期限内の健康保険証があれば、それだけで確認できます。",
                    "An insurance card inside its printed date, if there is one, is enough alone.",
                ),
                law: rule.source,
                rule: Some(rule.id),
                say: Text::new(
                    "期限内の健康保険証はお持ちですか。",
                    "Do you have an insurance card that is still in date?",
                ),
            },
        )
    })
}

/// Expired insurance card, or the notice without the card: only with a successful query, inside the transitional period.
pub(super) fn transitional(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() {
        return Vec::new();
    }
    let expired = insurance_cards(seen)
        .filter(|card| !card.is_copy && !still_valid(seen, card))
        .map(|card| (EvidenceKind::InsuranceCardExpired, card));
    let alone = |notice: &&Presented| !seen.card_present() && !brought_by_carers(seen, notice);
    let notice = seen.case.presented(EvidenceKind::NoticeOnly).filter(alone);
    expired
        .chain(notice.map(|notice| (EvidenceKind::NoticeOnly, notice)))
        .map(|(kind, paper)| one_transitional(seen, kind, paper))
        .collect()
}

fn one_transitional(seen: &Circumstances<'_>, kind: EvidenceKind, paper: &Presented) -> Finding {
    let id = seen.transitional_rule(seen.scheme_of(paper));
    let rule = seen.rules.rule(id);
    if let Some(reason) = why_not_transitional(seen, id, paper) {
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
    if seen.query_confirms(&paper.coverage) {
        accept(seen, Action::QueryByNumber, kind, Confidence::ConfirmedOnline, words)
    } else {
        offer(Action::QueryByNumber, kind, words)
    }
}

fn why_not_transitional(seen: &Circumstances<'_>, id: RuleId, paper: &Presented) -> Option<Text> {
    if seen.rules.ended(id, seen.day()) {
        return Some(Text::new(
            "暫定的な取扱いは終了しました。カードか資格確認書をお願いしてください。",
            "The transitional rule has ended. Ask for the card or an eligibility certificate.",
        ));
    }
    if !seen.in_force(id) {
        return Some(Text::new(
            "この日・この保険者では認められていません。カードか資格確認書をお願いしてください。",
            "Not allowed on this day for this insurer. Ask for the card or an eligibility certificate.",
        ));
    }
    if seen.query_confirms(&paper.coverage) {
        return None;
    }
    if seen.answer_unusable() {
        return Some(Text::new(
            "照会で有効と確認できなかったため、これだけでは確認できません。",
            "The query did not confirm it, so it does not count.",
        ));
    }
    (!seen.query_possible()).then(|| {
        Text::new(
            "今は番号照会ができないため、これだけでは確認できません。",
            "The query cannot be made now, so this alone does not count.",
        )
    })
}
