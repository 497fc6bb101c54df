//! Jobs for the outside.

use super::{Reading, StoreError, Stored, Writing, from_text, to_text};
use domain::fact::{PatientId, QuestionId, VisitId};
use domain::text::Text;
use domain::visit::{QuestionPurpose, Search};
use domain::{Date, Timestamp, facts, record};
use rusqlite::{Row, params};
use sync::outbox::{Job, Stage};

record! {
    /// A visit-history lookup that this box could not answer from its own memory.
    pub struct LookupContent {
        /// who is looked for
        pub person: domain::eligibility::PersonFace,
        /// the clinic's number
        pub patient_number: Option<String>,
        /// insurance as far as known
        pub coverage: domain::coverage::Coverage,
    }
}

record! {
    /// A declaration that cannot be checked until the patient reports a number.
    pub struct DeclarationContent {
        /// number of the form
        pub form_no: String,
    }
}

facts! {
    /// What a job asks.
    pub enum JobContent {
        /// a query by number
        Query(Search) = "query",
        /// a history lookup without the numbers a query needs
        Lookup(LookupContent) = "lookup",
        /// a declaration to be settled
        Declaration(DeclarationContent) = "declaration",
    }
}

impl JobContent {
    /// The day a query asks about.
    pub fn confirm_for(&self) -> Option<Date> {
        match self {
            JobContent::Query(search) => Some(search.confirm_for),
            _ => None,
        }
    }
}

/// A job as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// what the outbox plans by
    pub job: Job,
    /// of which visit
    pub visit: Option<VisitId>,
    /// of which patient
    pub patient: Option<PatientId>,
    /// what it asks
    pub content: JobContent,
    /// when it ended
    pub ended_at: Option<Timestamp>,
    /// the last thing that went wrong, or how it ended
    pub problem: Option<Text>,
}

impl JobRow {
    /// A job just made, due at once, for no visit and no patient yet.
    pub fn new(question: QuestionId, purpose: QuestionPurpose, content: JobContent, now: Timestamp) -> JobRow {
        let job = Job {
            question,
            purpose,
            stage: Stage::Ready,
            created_at: now,
            due_at: now,
            attempts: 0,
            asked_at: None,
            confirm_for: content.confirm_for(),
            bundle: None,
            alone: false,
        };
        JobRow { job, visit: None, patient: None, content, ended_at: None, problem: None }
    }
}

const COLUMNS: &str = "question, purpose, stage, visit, patient, content, created_at_ms, due_at_ms, asked_at_ms, ended_at_ms, \
    attempts, problem_ja, problem_en, bundle, alone";

impl Reading<'_> {
    /// Jobs that have not ended, in the order of their making.
    pub fn open_jobs(&self) -> Stored<Vec<JobRow>> {
        self.open_jobs_where("TRUE", [])
    }

    /// Jobs that ended since an instant, newest first, at most 200.
    pub fn ended_jobs(&self, since: Timestamp) -> Stored<Vec<JobRow>> {
        let sql =
            format!("SELECT {COLUMNS} FROM job_ended WHERE ended_at_ms >= ?1 ORDER BY ended_at_ms DESC LIMIT 200");
        self.jobs(&sql, [since.as_ms()])
    }

    /// Lookups that wait for somebody who knows.
    pub fn waiting_lookups(&self) -> Stored<Vec<JobRow>> {
        self.open_jobs_where("stage = 'elsewhere' AND purpose = 'history'", [])
    }

    /// Jobs of a visit.
    pub fn jobs_of_visit(&self, visit: &VisitId) -> Stored<Vec<JobRow>> {
        // a question of a visit is named after it, with a dot between; the slash comes next after the dot
        self.every_job_where("question > ?1 || '.' AND question < ?1 || '/'", [visit.as_str()])
    }

    /// One job.
    pub fn job(&self, question: &QuestionId) -> Stored<Option<JobRow>> {
        Ok(self.every_job_where("question = ?1", [question.as_str()])?.pop())
    }

    /// The questions that travelled in a bundle, also those that ended, in the order of their making.
    pub fn jobs_of_bundle(&self, bundle: &str) -> Stored<Vec<JobRow>> {
        self.every_job_where("bundle = ?1", [bundle])
    }

    /// How many questions travelled in a bundle.
    pub fn questions_in_bundle(&self, bundle: &str) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM job WHERE bundle = ?1) + (SELECT count(*) FROM job_ended WHERE bundle = ?1)",
        )?;
        Ok(statement.query_row([bundle], |row| row.get(0))?)
    }

    fn open_jobs_where(&self, condition: &str, parameters: impl rusqlite::Params) -> Stored<Vec<JobRow>> {
        self.jobs(&format!("SELECT {COLUMNS} FROM job WHERE {condition} ORDER BY created_at_ms, question"), parameters)
    }

    /// Open or ended. Asked for one after the other and put in order here: a union in order would be built as a table of its own.
    fn every_job_where(&self, condition: &str, parameters: impl rusqlite::Params + Copy) -> Stored<Vec<JobRow>> {
        let mut jobs = self.jobs(&format!("SELECT {COLUMNS} FROM job WHERE {condition}"), parameters)?;
        jobs.append(&mut self.jobs(&format!("SELECT {COLUMNS} FROM job_ended WHERE {condition}"), parameters)?);
        jobs.sort_by(|one, two| (one.job.created_at, &one.job.question).cmp(&(two.job.created_at, &two.job.question)));
        Ok(jobs)
    }

    fn jobs(&self, sql: &str, parameters: impl rusqlite::Params) -> Stored<Vec<JobRow>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut jobs = Vec::new();
        while let Some(row) = rows.next()? {
            jobs.push(job_of(row)?);
        }
        Ok(jobs)
    }
}

