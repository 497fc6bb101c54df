//! A job for the outside in words.

use super::{Chip, duration, link, purpose, time};
use crate::lang::Lang;
use crate::port::{BundleState, JobItem, JobState};
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

fn bundle(lang: Lang, bundle: BundleState) -> String {
    let many = bundle.questions;
    let together = lang.pick(format!("{many}件まとめて"), format!("{many} together"));
    let so_far = if bundle.received {
        lang.pick("センター受領済み", "received by the service")
    } else {
        lang.pick("受領の連絡待ち", "no receipt yet")
    };
    let next = bundle.fetch_at.map(|at| format!(" · {}{}", lang.pick("次の確認 ", "next look "), time(at)));
    format!("{together} · {so_far}{}", next.unwrap_or_default())
}

fn state(lang: Lang, state: &JobState) -> (Chip, String) {
    let w = QueueWords::of(lang);
    let waiting = |detail: String| (Chip::new("open", "clock", lang.pick("待機", "waiting")), detail);
    match state {
        JobState::WaitingForLink(which) => waiting(format!("{}{}", w.waits_for, link(lang, *which))),
        JobState::WaitingUntil(at) => waiting(format!("{}{}", w.waits_until, time(*at))),
        JobState::Asked { since, bundle: together } => {
            let chip = Chip::new("provisional", "half", lang.pick("照会中", "asked"));
            let alone = format!("{}{}", w.asked_since, time(*since));
            (chip, together.map_or(alone.clone(), |together| format!("{alone} · {}", bundle(lang, together))))
        }
        JobState::NeedsPerson(why) => (Chip::new("changed", "flag", w.needs_person), lang.of(why)),
        JobState::WaitingForOthers(why) => (Chip::new("open", "clock", w.waits_for_others), lang.of(why)),
        JobState::Done { at, how } => {
            let chip = Chip::new("confirmed", "check", lang.pick("終了", "ended"));
            (chip, format!("{} {}", time(*at), lang.of(how)))
        }
    }
}
