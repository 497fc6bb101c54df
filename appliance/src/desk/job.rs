//! Jobs: handed over, failed, sent now, asked again, withdrawn.

use super::effect;
use super::inbox::{HandOver, Intended};
use super::work::{Declined, Work};
use crate::store::{About, JobContent, JobRow, RequestRow};
use domain::Timestamp;
use domain::fact::{Author, QuestionId, VisitId};
use domain::link::Cause;
use domain::text::Text;
use domain::visit::{
    Asked, QuestionAsked, QuestionFailed, QuestionPurpose, QuestionUnanswered, Search, VisitCommand, VisitFact,
};
use sync::outbox::{self, Job, Stage};
use web::port::JobCommand;

/// Writes the intent to hand a request over. From here on its questions count as asked, whatever happens to the file.
pub(super) fn intend(work: &mut Work<'_>, hand_over: &HandOver) -> Result<Intended, Declined> {
    let may = match &hand_over.request.about {
        About::Fetch(bundle) => super::bundle::begin_fetch(work, bundle)?,
        About::Question(_) => begin_asking(work, &hand_over.questions, None)?,
        About::Upload(bundle) => {
            let begun = begin_asking(work, &hand_over.questions, Some(bundle))?;
            if begun {
                super::bundle::begin(work, bundle)?;
            }
            begun
        }
    };
    if !may {
        return Ok(Intended::No);
    }
    work.writing.keep_request(&hand_over.request)?;
    Ok(Intended::Yes)
}

/// All or none of the questions count as asked.
fn begin_asking(work: &mut Work<'_>, questions: &[QuestionId], bundle: Option<&String>) -> Result<bool, Declined> {
    let mut rows = Vec::with_capacity(questions.len());
    for question in questions {
        rows.extend(work.writing.reading().job(question)?.filter(|row| row.job.stage == Stage::Ready));
    }
    if rows.len() < questions.len() || rows.is_empty() {
        return Ok(false);
    }
    if end_what_others_asked(work, &rows)? {
        return Ok(false);
    }
    for mut row in rows {
        row.job.stage = Stage::Asked;
        row.job.asked_at = Some(work.now);
        row.job.bundle = bundle.cloned();
        work.writing.keep_job(&row)?;
        become_fact(work, &row)?;
    }
    Ok(true)
}

/// More than one box may have planned the same question for a day, since a plan is no fact. Whoever comes second finds the fact of the
/// first, and does not ask again. True when something was ended.
fn end_what_others_asked(work: &mut Work<'_>, rows: &[JobRow]) -> Result<bool, Declined> {
    let mut has_ended = false;
    for row in rows {
        let (Some(id), JobContent::Query(search)) = (&row.visit, &row.content) else { continue };
        let day = Timestamp::in_japan(row.job.due_at.date_in_japan(), 0, 0, 0);
        let questions = work.visit(id)?.state.questions;
        let is_a_fact = questions.iter().any(|asked| asked.question == row.job.question);
        let mut same = questions.iter().filter(|asked| effect::same_keys(&asked.search, search));
        let is_asked = |asked: &Asked| asked.failed.is_none() && (asked.ended.is_none() || asked.at >= day);
        if !is_a_fact && same.any(is_asked) {
            let how = Text::new("別の受付機がこの日の照会をしました。", "Another box has asked this on that day.");
            end(work, row.clone(), how)?;
            has_ended = true;
        }
    }
    Ok(has_ended)
}

/// A question planned for a later day becomes a fact of its visit when that day has come.
fn become_fact(work: &mut Work<'_>, row: &JobRow) -> Result<(), Declined> {
    let (Some(id), JobContent::Query(search)) = (&row.visit, &row.content) else { return Ok(()) };
    let mut visit = work.visit(id)?;
    if visit.state.questions.iter().any(|asked| asked.question == row.job.question) {
        return Ok(());
    }
    let (question, purpose) = (row.job.question.clone(), row.job.purpose);
    let asked = QuestionAsked { question, purpose, search: search.clone() };
    let before = visit.state.clone();
    work.add_facts(&mut visit, &Author::the_box(), vec![VisitFact::QuestionAsked(asked)])?;
    Ok(work.writing.project_visit(id, &before, &visit.state, &work.settings.rules)?)
}

