//! The one question the rules answer: given this case, what now?

mod add_on;
mod caution;
mod medical;

use crate::case::Case;
use crate::circumstance::Circumstances;
use crate::claim::{ClaimDecision, ClaimEvidence, claim_basis};
use crate::coverage::Coverage;
use crate::decision::{Acceptance, Decision, Refusal};
use crate::eligibility::{EligibilityStatus, OnlineAnswer};
use crate::evidence::EvidenceKind;
use crate::follow_up::Findings;
use crate::rule::{RuleId, RulePack};
use crate::text::Text;
use crate::{follow_up, full_charge, ladder, ratio};

/// Decides a case by the rules in force on its visit date. Pure: the same case and rules always give the same decision.
pub fn decide(case: &Case, rules: &RulePack) -> Decision {
    let seen = Circumstances::of(case, rules);
    let climb = match &case.settled {
        Some(settled) => ladder::settled(&seen, settled),
        None => ladder::climb(&seen),
    };
    let accepted = climb.accepted;
    let ratio = ratio::settle(&seen);
    let claim = claim(&seen, accepted.as_ref(), &climb.refused);
    let full_charge = full_charge::full_charge(&seen, accepted.as_ref(), &climb.steps);
    let found = Findings { accepted: accepted.as_ref(), ratio: &ratio, claim: &claim, full_charge: &full_charge };
    let follow_ups = follow_up::follow_ups(&seen, &found);

    let mut ladder = climb.steps;
    ladder.extend(add_on::steps(&seen, accepted.as_ref(), &ratio, &claim));
    ladder.extend(full_charge::last_step(&full_charge));
    ladder::number(&mut ladder);

    let mut decision = Decision {
        rules_version: rules.version().to_owned(),
        certificate_window: seen.window,
        person: seen.person,
        medical: medical::medical_data(&seen, accepted.as_ref()),
        cautions: caution::cautions(&seen, accepted.as_ref(), &ratio),
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

/// Numbers of a claim: what was confirmed, what was shown or said and not contradicted, what was lost, the declaration
/// (claims-rules §1.1).
fn claim(seen: &Circumstances<'_>, accepted: Option<&Acceptance>, refused: &[Refusal]) -> ClaimDecision {
    let confirmed = seen.heard_valid().and_then(OnlineAnswer::main_result).map(|r| &r.coverage);
    let looked_up = seen.looked_up.and(seen.valid_answer()).and_then(OnlineAnswer::main_result).map(|r| &r.coverage);
    let looked_up = looked_up.filter(|c| c.has_numbers() && !seen.ticket_missing());
    let lost = returned_as(seen, EligibilityStatus::Invalid);
    let on_file = seen.on_file().filter(|_| accepted.is_some());
    let still_theirs = |_: &&Coverage| !seen.outgrown_on_file();
    let presented = presented_for_claim(seen, accepted, refused);
    let not_found = |c: &&Coverage| seen.status() == Some(EligibilityStatus::NotFound) && seen.denies(c);
    let former_paper = seen.presented_numbers().filter(|_| accepted.is_some()).filter(|c| !not_found(c));
    claim_basis(&ClaimEvidence {
        confirmed: confirmed.filter(|c| c.insurer_number.is_some() && !seen.ticket_missing()),
        stated: looked_up
            .or(presented)
            .or(on_file.filter(|_| accepted.is_some_and(rests_on_file)).filter(still_theirs))
            .filter(|c| !lost_by(seen, c)),
        former: lost.filter(|c| c.has_numbers()).or(former_paper).or(on_file),
        wait: wait(seen),
        declaration: seen.case.declaration.as_ref(),
        choices: Some(seen.rules.choices()),
    })
}

/// The numbers on the paper that settled the check-in, else on any other that was not refused.
fn presented_for_claim<'a>(
    seen: &Circumstances<'a>,
    accepted: Option<&Acceptance>,
    refused: &[Refusal],
) -> Option<&'a Coverage> {
    let accepted = accepted?;
    // a phone that could not be read still showed the portal's current numbers
    let counts = |kind: EvidenceKind| kind.is_phone() || refused.iter().all(|refusal| refusal.evidence != kind);
    let of_evidence = seen.papers().find(|paper| paper.kind == accepted.evidence);
    let other = || seen.papers().find(|paper| counts(paper.kind) && !paper.coverage.is_medical_assistance());
    of_evidence.or_else(other).map(|paper| &paper.coverage)
}

const fn rests_on_file(accepted: &Acceptance) -> bool {
    use EvidenceKind::{PatientCardOnly, ReturnVisitOral, SiteJudgement};
    matches!(accepted.evidence, ReturnVisitOral | SiteJudgement | PatientCardOnly)
}

fn returned_as<'a>(seen: &Circumstances<'a>, status: EligibilityStatus) -> Option<&'a Coverage> {
    seen.answer.filter(|a| a.status == status).and_then(OnlineAnswer::main_result).map(|r| &r.coverage)
}

/// Whether the national service has called exactly these numbers lost or replaced. An answer may do so without naming any (code 3
/// carries none): then it speaks of those it was asked about.
fn lost_by(seen: &Circumstances<'_>, coverage: &Coverage) -> bool {
    let is_lost = matches!(seen.status(), Some(EligibilityStatus::Invalid | EligibilityStatus::Superseded));
    is_lost && seen.denies(coverage)
}

fn wait(seen: &Circumstances<'_>) -> Option<Text> {
    if seen.ticket_missing() {
        return Some(Text::new(
            "医療券が未登録です。福祉事務所に確認し、登録後に再照会してから請求してください。",
            "The medical ticket is not registered yet. Ask the welfare office, and claim after asking again.",
        ));
    }
    (seen.status() == Some(EligibilityStatus::Superseded)).then(|| {
        Text::new(
            "新しい資格があります。カードか新しい番号で再照会してください（古い番号では請求しない）。",
            "There is a newer eligibility. Ask again by card or with the new number; do not bill the old one.",
        )
    })
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
