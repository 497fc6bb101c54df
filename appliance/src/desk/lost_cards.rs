//! A card that was lost at one visit, and the evidence that stands for it again at another.

use super::visit::OpenVisit;
use super::work::{Declined, Work};
use domain::decision::FollowUpKind;
use domain::fact::{Author, VisitId};
use domain::patient::{CardLostSaid, CardReplaced, PatientFact};
use domain::visit::{FollowUpClosed, VisitCommand, VisitState, VisitStatus};

/// What a visit teaches about the patient's lost card.
pub(super) fn learned(before: &VisitState, visit: &OpenVisit) -> Option<PatientFact> {
    let (state, on) = (&visit.state, visit.state.visit_date()?);
    if state.card_lost.is_some() && before.card_lost.is_none() {
        return Some(PatientFact::CardLost(CardLostSaid { on, visit: visit.id.clone() }));
    }
    let again = state.has_evidence_again() && !before.has_evidence_again();
    again.then_some(PatientFact::CardReplaced(CardReplaced { on }))
}

impl Work<'_> {
    /// The other visits at which the patient said that the card is lost, when this one has shown what stands for it.
    pub(super) fn lost_at(&self, visit: &OpenVisit, learned: &[PatientFact]) -> Result<Vec<VisitId>, Declined> {
        let is_replaced = learned.iter().any(|fact| matches!(fact, PatientFact::CardReplaced(_)));
        let Some(patient) = visit.state.patient.as_ref().filter(|_| is_replaced) else { return Ok(Vec::new()) };
        let said = match &visit.patient {
            Some(loaded) if loaded.id == *patient => loaded.state.cards_lost.clone(),
            _ => self.remaining_patient(patient)?.state.cards_lost,
        };
        Ok(said.into_iter().map(|said| said.visit).filter(|other| *other != visit.id).collect())
    }

    /// The follow-up at those visits is done. One that cannot be read, or has not come to this box, stays for people.
    pub(super) fn close_lost_cards(&mut self, at: Vec<VisitId>, shown_at: &VisitState) -> Result<(), Declined> {
        let day = shown_at.visit_date().map(|day| day.to_string()).unwrap_or_default();
        for id in at {
            let mut visit = match self.visit(&id) {
                Ok(visit) => visit,
                Err(Declined::Store(error)) => return Err(Declined::Store(error)),
                Err(_) => continue,
            };
            let ended = matches!(visit.state.status(), VisitStatus::Voided | VisitStatus::Merged);
            if ended || visit.state.closed.iter().any(|closed| closed.kind == FollowUpKind::CardLost) {
                continue;
            }
            let note = format!("{day}の受付で、読み取れたカードか資格確認書を確かめました。");
            let closed = VisitCommand::CloseFollowUp(FollowUpClosed { kind: FollowUpKind::CardLost, note });
            self.command_visit(&mut visit, &Author::the_box(), vec![closed])?;
        }
        Ok(())
    }
}
