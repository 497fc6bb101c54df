//! Two counters that work while they are cut off from each other: afterwards both show the same, nothing is lost, and staff decide what
//! was entered twice or differently.

use crate::support::counter::{Counter, clock_at};
use crate::support::patients::{certificate, check_in, person};
use domain::apart::Matter;
use domain::date::Date;
use domain::eligibility::{EligibilityStatus, PersonFace};
use domain::fact::{PatientId, VisitId};
use domain::visit::{RatioChosen, VisitCommand, VisitStatus, Voided};
use sync::feed::Outcome;
use web::port::{ApartCommand, ApartMatter, Desk, DeskCommand, PatientCommand, Saved, SubmitError, Thing};

/// Two boxes of one facility, the second an hour ahead. They meet only when the test says so.
async fn two_counters() -> (Counter, Counter) {
    let at = |hour| clock_at(Date::literal(2026, 3, 2), hour, 0);
    let one = Counter::first(&at(10));
    let two = Counter::joining_by(&one, &at(11)).await;
    (one, two)
}

impl Counter {
    async fn decide(&self, command: ApartCommand) -> Saved {
        self.submit(DeskCommand::Apart(command)).await
    }
}

/// Everything the other has and this one lacks comes over.
async fn learns(one: &Counter, other: &Counter) {
    let outcomes = one.take(other.records()).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Stored(_) | Outcome::Known)), "{outcomes:?}");
}

/// Both hear each other until neither has anything new, and show the same.
async fn meet(one: &Counter, two: &Counter) {
    for _ in 0..3 {
        learns(one, two).await;
        learns(two, one).await;
    }
    assert_eq!(one.rows(), two.rows());
    assert_eq!(one.board(), two.board());
}

fn taro() -> PersonFace {
    person("見本　太郎", "ミホン タロウ")
}

fn ratio(tenths: u8) -> VisitCommand {
    VisitCommand::ChooseRatio(RatioChosen { tenths, reason: "証で確認".to_owned() })
}

fn reason() -> String {
    "見比べて確認".to_owned()
}

