//! What the desk in memory shows.

use super::Record;
use domain::Date;
use domain::fact::{PatientId, Recorded, VisitId};
use domain::kana::{kana_key, symbol_key};
use domain::patient::PatientState;
use domain::rule::RulePack;
use domain::visit::{VisitFact, VisitState};
use std::collections::BTreeMap;
use web::port::*;

impl Record {
    pub fn board(&self, day: Date, rules: &RulePack) -> Board {
        let mut rows: Vec<BoardRow> = self
            .visits
            .keys()
            .filter_map(|visit| self.visit_view(visit, rules))
            .filter(|view| view.state.visit_date() == Some(day))
            .zip(1..)
            .map(|(view, number)| row(view, number))
            .collect();
        rows.reverse();
        self.mark_doubles(&mut rows);
        Board {
            day,
            revision: self.revision,
            rows,
            on_shelf: self.shelf.len() as u32,
            due_follow_ups: self.follow_up_items(rules).iter().filter(|item| item.is_due).count() as u32,
            to_look_at: self.disputed.len() as u32,
            stuck_jobs: self.jobs.iter().filter(|job| job.can_ask_again()).count() as u32,
        }
    }

    pub fn visit_view(&self, visit: &VisitId, rules: &RulePack) -> Option<VisitView> {
        let history: Vec<Recorded<VisitFact>> = self.visits.get(visit)?.clone();
        let state = VisitState::fold(history.clone());
        let decision = state.decide(rules, self.now, &self.links)?;
        Some(VisitView {
            visit: visit.clone(),
            patient: state.patient.as_ref().and_then(|patient| self.patient_view(patient)),
            status: state.status(),
            follow_ups: state.follow_ups(&decision),
            jobs: self.jobs.iter().filter(|job| job.visit.as_ref() == Some(visit)).cloned().collect(),
            apart: self.visit_apart(visit, &state),
            names: BTreeMap::new(),
            slip: Some(format!("UKE1-{}-X", visit.as_str().to_uppercase())),
            decision,
            state,
            history,
        })
    }

    pub fn patient_view(&self, patient: &PatientId) -> Option<PatientView> {
        let state = self.patient_state(patient)?;
        let mut visits: Vec<_> = self
            .visits
            .keys()
            .filter_map(|id| Some((id.clone(), self.visit_state(id)?)))
            .filter(|(_, state)| state.patient.as_ref() == Some(patient))
            .filter_map(|(id, state)| Some((id, state.visit_date()?, state.status())))
            .collect();
        visits.reverse();
        let apart = self.patient_apart(patient, &state);
        Some(PatientView { patient: patient.clone(), state, visits, apart })
    }

    pub fn search(&self, text: &str) -> Vec<PatientHit> {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let states = self.patients.keys().filter_map(|id| Some((id, self.patient_state(id)?)));
        states
            .filter(|(_, state)| words.iter().all(|word| matches(state, word)))
            .map(|(id, state)| self.hit(id, state))
            .collect()
    }

    pub(super) fn hit(&self, id: &PatientId, state: PatientState) -> PatientHit {
        let last = state.coverage().cloned();
        let name = state.display_name().map(str::to_owned);
        PatientHit {
            patient: id.clone(),
            patient_number: state.patient_number.clone(),
            insurer_name: last.as_ref().and_then(|learned| learned.coverage.insurer_name.clone()),
            confirmed_on: last.map(|learned| learned.on),
            last_visit: self.patient_view(id).and_then(|view| view.visits.first().map(|visit| visit.1)),
            care_note: state.care_note.clone(),
            person: domain::eligibility::PersonFace { name, ..state.person },
        }
    }

    pub fn follow_up_items(&self, rules: &RulePack) -> Vec<FollowUpItem> {
        let today = self.now.date_in_japan();
        let views = self.visits.keys().filter_map(|visit| self.visit_view(visit, rules));
        let mut items: Vec<FollowUpItem> = views
            .flat_map(|view| {
                let name = view.state.person.as_ref().and_then(|p| p.name.clone());
                let (visit, date) = (view.visit.clone(), view.state.visit_date().unwrap_or(today));
                let state = view.state;
                view.follow_ups.into_iter().map(move |mut follow_up| {
                    let kind = follow_up.kind;
                    let snoozed = state.snoozed(kind).map(|snoozed| (snoozed.until, snoozed.reason.clone()));
                    follow_up.due = snoozed.as_ref().map_or(follow_up.due, |(until, _)| follow_up.due.max(*until));
                    FollowUpItem {
                        visit: visit.clone(),
                        visit_date: date,
                        name: name.clone(),
                        is_due: follow_up.due <= today,
                        assigned: state.assigned_to(kind).map(str::to_owned),
                        snoozed,
                        yen: state.money(kind).map(|noted| noted.yen),
                        insurer: None,
                        phone: None,
                        is_asked: state.questions.iter().any(|asked| asked.ended.is_none()),
                        follow_up,
                    }
                })
            })
            .collect();
        items.sort_by_key(|item| item.follow_up.due);
        items
    }

    pub fn queue_view(&self) -> QueueView {
        let done = |job: &&JobItem| matches!(job.state, JobState::Done { .. });
        QueueView {
            open: self.jobs.iter().filter(|job| !done(job)).cloned().collect(),
            done: self.jobs.iter().filter(done).cloned().collect(),
        }
    }
}

fn row(view: VisitView, number: u32) -> BoardRow {
    let person = view.state.person.clone();
    let accepted = view.state.accepted.as_ref();
    let display = view.patient.as_ref().and_then(|patient| patient.state.display_name().map(str::to_owned));
    BoardRow {
        number,
        opened_at: view.state.opened_at,
        counter: view.state.opened.as_ref().and_then(|opened| opened.counter.clone()),
        patient: view.state.patient.clone(),
        name: display.or(person.as_ref().and_then(|p| p.name.clone())),
        name_kana: person.as_ref().and_then(|p| p.name_kana.clone()),
        birth_date: person.as_ref().and_then(|p| p.birth_date),
        status: view.status,
        evidence: accepted.map(|a| a.acceptance.evidence),
        why: accepted.and_then(|a| a.acceptance.why_not_better.clone()),
        ratio_tenths: view.state.ratio_charged(),
        follow_ups: view.follow_ups.len() as u32,
        waiting: view.state.questions.iter().any(|question| question.ended.is_none()),
        disagreements: view.apart.matters.len() as u32,
        doubles: Vec::new(),
        flow: view.state.opened.as_ref().map_or(domain::case::Flow::Window, |opened| opened.flow),
        kind: view.state.placed.as_ref().and_then(|placed| placed.kind),
        place: view.state.placed.as_ref().and_then(|placed| placed.place.clone()),
        family: view.state.family.clone(),
        visit: view.visit,
    }
}

fn matches(state: &PatientState, word: &str) -> bool {
    let person = &state.person;
    let kana = person.name_kana.as_deref().is_some_and(|k| kana_key(k).contains(&kana_key(word)));
    let name = state.display_name().is_some_and(|n| n.contains(word));
    let birth = domain::era::parse_era_date(word).is_ok_and(|parsed| Some(parsed.date) == person.birth_date);
    let number = state.patient_number.as_deref().is_some_and(|number| symbol_key(number) == symbol_key(word));
    let insured = state.coverages.iter().any(|learned| {
        let same = |text: Option<&str>| text.is_some_and(|text| symbol_key(text) == symbol_key(word));
        same(learned.coverage.insured_number.as_ref().map(|n| n.as_str()))
            || same(learned.coverage.insured_symbol.as_ref().map(|s| s.as_str()))
    });
    kana || name || birth || number || insured
}
