//! What comes from the terminal: answers to our questions, card readings, and everything nobody waited for.

use super::work::{Declined, Work};
use super::{bundle, card, job};
use crate::store::{About, JobRow, RequestRow, Seen, ShelfRow};
use domain::Timestamp;
use domain::eligibility::{EligibilityStatus, OnlineAnswer};
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, QuestionId, VisitId};
use domain::link::Cause;
use domain::patient::CoverageLearned;
use domain::text::Text;
use domain::visit::{AnswerReceived, QuestionFailed, VisitCommand};
use sync::outbox::{AfterFailure, Failure, Job, Stage, after_failure};
use web::port::ShelfReason;

/// Something came from the terminal.
#[derive(Clone, Debug)]
pub struct Heard {
    /// file name at the terminal
    pub name: String,
    /// hash of the content
    pub sha256: [u8; 32],
    /// what it is
    pub what: HeardWhat,
}

/// What came.
#[derive(Clone, Debug)]
pub enum HeardWhat {
    /// a card was read at the face reader
    CardRead {
        /// what the national service said
        answer: Box<OnlineAnswer>,
        /// when it was read, by the terminal's clock
        read_at: Option<Timestamp>,
    },
    /// an answer to the request with this suffix
    Answered {
        /// suffix of our request
        suffix: String,
        /// the answer
        answer: Box<OnlineAnswer>,
    },
    /// the bulk upload with this suffix was received
    BundleReceived {
        /// suffix of our request
        suffix: String,
        /// 受付番号
        reception_number: String,
    },
    /// answers about persons of a bundle
    BundleAnswered {
        /// suffix of our fetch
        suffix: String,
        /// each person with the question it answers, as far as that is known
        people: Vec<(Option<QuestionId>, PersonHeard)>,
        /// the service has finished with the bundle
        done: bool,
    },
    /// the request with this suffix failed
    Failed {
        /// suffix of our request
        suffix: String,
        /// at which layer
        failure: Failure,
        /// code of the other side, opaque
        code: Option<String>,
    },
    /// the content contradicts the request it is named after, or cannot be read
    NotUsable {
        /// why it goes to the shelf
        reason: ShelfReason,
        /// in words
        message: Text,
    },
}

/// What came about one person of a bundle.
#[derive(Clone, Debug)]
pub enum PersonHeard {
    /// the answer
    Answered(Box<OnlineAnswer>),
    /// the service could not work on this person
    Failed {
        /// code of the other side, opaque
        code: Option<String>,
    },
    /// it contradicts what was asked, or cannot be understood
    NotUsable {
        /// why it goes to the shelf
        reason: ShelfReason,
        /// in words
        message: Text,
    },
}

/// An answer, and the job that waited for it.
pub(super) struct Received {
    /// none when nobody waits any more
    pub row: Option<JobRow>,
    pub answer: OnlineAnswer,
}

/// Takes something in, once.
pub(super) fn take(work: &mut Work<'_>, heard: Heard) -> Result<(), Declined> {
    let Heard { name, sha256, what } = heard;
    let seen = work.writing.reading().seen(&name, &sha256)?;
    if seen == Seen::Same {
        return Ok(());
    }
    work.writing.keep_received(&name, &sha256, work.now)?;
    if seen == Seen::OtherContent {
        let message = Text::new(
            "同じ名前のファイルが別の内容で届きました。最初の内容を使い、こちらは保留しています。",
            "A file came again under the same name with other content. The first one counts; this one is set aside.",
        );
        return shelve(work, &name, ShelfReason::Conflict, None, message);
    }
    match what {
        HeardWhat::CardRead { answer, read_at } => card::read(work, &name, *answer, read_at),
        HeardWhat::Answered { suffix, answer } => {
            let row = request_about(work, &suffix)?.map(|about| waiting_job(work, &about)).transpose()?.flatten();
            settle(work, &name, Received { row, answer: *answer })
        }
        HeardWhat::BundleReceived { suffix, reception_number } => match request_about(work, &suffix)? {
            Some(About::Upload(bundle)) => bundle::received(work, &bundle, reception_number),
            _ => Ok(()),
        },
        HeardWhat::BundleAnswered { suffix, people, done } => match request_about(work, &suffix)? {
            Some(About::Fetch(bundle)) => bundle::answered(work, &name, &bundle, people, done),
            _ => Ok(()),
        },
        HeardWhat::Failed { suffix, failure, code } => failed(work, &name, &suffix, failure, code),
        HeardWhat::NotUsable { reason, message } => shelve(work, &name, reason, None, message),
    }
}

