//! Rungs that go through the national service: the reader, the phone, another device, the outage path.

use super::{Finding, Words, accept, offer, refuse};
use crate::case::{Flow, SiteKind};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer};
use crate::evidence::{Confidence, EvidenceKind};
use crate::link::Cause;
use crate::rule::RuleId;
use crate::text::Text;

const FLOW_CHART: &str = "資格確認方法フローチャート（2024-12-02以降）、保発0710第1号（2023-07-10）";

/// The national service has confirmed the person by card, phone or consent; or by medical assistance.
pub(super) fn confirmed(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(answer) = seen.valid_answer() else { return Vec::new() };
    let Some(evidence) = confirmed_as(seen, answer) else { return Vec::new() };
    let words = Words {
        reason: Text::new("全国システムで有効と確認できました。", "The national service confirmed the eligibility."),
        law: "療養担当規則 電子資格確認",
        rule: Some(RuleId::OnlineEligibility),
        say: Text::new("確認できました。お掛けになってお待ちください。", "You are confirmed. Please take a seat."),
    };
    vec![accept(seen, Action::ReadCard, evidence, Confidence::ConfirmedOnline, words)]
}

/// Which kind of evidence a valid answer makes. An answer to a query by number confirms the paper it was asked for, not a card.
fn confirmed_as(seen: &Circumstances<'_>, answer: &OnlineAnswer) -> Option<EvidenceKind> {
    if answer.insurance().is_none() && answer.medical_assistance().is_some() {
        return Some(EvidenceKind::MedicalAssistanceOnline);
    }
    if answer.asked_by == Some(AskedBy::Number) {
        return None;
    }
    let online = seen.case.presented.iter().map(|p| p.kind).filter(|kind| kind.is_online());
    let working = online.filter(|kind| seen.case.attempt(*kind).is_none()).next();
    Some(working.unwrap_or(EvidenceKind::MynaCardFace))
}

/// Read the card: face, then PIN, then visual check; staff may start with the visual check.
pub(super) fn read_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    if !seen.case.card_present() || seen.valid_answer().is_some() {
        return Vec::new();
    }
    if seen.is_proxy() {
        let reason = Text::new(
            "代理の方は患者さん本人のカードを顔認証・暗証番号で使えません。",
            "Somebody who comes instead of the patient cannot use the patient's card by face or PIN.",
        );
        return vec![refuse(EvidenceKind::MynaCardFace, reason, "資格確認方法 代理受領の取扱い", None)];
    }
    if seen.case.online.is_some() && !worth_reading_again(seen) {
        return Vec::new();
    }
    match &seen.why_not_online {
        Some(why) if why.cause != Cause::Data => vec![refuse_reader(why.cause)],
        _ => identification_ways(seen),
    }
}

/// After a query by number said "superseded", "not found" or "ambiguous", the card itself may know better.
fn worth_reading_again(seen: &Circumstances<'_>) -> bool {
    seen.answer.is_some_and(|a| a.asked_by == Some(AskedBy::Number)) && seen.case.links.broken_for_card().is_none()
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
            "カードが利用登録されておらず、暗証番号も使えないため登録できません。",
            "The card is not registered for insurance use, and without its PIN it cannot be registered.",
        ),
        _ => (
            "機器・回線・全国システムのいずれかが使えないため、今はカードで確認できません。患者さんのせいではありません。",
            "Reader, terminal, line or national service is down, so the card cannot be read now. It is not the patient's fault.",
        ),
    };
    refuse(EvidenceKind::MynaCardFace, Text::new(ja, en), FLOW_CHART, None)
}

fn identification_ways(seen: &Circumstances<'_>) -> Vec<Finding> {
    let mut ways = Vec::new();
    for (kind, ja, en) in [
        (EvidenceKind::MynaCardFace, "顔認証で本人確認します。", "Identify by face match."),
        (
            EvidenceKind::MynaCardPin,
            "患者さんが読取機に暗証番号を入力します（職員は聞かない・代わりに入力しない）。",
            "The patient types the PIN into the reader; staff never ask for it nor type it.",
        ),
        (
            EvidenceKind::MynaCardVisual,
            "目視確認モード：職員がカードの顔写真と見比べます。",
            "Visual check: staff compare the face with the photo on the card.",
        ),
    ] {
        if seen.case.attempt(kind).is_some() {
            continue;
        }
        ways.push(offer(
            Action::ReadCard,
            kind,
            Words {
                reason: Text::new(ja, en),
                law: "療養担当規則 電子資格確認、目視確認モードの取扱い",
                rule: Some(RuleId::OnlineEligibility),
                say: Text::new(
                    "カードをケースから出して、顔写真を上にして読取機に置いてください。",
                    "Please take the card out of its case and put it on the reader, photo side up.",
                ),
            },
        ));
    }
    ways
}

