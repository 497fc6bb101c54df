//! When a question goes out, waits, or needs a person. Pure: the store keeps the jobs, this file decides.
//!
//! A failure is classified once. A wedged job never holds up the rest, desk questions go before all others, and a question that
//! was handed over is never handed over again by itself: it may have been taken, and its answer may come weeks later. After a long
//! outage, questions about the same day travel together as one bulk request ([`bundle`]).

pub mod bundle;
mod silence;

pub use silence::{Silent, silence};

use bundle::{Bundling, FetchPace};
use domain::fact::QuestionId;
use domain::link::{Link, Links};
use domain::record;
use domain::text::Text;
use domain::visit::QuestionPurpose;
use domain::{Date, Timestamp, codes};
use std::collections::BTreeSet;

codes! {
    /// Where a job stands in the store.
    pub enum Stage {
        /// to be handed over
        Ready = "ready",
        /// handed over, no answer yet
        Asked = "asked",
        /// needs a person
        Wedged = "wedged",
        /// waits for the patient or another box
        Elsewhere = "elsewhere",
        /// ended
        Done = "done",
    }
}

record! {
    /// A job as the store keeps it.
    pub struct Job {
        /// its id
        pub question: QuestionId,
        /// what for
        pub purpose: QuestionPurpose,
        /// where it stands
        pub stage: Stage,
        /// when it was written down
        pub created_at: Timestamp,
        /// not before
        pub due_at: Timestamp,
        /// how often it was handed over and came back as failed
        pub attempts: u32,
        /// when it was handed over
        pub asked_at: Option<Timestamp>,
        /// the day it asks about; none for what is no query
        pub confirm_for: Option<Date>,
        /// the bundle it travels in, or last travelled in
        pub bundle: Option<String>,
        /// never again in a bundle: one with it failed
        pub alone: bool,
    }
}

/// How fast the terminal is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// most questions out at the same time; one of them is kept free for the desk
    pub in_flight: usize,
    /// least time between two questions, milliseconds
    pub spacing_ms: i64,
    /// when questions travel together
    pub bundling: Bundling,
}

/// Settings of retry and patience. Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// first wait after a failed request
    pub first_retry_ms: i64,
    /// longest wait after repeated failures
    pub longest_retry_ms: i64,
    /// after so long without an answer nobody at the desk waits any longer: the next lawful step is offered. A late answer counts
    pub silent_after_ms: i64,
    /// after so long without an answer a question no longer counts as in flight, so that lost answers cannot wedge the queue
    pub overdue_after_ms: i64,
    /// after so long without an answer somebody is told, who may decide to ask again
    pub wedged_after_ms: i64,
    /// waits between a bulk upload and its answers
    pub fetch: FetchPace,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { in_flight: 4, spacing_ms: 200, bundling: Bundling::default() }
    }
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first_retry_ms: 30_000,
            longest_retry_ms: 15 * 60_000,
            silent_after_ms: 30_000,
            overdue_after_ms: 3 * 60_000,
            wedged_after_ms: 24 * 3_600_000,
            fetch: FetchPace::default(),
        }
    }
}

/// What is handed over as one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// one question
    One(QuestionId),
    /// questions about the same day
    Bundle(Vec<QuestionId>),
}

/// What the runner does next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// hand these over, in this order
    pub hand_over: Vec<Parcel>,
    /// these travel alone and have been out for longer than anybody at the desk waits, oldest first
    pub silent: Vec<Silent>,
    /// these were handed over too long ago: tell a person
    pub wedge: Vec<QuestionId>,
    /// look again at this instant at the latest
    pub wake_at: Option<Timestamp>,
}

/// Which link holds the queue up, if one does. The terminal hands questions to the line and the line to the national service;
/// the first broken one is named. An unknown link is tried.
pub fn blocked_by(links: &Links) -> Option<Link> {
    [Link::Terminal, Link::Line, Link::NationalService].into_iter().find(|link| links.get(*link).is_down())
}

/// Plans the next step from the jobs as they are. While a link is down nothing goes out, except that one question may probe a
/// national service that was last seen failing.
pub fn plan(jobs: &[Job], links: &Links, pace: Pace, patience: Patience, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let in_flight = in_flight(jobs, patience, now);
    let blocked = blocked_by(links);
    let room = match blocked {
        None => pace.in_flight.saturating_sub(in_flight),
        Some(Link::NationalService) if silence::nobody_probes(jobs, patience, now) => 1,
        Some(_) => 0,
    };
    let mut due: Vec<&Job> = jobs.iter().filter(|job| job.stage == Stage::Ready && job.due_at <= now).collect();
    due.sort_by_key(|job| (job.purpose, job.created_at, job.question.clone()));
    // Who probes a service that was last seen failing goes alone.
    let bundling = if blocked.is_none() { pace.bundling } else { Bundling::NEVER };
    plan.silent = silence::silent(jobs, patience, now);
    plan.wedge = jobs.iter().filter(|job| is_wedged(job, patience, now)).map(|job| job.question.clone()).collect();
    plan.hand_over = choose(bundle::pack(&due, bundling), room, pace, blocked.is_some());
    plan.wake_at = next_instant(jobs, patience, now);
    plan
}