/// What a request of ours is about. Something came back, so it was handed over.
fn request_about(work: &Work<'_>, suffix: &str) -> Result<Option<About>, Declined> {
    let Some(request) = work.writing.reading().request(suffix)? else { return Ok(None) };
    if !request.released {
        work.writing.keep_request(&RequestRow { released: true, ..request.clone() })?;
    }
    Ok(Some(request.about))
}

/// The job a request was made for, while somebody still waits for it.
fn waiting_job(work: &Work<'_>, about: &About) -> Result<Option<JobRow>, Declined> {
    let About::Question(question) = about else { return Ok(None) };
    Ok(work.writing.reading().job(question)?.filter(|row| row.job.stage != Stage::Done))
}

/// An answer ends its job and re-decides the visit. One that cannot be applied is kept for a person and holds up nothing else.
pub(super) fn settle(work: &mut Work<'_>, name: &str, received: Received) -> Result<(), Declined> {
    let Received { row, answer } = received;
    let Some(row) = row else {
        let message = Text::new(
            "待っていない回答が届きました。内容を確かめて、受付に割り当てるか片付けてください。",
            "An answer came that nobody waits for. Look at it and assign it to a check-in or put it away.",
        );
        return shelve(work, name, ShelfReason::Unexpected, Some(answer), message);
    };
    job::end(work, row.clone(), in_words(answer.status))?;
    let kept = answer.clone();
    let applied = work.in_savepoint(|work| match &row.visit {
        Some(visit) => {
            let mut open = work.visit(visit)?;
            let received = AnswerReceived { question: Some(row.job.question.clone()), answer };
            work.command_visit(&mut open, &Author::the_box(), vec![VisitCommand::TakeAnswer(received)])
        }
        None => history_answered(work, row, answer),
    });
    match applied {
        Err(Declined::Refused { why, .. } | Declined::StateChanged(why)) => {
            shelve(work, name, ShelfReason::Unexpected, Some(kept), why)
        }
        other => other,
    }
}

fn in_words(status: EligibilityStatus) -> Text {
    let (ja, en) = match status {
        EligibilityStatus::Valid => ("有効", "valid"),
        EligibilityStatus::Invalid => ("無効", "invalid"),
        EligibilityStatus::Superseded => ("無効（新しい資格あり）", "invalid, a newer eligibility exists"),
        EligibilityStatus::NotFound => ("該当資格なし", "not found"),
        EligibilityStatus::Ambiguous => ("複数該当", "several match"),
        EligibilityStatus::ValidTicketMissing => ("有効（未登録）", "valid, ticket not registered"),
    };
    Text::new(format!("回答：{ja}"), format!("Answer: {en}"))
}

/// A history lookup came back: whoever it speaks of is now known to this box.
fn history_answered(work: &mut Work<'_>, row: JobRow, answer: OnlineAnswer) -> Result<(), Declined> {
    let Some(result) = answer.main_result().filter(|_| answer.is_valid_on(answer.confirmed_for)) else { return Ok(()) };
    let learned = CoverageLearned {
        coverage: result.coverage.clone(),
        evidence: EvidenceKind::MynaCardFace,
        confidence: Confidence::ConfirmedOnline,
        on: answer.confirmed_for,
        visit: None,
    };
    if work.writing.reading().same_person(&result.person)?.is_empty() {
        let by = Author::the_box();
        let patient = work.register_patient(&by, result.person.clone(), None, Some(learned))?;
        let found = Text::new(
            "番号で確認できました。患者として登録しました。",
            "Confirmed by number and registered as a patient.",
        );
        let row = JobRow { patient: Some(patient.id), ..row };
        job::end(work, row, found)?;
    }
    Ok(())
}

