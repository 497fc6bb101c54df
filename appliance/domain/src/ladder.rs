//! The ladder of lawful next steps (checkin-rules §4): rungs in the order of the law, each looking at the same
//! circumstances and saying whether it counts, could count, or does not.

mod cards;
mod documents;
mod elsewhere;
mod judgement;
mod looked_up;
mod memory;
mod online;
mod query;
mod special;

use crate::circumstance::Circumstances;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{Acceptance, Action, Refusal, Step};
use crate::evidence::{Confidence, EvidenceKind};
use crate::link::{Cause, WhyNotBetter};
use crate::rule::RuleId;
use crate::text::Text;

/// What one rung says.
pub(crate) enum Finding {
    /// lawful now, not done yet
    Offer(Step),
    /// done, and settles the check-in
    Accept(Step, Acceptance),
    /// does not count
    Refuse(Refusal),
}

type Rung = fn(&Circumstances<'_>) -> Vec<Finding>;

/// The order of attempts of checkin-rules §4 (for typed numbers that were not found §5: type again, then the card). The
/// first rung that accepts settles the check-in.
const RUNGS: &[Rung] = &[
    online::confirmed,
    looked_up::on_official_screen,
    query::retype,
    online::read_card,
    online::read_phone,
    online::ask_for_card,
    online::register_card,
    elsewhere::consent_app,
    elsewhere::consent_web,
    elsewhere::limited_check,
    looked_up::outage_lookup,
    looked_up::disaster_mode,
    query::ask_with_new_number,
    query::ask_once_more,
    special::medical_assistance_ticket,
    special::children,
    documents::paired_with_card,
    documents::eligibility_certificate,
    cards::insurance_card,
    cards::transitional,
    memory::patient_card,
    memory::return_visit,
    memory::self_declaration,
    special::prescription,
    judgement::site_judgement,
    judgement::write_down,
];

/// What the whole ladder says.
pub(crate) struct Climb {
    pub steps: Vec<Step>,
    pub refused: Vec<Refusal>,
    pub accepted: Option<Acceptance>,
}

/// Climbs the ladder. Once a rung accepts, only what counts remains on the ladder; refusals of what was presented stay, so
/// that staff can say why a paper did not count.
pub(crate) fn climb(seen: &Circumstances<'_>) -> Climb {
    let mut climb = Climb { steps: Vec::new(), refused: Vec::new(), accepted: None };
    for finding in RUNGS.iter().flat_map(|rung| rung(seen)) {
        match finding {
            Finding::Refuse(refusal) => climb.refused.push(refusal),
            Finding::Offer(step) if climb.accepted.is_none() => climb.steps.push(step),
            Finding::Accept(step, acceptance) if climb.accepted.is_none() => {
                climb.steps = vec![step];
                climb.accepted = Some(acceptance);
            }
            Finding::Offer(_) | Finding::Accept(..) => {}
        }
    }
    if let Some(accepted) = &climb.accepted {
        // two papers of a kind, one of which counts
        climb.refused.retain(|refusal| refusal.evidence != accepted.evidence);
    }
    climb
}

/// A check-in that was accepted before: the evidence stays what it was. A valid answer of the national service makes it sure;
/// one that takes back what was confirmed makes it unsure again.
pub(crate) fn settled(seen: &Circumstances<'_>, settled: &Acceptance) -> Climb {
    let mut accepted = settled.clone();
    if seen.heard_valid().is_some() {
        accepted.confidence = Confidence::ConfirmedOnline;
        accepted.provisional = seen.ticket_missing();
    } else if seen.answer.is_some() && seen.looked_up.is_none() {
        accepted.provisional = true;
        if accepted.confidence == Confidence::ConfirmedOnline {
            accepted.confidence = Confidence::Unconfirmed;
        }
    }
    Climb { steps: Vec::new(), refused: Vec::new(), accepted: Some(accepted) }
}

/// Numbers the steps in their order.
pub(crate) fn number(steps: &mut [Step]) {
    for (order, step) in (1u8..).zip(steps.iter_mut()) {
        step.order = order;
    }
}

/// The words of a step; a rung fills in the rest.
pub(crate) struct Words {
    pub reason: Text,
    pub law: &'static str,
    pub rule: Option<RuleId>,
    pub say: Text,
}

pub(crate) fn step(action: Action, evidence: impl Into<Option<EvidenceKind>>, words: Words) -> Step {
    Step {
        order: 0,
        action,
        evidence: evidence.into(),
        reason: words.reason,
        law: words.law.to_owned(),
        rule: words.rule,
        say: words.say,
        satisfied: false,
    }
}

fn offer(action: Action, evidence: impl Into<Option<EvidenceKind>>, words: Words) -> Finding {
    Finding::Offer(step(action, evidence, words))
}

/// Accepts evidence. What the national service has not confirmed is provisional, with the reason why there was no better way.
fn accept(
    seen: &Circumstances<'_>,
    action: Action,
    evidence: EvidenceKind,
    confidence: Confidence,
    words: Words,
) -> Finding {
    let confirmed = confidence == Confidence::ConfirmedOnline;
    let acceptance = Acceptance {
        evidence,
        confidence,
        provisional: !confirmed || seen.ticket_missing(),
        why_not_better: why_not_better(seen, evidence, confirmed),
    };
    Finding::Accept(Step { satisfied: true, ..step(action, evidence, words) }, acceptance)
}

/// Why the card or phone at the desk was not read; the patient's own choice when it could have been. Without either, why
/// the number could not be asked about.
fn why_not_better(seen: &Circumstances<'_>, evidence: EvidenceKind, confirmed: bool) -> Option<WhyNotBetter> {
    if seen.looked_up.is_some_and(|lookup| lookup.kind == evidence) {
        return seen.why_not_online.clone().or_else(|| seen.links.broken_for_card());
    }
    if evidence.is_online() {
        return None;
    }
    if seen.card_present() || seen.case.phone_present() {
        let chosen = || WhyNotBetter { cause: Cause::Patient, since: None };
        return Some(seen.why_not_online.clone().unwrap_or_else(chosen));
    }
    seen.links.broken_for_query().filter(|_| !confirmed)
}

fn refuse(evidence: EvidenceKind, reason: Text, law: &str, rule: Option<RuleId>) -> Finding {
    Finding::Refuse(Refusal { evidence, reason, law: law.to_owned(), rule })
}

/// Confidence of a paper: the national service may have confirmed its number beside it, or have called it lost.
fn document_confidence(seen: &Circumstances<'_>, paper: &Coverage) -> Confidence {
    if seen.query_confirms(paper) {
        Confidence::ConfirmedOnline
    } else if seen.denies(paper) {
        Confidence::Unconfirmed
    } else {
        Confidence::ConfirmedByDocument
    }
}

/// Whether the dates on a paper leave out the day of the visit: over, or not begun.
fn out_of_date(paper: &Coverage, day: Date) -> bool {
    !paper.covers(day)
}
