//! A question the outside could not take turns the ladder of its visit, in the real store; a late answer still counts. And what
//! staff copy from the official screen is asked about again by itself.

use crate::support::counter::{Counter, clock_at};
use crate::support::outside::answer;
use crate::support::patients::{card, check_in, insured};
use domain::case::Presented;
use domain::coverage::Coverage;
use domain::decision::Action;
use domain::eligibility::{EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{QuestionId, VisitId};
use domain::link::Cause;
use domain::lookup::{DisasterConsent, Lookup, SearchedBy, on_screen};
use domain::visit::{DocumentPresented, LookupEntered, QuestionPurpose, VisitCommand, VisitStatus};
use domain::{Date, Timestamp};
use sync::outbox::Failure;
use uketsuke::desk::{HandOver, Heard, HeardWhat, Input, Intended, PersonHeard};
use uketsuke::store::About;
use web::port::{Desk, DeskCommand, JobState, NumberQuery, Saved, SubmitError, VisitView};

const DAY: Date = Date::literal(2026, 11, 16);

/// A counter, and the visit of somebody at it.
struct Room {
    counter: Counter,
    visit: VisitId,
}

fn person() -> PersonFace {
    PersonFace {
        name_kana: Some("ミホン ハナコ".to_owned()), birth_date: Date::new(1988, 9, 14), ..PersonFace::EMPTY
    }
}

fn certificate() -> VisitCommand {
    let valid_to = Date::new(2027, 7, 31);
    let coverage = Coverage { ratio_tenths: Some(3), valid_to, ..insured("3405") };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

async fn receive(counter: &Counter, shown: VisitCommand) -> VisitId {
    counter.submit(check_in(None, person(), vec![shown])).await.visit.unwrap()
}

impl Room {
    /// Somebody with the card at the desk, every lamp fine.
    async fn open() -> Room {
        let counter = Counter::first(&clock_at(DAY, 9, 0));
        let visit = receive(&counter, card()).await;
        Room { counter, visit }
    }

    fn view(&self) -> VisitView {
        self.counter.view(&self.visit)
    }

    /// Asks by number, and hands the question over under this suffix.
    async fn asks(&self, suffix: &str) -> QuestionId {
        let query = NumberQuery { coverage: insured("3405") };
        let asked = self.counter.submit(DeskCommand::AskByNumber { visit: self.visit.clone(), query }).await;
        let question = asked.question.unwrap();
        self.hand_over(question.clone(), suffix).await;
        question
    }

    async fn hears_nothing(&self, question: &QuestionId) {
        let silent = vec![question.clone()];
        let told = self.counter.desk.inbox().send(|reply| Input::Silent(silent, Cause::NationalService, reply)).await;
        told.unwrap().unwrap();
    }

    fn offers(&self, evidence: EvidenceKind) -> bool {
        self.view().decision.ladder.iter().any(|step| step.evidence == Some(evidence))
    }

    async fn hand_over(&self, question: QuestionId, suffix: &str) {
        let hand_over = HandOver::one(question, suffix, suffix, self.counter.desk.now());
        self.counter.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
    }

    async fn hears(&self, name: &str, what: HeardWhat) {
        let sha256 = [u8::try_from(name.len()).unwrap(); 32];
        self.counter.hears(Heard { name: name.to_owned(), sha256, what }).await;
    }

    async fn turns_disaster_mode(&self, open: bool, reason: &str) -> Result<Saved, SubmitError> {
        self.counter.try_to(DeskCommand::TurnDisasterMode { open, reason: reason.to_owned() }).await
    }
}

fn failed(suffix: &str) -> HeardWhat {
    HeardWhat::Failed { suffix: suffix.to_owned(), failure: Failure::RequestFailed, code: Some("ACC00001".to_owned()) }
}

fn valid() -> OnlineAnswer {
    let results = vec![EligibilityResult { person: person(), coverage: insured("3405") }];
    OnlineAnswer { results, ..answer(EligibilityStatus::Valid, DAY) }
}

#[tokio::test]
async fn a_request_that_failed_on_the_way_turns_the_ladder_and_is_kept_once() {
    let room = Room::open().await;
    room.counter.clock.set(Timestamp::in_japan(DAY, 9, 0, 30));
    let query = NumberQuery { coverage: insured("3405") };
    let asked = room.counter.submit(DeskCommand::AskByNumber { visit: room.visit.clone(), query }).await;
    let question = asked.question.unwrap();
    room.hand_over(question.clone(), "U1").await;
    room.counter.clock.set(Timestamp::in_japan(DAY, 9, 1, 0));
    room.hears("first", failed("U1")).await;

    let view = room.view();
    let failure = view.state.could_not_ask(&room.counter.desk.link_report().links).unwrap();
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
    assert!(view.state.could_not_ask(&room.counter.desk.link_report().links).is_none(), "a late answer still counts");
}

#[tokio::test]
async fn what_waits_to_be_asked_is_not_asked_a_second_time_by_hand() {
    let room = Room::open().await;
    let visit = receive(&room.counter, certificate()).await;
    let jobs = || room.counter.view(&visit).jobs;
    let waiting = jobs()[0].job.clone();
    let by_hand =
        || DeskCommand::AskByNumber { visit: visit.clone(), query: NumberQuery { coverage: insured("3405") } };
    assert_eq!(room.counter.submit(by_hand()).await.question, Some(waiting.clone()), "the one that waits goes first");
    assert_eq!((jobs().len(), jobs()[0].purpose), (1, QuestionPurpose::Desk));

    room.hand_over(waiting.clone(), "U1").await;
    assert_eq!(room.counter.submit(by_hand()).await.question, Some(waiting.clone()), "its answer is waited for");
    let wedge = vec![waiting.clone()];
    room.counter.desk.inbox().send(|reply| Input::Wedge(wedge, reply)).await.unwrap().unwrap();
    let refused = room.counter.try_to(by_hand()).await;
    assert!(matches!(refused, Err(SubmitError::StateChanged(_))), "asking again is decided in the queue: {refused:?}");
    assert_eq!(jobs().len(), 1, "the national service is asked once");
}

#[tokio::test]
async fn a_question_nobody_answers_turns_the_ladder_and_its_answer_still_counts() {
    let room = Room::open().await;
    room.counter.clock.set(Timestamp::in_japan(DAY, 9, 0, 10));
    let question = room.asks("U1").await;
    assert!(room.offers(EvidenceKind::MynaCardFace));
    room.counter.clock.set(Timestamp::in_japan(DAY, 9, 0, 40));
    room.hears_nothing(&question).await;
    room.hears_nothing(&question).await;

    let view = room.view();
    let silence = view.state.could_not_ask(&room.counter.desk.link_report().links).unwrap();
    assert_eq!((silence.cause, silence.since), (Cause::NationalService, Some(Timestamp::in_japan(DAY, 9, 0, 10))));
    assert!(room.offers(EvidenceKind::SelfDeclaration) && !room.offers(EvidenceKind::MynaCardFace));
    assert!(room.counter.desk.board(DAY).unwrap().rows[0].waiting, "it is still out");
    let asks = |step: &domain::decision::Step| step.action == Action::QueryByNumber;
    assert!(!view.decision.ladder.iter().any(asks), "and so it is not put twice");
    let told = view.history.iter().filter(|fact| fact.fact.kind() == "question_unanswered").count();
    assert_eq!(told, 1, "said once");

    room.counter.clock.set(Timestamp::in_japan(DAY, 9, 5, 0));
    room.hears("late", HeardWhat::Answered { suffix: "U1".to_owned(), answer: Box::new(valid()) }).await;
    let stopped = || room.view().state.could_not_ask(&room.counter.desk.link_report().links);
    assert!(room.view().state.answer.is_some() && stopped().is_none());
    assert!(!room.counter.desk.board(DAY).unwrap().rows[0].waiting);
    room.hears_nothing(&question).await;
    assert!(stopped().is_none(), "whoever was answered is not silent");
}

#[tokio::test]
async fn the_disaster_function_is_opened_and_closed_with_a_reason_and_keeps_who_said_so() {
    let room = Room::open().await;
    assert!(!room.offers(EvidenceKind::DisasterMode));
    assert!(room.turns_disaster_mode(true, " ").await.is_err(), "for a reason only");
    assert!(room.turns_disaster_mode(false, "終了の通知").await.is_err(), "it is not open");
    room.counter.clock.set(Timestamp::in_japan(DAY, 10, 0, 0));
    room.turns_disaster_mode(true, "厚生労働省の開放の通知").await.unwrap();
    assert!(room.turns_disaster_mode(true, "もう一度").await.is_err(), "it is open already");
    assert!(room.offers(EvidenceKind::DisasterMode), "whoever stands at the desk hears of it at once");

    let now = room.counter.clock.now();
    let lookup = Lookup {
        kind: EvidenceKind::DisasterMode,
        answer: on_screen(EligibilityStatus::Valid, DAY, now, PersonFace::EMPTY, insured("3405")),
        searched_by: SearchedBy::FourItems,
        person_compared: true,
        looked_up_by: "受付 一子".to_owned(),
        looked_up_at: now,
        consent: Some(DisasterConsent::Oral),
    };
    let enter = || vec![VisitCommand::EnterLookup(LookupEntered { lookup: lookup.clone() })];
    room.counter.submit(DeskCommand::Visit { visit: room.visit.clone(), commands: enter() }).await;
    assert_eq!(room.view().state.accepted.unwrap().acceptance.evidence, EvidenceKind::DisasterMode);

    room.counter.clock.set(Timestamp::in_japan(DAY, 17, 0, 0));
    room.turns_disaster_mode(false, "期間終了の通知").await.unwrap();
    let view = room.counter.desk.disaster_mode().unwrap();
    let [period] = &view.periods[..] else { panic!("one period: {view:?}") };
    assert_eq!((period.opened.at, period.opened.by.as_str()), (now, "staff-1"));
    assert_eq!(period.opened.reason, "厚生労働省の開放の通知");
    assert_eq!(period.closed.as_ref().map(|turn| turn.reason.as_str()), Some("期間終了の通知"));
    assert!(view.open().is_none());

    let next = receive(&room.counter, card()).await;
    let offered = |visit: &VisitId| room.counter.view(visit).decision.ladder;
    assert!(offered(&next).iter().all(|step| step.evidence != Some(EvidenceKind::DisasterMode)), "closed");
    room.counter.submit(DeskCommand::Visit { visit: next.clone(), commands: enter() }).await;
    let accepted = room.counter.view(&next).state.accepted;
    assert!(accepted.is_some(), "somebody looked while it was open, and copies the result afterwards");
}

#[tokio::test]
async fn answers_of_a_bundle_that_come_in_parts_count_as_they_come() {
    let room = Room::open().await;
    let (first, second) = (receive(&room.counter, certificate()).await, receive(&room.counter, certificate()).await);
    let view = |visit: &VisitId| room.counter.view(visit);
    let (one, two) = (view(&first).jobs[0].job.clone(), view(&second).jobs[0].job.clone());
    let mut upload = HandOver::one(one.clone(), "UP", "UP", room.counter.desk.now());
    upload.request.about = About::Upload("UP".to_owned());
    upload.questions = vec![one.clone(), two.clone()];
    room.counter.desk.inbox().send(|reply| Input::Intend(upload, reply)).await.unwrap().unwrap();
    let reception_number = "R-1".to_owned();
    room.hears("receipt", HeardWhat::BundleReceived { suffix: "UP".to_owned(), reception_number }).await;
    let fetch = |suffix: &str| {
        let mut fetch = HandOver::one(one.clone(), suffix, suffix, room.counter.desk.now());
        fetch.request.about = About::Fetch("UP".to_owned());
        fetch.questions.clear();
        fetch
    };
    let parts = [("F1", Some(one.clone()), false), ("F22", None, false), ("F333", Some(one.clone()), true)];
    for (suffix, answered, done) in parts {
        let intended = room.counter.desk.inbox().send(|reply| Input::Intend(fetch(suffix), reply)).await;
        assert_eq!(intended.unwrap().unwrap(), Intended::Yes, "{suffix}");
        let answer = || PersonHeard::Answered(Box::new(valid()));
        let people = answered.into_iter().map(|question| (Some(question), answer())).collect();
        room.hears(suffix, HeardWhat::BundleAnswered { suffix: suffix.to_owned(), people, done }).await;
        assert_eq!(view(&first).status, VisitStatus::Confirmed, "at once, while the service works on");
        let stands = view(&second);
        assert_eq!(stands.status, VisitStatus::Provisional, "{suffix}");
        let waits = matches!(stands.jobs[0].state, JobState::Asked { .. });
        assert_eq!(waits, !done, "whom the service forgot is asked alone, and nobody before it is done: {suffix}");
    }
    let history = view(&first).history;
    assert!(history.iter().filter(|fact| fact.fact.kind() == "answer_received").count() <= 1, "{history:?}");

    room.hand_over(two, "ALONE").await;
    room.hears("last one", HeardWhat::Answered { suffix: "ALONE".to_owned(), answer: Box::new(valid()) }).await;
    assert_eq!(view(&second).status, VisitStatus::Confirmed);
}

#[tokio::test]
async fn a_copied_result_is_asked_about_again_by_itself() {
    let room = Room::open().await;
    let now = room.counter.clock.now();
    let lookup = Lookup {
        kind: EvidenceKind::OutageLookup,
        answer: on_screen(EligibilityStatus::Valid, DAY, now, PersonFace::EMPTY, insured("3405")),
        searched_by: SearchedBy::FourItems,
        person_compared: true,
        looked_up_by: "受付 一子".to_owned(),
        looked_up_at: now,
        consent: None,
    };
    let commands = vec![VisitCommand::EnterLookup(LookupEntered { lookup })];
    room.counter.submit(DeskCommand::Visit { visit: room.visit.clone(), commands }).await;
    let view = room.view();
    assert_eq!((view.status, view.jobs.len()), (VisitStatus::Provisional, 1));
    let on_file = view.patient.unwrap().state.stored().unwrap();
    assert_eq!(on_file.confirmed_how, Some(EvidenceKind::OutageLookup));

    room.hand_over(view.jobs[0].job.clone(), "U1").await;
    room.hears("answered", HeardWhat::Answered { suffix: "U1".to_owned(), answer: Box::new(valid()) }).await;
    assert_eq!(room.view().status, VisitStatus::Confirmed);
}
