//! Questions that stay without an answer: the desk is told once, so that its ladder turns; the lookout, so that the lamp does.

use super::Courier;
use crate::desk::Input;
use domain::Timestamp;
use domain::fact::QuestionId;
use domain::link::Cause;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use sync::outbox::{Silent, blocked_by};

/// Silences the desk was told of. What is forgotten over a restart is told once more, which changes nothing.
#[derive(Default)]
pub(super) struct Told(Mutex<BTreeSet<Silent>>);

impl Told {
    /// Those nobody was told of; from now on they are told, and those that are over are forgotten.
    fn news(&self, silent: &[Silent]) -> Vec<Silent> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|known| silent.contains(known));
        silent.iter().filter(|one| told.insert((*one).clone())).cloned().collect()
    }
}

/// A question from longer ago says nothing of the service as it is now: so many times as long as one counts as in flight.
const STILL_NEWS: i64 = 5;

impl Courier {
    pub(super) async fn tell_silence(&self, silent: Vec<Silent>, now: Timestamp) {
        let news = self.told_silent.news(&silent);
        if news.is_empty() {
            return;
        }
        let cause = self.who_is_silent();
        let at_desk: Vec<QuestionId> = news.iter().filter(|one| one.at_desk).map(|one| one.question.clone()).collect();
        if !at_desk.is_empty() {
            self.tell(|reply| Input::Silent(at_desk, cause, reply)).await;
        }
        if cause == Cause::NationalService {
            let still_news_ms = self.desk.settings().patience.overdue_after_ms.saturating_mul(STILL_NEWS);
            let recent = silent.iter().map(|one| one.asked_at).filter(|at| now.since_ms(*at) < still_news_ms);
            let recent: Vec<Timestamp> = recent.collect();
            self.lookout.note(|signals| signals.note_silence(&recent)).await;
        }
    }

    /// The link that is known to be down; the terminal, while it leaves requests lying; else the service behind a line that works.
    fn who_is_silent(&self) -> Cause {
        let report = self.desk.link_report();
        if let Some(why) = blocked_by(&report.links).and_then(|_| report.links.broken_for_query()) {
            return why.cause;
        }
        let patience_ms = u64::try_from(self.desk.settings().patience.silent_after_ms).unwrap_or(u64::MAX);
        let (lying, oldest_ms) = report.unpicked;
        if lying > 0 && oldest_ms.saturating_mul(2) >= patience_ms { Cause::Terminal } else { Cause::NationalService }
    }
}
