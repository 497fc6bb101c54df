//! Three boxes that share their questions to the national service, under random schedules: records late, cut off, twice, or not at
//! all; boxes taken for dead that are not; restarts; disks restored from an old copy. Afterwards every box shows the same, every
//! question was answered, and no answer counts twice.
//!
//! `UKETSUKE_QUESTION_SCHEDULES` says how many; a schedule that fails is told by its seed, and `UKETSUKE_QUESTION_SEED` runs it alone.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use domain::case::{Flow, Presented};
use domain::coverage::Coverage;
use domain::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, QuestionId, VisitId};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::visit::{DocumentPresented, VisitCommand, VisitFact};
use domain::{Date, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use sync::feed::{Arrival, FeedLog};
use sync::outbox::Stage;
use sync::seal::{RecordHash, Role, Standing};
use tempfile::TempDir;
use tests::facility::{desk_by, let_in};
use uketsuke::clock::Clock;
use uketsuke::desk::{FeedInput, HandOver, Heard, HeardWhat, Input, RunningDesk};
use web::port::{Account, CheckIn, Desk, DeskCommand};

const SCHEDULES: u64 = 3;
const STEPS: usize = 60;
const BOXES: usize = 3;

/// What a schedule may bring; each is counted when its effect was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// a box got only a part of what the other has
    Partial,
    /// a box got records again that it had
    Duplicate,
    /// a question was taken over while its owner lived
    TakenOver,
    /// a question was put to the national service by a second box
    AskedTwice,
    /// an answer came to a second box
    AnsweredTwice,
    /// a box started again with questions to ask
    Restart,
    /// a box went on from an old copy of its disk and had lost something
    Restore,
}

const FAULTS: [Fault; 7] = [
    Fault::Partial,
    Fault::Duplicate,
    Fault::TakenOver,
    Fault::AskedTwice,
    Fault::AnsweredTwice,
    Fault::Restart,
    Fault::Restore,
];

/// Chance from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }
}

struct Counter {
    folder: PathBuf,
    desk: Option<RunningDesk>,
    backup: Option<PathBuf>,
}

impl Counter {
    fn desk(&self) -> &RunningDesk {
        self.desk.as_ref().unwrap()
    }

    /// The questions this box itself is to ask now; others are planned for a later day.
    fn to_ask(&self) -> Vec<QuestionId> {
        let open = self.desk().readers().read(|reading| reading.open_jobs()).unwrap();
        let due = open.into_iter().filter(|row| row.job.due_at <= self.desk().now());
        due.filter(|row| row.job.stage != Stage::Elsewhere).map(|row| row.job.question).collect()
    }

    fn hashes(&self) -> BTreeSet<RecordHash> {
        let page = self.desk().log().read_after(0, usize::MAX).unwrap();
        page.records.iter().map(|logged| logged.record.hash()).collect()
    }
}

struct World {
    dice: Dice,
    clock: Clock,
    folder: TempDir,
    counters: Vec<Counter>,
    visits: BTreeSet<VisitId>,
    /// which boxes put a question to the service, and got an answer
    asked: BTreeMap<QuestionId, BTreeSet<usize>>,
    answered: BTreeMap<QuestionId, BTreeSet<usize>>,
    handed_over: Vec<(usize, QuestionId, String)>,
    numbers: u64,
    fired: BTreeMap<Fault, u32>,
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

impl World {
    async fn new(seed: u64) -> World {
        let clock = Clock::by_hand(Timestamp::in_japan(Date::literal(2026, 11, 20), 10, 0, 0));
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(format!("box-{number}"));
        (0..BOXES).for_each(|number| std::fs::create_dir(path(number)).unwrap());
        let first = desk_by(&path(0), &clock);
        for number in 1..BOXES {
            let_in(&first, &path(number), "窓口").await;
        }
        let mut desks = vec![first];
        desks.extend((1..BOXES).map(|number| desk_by(&path(number), &clock)));
        let counter = |(number, desk)| Counter { folder: path(number), desk: Some(desk), backup: None };
        let counters = desks.into_iter().enumerate().map(counter).collect();
        World {
            dice: Dice(seed),
            clock,
            counters,
            visits: BTreeSet::new(),
            asked: BTreeMap::new(),
            answered: BTreeMap::new(),
            handed_over: Vec::new(),
            numbers: 0,
            fired: BTreeMap::new(),
            folder,
        }
    }

