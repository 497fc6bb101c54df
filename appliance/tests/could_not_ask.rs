//! A question the outside could not take turns the ladder of its visit, in the real store; a late answer still counts. And what
//! staff copy from the official screen is asked about again by itself.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, QuestionId, VisitId};
use domain::link::Cause;
use domain::lookup::{Lookup, SearchedBy, on_screen};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::visit::{DocumentPresented, LookupEntered, VisitCommand, VisitStatus};
use domain::{Date, Timestamp};
use sync::outbox::{Failure, Patience};
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, HandOver, Heard, HeardWhat, Input, RunningDesk};
use uketsuke::store::StoreLocation;
use web::port::{Account, CheckIn, Desk, DeskCommand, NumberQuery, Saved, VisitView};

const DAY: Date = Date::literal(2026, 11, 16);

struct Room {
    desk: RunningDesk,
    clock: Clock,
    visit: VisitId,
    _folder: tempfile::TempDir,
}

fn person() -> PersonFace {
    PersonFace {
        name_kana: Some("ミホン ハナコ".to_owned()), birth_date: Date::new(1988, 9, 14), ..PersonFace::EMPTY
    }
}

fn coverage() -> Coverage {
    Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse("3405").unwrap().value),
        ..Coverage::EMPTY
    }
}

impl Room {
    /// Somebody with the card at the desk, every lamp fine.
    async fn open() -> Room {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::by_hand(Timestamp::in_japan(DAY, 9, 0, 0));
        let rules = RulePack::built_in();
        let settings = DeskSettings { site: Site::of(SiteKind::Clinic), rules, patience: Patience::default() };
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let desk = RunningDesk::start(&location, settings, clock.clone()).unwrap();
        let presented = Presented::bare(EvidenceKind::MynaCardFace);
        let check_in = CheckIn {
            patient: None,
            patient_number: None,
            person: person(),
            flow: Flow::Window,
            counter: None,
            commands: vec![VisitCommand::Present(DocumentPresented { presented })],
        };
        let saved = submit(&desk, DeskCommand::CheckIn(Box::new(check_in))).await;
        Room { desk, clock, visit: saved.visit.unwrap(), _folder: folder }
    }

    fn view(&self) -> VisitView {
        self.desk.visit(&self.visit).unwrap().unwrap()
    }

    async fn hand_over(&self, question: QuestionId, suffix: &str) {
        let hand_over = HandOver::one(question, suffix, suffix, self.desk.now());
        self.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
    }

    async fn hears(&self, name: &str, what: HeardWhat) {
        let sha256 = [u8::try_from(name.len()).unwrap(); 32];
        let heard = Heard { name: name.to_owned(), sha256, what };
        self.desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
    }
}

async fn submit(desk: &RunningDesk, command: DeskCommand) -> Saved {
    let staff = Account::new(Author::new("staff-1"), "受付");
    desk.submit(&staff, None, command).await.unwrap()
}

fn failed(suffix: &str) -> HeardWhat {
    HeardWhat::Failed { suffix: suffix.to_owned(), failure: Failure::RequestFailed, code: Some("ACC00001".to_owned()) }
}

fn valid() -> OnlineAnswer {
    OnlineAnswer {
        status: EligibilityStatus::Valid,
        asked_by: Some(AskedBy::Number),
        confirmed_for: DAY,
        obtained_at: None,
        results: vec![EligibilityResult { person: person(), coverage: coverage() }],
        consents: Vec::new(),
        reference_number: None,
        note: None,
    }
}

#[tokio::test]
async fn a_request_that_failed_on_the_way_turns_the_ladder_and_is_kept_once() {
    let room = Room::open().await;
    room.clock.set(Timestamp::in_japan(DAY, 9, 0, 30));
    let query = NumberQuery { coverage: coverage() };
    let asked = submit(&room.desk, DeskCommand::AskByNumber { visit: room.visit.clone(), query }).await;
    let question = asked.question.unwrap();
    room.hand_over(question.clone(), "U1").await;
    room.clock.set(Timestamp::in_japan(DAY, 9, 1, 0));
    room.hears("first", failed("U1")).await;

    let view = room.view();
    let failure = view.state.could_not_ask(&room.desk.link_report().links).unwrap();
    assert_eq!((failure.cause, failure.code.as_deref()), (Cause::NationalService, Some("ACC00001")));
    assert_eq!(failure.since, Some(Timestamp::in_japan(DAY, 9, 0, 30)));
    let offered: Vec<_> = view.decision.ladder.iter().filter_map(|step| step.evidence).collect();
    assert!(offered.contains(&EvidenceKind::SelfDeclaration) && !offered.contains(&EvidenceKind::MynaCardFace));

    room.hand_over(question.clone(), "U22").await;
    room.hears("second", failed("U22")).await;
    let failures = room.view().history.iter().filter(|fact| fact.fact.kind() == "question_failed").count();
    assert_eq!(failures, 1, "however often it is tried");

    room.hand_over(question, "U333").await;
    let answer = HeardWhat::Answered { suffix: "U333".to_owned(), answer: Box::new(valid()) };
    room.hears("answered", answer).await;
    let view = room.view();
    assert!(view.state.could_not_ask(&room.desk.link_report().links).is_none(), "a late answer still counts");
}

#[tokio::test]
async fn a_copied_result_is_asked_about_again_by_itself() {
    let room = Room::open().await;
    let now = room.clock.now();
    let lookup = Lookup {
        kind: EvidenceKind::OutageLookup,
        answer: on_screen(EligibilityStatus::Valid, DAY, now, PersonFace::EMPTY, coverage()),
        searched_by: SearchedBy::FourItems,
        person_compared: true,
        looked_up_by: "受付 一子".to_owned(),
        looked_up_at: now,
        consent: None,
    };
    let commands = vec![VisitCommand::EnterLookup(LookupEntered { lookup })];
    submit(&room.desk, DeskCommand::Visit { visit: room.visit.clone(), commands }).await;
    let view = room.view();
    assert_eq!((view.status, view.jobs.len()), (VisitStatus::Provisional, 1));
    let on_file = view.patient.unwrap().state.stored().unwrap();
    assert_eq!(on_file.confirmed_how, Some(EvidenceKind::OutageLookup));

    room.hand_over(view.jobs[0].job.clone(), "U1").await;
    room.hears("answered", HeardWhat::Answered { suffix: "U1".to_owned(), answer: Box::new(valid()) }).await;
    assert_eq!(room.view().status, VisitStatus::Confirmed);
}
