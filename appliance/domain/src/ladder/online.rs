//! Rungs at the reader: the card, the phone, and what the national service has confirmed.

use super::{Finding, Words, accept, offer, refuse};
use crate::age::{AgeBand, age_band};
use crate::circumstance::{Circumstances, card_of_another};
use crate::decision::Action;
use crate::eligibility::OnlineAnswer;
use crate::evidence::{Confidence, EvidenceKind};
use crate::link::Cause;
use crate::rule::RuleId;
use crate::text::Text;

const FLOW_CHART: &str = "資格確認方法フローチャート（2024-12-02以降）、保発0710第1号（2023-07-10）";
const CARD_WAYS: [EvidenceKind; 3] =
    [EvidenceKind::MynaCardFace, EvidenceKind::MynaCardPin, EvidenceKind::MynaCardVisual];
const READER_LAW: &str = "療養担当規則 電子資格確認、目視確認モードの取扱い";

/// The national service has confirmed the person by card, phone or consent; or by medical assistance.
pub(super) fn confirmed(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(answer) = seen.heard_valid() else { return Vec::new() };
    let Some(evidence) = confirmed_as(seen, answer) else { return Vec::new() };
    let assistance = evidence == EvidenceKind::MedicalAssistanceOnline;
    let reason = if seen.ticket_missing() {
        Text::new(
            "医療扶助の対象です。医療券が未登録なだけで、資格がないという意味ではありません。",
            "Entitled to medical assistance. The ticket is not registered yet, which does not mean \"not entitled\".",
        )
    } else {
        Text::new("全国システムで有効と確認できました。", "The national service confirmed the eligibility.")
    };
    let rule = if assistance { RuleId::AssistanceOnline } else { RuleId::OnlineEligibility };
    let words = Words {
        reason,
        law: if assistance {
            "医療扶助のオンライン資格確認"
        } else {
            "療養担当規則 電子資格確認"
        },
        rule: Some(rule).filter(|rule| seen.in_force(*rule)),
        say: Text::new("確認できました。お掛けになってお待ちください。", "You are confirmed. Please take a seat."),
    };
    vec![accept(seen, action_of(evidence), evidence, Confidence::ConfirmedOnline, words)]
}

fn action_of(evidence: EvidenceKind) -> Action {
    match evidence {
        EvidenceKind::MynaPhoneIphone | EvidenceKind::MynaPhoneAndroid => Action::ReadPhone,
        EvidenceKind::HomeConsentApp => Action::UseConsentApp,
        EvidenceKind::HomeConsentWeb => Action::UseConsentWeb,
        EvidenceKind::OutageLookup => Action::CallOutageLookup,
        EvidenceKind::DisasterMode => Action::UseDisasterMode,
        _ => Action::ReadCard,
    }
}

/// Which kind of evidence a valid answer makes. An answer to a query by number confirms the paper it was asked for, not a
/// card, unless it came through a function that needs no card.
fn confirmed_as(seen: &Circumstances<'_>, answer: &OnlineAnswer) -> Option<EvidenceKind> {
    let assistance = answer.insurance().is_none() && answer.medical_assistance().is_some();
    if assistance || seen.ticket_missing() {
        return Some(EvidenceKind::MedicalAssistanceOnline);
    }
    let identified = seen.identified().is_some();
    let needs_no_card = |kind: EvidenceKind| matches!(kind, EvidenceKind::OutageLookup | EvidenceKind::DisasterMode);
    let usable = |kind: &EvidenceKind| {
        kind.is_online()
            && seen.way_allowed(*kind)
            && seen.case.attempt(*kind).is_none()
            && (identified || needs_no_card(*kind))
    };
    let latest_presented = seen.case.presented.iter().rev().map(|p| p.kind).find(usable);
    let at_reader = || CARD_WAYS.into_iter().find(|way| seen.case.attempt(*way).is_none()).unwrap_or(CARD_WAYS[0]);
    latest_presented.or_else(|| identified.then(at_reader))
}