/// Desk questions may use every place; the others leave one free for the desk.
fn choose(parcels: Vec<(QuestionPurpose, Parcel)>, room: usize, pace: Pace, probing: bool) -> Vec<Parcel> {
    let mut chosen = Vec::new();
    for (purpose, parcel) in parcels {
        let kept_free = usize::from(purpose != QuestionPurpose::Desk && pace.in_flight > 1 && !probing);
        if chosen.len() + kept_free < room {
            chosen.push(parcel);
        }
    }
    chosen
}

/// Requests that are out: a bundle counts once.
fn in_flight(jobs: &[Job], patience: Patience, now: Timestamp) -> usize {
    let out = || jobs.iter().filter(|job| counts_as_in_flight(job, patience, now));
    let bundles: BTreeSet<&str> = out().filter_map(|job| job.bundle.as_deref()).collect();
    bundles.len() + out().filter(|job| job.bundle.is_none()).count()
}

fn counts_as_in_flight(job: &Job, patience: Patience, now: Timestamp) -> bool {
    job.stage == Stage::Asked && job.asked_at.is_some_and(|at| now.since_ms(at) < patience.overdue_after_ms)
}

fn is_wedged(job: &Job, patience: Patience, now: Timestamp) -> bool {
    job.stage == Stage::Asked && job.asked_at.is_some_and(|at| now.since_ms(at) >= patience.wedged_after_ms)
}

fn next_instant(jobs: &[Job], patience: Patience, now: Timestamp) -> Option<Timestamp> {
    jobs.iter()
        .flat_map(|job| match (job.stage, job.asked_at) {
            (Stage::Ready, _) => [Some(job.due_at), None],
            (Stage::Asked, Some(at)) => {
                [patience.silent_after_ms, patience.overdue_after_ms].map(|wait_ms| Some(at.plus_ms(wait_ms)))
            }
            _ => [None, None],
        })
        .flatten()
        .filter(|at| *at > now)
        .min()
}

/// What a failed question does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// ask again, with a new request, not before this instant
    Retry(Timestamp),
    /// needs a person
    Wedge(Text),
}

/// How the outside failed to answer. The three layers of failure stay apart; a business answer is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// the terminal rejected the file (`.err`): the same file would be rejected again
    Rejected,
    /// the request as a whole failed on the way (`SegmentOfResult` 9): the service said so, asking again is asking once
    RequestFailed,
    /// the service could not work on this person (`ProcessingResultStatus` 2)
    PersonFailed,
}

/// Decides after a failure. `dice` is random, 0..=255, and spreads retries so that a whole region does not come back at once.
pub fn after_failure(failure: Failure, attempts: u32, patience: Patience, now: Timestamp, dice: u8) -> AfterFailure {
    match failure {
        Failure::RequestFailed => AfterFailure::Retry(now.plus_ms(backoff_ms(attempts, patience, dice))),
        Failure::Rejected => AfterFailure::Wedge(Text::new(
            "資格確認端末が依頼ファイルを受け付けませんでした。番号を確かめて、もう一度聞くか取り下げてください。",
            "The eligibility terminal rejected the request. Check the numbers, then ask again or withdraw.",
        )),
        Failure::PersonFailed => AfterFailure::Wedge(Text::new(
            "全国システムがこの照会を処理できませんでした。番号・生年月日を確かめてください。",
            "The national service could not process this query. Check the numbers and the birth date.",
        )),
    }
}

