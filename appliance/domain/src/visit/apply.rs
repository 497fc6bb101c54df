//! Commands on a visit: what staff, readers and answers want to add, checked against the rules.

use super::late::{LateOutcome, reconcile};
use super::state::{VisitState, VisitStatus};
use super::{
    Accepted, AnswerReceived, AnswerWithheld, AttemptFailed, CardSeen, CompanionCame, DeclarationTaken,
    DocumentPresented, FollowUpClosed, FullChargeAsked, LeftWithoutCare, Opened, PatientLinked, PersonTaken,
    QuestionAsked, QuestionFailed, RatioChosen, Reconciled, StaffDecided, UnchangedSaid, VisitFact, Voided,
};
use crate::coverage::Coverage;
use crate::date::Timestamp;
use crate::decision::Decision;
use crate::eligibility::{OnlineAnswer, PersonFace, PersonMatch, match_person};
use crate::link::Links;
use crate::rule::RulePack;
use crate::text::Text;

/// What somebody wants to add to a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitCommand {
    /// open the visit
    Open(Opened),
    /// take down the person
    TakePerson(PersonTaken),
    /// link the patient on file
    LinkPatient(PatientLinked),
    /// take a paper, screen, card or word
    Present(DocumentPresented),
    /// report that a way of identifying failed
    ReportAttempt(AttemptFailed),
    /// note who came with the patient
    NoteCompanion(CompanionCame),
    /// note the card's certificate or registration
    NoteCard(CardSeen),
    /// the patient said that nothing changed
    SayUnchanged,
    /// staff take the person in by their own decision
    Decide(StaffDecided),
    /// take the declaration
    TakeDeclaration(DeclarationTaken),
    /// write down a question to be asked
    Ask(QuestionAsked),
    /// take an answer
    TakeAnswer(AnswerReceived),
    /// take note that a question failed
    TakeFailure(QuestionFailed),
    /// choose the ratio
    ChooseRatio(RatioChosen),
    /// ask for 10割
    AskFullCharge(FullChargeAsked),
    /// the patient leaves without care
    Leave(LeftWithoutCare),
    /// a follow-up is done
    CloseFollowUp(FollowUpClosed),
    /// the visit was a mistake
    Void(Voided),
}

/// Why a command is refused by the rules: said to staff, nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// the field or step it is about
    pub at: &'static str,
    /// what is wrong and what to do
    pub why: Text,
}

/// Applies commands in order and returns the facts they make, acceptance and late re-decision included. Either every
/// command applies or none does.
pub fn apply(
    state: &VisitState,
    commands: Vec<VisitCommand>,
    rules: &RulePack,
    now: Timestamp,
    links: &Links,
) -> Result<Vec<VisitFact>, Refused> {
    let mut progress = Progress { state: state.clone(), facts: Vec::new(), rules, now, links };
    for command in commands {
        progress.command(command)?;
    }
    progress.accept_if_settled();
    Ok(progress.facts)
}

struct Progress<'a> {
    state: VisitState,
    facts: Vec<VisitFact>,
    rules: &'a RulePack,
    now: Timestamp,
    links: &'a Links,
}