/// Read the card: face, then PIN, then visual check; staff may start with the visual check.
pub(super) fn read_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    if !seen.case.card_present() || seen.identified().is_some() {
        return Vec::new();
    }
    if card_of_another(seen.case) {
        let reason = Text::new(
            "カードの写真が患者さんと違います。このカードは使わず、情報も表示しません。",
            "The photo on the card is not the patient. This card is not used, and nothing from it is shown.",
        );
        return vec![refuse(EvidenceKind::MynaCardVisual, reason, READER_LAW, None)];
    }
    if seen.is_proxy() {
        let reason = Text::new(
            "代理の方は患者さん本人のカードを顔認証・暗証番号で使えません。",
            "Somebody who comes instead of the patient cannot use the patient's card by face or PIN.",
        );
        return vec![refuse(EvidenceKind::MynaCardFace, reason, "資格確認方法 代理受領の取扱い", None)];
    }
    match seen.why_not_online.as_ref().map(|why| why.cause) {
        Some(Cause::Data) => Vec::new(),
        Some(cause) => vec![refuse_reader(cause)],
        None if seen.case.card_registered == Some(false) => Vec::new(),
        None => identification_ways(seen),
    }
}

fn refuse_reader(cause: Cause) -> Finding {
    let (ja, en) = match cause {
        Cause::Certificate => (
            "電子証明書の有効期限（期限後3か月の月末）を過ぎているため、カードでは確認できません。カードは本人確認書類として使います。",
            "The certificate is past its last usable day (end of the third month), so the card cannot confirm. Use the card as photo ID.",
        ),
        Cause::Patient => (
            "顔認証・暗証番号・目視のいずれでも本人確認ができませんでした。",
            "Neither face, PIN nor visual check identified the person.",
        ),
        Cause::Card => (
            "カードが読み取れない、または利用登録がなく暗証番号も使えないため、カードでは確認できません。",
            "The card cannot be read, or is not registered for insurance use and cannot be without its PIN.",
        ),
        _ => (
            "機器・回線・全国システムのいずれかが使えないため、今はカードで確認できません。患者さんのせいではありません。",
            "Reader, terminal, line or national service is down, so the card cannot be read now. It is not the patient's fault.",
        ),
    };
    refuse(EvidenceKind::MynaCardFace, Text::new(ja, en), FLOW_CHART, None)
}

/// Face, PIN, visual check; small children begin with the visual check, because faces so young are seldom matched.
fn identification_ways(seen: &Circumstances<'_>) -> Vec<Finding> {
    let small_child = seen.birth_date().is_some_and(|birth| age_band(birth, seen.day()) == AgeBand::Preschool);
    let first = if small_child { EvidenceKind::MynaCardVisual } else { EvidenceKind::MynaCardFace };
    let mut ways = untried_ways(seen);
    ways.sort_by_key(|(kind, _)| *kind != first);
    ways.into_iter().map(|(kind, words)| offer(Action::ReadCard, kind, words)).collect()
}

fn untried_ways(seen: &Circumstances<'_>) -> Vec<(EvidenceKind, Words)> {
    let visual_rule =
        if seen.in_force(RuleId::VisualModeSimple) { RuleId::VisualModeSimple } else { RuleId::OnlineEligibility };
    [
        (EvidenceKind::MynaCardFace, RuleId::OnlineEligibility, "顔認証で本人確認します。", "Identify by face match."),
        (
            EvidenceKind::MynaCardPin,
            RuleId::OnlineEligibility,
            "患者さんが読取機に暗証番号を入力します（職員は聞かない・代わりに入力しない）。",
            "The patient types the PIN into the reader; staff never ask for it nor type it.",
        ),
        (
            EvidenceKind::MynaCardVisual,
            visual_rule,
            "目視確認モード：職員がカードの顔写真と見比べます。",
            "Visual check: staff compare the face with the photo on the card.",
        ),
    ]
    .into_iter()
    .filter(|(kind, ..)| seen.case.attempt(*kind).is_none())
    .map(|(kind, rule, ja, en)| {
        let say = Text::new(
            "カードをケースから出して、顔写真を上にして読取機に置いてください。",
            "Please take the card out of its case and put it on the reader, photo side up.",
        );
        (kind, Words { reason: Text::new(ja, en), law: READER_LAW, rule: Some(rule), say })
    })
    .collect()
}

