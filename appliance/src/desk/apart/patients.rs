//! One person who was entered twice, or two who are alike.

use super::carry::carry_patient;
use super::{
    Choice, disagreement, merged_already, new_merge, no_such_merge, other_person, same_record, settled_already,
};
use crate::desk::work::{Declined, Work};
use crate::store::DocumentId;
use domain::apart::MergeId;
use domain::eligibility::{PersonMatch, match_person};
use domain::fact::{Author, PatientId};
use domain::patient::{
    PatientFact, PatientKeptApart, PatientMergeUndone, PatientMerged, PatientSettled, PatientState, restate_patient,
};

/// One of the values is right, and is in force from here on.
pub(super) fn settle(work: &mut Work<'_>, by: &Author, patient: &PatientId, choice: &Choice) -> Result<(), Declined> {
    let document = DocumentId::Patient(patient.clone());
    let disagreement = disagreement::<PatientFact>(work, &document, choice)?;
    let (_, facts) = work.load::<PatientFact>(&document)?;
    let right = facts.into_iter().find(|recorded| recorded.id == choice.right).ok_or_else(settled_already)?.fact;
    let value =
        disagreement.sides.into_iter().find(|side| side.fact == choice.right).ok_or_else(settled_already)?.value;
    let mut open = work.patient(patient)?;
    let again = restate_patient(&choice.matter, &right, &open.state).ok_or_else(settled_already)?;
    let undone = match right {
        PatientFact::KeptApart(kept) => acts_with(&open.state, &kept.other),
        _ => Vec::new(),
    };
    let (matter, right, reason) = (choice.matter.clone(), choice.right.clone(), choice.reason.clone());
    let settled = PatientFact::Settled(PatientSettled { matter, right, value, reason });
    work.add_patient_facts(&mut open, by, std::iter::once(settled).chain(again).collect())?;
    undone.into_iter().try_for_each(|merge| undo(work, by, patient, &merge, &choice.reason))
}

fn acts_with(state: &PatientState, other: &PatientId) -> Vec<MergeId> {
    let acts = state.merges.merged_into().into_iter().chain(state.merges.merged_here());
    acts.filter(|act| act.other == *other).map(|act| act.merge.clone()).collect()
}

/// Two records become one. The person gate stands: those of two persons never do.
pub(super) fn merge(
    work: &mut Work<'_>,
    by: &Author,
    goes_on: &PatientId,
    other: &PatientId,
    reason: &str,
) -> Result<(), Declined> {
    if goes_on == other {
        return Err(same_record());
    }
    let (mut target, mut source) = (work.patient(goes_on)?, work.patient(other)?);
    if target.state.merges.merged_into().is_some() || source.state.merges.merged_into().is_some() {
        return Err(merged_already());
    }
    let alike = match_person(&target.state.person, &source.state.person);
    if !matches!(alike, PersonMatch::Same | PersonMatch::SameOtherSpelling) {
        return Err(other_person());
    }
    let merge = new_merge(work);
    let merged = |other: &PatientId, goes_on| {
        let (merge, other, reason) = (merge.clone(), other.clone(), reason.to_owned());
        vec![PatientFact::Merged(PatientMerged { merge, other, goes_on, reason })]
    };
    work.add_patient_facts(&mut target, by, merged(other, true))?;
    work.add_patient_facts(&mut source, by, merged(goes_on, false))?;
    carry_patient(work, other)
}

/// They were two after all: what came from the other counts here no more, and both are found again.
pub(super) fn undo(
    work: &mut Work<'_>,
    by: &Author,
    patient: &PatientId,
    merge: &MergeId,
    reason: &str,
) -> Result<(), Declined> {
    let open = work.patient(patient)?;
    let mut acts = open.state.merges.merged_into().into_iter().chain(open.state.merges.merged_here());
    let act = acts.find(|act| act.merge == *merge).cloned().ok_or_else(no_such_merge)?;
    for (id, other) in [(patient, &act.other), (&act.other, patient)] {
        let mut open = work.patient(id)?;
        let before = open.state.clone();
        let undone = PatientMergeUndone { merge: merge.clone(), reason: reason.to_owned() };
        let kept = PatientKeptApart { other: other.clone(), reason: reason.to_owned() };
        let facts = vec![PatientFact::MergeUndone(undone), PatientFact::KeptApart(kept)];
        work.append(&mut open.document, by, facts)?;
        // what had come from the other is only taken away by folding anew
        let after = work.patient(id)?;
        work.writing.project_patient(id, &before, &after.state)?;
        work.writing.review_if_disputed(&DocumentId::Patient(id.clone()))?;
    }
    Ok(())
}

/// Two records are those of two persons, however alike.
pub(super) fn keep_apart(
    work: &mut Work<'_>,
    by: &Author,
    one: &PatientId,
    other: &PatientId,
    reason: &str,
) -> Result<(), Declined> {
    if one == other {
        return Err(same_record());
    }
    for (patient, other) in [(one, other), (other, one)] {
        let mut open = work.patient(patient)?;
        let kept = PatientKeptApart { other: other.clone(), reason: reason.to_owned() };
        work.add_patient_facts(&mut open, by, vec![PatientFact::KeptApart(kept)])?;
    }
    Ok(())
}