/// Doubling wait with up to a quarter of jitter.
fn backoff_ms(attempts: u32, patience: Patience, dice: u8) -> i64 {
    let doubled = patience.first_retry_ms.saturating_mul(1i64 << attempts.min(20));
    let capped = doubled.min(patience.longest_retry_ms);
    capped + capped * i64::from(dice) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::link::LinkState;

    const PATIENCE: Patience = Patience {
        first_retry_ms: 1_000,
        longest_retry_ms: 60_000,
        silent_after_ms: 2_000,
        overdue_after_ms: 10_000,
        wedged_after_ms: 100_000,
        fetch: FetchPace { first_ms: 0, every_ms: 0, longest_ms: 0, overdue_after_ms: 0 },
    };

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn job(id: &str, purpose: QuestionPurpose, created: i64) -> Job {
        Job {
            question: QuestionId::new(id),
            purpose,
            stage: Stage::Ready,
            created_at: at(created),
            due_at: at(created),
            attempts: 0,
            asked_at: None,
            confirm_for: Some(Date::literal(2026, 6, 1)),
            bundle: None,
            alone: false,
        }
    }

    const PACE: Pace = Pace { in_flight: 4, spacing_ms: 0, bundling: Bundling { from: 8, most: 10 } };

    fn asked(id: &str, when: i64) -> Job {
        Job { stage: Stage::Asked, asked_at: Some(at(when)), ..job(id, QuestionPurpose::Recheck, when) }
    }

    fn ids(plan: &Plan) -> Vec<String> {
        let one = |parcel: &Parcel| match parcel {
            Parcel::One(question) => question.to_string(),
            Parcel::Bundle(questions) => format!("{} together", questions.len()),
        };
        plan.hand_over.iter().map(one).collect()
    }

    #[test]
    fn the_desk_goes_first_and_one_place_stays_free_for_it() {
        let jobs: Vec<Job> = (0..6)
            .map(|n| job(&format!("recheck{n}"), QuestionPurpose::Recheck, n))
            .chain([job("desk", QuestionPurpose::Desk, 50)])
            .collect();
        let plan = plan(&jobs, &Links::ALL_UP, PACE, PATIENCE, at(100));
        assert_eq!(ids(&plan), ["desk", "recheck0", "recheck1"]);
    }

    #[test]
    fn nothing_goes_out_while_a_link_is_down_but_one_question_may_probe_the_service() {
        let jobs = [job("a", QuestionPurpose::Recheck, 1), job("b", QuestionPurpose::Recheck, 2)];
        for link in [Link::Terminal, Link::Line] {
            let mut links = Links::ALL_UP;
            *links.get_mut(link) = LinkState::down(None);
            assert!(plan(&jobs, &links, Pace::default(), PATIENCE, at(100)).hand_over.is_empty());
            assert_eq!(blocked_by(&links), Some(link));
        }
        let mut links = Links::ALL_UP;
        links.national_service = LinkState::down(None);
        assert_eq!(ids(&plan(&jobs, &links, Pace::default(), PATIENCE, at(100))), ["a"]);
    }

    #[test]
    fn a_lost_answer_neither_blocks_the_rest_nor_is_asked_again() {
        let jobs: Vec<Job> =
            (0..4).map(|n| asked(&format!("lost{n}"), 0)).chain([job("next", QuestionPurpose::Recheck, 1)]).collect();
        let pace = PACE;
        let early = plan(&jobs, &Links::ALL_UP, pace, PATIENCE, at(9_999));
        assert!(early.hand_over.is_empty());
        assert_eq!(early.wake_at, Some(at(10_000)));
        assert_eq!(plan(&jobs, &Links::ALL_UP, pace, PATIENCE, at(1_999)).wake_at, Some(at(2_000)));
        assert_eq!(ids(&plan(&jobs, &Links::ALL_UP, pace, PATIENCE, at(10_000))), ["next"]);
        let late = plan(&jobs, &Links::ALL_UP, pace, PATIENCE, at(100_000));
        assert_eq!(late.wedge.len(), 4);
        assert_eq!(ids(&late), ["next"]);
    }

    #[test]
    fn many_questions_about_one_day_travel_together_and_use_one_place() {
        let mut jobs: Vec<Job> = (0..25).map(|n| job(&format!("re{n:02}"), QuestionPurpose::Recheck, n)).collect();
        jobs.push(job("desk", QuestionPurpose::Desk, 90));
        jobs.push(Job { alone: true, ..job("alone", QuestionPurpose::Recheck, 0) });
        let other_day = Some(Date::literal(2026, 5, 31));
        jobs.push(Job { confirm_for: other_day, ..job("yesterday", QuestionPurpose::Recheck, 91) });
        let wide = Pace { in_flight: 9, ..PACE };
        let first = plan(&jobs, &Links::ALL_UP, wide, PATIENCE, at(100));
        assert_eq!(ids(&first), ["desk", "alone", "10 together", "10 together", "re20", "re21", "re22", "re23"]);
        for job in jobs.iter_mut().take(10) {
            *job = Job { stage: Stage::Asked, asked_at: Some(at(100)), bundle: Some("b".into()), ..job.clone() };
        }
        let second = plan(&jobs, &Links::ALL_UP, Pace { in_flight: 3, ..PACE }, PATIENCE, at(101));
        assert_eq!(ids(&second), ["desk"], "one of three places is taken by the bundle, one is kept free");
        let mut failing = Links::ALL_UP;
        failing.national_service = LinkState::down(None);
        let probing = plan(&jobs[10..], &failing, wide, PATIENCE, at(101));
        assert_eq!(ids(&probing), ["desk"]);
    }

    #[test]
    fn failures_are_classified_once() {
        let retry = |attempts, dice| after_failure(Failure::RequestFailed, attempts, PATIENCE, at(0), dice);
        assert_eq!(retry(0, 0), AfterFailure::Retry(at(1_000)));
        assert_eq!(retry(3, 0), AfterFailure::Retry(at(8_000)));
        assert_eq!(retry(40, 255), AfterFailure::Retry(at(60_000 + 60_000 * 255 / 1024)));
        for failure in [Failure::Rejected, Failure::PersonFailed] {
            assert!(matches!(after_failure(failure, 0, PATIENCE, at(0), 0), AfterFailure::Wedge(_)));
        }
    }
}
