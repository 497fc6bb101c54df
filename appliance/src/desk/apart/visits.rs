//! One check-in that was entered twice, or two after all.

use super::carry::drop_doubled;
use super::{
    Choice, disagreement, merged_already, new_merge, no_such_merge, other_person, same_record, settled_already,
};
use crate::desk::visit::OpenVisit;
use crate::desk::work::{Declined, Work};
use crate::store::DocumentId;
use domain::apart::MergeId;
use domain::eligibility::{PersonFace, PersonMatch, match_person};
use domain::fact::{Author, VisitId};
use domain::visit::{
    Settled, VisitCommand, VisitFact, VisitKeptApart, VisitMergeUndone, VisitMerged, VisitState, VisitStatus, restate,
};

/// One of the values is right, and is in force from here on.
pub(super) fn settle(work: &mut Work<'_>, by: &Author, visit: &VisitId, choice: &Choice) -> Result<(), Declined> {
    let document = DocumentId::Visit(visit.clone());
    let disagreement = disagreement::<VisitFact>(work, &document, choice)?;
    let (_, facts) = work.load::<VisitFact>(&document)?;
    let right = facts.into_iter().find(|recorded| recorded.id == choice.right).ok_or_else(settled_already)?.fact;
    let value =
        disagreement.sides.into_iter().find(|side| side.fact == choice.right).ok_or_else(settled_already)?.value;
    let mut open = work.visit(visit)?;
    let again = restate(&choice.matter, &right, &open.state, &choice.reason).ok_or_else(settled_already)?;
    let undone = match right {
        VisitFact::KeptApart(kept) => acts_with(&open.state, &kept.other),
        _ => Vec::new(),
    };
    let (matter, right, reason) = (choice.matter.clone(), choice.right.clone(), choice.reason.clone());
    let settled = Settled { matter, right, value, reason };
    work.command_visit(&mut open, by, vec![VisitCommand::Settle(settled, again)])?;
    undone.into_iter().try_for_each(|merge| undo(work, by, visit, &merge, &choice.reason))
}

fn acts_with(state: &VisitState, other: &VisitId) -> Vec<MergeId> {
    let acts = state.merges.merged_into().into_iter().chain(state.merges.merged_here());
    acts.filter(|act| act.other == *other).map(|act| act.merge.clone()).collect()
}

/// Two check-ins become one. The person gate stands: other people's are never made one.
pub(super) fn merge(
    work: &mut Work<'_>,
    by: &Author,
    goes_on: &VisitId,
    other: &VisitId,
    reason: &str,
) -> Result<(), Declined> {
    if goes_on == other {
        return Err(same_record());
    }
    let (mut target, mut source) = (work.visit(goes_on)?, work.visit(other)?);
    check_together(&target, &source)?;
    let merge = new_merge(work);
    let merged = |other: &VisitId, goes_on| {
        let (merge, other, reason) = (merge.clone(), other.clone(), reason.to_owned());
        vec![VisitCommand::Merge(VisitMerged { merge, other, goes_on, reason })]
    };
    work.command_visit(&mut target, by, merged(other, true))?;
    work.command_visit(&mut source, by, merged(goes_on, false))?;
    drop_doubled(work, other)
}

fn check_together(target: &OpenVisit, source: &OpenVisit) -> Result<(), Declined> {
    let goes_on = |visit: &OpenVisit| !matches!(visit.state.status(), VisitStatus::Voided | VisitStatus::Merged);
    if !goes_on(target) || !goes_on(source) {
        return Err(merged_already());
    }
    if target.state.visit_date() != source.state.visit_date() {
        return Err(Declined::refused(
            "other",
            "受診日が違う受付はまとめられません。",
            "Visits of two days cannot be made one.",
        ));
    }
    let person = |visit: &OpenVisit| visit.state.person.clone().unwrap_or(PersonFace::EMPTY);
    let same_patient = target.state.patient.is_some() && target.state.patient == source.state.patient;
    match match_person(&person(target), &person(source)) {
        PersonMatch::Different => Err(other_person()),
        PersonMatch::Same | PersonMatch::SameOtherSpelling => Ok(()),
        _ if same_patient => Ok(()),
        _ => Err(other_person()),
    }
}

/// They were two after all: what came from the other counts here no more, and the other goes on by itself.
pub(super) fn undo(
    work: &mut Work<'_>,
    by: &Author,
    visit: &VisitId,
    merge: &MergeId,
    reason: &str,
) -> Result<(), Declined> {
    let open = work.visit(visit)?;
    let into = open.state.merges.merged_into().filter(|act| act.merge == *merge).cloned();
    let here = open.state.merges.merged_here().find(|act| act.merge == *merge).cloned();
    let (target, source) = match (into, here) {
        (Some(act), _) => (act.other, visit.clone()),
        (None, Some(act)) => (visit.clone(), act.other),
        (None, None) => return Err(no_such_merge()),
    };
    let undone = VisitMergeUndone { merge: merge.clone(), reason: reason.to_owned() };
    let apart = |other: &VisitId| VisitKeptApart { other: other.clone(), reason: reason.to_owned() };
    let mut goes_on = work.visit(&target)?;
    let before = goes_on.state.clone();
    let facts = vec![VisitFact::MergeUndone(undone.clone()), VisitFact::KeptApart(apart(&source))];
    work.add_facts(&mut goes_on, by, facts)?;
    // what had come from the other is only taken away by folding anew
    let after = work.visit(&target)?;
    work.writing.project_visit(&target, &before, &after.state, &work.settings.rules)?;
    work.writing.review_if_disputed(&DocumentId::Visit(target.clone()))?;
    let mut other = work.visit(&source)?;
    let commands = vec![VisitCommand::UndoMerge(undone), VisitCommand::KeepApart(apart(&target))];
    work.command_visit(&mut other, by, commands)
}

/// Two check-ins of one patient on one day are two: two departments, or a second time.
pub(super) fn keep_apart(
    work: &mut Work<'_>,
    by: &Author,
    one: &VisitId,
    other: &VisitId,
    reason: &str,
) -> Result<(), Declined> {
    if one == other {
        return Err(same_record());
    }
    for (visit, other) in [(one, other), (other, one)] {
        let mut open = work.visit(visit)?;
        let kept = VisitKeptApart { other: other.clone(), reason: reason.to_owned() };
        work.command_visit(&mut open, by, vec![VisitCommand::KeepApart(kept)])?;
    }
    Ok(())
}