/// The request file is known to be published.
pub(super) fn released(work: &mut Work<'_>, suffix: &str) -> Result<(), Declined> {
    if let Some(request) = work.writing.reading().request(suffix)? {
        work.writing.keep_request(&RequestRow { released: true, ..request })?;
    }
    Ok(())
}

/// A request certainly was not handed over: its questions are ready again. One that would be refused again as it is needs a person;
/// refused in a bundle, each goes alone, so that the others do not suffer.
pub(super) fn not_handed_over(
    work: &mut Work<'_>,
    hand_over: &HandOver,
    due_at: Timestamp,
    problem: Text,
    refused: Option<Cause>,
) -> Result<(), Declined> {
    let about = &hand_over.request.about;
    work.writing.settle_requests_about(about)?;
    if let About::Fetch(bundle) = about {
        return super::bundle::not_fetched(work, bundle, due_at, refused.is_some());
    }
    let in_bundle = matches!(about, About::Upload(_));
    for question in &hand_over.questions {
        let Some(row) = work.writing.reading().job(question)? else { continue };
        if matches!(row.job.stage, Stage::Ready | Stage::Asked) {
            let wedged = refused.filter(|_| !in_bundle);
            let stage = if wedged.is_some() { Stage::Wedged } else { Stage::Ready };
            let alone = row.job.alone || (refused.is_some() && in_bundle);
            let job = Job { stage, due_at, asked_at: None, bundle: None, alone, ..row.job.clone() };
            work.writing.keep_job(&JobRow { job, problem: Some(problem.clone()), ..row.clone() })?;
            if let Some(cause) = wedged {
                super::answer::could_not_ask(work, &row, cause, None)?;
            }
        }
    }
    if let About::Upload(bundle) = about {
        super::bundle::end(work, bundle)?;
    }
    Ok(())
}

/// Questions handed over too long ago need a person. A late answer still counts.
pub(super) fn wedge(work: &mut Work<'_>, questions: &[QuestionId]) -> Result<(), Declined> {
    for question in questions {
        if let Some(row) = work.writing.reading().job(question)?.filter(|row| row.job.stage == Stage::Asked) {
            let job = Job { stage: Stage::Wedged, ..row.job.clone() };
            work.writing.keep_job(&JobRow { job, problem: Some(outbox::silence()), ..row })?;
        }
    }
    Ok(())
}

/// Nobody at the desk waits for these any longer: the ladder of their visits turns. A late answer still counts.
pub(super) fn silent(work: &mut Work<'_>, questions: &[QuestionId], cause: Cause) -> Result<(), Declined> {
    for question in questions {
        let row = work.writing.reading().job(question)?.filter(|row| row.job.stage == Stage::Asked);
        let Some(id) = row.and_then(|row| row.visit) else { continue };
        let mut visit = match work.visit(&id) {
            Ok(visit) => visit,
            Err(Declined::Store(error)) => return Err(Declined::Store(error)),
            Err(_) => continue, // a visit that cannot be read holds up no other question
        };
        let is_settled = visit.state.accepted.is_some() || visit.state.full_charge.is_some();
        if !is_settled {
            let silent = QuestionUnanswered { question: question.clone(), cause };
            work.command_visit(&mut visit, &Author::the_box(), vec![VisitCommand::TakeSilence(silent)])?;
        }
    }
    Ok(())
}

/// What staff want with a job.
pub(super) fn command(work: &mut Work<'_>, command: JobCommand) -> Result<Option<QuestionId>, Declined> {
    match command {
        JobCommand::SendNow(question) => {
            let row = open_job(work, &question)?;
            send_now(work, row)?;
            Ok(Some(question))
        }
        JobCommand::SendAllNow => {
            for row in work.writing.reading().open_jobs()?.into_iter().filter(|row| row.job.stage == Stage::Ready) {
                send_now(work, row)?;
            }
            Ok(None)
        }
        JobCommand::AskAgain(question) => {
            ask_again(work, &question)?;
            Ok(Some(question))
        }
        JobCommand::Withdraw { job, reason } => {
            withdraw(work, &job, &reason)?;
            Ok(Some(job))
        }
    }
}

