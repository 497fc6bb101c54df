//! Adding facts to a visit, and everything that follows from them in the same transaction.

use super::effect;
use super::patient::OpenPatient;
use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded};
use domain::Timestamp;
use domain::fact::{Author, VisitId};
use domain::visit::{VisitCommand, VisitFact, VisitState, apply};

/// A visit in memory.
pub(super) struct OpenVisit {
    pub id: VisitId,
    pub document: Loaded,
    pub state: VisitState,
    /// the patient, when it was loaded already
    pub patient: Option<OpenPatient>,
}

impl OpenVisit {
    fn take(&mut self, at: Timestamp, facts: &[VisitFact]) {
        for fact in facts {
            self.state.take(at, fact.clone());
        }
    }
}

impl Work<'_> {
    /// Loads a visit that must exist.
    pub(super) fn visit(&self, id: &VisitId) -> Result<OpenVisit, Declined> {
        let (document, facts) = self.load(&DocumentId::Visit(id.clone()))?;
        if facts.is_empty() {
            return Err(Declined::NotFound("visit"));
        }
        let state = VisitState::fold(facts);
        Ok(OpenVisit { id: id.clone(), document, state, patient: None })
    }

    /// A visit nobody has written to yet.
    pub(super) fn new_visit(&self) -> OpenVisit {
        let id = VisitId::new(self.new_id());
        let document = Loaded::new(&DocumentId::Visit(id.clone()), self.author);
        OpenVisit { id, document, state: VisitState::default(), patient: None }
    }

    /// Applies commands to a visit: facts, rows, jobs and what the patient's record learns, all in this transaction.
    pub(super) fn command_visit(
        &mut self,
        visit: &mut OpenVisit,
        by: &Author,
        commands: Vec<VisitCommand>,
    ) -> Result<(), Declined> {
        let before = visit.state.clone();
        let mut facts = apply(&visit.state, commands, &self.settings.rules, self.now, &self.links)?;
        let at = self.time_after(&visit.document);
        visit.take(at, &facts);
        let follow = effect::of(self, &before, visit, &facts)?;
        visit.take(at, &follow.questions);
        facts.extend(follow.questions);
        self.append(&mut visit.document, by, facts)?;
        for job in &follow.jobs {
            self.writing.keep_job(job)?;
        }
        let lost_at = self.lost_at(visit, &follow.learned)?;
        self.learn(visit, by, follow.learned)?;
        self.writing.project_visit(&visit.id, &before, &visit.state, &self.settings.rules)?;
        if before.opened.is_some() {
            self.writing.review_if_disputed(&DocumentId::Visit(visit.id.clone()))?;
        }
        self.close_lost_cards(lost_at, &visit.state)?;
        if visit.state.merges.merged_into().is_some() {
            super::apart::carry_over(self, &visit.id)?;
        }
        Ok(())
    }

    pub(super) fn add_facts(&self, visit: &mut OpenVisit, by: &Author, facts: Vec<VisitFact>) -> Result<(), Declined> {
        visit.take(self.time_after(&visit.document), &facts);
        self.append(&mut visit.document, by, facts)
    }
}
