//! A clinic to be measured: a record filled through the desk itself, then a desk over it whose line is cut.

use crate::invented;
use anyhow::{Context, anyhow, ensure};
use domain::case::{Flow, Presented, Site, SiteKind};
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, PatientId};
use domain::link::{Link, LinkState};
use domain::rule::RulePack;
use domain::visit::{AnswerReceived, DocumentPresented, VisitCommand, VisitStatus};
use domain::{Date, Timestamp};
use std::path::{Path, PathBuf};
use std::time::Duration;
use sync::outbox::Patience;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, Input, RunningDesk};
use uketsuke::store::{JournalRow, StoreLocation};
use web::port::{Account, CheckIn, Desk, DeskCommand, IdempotencyKey, JobState, Saved};

/// Visits of one day of the past; they are handed in together, so that filling is quick.
const VISITS_A_DAY: u32 = 256;

/// So long before the first patient the box was started, at the least: what it makes ready for the day is made.
const STARTED_BEFORE: Duration = Duration::from_secs(5);

/// Where is measured.
pub enum Place {
    /// a folder that stays
    Kept(PathBuf),
    /// a folder that goes
    Passing(TempDir),
}

impl Place {
    /// The folder asked for, or a new one beside this program: on the disk that is built on, never in a memory file system.
    pub fn find(asked: Option<&Path>) -> anyhow::Result<Place> {
        if let Some(folder) = asked {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            return Ok(Place::Kept(folder.to_owned()));
        }
        let program = std::env::current_exe()?;
        let beside = program.parent().ok_or_else(|| anyhow!("this program lies nowhere"))?;
        Ok(Place::Passing(tempfile::Builder::new().prefix("bench-").tempdir_in(beside)?))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        match self {
            Place::Kept(folder) => folder,
            Place::Passing(folder) => folder.path(),
        }
    }
}

/// A desk over a filled record, its line cut, and the runtime that hands things in.
pub struct Clinic {
    /// the desk
    pub desk: RunningDesk,
    runtime: Runtime,
    location: StoreLocation,
    patients: u32,
}

impl Clinic {
    /// Opens the record, brings it to so many patients with one visit each, and opens the desk with its line cut.
    pub fn open(folder: &Path, patients: u32) -> anyhow::Result<Clinic> {
        let location = StoreLocation::in_folder(folder)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(fill(&location, patients))?;
        let desk = RunningDesk::start(&location, settings(), Clock::wall())?;
        let clinic = Clinic { desk, runtime, location, patients };
        clinic.cut_the_line()?;
        std::thread::sleep(STARTED_BEFORE);
        Ok(clinic)
    }

    /// Opens a record that is filled already, as it is.
    pub fn reopen(folder: &Path) -> anyhow::Result<Clinic> {
        let location = StoreLocation::in_folder(folder)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let desk = RunningDesk::start(&location, settings(), Clock::wall())?;
        Ok(Clinic { desk, runtime, location, patients: 0 })
    }

    fn cut_the_line(&self) -> anyhow::Result<()> {
        let state = LinkState::down(Some(self.desk.now()));
        let rows = vec![JournalRow { link: Link::Line, state, detail: None }];
        let kept = self.runtime.block_on(self.desk.inbox().send(|reply| Input::Links(rows, reply)));
        Ok(kept.ok_or_else(|| anyhow!("the desk has stopped"))??)
    }

    /// The patient of this number.
    pub fn patient(&self, index: u32) -> anyhow::Result<PatientId> {
        let found = self.desk.readers().read(|reading| reading.patients_by_number(&invented::person(index).number))?;
        let hit = found.into_iter().next().with_context(|| format!("patient {index} is not on file"))?;
        Ok(hit.patient)
    }

    /// Return visits to be handed in, one for each of so many patients spread over the whole record; every second one shows the
    /// eligibility certificate, the others the card, and say that nothing changed. `turn` chooses other patients each time.
    pub fn return_visits(&self, turn: u32, count: u32) -> anyhow::Result<Vec<ReturnVisit>> {
        let spread = (self.patients / count).max(1);
        (0..count).map(|nth| self.return_visit((nth * spread + turn) % self.patients, nth % 2 == 0, turn)).collect()
    }

    /// One return visit.
    pub fn return_visit(&self, index: u32, by_certificate: bool, turn: u32) -> anyhow::Result<ReturnVisit> {
        let key = IdempotencyKey(format!("bench-{}-{turn}-{index}", std::process::id()));
        let commands = if by_certificate { certificate(index) } else { nothing_changed() };
        let check_in = CheckIn {
            patient: Some(self.patient(index)?),
            patient_number: None,
            person: PersonFace::EMPTY,
            flow: Flow::Window,
            counter: Some("1".to_owned()),
            commands,
        };
        Ok(ReturnVisit { key, check_in })
    }

    /// Hands a return visit in and waits until it is durable.
    pub fn save(&self, visit: ReturnVisit) -> anyhow::Result<Saved> {
        self.runtime.block_on(hand_in(&self.desk, visit))
    }