/// A phone instead of the card, at sites with the external reader.
pub(super) fn read_phone(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(phone) = seen.case.presented.iter().find(|p| p.kind.is_phone()) else { return Vec::new() };
    if seen.valid_answer().is_some() {
        return Vec::new();
    }
    let rule = seen.rules.rule(RuleId::Phone);
    if !seen.in_force(RuleId::Phone) {
        let reason = Text::new(
            "スマートフォンでの利用はまだ始まっていない日です。",
            "Phones could not be used yet on this day.",
        );
        return vec![refuse(phone.kind, reason, rule.source, Some(RuleId::Phone))];
    }
    if !seen.case.site.phone_reader {
        let reason = Text::new(
            "この施設にはスマートフォン用の読取機がありません。実物のカードをお願いしてください。",
            "This site has no reader for phones. Ask for the card itself.",
        );
        return vec![refuse(phone.kind, reason, rule.source, Some(RuleId::Phone))];
    }
    if seen.why_not_online.is_some() {
        let reason = Text::new("今は読み取りができません。", "Reading is not possible now.");
        return vec![refuse(phone.kind, reason, rule.source, Some(RuleId::Phone))];
    }
    vec![offer(
        Action::ReadPhone,
        phone.kind,
        Words {
            reason: Text::new("スマートフォンを外付け読取機にかざします。", "Hold the phone on the external reader."),
            law: rule.source,
            rule: Some(RuleId::Phone),
            say: Text::new("スマートフォンをこちらにかざしてください。", "Please hold your phone here."),
        },
    )]
}

