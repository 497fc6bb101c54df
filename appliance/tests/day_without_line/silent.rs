//! The terminal takes questions, the line is up, and nobody answers.

use crate::clinic::{by_certificate, nothing_is_out, open_waiting, terminal};
use domain::case::Presented;
use domain::evidence::EvidenceKind;
use domain::link::{Cause, Link, LinkStatus};
use domain::visit::{DocumentPresented, VisitCommand, VisitStatus};
use sync::outbox::bundle::Bundling;
use sync::simulator::{FaultKind, FaultTrigger, Outcome, Person};
use uketsuke::desk::RunningDesk;
use web::port::Desk;

fn card() -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_step_is_offered_without_waiting_and_what_comes_late_still_counts() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = open_waiting(folder.path(), terminal(folder.path()).await, Bundling::NEVER, 300);
    let service = |desk: &RunningDesk| desk.links().links.get(Link::NationalService).status;
    clinic.until("the line is seen", |desk| desk.links().links.get(Link::Line).status == LinkStatus::Up).await;
    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Always);
    let confirmed = |person: &Person| {
        person.truth.by_number.as_ref().is_some_and(|expectation| expectation.outcome == Outcome::Confirmed)
    };
    let people: Vec<Person> = by_certificate(&clinic.terminal).into_iter().filter(confirmed).take(2).collect();

    let mut visits = Vec::new();
    for (person, down) in people.iter().zip([false, true]) {
        let visit = clinic.check_in(person, vec![card()]).await;
        clinic.ask(&visit, person).await;
        clinic
            .until("the silence turns the ladder", |desk| {
                let (view, links) = (desk.visit(&visit).unwrap().unwrap(), desk.links().links);
                view.state.could_not_ask(&links).is_some_and(|silent| silent.cause == Cause::NationalService)
            })
            .await;
        let view = clinic.view(&visit);
        let offered: Vec<_> = view.decision.ladder.iter().filter_map(|step| step.evidence).collect();
        assert!(offered.contains(&EvidenceKind::SelfDeclaration), "{offered:?}");
        assert!(!offered.contains(&EvidenceKind::MynaCardFace), "{offered:?}");
        assert_eq!(view.status, VisitStatus::Open);
        if down {
            clinic.until("two in a row", |desk| service(desk) == LinkStatus::Down).await;
        } else {
            assert_ne!(service(&clinic.desk), LinkStatus::Down, "one answer may be lost");
        }
        visits.push(visit);
    }

    clinic.terminal.faults().set(FaultKind::Late, FaultTrigger::Off);
    clinic.until("every question is answered", nothing_is_out).await;
    for visit in &visits {
        let (state, links) = (clinic.view(visit).state, clinic.desk.links().links);
        assert!(state.answer.is_some() && state.could_not_ask(&links).is_none(), "asked once, answered late");
    }
    clinic.until("the service is seen to answer", |desk| service(desk) == LinkStatus::Up).await;
    assert_eq!(clinic.terminal.statistics().taken, 2, "nobody was asked twice");
}