impl Progress<'_> {
    fn command(&mut self, command: VisitCommand) -> Result<(), Refused> {
        self.check_phase(&command)?;
        match command {
            VisitCommand::Open(opened) => self.add(VisitFact::Opened(opened)),
            VisitCommand::TakePerson(taken) => self.add(VisitFact::PersonTaken(taken)),
            VisitCommand::LinkPatient(linked) => self.add(VisitFact::PatientLinked(linked)),
            VisitCommand::Present(document) => self.add(VisitFact::DocumentPresented(document)),
            VisitCommand::ReportAttempt(failed) => self.add(VisitFact::AttemptFailed(failed)),
            VisitCommand::NoteCompanion(came) => self.add(VisitFact::CompanionCame(came)),
            VisitCommand::NoteCard(seen) => self.add(VisitFact::CardSeen(seen)),
            VisitCommand::SayUnchanged => {
                self.add(VisitFact::UnchangedSaid(UnchangedSaid { links: self.links.clone() }))
            }
            VisitCommand::Decide(decided) => {
                required("reason", &decided.reason)?;
                self.add(VisitFact::StaffDecided(decided));
            }
            VisitCommand::TakeDeclaration(taken) => self.add(VisitFact::DeclarationTaken(taken)),
            VisitCommand::Ask(asked) => self.add(VisitFact::QuestionAsked(asked)),
            VisitCommand::TakeAnswer(received) => self.take_answer(received),
            VisitCommand::TakeFailure(failed) => self.add(VisitFact::QuestionFailed(failed)),
            VisitCommand::ChooseRatio(chosen) => self.choose_ratio(chosen)?,
            VisitCommand::AskFullCharge(asked) => self.ask_full_charge(asked)?,
            VisitCommand::Leave(left) => {
                required("reason", &left.reason)?;
                self.add(VisitFact::LeftWithoutCare(left));
            }
            VisitCommand::CloseFollowUp(closed) => self.add(VisitFact::FollowUpClosed(closed)),
            VisitCommand::Void(voided) => {
                required("reason", &voided.reason)?;
                self.add(VisitFact::Voided(voided));
            }
        }
        Ok(())
    }

    fn check_phase(&self, command: &VisitCommand) -> Result<(), Refused> {
        let opening = matches!(command, VisitCommand::Open(_));
        if opening == self.state.opened.is_some() {
            return Err(refused(
                "visit",
                "受付の状態が変わっています。画面を更新してください。",
                "The visit has changed. Reload the page.",
            ));
        }
        // Answers are always taken: late truth finds even a visit that was ended.
        let from_outside = matches!(command, VisitCommand::TakeAnswer(_) | VisitCommand::TakeFailure(_));
        if self.state.status() == VisitStatus::Voided && !from_outside {
            return Err(refused("visit", "この受付は取り消されています。", "This visit was voided."));
        }
        Ok(())
    }

    fn add(&mut self, fact: VisitFact) {
        self.state.take(self.now, fact.clone());
        self.facts.push(fact);
    }

    fn decision(&self) -> Option<Decision> {
        self.state.decide(self.rules, self.now, self.links)
    }

    /// The gate: another person's data are not kept, not shown, and change nothing but the warning.
    fn take_answer(&mut self, received: AnswerReceived) {
        let before = self.state.clone();
        let before_coverage = self.decision().and_then(|d| d.claim.coverage);
        if self.speaks_of_somebody_else(&received.answer) {
            self.add(VisitFact::AnswerWithheld(AnswerWithheld { question: received.question }));
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

    fn speaks_of_somebody_else(&self, answer: &OnlineAnswer) -> bool {
        let known = self.state.person.as_ref().unwrap_or(&PersonFace::EMPTY);
        answer.results.iter().any(|result| match_person(known, &result.person) == PersonMatch::Different)
    }

    fn re_decide(&mut self, before: &VisitState, before_coverage: Option<&Coverage>) {
        if let Some(fact) = self.decision().and_then(|now| reconcile(before, before_coverage, &now)) {
            self.add(fact);
        }
    }

    fn choose_ratio(&mut self, chosen: RatioChosen) -> Result<(), Refused> {
        if chosen.tenths > 3 {
            return Err(refused("ratio", "負担割合は0〜3割から選んでください。", "Choose a share from 0 to 3 tenths."));
        }
        required("reason", &chosen.reason)?;
        self.add(VisitFact::RatioChosen(chosen));
        Ok(())
    }

    fn ask_full_charge(&mut self, asked: FullChargeAsked) -> Result<(), Refused> {
        required("reason", &asked.reason)?;
        let charge = self.decision().map(|decision| decision.full_charge);
        if let Some(charge) = charge.filter(|charge| !charge.may_be_asked) {
            return Err(Refused { at: "full_charge", why: charge.reason });
        }
        self.add(VisitFact::FullChargeAsked(asked));
        Ok(())
    }

    /// Once the rules accept what is there, the check-in is accepted in the same breath.
    fn accept_if_settled(&mut self) {
        let ended = self.state.left_without_care.is_some() || self.state.voided.is_some();
        if self.state.accepted.is_some() || ended {
            return;
        }
        let Some(decision) = self.decision() else { return };
        let Some(acceptance) = decision.accepted else { return };
        let links = self.links.clone();
        self.add(VisitFact::Accepted(Accepted {
            acceptance,
            ratio_tenths: self.state.ratio_chosen.or(decision.ratio.tenths),
            ratio_basis: decision.ratio.basis,
            claim_basis: decision.claim.basis,
            links,
            rules_version: decision.rules_version,
        }));
    }
}

fn required(at: &'static str, text: &str) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(refused(at, "理由を入力してください。", "Please give a reason."));
    }
    Ok(())
}

fn refused(at: &'static str, ja: &str, en: &str) -> Refused {
    Refused { at, why: Text::new(ja, en) }
}
