//! Looking at what the rules said.

use domain::decision::{Action, Decision, FollowUp, FollowUpKind, Refusal, Step};
use domain::evidence::{Confidence, EvidenceKind};
use domain::link::Cause;

/// Looking at a decision.
pub trait Look {
    fn evidence(&self) -> Option<EvidenceKind>;
    fn confidence(&self) -> Option<Confidence>;
    fn why(&self) -> Option<Cause>;
    /// The steps that are still to be done and lead to a confirmation, in order; additions left out.
    fn ways(&self) -> Vec<(Action, Option<EvidenceKind>)>;
    fn offers(&self, kind: EvidenceKind) -> bool;
    fn step(&self, action: Action) -> Option<&Step>;
    fn place(&self, action: Action, kind: Option<EvidenceKind>) -> u8;
    fn refusal(&self, kind: EvidenceKind) -> &Refusal;
    fn follow_up(&self, kind: FollowUpKind) -> Option<&FollowUp>;
    fn follow_up_kinds(&self) -> Vec<FollowUpKind>;
    fn warns_of(&self, word: &str) -> bool;
}

impl Look for Decision {
    fn evidence(&self) -> Option<EvidenceKind> {
        self.accepted.as_ref().map(|accepted| accepted.evidence)
    }

    fn confidence(&self) -> Option<Confidence> {
        self.accepted.as_ref().map(|accepted| accepted.confidence)
    }

    fn why(&self) -> Option<Cause> {
        self.accepted.as_ref().and_then(|accepted| accepted.why_not_better.as_ref()).map(|why| why.cause)
    }

    fn ways(&self) -> Vec<(Action, Option<EvidenceKind>)> {
        let open = self.ladder.iter().filter(|step| !step.satisfied && step.action != Action::AskAddOn);
        open.map(|step| (step.action, step.evidence)).collect()
    }

    fn offers(&self, kind: EvidenceKind) -> bool {
        self.ways().iter().any(|(_, evidence)| *evidence == Some(kind))
    }

    fn step(&self, action: Action) -> Option<&Step> {
        self.ladder.iter().find(|step| step.action == action)
    }

    fn place(&self, action: Action, kind: Option<EvidenceKind>) -> u8 {
        let found = self.ladder.iter().find(|step| step.action == action && (kind.is_none() || step.evidence == kind));
        found.unwrap_or_else(|| panic!("no step {action:?} {kind:?} in {:?}", self.ways())).order
    }

    fn refusal(&self, kind: EvidenceKind) -> &Refusal {
        let found = self.refused.iter().find(|refusal| refusal.evidence == kind);
        found.unwrap_or_else(|| panic!("{kind:?} is not refused: {:?}", self.refused))
    }

    fn follow_up(&self, kind: FollowUpKind) -> Option<&FollowUp> {
        self.follow_ups.iter().find(|follow_up| follow_up.kind == kind)
    }

    fn follow_up_kinds(&self) -> Vec<FollowUpKind> {
        self.follow_ups.iter().map(|follow_up| follow_up.kind).collect()
    }

    fn warns_of(&self, word: &str) -> bool {
        self.cautions.iter().any(|caution| caution.ja.contains(word))
    }
}
