//! Rungs that reach the national service without the reader at the window: another device, or the web.

use super::{Finding, Words, offer, refuse};
use crate::case::Flow;
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::EvidenceKind;
use crate::rule::RuleId;
use crate::text::Text;

/// The consent app on the site's own device: in the patient's home, in other flows than the window, and at the window when
/// the reader is broken or the patient cannot operate it.
pub(super) fn consent_app(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::HomeConsentApp;
    let presented = seen.case.presented(kind).is_some();
    if seen.identified().is_some() || !seen.card_present() || seen.certificate_over() {
        return Vec::new();
    }
    if !seen.case.site.home_consent_app {
        let reason = Text::new(
            "登録した施設の端末がないため、マイナ資格確認アプリは使えません。",
            "The consent app works on a device registered by the site only; there is none.",
        );
        return if presented {
            vec![refuse(kind, reason, "居宅同意取得型 マイナ資格確認アプリ", None)]
        } else {
            Vec::new()
        };
    }
    if seen.case.attempt(kind).is_some() || answered_in_vain(seen) || !app_needed(seen) {
        return Vec::new();
    }
    let id = app_rule(seen.case.flow);
    let rule = seen.rules.rule(id);
    if !seen.in_force(id) || !seen.in_force(RuleId::HomeConsentApp) {
        let reason = Text::new(
            "マイナ資格確認アプリをこの場面で使える日より前です。",
            "On this day the consent app was not yet listed for this use.",
        );
        return vec![refuse(kind, reason, rule.source, Some(id))];
    }
    vec![offer(
        Action::UseConsentApp,
        kind,
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

fn app_rule(flow: Flow) -> RuleId {
    match flow {
        Flow::HomeVisit | Flow::Facility => RuleId::HomeConsentApp,
        Flow::Window => RuleId::HomeConsentReaderDown,
        Flow::FeverClinic | Flow::Ward | Flow::DriveThrough | Flow::Car => RuleId::HomeConsentOtherFlow,
    }
}

/// The reader is no way for this patient, but the national service can be reached.
fn app_needed(seen: &Circumstances<'_>) -> bool {
    let no_reader = seen.links.broken_for_card().is_some() || !seen.reader_within_reach();
    let cannot_operate = seen.case.attempts.iter().any(|attempt| attempt.kind.shows_card());
    let elsewhere = seen.case.flow != Flow::Window;
    (no_reader || cannot_operate || elsewhere) && seen.links.broken_beyond_terminal().is_none()
}

/// The card has been asked about already, and asking on another device gives the same answer.
fn answered_in_vain(seen: &Circumstances<'_>) -> bool {
    seen.card_answered_in_vain()
}

/// マイナ在宅受付Web: remote consent by the patient, for flows other than the window, and at the window when the reader path is
/// down (checkin-rules §4 step 2).
pub(super) fn consent_web(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::HomeConsentWeb;
    if seen.identified().is_some() || answered_in_vain(seen) {
        return Vec::new();
    }
    let at_home = matches!(seen.case.flow, Flow::HomeVisit | Flow::Facility);
    let id = if at_home { RuleId::HomeConsentWeb } else { RuleId::HomeConsentOtherFlow };
    let rule = seen.rules.rule(id);
    let place = seen.case.flow != Flow::Window || seen.links.broken_for_card().is_some();
    if !seen.case.site.home_consent_web || !place || !seen.in_force(id) {
        let reason = Text::new(
            "マイナ在宅受付Webは、この日・この場面では使えません（窓口では読取機が使えないときだけです）。",
            "Remote consent by web is not for this day or this place (at the window only while the reader is down).",
        );
        let presented = seen.case.presented(kind).is_some();
        return if presented { vec![refuse(kind, reason, rule.source, Some(id))] } else { Vec::new() };
    }
    let reachable = seen.links.broken_beyond_terminal().is_none();
    if !reachable || seen.pin_unusable() || seen.certificate_over() || seen.nothing_to_show() || seen.is_proxy() {
        return Vec::new();
    }
    vec![offer(
        Action::UseConsentWeb,
        kind,
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
    const LAW: &str = "オンライン資格確認 資格確認限定型 FAQ";
    let kind = EvidenceKind::LimitedApp;
    if !seen.case.site.limited_check_exempt {
        let reason = Text::new(
            "義務化対象の医療機関・薬局では資格確認限定型は使えません。",
            "Obliged clinics and pharmacies may not use the eligibility-only check.",
        );
        let presented = seen.case.presented(kind).is_some();
        return if presented { vec![refuse(kind, reason, LAW, None)] } else { Vec::new() };
    }
    let reachable = seen.links.broken_beyond_terminal().is_none() && !seen.certificate_over();
    let done = seen.identified().is_some() || answered_in_vain(seen) || seen.case.attempt(kind).is_some();
    if done || !reachable || !seen.card_present() || seen.is_proxy() {
        return Vec::new();
    }
    vec![offer(
        Action::ReadCard,
        kind,
        Words {
            reason: Text::new(
                "資格確認限定型で資格だけを確認します（診療・薬剤情報は見られず、画面は保存しません）。",
                "Confirm the eligibility alone with the limited check: no medical data, and screenshots are not kept.",
            ),
            law: LAW,
            rule: None,
            say: Text::new("こちらの端末でカードを読み取らせてください。", "Let me read your card on this device."),
        },
    )]
}
