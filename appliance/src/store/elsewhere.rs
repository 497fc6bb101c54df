//! Questions that other boxes ask the national service: only the box whose check-in made a question asks it, the others show it.

use super::jobs::{JobContent, JobRow};
use super::{Reading, StoreError, Stored, Writing, from_text, to_text};
use domain::Timestamp;
use domain::fact::{QuestionId, Recorded, VisitId};
use domain::text::Text;
use domain::visit::{QuestionAsked, QuestionPurpose, VisitFact};
use rusqlite::{Row, params};
use sync::outbox::{Job, Stage};
use sync::seal::BoxId;

/// A question of another box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// the question
    pub question: QuestionId,
    /// the box that asks it
    pub owner: BoxId,
    /// of which visit
    pub visit: VisitId,
    /// what for
    pub purpose: QuestionPurpose,
    /// what it asks
    pub content: JobContent,
    /// when it was written down
    pub asked_at: Timestamp,
}

impl Reading<'_> {
    /// The questions other boxes ask, oldest first.
    pub fn jobs_elsewhere(&self) -> Stored<Vec<ElsewhereRow>> {
        let sql = "SELECT question, owner, visit, purpose, content, asked_at_ms FROM job_elsewhere ORDER BY asked_at_ms, question";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(elsewhere(row)?);
        }
        Ok(found)
    }
}

impl Writing<'_> {
    /// Takes note of questions another box wrote down, and of their end.
    pub(super) fn note_questions(
        &self,
        visit: &VisitId,
        author: BoxId,
        facts: &[Recorded<VisitFact>],
        now: Timestamp,
    ) -> Stored<()> {
        for recorded in facts {
            match &recorded.fact {
                VisitFact::QuestionAsked(asked) => self.note_asked(visit, author, asked, recorded.at, now)?,
                VisitFact::AnswerReceived(received) => self.note_ended(received.question.as_ref(), now)?,
                VisitFact::AnswerWithheld(withheld) => self.note_ended(withheld.question.as_ref(), now)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A box says that it asks. A question of ours that another took over is its own then, unless we have asked already. One of this
    /// box that comes back after a restore, without the job that was to ask it, is treated as that of a box that is gone.
    fn note_asked(
        &self,
        visit: &VisitId,
        owner: BoxId,
        asked: &QuestionAsked,
        at: Timestamp,
        now: Timestamp,
    ) -> Stored<()> {
        match self.reading().job(&asked.question)? {
            Some(row) if row.job.stage == Stage::Ready && owner != self.vault.id() => {
                self.end_quietly(
                    row,
                    Text::new("別の受付機が照会を引き継ぎました。", "Another box took the question over."),
                    now,
                )?;
            }
            Some(_) => return Ok(()),
            None => {}
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO job_elsewhere (question, owner, visit, purpose, content, asked_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (question) DO UPDATE SET owner = excluded.owner, \
                 asked_at_ms = excluded.asked_at_ms WHERE excluded.asked_at_ms > asked_at_ms",
            )?
            .execute(params![
                asked.question.as_str(),
                owner.as_bytes(),
                visit.as_str(),
                asked.purpose.code(),
                to_text(&JobContent::Query(asked.search.clone())),
                at.as_ms(),
            ])?;
        Ok(())
    }

    /// A question was answered at another box: nobody need ask it any more.
    fn note_ended(&self, question: Option<&QuestionId>, now: Timestamp) -> Stored<()> {
        let Some(question) = question else { return Ok(()) };
        self.forget_elsewhere(question)?;
        match self.reading().job(question)?.filter(|row| row.job.stage != Stage::Done) {
            Some(row) => {
                self.end_quietly(row, Text::new("別の受付機に回答が届きました。", "Answered at another box."), now)
            }
            None => Ok(()),
        }
    }

    fn end_quietly(&self, row: JobRow, how: Text, now: Timestamp) -> Stored<()> {
        let job = Job { stage: Stage::Done, ..row.job.clone() };
        self.keep_job(&JobRow { job, ended_at: Some(now), problem: Some(how), ..row })
    }

    /// The question is no longer another box's.
    pub fn forget_elsewhere(&self, question: &QuestionId) -> Stored<()> {
        self.transaction
            .prepare_cached("DELETE FROM job_elsewhere WHERE question = ?1")?
            .execute([question.as_str()])?;
        Ok(())
    }
}

fn elsewhere(row: &Row<'_>) -> Stored<ElsewhereRow> {
    let purpose: String = row.get(3)?;
    Ok(ElsewhereRow {
        question: QuestionId::new(row.get::<_, String>(0)?),
        owner: BoxId::from_bytes(row.get(1)?),
        visit: VisitId::new(row.get::<_, String>(2)?),
        purpose: QuestionPurpose::from_code(&purpose).ok_or(StoreError::Unreadable(purpose))?,
        content: from_text(&row.get::<_, String>(4)?)?,
        asked_at: Timestamp::from_ms(row.get(5)?),
    })
}
