//! Answers of the national service, and what staff copied from its screens, on their way into a visit.

use super::{Progress, Refused, reasoned_number, refused};
use crate::coverage::Coverage;
use crate::eligibility::{OnlineAnswer, PersonFace, PersonMatch, match_person};
use crate::evidence::{Confidence, EvidenceKind};
use crate::visit::late::{LateOutcome, reconcile};
use crate::visit::state::{Asked, VisitState};
use crate::visit::{AnswerReceived, AnswerWithheld, LookupEntered, QuestionUnanswered, Reconciled, VisitFact};

impl Progress<'_> {
    /// The gate: another person's data are not kept, not shown, and change nothing but the warning.
    pub(super) fn take_answer(&mut self, received: AnswerReceived) {
        let before = self.state.clone();
        let before_coverage = self.went_by();
        if self.speaks_of_somebody_else(&received.answer) {
            let asked_by = received.answer.asked_by;
            self.add(VisitFact::AnswerWithheld(AnswerWithheld { question: received.question, asked_by }));
            if before.accepted.is_some() {
                self.add(VisitFact::Reconciled(Reconciled {
                    outcome: LateOutcome::PersonMismatch,
                    ratio_charged: before.ratio_charged(),
                    ratio_right: None,
                    follow_ups: Vec::new(),
                }));
            }
            return;
        }
        self.add(VisitFact::AnswerReceived(received));
        self.re_decide(&before, before_coverage.as_ref());
    }

    /// Said once for a question, and only of one that is still out.
    pub(super) fn take_silence(&mut self, silent: QuestionUnanswered) {
        let waits = |asked: &Asked| asked.question == silent.question && asked.ended.is_none();
        if self.state.questions.iter().any(|asked| waits(asked) && asked.unanswered.is_none()) {
            self.add(VisitFact::QuestionUnanswered(silent));
        }
    }

    pub(super) fn speaks_of_somebody_else(&self, answer: &OnlineAnswer) -> bool {
        let known = self.state.person.as_ref().unwrap_or(&PersonFace::EMPTY);
        answer.results.iter().any(|result| match_person(known, &result.person) == PersonMatch::Different)
    }

    /// The same gate for what staff copied: nothing of another person is kept, and nothing that a better answer has settled.
    pub(super) fn enter_lookup(&mut self, entered: LookupEntered) -> Result<(), Refused> {
        let lookup = &entered.lookup;
        if let Some((at, why)) = lookup.fault(self.now) {
            return Err(Refused::At { at, why });
        }
        if Some(lookup.answer.confirmed_for) != self.state.visit_date() {
            return Err(refused(
                "lookup",
                "画面で照会した日付（資格確認日）がこの受付の日と違います。",
                "The screen was asked about another day than this visit's.",
            ));
        }
        let open = self.state.opened.as_ref().is_some_and(|opened| opened.site.disaster_mode_open);
        if lookup.kind == EvidenceKind::DisasterMode && !open {
            return Err(refused(
                "kind",
                "災害時の機能はこの地域・この日には開放されていません。開放の通知があれば「機器と回線」の画面で開始してください。",
                "The disaster function is not open for this region and day. Once it is announced, start it on the page of the links.",
            ));
        }
        if self.speaks_of_somebody_else(&lookup.answer) {
            return Err(refused(
                "person",
                "画面の方は患者さんと別の方のようです。書き写さず、カナ・生年月日・性別を見比べてください。",
                "The screen seems to show another person. Do not copy it; compare kana, birth date and sex.",
            ));
        }
        if self.is_confirmed_online() {
            return Err(refused(
                "kind",
                "この受付は全国システムで確認済みです。書き写す必要はありません。",
                "The national service has confirmed this visit already. There is nothing to copy.",
            ));
        }
        if let Some(result) = lookup.answer.main_result() {
            reasoned_number(&result.coverage)?;
        }
        self.add(VisitFact::LookupEntered(entered));
        Ok(())
    }

    fn is_confirmed_online(&self) -> bool {
        let accepted = self.decision().and_then(|decision| decision.accepted);
        accepted.is_some_and(|accepted| accepted.confidence == Confidence::ConfirmedOnline)
    }

    pub(super) fn re_decide(&mut self, before: &VisitState, before_coverage: Option<&Coverage>) {
        if let Some(fact) = self.decision().and_then(|now| reconcile(before, before_coverage, &now)) {
            self.add(fact);
        }
    }
}
