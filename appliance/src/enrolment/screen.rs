//! What people see of enrolments under way, and what they answer.

use domain::text::Text;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{oneshot, watch};
use uuid::Uuid;
use web::port::{DigitsOf, DigitsQuestion};

/// The screen. It tells when something on it changes.
pub struct Screen {
    shown: Mutex<Shown>,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct Shown {
    questions: Vec<(DigitsQuestion, Option<oneshot::Sender<bool>>)>,
    said: Option<Text>,
    entering: bool,
}

/// A question on the screen; it goes when this is dropped.
pub(super) struct Asked {
    screen: Arc<Screen>,
    id: String,
}

impl Screen {
    /// Nothing on it. `changes` counts up with everything new.
    pub fn new(changes: watch::Sender<u64>) -> Arc<Screen> {
        Arc::new(Screen { shown: Mutex::default(), changes })
    }

    /// The digits to compare.
    pub fn questions(&self) -> Vec<DigitsQuestion> {
        self.shown().questions.iter().map(|(question, _)| question.clone()).collect()
    }

    /// What came of the last code or enrolment.
    pub fn said(&self) -> Option<Text> {
        self.shown().said.clone()
    }

    /// This box is about to start anew as a member of another facility.
    pub fn is_entering(&self) -> bool {
        self.shown().entering
    }

    /// Somebody compared the digits. `false` when that question is no longer there, or was answered.
    pub fn answer(&self, id: &str, same: bool) -> bool {
        let mut shown = self.shown();
        let Some((question, answer)) = shown.questions.iter_mut().find(|(question, _)| question.id == id) else {
            return false;
        };
        let Some(answer) = answer.take() else { return question.confirmed == same };
        question.confirmed = same;
        // whoever asked may have gone the moment before; then the question goes, too
        let _ = answer.send(same);
        drop(shown);
        self.changed();
        true
    }

    pub(super) fn ask(self: &Arc<Self>, of: DigitsOf, name: &str, digits: String) -> (Asked, oneshot::Receiver<bool>) {
        let id = Uuid::new_v4().simple().to_string();
        let question = DigitsQuestion { id: id.clone(), of, name: name.to_owned(), digits, confirmed: false };
        let (answer, later) = oneshot::channel();
        {
            let mut shown = self.shown();
            shown.said = None;
            shown.questions.push((question, Some(answer)));
        }
        self.changed();
        (Asked { screen: self.clone(), id }, later)
    }

    pub(super) fn say(&self, said: Option<Text>) {
        self.shown().said = said;
        self.changed();
    }

    pub(super) fn say_entering(&self) {
        self.shown().entering = true;
        self.changed();
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.screen.shown().questions.retain(|(question, _)| question.id != self.id);
        self.screen.changed();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_question_is_answered_once_and_goes_with_who_asked() {
        let screen = Screen::new(watch::Sender::new(0));
        let (asked, mut later) = screen.ask(DigitsOf::NewBox, "第2窓口", "0000 1111 2222 3333 4444".to_owned());
        let id = screen.questions()[0].id.clone();
        assert!(!screen.answer("another", true));
        assert!(screen.answer(&id, true));
        assert!(later.try_recv().unwrap());
        assert!(screen.questions()[0].confirmed);
        assert!(screen.answer(&id, true), "said twice is said once");
        assert!(!screen.answer(&id, false), "what was said is not taken back");
        drop(asked);
        assert!(screen.questions().is_empty() && !screen.answer(&id, true));
    }
}