/// What a visit asks already is not asked a second time: a question that still waits for its turn becomes the desk's own and goes
/// first, one that was handed over is waited for, and one that nobody answered is asked again in the queue, by a person's decision.
pub(super) fn already_asked(work: &Work<'_>, visit: &VisitId, search: &Search) -> Result<Option<QuestionId>, Declined> {
    let asks_the_same = |row: &JobRow| {
        let same = matches!(&row.content, JobContent::Query(asked) if effect::same_keys(asked, search));
        same && row.job.stage != Stage::Done
    };
    let Some(row) = work.writing.reading().jobs_of_visit(visit)?.into_iter().find(asks_the_same) else {
        return Ok(None);
    };
    let question = row.job.question.clone();
    match row.job.stage {
        Stage::Wedged => Err(Declined::StateChanged(Text::new(
            "同じ番号の照会に回答がないままです。二重に聞かないよう、キューの「聞き直す」を使ってください。",
            "The same question was asked and never answered. So that it is not asked twice, use \"ask again\" in the queue.",
        ))),
        Stage::Ready => {
            let job = Job { purpose: QuestionPurpose::Desk, due_at: work.now, ..row.job.clone() };
            work.writing.keep_job(&JobRow { job, ..row })?;
            Ok(Some(question))
        }
        _ => Ok(Some(question)),
    }
}

fn send_now(work: &Work<'_>, row: JobRow) -> Result<(), Declined> {
    let job = Job { due_at: work.now, ..row.job.clone() };
    Ok(work.writing.keep_job(&JobRow { job, ..row })?)
}

/// By a person's decision only: the earlier request may have been taken, and its answer may still come.
fn ask_again(work: &Work<'_>, question: &QuestionId) -> Result<(), Declined> {
    let row = open_job(work, question)?;
    if row.job.stage != Stage::Wedged {
        return Err(Declined::StateChanged(Text::new(
            "この照会はまだ回答待ちか送信待ちです。二重に聞かないよう、今は聞き直せません。",
            "This question still waits for its turn or its answer; it is not asked twice.",
        )));
    }
    let job = Job { stage: Stage::Ready, due_at: work.now, asked_at: None, alone: true, ..row.job.clone() };
    Ok(work.writing.keep_job(&JobRow { job, problem: None, ..row })?)
}

fn withdraw(work: &mut Work<'_>, question: &QuestionId, reason: &str) -> Result<(), Declined> {
    if reason.trim().is_empty() {
        return Err(Declined::refused("reason", "理由を入力してください。", "Please give a reason."));
    }
    let row = open_job(work, question)?;
    end(work, row.clone(), Text::new(format!("取り下げ：{reason}"), format!("Withdrawn: {reason}")))?;
    if let Some(id) = &row.visit
        && matches!(row.content, JobContent::Query(_))
    {
        let mut visit = work.visit(id)?;
        let failed = QuestionFailed { question: question.clone(), cause: Cause::Patient, code: None };
        work.command_visit(&mut visit, &Author::the_box(), vec![VisitCommand::TakeFailure(failed)])?;
    }
    Ok(())
}

/// Ends a job.
pub(super) fn end(work: &Work<'_>, row: JobRow, how: Text) -> Result<(), Declined> {
    let job = Job { stage: Stage::Done, ..row.job.clone() };
    Ok(work.writing.keep_job(&JobRow { job, ended_at: Some(work.now), problem: Some(how), ..row })?)
}

fn open_job(work: &Work<'_>, question: &QuestionId) -> Result<JobRow, Declined> {
    let row = work.writing.reading().job(question)?.ok_or(Declined::NotFound("job"))?;
    if row.job.stage == Stage::Done {
        return Err(Declined::StateChanged(Text::new("この照会は終わっています。", "This question has ended.")));
    }
    Ok(row)
}
