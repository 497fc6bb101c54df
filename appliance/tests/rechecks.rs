//! A question that more than one box has planned for a later day is asked by one of them.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, QuestionId, VisitId};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::visit::{DocumentPresented, StaffDecided, VisitCommand};
use domain::{Date, Timestamp};
use std::path::Path;
use sync::feed::{Arrival, FeedLog};
use sync::outbox::{Patience, Stage};
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, FeedInput, HandOver, Heard, HeardWhat, Input, Intended, RunningDesk};
use uketsuke::store::{JobRow, StoreLocation};
use uketsuke::vault::Vault;
use web::port::{Account, CheckIn, Desk, DeskCommand, Saved};

struct Counter {
    _folder: TempDir,
    clock: Clock,
    desk: RunningDesk,
}

fn desk_in(folder: &Path, clock: &Clock) -> RunningDesk {
    let location = StoreLocation::in_folder(folder).unwrap();
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&location, settings, clock.clone()).unwrap()
}

impl Counter {
    fn first() -> Counter {
        let clock = Clock::by_hand(Timestamp::in_japan(Date::literal(2026, 3, 2), 10, 0, 0));
        let folder = tempfile::tempdir().unwrap();
        let desk = desk_in(folder.path(), &clock);
        Counter { _folder: folder, clock, desk }
    }

    async fn joining(other: &Counter) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let newcomer = StoreLocation::in_folder(folder.path()).unwrap().vault().identity().introduction();
        let vault = other.desk.vault();
        let admission = vault.admit(&newcomer, "窓口2", other.clock.now()).unwrap();
        let kept = other.desk.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(admission), reply))).await;
        kept.unwrap().unwrap();
        Vault::enter(folder.path(), vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
        let desk = desk_in(folder.path(), &other.clock);
        Counter { _folder: folder, clock: other.clock.clone(), desk }
    }

    async fn submit(&self, command: DeskCommand) -> Saved {
        self.desk.submit(&Account::new(Author::new("staff-1"), "受付"), None, command).await.unwrap()
    }

    async fn decides(&self, visit: &VisitId) {
        let decided = VisitCommand::Decide(StaffDecided { reason: "常連".to_owned() });
        self.submit(DeskCommand::Visit { visit: visit.clone(), commands: vec![decided] }).await;
    }

    async fn learns_from(&self, other: &Counter) {
        let gate = self.desk.vault().gate().clone();
        let page = other.desk.log().read_after(0, usize::MAX).unwrap();
        let arrival = |record| Arrival { standing: gate.admit(&record).unwrap(), record };
        let arrivals: Vec<Arrival> = page.records.into_iter().map(|logged| arrival(logged.record)).collect();
        let log = self.desk.log();
        tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap();
    }

    /// What this box itself is to ask.
    fn to_ask(&self) -> Vec<JobRow> {
        let open = self.desk.readers().read(|reading| reading.open_jobs()).unwrap();
        open.into_iter().filter(|row| row.job.stage != Stage::Elsewhere).collect()
    }

    async fn hands_over(&self, question: &QuestionId, suffix: &str) -> Intended {
        let hand_over = HandOver::one(question.clone(), suffix, "i", self.clock.now());
        self.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap()
    }

    async fn hears_that_nobody_is_known(&self, suffix: &str) {
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
        let what = HeardWhat::Answered { suffix: suffix.to_owned(), answer: Box::new(answer) };
        let heard = Heard { name: format!("OQSsiquc01res_{suffix}.xml"), sha256: [1; 32], what };
        self.desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
    }
}

fn check_in() -> DeskCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse("3405").unwrap().value),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: None,
        person: PersonFace {
            name: Some("見本　花子".to_owned()),
            name_kana: Some("ミホン ハナコ".to_owned()),
            birth_date: Some(Date::literal(1988, 9, 14)),
            ..PersonFace::EMPTY
        },
        flow: Flow::Window,
        counter: None,
        commands: vec![VisitCommand::Present(DocumentPresented { presented })],
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_boxes_planned_for_a_day_is_asked_by_the_first_in_line_alone() {
    let one = Counter::first();
    let two = Counter::joining(&one).await;
    let visit = one.submit(check_in()).await.visit.unwrap();
    let asked = one.to_ask();
    assert_eq!(one.hands_over(&asked[0].job.question, "U00000000001").await, Intended::Yes);
    one.hears_that_nobody_is_known("U00000000001").await;
    one.decides(&visit).await;
    two.learns_from(&one).await;
    two.decides(&visit).await;
    one.learns_from(&two).await;
    let (here, there) = (one.to_ask(), two.to_ask());
    assert_eq!((here.len(), there.len()), (1, 1), "each has a plan for a later day");
    let (here, there) = (here[0].job.clone(), there[0].job.clone());
    assert!(here.due_at > one.clock.now().plus_ms(3_600_000));
    assert_eq!(here.due_at.date_in_japan(), there.due_at.date_in_japan());
    assert_ne!(here.due_at, there.due_at, "one comes first, so that the other can hear of it");

    one.clock.set(here.due_at.max(there.due_at));
    let ((first, its), (second, other)) = match here.due_at < there.due_at {
        true => ((&one, here), (&two, there)),
        false => ((&two, there), (&one, here)),
    };
    assert_eq!(first.hands_over(&its.question, "U00000000002").await, Intended::Yes);
    second.learns_from(first).await;
    assert_eq!(second.hands_over(&other.question, "U00000000003").await, Intended::No);
    assert!(second.to_ask().is_empty(), "it does not come up again");

    // the answer is no help once more: the plan goes on from there
    first.hears_that_nobody_is_known("U00000000002").await;
    second.learns_from(first).await;
    let questions = second.desk.visit(&visit).unwrap().unwrap().state.questions;
    assert_eq!(questions.len(), 2, "asked once at the desk, and once on the planned day: {questions:?}");
}