/// A card that is not registered for insurance use can be registered on the spot, with its PIN.
pub(super) fn register_card(seen: &Circumstances<'_>) -> Vec<Finding> {
    let unregistered = seen.case.card_registered == Some(false) && seen.case.card_present();
    if !unregistered || seen.valid_answer().is_some() || seen.case.links.broken_for_card().is_some() {
        return Vec::new();
    }
    if seen.pin_unusable() {
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

/// The reader path is broken but the national service can be reached: the consent app on the site's own device.
pub(super) fn consent_app(seen: &Circumstances<'_>) -> Vec<Finding> {
    let site = &seen.case.site;
    if !site.home_consent_app || !seen.case.card_present() || seen.valid_answer().is_some() || seen.certificate_over() {
        return Vec::new();
    }
    let home = seen.case.flow == Flow::HomeVisit;
    let reader_broken = seen.case.links.broken_for_card().is_some() || seen.identification_exhausted();
    if !home && (!reader_broken || seen.case.links.broken_beyond_terminal().is_some()) {
        return Vec::new();
    }
    let id = if home { RuleId::HomeConsentApp } else { RuleId::HomeConsentReaderDown };
    let rule = seen.rules.rule(id);
    if !seen.in_force(id) {
        let reason = Text::new(
            "マイナ資格確認アプリを窓口の代替に使える日より前です。",
            "On this day the consent app was not yet listed for use instead of the reader.",
        );
        return vec![refuse(EvidenceKind::HomeConsentApp, reason, rule.source, Some(id))];
    }
    vec![offer(
        Action::UseConsentApp,
        EvidenceKind::HomeConsentApp,
        Words {
            reason: Text::new(
                "施設の端末のマイナ資格確認アプリで確認します（暗証番号または目視）。",
                "Confirm with the consent app on the site's device (PIN or visual check).",
            ),
            law: rule.source,
            rule: Some(id),
            say: Text::new(
                "読取機の代わりに、こちらの端末で確認させてください。",
                "Let me confirm on this device instead of the reader.",
            ),
        },
    )]
}

/// マイナ在宅受付Web: remote consent by the patient, for flows other than the window.
pub(super) fn consent_web(seen: &Circumstances<'_>) -> Vec<Finding> {
    let site = &seen.case.site;
    let other_flow = seen.case.flow != Flow::Window;
    let usable = site.home_consent_web && other_flow && seen.valid_answer().is_none();
    if !usable || seen.pin_unusable() || seen.certificate_over() || seen.case.links.broken_beyond_terminal().is_some() {
        return Vec::new();
    }
    let id = if seen.case.flow == Flow::HomeVisit { RuleId::HomeConsentWeb } else { RuleId::HomeConsentOtherFlow };
    if !seen.in_force(id) {
        return Vec::new();
    }
    let rule = seen.rules.rule(id);
    vec![offer(
        Action::UseConsentWeb,
        EvidenceKind::HomeConsentWeb,
        Words {
            reason: Text::new(
                "患者さんの端末からマイナ在宅受付Webで同意を登録します（暗証番号）。到着時に本人確認。",
                "The patient registers consent on the web (PIN). Check a photo ID on arrival.",
            ),
            law: rule.source,
            rule: Some(id),
            say: Text::new(
                "お手元のスマートフォンで受付サイトを開いていただけますか。",
                "Could you open our reception site on your phone?",
            ),
        },
    )]
}

/// 資格確認限定型, for exempt sites only.
pub(super) fn limited_check(seen: &Circumstances<'_>) -> Vec<Finding> {
    let presented = seen.case.presented(EvidenceKind::LimitedApp).is_some();
    let exempt = seen.case.site.limited_check_exempt;
    match (presented, exempt) {
        (true, false) => vec![refuse(
            EvidenceKind::LimitedApp,
            Text::new(
                "義務化対象の医療機関・薬局では資格確認限定型は使えません。",
                "Obliged clinics and pharmacies may not use the eligibility-only check.",
            ),
            "オンライン資格確認 資格確認限定型 FAQ",
            None,
        )],
        _ => Vec::new(),
    }
}

/// システム障害時モード: reader or terminal broken, another path to the national service exists.
pub(super) fn outage_lookup(seen: &Circumstances<'_>) -> Vec<Finding> {
    let here_broken = matches!(
        seen.case.links.broken_for_card().map(|why| why.cause),
        Some(Cause::Reader | Cause::Terminal | Cause::Power)
    );
    if !here_broken || seen.valid_answer().is_some() || seen.case.links.broken_beyond_terminal().is_some() {
        return Vec::new();
    }
    vec![offer(
        Action::CallOutageLookup,
        EvidenceKind::OutageLookup,
        Words {
            reason: Text::new(
                "コールセンターに連絡すると資格情報照会（システム障害時モード）が使えます。待たずに次の方法へ進んで構いません。",
                "The call centre can open the outage look-up. You need not wait: the next steps are lawful too.",
            ),
            law: "保発0710第1号（2023-07-10）システム障害時モード",
            rule: None,
            say: Text::new(
                "機器の不具合のため、別の方法で確認いたします。",
                "Our equipment has a fault; we will confirm another way.",
            ),
        },
    )]
}

/// 災害時医療情報閲覧機能, when the ministry has opened it.
pub(super) fn disaster_mode(seen: &Circumstances<'_>) -> Vec<Finding> {
    if !seen.case.site.disaster_mode_open || seen.valid_answer().is_some() {
        return Vec::new();
    }
    vec![offer(
        Action::UseDisasterMode,
        EvidenceKind::DisasterMode,
        Words {
            reason: Text::new(
                "厚生労働省がこの地域で開放中：カードがなくても照会できます（口頭同意）。",
                "Opened for this region by the ministry: search without a card, oral consent.",
            ),
            law: "災害時医療情報閲覧機能の開放通知",
            rule: None,
            say: Text::new(
                "災害時の特別な方法で確認します。お薬などの情報を見てもよろしいですか。",
                "We use the disaster function. May we look at your medicines and treatment data?",
            ),
        },
    )]
}

/// The answer was not usable but asking better may help: type again, add the branch, ask with the new number.
pub(super) fn repeat_query(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(status) = seen.status() else { return Vec::new() };
    let (action, ja, en) = match status {
        EligibilityStatus::NotFound => (
            Action::Retype,
            "該当資格なしは無保険の証明ではありません。記号・番号・生年月日を確かめて再照会します。",
            "\"Not found\" is not proof of being uninsured. Check symbol, number and birth date, and ask again.",
        ),
        EligibilityStatus::Ambiguous => (
            Action::AddBranch,
            "複数該当：枝番を加えて再照会します。",
            "Several records match: add the branch number and ask again.",
        ),
        EligibilityStatus::Superseded => (
            Action::QueryByNumber,
            "古い番号です。新しい資格の番号を聞いて再照会します（古い番号では請求しない）。",
            "This is an old number. Ask for the new one and query again; do not bill the old one.",
        ),
        _ => return Vec::new(),
    };
    let pharmacy = seen.case.site.kind == SiteKind::Pharmacy;
    let say = if pharmacy {
        "お薬の準備を進めながら、番号をもう一度確認させてください。"
    } else {
        "番号をもう一度確認させてください。登録が間に合っていないことがあります。"
    };
    vec![offer(
        action,
        None,
        Words {
            reason: Text::new(ja, en),
            law: "オンライン資格確認 資格有効性コード（3・4・5）",
            rule: None,
            say: Text::new(say, "Let me check the number once more; the registration may lag behind."),
        },
    )]
}
