//! Counters, the waiting line, families and remote consents over the real store: one box, and two that cannot reach each other.

use crate::support::counter::{Counter, clock_at};
use crate::support::patients::card;
use domain::case::{Companion, Flow, Site, SiteKind};
use domain::counter::{CounterId, CounterKind};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{PatientId, VisitId};
use domain::remote_consent::{ConsentDevice, ConsentEntered, ConsentHeard, ConsentId, ConsentTime, IdentityChecked};
use domain::visit::{CameFrom, CompanionCame, FamilyJoined, Placed, VisitCommand};
use domain::waiting::{ParkReason, TicketCommand, TicketId, TicketStatus};
use domain::{Date, Timestamp};
use uketsuke::clock::Clock;
use web::port::{
    CheckIn, ConsentCommand, CounterCommand, Desk, DeskCommand, ForgetPatient, ForgetReason, LineCommand, LineItem,
    RoundFacility, Saved, SubmitError,
};

fn clock() -> Clock {
    clock_at(Date::literal(2026, 11, 16), 8, 55)
}

/// A site where patients may consent at home.
fn first() -> Counter {
    let site = Site { home_consent_app: true, home_consent_web: true, ..Site::of(SiteKind::Clinic) };
    Counter::at(site, tempfile::tempdir().unwrap(), &clock())
}

impl Counter {
    /// Does something a minute after the last thing.
    async fn tries(&self, command: DeskCommand) -> Result<Saved, SubmitError> {
        self.clock.set(self.clock.now().plus_ms(60_000));
        self.try_to(command).await
    }

    async fn does(&self, command: DeskCommand) -> Saved {
        self.tries(command).await.unwrap()
    }

    async fn takes_number(&self) -> TicketId {
        let take = LineCommand::Take { name: None, counter: "窓口1".to_owned() };
        TicketId::new(self.does(DeskCommand::Line(take)).await.about.unwrap())
    }

    async fn call_next(&self, counter: &str) -> Result<TicketId, SubmitError> {
        let called = self.tries(DeskCommand::Line(LineCommand::CallNext { counter: counter.to_owned() })).await?;
        Ok(TicketId::new(called.about.unwrap()))
    }

    async fn step(&self, ticket: &TicketId, command: TicketCommand, counter: &str) -> Result<Saved, SubmitError> {
        let (ticket, counter) = (ticket.clone(), counter.to_owned());
        self.tries(DeskCommand::Line(LineCommand::Number { ticket, command, counter })).await
    }

    fn number(&self, ticket: &TicketId) -> LineItem {
        self.desk.line().unwrap().into_iter().find(|item| item.ticket == *ticket).unwrap()
    }

    fn labels(&self) -> Vec<String> {
        self.desk.line().unwrap().into_iter().map(|item| item.state.label).collect()
    }

    async fn makes_counter(&self, name: &str, kind: CounterKind, has_reader: bool) {
        let id = CounterId::new(CounterCommand::NEW);
        let counter = domain::counter::Counter { id, name: name.to_owned(), kind, has_reader };
        self.does(DeskCommand::Counters(CounterCommand::Set(Box::new(counter)))).await;
    }
}

fn comes(kana: &str, birth: Date) -> PersonFace {
    PersonFace { name_kana: Some(kana.to_owned()), birth_date: Some(birth), ..PersonFace::EMPTY }
}

fn at_counter(person: PersonFace, counter: &str, commands: Vec<VisitCommand>) -> DeskCommand {
    let counter = Some(counter.to_owned());
    let (patient, patient_number, flow) = (None, None, Flow::Window);
    DeskCommand::CheckIn(Box::new(CheckIn { patient, patient_number, person, flow, counter, commands }))
}

fn from_number(ticket: &TicketId) -> VisitCommand {
    VisitCommand::ComeFrom(CameFrom { ticket: Some(ticket.clone()), consent: None, identity: None })
}

fn is_refused(outcome: Result<impl Sized, SubmitError>, at: &str) -> bool {
    matches!(outcome, Err(SubmitError::Refused { at: found, .. }) if found == at)
}

const ADULT: Date = Date::literal(1988, 9, 14);

