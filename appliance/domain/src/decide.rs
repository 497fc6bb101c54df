//! The one question the rules answer: given this case, what now?

use crate::age::{AgeBand, age_band, consistency};
use crate::case::Case;
use crate::circumstance::Circumstances;
use crate::claim::{ClaimDecision, ClaimEvidence, claim_basis};
use crate::coverage::Coverage;
use crate::decision::{Acceptance, Action, Decision, MedicalData, RatioDecision, Step};
use crate::eligibility::{AskedBy, EligibilityStatus, PersonMatch};
use crate::evidence::EvidenceKind;
use crate::ladder::{self, Words};
use crate::rule::{RuleId, RulePack};
use crate::scheme::SchemeGroup;
use crate::text::Text;
use crate::{follow_up, full_charge, kana, ratio};

/// Decides a case by the rules in force on its visit date. Pure: the same case and rules always give the same decision.
pub fn decide(case: &Case, rules: &RulePack) -> Decision {
    let seen = Circumstances::of(case, rules);
    let climb = match &case.settled {
        Some(settled) => ladder::settled(&seen, settled),
        None => ladder::climb(&seen),
    };
    let accepted = climb.accepted;
    let ratio = ratio::settle(&seen);
    let claim = claim(&seen, accepted.as_ref());
    let full_charge = full_charge::full_charge(&seen, accepted.as_ref());
    let follow_ups = follow_up::follow_ups(&seen, accepted.as_ref(), &ratio, &claim);

    let mut ladder = climb.steps;
    ladder.extend(add_ons(&seen, &ratio));
    ladder.extend(full_charge::last_step(&full_charge));
    ladder::number(&mut ladder);

    let mut decision = Decision {
        rules_version: rules.version().to_owned(),
        certificate_window: seen.window,
        person: seen.person,
        medical: medical_data(&seen, accepted.as_ref()),
        cautions: cautions(&seen),
        rules_fired: Vec::new(),
        accepted,
        ladder,
        refused: climb.refused,
        ratio,
        claim,
        follow_ups,
        full_charge,
    };
    decision.rules_fired = rules_fired(&decision);
    decision
}

/// Numbers of a claim: what was confirmed, what was shown or said and not contradicted, what was lost, the declaration.
fn claim(seen: &Circumstances<'_>, accepted: Option<&Acceptance>) -> ClaimDecision {
    let confirmed = seen.valid_answer().and_then(|a| a.main_result()).map(|r| &r.coverage);
    let lost = seen
        .answer
        .filter(|a| matches!(a.status, EligibilityStatus::Invalid | EligibilityStatus::Superseded))
        .and_then(|a| a.main_result())
        .map(|r| &r.coverage);
    let on_file = seen.case.stored.as_ref().map(|s| &s.coverage).filter(|c| c.has_numbers());
    let file_counts = accepted.is_some_and(|a| {
        matches!(
            a.evidence,
            EvidenceKind::ReturnVisitOral | EvidenceKind::SiteJudgement | EvidenceKind::PatientCardOnly
        )
    });
    let contradicted = |c: &&Coverage| lost.is_some_and(|lost| lost.same_insured(c));
    let accepted_paper = accepted.and_then(|a| seen.case.presented(a.evidence)).map(|p| &p.coverage);
    let stated = accepted_paper
        .filter(|c| c.has_numbers())
        .or_else(|| seen.presented_numbers().filter(|_| accepted.is_some()))
        .or_else(|| on_file.filter(|_| file_counts))
        .filter(|c| !contradicted(c));
    claim_basis(&ClaimEvidence {
        confirmed,
        stated,
        former: lost.or_else(|| on_file.filter(|_| accepted.is_some())),
        declaration: seen.case.declaration.as_ref(),
    })
}

