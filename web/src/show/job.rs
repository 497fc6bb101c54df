//! A job for the outside in words.

use super::{Chip, duration, link, purpose, time};
use crate::lang::Lang;
use crate::port::{JobItem, JobState};
use crate::words::QueueWords;
use domain::Timestamp;

/// One job as a line of a list.
pub struct JobLine {
    pub id: String,
    pub title: String,
    pub purpose: &'static str,
    pub name: String,
    pub visit: Option<String>,
    pub age: String,
    pub attempts: u32,
    pub chip: Chip,
    pub detail: String,
    pub problem: String,
    pub can_send: bool,
    pub can_ask_again: bool,
}

impl JobLine {
    pub fn of(lang: Lang, job: &JobItem, now: Timestamp) -> JobLine {
        let (chip, detail) = state(lang, &job.state);
        JobLine {
            id: job.job.to_string(),
            title: lang.of(&job.title),
            purpose: purpose(lang, job.purpose),
            name: job.name.clone().unwrap_or_default(),
            visit: job.visit.as_ref().map(ToString::to_string),
            age: duration(lang, now.since_ms(job.created_at)),
            attempts: job.attempts,
            chip,
            detail,
            problem: job.last_problem.as_ref().map(|text| lang.of(text)).unwrap_or_default(),
            can_send: job.can_send_now(),
            can_ask_again: job.can_ask_again(),
        }
    }
}

fn state(lang: Lang, state: &JobState) -> (Chip, String) {
    let w = QueueWords::of(lang);
    let waiting = |detail: String| (Chip::new("open", "clock", lang.pick("待機", "waiting")), detail);
    match state {
        JobState::WaitingForLink(which) => waiting(format!("{}{}", w.waits_for, link(lang, *which))),
        JobState::WaitingUntil(at) => waiting(format!("{}{}", w.waits_until, time(*at))),
        JobState::Asked { since } => {
            let chip = Chip::new("provisional", "half", lang.pick("照会中", "asked"));
            (chip, format!("{}{}", w.asked_since, time(*since)))
        }
        JobState::NeedsPerson(why) => (Chip::new("changed", "flag", w.needs_person), lang.of(why)),
        JobState::WaitingForOthers(why) => (Chip::new("open", "clock", w.waits_for_others), lang.of(why)),
        JobState::Done { at, how } => {
            let chip = Chip::new("confirmed", "check", lang.pick("終了", "ended"));
            (chip, format!("{} {}", time(*at), lang.of(how)))
        }
    }
}