    fn fire(&mut self, fault: Fault) {
        *self.fired.entry(fault).or_default() += 1;
    }

    fn any(&mut self) -> usize {
        self.dice.below(BOXES)
    }

    async fn step(&mut self) {
        self.clock.set(self.clock.now().plus_ms(1_000));
        match self.dice.below(100) {
            0..18 => self.check_in().await,
            18..50 => self.deliver_some().await,
            50..62 => self.take_over().await,
            62..78 => self.ask().await,
            78..90 => self.answer().await,
            90..94 => self.restart().await,
            94..97 => self.back_up().await,
            _ => self.restore().await,
        }
    }

    async fn check_in(&mut self) {
        let which = self.any();
        self.numbers += 1;
        let coverage = Coverage {
            insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
            insured_number: Some(InsuredNumber::parse(&format!("{}", 3_000 + self.numbers)).unwrap().value),
            ..Coverage::EMPTY
        };
        let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
        let person = PersonFace {
            name: Some("見本　花子".to_owned()),
            name_kana: Some("ミホン ハナコ".to_owned()),
            birth_date: Some(Date::literal(1988, 9, 14)),
            ..PersonFace::EMPTY
        };
        let command = DeskCommand::CheckIn(Box::new(CheckIn {
            patient: None,
            patient_number: None,
            person,
            flow: Flow::Window,
            counter: None,
            commands: vec![VisitCommand::Present(DocumentPresented { presented })],
        }));
        let staff = Account::new(Author::new("staff-1"), "受付");
        let saved = self.counters[which].desk().submit(&staff, None, command).await.unwrap();
        self.visits.insert(saved.visit.unwrap());
    }

    /// Some of what one box has goes to another: from anywhere in its log, and perhaps not to the end.
    async fn deliver_some(&mut self) {
        let (from, to) = (self.any(), self.any());
        let all = self.counters[from].desk().log().read_after(0, usize::MAX).unwrap().records;
        let had = self.counters[to].hashes();
        let start = if self.dice.below(2) == 0 { 0 } else { self.dice.below(all.len()) };
        let most = 1 + self.dice.below(all.len());
        let part: Vec<_> = all.into_iter().skip(start).take(most).map(|logged| logged.record).collect();
        if part.iter().any(|record| had.contains(&record.hash())) {
            self.fire(Fault::Duplicate);
        }
        self.take_in(to, part).await;
        if self.counters[from].hashes().difference(&self.counters[to].hashes()).next().is_some() {
            self.fire(Fault::Partial);
        }
    }

    async fn take_in(&mut self, to: usize, records: Vec<sync::seal::SealedRecord>) {
        let standing = Standing::Member(Role::Box);
        let arrivals: Vec<Arrival> = records.into_iter().map(|record| Arrival { record, standing }).collect();
        let log = self.counters[to].desk().log();
        tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap();
    }

    /// A box takes another for dead.
    async fn take_over(&mut self) {
        let which = self.any();
        let elsewhere = self.counters[which].desk().readers().read(|reading| reading.jobs_elsewhere()).unwrap();
        if elsewhere.is_empty() {
            return;
        }
        let question = elsewhere[self.dice.below(elsewhere.len())].question.clone();
        let desk = self.counters[which].desk();
        let taken = desk.inbox().send(|reply| Input::Feed(FeedInput::Adopt(question.clone(), reply))).await;
        taken.unwrap().unwrap();
        if self.counters[which].to_ask().contains(&question) {
            self.fire(Fault::TakenOver);
        }
    }

