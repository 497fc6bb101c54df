//! The ladder of lawful next steps (checkin-rules §4): rungs in the order of the law, each looking at the same
//! circumstances and saying whether it counts, could count, or does not.

mod documents;
mod memory;
mod online;
mod special;

use crate::circumstance::Circumstances;
use crate::decision::{Acceptance, Action, Refusal, Step};
use crate::evidence::{Confidence, EvidenceKind};
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

/// The order of attempts of checkin-rules §4. The first rung that accepts settles the check-in.
const RUNGS: &[Rung] = &[
    online::confirmed,
    online::read_card,
    online::read_phone,
    online::register_card,
    online::consent_app,
    online::consent_web,
    online::limited_check,
    online::outage_lookup,
    online::disaster_mode,
    online::repeat_query,
    special::medical_assistance_ticket,
    special::children,
    documents::paired_with_card,
    documents::eligibility_certificate,
    documents::insurance_card,
    documents::transitional,
    memory::patient_card,
    memory::return_visit,
    memory::self_declaration,
    special::prescription,
    memory::site_judgement,
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
    climb
}

/// A check-in that was accepted before: the evidence stays what it was, a valid answer of the national service makes it sure.
pub(crate) fn settled(seen: &Circumstances<'_>, settled: &Acceptance) -> Climb {
    let mut accepted = settled.clone();
    if seen.valid_answer().is_some() {
        accepted.confidence = Confidence::ConfirmedOnline;
        accepted.provisional = false;
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

/// Accepts evidence that the national service has not confirmed: provisional, with the reason why there was no better way.
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
        provisional: !confirmed,
        why_not_better: seen.why_not_online.clone().filter(|_| !evidence.is_online()),
    };
    Finding::Accept(Step { satisfied: true, ..step(action, evidence, words) }, acceptance)
}

fn refuse(evidence: EvidenceKind, reason: Text, law: &str, rule: Option<RuleId>) -> Finding {
    Finding::Refuse(Refusal { evidence, reason, law: law.to_owned(), rule })
}

/// Confidence of a document: the national service may have confirmed its number beside it.
fn document_confidence(seen: &Circumstances<'_>) -> Confidence {
    if seen.valid_query().is_some() { Confidence::ConfirmedOnline } else { Confidence::ConfirmedByDocument }
}