/// Medical data needs an identified person, a consent still running and a certificate in date; eligibility alone never
/// opens it (checkin-rules §8).
fn medical_data(seen: &Circumstances<'_>, accepted: Option<&Acceptance>) -> MedicalData {
    let no = |ja: &str, en: &str| MedicalData { allowed: false, until: None, reason: Text::new(ja, en) };
    if seen.person == PersonMatch::Different {
        return no("別の方の情報のため表示できません。", "The data belong to another person and stay hidden.");
    }
    let possible = accepted.is_some_and(|a| a.evidence.medical_data_possible());
    let identified = seen.answer.is_some_and(|a| a.asked_by != Some(AskedBy::Number));
    if !possible || !identified {
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
    let given: Vec<_> = seen.answer.iter().flat_map(|a| &a.consents).filter(|c| c.given).collect();
    if given.is_empty() {
        return no("同意がありません。", "No consent was given.");
    }
    let running = |c: &&&crate::eligibility::Consent| match (c.available_until, seen.case.at) {
        (Some(until), Some(now)) => now <= until,
        _ => true,
    };
    match given.iter().filter(running).map(|c| c.available_until).max() {
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

/// Additions to ask for, whatever the way of confirming.
fn add_ons(seen: &Circumstances<'_>, ratio: &RatioDecision) -> Vec<Step> {
    let ask = |evidence, ja: &str, en: &str, say_ja: &str, say_en: &str| {
        ladder::step(
            Action::AskAddOn,
            evidence,
            Words {
                reason: Text::new(ja, en),
                law: "療養担当規則、各制度の医療証",
                rule: None,
                say: Text::new(say_ja, say_en),
            },
        )
    };
    let mut steps = Vec::new();
    let elderly = seen.case.person.birth_date.is_some_and(|b| age_band(b, seen.day()) == AgeBand::From70To74);
    if elderly && ratio.tenths.is_none() {
        steps.push(ask(
            EvidenceKind::ElderlyRecipient,
            "70〜74歳で負担割合が分かりません。",
            "Aged 70 to 74 and the ratio is not known.",
            "高齢受給者証はお持ちですか。",
            "Do you have your elderly recipient certificate?",
        ));
    }
    if seen.case.presented(EvidenceKind::SubsidyCertificate).is_none() {
        steps.push(ask(
            EvidenceKind::SubsidyCertificate,
            "医療証・受給者証は多くの市区町村でカードに連携していません。毎月確認します。",
            "Most municipalities do not link subsidy certificates to the card. Ask every month.",
            "子ども医療証や受給者証などはお持ちですか。",
            "Do you have a subsidy certificate (children, disability …)?",
        ));
    }
    steps
}

fn cautions(seen: &Circumstances<'_>) -> Vec<Text> {
    let mut cautions = Vec::new();
    if seen.person == PersonMatch::Different {
        cautions.push(Text::new(
            "別人の可能性：カナ・生年月日・性別が一致しません。回答の内容は表示・保存しません。受診は書面等で続けられます。",
            "Possibly another person: kana, birth date or sex differ. The answer is neither shown nor stored; the visit goes on by papers.",
        ));
    }
    let returned = seen.answer.and_then(|a| a.main_result());
    if returned.and_then(|r| r.person.name.as_deref()).is_some_and(kana::has_unmappable) {
        cautions.push(Text::new(
            "氏名に●があります。カナと生年月日が一致していれば受け付けて構いません。請求も返戻されません。",
            "The name holds ●. If kana and birth date agree, go on; the claim is not returned for it.",
        ));
    }
    if let Some(lost) = returned.filter(|_| seen.status() == Some(EligibilityStatus::Invalid)) {
        cautions.push(lost_words(&lost.coverage));
    }
    if let Some(birth) = seen.case.person.birth_date {
        let scheme = returned
            .map_or_else(|| seen.case.stored.as_ref().map(|s| s.coverage.scheme()), |r| Some(r.coverage.scheme()));
        let issues = scheme.map(|scheme| consistency(birth, seen.day(), scheme)).unwrap_or_default();
        cautions.extend(issues.into_iter().map(|issue| Text::new(issue.ja(), issue.en())));
        if early_elderly_hint(seen, birth) {
            cautions.push(Text::new(
                "65〜74歳の国保の方に届くのは「資格情報のお知らせ」が多く、カードと一緒でないと使えません。",
                "People of 65 to 74 in 国保 mostly hold the notice only, which counts together with the card alone.",
            ));
        }
    }
    cautions
}

fn lost_words(coverage: &Coverage) -> Text {
    let (day, insurer) = (coverage.lost_on, coverage.insurer_name.as_deref().unwrap_or("—"));
    let day = day.map_or_else(|| "不明/unknown".to_owned(), |d| d.to_string());
    Text::new(
        format!(
            "無効：{insurer}の資格を{day}に喪失した登録です。転職・引っ越し等の後の登録遅れかもしれません。10割にしないでください。"
        ),
        format!(
            "Invalid: eligibility with {insurer} was lost on {day}. The new one may lag behind. Do not charge 100 %."
        ),
    )
}

/// REQ-53.
fn early_elderly_hint(seen: &Circumstances<'_>, birth: crate::date::Date) -> bool {
    let national = seen.case.stored.as_ref().is_some_and(|s| s.coverage.scheme().group() == SchemeGroup::National);
    let age = crate::age::age_on(birth, seen.day());
    let notice = seen.case.presented(EvidenceKind::NoticeOnly).is_some();
    (65..75).contains(&age) && (national || notice) && seen.valid_answer().is_none()
}

fn rules_fired(decision: &Decision) -> Vec<RuleId> {
    let steps = decision.ladder.iter().filter_map(|step| step.rule);
    let refused = decision.refused.iter().filter_map(|refusal| refusal.rule);
    let follow_ups = decision.follow_ups.iter().filter_map(|follow_up| follow_up.kind.rule());
    let mut fired: Vec<RuleId> = steps.chain(refused).chain(follow_ups).collect();
    fired.sort_unstable();
    fired.dedup();
    fired
}
