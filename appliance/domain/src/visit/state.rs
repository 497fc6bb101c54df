//! The state a visit's facts fold to.

use super::trouble;
use super::{
    Accepted, CameFrom, CardReportedLost, FollowUpAssigned, FollowUpClosed, FollowUpSnoozed, LateOutcome, MoneyNoted,
    Opened, Placed, QuestionAsked, QuestionPurpose, Search, VisitFact,
};
use crate::apart::Merges;
use crate::case::{Attempt, Companion, Presented, StoredPatient};
use crate::date::{Date, Timestamp};
use crate::decision::FollowUp;
use crate::declaration::Declaration;
use crate::eligibility::{AskedBy, OnlineAnswer, PersonFace};
use crate::fact::{PatientId, QuestionId, Recorded, VisitId, in_order};
use crate::link::Cause;
use crate::lookup::Lookup;
use crate::public_payer::PublicPayer;
use crate::trouble::Trouble;
use std::collections::BTreeSet;

/// A question of this visit and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// its id
    pub question: QuestionId,
    /// what for
    pub purpose: QuestionPurpose,
    /// the keys
    pub search: Search,
    /// when it was written down
    pub at: Timestamp,
    /// answered, failed, or withheld; absent while nobody knows
    pub ended: Option<Timestamp>,
    /// why it failed, if it did
    pub failed: Option<Cause>,
    /// code the other side gave with the failure, opaque
    pub failed_code: Option<String>,
    /// since when nobody at the desk waits for the answer any longer, and who is silent; it may still come
    pub unanswered: Option<(Timestamp, Cause)>,
}

impl Asked {
    /// When and why nobody got an answer to this question, while nobody has.
    pub(super) fn came_to_nothing(&self) -> Option<(Timestamp, Cause)> {
        match self.ended {
            Some(ended) => Some((ended, self.failed?)),
            None => self.unanswered,
        }
    }
}

/// A visit as its facts tell it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct VisitState {
    /// how it began
    pub opened: Option<Opened>,
    /// when it began
    pub opened_at: Timestamp,
    /// where exactly the patient is received
    pub placed: Option<Placed>,
    /// the first visit of the family it came with
    pub family: Option<VisitId>,
    /// who presented the family
    pub brought_by: Option<String>,
    /// the waiting number or remote consent it began from
    pub came_from: Option<CameFrom>,
    /// the person as shown at the desk
    pub person: Option<PersonFace>,
    /// the patient on file
    pub patient: Option<PatientId>,
    /// what was on file
    pub stored: Option<StoredPatient>,
    /// everything presented, the latest of a kind
    pub presented: Vec<Presented>,
    /// everything that failed
    pub attempts: Vec<Attempt>,
    /// companion
    pub companion: Option<Companion>,
    /// certificate expiry
    pub certificate_expiry: Option<Date>,
    /// registered for insurance use
    pub card_registered: Option<bool>,
    /// the card is lost, as the patient said; none when it turned up at this visit after all
    pub card_lost: Option<CardReportedLost>,
    /// nothing changed since the last visit
    pub unchanged_said: bool,
    /// reason of the staff's own decision
    pub staff_decision: Option<String>,
    /// the declaration
    pub declaration: Option<Declaration>,
    /// questions asked
    pub questions: Vec<Asked>,
    /// the latest answer about this person
    pub answer: Option<OnlineAnswer>,
    /// the latest result of the official outage or disaster screen
    pub lookup: Option<Lookup>,
    /// that result is newer than any answer the box heard itself
    pub lookup_is_newest: bool,
    /// an answer about another person came and was not kept
    pub answer_withheld: bool,
    /// how the withheld answer was asked for
    pub withheld_asked_by: Option<AskedBy>,
    /// public payers, in the order of the claim
    pub public_payers: Vec<PublicPayer>,
    /// public payers a prescription named and nobody has compared with the certificate yet
    pub payers_named: Vec<PublicPayer>,
    /// how the check-in was accepted
    pub accepted: Option<Accepted>,
    /// when it was accepted
    pub accepted_at: Option<Timestamp>,
    /// ratio set by staff
    pub ratio_chosen: Option<u8>,
    /// reason of 10割
    pub full_charge: Option<String>,
    /// reason of leaving
    pub left_without_care: Option<String>,
    /// what late answers did, in order
    pub late: Vec<LateOutcome>,
    /// follow-ups that late answers opened
    pub late_follow_ups: Vec<FollowUp>,
    /// follow-ups somebody did
    pub closed: Vec<FollowUpClosed>,
    /// who does what, the latest of a kind
    pub assigned: Vec<FollowUpAssigned>,
    /// what waits until when, the latest of a kind
    pub snoozed: Vec<FollowUpSnoozed>,
    /// amounts of refunds and collections, the latest of a kind
    pub money: Vec<MoneyNoted>,
    /// staff compared with the certificate and there is no public payer at this visit
    pub subsidy_denied: bool,
    /// reason of the mistake
    pub voided: Option<String>,
    /// the troubles it met, in the survey's categories
    pub troubles: BTreeSet<Trouble>,
    /// what it was made one with, or kept apart from
    pub merges: Merges<VisitId>,
    /// when the latest answer was written down
    pub answer_at: Option<Timestamp>,
}

