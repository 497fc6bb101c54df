//! A morning with the line cut, over real folders: what is accepted meanwhile is confirmed, corrected or followed up afterwards.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::eligibility::PersonFace;
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, VisitId};
use domain::link::{Cause, Link};
use domain::rule::RulePack;
use domain::visit::{DocumentPresented, VisitCommand, VisitStatus};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::outbox::{Pace, Patience};
use sync::simulator::{FaultKind, FaultTrigger, Outcome, Person, SimClock, SimConfig, SimFolders, SimTerminal};
use sync::terminal::SuffixMark;
use uketsuke::clock::Clock;
use uketsuke::courier::{Courier, CourierSettings};
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::door;
use uketsuke::lookout::{Lookout, LookoutSettings};
use uketsuke::store::StoreLocation;
use web::port::{Account, CheckIn, Desk, DeskCommand, JobState, VisitView};

const INSTITUTION: &str = "1319999999";

struct Clinic {
    desk: RunningDesk,
    terminal: SimTerminal,
    staff: Account,
}

async fn clinic(folder: &Path) -> Clinic {
    let clock = Clock::wall();
    let folders = SimFolders::below(folder);
    let sim_clock = clock.clone();
    let mut sim =
        SimConfig::new(INSTITUTION, SimClock::from_now(move || sim_clock.now())).with_folders(folders.clone());
    sim.line_listen = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    sim.poll_interval_ms = 20;
    let terminal = SimTerminal::start(sim).await.unwrap();

    let location = StoreLocation::in_folder(&folder.join("data")).unwrap();
    let settings = DeskSettings {
        site: Site::of(SiteKind::Clinic),
        rules: RulePack::built_in(),
        patience: Patience { first_retry_ms: 50, longest_retry_ms: 500, ..Patience::default() },
    };
    let desk = RunningDesk::start(&location, settings, clock).unwrap();
    let lookout_settings = LookoutSettings {
        deaf_after_ms: 1_000,
        probe_every: Duration::from_millis(50),
        probe_limit: Duration::from_millis(500),
    };
    let lookout = Arc::new(Lookout::new(desk.clone(), lookout_settings));
    let door_settings = uketsuke::config::TerminalSettings::Folder {
        req: folders.req,
        res: folders.res,
        face: Some(folders.face),
        shift_jis: false,
        remove_own_results: false,
    };
    let mark = SuffixMark::new("U").unwrap();
    let door = door::open(&door_settings, mark.clone()).unwrap();
    let courier = CourierSettings {
        institution_code: INSTITUTION.to_owned(),
        mark,
        pace: Pace { in_flight: 8, spacing_ms: 0 },
        retry_ms: 50,
    };
    tokio::spawn(Courier::new(desk.clone(), door, lookout.clone(), courier).run());
    let address = terminal.line_addr().unwrap();
    tokio::spawn(async move { lookout.probe_line(address).await });
    let staff = Account { author: Author::new("staff-test"), name: "受付".to_owned() };
    Clinic { desk, terminal, staff }
}

impl Clinic {
    async fn until(&self, what: &str, seen: impl Fn(&RunningDesk) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut revisions = self.desk.watch();
        while !seen(&self.desk) {
            assert!(Instant::now() < deadline, "never seen: {what}");
            let _either = tokio::time::timeout(Duration::from_millis(200), revisions.changed()).await;
        }
    }

    async fn check_in(&self, person: &Person, commands: Vec<VisitCommand>) -> VisitId {
        let check_in = CheckIn {
            patient: None,
            patient_number: None,
            person: face(person),
            flow: Flow::Window,
            counter: None,
            commands,
        };
        let saved = self.desk.submit(&self.staff, None, DeskCommand::CheckIn(Box::new(check_in))).await.unwrap();
        saved.visit.unwrap()
    }

    fn view(&self, visit: &VisitId) -> VisitView {
        self.desk.visit(visit).unwrap().unwrap()
    }
}

/// Whether every question is answered; what is left is planned for a later day.
fn nothing_is_out(desk: &RunningDesk) -> bool {
    let now = desk.now();
    desk.queue().unwrap().open.iter().all(|job| matches!(job.state, JobState::WaitingUntil(at) if at > now))
}

fn face(person: &Person) -> PersonFace {
    PersonFace {
        name: Some(person.face.name.clone()),
        name_kana: Some(person.face.reading.clone()),
        birth_date: Some(person.face.birth_date),
        sex: None,
        address: Some(person.face.address.clone()),
    }
}

fn certificate(person: &Person) -> VisitCommand {
    let paper = &person.holds[0];
    let numbers = &paper.coverage;
    let coverage = domain::coverage::Coverage {
        insurer_number: domain::number::InsurerNumber::parse(&numbers.insurer_number).ok().map(|c| c.value),
        insured_symbol: numbers
            .symbol
            .as_deref()
            .and_then(|s| domain::number::InsuredSymbol::parse(s).ok())
            .map(|c| c.value),
        insured_number: domain::number::InsuredNumber::parse(&numbers.number).ok().map(|c| c.value),
        branch_number: numbers
            .branch
            .as_deref()
            .and_then(|b| domain::number::BranchNumber::parse(b).ok())
            .map(|c| c.value),
        ratio_tenths: paper.share_tenths,
        valid_from: Some(paper.valid_from),
        valid_to: paper.valid_to,
        ..domain::coverage::Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

fn by_certificate(terminal: &SimTerminal) -> Vec<Person> {
    let holds = |person: &&Person| {
        person.holds.first().is_some_and(|paper| {
            paper.kind == sync::simulator::DocumentKind::EligibilityCertificate
                && paper.valid_to.is_none_or(|to| to >= terminal.population().reference_date())
        })
    };
    terminal.population().people().iter().filter(holds).cloned().collect()
}

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
    if person.holds.is_empty() {
        return;
    }
    let visit = clinic.check_in(&person, vec![certificate(&person)]).await;
    clinic.until("the answer is in", nothing_is_out).await;
    let view = clinic.view(&visit);
    assert!(view.state.answer.is_none(), "nothing of the other person is kept");
    assert!(view.state.answer_withheld);
    let kinds: Vec<_> = view.follow_ups.iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&domain::decision::FollowUpKind::ReportPersonMismatch), "{kinds:?}");
    let _cause_is_data = Cause::Data;
}