#[tokio::test]
async fn a_check_in_takes_its_flow_and_its_equipment_from_the_counter_and_keeps_both() {
    let one = first();
    one.makes_counter("テント", CounterKind::FeverTent, false).await;
    let again = domain::counter::Counter {
        id: CounterId::new(CounterCommand::NEW),
        name: "テント".to_owned(),
        kind: CounterKind::MainDesk,
        has_reader: true,
    };
    assert!(is_refused(one.tries(DeskCommand::Counters(CounterCommand::Set(Box::new(again)))).await, "name"));
    let place = VisitCommand::Place(Placed { kind: None, place: Some("見本 300 あ 12-34".to_owned()) });
    let saved = one.does(at_counter(comes("ミホン ハナコ", ADULT), "テント", vec![card(), place])).await;
    let visit = saved.visit.unwrap();
    let row = one.row(&visit);
    assert_eq!((row.flow, row.kind), (Flow::FeverClinic, Some(CounterKind::FeverTent)));
    assert_eq!(row.place.as_deref(), Some("見本 300 あ 12-34"));
    let view = one.view(&visit);
    let first = view.decision.ladder.iter().find(|step| !step.satisfied).unwrap();
    assert_eq!(first.evidence, Some(EvidenceKind::HomeConsentApp), "the reader of the desk does not reach the tent");
    let unknown = one.does(at_counter(comes("ミホン タロウ", ADULT), "どこか", vec![card()])).await.visit.unwrap();
    assert_eq!(
        (one.row(&unknown).flow, one.row(&unknown).kind),
        (Flow::Window, None),
        "a name nobody saved changes nothing"
    );
    let offered = &one.desk.counters().unwrap().all[0];
    assert_eq!(offered.steps[0].evidence, Some(EvidenceKind::HomeConsentApp));
    one.rows_made_anew_are_the_same().await;
}

#[tokio::test]
async fn two_counters_share_one_line_and_a_check_in_serves_its_number() {
    let one = first();
    let (a, b, c) = (one.takes_number().await, one.takes_number().await, one.takes_number().await);
    assert_eq!(one.labels(), ["A1", "A2", "A3"]);
    assert_eq!(one.call_next("窓口1").await.unwrap(), a);
    assert_eq!(one.call_next("窓口2").await.unwrap(), b, "nobody is called twice");
    assert!(is_refused(one.call_next("窓口1").await, "line"), "the called one is not forgotten");
    assert!(matches!(
        one.step(&b, TicketCommand::Call("窓口1".into()), "窓口1").await,
        Err(SubmitError::StateChanged(_))
    ));
    one.step(&a, TicketCommand::Park(ParkReason::FetchingCard, None), "窓口1").await.unwrap();
    assert_eq!(one.call_next("窓口1").await.unwrap(), c);
    one.step(&c, TicketCommand::Miss, "窓口1").await.unwrap();
    one.step(&a, TicketCommand::ComeBack, "窓口2").await.unwrap();
    assert_eq!(one.call_next("窓口1").await.unwrap(), a, "back at the place the number gives");
    let saved = one.does(at_counter(comes("ミホン ハナコ", ADULT), "窓口1", vec![from_number(&a)])).await;
    let visit = saved.visit.unwrap();
    let served = one.number(&a).state;
    assert_eq!((served.status, served.visits), (TicketStatus::Served, vec![visit.clone()]));
    assert_eq!(one.view(&visit).state.came_from.unwrap().ticket, Some(a.clone()));
    let twice = one.tries(at_counter(comes("ミホン タロウ", ADULT), "窓口2", vec![from_number(&a)])).await;
    assert!(matches!(twice, Err(SubmitError::StateChanged(_))), "and nothing of the second check-in is kept");
    assert_eq!(one.desk.board(one.desk.today()).unwrap().rows.len(), 1);
    one.rows_made_anew_are_the_same().await;
}

