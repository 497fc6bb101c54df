//! What to ask for beside the way of confirming (checkin-rules §4 "always"): 高齢受給者証, 限度, 医療証, and what would make
//! an accepted check-in surer.

use crate::age::{AgeBand, age_band};
use crate::circumstance::Circumstances;
use crate::claim::ClaimDecision;
use crate::decision::{Acceptance, Action, RatioDecision, Step};
use crate::evidence::EvidenceKind;
use crate::ladder::{self, Words};
use crate::rule::RuleId;
use crate::text::Text;

const LAW: &str = "療養担当規則、各制度の医療証";

pub(super) fn steps(
    seen: &Circumstances<'_>,
    accepted: Option<&Acceptance>,
    ratio: &RatioDecision,
    claim: &ClaimDecision,
) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(accepted.and_then(|accepted| recommended_query(seen, accepted)));
    steps.extend(welfare_office(seen));
    steps.extend(elderly_certificate(seen, ratio));
    steps.extend(accepted.and_then(|accepted| limit_class(seen, accepted, claim)));
    steps.extend(subsidy_certificate(seen));
    steps
}

/// A paper with numbers while the national service can be asked: asking finds a lost eligibility before the claim does.
fn recommended_query(seen: &Circumstances<'_>, accepted: &Acceptance) -> Option<Step> {
    let askable = seen.query_possible() && seen.answer.is_none() && seen.birth_date().is_some();
    let numbers = seen.papers().any(|paper| paper.kind == accepted.evidence);
    (askable && numbers && accepted.provisional && seen.case.settled.is_none()).then(|| {
        let words = Words {
            reason: Text::new(
                "受付は済んでいます。番号でも照会しておくと、資格喪失に早く気付けます（待たせる必要はありません）。",
                "The patient is checked in. A query by number finds a lost eligibility early; nobody needs to wait for it.",
            ),
            law: "オンライン資格確認 番号照会（推奨）",
            rule: None,
            say: Text::new("念のため番号でも確認いたします。", "We will also check the number, to be sure."),
        };
        ladder::step(Action::QueryByNumber, accepted.evidence, words)
    })
}

fn welfare_office(seen: &Circumstances<'_>) -> Option<Step> {
    seen.ticket_missing().then(|| {
        let words = Words {
            reason: Text::new(
                "医療券が未登録です。資格がないという意味ではありません。福祉事務所に連絡します。",
                "The ticket is not registered yet, which does not mean \"not entitled\". Phone the welfare office.",
            ),
            law: "医療扶助のオンライン資格確認（未委託・未登録）",
            rule: Some(RuleId::AssistanceOnline).filter(|rule| seen.in_force(*rule)),
            say: Text::new(
                "福祉事務所には受診のご連絡をされていますか。",
                "Have you told the welfare office about this visit?",
            ),
        };
        ladder::step(Action::AskWelfareOffice, EvidenceKind::MedicalAssistanceOnline, words)
    })
}

fn elderly_certificate(seen: &Circumstances<'_>, ratio: &RatioDecision) -> Option<Step> {
    let elderly = seen.birth_date().is_some_and(|birth| age_band(birth, seen.day()) == AgeBand::From70To74);
    (elderly && ratio.tenths.is_none()).then(|| {
        ask(
            EvidenceKind::ElderlyRecipient,
            Text::new("70〜74歳で負担割合が分かりません。", "Aged 70 to 74 and the ratio is not known."),
            Text::new("高齢受給者証はお持ちですか。", "Do you have your elderly recipient certificate?"),
        )
    })
}

/// The answer to a card carries the class of the ceiling; papers carry it on request only.
fn limit_class(seen: &Circumstances<'_>, accepted: &Acceptance, claim: &ClaimDecision) -> Option<Step> {
    let kind = EvidenceKind::LimitCertificate;
    let known = claim.coverage.as_ref().is_some_and(|c| c.limit.is_some()) || seen.case.presented(kind).is_some();
    (!accepted.evidence.is_online() && seen.identified().is_none() && !known).then(|| {
        ask(
            kind,
            Text::new(
                "限度額の区分が分かりません。高額になりそうなときは確認します（区分なしで計算する前に職員が確認）。",
                "The class of the monthly ceiling is not known. Ask when the bill may be high, before charging without it.",
            ),
            Text::new(
                "限度額適用認定証や、区分の書かれた資格確認書はお持ちですか。",
                "Do you have a limit certificate, or a certificate that states the class?",
            ),
        )
    })
}

fn subsidy_certificate(seen: &Circumstances<'_>) -> Option<Step> {
    let kind = EvidenceKind::SubsidyCertificate;
    seen.case.presented(kind).is_none().then(|| {
        ask(
            kind,
            Text::new(
                "医療証・受給者証は多くの市区町村でカードに連携していません。毎月確認します。",
                "Most municipalities do not link subsidy certificates to the card. Ask every month.",
            ),
            Text::new(
                "子ども医療証や受給者証などはお持ちですか。",
                "Do you have a subsidy certificate (children, disability …)?",
            ),
        )
    })
}

fn ask(evidence: EvidenceKind, reason: Text, say: Text) -> Step {
    ladder::step(Action::AskAddOn, evidence, Words { reason, law: LAW, rule: None, say })
}