    /// A box puts one of its questions to the service.
    async fn ask(&mut self) {
        let which = self.any();
        let open: Vec<QuestionId> = self.counters[which].to_ask();
        let under_way = |question: &QuestionId| {
            self.handed_over.iter().any(|(here, handed, _)| *here == which && handed == question)
        };
        let Some(question) = open.into_iter().find(|question| !under_way(question)) else { return };
        self.put_to_the_service(which, question).await;
    }

    async fn put_to_the_service(&mut self, which: usize, question: QuestionId) {
        self.numbers += 1;
        let suffix = format!("U{:011}", self.numbers);
        let hand_over = HandOver::one(question.clone(), &suffix, &suffix[1..], self.clock.now());
        self.counters[which].desk().inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
        let boxes = self.asked.entry(question.clone()).or_default();
        if boxes.insert(which) && boxes.len() > 1 {
            self.fire(Fault::AskedTwice);
        }
        self.handed_over.push((which, question, suffix));
    }

    /// The service answers something it was asked.
    async fn answer(&mut self) {
        if self.handed_over.is_empty() {
            return;
        }
        let index = self.dice.below(self.handed_over.len());
        self.answer_this(index).await;
    }

    async fn answer_this(&mut self, index: usize) {
        let (which, question, suffix) = self.handed_over.swap_remove(index);
        let answer = OnlineAnswer {
            status: EligibilityStatus::NotFound,
            asked_by: Some(AskedBy::Number),
            confirmed_for: self.clock.now().date_in_japan(),
            obtained_at: None,
            results: Vec::new(),
            consents: Vec::new(),
            reference_number: None,
            note: None,
        };
        let name = format!("OQSsiquc01res_{suffix}.xml");
        let mut sha256 = [0; 32];
        sha256[..suffix.len()].copy_from_slice(suffix.as_bytes());
        let heard = Heard { name, sha256, what: HeardWhat::Answered { suffix, answer: Box::new(answer) } };
        let desk = self.counters[which].desk();
        desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
        let boxes = self.answered.entry(question).or_default();
        if boxes.insert(which) && boxes.len() > 1 {
            self.fire(Fault::AnsweredTwice);
        }
    }

    async fn stop(&mut self, which: usize) {
        let desk = self.counters[which].desk.take().unwrap();
        desk.stop().await;
    }

    fn start(&mut self, which: usize) {
        let desk = desk_by(&self.counters[which].folder, &self.clock);
        self.counters[which].desk = Some(desk);
    }

    async fn restart(&mut self) {
        let which = self.any();
        if !self.counters[which].to_ask().is_empty() {
            self.fire(Fault::Restart);
        }
        self.stop(which).await;
        self.start(which);
    }

    async fn back_up(&mut self) {
        let which = self.any();
        self.numbers += 1;
        let backup = self.folder.path().join(format!("backup-{}", self.numbers));
        self.stop(which).await;
        copy(&self.counters[which].folder, &backup);
        self.start(which);
        self.counters[which].backup = Some(backup);
    }

    /// A disk dies, and the box goes on from an old copy. What stood on no other disk is gone with it, so the others get it first.
    async fn restore(&mut self) {
        let which = self.any();
        let Some(backup) = self.counters[which].backup.clone() else { return };
        let here = self.counters[which].desk().log().read_after(0, usize::MAX).unwrap().records;
        let before = here.len();
        let other = (which + 1) % BOXES;
        self.take_in(other, here.into_iter().map(|logged| logged.record).collect()).await;
        self.stop(which).await;
        std::fs::remove_dir_all(&self.counters[which].folder).unwrap();
        copy(&backup, &self.counters[which].folder);
        self.start(which);
        // What it had put to the service it does not know of any more; its answers find nobody.
        self.handed_over.retain(|(who, _, _)| *who != which);
        if self.counters[which].hashes().len() < before {
            self.fire(Fault::Restore);
        }
    }