impl VisitState {
    /// Folds facts, in whatever order they are handed over.
    pub fn fold(mut facts: Vec<Recorded<VisitFact>>) -> VisitState {
        in_order(&mut facts);
        let mut state = VisitState::default();
        facts.iter().for_each(|recorded| state.take_merge(&recorded.fact));
        for recorded in facts {
            state.take(recorded.at, recorded.fact);
        }
        state
    }

    /// Takes one more fact that is later than all the others.
    pub fn take(&mut self, at: Timestamp, fact: VisitFact) {
        self.take_merge(&fact);
        self.troubles.extend(trouble::told_by(&fact, self));
        match fact {
            VisitFact::Opened(opened) => {
                self.opened_at = at;
                self.opened = Some(opened);
            }
            VisitFact::Placed(placed) => self.take_place(placed),
            VisitFact::FamilyJoined(joined) => {
                self.family = Some(joined.family);
                self.brought_by = joined.brought_by.or(self.brought_by.take());
            }
            VisitFact::CameFrom(came) => self.came_from = Some(came),
            VisitFact::PersonTaken(taken) => self.person = Some(taken.person),
            VisitFact::PatientLinked(linked) => {
                self.patient = Some(linked.patient);
                self.stored = linked.stored;
            }
            VisitFact::DocumentPresented(document) => self.take_document(document.presented),
            VisitFact::AttemptFailed(failed) => self.attempts.push(failed.attempt),
            VisitFact::CompanionCame(came) => self.companion = Some(came.companion),
            VisitFact::CardSeen(seen) => {
                self.certificate_expiry = seen.certificate_expiry.or(self.certificate_expiry);
                self.card_registered = seen.registered.or(self.card_registered);
            }
            VisitFact::CardLost(lost) => self.card_lost = Some(lost),
            VisitFact::UnchangedSaid(_) => self.unchanged_said = true,
            VisitFact::StaffDecided(decided) => self.staff_decision = Some(decided.reason),
            VisitFact::DeclarationTaken(taken) => self.declaration = Some(taken.declaration),
            VisitFact::QuestionAsked(asked) => self.take_question(at, asked),
            VisitFact::AnswerReceived(received) => {
                self.end_question(received.question.as_ref(), at, None, None);
                self.answer = Some(received.answer);
                self.answer_at = Some(at);
                self.lookup_is_newest = false;
            }
            VisitFact::QuestionFailed(failed) => {
                self.end_question(Some(&failed.question), at, Some(failed.cause), failed.code);
            }
            VisitFact::QuestionUnanswered(silent) => {
                let asked = self.questions.iter_mut().find(|asked| asked.question == silent.question);
                asked.into_iter().for_each(|asked| asked.unanswered = Some((at, silent.cause)));
            }
            VisitFact::LookupEntered(entered) => {
                self.lookup = Some(entered.lookup);
                self.lookup_is_newest = true;
            }
            VisitFact::AnswerWithheld(withheld) => {
                self.end_question(withheld.question.as_ref(), at, Some(Cause::Data), None);
                self.answer_withheld = true;
                self.withheld_asked_by = Some(withheld.asked_by());
            }
            VisitFact::PublicPayersTaken(taken) => {
                self.subsidy_denied = taken.payers.is_empty();
                self.public_payers = taken.payers;
                self.payers_named.clear();
            }
            VisitFact::PublicPayersNamed(named) => self.payers_named = named.payers,
            VisitFact::DisasterModeNoted(noted) => {
                self.opened.iter_mut().for_each(|opened| opened.site.disaster_mode_open = noted.open);
            }
            VisitFact::Accepted(accepted) => {
                self.accepted_at.get_or_insert(at);
                self.accepted.get_or_insert(accepted);
            }
            VisitFact::RatioChosen(chosen) => self.ratio_chosen = Some(chosen.tenths),
            VisitFact::FullChargeAsked(asked) => self.full_charge = Some(asked.reason),
            VisitFact::LeftWithoutCare(left) => self.left_without_care = Some(left.reason),
            VisitFact::Reconciled(reconciled) => {
                self.late.push(reconciled.outcome);
                // the same late truth heard at two counters is collected once
                let known = self.late_follow_ups.clone();
                self.late_follow_ups.extend(reconciled.follow_ups.into_iter().filter(|item| !known.contains(item)));
            }
            VisitFact::FollowUpClosed(closed) => self.closed.push(closed),
            VisitFact::FollowUpAssigned(assigned) => {
                self.assigned.retain(|known| known.kind != assigned.kind);
                self.assigned.push(assigned);
            }
            VisitFact::FollowUpSnoozed(snoozed) => {
                self.snoozed.retain(|known| known.kind != snoozed.kind);
                self.snoozed.push(snoozed);
            }
            VisitFact::MoneyNoted(noted) => self.take_money(noted),
            VisitFact::Voided(voided) => self.voided = Some(voided.reason),
            VisitFact::Reopened(_) => {
                self.voided = None;
                self.left_without_care = None;
            }
            VisitFact::Carried(carried) => self.take_carried(carried),
            VisitFact::Settled(_)
            | VisitFact::Merged(_)
            | VisitFact::MergeUndone(_)
            | VisitFact::KeptApart(_)
            | VisitFact::Unknown(..) => {}
        }
    }