#[tokio::test]
async fn numbers_begin_anew_every_day_and_go_on_after_a_restart() {
    let one = first();
    one.takes_number().await;
    let one = one.restarted().await;
    one.takes_number().await;
    assert_eq!(one.labels(), ["A1", "A2"]);
    one.clock.set(Timestamp::in_japan(Date::literal(2026, 11, 17), 8, 0, 0));
    assert!(one.labels().is_empty());
    one.takes_number().await;
    assert_eq!(one.labels(), ["A1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_boxes_apart_never_hand_out_the_same_number_and_agree_when_they_meet() {
    let one = first();
    let two = Counter::joining_by(&one, &clock()).await;
    for _ in 0..3 {
        one.takes_number().await;
        two.takes_number().await;
    }
    let mut labels = [one.labels(), two.labels()].concat();
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), 6, "{labels:?}");
    let first = one.exchange(None).await;
    let second = two.exchange(Some(first.address)).await;
    one.waits_for("all numbers", || one.labels().len() == 6).await;
    two.waits_for("all numbers", || two.labels().len() == 6).await;
    assert_eq!(one.labels(), two.labels());

    drop((first, second));
    let (one, two) = (one.restarted().await, two.restarted().await);
    let waiting = one.desk.line().unwrap()[0].ticket.clone();
    assert_eq!(one.call_next("窓口1").await.unwrap(), waiting);
    assert_eq!(two.call_next("窓口2").await.unwrap(), waiting, "apart, they cannot know");
    let first = one.exchange(None).await;
    let second = two.exchange(Some(first.address)).await;
    let called_to = |of: &Counter| of.number(&waiting).state.called_to.len();
    one.waits_for("the other call", || called_to(&one) == 2).await;
    two.waits_for("the other call", || called_to(&two) == 2).await;
    assert_eq!(one.number(&waiting), two.number(&waiting), "both are told that both called");
    one.does(at_counter(comes("ミホン ハナコ", ADULT), "窓口1", vec![from_number(&waiting)])).await;
    two.waits_for("who was served", || two.number(&waiting).state.status == TicketStatus::Served).await;
    let served = two.step(&waiting, TicketCommand::Serve(None), "窓口2").await;
    assert!(matches!(served, Err(SubmitError::StateChanged(_))));
    drop((first, second));
    two.rows_made_anew_are_the_same().await;
}

#[tokio::test]
async fn a_family_stands_under_its_first_visit_each_with_a_visit_of_its_own() {
    let one = first();
    let adult = one.does(at_counter(comes("ミホン ハハ", ADULT), "窓口1", Vec::new())).await.visit.unwrap();
    let joins = |family: &VisitId| {
        vec![
            VisitCommand::NoteCompanion(CompanionCame {
                companion: Companion::Parent,
                name: Some("ミホン ハハ".into()),
            }),
            VisitCommand::JoinFamily(FamilyJoined {
                family: family.clone(), brought_by: Some("ミホン ハハ".into())
            }),
        ]
    };
    let born = Date::literal(2023, 5, 5);
    let child = one.does(at_counter(comes("ミホン アネ", born), "窓口1", joins(&adult))).await.visit.unwrap();
    let other = one.does(at_counter(comes("ミホン オトウト", born), "窓口1", joins(&child))).await.visit.unwrap();
    for visit in [&child, &other] {
        assert_eq!(one.row(visit).family, Some(adult.clone()), "whichever of them staff began from");
        let state = one.view(visit).state;
        assert_eq!((state.companion, state.brought_by.as_deref()), (Some(Companion::Parent), Some("ミホン ハハ")));
        assert!(
            state.stored.is_none_or(|stored| !stored.coverage.has_numbers()),
            "no insurance is taken over silently"
        );
    }
    assert_eq!(one.row(&adult).family, None);
    let nobody = joins(&VisitId::new("nobody"));
    let outcome = one.tries(at_counter(comes("ミホン イトコ", born), "窓口1", nobody)).await;
    assert!(matches!(outcome, Err(SubmitError::NotFound(_))));
    one.rows_made_anew_are_the_same().await;
}

fn consent(one: &Counter, flow: Flow) -> ConsentEntered {
    ConsentEntered {
        person: comes("ミホン ハナコ", ADULT),
        consented_at: one.clock.now(),
        way: EvidenceKind::HomeConsentWeb,
        device: ConsentDevice::Own,
        flow,
        heard: ConsentHeard::PatientSays,
        planned_on: None,
        place: Some("駐車場3番".to_owned()),
    }
}

#[tokio::test]
async fn a_remote_consent_waits_with_its_time_left_and_ends_with_the_check_in() {
    let one = first();
    let entered = consent(&one, Flow::Car);
    let enter = |entered: ConsentEntered| DeskCommand::Consents(ConsentCommand::Enter(Box::new(entered)));
    let id = ConsentId::new(one.does(enter(entered.clone())).await.about.unwrap());
    let at_window = ConsentEntered { flow: Flow::Window, ..entered };
    assert!(is_refused(one.tries(enter(at_window)).await, "flow"));
    let shown = one.desk.consents().unwrap();
    assert_eq!((shown.len(), shown[0].state.received), (1, false), "the patient says so, the list does not");
    one.does(DeskCommand::Consents(ConsentCommand::See { consent: id.clone(), on_list: true })).await;
    assert!(one.desk.consents().unwrap()[0].state.received);
    one.clock.set(one.clock.now().plus_ms(23 * 3_600_000));
    assert!(matches!(one.desk.consents().unwrap()[0].state.time(one.clock.now()), ConsentTime::RunsOut(_)));
    one.clock.set(one.clock.now().plus_ms(3_600_000));
    assert_eq!(one.desk.consents().unwrap()[0].state.time(one.clock.now()), ConsentTime::Over, "and it is still said");
    let came = |identity| vec![VisitCommand::ComeFrom(CameFrom { ticket: None, consent: Some(id.clone()), identity })];
    let unseen = one.tries(at_counter(comes("ミホン ハナコ", ADULT), "車", came(None))).await;
    assert!(is_refused(unseen, "identity"), "given in advance, it needs a look at the person");
    let seen = came(Some(IdentityChecked::PhotoId));
    let visit = one.does(at_counter(comes("ミホン ハナコ", ADULT), "車", seen)).await.visit.unwrap();
    assert!(one.desk.consents().unwrap().is_empty());
    assert!(one.view(&visit).state.came_from.is_some());
    one.rows_made_anew_are_the_same().await;
}