    /// Everybody gets everything, until nothing is new.
    async fn converge(&mut self) {
        loop {
            let before: usize = self.counters.iter().map(|counter| counter.hashes().len()).sum();
            for from in 0..BOXES {
                for to in (0..BOXES).filter(|to| *to != from) {
                    let all = self.counters[from].desk().log().read_after(0, usize::MAX).unwrap().records;
                    self.take_in(to, all.into_iter().map(|logged| logged.record).collect()).await;
                }
            }
            let after: usize = self.counters.iter().map(|counter| counter.hashes().len()).sum();
            if before == after {
                return;
            }
        }
    }

    /// All lines heal; one box takes over what the others do not ask any more; everything is asked and answered.
    async fn settle(&mut self) {
        self.converge().await;
        let elsewhere = self.counters[0].desk().readers().read(|reading| reading.jobs_elsewhere()).unwrap();
        for row in elsewhere {
            let asked_there = self.counters.iter().any(|counter| counter.to_ask().contains(&row.question));
            if !asked_there {
                let desk = self.counters[0].desk();
                let taken = desk.inbox().send(|reply| Input::Feed(FeedInput::Adopt(row.question, reply))).await;
                taken.unwrap().unwrap();
            }
        }
        for which in 0..BOXES {
            for question in self.counters[which].to_ask() {
                let known = |(here, handed, _): &(usize, QuestionId, String)| *here == which && *handed == question;
                if !self.handed_over.iter().any(known) {
                    self.put_to_the_service(which, question).await;
                }
            }
        }
        while !self.handed_over.is_empty() {
            self.answer_this(0).await;
        }
        self.converge().await;
    }

    fn check(&self) {
        let dump =
            |which: usize| self.counters[which].desk().readers().read(|reading| reading.dump_read_model()).unwrap();
        let hashes = self.counters[0].hashes();
        for which in 1..BOXES {
            assert_eq!(self.counters[which].hashes(), hashes, "box {which} has other records");
            let (here, there): (BTreeSet<String>, BTreeSet<String>) =
                (dump(which).into_iter().collect(), dump(0).into_iter().collect());
            let different: Vec<&String> = here.symmetric_difference(&there).collect();
            assert!(different.is_empty(), "box {which} shows something else: {different:#?}");
        }
        for counter in &self.counters {
            assert_eq!(counter.to_ask(), [], "nothing is left to ask");
        }
        for visit in &self.visits {
            let view = self.counters[0].desk().visit(visit).unwrap().expect("what was saved is there");
            let mut seen = BTreeSet::new();
            for asked in &view.state.questions {
                assert!(seen.insert(asked.question.clone()), "a question counts once");
                assert!(asked.ended.is_some(), "every question was answered");
            }
            assert!(!seen.is_empty(), "a check-in asks something");
            let answers = view.history.iter().filter(|one| matches!(one.fact, VisitFact::AnswerReceived(_))).count();
            let reasons: Vec<_> = view.follow_ups.iter().map(|item| format!("{:?}", item.kind)).collect();
            let once: BTreeSet<_> = reasons.iter().collect();
            assert!(answers >= 1 && once.len() == reasons.len(), "{answers} answers told people {reasons:?}");
        }
    }
}

async fn schedule(seed: u64) -> BTreeMap<Fault, u32> {
    let mut world = World::new(seed).await;
    for _ in 0..STEPS {
        world.step().await;
    }
    world.settle().await;
    world.check();
    for which in 0..BOXES {
        world.stop(which).await;
    }
    world.fired
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_every_schedule_each_question_takes_effect_once() {
    let seeds = match setting("UKETSUKE_QUESTION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("UKETSUKE_QUESTION_SCHEDULES").unwrap_or(SCHEDULES),
    };
    let many = seeds.end - seeds.start >= SCHEDULES;
    let mut fired: BTreeMap<Fault, u32> = BTreeMap::new();
    for seed in seeds {
        eprintln!("schedule {seed}");
        for (fault, times) in schedule(seed).await {
            *fired.entry(fault).or_default() += times;
        }
    }
    if many {
        assert!(FAULTS.iter().all(|fault| fired.contains_key(fault)), "some fault never fired: {fired:?}");
    }
}
