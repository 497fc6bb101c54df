//! What a counter asks outside, and what it hears back.

use super::counter::Counter;
use domain::Date;
use domain::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer};
use domain::fact::QuestionId;
use sync::outbox::Stage;
use uketsuke::desk::{HandOver, Heard, HeardWhat, Input, Intended};
use uketsuke::store::JobRow;

/// An answer without a result, to a question by number.
pub fn answer(status: EligibilityStatus, day: Date) -> OnlineAnswer {
    OnlineAnswer {
        status,
        asked_by: Some(AskedBy::Number),
        confirmed_for: day,
        obtained_at: None,
        results: Vec::new(),
        consents: Vec::new(),
        reference_number: None,
        note: None,
    }
}

/// The file in which the answer to a request of this suffix says that nobody is known.
pub fn nobody_is_known(suffix: &str, day: Date) -> Heard {
    let answer = Box::new(answer(EligibilityStatus::NotFound, day));
    let what = HeardWhat::Answered { suffix: suffix.to_owned(), answer };
    Heard { name: format!("OQSsiquc01res_{suffix}.xml"), sha256: [1; 32], what }
}

impl Counter {
    /// What this box itself is to ask.
    pub fn own_jobs(&self) -> Vec<JobRow> {
        let open = self.desk.readers().read(|reading| reading.open_jobs()).unwrap();
        open.into_iter().filter(|row| row.job.stage != Stage::Elsewhere).collect()
    }

    /// The questions this box itself is to ask.
    pub fn to_ask(&self) -> Vec<QuestionId> {
        self.own_jobs().into_iter().map(|row| row.job.question).collect()
    }

    /// Is about to hand a question to the terminal.
    pub async fn hands_over(&self, question: &QuestionId, suffix: &str) -> Intended {
        let hand_over = HandOver::one(question.clone(), suffix, "i", self.clock.now());
        self.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap()
    }

    pub async fn hears(&self, heard: Heard) {
        self.desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
    }

    /// Asks, and hears that nobody of these numbers is known.
    pub async fn asks_in_vain(&self, question: &QuestionId, suffix: &str) {
        self.hands_over(question, suffix).await;
        self.hears(nobody_is_known(suffix, self.clock.now().date_in_japan())).await;
    }
}
