//! What a fact of a visit counts as in the survey's categories. Which fact belongs to which row is our reading of the survey's words
//! (inferred). Addresses are compared as far as two spellings of one address can be told from two addresses.

use super::state::VisitState;
use super::{Accepted, AnswerReceived, AttemptFailed, CardSeen, LateOutcome, Reconciled, VisitFact};
use crate::address;
use crate::case::{AttemptOutcome, Presented};
use crate::coverage::Coverage;
use crate::eligibility::{EligibilityStatus, OnlineAnswer, PersonFace};
use crate::kana::{self, NameMatch};
use crate::link::Cause;
use crate::trouble::Trouble;

/// The troubles a fact tells of, to somebody who knows the facts before it.
pub(super) fn told_by(fact: &VisitFact, before: &VisitState) -> Vec<Trouble> {
    match fact {
        VisitFact::AnswerReceived(AnswerReceived { answer, .. }) => of_answer(answer, before),
        VisitFact::LookupEntered(entered) => of_answer(&entered.lookup.answer, before),
        VisitFact::DocumentPresented(document) => {
            before.answer.iter().flat_map(|answer| against_document(answer, &document.presented)).collect()
        }
        VisitFact::PersonTaken(taken) => before
            .answer
            .iter()
            .filter(|answer| is_mismatched(answer, &taken.person))
            .map(|_| Trouble::NameMismatch)
            .collect(),
        VisitFact::AttemptFailed(AttemptFailed { attempt }) => vec![of_attempt(attempt.outcome)],
        VisitFact::CardSeen(seen) => is_expired(seen, before).then_some(Trouble::Expired).into_iter().collect(),
        VisitFact::QuestionFailed(failed) => of_cause(failed.cause).into_iter().collect(),
        VisitFact::QuestionUnanswered(silent) => of_cause(silent.cause).into_iter().collect(),
        VisitFact::Accepted(accepted) => of_acceptance(accepted),
        VisitFact::AnswerWithheld(_) => vec![Trouble::OtherPerson],
        VisitFact::Reconciled(reconciled) => of_late_truth(reconciled, before),
        VisitFact::CardLost(_) => vec![Trouble::Other],
        VisitFact::FullChargeAsked(_) => vec![Trouble::FullCharge],
        VisitFact::LeftWithoutCare(_) => vec![Trouble::LeftWithoutCare],
        _ => Vec::new(),
    }
}

fn of_answer(answer: &OnlineAnswer, before: &VisitState) -> Vec<Trouble> {
    let mut told = Vec::new();
    told.extend(match answer.status {
        EligibilityStatus::Invalid | EligibilityStatus::Superseded => Some(Trouble::ShownInvalid),
        EligibilityStatus::NotFound => Some(Trouble::NoSuchNumber),
        _ => None,
    });
    let insured = before.visit_date().is_some_and(|day| answer.is_valid_on(day));
    if insured && before.troubles.contains(&Trouble::ShownInvalid) {
        told.push(Trouble::InvalidThoughInsured);
    }
    if answer.results.iter().any(|result| has_unmappable(&result.person)) {
        told.push(Trouble::UnprintableName);
    }
    if before.person.as_ref().is_some_and(|person| is_mismatched(answer, person)) {
        told.push(Trouble::NameMismatch);
    }
    told.extend(before.presented.iter().flat_map(|presented| against_document(answer, presented)));
    told
}

fn has_unmappable(person: &PersonFace) -> bool {
    [&person.name, &person.address].into_iter().flatten().any(|text| kana::has_unmappable(text))
}

/// The same person under another spelling or another address; ● alone has a row of its own.
fn is_mismatched(answer: &OnlineAnswer, known: &PersonFace) -> bool {
    is_respelt(answer, known) || has_moved(answer, known)
}

/// An address that does not come back is no mismatch: it may be kept back on purpose (checkin-rules §3.9).
fn has_moved(answer: &OnlineAnswer, known: &PersonFace) -> bool {
    let Some(address) = &known.address else { return false };
    let mut returned = answer.results.iter().filter_map(|result| result.person.address.as_deref());
    returned.any(|returned| address::differ(returned, address))
}

fn is_respelt(answer: &OnlineAnswer, known: &PersonFace) -> bool {
    let Some(name) = &known.name else { return false };
    let returned = answer.results.iter().filter_map(|result| result.person.name.as_deref());
    returned
        .filter(|returned| !returned.trim().is_empty())
        .any(|returned| matches!(kana::name_match(returned, name), NameMatch::Variant | NameMatch::Different))
}

/// What a paper of this visit says otherwise than the answer; what either leaves open is no contradiction.
fn against_document(answer: &OnlineAnswer, presented: &Presented) -> Vec<Trouble> {
    let Some(returned) = answer.insurance().map(|result| &result.coverage) else { return Vec::new() };
    let shown = &presented.coverage;
    let ratio = |coverage: &Coverage| coverage.elderly.as_ref().and_then(|e| e.ratio_tenths).or(coverage.ratio_tenths);
    let limit = |coverage: &Coverage| coverage.limit.as_ref().map(|limit| limit.limit_class.clone());
    let ratios = differ(ratio(shown), ratio(returned)).then_some(Trouble::RatioMismatch);
    let limits = differ(limit(shown), limit(returned)).then_some(Trouble::CeilingWrong);
    ratios.into_iter().chain(limits).collect()
}

fn differ<T: PartialEq>(one: Option<T>, two: Option<T>) -> bool {
    matches!((one, two), (Some(one), Some(two)) if one != two)
}

fn of_attempt(outcome: AttemptOutcome) -> Trouble {
    match outcome {
        AttemptOutcome::Failed => Trouble::Reader,
        AttemptOutcome::Locked
        | AttemptOutcome::Forgotten
        | AttemptOutcome::Unreadable
        | AttemptOutcome::OtherPerson => Trouble::Other,
    }
}

fn is_expired(seen: &CardSeen, before: &VisitState) -> bool {
    matches!((seen.certificate_expiry, before.visit_date()), (Some(expiry), Some(day)) if expiry < day)
}

fn of_acceptance(accepted: &Accepted) -> Vec<Trouble> {
    let cause = accepted.acceptance.why_not_better.as_ref().map(|why| why.cause);
    cause.and_then(of_cause).into_iter().collect()
}

fn of_cause(cause: Cause) -> Option<Trouble> {
    match cause {
        Cause::Reader => Some(Trouble::Reader),
        Cause::Terminal => Some(Trouble::NoReplyTerminal),
        Cause::Line => Some(Trouble::NoReplyLine),
        Cause::NationalService => Some(Trouble::NoReplyNationalService),
        Cause::Certificate => Some(Trouble::Expired),
        Cause::Power | Cause::Card | Cause::Data | Cause::Patient => None,
    }
}

/// 10割 that is paid back was no wrong ratio: nobody knew one.
fn of_late_truth(reconciled: &Reconciled, before: &VisitState) -> Vec<Trouble> {
    let other = (reconciled.outcome == LateOutcome::PersonMismatch).then_some(Trouble::OtherPerson);
    let ratio = before.full_charge.is_none() && differ(reconciled.ratio_charged, reconciled.ratio_right);
    other.into_iter().chain(ratio.then_some(Trouble::RatioMismatch)).collect()
}
