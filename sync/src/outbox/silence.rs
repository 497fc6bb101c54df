//! Questions that were handed over and stay without an answer: who waits no longer, and who may ask whether the service is back.

use super::{Job, Patience, Stage};
use domain::Timestamp;
use domain::fact::QuestionId;
use domain::text::Text;
use domain::visit::QuestionPurpose;

/// A question that has been out for longer than anybody at the desk waits. It is still out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Silent {
    /// when it was handed over
    pub asked_at: Timestamp,
    /// which one
    pub question: QuestionId,
    /// a person stands at the desk for it
    pub at_desk: bool,
}

/// Why a question that was handed over needs a person after a long silence.
pub fn silence() -> Text {
    Text::new(
        "依頼は端末に渡しましたが、長い間回答がありません。回答が後から届いても反映します。必要なら「もう一度聞く」を押してください。",
        "The question was handed over but no answer came for long. A late answer still counts; press \"ask again\" if needed.",
    )
}

/// A bulk request takes its time, so that its silence says nothing.
pub(super) fn silent(jobs: &[Job], patience: Patience, now: Timestamp) -> Vec<Silent> {
    let alone = jobs.iter().filter(|job| job.stage == Stage::Asked && job.bundle.is_none());
    let mut silent: Vec<Silent> = alone
        .filter_map(|job| {
            let asked_at = job.asked_at.filter(|at| now.since_ms(*at) >= patience.silent_after_ms)?;
            let at_desk = job.purpose == QuestionPurpose::Desk;
            Some(Silent { asked_at, question: job.question.clone(), at_desk })
        })
        .collect();
    silent.sort();
    silent
}

/// Nothing is out from which an answer may still be expected at once: then one question may ask whether the service is back.
pub(super) fn nobody_probes(jobs: &[Job], patience: Patience, now: Timestamp) -> bool {
    let wait_ms = patience.silent_after_ms.min(patience.overdue_after_ms);
    let fresh = |job: &&Job| job.asked_at.is_some_and(|at| now.since_ms(at) < wait_ms);
    !jobs.iter().filter(|job| job.stage == Stage::Asked).any(|job| fresh(&job))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::{Pace, Parcel, plan};
    use domain::link::{LinkState, Links};

    fn job(id: &str, purpose: QuestionPurpose, asked_at: Option<i64>) -> Job {
        Job {
            question: QuestionId::new(id),
            purpose,
            stage: if asked_at.is_some() { Stage::Asked } else { Stage::Ready },
            created_at: Timestamp::from_ms(0),
            due_at: Timestamp::from_ms(0),
            attempts: 0,
            asked_at: asked_at.map(Timestamp::from_ms),
            confirm_for: None,
            bundle: None,
            alone: false,
        }
    }

    #[test]
    fn a_silence_is_told_oldest_first_and_of_no_bundle() {
        let patience = Patience { silent_after_ms: 30, ..Patience::default() };
        let jobs = [
            job("recheck", QuestionPurpose::Recheck, Some(20)),
            job("desk", QuestionPurpose::Desk, Some(10)),
            Job { bundle: Some("b".to_owned()), ..job("together", QuestionPurpose::Recheck, Some(0)) },
            job("fresh", QuestionPurpose::Desk, Some(40)),
            job("ready", QuestionPurpose::Desk, None),
        ];
        let told = |ms| silent(&jobs, patience, Timestamp::from_ms(ms));
        assert_eq!(told(39), []);
        let names = |ms| told(ms).into_iter().map(|one| (one.question.to_string(), one.at_desk)).collect::<Vec<_>>();
        assert_eq!(names(40), [("desk".to_owned(), true)]);
        assert_eq!(names(50), [("desk".to_owned(), true), ("recheck".to_owned(), false)]);
    }

    #[test]
    fn while_the_service_is_silent_one_question_at_a_time_asks_whether_it_is_back() {
        let patience = Patience { silent_after_ms: 30, ..Patience::default() };
        let mut links = Links::ALL_UP;
        links.national_service = LinkState::down(None);
        let jobs = [
            job("silent", QuestionPurpose::Desk, Some(0)),
            job("next", QuestionPurpose::Recheck, None),
            job("desk", QuestionPurpose::Desk, None),
        ];
        let goes = |ms| plan(&jobs, &links, Pace::default(), patience, Timestamp::from_ms(ms)).hand_over;
        assert_eq!(goes(29), [], "an answer may still come");
        assert_eq!(goes(30), [Parcel::One(QuestionId::new("desk"))]);
    }
}