fn matter<'a>(matters: &'a [ApartMatter], name: &str) -> &'a ApartMatter {
    matters.iter().find(|matter| matter.matter.as_str() == name).unwrap_or_else(|| panic!("{name} in {matters:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn values_entered_apart_stand_side_by_side_until_staff_decide() {
    let (one, two) = two_counters().await;
    let visit = one.submit(check_in(None, taro(), Vec::new())).await.visit.unwrap();
    meet(&one, &two).await;
    one.edit(&visit, ratio(3)).await;
    two.edit(&visit, ratio(2)).await;
    assert_eq!(one.row(&visit).disagreements, 0);
    meet(&one, &two).await;
    assert_eq!(one.row(&visit).disagreements, 1);
    assert_eq!(one.desk.board(one.desk.today()).unwrap().to_look_at, 1);
    let (here, there) = (one.view(&visit).apart, two.view(&visit).apart);
    assert_eq!(here, there);
    let found = matter(&here.matters, "ratio");
    let values: Vec<&str> = found.sides.iter().map(|side| side.value.ja.as_str()).collect();
    assert_eq!(values, ["3割", "2割"], "the counter that is an hour ahead has the last word for now");
    assert_eq!(found.sides[1].counter, "窓口2");
    assert!(found.sides[1].in_force && !found.sides[0].in_force);

    let settle = |right| ApartCommand::Settle {
        thing: Thing::Visit(visit.clone()),
        matter: Matter::new("ratio"),
        right,
        reason: reason(),
    };
    let nobody = one.try_to(DeskCommand::Apart(settle(domain::fact::FactId::new("none")))).await;
    assert!(matches!(nobody, Err(SubmitError::StateChanged(_))), "{nobody:?}");
    one.decide(settle(found.sides[0].fact.clone())).await;
    assert_eq!(one.row(&visit).disagreements, 0);
    meet(&one, &two).await;
    assert_eq!(two.view(&visit).state.ratio_chosen, Some(3));
    assert!(two.view(&visit).apart.matters.is_empty());
    let kinds: Vec<String> = two.view(&visit).history.iter().map(|fact| fact.fact.kind().to_owned()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "ratio_chosen").count(), 3, "nothing is lost: {kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_voided_here_and_worked_on_there_is_decided_by_staff() {
    let (one, two) = two_counters().await;
    let visit = one.submit(check_in(None, taro(), Vec::new())).await.visit.unwrap();
    meet(&one, &two).await;
    one.edit(&visit, VisitCommand::Void(Voided { reason: "入力の間違い".to_owned() })).await;
    two.edit(&visit, certificate("3405")).await;
    meet(&one, &two).await;
    let ending = matter(&one.view(&visit).apart.matters, "ending").clone();
    assert_eq!(one.view(&visit).status, VisitStatus::Voided);
    let goes_on = ending.sides.iter().find(|side| side.value.en == "The visit went on").unwrap();
    let (thing, matter, right) = (Thing::Visit(visit.clone()), ending.matter.clone(), goes_on.fact.clone());
    two.decide(ApartCommand::Settle { thing, matter, right, reason: reason() }).await;
    meet(&one, &two).await;
    assert_ne!(one.view(&visit).status, VisitStatus::Voided);
    assert!(one.view(&visit).apart.matters.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_corrected_differently_at_two_counters_shows_both_spellings() {
    let (one, two) = two_counters().await;
    let patient = one.submit(check_in(None, person("髙●　花子", "ミホン ハナコ"), Vec::new())).await.patient.unwrap();
    meet(&one, &two).await;
    let correct = |corrected: &str| DeskCommand::Patient {
        patient: patient.clone(),
        command: PatientCommand::CorrectName { as_received: "髙●".to_owned(), corrected: corrected.to_owned() },
    };
    one.submit(correct("髙橋　花子")).await;
    two.submit(correct("高橋　花子")).await;
    meet(&one, &two).await;
    let view = two.desk.patient(&patient).unwrap().unwrap();
    let found = matter(&view.apart.matters, "corrected_name");
    let right = found.sides.iter().find(|side| side.value.ja == "髙橋　花子").unwrap().fact.clone();
    let report = one.desk.apart().unwrap();
    assert_eq!(report.disputed.len(), 1);
    assert_eq!(report.disputed[0].thing, Thing::Patient(patient.clone()));
    let (thing, matter) = (Thing::Patient(patient.clone()), found.matter.clone());
    one.decide(ApartCommand::Settle { thing, matter, right, reason: reason() }).await;
    meet(&one, &two).await;
    let view = two.desk.patient(&patient).unwrap().unwrap();
    assert_eq!(view.state.corrected.unwrap().corrected, "髙橋　花子");
    assert!(view.apart.matters.is_empty() && two.desk.apart().unwrap().disputed.is_empty());
}

/// The same patient, known to both, checked in at both while they are apart: two visits, each with its question.
async fn entered_twice(one: &Counter, two: &Counter) -> (PatientId, VisitId, VisitId) {
    let before = one.submit(check_in(None, taro(), Vec::new())).await;
    let (patient, first) = (before.patient.unwrap(), before.visit.unwrap());
    one.edit(&first, VisitCommand::Void(Voided { reason: "練習".to_owned() })).await;
    meet(one, two).await;
    let known = |commands| check_in(Some(&patient), PersonFace::EMPTY, commands);
    let here = one.submit(known(vec![certificate("3405")])).await.visit.unwrap();
    let there = two.submit(known(vec![certificate("3405"), ratio(2)])).await.visit.unwrap();
    (patient, here, there)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_entered_at_both_counters_is_found_merged_asked_once_and_can_be_parted_again() {
    let (one, two) = two_counters().await;
    let (_, here, there) = entered_twice(&one, &two).await;
    assert_eq!((one.to_ask().len(), two.to_ask().len()), (1, 1));
    meet(&one, &two).await;
    assert_eq!(one.row(&here).doubles, std::slice::from_ref(&there));
    assert_eq!(two.row(&there).doubles, std::slice::from_ref(&here));
    assert_eq!(two.view(&there).apart.doubles[0].visit, here);
    assert_eq!(one.desk.apart().unwrap().visits.len(), 1);

    let (goes_on, other) = (here.clone(), there.clone());
    one.decide(ApartCommand::MergeVisits { goes_on, other, reason: reason() }).await;
    meet(&one, &two).await;
    let remaining = two.view(&here);
    assert_eq!(two.view(&there).status, VisitStatus::Merged);
    assert_eq!(two.view(&there).apart.goes_on_in.as_ref().unwrap().other, here);
    assert_eq!(remaining.state.ratio_chosen, Some(2), "what was entered there counts here");
    assert!(two.view(&there).follow_ups.is_empty(), "claimed once");
    assert!(two.row(&here).doubles.is_empty() && two.desk.apart().unwrap().visits.is_empty());
    assert_eq!((one.to_ask().len(), two.to_ask().len()), (1, 0), "asked once");
    let refused = two.try_to(DeskCommand::Visit { visit: there.clone(), commands: vec![ratio(1)] }).await;
    assert!(matches!(refused, Err(SubmitError::StateChanged(_))), "{refused:?}");

    let act = remaining.apart.merged_here[0].merge.clone();
    let undo = ApartCommand::UndoMerge { thing: Thing::Visit(here.clone()), merge: act, reason: reason() };
    two.decide(undo.clone()).await;
    meet(&one, &two).await;
    assert_eq!(one.view(&here).state.ratio_chosen, None, "what came from there counts here no more");
    assert_ne!(one.view(&there).status, VisitStatus::Merged);
    assert_eq!(one.view(&there).state.ratio_chosen, Some(2));
    assert!(one.row(&here).doubles.is_empty(), "they are two now");
    let again = one.try_to(DeskCommand::Apart(undo)).await;
    assert!(matches!(again, Err(SubmitError::StateChanged(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_for_a_merged_visit_decides_the_remaining_one() {
    let (one, two) = two_counters().await;
    let before = one.submit(check_in(None, taro(), Vec::new())).await;
    let patient = before.patient.unwrap();
    one.edit(&before.visit.unwrap(), VisitCommand::Void(Voided { reason: "練習".to_owned() })).await;
    meet(&one, &two).await;
    let known = |commands| check_in(Some(&patient), PersonFace::EMPTY, commands);
    let here = one.submit(known(Vec::new())).await.visit.unwrap();
    let there = two.submit(known(vec![certificate("3405")])).await.visit.unwrap();
    let question = two.to_ask().remove(0);
    learns(&one, &two).await;
    // merged at the one counter, while the other has asked and hears the answer before it hears of that
    let (goes_on, other) = (here.clone(), there.clone());
    one.decide(ApartCommand::MergeVisits { goes_on, other, reason: reason() }).await;
    two.asks_in_vain(&question, "U00000000001").await;
    assert!(one.view(&here).state.answer.is_none());
    meet(&one, &two).await;
    for counter in [&one, &two] {
        let state = counter.view(&here).state;
        assert_eq!(state.answer.as_ref().unwrap().status, EligibilityStatus::NotFound);
        assert!(state.questions.iter().all(|asked| asked.ended.is_some()));
        assert_eq!(state.presented.len(), 1);
    }
    assert!(one.to_ask().len() + two.to_ask().len() <= 1, "asked again at most once, on a planned day");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_counters_that_merge_at_once_the_other_way_round_leave_one_visit() {
    let (one, two) = two_counters().await;
    let (_, here, there) = entered_twice(&one, &two).await;
    meet(&one, &two).await;
    let merge = |goes_on: &VisitId, other: &VisitId| ApartCommand::MergeVisits {
        goes_on: goes_on.clone(),
        other: other.clone(),
        reason: reason(),
    };
    one.decide(merge(&here, &there)).await;
    two.decide(merge(&there, &here)).await;
    meet(&one, &two).await;
    let merged = |counter: &Counter| {
        let all = counter.board();
        all.iter().filter(|row| row.status == VisitStatus::Merged).map(|row| row.visit.clone()).collect::<Vec<_>>()
    };
    assert_eq!(merged(&one).len(), 1);
    let remaining = if merged(&one)[0] == here { &there } else { &here };
    assert_eq!(one.view(remaining).state.ratio_chosen, Some(2));
    assert_eq!(one.to_ask().len() + two.to_ask().len(), 1, "asked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_visits_of_one_day_may_be_two_and_other_people_are_never_made_one() {
    let (one, two) = two_counters().await;
    let (_, here, there) = entered_twice(&one, &two).await;
    meet(&one, &two).await;
    let (first, second) = (Thing::Visit(here.clone()), Thing::Visit(there.clone()));
    two.decide(ApartCommand::KeepApart { one: first, other: second, reason: "内科と皮膚科".to_owned() }).await;
    meet(&one, &two).await;
    assert!(one.row(&here).doubles.is_empty() && one.desk.apart().unwrap().visits.is_empty());

    let hanako = one.submit(check_in(None, person("見本　花子", "ミホン ハナコ"), Vec::new())).await;
    let merge = ApartCommand::MergeVisits { goes_on: here, other: hanako.visit.unwrap(), reason: reason() };
    let refused = one.try_to(DeskCommand::Apart(merge)).await;
    assert!(matches!(refused, Err(SubmitError::Refused { .. })), "{refused:?}");
    let merge = ApartCommand::MergeVisits { goes_on: there.clone(), other: there, reason: reason() };
    assert!(matches!(one.try_to(DeskCommand::Apart(merge)).await, Err(SubmitError::Refused { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_patient_written_down_at_both_counters_becomes_one_by_decision_and_two_again() {
    let (one, two) = two_counters().await;
    let here = one.submit(check_in(None, taro(), vec![certificate("3405")])).await;
    let there = two.submit(check_in(None, taro(), Vec::new())).await;
    let (patient, other) = (here.patient.unwrap(), there.patient.unwrap());
    let note = PatientCommand::NoteCare("車いす".to_owned());
    two.submit(DeskCommand::Patient { patient: other.clone(), command: note }).await;
    meet(&one, &two).await;
    assert_eq!(two.desk.search_patients("ミホン タロウ").unwrap().len(), 2, "never by itself");
    assert_eq!(one.desk.apart().unwrap().patients.len(), 1);
    assert_eq!(one.row(here.visit.as_ref().unwrap()).doubles.len(), 1, "their visits may be one too");

    let merge = ApartCommand::MergePatients { goes_on: patient.clone(), other: other.clone(), reason: reason() };
    one.decide(merge).await;
    // written to the merged record at the counter that does not know yet
    let number = PatientCommand::SetNumber("88".to_owned());
    two.submit(DeskCommand::Patient { patient: other.clone(), command: number }).await;
    meet(&one, &two).await;
    let found = two.desk.search_patients("ミホン タロウ").unwrap();
    assert_eq!(found.iter().map(|hit| &hit.patient).collect::<Vec<_>>(), [&patient]);
    assert_eq!(two.desk.search_patients("88").unwrap().len(), 1);
    let view = two.desk.patient(&patient).unwrap().unwrap();
    assert_eq!(view.state.care_note.as_deref(), Some("車いす"));
    assert_eq!(view.visits.len(), 2);
    assert!(two.desk.apart().unwrap().patients.is_empty());
    assert!(two.desk.forgetting().unwrap().left_over.is_empty(), "nobody was deleted");
    let again = two.submit(check_in(Some(&other), PersonFace::EMPTY, Vec::new())).await;
    assert_eq!(again.patient, Some(patient.clone()), "who asks for the old record gets the one that goes on");

    let merge = view.apart.merged_here[0].merge.clone();
    let thing = Thing::Patient(patient.clone());
    one.decide(ApartCommand::UndoMerge { thing, merge, reason: reason() }).await;
    meet(&one, &two).await;
    assert_eq!(two.desk.search_patients("ミホン タロウ").unwrap().len(), 2);
    assert_eq!(two.desk.patient(&patient).unwrap().unwrap().state.care_note, None);
    assert!(two.desk.apart().unwrap().patients.is_empty(), "staff said that they are two");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_are_the_same_when_they_are_made_again_from_the_record() {
    let (one, two) = two_counters().await;
    let (_, here, there) = entered_twice(&one, &two).await;
    meet(&one, &two).await;
    one.edit(&here, ratio(1)).await;
    two.edit(&here, ratio(3)).await;
    meet(&one, &two).await;
    one.decide(ApartCommand::MergeVisits { goes_on: here, other: there, reason: reason() }).await;
    meet(&one, &two).await;
    let rows = one.rows();
    assert!(
        rows.iter().any(|row| row.starts_with("disagreement|"))
            && rows.iter().any(|row| row.starts_with("merged_away|"))
    );
    one.rows_made_anew_are_the_same().await;
}
