//! A clinic with a real desk, a courier and a simulated terminal behind real folders.

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, VisitId};
use domain::rule::RulePack;
use domain::visit::{DocumentPresented, VisitCommand};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::outbox::bundle::{Bundling, FetchPace};
use sync::outbox::{Pace, Patience};
use sync::simulator::{Person, SimClock, SimConfig, SimFolders, SimTerminal};
use sync::terminal::SuffixMark;
use tokio::task::JoinHandle;
use uketsuke::clock::Clock;
use uketsuke::courier::{Courier, CourierSettings, RequestMaker};
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::door;
use uketsuke::lookout::{Lookout, LookoutSettings};
use uketsuke::store::StoreLocation;
use web::port::{Account, CheckIn, Desk, DeskCommand, JobState, NumberQuery, VisitView};

const INSTITUTION: &str = "1319999999";
const FETCH: FetchPace = FetchPace { first_ms: 50, every_ms: 50, longest_ms: 500, overdue_after_ms: 1_000 };

/// A clinic at work.
pub struct Clinic {
    pub desk: RunningDesk,
    pub terminal: SimTerminal,
    staff: Account,
    runners: Vec<JoinHandle<()>>,
}

/// A terminal whose folders lie below this one.
pub async fn terminal(folder: &Path) -> SimTerminal {
    let clock = Clock::wall();
    let mut sim =
        SimConfig::new(INSTITUTION, SimClock::from_now(move || clock.now())).with_folders(SimFolders::below(folder));
    sim.line_listen = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    sim.poll_interval_ms = 20;
    sim.bulk_busy_polls = 2;
    SimTerminal::start(sim).await.unwrap()
}

/// A clinic that asks one by one.
pub async fn clinic(folder: &Path) -> Clinic {
    open(folder, terminal(folder).await, Bundling::NEVER)
}

/// Opens a clinic, or opens it again after [`Clinic::close`].
pub fn open(folder: &Path, terminal: SimTerminal, bundling: Bundling) -> Clinic {
    open_waiting(folder, terminal, bundling, Patience::default().silent_after_ms)
}

/// The same, where nobody waits at the desk for longer than this.
pub fn open_waiting(folder: &Path, terminal: SimTerminal, bundling: Bundling, silent_after_ms: i64) -> Clinic {
    let clock = Clock::wall();
    let folders = SimFolders::below(folder);
    let location = StoreLocation::in_folder(&folder.join("data")).unwrap();
    let settings = DeskSettings {
        site: Site::of(SiteKind::Clinic),
        rules: RulePack::built_in(),
        patience: Patience {
            first_retry_ms: 50,
            longest_retry_ms: 500,
            silent_after_ms,
            fetch: FETCH,
            ..Patience::default()
        },
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
        maker: RequestMaker { institution_code: INSTITUTION.to_owned(), mark },
        pace: Pace { in_flight: 8, spacing_ms: 0, bundling },
        retry_ms: 50,
    };
    let courier = tokio::spawn(Courier::new(desk.clone(), door, lookout.clone(), courier).run());
    let address = terminal.line_addr().unwrap();
    let probe = tokio::spawn(async move { lookout.probe_line(address).await });
    let staff = Account::new(Author::new("staff-test"), "受付");
    Clinic { desk, terminal, staff, runners: vec![courier, probe] }
}

impl Clinic {
    pub async fn until(&self, what: &str, seen: impl Fn(&RunningDesk) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut revisions = self.desk.watch();
        while !seen(&self.desk) {
            assert!(Instant::now() < deadline, "never seen: {what}");
            let _either = tokio::time::timeout(Duration::from_millis(200), revisions.changed()).await;
        }
    }

    pub async fn check_in(&self, person: &Person, commands: Vec<VisitCommand>) -> VisitId {
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

    /// Asks the national service by the numbers of the person's certificate while the person waits.
    pub async fn ask(&self, visit: &VisitId, person: &Person) {
        let VisitCommand::Present(document) = certificate(person) else { unreachable!("a document") };
        let query = NumberQuery { coverage: document.presented.coverage };
        let command = DeskCommand::AskByNumber { visit: visit.clone(), query };
        self.desk.submit(&self.staff, None, command).await.unwrap();
    }

    /// Ends the box as a power cut would, between two steps of the courier; the terminal goes on.
    pub async fn close(self) -> SimTerminal {
        for runner in self.runners {
            runner.abort();
            assert!(runner.await.is_err_and(|ended| ended.is_cancelled()));
        }
        self.desk.stop().await;
        self.terminal
    }

    pub fn view(&self, visit: &VisitId) -> VisitView {
        self.desk.visit(visit).unwrap().unwrap()
    }
}

/// Whether every question is answered; what is left is planned for a later day.
pub fn nothing_is_out(desk: &RunningDesk) -> bool {
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

/// What the patient shows, typed in.
pub fn certificate(person: &Person) -> VisitCommand {
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

/// People who hold a certificate that is good today.
pub fn by_certificate(terminal: &SimTerminal) -> Vec<Person> {
    let holds = |person: &&Person| {
        person.holds.first().is_some_and(|paper| {
            paper.kind == sync::simulator::DocumentKind::EligibilityCertificate
                && paper.valid_to.is_none_or(|to| to >= terminal.population().reference_date())
        })
    };
    terminal.population().people().iter().filter(holds).cloned().collect()
}
