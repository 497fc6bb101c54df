//! Questions of a box that is gone are taken over.

use super::work::{Declined, Work};
use crate::store::{ElsewhereRow, JobContent, JobRow};
use domain::fact::{Author, QuestionId};
use domain::link::Cause;
use domain::visit::{QuestionAsked, VisitFact, VisitState};
use sync::outbox::Stage;

/// Takes a question over. The fact that says so goes to all the others: from then on it is this box that asks.
pub(super) fn adopt(work: &mut Work<'_>, question: &QuestionId) -> Result<(), Declined> {
    let elsewhere = work.writing.reading().jobs_elsewhere()?;
    let Some(row) = elsewhere.into_iter().find(|row| row.question == *question) else { return Ok(()) };
    work.writing.forget_elsewhere(question)?;
    let ElsewhereRow { visit, purpose, content, .. } = row;
    let mut open = work.visit(&visit)?;
    let asked_here = work.writing.reading().job(question)?.is_some_and(|row| row.job.stage != Stage::Done);
    let JobContent::Query(search) = &content else { return Ok(()) };
    if asked_here || !is_open(&open.state, question) {
        return Ok(());
    }
    let asked = QuestionAsked { question: question.clone(), purpose, search: search.clone() };
    let before = open.state.clone();
    let patient = open.state.patient.clone();
    work.add_facts(&mut open, &Author::the_box(), vec![VisitFact::QuestionAsked(asked)])?;
    let job = JobRow::new(question.clone(), purpose, content, work.now);
    work.writing.keep_job(&JobRow { visit: Some(visit.clone()), patient, ..job })?;
    Ok(work.writing.project_visit(&visit, &before, &open.state, &work.settings.rules)?)
}

/// Nobody has answered, and nothing says that the keys themselves are wrong.
fn is_open(state: &VisitState, question: &QuestionId) -> bool {
    let asked = state.questions.iter().find(|asked| asked.question == *question);
    asked.is_some_and(|asked| asked.ended.is_none() || asked.failed.is_some_and(|cause| cause != Cause::Data))
}
