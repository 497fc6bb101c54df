//! Adding facts to a visit, and everything that follows from them in the same transaction.

use super::effect;
use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded};
use domain::fact::{Author, VisitId};
use domain::visit::{VisitCommand, VisitFact, VisitState, apply};

/// A visit in memory.
pub(super) struct OpenVisit {
    pub id: VisitId,
    pub document: Loaded<VisitFact>,
    pub state: VisitState,
}

impl Work<'_> {
    /// Loads a visit that must exist.
    pub(super) fn visit(&self, id: &VisitId) -> Result<OpenVisit, Declined> {
        let document: Loaded<VisitFact> = self.load(&DocumentId::Visit(id.clone()))?;
        if document.facts.is_empty() {
            return Err(Declined::NotFound("visit"));
        }
        let state = VisitState::fold(document.facts.clone());
        Ok(OpenVisit { id: id.clone(), document, state })
    }

    /// A visit nobody has written to yet.
    pub(super) fn new_visit(&self) -> OpenVisit {
        let id = VisitId::new(self.new_id());
        let document = Loaded::new(&DocumentId::Visit(id.clone()), self.author);
        OpenVisit { id, document, state: VisitState::default() }
    }

    /// Applies commands to a visit: facts, rows, jobs and what the patient's record learns, all in this transaction.
    pub(super) fn command_visit(
        &mut self,
        visit: &mut OpenVisit,
        by: &Author,
        commands: Vec<VisitCommand>,
    ) -> Result<(), Declined> {
        let before = visit.state.clone();
        let facts = apply(&visit.state, commands, &self.settings.rules, self.now, &self.links)?;
        self.add_facts(visit, by, facts.clone())?;
        let follow = effect::of(self, &before, visit, &facts)?;
        self.add_facts(visit, by, follow.questions)?;
        for job in &follow.jobs {
            self.writing.keep_job(job)?;
        }
        self.learn(&visit.state, by, follow.learned)?;
        self.writing.project_visit(&visit.id, &visit.state, &self.settings.rules)?;
        Ok(())
    }

    pub(super) fn add_facts(&self, visit: &mut OpenVisit, by: &Author, facts: Vec<VisitFact>) -> Result<(), Declined> {
        let known = visit.document.facts.len();
        self.append(&mut visit.document, by, facts)?;
        for recorded in visit.document.facts[known..].to_vec() {
            visit.state.take(recorded.at, recorded.fact);
        }
        Ok(())
    }
}
