//! Whether medical data may be looked at (checkin-rules §8).

use crate::circumstance::Circumstances;
use crate::date::Timestamp;
use crate::decision::{Acceptance, MedicalData};
use crate::eligibility::{Consent, PersonMatch};
use crate::evidence::EvidenceKind;
use crate::text::Text;

/// A consent is usable for 24 hours from its registration.
const CONSENT_MS: i64 = 24 * 3_600_000;

/// Medical data needs an identified person, a consent still running and a certificate in date; eligibility alone never
/// opens it.
pub(super) fn medical_data(seen: &Circumstances<'_>, accepted: Option<&Acceptance>) -> MedicalData {
    if seen.person == PersonMatch::Different {
        return no("別の方の情報のため表示できません。", "The data belong to another person and stay hidden.");
    }
    if !accepted.is_some_and(|acceptance| person_identified(seen, acceptance)) {
        return no(
            "書面・口頭・番号照会での確認では、診療・薬剤情報は見られません。",
            "Papers, spoken word and queries by number never open medical data.",
        );
    }
    if seen.window.is_some_and(|window| !window.facts().medical_data) {
        return no(
            "電子証明書の期限切れのため、診療・薬剤情報は見られません。",
            "The certificate has expired: medical data stay closed.",
        );
    }
    by_consent(seen)
}

/// Whether card, phone or consent identified the person; the disaster function identifies by word of mouth.
fn person_identified(seen: &Circumstances<'_>, accepted: &Acceptance) -> bool {
    match accepted.evidence {
        EvidenceKind::LimitedApp | EvidenceKind::OutageLookup => false,
        EvidenceKind::DisasterMode => seen.valid_answer().is_some(),
        _ => seen.identified().is_some(),
    }
}

fn by_consent(seen: &Circumstances<'_>) -> MedicalData {
    let given: Vec<&Consent> = seen.answer.iter().flat_map(|a| &a.consents).filter(|c| c.given).collect();
    if given.is_empty() {
        return no("同意がありません。", "No consent was given.");
    }
    let running = |until: &Option<Timestamp>| until.is_none_or(|until| seen.case.at.is_none_or(|now| now <= until));
    match given.into_iter().map(usable_until).filter(running).max() {
        Some(until) => MedicalData {
            allowed: true,
            until,
            reason: Text::new("同意があります（取得から24時間）。", "Consent was given (usable for 24 hours)."),
        },
        None => no(
            "同意から24時間が過ぎました。見る場合はもう一度カードで同意を取ってください。",
            "The 24 hours of consent are over. Read the card again for a new consent.",
        ),
    }
}

fn usable_until(consent: &Consent) -> Option<Timestamp> {
    consent.available_until.or_else(|| consent.at.map(|at| at.plus_ms(CONSENT_MS)))
}

fn no(ja: &str, en: &str) -> MedicalData {
    MedicalData { allowed: false, until: None, reason: Text::new(ja, en) }
}
