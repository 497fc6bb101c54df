//! Questions that travel alone.

use crate::clinic::{by_certificate, certificate, clinic, nothing_is_out};
use domain::case::Presented;
use domain::evidence::{Confidence, EvidenceKind};
use domain::link::Link;
use domain::visit::{DocumentPresented, VisitCommand, VisitStatus};
use sync::simulator::{FaultKind, FaultTrigger, Outcome};
use web::port::{Desk, JobState};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_without_the_line_is_asked_when_it_returns() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = clinic(folder.path()).await;
    clinic.terminal.faults().set(FaultKind::LineDown, FaultTrigger::Always);
    clinic.until("the line is seen to be down", |desk| desk.links().links.get(Link::Line).is_down()).await;

    let people = by_certificate(&clinic.terminal);
    assert!(people.len() >= 30, "{}", people.len());
    let mut visits = Vec::new();
    for person in people.iter().take(30) {
        let visit = clinic.check_in(person, vec![certificate(person)]).await;
        let view = clinic.view(&visit);
        assert_eq!(view.status, VisitStatus::Provisional, "{}", person.key);
        let accepted = view.state.accepted.as_ref().unwrap();
        assert_eq!(accepted.acceptance.evidence, EvidenceKind::EligibilityCertificate);
        assert_eq!(accepted.acceptance.confidence, Confidence::ConfirmedByDocument);
        visits.push((person, visit));
    }
    let queue = clinic.desk.queue().unwrap();
    assert!(queue.open.iter().all(|job| matches!(job.state, JobState::WaitingForLink(Link::Line))));
    assert_eq!(clinic.terminal.statistics().taken, 0, "nothing goes out while the line is cut");

    clinic.terminal.faults().set(FaultKind::LineDown, FaultTrigger::Off);
    clinic.until("every question is answered", nothing_is_out).await;
    for (person, visit) in visits {
        let view = clinic.view(&visit);
        let expected = person.truth.by_number.as_ref().map(|expectation| expectation.outcome);
        match expected {
            Some(Outcome::Confirmed) => assert_eq!(view.status, VisitStatus::Confirmed, "{}", person.key),
            Some(Outcome::Corrected) => assert!(
                matches!(view.status, VisitStatus::Changed | VisitStatus::Confirmed),
                "{}: {:?}",
                person.key,
                view.status
            ),
            _ => assert!(!view.follow_ups.is_empty(), "{}: {:?} {:?}", person.key, view.status, view.state.late),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_read_while_everything_works_confirms_the_waiting_check_in() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = clinic(folder.path()).await;
    let person = clinic.terminal.population().get("valid-face").unwrap().clone();
    let card = VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) });
    let visit = clinic.check_in(&person, vec![card]).await;
    assert_eq!(clinic.view(&visit).status, VisitStatus::Open);
    clinic.terminal.present_card("valid-face", sync::simulator::CardMethod::Face).unwrap();
    clinic
        .until("the visit is confirmed", |desk| desk.visit(&visit).unwrap().unwrap().status == VisitStatus::Confirmed)
        .await;
    let view = clinic.view(&visit);
    assert!(view.decision.medical.allowed);
    assert!(clinic.desk.shelf().unwrap().is_empty());
    assert_eq!(clinic.desk.board(clinic.desk.today()).unwrap().rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_persons_answer_is_withheld_and_the_visit_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = clinic(folder.path()).await;
    let person = clinic.terminal.population().get("wrong-person").unwrap().clone();
    let visit = clinic.check_in(&person, vec![certificate(&person)]).await;
    clinic.until("the answer is in", nothing_is_out).await;
    let view = clinic.view(&visit);
    assert!(view.state.answer.is_none(), "nothing of the other person is kept");
    assert!(view.state.answer_withheld);
    let kinds: Vec<_> = view.follow_ups.iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&domain::decision::FollowUpKind::ReportPersonMismatch), "{kinds:?}");
}
