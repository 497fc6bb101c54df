//! What is written to a record that goes on in another one counts there: at the counter that knows of both, and once.

use super::noted::note_merges;
use crate::desk::effect::same_keys;
use crate::desk::job;
use crate::desk::work::{Declined, Work};
use crate::store::{DocumentId, JobContent};
use domain::fact::{Author, PatientId, VisitId, in_order};
use domain::link::Cause;
use domain::patient::{PatientCarried, PatientFact, PatientState, patient_carried_fact};
use domain::text::Text;
use domain::visit::{Carried, QuestionFailed, Search, VisitCommand, VisitFact, VisitState, carried_fact};
use sync::outbox::Stage;

/// Carries over what other counters wrote to records that were made one with others. What cannot be done now is done when the rest
/// has come; nothing of it holds up the records themselves.
pub(in crate::desk) fn carry_what_is_due(work: &mut Work<'_>) -> Result<(), Declined> {
    for document in work.writing.take_carry_due()? {
        let done = work.in_savepoint(|work| {
            note_merges(work, &document)?;
            match &document {
                DocumentId::Visit(visit) => carry_visits(work, visit),
                DocumentId::Patient(patient) => carry_patients(work, patient),
                DocumentId::DisasterMode
                | DocumentId::Month(_)
                | DocumentId::Counters
                | DocumentId::Ticket(_)
                | DocumentId::Consent(_)
                | DocumentId::FoundCard(_) => Ok(()),
            }
        });
        if let Err(Declined::Store(error)) = done {
            return Err(Declined::Store(error));
        }
    }
    Ok(())
}

fn carry_visits(work: &mut Work<'_>, visit: &VisitId) -> Result<(), Declined> {
    let state = work.visit(visit)?.state;
    let here: Vec<VisitId> = state.merges.merged_here().map(|act| act.other.clone()).collect();
    for source in std::iter::once(visit.clone()).chain(here) {
        drop_doubled(work, &source)?;
        carry_over(work, &source)?;
    }
    Ok(())
}

fn carry_patients(work: &mut Work<'_>, patient: &PatientId) -> Result<(), Declined> {
    let state = work.patient(patient)?.state;
    let here: Vec<PatientId> = state.merges.merged_here().map(|act| act.other.clone()).collect();
    std::iter::once(patient.clone()).chain(here).try_for_each(|source| carry_patient(work, &source))
}

/// Carries the facts of a visit over to the one that goes on instead.
pub(in crate::desk) fn carry_over(work: &mut Work<'_>, source: &VisitId) -> Result<(), Declined> {
    let (_, mut facts) = work.load::<VisitFact>(&DocumentId::Visit(source.clone()))?;
    in_order(&mut facts);
    let state = VisitState::fold(facts.clone());
    let Some(act) = state.merges.merged_into() else { return Ok(()) };
    let mut target = match work.visit(&act.other) {
        Ok(target) => target,
        Err(Declined::NotFound(_)) => return Ok(()), // it has not come yet
        Err(declined) => return Err(declined),
    };
    if !target.state.merges.brings_here(&act.merge) {
        return Ok(());
    }
    let carried = facts.into_iter().filter_map(|recorded| carried_fact(recorded, &state));
    let news = carried.filter(|recorded| !target.state.merges.has_carried(&recorded.id)).map(|recorded| {
        let (merge, from, what) = (act.merge.clone(), source.clone(), Box::new(recorded.fact));
        VisitCommand::Carry(Carried { merge, from, fact: recorded.id, at: recorded.at, by: recorded.by, what })
    });
    let news: Vec<VisitCommand> = news.collect();
    if news.is_empty() {
        return Ok(());
    }
    work.command_visit(&mut target, &Author::the_box(), news)
}

/// A question that the remaining visit asks too is not asked twice, as long as it has not gone out from here; and a declaration is
/// settled where it goes on.
pub(super) fn drop_doubled(work: &mut Work<'_>, source: &VisitId) -> Result<(), Declined> {
    let state = work.visit(source)?.state;
    let Some(act) = state.merges.merged_into() else { return Ok(()) };
    let target = match work.visit(&act.other) {
        Ok(target) => target.state,
        Err(Declined::NotFound(_)) => return Ok(()),
        Err(declined) => return Err(declined),
    };
    for row in work.writing.reading().jobs_of_visit(source)? {
        let doubled = match (&row.content, row.job.stage) {
            (JobContent::Query(search), Stage::Ready) => asks(&target, search, &row.job.question),
            (JobContent::Declaration(_), Stage::Elsewhere) => true,
            _ => false,
        };
        if !doubled {
            continue;
        }
        let why = Text::new("まとめ先の受付で照会します。", "The visit it goes on in asks this.");
        job::end(work, row.clone(), why)?;
        if state.questions.iter().any(|asked| asked.question == row.job.question) {
            let failed = QuestionFailed { question: row.job.question.clone(), cause: Cause::Patient, code: None };
            let mut open = work.visit(source)?;
            work.command_visit(&mut open, &Author::the_box(), vec![VisitCommand::TakeFailure(failed)])?;
        }
    }
    Ok(())
}

/// The remaining visit asks, or has asked, by the same keys in a question of its own.
fn asks(target: &VisitState, search: &Search, but: &domain::fact::QuestionId) -> bool {
    let by_these = target.questions.iter().filter(|asked| same_keys(&asked.search, search));
    by_these.filter(|asked| asked.question != *but).any(|asked| asked.failed.is_none())
}

/// Carries the facts of a patient's record over to the one that goes on instead.
pub(super) fn carry_patient(work: &mut Work<'_>, source: &PatientId) -> Result<(), Declined> {
    let (_, mut facts) = work.load::<PatientFact>(&DocumentId::Patient(source.clone()))?;
    in_order(&mut facts);
    let state = PatientState::fold(facts.clone());
    let Some(act) = state.merges.merged_into() else { return Ok(()) };
    let mut target = match work.patient(&act.other) {
        Ok(target) => target,
        Err(Declined::NotFound(_)) => return Ok(()),
        Err(declined) => return Err(declined),
    };
    if !target.state.merges.brings_here(&act.merge) {
        return Ok(());
    }
    let carried = facts.into_iter().filter_map(|recorded| patient_carried_fact(recorded, &state));
    let news = carried.filter(|recorded| !target.state.merges.has_carried(&recorded.id)).map(|recorded| {
        let (merge, from, what) = (act.merge.clone(), source.clone(), Box::new(recorded.fact));
        PatientFact::Carried(PatientCarried { merge, from, fact: recorded.id, at: recorded.at, by: recorded.by, what })
    });
    let news: Vec<PatientFact> = news.collect();
    if news.is_empty() {
        return Ok(());
    }
    work.add_patient_facts(&mut target, &Author::the_box(), news)?;
    if target.state.merges.merged_into().is_some() { carry_patient(work, &target.id) } else { Ok(()) }
}
