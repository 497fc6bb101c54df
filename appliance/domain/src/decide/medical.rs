//! Whether medical data may be looked at (checkin-rules §8).

use crate::circumstance::Circumstances;
use crate::date::Timestamp;
use crate::decision::{Acceptance, MedicalData};
use crate::eligibility::{Consent, PersonMatch};
use crate::evidence::EvidenceKind;
use crate::lookup::{DisasterConsent, Lookup};
use crate::text::Text;

/// A consent is usable for 24 hours from its registration.
const CONSENT_MS: i64 = crate::remote_consent::COUNTS_MS;

/// Medical data needs an identified person, a consent still running and a certificate in date; eligibility alone never
/// opens it.
pub(super) fn medical_data(seen: &Circumstances<'_>, accepted: Option<&Acceptance>) -> MedicalData {
    if seen.person == PersonMatch::Different {
        return no("別の方の情報のため表示できません。", "The data belong to another person and stay hidden.");
    }
    if let Some(lookup) = seen.looked_up.filter(|l| accepted.is_some_and(|a| a.evidence == l.kind)) {
        return by_lookup(lookup);
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

/// The disaster function asks for consent by word of mouth and needs no certificate; the outage look-up shows eligibility only
/// (checkin-rules §2, §3.4).
fn by_lookup(lookup: &Lookup) -> MedicalData {
    let yes = |ja, en| MedicalData { allowed: true, until: None, reason: Text::new(ja, en) };
    match (lookup.kind, lookup.consent) {
        (EvidenceKind::DisasterMode, Some(DisasterConsent::Oral)) => yes(
            "災害時の機能：口頭で同意がありました。治療に必要な範囲で見られます（閲覧は記録されます）。",
            "Disaster function: consent by word of mouth. For care only; every access is logged.",
        ),
        (EvidenceKind::DisasterMode, Some(DisasterConsent::LifeAtRisk)) => yes(
            "災害時の機能：意思表示ができず、生命・身体に危険があるため見られます（閲覧は記録されます）。",
            "Disaster function: the patient cannot express a will and life or body is at risk. Every access is logged.",
        ),
        (EvidenceKind::DisasterMode, _) => no("同意がありません。", "No consent was given."),
        _ => no(
            "システム障害時モードでは資格だけを確認します。診療・薬剤情報は見られません。",
            "The outage look-up shows the eligibility only, no medical data.",
        ),
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
