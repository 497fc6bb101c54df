//! The jobs for the outside, as pages and API show them.

use super::RunningDesk;
use crate::store::{ElsewhereRow, JobContent, JobRow, Reading as StoreReading, Stored};
use domain::Timestamp;
use domain::link::Link;
use domain::text::Text;
use domain::visit::QuestionPurpose;
use sync::outbox::bundle::BundleStage;
use sync::outbox::{self, Stage};
use web::port::{BundleState, Desk, JobItem, JobState, QueueView, Reading};

impl RunningDesk {
    pub(super) fn queue_shown(&self) -> Reading<QueueView> {
        let blocked = outbox::blocked_by(&self.link_report().links);
        let today = Timestamp::in_japan(self.today(), 0, 0, 0);
        self.read(|reading| {
            let named = |row: JobRow| -> Stored<JobItem> {
                let name = match &row.visit {
                    Some(visit) => reading.name_of_visit(visit)?,
                    None => None,
                };
                job_item(reading, row, name, blocked)
            };
            let mut open = reading.open_jobs()?;
            open.sort_by_key(|row| (row.job.purpose, row.job.created_at, row.job.question.clone()));
            let elsewhere = reading.jobs_elsewhere()?;
            let named_elsewhere =
                |row: ElsewhereRow| reading.name_of_visit(&row.visit).map(|name| asked_elsewhere(row, name));
            let here = open.into_iter().map(named);
            Ok(QueueView {
                open: here.chain(elsewhere.into_iter().map(named_elsewhere)).collect::<Stored<_>>()?,
                done: reading.ended_jobs(today)?.into_iter().map(named).collect::<Stored<_>>()?,
            })
        })
    }
}

/// A job; `blocked` is the link that keeps it from being sent.
pub(super) fn job_item(
    reading: StoreReading<'_>,
    row: JobRow,
    name: Option<String>,
    blocked: Option<Link>,
) -> Stored<JobItem> {
    let title = title(&row);
    let problem = row.problem.clone();
    let state = match row.job.stage {
        Stage::Ready => match blocked {
            Some(link) => JobState::WaitingForLink(link),
            None => JobState::WaitingUntil(row.job.due_at),
        },
        Stage::Asked => JobState::Asked {
            since: row.job.asked_at.unwrap_or(row.job.created_at),
            bundle: row.job.bundle.as_deref().map(|bundle| bundle_state(reading, bundle)).transpose()?.flatten(),
        },
        Stage::Wedged => JobState::NeedsPerson(problem.clone().unwrap_or_else(outbox::silence)),
        Stage::Elsewhere => JobState::WaitingForOthers(problem.clone().unwrap_or_else(outbox::silence)),
        Stage::Done => JobState::Done {
            at: row.ended_at.unwrap_or(row.job.created_at),
            how: problem.clone().unwrap_or_else(|| Text::new("終了", "ended")),
        },
    };
    Ok(JobItem {
        job: row.job.question,
        purpose: row.job.purpose,
        visit: row.visit,
        name,
        title,
        created_at: row.job.created_at,
        attempts: row.job.attempts,
        state,
        last_problem: problem,
    })
}

/// A question that another box asks, as this one shows it.
fn asked_elsewhere(row: ElsewhereRow, name: Option<String>) -> JobItem {
    let asking = Text::new(
        "別の受付機が照会しています。この受付機からは送りません。",
        "Another box asks this question. It is not sent from here.",
    );
    let shown = JobRow::new(row.question, row.purpose, row.content, row.asked_at);
    JobItem {
        title: title(&shown),
        job: shown.job.question,
        purpose: row.purpose,
        visit: Some(row.visit),
        name,
        created_at: row.asked_at,
        attempts: 0,
        state: JobState::WaitingForOthers(asking.clone()),
        last_problem: Some(asking),
    }
}

fn bundle_state(reading: StoreReading<'_>, bundle: &str) -> Stored<Option<BundleState>> {
    let Some(known) = reading.bundle(bundle)? else { return Ok(None) };
    Ok(Some(BundleState {
        questions: reading.questions_in_bundle(bundle)?,
        received: known.reception_number.is_some(),
        fetch_at: (known.stage == BundleStage::Received).then_some(known.at),
    }))
}

fn title(row: &JobRow) -> Text {
    match (&row.content, row.job.purpose) {
        (JobContent::Declaration(declaration), _) => Text::new(
            format!("申立書 {} の資格確認", declaration.form_no),
            format!("Settle declaration {}", declaration.form_no),
        ),
        (JobContent::Lookup(_), _) => Text::new("受診歴の照会（他の受付機）", "Visit-history lookup (other boxes)"),
        (_, QuestionPurpose::Desk) => Text::new("窓口の資格照会", "Eligibility query at the desk"),
        (_, QuestionPurpose::Recheck) => Text::new("受付後の再照会", "Re-check after check-in"),
        (_, QuestionPurpose::History) => Text::new("受診歴の照会（端末）", "Visit-history lookup (terminal)"),
    }
}
