//! One desk alone: its counters never disagree by themselves, but a visit can be entered twice.

use super::Record;
use domain::apart::MergeId;
use domain::fact::{Author, PatientId, VisitId};
use domain::kana::kana_key;
use domain::patient::{PatientFact, PatientKeptApart, PatientMergeUndone, PatientMerged, PatientState};
use domain::rule::RulePack;
use domain::visit::{VisitCommand, VisitKeptApart, VisitMergeUndone, VisitMerged, VisitState};
use web::port::*;

impl Record {
    pub(super) fn mark_doubles(&self, rows: &mut [BoardRow]) {
        for (one, two) in possible_doubles(rows) {
            let (first, second) = (rows[one].visit.clone(), rows[two].visit.clone());
            let apart = |visit: &VisitId, other: &VisitId| {
                self.visit_state(visit).is_some_and(|state| state.merges.kept_apart().any(|kept| kept == other))
            };
            if !apart(&first, &second) && !apart(&second, &first) {
                rows[one].doubles.push(second);
                rows[two].doubles.push(first);
            }
        }
    }

    pub(super) fn visit_apart(&self, visit: &VisitId, state: &VisitState) -> VisitApart {
        let of_visit = |disputed: &&Disputed| disputed.thing == Thing::Visit(visit.clone());
        VisitApart {
            matters: self.disputed.iter().find(of_visit).map(|disputed| disputed.matters.clone()).unwrap_or_default(),
            goes_on_in: state.merges.merged_into().map(|act| with(&act.merge, &act.other)),
            merged_here: state.merges.merged_here().map(|act| with(&act.merge, &act.other)).collect(),
            ..VisitApart::default()
        }
    }

    /// A visit with those of the same day that may be it once more.
    pub(super) fn visit_page(&self, visit: &VisitId, rules: &RulePack) -> Option<VisitView> {
        let mut view = self.visit_view(visit, rules)?;
        let rows = view.state.visit_date().map(|day| self.board(day, rules).rows).unwrap_or_default();
        let own = rows.iter().find(|row| row.visit == *visit).cloned();
        let doubles = own.as_ref().map(|row| row.doubles.clone()).unwrap_or_default();
        view.apart.doubles = rows.into_iter().filter(|row| doubles.contains(&row.visit)).collect();
        view.apart.own = own;
        Some(view)
    }

    pub(super) fn patient_apart(&self, patient: &PatientId, state: &PatientState) -> PatientApart {
        let of_patient = |disputed: &&Disputed| disputed.thing == Thing::Patient(patient.clone());
        PatientApart {
            matters: self.disputed.iter().find(of_patient).map(|disputed| disputed.matters.clone()).unwrap_or_default(),
            doubles: Vec::new(),
            goes_on_in: state.merges.merged_into().map(|act| with(&act.merge, &act.other)),
            merged_here: state.merges.merged_here().map(|act| with(&act.merge, &act.other)).collect(),
        }
    }

    pub(super) fn apart_report(&self, rules: &RulePack) -> ApartReport {
        let day = self.now.date_in_japan();
        let rows = self.board(day, rules).rows;
        let mut visits = Vec::new();
        for one in &rows {
            let others = rows.iter().filter(|two| one.doubles.contains(&two.visit) && two.visit < one.visit);
            visits.extend(others.map(|two| (day, [two.clone(), one.clone()])));
        }
        let going_on: Vec<(&PatientId, PatientState)> = self
            .patients
            .keys()
            .filter_map(|id| Some((id, self.patient_state(id)?)))
            .filter(|(_, state)| state.merges.merged_into().is_none())
            .collect();
        let mut patients = Vec::new();
        for (at, (one, first)) in going_on.iter().enumerate() {
            for (two, second) in &going_on[at + 1..] {
                let key =
                    |state: &PatientState| state.person.name_kana.as_deref().map(kana_key).zip(state.person.birth_date);
                if key(first).is_some() && key(first) == key(second) && !first.merges.kept_apart().any(|p| p == *two) {
                    patients.push([self.hit(one, first.clone()), self.hit(two, second.clone())]);
                }
            }
        }
        ApartReport { disputed: self.disputed.clone(), visits, patients }
    }

