//! Bundles: uploaded, received, fetched until every question is answered or goes its own way.

use super::answer::{PersonHeard, Received, could_not_ask, fail, settle};
use super::work::{Declined, Work};
use crate::store::JobRow;
use domain::Timestamp;
use domain::fact::QuestionId;
use domain::link::Cause;
use domain::text::Text;
use sync::outbox::bundle::{Bundle, BundleStage};
use sync::outbox::{AfterFailure, Failure, Job, Stage, after_failure};

/// An upload is about to be handed over.
pub(super) fn begin(work: &Work<'_>, bundle: &str) -> Result<(), Declined> {
    let bundle = bundle.to_owned();
    let at = work.now;
    let begun = Bundle { bundle, stage: BundleStage::Uploaded, reception_number: None, at, fetches: 0 };
    Ok(work.writing.keep_bundle(&begun)?)
}

/// A fetch is about to be handed over. `false` when nobody waits for its answers any more.
pub(super) fn begin_fetch(work: &Work<'_>, bundle: &str) -> Result<bool, Declined> {
    let Some(known) = open_bundle(work, bundle)? else { return Ok(false) };
    if waiting(work, bundle)?.is_empty() {
        end(work, bundle)?;
        return Ok(false);
    }
    let fetching = Bundle { stage: BundleStage::Fetching, at: work.now, fetches: known.fetches + 1, ..known };
    work.writing.keep_bundle(&fetching)?;
    Ok(true)
}

/// A fetch certainly was not handed over.
pub(super) fn not_fetched(work: &Work<'_>, bundle: &str, due_at: Timestamp, refused: bool) -> Result<(), Declined> {
    if refused {
        return dissolve(work, bundle, work.now, failed_together());
    }
    let Some(known) = open_bundle(work, bundle)? else { return Ok(()) };
    Ok(work.writing.keep_bundle(&Bundle { stage: BundleStage::Received, at: due_at, ..known })?)
}

/// The service gave the upload a reception number.
pub(super) fn received(work: &Work<'_>, bundle: &str, reception_number: String) -> Result<(), Declined> {
    let Some(known) = open_bundle(work, bundle)? else { return Ok(()) };
    let at = work.now.plus_ms(work.settings.patience.fetch.first_ms);
    let stage = BundleStage::Received;
    Ok(work.writing.keep_bundle(&Bundle { stage, reception_number: Some(reception_number), at, ..known })?)
}

/// Answers came. Those about persons count at once, whether or not the service is done with the others.
pub(super) fn answered(
    work: &mut Work<'_>,
    name: &str,
    bundle: &str,
    people: Vec<(Option<QuestionId>, PersonHeard)>,
    done: bool,
) -> Result<(), Declined> {
    for (question, heard) in people {
        let row = match question {
            Some(question) => work.writing.reading().job(&question)?.filter(|row| row.job.stage != Stage::Done),
            None => None,
        };
        match heard {
            PersonHeard::Answered(answer) => settle(work, name, Received { row, answer: *answer })?,
            PersonHeard::Failed { code } => {
                if let Some(row) = row {
                    fail(work, row, Failure::PersonFailed, code)?;
                }
            }
            PersonHeard::NotUsable { reason, message } => super::answer::shelve(work, name, reason, None, message)?,
        }
    }
    if done { dissolve(work, bundle, work.now, forgotten()) } else { fetch_again(work, bundle) }
}

fn fetch_again(work: &Work<'_>, bundle: &str) -> Result<(), Declined> {
    let Some(known) = open_bundle(work, bundle)? else { return Ok(()) };
    let at = work.now.plus_ms(work.settings.patience.fetch.wait_after_ms(known.fetches));
    Ok(work.writing.keep_bundle(&Bundle { stage: BundleStage::Received, at, ..known })?)
}

/// A bundle failed as a whole: the service has answered nobody. After a rejection, or a second failure, each question goes alone.
pub(super) fn failed(work: &mut Work<'_>, bundle: &str, failure: Failure) -> Result<(), Declined> {
    let due_at = match after_failure(failure, 0, work.settings.patience, work.now, 0) {
        AfterFailure::Retry(due_at) => due_at,
        AfterFailure::Wedge(_) => work.now,
    };
    let again = failure == Failure::RequestFailed;
    for row in waiting(work, bundle)?.iter().filter(|_| again) {
        could_not_ask(work, row, Cause::NationalService, None)?;
    }
    release(work, bundle, due_at, &failed_together(), |job| !again || job.attempts > 0)
}

/// Whoever still waits in a bundle goes alone from now on.
fn dissolve(work: &Work<'_>, bundle: &str, due_at: Timestamp, why: Text) -> Result<(), Declined> {
    release(work, bundle, due_at, &why, |_| true)
}

/// Ends a bundle; who still waits in it is asked again.
fn release(
    work: &Work<'_>,
    bundle: &str,
    due_at: Timestamp,
    why: &Text,
    goes_alone: impl Fn(&Job) -> bool,
) -> Result<(), Declined> {
    for row in waiting(work, bundle)? {
        let alone = row.job.alone || goes_alone(&row.job);
        let attempts = row.job.attempts + 1;
        let job = Job { stage: Stage::Ready, due_at, asked_at: None, alone, attempts, ..row.job.clone() };
        work.writing.keep_job(&JobRow { job, problem: Some(why.clone()), ..row })?;
    }
    end(work, bundle)
}

/// Questions that went with a bundle and wait for its answers.
fn waiting(work: &Work<'_>, bundle: &str) -> Result<Vec<JobRow>, Declined> {
    let rows = work.writing.reading().jobs_of_bundle(bundle)?;
    Ok(rows.into_iter().filter(|row| matches!(row.job.stage, Stage::Asked | Stage::Wedged)).collect())
}

/// Nothing more is expected of a bundle.
pub(super) fn end(work: &Work<'_>, bundle: &str) -> Result<(), Declined> {
    let Some(known) = open_bundle(work, bundle)? else { return Ok(()) };
    Ok(work.writing.keep_bundle(&Bundle { stage: BundleStage::Ended, ..known })?)
}

fn open_bundle(work: &Work<'_>, bundle: &str) -> Result<Option<Bundle>, Declined> {
    Ok(work.writing.reading().bundle(bundle)?.filter(|known| known.stage != BundleStage::Ended))
}

fn failed_together() -> Text {
    Text::new(
        "まとめて送った照会が受け付けられませんでした。自動でもう一度照会します。",
        "The bulk request was not accepted. The questions are asked again by themselves.",
    )
}

fn forgotten() -> Text {
    Text::new(
        "まとめた照会の回答にこの方が含まれていませんでした。1件だけで自動で照会します。",
        "The bulk answer did not mention this person. The question is asked alone by itself.",
    )
}