/// A phone instead of the card, at sites with the external reader.
pub(super) fn read_phone(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(phone) = seen.case.presented.iter().find(|p| p.kind.is_phone()) else { return Vec::new() };
    if seen.identified().is_some() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::Phone);
    if let Some(reason) = why_no_phone(seen) {
        return vec![refuse(phone.kind, reason, rule.source, Some(RuleId::Phone))];
    }
    vec![offer(
        Action::ReadPhone,
        phone.kind,
        Words {
            reason: Text::new("スマートフォンを外付け読取機にかざします。", "Hold the phone on the external reader."),
            law: rule.source,
            rule: Some(RuleId::Phone),
            say: Text::new(
                "スマートフォンをこちらにかざしてください。初めての方は実物のカードもお持ちください。",
                "Please hold your phone here. On a first visit, please bring the card itself too.",
            ),
        },
    )]
}

fn why_no_phone(seen: &Circumstances<'_>) -> Option<Text> {
    if !seen.in_force(RuleId::Phone) {
        return Some(Text::new(
            "スマートフォンでの利用はまだ始まっていない日です。",
            "Phones could not be used yet on this day.",
        ));
    }
    if !seen.case.site.phone_reader {
        return Some(Text::new(
            "この施設にはスマートフォン用の読取機がありません。実物のカードをお願いしてください。",
            "This site has no reader for phones. Ask for the card itself.",
        ));
    }
    let broken = seen.links.broken_for_card().is_some() || seen.why_not_online.is_some();
    broken.then(|| {
        Text::new(
            "今はスマートフォンの読み取りで確認できません。実物のカードをお願いしてください。",
            "Reading the phone does not confirm now. Ask for the card itself.",
        )
    })
}

/// No card was shown yet: ask for it, unless the patient said that nothing is there. The card helps even when the reader is
/// broken, because papers and the declaration count together with it.
pub(super) fn ask_for_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    let shown = seen.card_present() || (seen.case.phone_present() && seen.why_not_online.is_none());
    if shown || seen.is_proxy() || seen.nothing_to_show() || seen.case.card_lost || seen.identified().is_some() {
        return Vec::new();
    }
    vec![offer(
        Action::AskForCard,
        EvidenceKind::MynaCardFace,
        Words {
            reason: Text::new(
                "マイナンバーカードがあれば、機器が使えないときでも通常の負担割合で受診できます。",
                "With the My Number card the patient pays the usual share, even when a machine fails.",
            ),
            law: FLOW_CHART,
            rule: Some(RuleId::OnlineEligibility),
            say: Text::new("マイナンバーカードは今日お持ちですか。", "Do you have your My Number card with you today?"),
        },
    )]
}

/// A card that is not registered for insurance use can be registered on the spot, with its PIN.
pub(super) fn register_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    let unregistered = seen.case.card_registered == Some(false) && seen.card_present();
    if !unregistered || seen.identified().is_some() || seen.why_not_online.is_some() {
        return Vec::new(); // refused by the reading rung, which names the reason
    }
    vec![offer(
        Action::RegisterCard,
        EvidenceKind::MynaCardPin,
        Words {
            reason: Text::new(
                "読取機でその場で利用登録できます（暗証番号が必要）。",
                "The reader can register the card on the spot (PIN needed).",
            ),
            law: "カードリーダーでの利用登録",
            rule: None,
            say: Text::new(
                "読取機の案内に沿って、保険証としての利用登録をお願いします。",
                "Please follow the reader to register your card as insurance card.",
            ),
        },
    )]
}