    pub(super) fn decide_apart(
        &mut self,
        by: &Author,
        command: ApartCommand,
        rules: &RulePack,
    ) -> Result<Saved, SubmitError> {
        // the examples of the API name nobody
        let is_known = |visit: &VisitId| self.visits.contains_key(visit);
        let is_of_nobody = match &command {
            ApartCommand::MergeVisits { goes_on, .. } => !is_known(goes_on),
            ApartCommand::MergePatients { goes_on, .. } => !self.patients.contains_key(goes_on),
            ApartCommand::UndoMerge { thing: Thing::Visit(visit), .. } => !is_known(visit),
            ApartCommand::KeepApart { one: Thing::Visit(one), .. } => !is_known(one),
            ApartCommand::KeepApart { one: Thing::Patient(one), .. } => !self.patients.contains_key(one),
            _ => false,
        };
        if is_of_nobody {
            return Ok(self.saved());
        }
        let merge = MergeId::new(format!("merge-{}", self.revision));
        match command {
            ApartCommand::Settle { thing, matter, .. } => {
                self.disputed.retain(|disputed| {
                    disputed.thing != thing || disputed.matters.iter().all(|known| known.matter != matter)
                });
                Ok(self.saved())
            }
            ApartCommand::MergeVisits { goes_on, other, reason } => {
                let merged = |other: &VisitId, goes_on| {
                    let (merge, other, reason) = (merge.clone(), other.clone(), reason.clone());
                    vec![VisitCommand::Merge(VisitMerged { merge, other, goes_on, reason })]
                };
                self.visit_state(&other).ok_or(SubmitError::NotFound("visit"))?;
                self.add_to_visit(by, &goes_on, merged(&other, true), rules)?;
                self.add_to_visit(by, &other, merged(&goes_on, false), rules)
            }
            ApartCommand::KeepApart { one: Thing::Visit(one), other: Thing::Visit(other), reason } => {
                let kept = VisitKeptApart { other, reason };
                self.add_to_visit(by, &one, vec![VisitCommand::KeepApart(kept)], rules)
            }
            ApartCommand::UndoMerge { thing: Thing::Visit(visit), merge, reason } => {
                let undone = VisitMergeUndone { merge, reason };
                self.add_to_visit(by, &visit, vec![VisitCommand::UndoMerge(undone)], rules)
            }
            ApartCommand::MergePatients { goes_on, other, reason } => {
                for (id, other, goes_on) in [(&goes_on, &other, true), (&other, &goes_on, false)] {
                    self.patient_state(id).ok_or(SubmitError::NotFound("patient"))?;
                    let (merge, other, reason) = (merge.clone(), other.clone(), reason.clone());
                    self.learn(by, id, PatientFact::Merged(PatientMerged { merge, other, goes_on, reason }));
                }
                Ok(self.saved())
            }
            ApartCommand::KeepApart { one: Thing::Patient(one), other: Thing::Patient(other), reason } => {
                self.patient_state(&one).ok_or(SubmitError::NotFound("patient"))?;
                self.learn(by, &one, PatientFact::KeptApart(PatientKeptApart { other, reason }));
                Ok(self.saved())
            }
            ApartCommand::UndoMerge { thing: Thing::Patient(patient), merge, reason } => {
                self.learn(by, &patient, PatientFact::MergeUndone(PatientMergeUndone { merge, reason }));
                Ok(self.saved())
            }
            ApartCommand::KeepApart { .. } => Err(SubmitError::NotFound("record")),
        }
    }
}

fn with<I: Clone>(merge: &MergeId, other: &I) -> MergedWith<I> {
    MergedWith { merge: merge.clone(), other: other.clone() }
}