impl Writing<'_> {
    /// Writes a job down, new or changed. One that ended moves to those that ended, and never comes back.
    pub fn keep_job(&self, row: &JobRow) -> Stored<()> {
        let has_ended = row.job.stage == Stage::Done;
        if has_ended {
            self.transaction
                .prepare_cached("DELETE FROM job WHERE question = ?1")?
                .execute([row.job.question.as_str()])?;
        }
        let ended_at = row.ended_at.or(has_ended.then_some(row.job.due_at));
        let table = if has_ended { "job_ended" } else { "job" };
        self.transaction
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO {table} ({COLUMNS}) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
            ))?
            .execute(params![
                row.job.question.as_str(),
                row.job.purpose.code(),
                row.job.stage.code(),
                row.visit.as_ref().map(VisitId::as_str),
                row.patient.as_ref().map(PatientId::as_str),
                to_text(&row.content),
                row.job.created_at.as_ms(),
                row.job.due_at.as_ms(),
                row.job.asked_at.map(Timestamp::as_ms),
                ended_at.map(Timestamp::as_ms),
                row.job.attempts,
                row.problem.as_ref().map(|p| p.ja.as_str()),
                row.problem.as_ref().map(|p| p.en.as_str()),
                row.job.bundle,
                row.job.alone,
            ])?;
        Ok(())
    }
}

fn job_of(row: &Row<'_>) -> Stored<JobRow> {
    let purpose: String = row.get("purpose")?;
    let stage: String = row.get("stage")?;
    let optional_instant =
        |column: &str| -> Stored<Option<Timestamp>> { Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms)) };
    let content: JobContent = from_text(&row.get::<_, String>("content")?)?;
    let problem = match (row.get::<_, Option<String>>("problem_ja")?, row.get::<_, Option<String>>("problem_en")?) {
        (Some(ja), Some(en)) => Some(Text { ja, en }),
        _ => None,
    };
    Ok(JobRow {
        job: Job {
            question: QuestionId::new(row.get::<_, String>("question")?),
            purpose: QuestionPurpose::from_code(&purpose).ok_or(StoreError::Unreadable(purpose))?,
            stage: Stage::from_code(&stage).ok_or(StoreError::Unreadable(stage))?,
            created_at: Timestamp::from_ms(row.get("created_at_ms")?),
            due_at: Timestamp::from_ms(row.get("due_at_ms")?),
            attempts: row.get("attempts")?,
            asked_at: optional_instant("asked_at_ms")?,
            confirm_for: content.confirm_for(),
            bundle: row.get("bundle")?,
            alone: row.get("alone")?,
        },
        visit: row.get::<_, Option<String>>("visit")?.map(VisitId::new),
        patient: row.get::<_, Option<String>>("patient")?.map(PatientId::new),
        content,
        ended_at: optional_instant("ended_at_ms")?,
        problem,
    })
}