    /// Hands visits in from several desks at once, each of which waits for one before it hands in the next.
    pub fn save_at_desks(&self, desks: Vec<Vec<ReturnVisit>>) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            let mut working = JoinSet::new();
            for visits in desks {
                let desk = self.desk.clone();
                working.spawn(async move {
                    for visit in visits {
                        hand_in(&desk, visit).await?;
                    }
                    Ok(())
                });
            }
            working.join_all().await.into_iter().collect()
        })
    }

    /// A return visit must be what it is taken for, or the figures mean nothing: accepted for the time being, with a question that
    /// waits for the line.
    pub fn check_what_is_measured(&self) -> anyhow::Result<()> {
        for (index, by_certificate) in [(0, true), (1, false)] {
            let saved = self.save(self.return_visit(index, by_certificate, u32::MAX)?)?;
            let visit = saved.visit.context("the check-in made no visit")?;
            let view = self.desk.visit(&visit)?.context("the visit cannot be found")?;
            ensure!(view.status == VisitStatus::Provisional, "the measured check-in is {:?}", view.status);
            let waits = |state: &JobState| matches!(state, JobState::WaitingForLink(Link::Line));
            ensure!(view.jobs.iter().any(|job| waits(&job.state)), "the measured check-in asks nothing");
        }
        Ok(())
    }

    /// The store of the record.
    pub fn location(&self) -> &StoreLocation {
        &self.location
    }

    /// Rows in the tables that a check-in writes to.
    pub fn rows(&self) -> anyhow::Result<u32> {
        let connection = self.location.open_reader()?;
        let tables = ["record", "visit_row", "follow_up_row", "patient_row", "patient_key", "job", "idempotency"];
        let count = |table: &&str| {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, u32>(0))
        };
        Ok(tables.iter().map(count).sum::<rusqlite::Result<u32>>()?)
    }
}

impl Drop for Clinic {
    /// The process must not end while the writer still closes the record.
    fn drop(&mut self) {
        self.runtime.block_on(self.desk.stop());
    }
}

/// A return visit to be handed in.
pub struct ReturnVisit {
    key: IdempotencyKey,
    check_in: CheckIn,
}

async fn hand_in(desk: &RunningDesk, visit: ReturnVisit) -> anyhow::Result<Saved> {
    let command = DeskCommand::CheckIn(Box::new(visit.check_in));
    Ok(desk.submit(&staff(), Some(visit.key), command).await?)
}

fn certificate(index: u32) -> Vec<VisitCommand> {
    let kind = EvidenceKind::EligibilityCertificate;
    let presented = Presented { coverage: invented::person(index).coverage, ..Presented::bare(kind) };
    vec![VisitCommand::Present(DocumentPresented { presented })]
}

fn nothing_changed() -> Vec<VisitCommand> {
    let presented = Presented::bare(EvidenceKind::MynaCardFace);
    vec![VisitCommand::Present(DocumentPresented { presented }), VisitCommand::SayUnchanged]
}

/// A clinic by the built-in rules.
pub fn settings() -> DeskSettings {
    DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() }
}

/// Who works there.
pub fn staff() -> Account {
    Account::new(Author::new("bench"), "bench")
}

/// Fills the record through the desk, under a clock set back: a first visit for each patient, confirmed by the national service.
pub async fn fill(location: &StoreLocation, patients: u32) -> anyhow::Result<()> {
    let then = Clock::by_hand(Timestamp::from_ms(0));
    let desk = RunningDesk::start(location, settings(), then.clone())?;
    let known: u32 = location.open_reader()?.query_row("SELECT count(*) FROM patient_row", [], |row| row.get(0))?;
    let days = patients.div_ceil(VISITS_A_DAY);
    let first_day = Clock::wall().now().date_in_japan().plus_days(-i32::try_from(days)?);
    let mut next = known;
    while next < patients {
        let day = first_day.plus_days(i32::try_from(next / VISITS_A_DAY)?);
        then.set(Timestamp::in_japan(day, 9, 0, 0));
        let end = (next + VISITS_A_DAY).min(patients);
        one_day(&desk, day, next..end).await?;
        eprint!("\rfilling {}: {end} of {patients} patients   ", location_name(patients));
        next = end;
    }
    if known < patients {
        eprintln!();
    }
    desk.stop().await;
    Ok(())
}

fn location_name(patients: u32) -> &'static str {
    if patients > 1_000 { "the large record" } else { "the small record" }
}

async fn one_day(desk: &RunningDesk, day: Date, indices: std::ops::Range<u32>) -> anyhow::Result<()> {
    let mut coming = JoinSet::new();
    for index in indices {
        let desk = desk.clone();
        coming.spawn(async move {
            let command = DeskCommand::CheckIn(Box::new(first_visit(index, day)));
            desk.submit(&staff(), None, command).await
        });
    }
    for saved in coming.join_all().await {
        saved?;
    }
    Ok(())
}

/// A first visit, with the national service's answer.
pub fn first_visit(index: u32, day: Date) -> CheckIn {
    let person = invented::person(index);
    let answer = OnlineAnswer {
        status: EligibilityStatus::Valid,
        asked_by: Some(AskedBy::Card),
        confirmed_for: day,
        obtained_at: None,
        results: vec![EligibilityResult { person: person.face.clone(), coverage: person.coverage }],
        consents: Vec::new(),
        reference_number: None,
        note: None,
    };
    CheckIn {
        patient: None,
        patient_number: Some(person.number),
        person: person.face,
        flow: Flow::Window,
        counter: Some("1".to_owned()),
        commands: vec![
            VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) }),
            VisitCommand::TakeAnswer(AnswerReceived { question: None, answer }),
        ],
    }
}