#[tokio::test]
async fn numbers_and_consents_go_with_the_patient_they_led_to() {
    let one = first();
    let ticket = one.takes_number().await;
    let saved = one.does(at_counter(comes("ミホン ハナコ", ADULT), "窓口1", vec![from_number(&ticket)])).await;
    one.takes_number().await;
    let (patient, reason) = (saved.patient.unwrap(), ForgetReason::Other);
    one.does(DeskCommand::ForgetPatient(ForgetPatient { patient, reason, despite_retention: true })).await;
    assert_eq!(one.labels(), ["A2"]);
    one.takes_number().await;
    assert_eq!(one.labels(), ["A2", "A3"], "a number that was deleted is not handed out again");
    one.rows_made_anew_are_the_same().await;
}

#[tokio::test]
async fn the_round_of_a_facility_lists_who_lives_there_now() {
    let machine = first();
    let received = |patient: Option<PatientId>, kana: &str, place: &str| {
        let name_kana = Some(kana.to_owned()).filter(|kana| !kana.is_empty());
        let birth_date = name_kana.as_ref().map(|_| Date::literal(1940, 5, 5));
        let companion = CompanionCame { companion: Companion::Helper, name: Some("施設 花".to_owned()) };
        DeskCommand::CheckIn(Box::new(CheckIn {
            patient,
            patient_number: None,
            person: PersonFace { name_kana, birth_date, ..PersonFace::EMPTY },
            flow: Flow::Facility,
            counter: None,
            commands: vec![
                VisitCommand::Place(Placed { kind: None, place: Some(place.to_owned()) }),
                VisitCommand::NoteCompanion(companion),
            ],
        }))
    };
    let first = machine.does(received(None, "ミホン ウメ", "ひまわり苑 10")).await.patient.unwrap();
    machine.does(received(None, "ミホン マツ", "ひまわり苑 9")).await;
    let listed = |machine: &Counter| -> Vec<(String, Vec<(String, bool)>)> {
        let rooms = |facility: RoundFacility| {
            let residents = facility.residents.into_iter();
            (facility.name, residents.map(|resident| (resident.room, resident.today.is_some())).collect())
        };
        machine.desk.facility_rounds().unwrap().into_iter().map(rooms).collect()
    };
    let house = |name: &str, rooms: &[(&str, bool)]| {
        (name.to_owned(), rooms.iter().map(|(room, today)| ((*room).to_owned(), *today)).collect::<Vec<_>>())
    };
    assert_eq!(listed(&machine), [house("ひまわり苑", &[("9", true), ("10", true)])], "9 comes before 10");
    assert_eq!(machine.desk.facility_rounds().unwrap()[0].last_helper.as_deref(), Some("施設 花"));

    machine.clock.set(machine.clock.now().plus_ms(30 * 24 * 3_600_000));
    assert_eq!(listed(&machine), [house("ひまわり苑", &[("9", false), ("10", false)])], "nobody was received today");
    machine.does(received(Some(first.clone()), "", "あおぞら荘 3")).await;
    let moved = [house("あおぞら荘", &[("3", true)]), house("ひまわり苑", &[("9", false)])];
    assert_eq!(listed(&machine), moved, "who moved stands at the new place alone");

    machine.clock.set(machine.clock.now().plus_ms(375 * 24 * 3_600_000));
    assert_eq!(
        listed(&machine),
        [house("あおぞら荘", &[("3", false)])],
        "who was not seen for so long is listed no more"
    );
    machine.rows_made_anew_are_the_same().await;
}