fn failed(
    work: &mut Work<'_>,
    name: &str,
    suffix: &str,
    failure: Failure,
    code: Option<String>,
) -> Result<(), Declined> {
    let about = request_about(work, suffix)?;
    if let Some(About::Upload(bundle) | About::Fetch(bundle)) = &about {
        return bundle::failed(work, bundle, failure);
    }
    match about.map(|about| waiting_job(work, &about)).transpose()?.flatten() {
        Some(row) => fail(work, row, failure, code),
        None => {
            let message = Text::new(
                "待っていない依頼の失敗が届きました。対応は要りません。",
                "A failure came for a request nobody waits for. Nothing needs to be done.",
            );
            shelve(work, name, ShelfReason::Unexpected, None, message)
        }
    }
}

/// A question failed: it is asked again by itself, or needs a person.
pub(super) fn fail(work: &mut Work<'_>, row: JobRow, failure: Failure, code: Option<String>) -> Result<(), Declined> {
    let dice = u8::try_from(work.now.as_ms().rem_euclid(251)).unwrap_or(0);
    let job = Job { attempts: row.job.attempts + 1, asked_at: None, ..row.job.clone() };
    match after_failure(failure, row.job.attempts, work.settings.patience, work.now, dice) {
        AfterFailure::Retry(due_at) => {
            let problem = Text::new(
                "全国システムにつながりませんでした。自動でもう一度送ります。",
                "The national service could not be reached. It is sent again by itself.",
            );
            let job = Job { stage: Stage::Ready, due_at, ..job };
            work.writing.keep_job(&JobRow { job, problem: Some(problem), ..row.clone() })?;
            could_not_ask(work, &row, Cause::NationalService, code)
        }
        AfterFailure::Wedge(problem) => {
            let job = Job { stage: Stage::Wedged, ..job };
            work.writing.keep_job(&JobRow { job, problem: Some(problem), ..row.clone() })?;
            could_not_ask(work, &row, Cause::Data, code)
        }
    }
}

/// The visit learns that its question could not be asked, once for a question and a cause however often it is tried again: the
/// ladder turns by itself. A late answer still counts.
pub(super) fn could_not_ask(
    work: &mut Work<'_>,
    row: &JobRow,
    cause: Cause,
    code: Option<String>,
) -> Result<(), Declined> {
    let Some(visit) = &row.visit else { return Ok(()) };
    let mut open = match work.visit(visit) {
        Ok(open) => open,
        Err(Declined::Store(error)) => return Err(Declined::Store(error)),
        Err(_) => return Ok(()), // a visit that cannot be read holds up no other question
    };
    let question = row.job.question.clone();
    if open.state.questions.iter().any(|asked| asked.question == question && asked.failed == Some(cause)) {
        return Ok(());
    }
    let failed = QuestionFailed { question, cause, code };
    work.command_visit(&mut open, &Author::the_box(), vec![VisitCommand::TakeFailure(failed)])
}

/// Somebody says whose an answer on the shelf is.
pub(super) fn claim(
    work: &mut Work<'_>,
    by: &Author,
    answer: &str,
    visit: Option<VisitId>,
) -> Result<Option<VisitId>, Declined> {
    let shelf = work.writing.reading().shelf()?;
    let row = shelf.into_iter().find(|row| row.answer == answer).ok_or(Declined::NotFound("answer"))?;
    if let Some(id) = &visit {
        let Some(content) = row.content else {
            return Err(Declined::refused(
                "answer",
                "この内容は読み取れないため、受付に割り当てられません。",
                "This content cannot be read and so cannot be assigned.",
            ));
        };
        let mut open = work.visit(id)?;
        let received = AnswerReceived { question: None, answer: content };
        work.command_visit(&mut open, by, vec![VisitCommand::TakeAnswer(received)])?;
    }
    work.writing.clear_from_shelf(answer, work.now)?;
    Ok(visit)
}

pub(super) fn shelve(
    work: &mut Work<'_>,
    name: &str,
    reason: ShelfReason,
    content: Option<OnlineAnswer>,
    message: Text,
) -> Result<(), Declined> {
    let row = ShelfRow { answer: work.new_id(), at: work.now, reason, file_name: name.to_owned(), content, message };
    Ok(work.writing.shelve(&row)?)
}