    /// Settled money does the follow-up.
    fn take_money(&mut self, noted: MoneyNoted) {
        if noted.way.is_some() {
            self.closed.push(FollowUpClosed { kind: noted.kind, note: format!("{}円", noted.yen) });
        }
        self.money.retain(|known| known.kind != noted.kind);
        self.money.push(noted);
    }

    /// What a later fact does not say stays as it was.
    fn take_place(&mut self, placed: Placed) {
        let known = self.placed.take();
        self.placed = Some(Placed {
            kind: placed.kind.or(known.as_ref().and_then(|known| known.kind)),
            place: placed.place.or(known.and_then(|known| known.place)),
        });
    }

    /// A card that is put on the desk is not lost.
    fn take_document(&mut self, presented: Presented) {
        self.card_lost = self.card_lost.take().filter(|_| !presented.kind.is_card_itself());
        self.presented.retain(|known| known.kind != presented.kind);
        self.presented.push(presented);
    }

    /// A question that another box took over is said again under its id, and stays the one question.
    fn take_question(&mut self, at: Timestamp, asked: QuestionAsked) {
        let QuestionAsked { question, purpose, search } = asked;
        if self.questions.iter().any(|known| known.question == question) {
            return;
        }
        let (ended, failed, failed_code, unanswered) = (None, None, None, None);
        self.questions.push(Asked { question, purpose, search, at, ended, failed, failed_code, unanswered });
    }

    pub(super) fn end_question(
        &mut self,
        question: Option<&QuestionId>,
        at: Timestamp,
        failed: Option<Cause>,
        code: Option<String>,
    ) {
        for asked in self.questions.iter_mut().filter(|asked| Some(&asked.question) == question) {
            asked.ended = Some(at);
            asked.failed = failed;
            asked.failed_code.clone_from(&code);
        }
    }
}
