//! Questions that travel together as one bulk request.

use crate::clinic::{Clinic, by_certificate, certificate, nothing_is_out, open, terminal};
use domain::fact::VisitId;
use domain::link::Link;
use domain::visit::VisitStatus;
use std::path::Path;
use sync::outbox::bundle::Bundling;
use sync::simulator::{FaultKind, FaultTrigger, Outcome, Person};
use web::port::{BundleState, Desk, JobState};

const PEOPLE: usize = 24;
const BUNDLING: Bundling = Bundling { from: 8, most: 100 };

/// A morning without the line, and everybody accepted on paper.
async fn morning(folder: &Path, bundling: Bundling) -> (Clinic, Vec<(Person, VisitId)>) {
    let clinic = open(folder, terminal(folder).await, bundling);
    clinic.terminal.faults().set(FaultKind::LineDown, FaultTrigger::Always);
    clinic.until("the line is seen to be down", |desk| desk.links().links.get(Link::Line).is_down()).await;
    let mut visits = Vec::new();
    for person in by_certificate(&clinic.terminal).into_iter().take(PEOPLE) {
        let visit = clinic.check_in(&person, vec![certificate(&person)]).await;
        visits.push((person, visit));
    }
    assert_eq!(visits.len(), PEOPLE);
    (clinic, visits)
}

fn line_returns(clinic: &Clinic) {
    clinic.terminal.faults().set(FaultKind::LineDown, FaultTrigger::Off);
}

fn everybody_has_an_answer(clinic: &Clinic, visits: &[(Person, VisitId)]) {
    for (person, visit) in visits {
        let view = clinic.view(visit);
        match person.truth.by_number.as_ref().map(|expectation| expectation.outcome) {
            Some(Outcome::Confirmed) => assert_eq!(view.status, VisitStatus::Confirmed, "{}", person.key),
            Some(Outcome::Corrected) => {
                assert!(matches!(view.status, VisitStatus::Changed | VisitStatus::Confirmed), "{}", person.key);
            }
            _ => assert!(!view.follow_ups.is_empty(), "{}: {:?}", person.key, view.status),
        }
    }
}

fn bundle_of(desk: &impl Desk) -> Option<BundleState> {
    let open = desk.queue().unwrap().open;
    open.iter().find_map(|job| match job.state {
        JobState::Asked { bundle, .. } => bundle,
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mornings_questions_go_as_one_request_and_its_answers_are_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, visits) = morning(folder.path(), BUNDLING).await;
    line_returns(&clinic);
    clinic.until("every question is answered", nothing_is_out).await;
    everybody_has_an_answer(&clinic, &visits);
    let taken = clinic.terminal.statistics().taken;
    assert_eq!(taken, 4, "one upload, two fetches while the service works, one with the answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_loses_power_after_the_upload_fetches_and_does_not_upload_again() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, visits) = morning(folder.path(), BUNDLING).await;
    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Always);
    line_returns(&clinic);
    clinic.until("the questions are out", |desk| bundle_of(desk).is_some()).await;
    clinic.until("the upload was taken", |_| clinic.terminal.statistics().under_way == 1).await;
    assert_eq!(bundle_of(&clinic.desk).map(|bundle| (bundle.questions, bundle.received)), Some((24, false)));
    let terminal = clinic.close().await;
    let clinic = open(folder.path(), terminal, BUNDLING);
    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Off);
    clinic.until("every question is answered", nothing_is_out).await;
    everybody_has_an_answer(&clinic, &visits);
    assert_eq!(clinic.terminal.statistics().taken, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rejected_upload_everybody_is_asked_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, visits) = morning(folder.path(), BUNDLING).await;
    clinic.terminal.faults().set(FaultKind::RejectErr, FaultTrigger::Next(1));
    line_returns(&clinic);
    clinic.until("every question is answered", nothing_is_out).await;
    everybody_has_an_answer(&clinic, &visits);
    assert_eq!(clinic.terminal.statistics().taken, 1 + PEOPLE as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_whose_answer_is_lost_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (clinic, visits) = morning(folder.path(), BUNDLING).await;
    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Always);
    line_returns(&clinic);
    clinic.until("the upload was taken", |_| clinic.terminal.statistics().under_way == 1).await;
    clinic.terminal.faults().set(FaultKind::LostAnswer, FaultTrigger::Next(1));
    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Off);
    clinic.until("every question is answered", nothing_is_out).await;
    everybody_has_an_answer(&clinic, &visits);
    assert_eq!(clinic.terminal.faults().fired(FaultKind::LostAnswer), 1);
    assert!(
        clinic.terminal.statistics().taken <= 6,
        "one upload, one lost fetch, at most one made twice, three good ones"
    );
}
