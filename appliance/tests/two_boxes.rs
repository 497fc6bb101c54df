//! Two boxes of one facility, over HTTPS on loopback: what one writes the other shows, also after they were apart.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::Timestamp;
use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::declaration::{Declaration, InsuranceKind};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::Author;
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::visit::{CardSeen, DeclarationTaken, DocumentPresented, VisitCommand};
use domain::{Date, visit::StaffDecided};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use sync::feed::{Budget, FeedLog};
use sync::outbox::Patience;
use tempfile::TempDir;
use uketsuke::boxes::{Asked, Boxes, ask};
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, FeedInput, Input, RunningDesk};
use uketsuke::exchange::{Exchange, SyncSettings};
use uketsuke::store::StoreLocation;
use uketsuke::vault::Vault;
use web::port::{Account, CheckIn, Desk, DeskCommand, PatientCommand, Saved};

/// Long enough for a loaded machine; nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

struct Counter {
    folder: TempDir,
    clock: Clock,
    desk: RunningDesk,
}

fn desk(folder: &Path, clock: &Clock) -> RunningDesk {
    let location = StoreLocation::in_folder(folder).unwrap();
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&location, settings, clock.clone()).unwrap()
}

impl Counter {
    /// A box that has founded its own facility.
    fn first(clock: Clock) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let desk = desk(folder.path(), &clock);
        Counter { folder, clock, desk }
    }

    /// A box that was let into the facility of another.
    async fn joining(other: &Counter, clock: Clock) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let newcomer = StoreLocation::in_folder(folder.path()).unwrap().vault().identity().introduction();
        let vault = other.desk.vault();
        let admission = vault.admit(&newcomer, "窓口2", other.clock.now()).unwrap();
        let kept = other.desk.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(admission), reply))).await;
        kept.unwrap().unwrap();
        Vault::enter(folder.path(), vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
        let desk = desk(folder.path(), &clock);
        Counter { folder, clock, desk }
    }

    async fn restarted(self) -> Counter {
        self.desk.stop().await;
        let Counter { folder, clock, desk: stopped } = self;
        drop(stopped);
        let desk = desk(folder.path(), &clock);
        Counter { folder, clock, desk }
    }

    async fn exchange(&self, with: Option<SocketAddr>) -> Exchange {
        Exchange::start(self.settings(with), &self.desk).await.unwrap()
    }

    fn settings(&self, with: Option<SocketAddr>) -> SyncSettings {
        SyncSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            peers: with.map(|address| (address.ip().to_string(), address.port())).into_iter().collect(),
            discovery: false,
            budget: Budget::UNLIMITED,
        }
    }

    async fn submit(&self, command: DeskCommand) -> Saved {
        let staff = Account::new(Author::new("staff-1"), "受付");
        self.desk.submit(&staff, None, command).await.unwrap()
    }

    fn rows(&self) -> Vec<String> {
        self.desk.readers().read(|reading| reading.dump_read_model()).unwrap()
    }

    fn board(&self) -> Vec<web::port::BoardRow> {
        self.desk.board(self.clock.now().date_in_japan()).unwrap().rows
    }

    /// The names of all records.
    fn records(&self) -> BTreeSet<sync::seal::RecordHash> {
        let log = self.desk.log();
        let page = log.read_after(0, usize::MAX).unwrap();
        page.records.iter().map(|logged| logged.record.hash()).collect()
    }

    async fn waits_for(&self, what: &str, holds: impl Fn() -> bool) {
        let mut revisions = self.desk.watch();
        let waiting = async {
            while !holds() {
                revisions.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"));
    }
}

/// Both have the same records, and with them the same rows.
async fn agree(one: &Counter, two: &Counter) {
    one.waits_for("the other's records", || one.records().is_superset(&two.records())).await;
    two.waits_for("the first one's records", || two.records().is_superset(&one.records())).await;
    one.waits_for("the same records", || one.records() == two.records()).await;
    assert_eq!(one.rows(), two.rows());
    let seen = |counter: &Counter| counter.board().iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
    assert_eq!(seen(one), seen(two));
}

/// This moment, and one an hour ahead of it.
fn clocks() -> (Clock, Clock) {
    let today = Clock::wall().now().date_in_japan();
    let at = |hour| Clock::by_hand(Timestamp::in_japan(today, hour, 0, 0));
    (at(10), at(11))
}

fn person(name: &str, kana: &str) -> PersonFace {
    PersonFace {
        name: Some(name.to_owned()),
        name_kana: Some(kana.to_owned()),
        birth_date: Some(Date::literal(1988, 9, 14)),
        ..PersonFace::EMPTY
    }
}

fn check_in(person: PersonFace) -> DeskCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse("3405").unwrap().value),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: None,
        person,
        flow: Flow::Window,
        counter: None,
        commands: vec![VisitCommand::Present(DocumentPresented { presented })],
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_checked_in_at_one_counter_is_on_the_board_of_the_other() {
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let before = one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let two = Counter::joining(&one, ahead).await;
    let (first, second) = (one.exchange(None).await, two.exchange(None).await);
    assert!(two.board().is_empty());
    drop(second);
    let second = two.exchange(Some(first.address)).await;
    two.waits_for("what was there before", || two.board().len() == 1).await;
    assert_eq!(two.board()[0].visit, before.visit.unwrap());
    let later = one.submit(check_in(person("見本　太郎", "ミホン タロウ"))).await.visit.unwrap();
    two.waits_for("the second visit", || two.board().iter().any(|row| row.visit == later)).await;
    let there = two.submit(check_in(person("見本　次郎", "ミホン ジロウ"))).await.visit.unwrap();
    one.waits_for("the visit at the other counter", || one.board().iter().any(|row| row.visit == there)).await;
    assert_eq!(two.desk.search_patients("ハナコ").unwrap().len(), 1);
    agree(&one, &two).await;
    let standing = &second.standings()[0];
    assert_eq!((standing.connected, standing.peer), (true, one.desk.vault().id()));
}

/// A declaration of somebody without a card.
fn declaration() -> VisitCommand {
    let declaration = Declaration {
        form_no: "紙-017".to_owned(),
        text_version: "1".to_owned(),
        document_issued: None,
        insurance_kind: InsuranceKind::Employee,
        insurer_name: None,
        workplace: Some("架空製作所".to_owned()),
        issued_when: None,
        ratio_tenths: Some(3),
        name: "髙●　花子".to_owned(),
        name_kana: None,
        birth_date: Date::literal(1988, 9, 14),
        sex: None,
        address: None,
        postal_code: None,
        phone: None,
        other_contact: None,
        remembered_symbol: None,
        remembered_number: None,
        consent_contact: true,
        consent_requery: true,
        signature: None,
        paper: None,
    };
    VisitCommand::TakeDeclaration(DeclarationTaken { declaration })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_apart_is_the_same_on_both_afterwards() {
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let two = Counter::joining(&one, ahead).await;
    let shared = one.submit(DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: None,
        person: person("髙●　花子", "ミホン ハナコ"),
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    })));
    let shared = shared.await;
    let (visit, patient) = (shared.visit.unwrap(), shared.patient.unwrap());
    let meeting = one.exchange(None).await;
    let joined = two.exchange(Some(meeting.address)).await;
    two.waits_for("the first visit", || two.board().len() == 1).await;
    drop((meeting, joined));

    // Apart: the same new patient at both counters, the same visit at both, ● corrected here and a declaration there.
    one.submit(check_in(person("見本　太郎", "ミホン タロウ"))).await;
    two.submit(check_in(person("見本　太郎", "ミホン タロウ"))).await;
    let seen = |year| {
        VisitCommand::NoteCard(CardSeen { certificate_expiry: Some(Date::literal(year, 1, 5)), registered: None })
    };
    let edit = |commands| DeskCommand::Visit { visit: visit.clone(), commands };
    one.submit(edit(vec![seen(2030)])).await;
    two.submit(edit(vec![seen(2031)])).await;
    let corrected = PatientCommand::CorrectName { as_received: "髙●".to_owned(), corrected: "髙橋".to_owned() };
    one.submit(DeskCommand::Patient { patient: patient.clone(), command: corrected }).await;
    two.submit(edit(vec![declaration()])).await;
    let one = one.restarted().await;
    one.submit(edit(vec![VisitCommand::Decide(StaffDecided { reason: "常連".to_owned() })])).await;
    assert_ne!(one.rows(), two.rows());

    let meeting = one.exchange(None).await;
    let joined = two.exchange(Some(meeting.address)).await;
    agree(&one, &two).await;
    drop((meeting, joined));
    let (one, two) = (one.restarted().await, two.restarted().await);
    agree(&one, &two).await;

    let view = two.desk.visit(&visit).unwrap().unwrap();
    let kinds: Vec<&str> = view.history.iter().map(|recorded| recorded.fact.kind()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "card_seen").count(), 2, "{kinds:?}");
    for kind in ["declaration_taken", "staff_decided"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert_eq!(view.patient.unwrap().state.corrected.unwrap().corrected, "髙橋");
    assert_eq!(two.desk.search_patients("ミホン タロウ").unwrap().len(), 2, "both are shown; people decide");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_stops_nothing_and_is_kept_for_the_others() {
    use sync::feed::{Arrival, Outcome};
    use sync::seal::{Role, SealedRecord, Standing};
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let two = Counter::joining(&one, ahead).await;
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let good = one.desk.log().read_after(0, usize::MAX).unwrap().records;
    let sealed = good.iter().rev().find(|logged| logged.record.header().kind.is_sealed()).unwrap();
    let mut damaged = sealed.record.bytes().to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let damaged = SealedRecord::parse(damaged).unwrap();
    let records = std::iter::once(damaged.clone()).chain(good.into_iter().map(|logged| logged.record));
    let standing = Standing::Member(Role::Box);
    let arrivals: Vec<Arrival> = records.map(|record| Arrival { record, standing }).collect();
    let log = two.desk.log();
    let outcomes = tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Stored(_))), "{outcomes:?}");
    assert_eq!(two.board().len(), 1, "the rest counts");
    assert!(two.records().contains(&damaged.hash()), "kept and forwarded");
    let location = StoreLocation::in_folder(two.folder.path()).unwrap();
    let set_aside: u32 =
        location.open_reader().unwrap().query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0)).unwrap();
    assert_eq!(set_aside, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_with_a_key_that_comes_later_is_opened_then() {
    use sync::feed::Arrival;
    use sync::seal::{RecordKind, Role, Standing};
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let two = Counter::joining(&one, ahead).await;
    // These keys are made after the other was let in, so that it learns of them by grants alone.
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let records = one.desk.log().read_after(0, usize::MAX).unwrap().records;
    let (grants, rest): (Vec<_>, Vec<_>) =
        records.into_iter().map(|logged| logged.record).partition(|record| record.header().kind == RecordKind::GRANT);
    assert!(!grants.is_empty());
    let take = async |records: Vec<sync::seal::SealedRecord>| {
        let standing = Standing::Member(Role::Box);
        let arrivals: Vec<Arrival> = records.into_iter().map(|record| Arrival { record, standing }).collect();
        let log = two.desk.log();
        tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap()
    };
    take(rest).await;
    assert!(two.board().is_empty(), "nothing opens yet");
    take(grants).await;
    assert_eq!(two.board().len(), 1);
    assert_eq!(two.rows(), one.rows());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_alone_opens_nothing() {
    let (clock, _) = clocks();
    let one = Counter::first(clock);
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    one.desk.stop().await;
    let copy = tempfile::tempdir().unwrap();
    for file in ["record.db", "record.key"] {
        std::fs::copy(one.folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let location = StoreLocation::in_folder(copy.path()).unwrap();
    let connection = location.open_reader().unwrap();
    let reading = uketsuke::store::Reading::over(&connection, location.vault());
    assert!(reading.documents().unwrap().is_empty(), "with other keys no document opens");
    use std::os::unix::fs::PermissionsExt;
    let keys = one.folder.path().join("facility.key");
    assert_eq!(std::fs::metadata(keys).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_disk_in_another_machine_keeps_the_desk_and_loses_its_membership() {
    use sync::facility::machine::Machine;
    use uketsuke::vault::Founder;
    let root = |id: &str| {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/machine-id"), id).unwrap();
        Machine::read(root.path())
    };
    let folder = tempfile::tempdir().unwrap();
    let (clock, _) = clocks();
    let start = |machine: &str| {
        let founder = Founder { name: "見本医院", institution_code: "", now: clock.now() };
        let location = StoreLocation::on_machine(folder.path(), &root(machine), &founder).unwrap();
        let settings = DeskSettings {
            site: Site::of(SiteKind::Clinic),
            rules: RulePack::built_in(),
            patience: Patience::default(),
        };
        RunningDesk::start(&location, settings, clock.clone()).unwrap()
    };
    let staff = Account::new(Author::new("staff-1"), "");
    let home = start("a");
    let own = home.vault().id();
    home.submit(&staff, None, check_in(person("見本　花子", "ミホン ハナコ"))).await.unwrap();
    home.stop().await;
    let away = start("b");
    assert!(away.vault().is_moved() && !away.vault().is_member());
    assert_ne!(away.vault().id(), own);
    away.submit(&staff, None, check_in(person("見本　太郎", "ミホン タロウ"))).await.unwrap();
    assert_eq!(away.board(away.today()).unwrap().rows.len(), 2, "reception goes on");
    away.stop().await;
    let back = start("a");
    assert_eq!((back.vault().id(), back.vault().is_moved()), (own, false), "put back, nothing was lost");
    assert_eq!(back.board(back.today()).unwrap().rows.len(), 2);
}

/// The questions this box itself is to ask.
fn to_ask(counter: &Counter) -> Vec<domain::fact::QuestionId> {
    let open = counter.desk.readers().read(|reading| reading.open_jobs()).unwrap();
    open.into_iter().filter(|row| row.job.stage != sync::outbox::Stage::Elsewhere).map(|row| row.job.question).collect()
}

async fn answered(counter: &Counter, question: &domain::fact::QuestionId, suffix: &str) {
    use domain::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer};
    use uketsuke::desk::{HandOver, Heard, HeardWhat};
    let hand_over = HandOver::one(question.clone(), suffix, "i", counter.clock.now());
    counter.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
    let answer = OnlineAnswer {
        status: EligibilityStatus::NotFound,
        asked_by: Some(AskedBy::Number),
        confirmed_for: counter.clock.now().date_in_japan(),
        obtained_at: None,
        results: Vec::new(),
        consents: Vec::new(),
        reference_number: None,
        note: None,
    };
    let what = HeardWhat::Answered { suffix: suffix.to_owned(), answer: Box::new(answer) };
    let heard = Heard { name: format!("OQSsiquc01res_{suffix}.xml"), sha256: [1; 32], what };
    counter.desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
}

/// Three boxes; the first makes a question and is not heard of again.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_asked_by_one_box_and_taken_over_by_one_when_that_is_gone() {
    use uketsuke::exchange::GONE_AFTER_MS;
    let (clock, _) = clocks();
    let one = Counter::first(clock.clone());
    let two = Counter::joining(&one, clock.clone()).await;
    let three = Counter::joining(&one, clock.clone()).await;
    let visit = one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await.visit.unwrap();
    let asked = to_ask(&one);
    assert_eq!(asked.len(), 1);
    let first = one.exchange(None).await;
    let (second, third) = (two.exchange(Some(first.address)).await, three.exchange(Some(first.address)).await);
    for other in [&two, &three] {
        other.waits_for("the visit", || other.board().len() == 1).await;
        assert!(to_ask(other).is_empty(), "only the box of the check-in asks");
        assert_eq!(other.desk.queue().unwrap().open.len(), 1, "and the others show it");
    }
    second.adopt().await;
    third.adopt().await;
    assert!(to_ask(&two).is_empty() && to_ask(&three).is_empty(), "its owner is alive");
    drop((first, second, third));

    // The first is gone. The others hear of each other for as long.
    clock.set(clock.now().plus_ms(GONE_AFTER_MS - 1));
    let second = two.exchange(None).await;
    let third = three.exchange(Some(second.address)).await;
    two.submit(check_in(person("見本　次郎", "ミホン ジロウ"))).await;
    three.waits_for("a sign of life", || three.board().len() == 2).await;
    three.submit(check_in(person("見本　三郎", "ミホン サブロウ"))).await;
    two.waits_for("a sign of life", || two.board().len() == 3).await;
    clock.set(clock.now().plus_ms(2));
    let (mine, theirs) = (to_ask(&two).len(), to_ask(&three).len());
    second.adopt().await;
    third.adopt().await;
    let taken_over = (to_ask(&two).len() - mine, to_ask(&three).len() - theirs);
    let smaller = two.desk.vault().id() < three.desk.vault().id();
    assert_eq!(taken_over, if smaller { (1, 0) } else { (0, 1) });
    agree(&two, &three).await;

    // It was not gone after all, and asked: both answers come, with the effect of one.
    let adopter = if smaller { &two } else { &three };
    answered(adopter, &asked[0], "U00000000001").await;
    answered(&one, &asked[0], "U00000000002").await;
    let once = one.desk.visit(&visit).unwrap().unwrap();
    drop(third);
    let first = one.exchange(None).await;
    drop(second);
    let second = two.exchange(Some(first.address)).await;
    let third = three.exchange(Some(first.address)).await;
    agree(&one, &two).await;
    agree(&one, &three).await;
    let twice = one.desk.visit(&visit).unwrap().unwrap();
    assert_eq!(twice.follow_ups, once.follow_ups);
    assert_eq!(twice.status, once.status);
    assert_eq!(twice.state.questions.iter().filter(|known| known.question == asked[0]).count(), 1);
    drop((second, third));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_worked_by_itself_brings_its_record_along() {
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let alone = Counter::first(ahead);
    let brought = alone.submit(check_in(person("見本　太郎", "ミホン タロウ"))).await.visit.unwrap();
    let rows = alone.rows();
    alone.desk.stop().await;
    let Counter { folder, clock, desk: stopped } = alone;
    drop(stopped);
    let newcomer = StoreLocation::in_folder(folder.path()).unwrap().vault().identity().introduction();
    let vault = one.desk.vault();
    let admission = vault.admit(&newcomer, "窓口2", one.clock.now()).unwrap();
    let kept = one.desk.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(admission), reply))).await;
    kept.unwrap().unwrap();
    Vault::enter(folder.path(), vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
    let desk = desk(folder.path(), &clock);
    let two = Counter { folder, clock, desk };
    assert_eq!(two.rows(), rows, "nothing is lost by joining");
    let first = one.exchange(None).await;
    let second = two.exchange(Some(first.address)).await;
    agree(&one, &two).await;
    assert!(one.board().iter().any(|row| row.visit == brought));
    drop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_hears_how_it_stands_and_a_budget_outlives_a_restart() {
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let two = Counter::joining(&one, ahead).await;
    let first = one.exchange(None).await;
    let mut second =
        Boxes::start(Some(two.settings(Some(first.address))), two.settings(None), &two.desk, two.folder.path()).await;
    second.listen_in(two.folder.path()).unwrap();
    agree(&one, &two).await;
    let waiting = async {
        loop {
            let report = ask(two.folder.path(), Asked::Now).await.unwrap();
            if report.peers.iter().any(|peer| peer.connected && peer.bytes_today > 0 && peer.heard_at_ms.is_some()) {
                return report;
            }
            tokio::task::yield_now().await;
        }
    };
    let report = tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    assert_eq!((report.own, report.stopped), (two.desk.vault().id().to_string(), None));
    assert_eq!(report.peers[0].id, one.desk.vault().id().to_string());
    let used = second.exchange().unwrap().standings()[0].used.unwrap();
    second.close().await;
    let two = two.restarted().await;
    let again = two.exchange(None).await;
    let waiting = async {
        while again.standings().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    let kept = again.standings()[0].used.unwrap();
    assert!(kept.bytes() >= used.bytes() && kept.day() == used.day(), "{kept:?} {used:?}");
}

/// Certificates last 90 days and are renewed after 60: nobody does anything, and what is written keeps arriving.
#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_renewed_by_themselves_while_records_keep_arriving() {
    const DAY_MS: i64 = 86_400_000;
    let now = Clock::wall().now();
    let clock = Clock::by_hand(now.plus_ms(-61 * DAY_MS));
    let one = Counter::first(clock.clone());
    let two = Counter::joining(&one, clock.clone()).await;
    let first = one.exchange(None).await;
    let second = two.exchange(Some(first.address)).await;
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    agree(&one, &two).await;
    let before = (first.certificate_ends().unwrap(), second.certificate_ends().unwrap());
    assert_eq!(before.0, now.plus_ms(29 * DAY_MS));

    clock.set(now);
    let renewed = async {
        loop {
            first.now();
            second.now();
            let ends = (first.certificate_ends().unwrap(), second.certificate_ends().unwrap());
            if ends.0 > before.0 && ends.1 > before.1 {
                return ends;
            }
            tokio::task::yield_now().await;
        }
    };
    let ends = tokio::time::timeout(PATIENCE, renewed).await.unwrap();
    assert_eq!(ends, (now.plus_ms(90 * DAY_MS), now.plus_ms(90 * DAY_MS)));
    one.submit(check_in(person("見本　次郎", "ミホン ジロウ"))).await;
    two.submit(check_in(person("見本　三郎", "ミホン サブロウ"))).await;
    agree(&one, &two).await;
    // A box that comes anew meets the new certificate.
    drop(second);
    let two = two.restarted().await;
    let second = two.exchange(Some(first.address)).await;
    one.submit(check_in(person("見本　四郎", "ミホン シロウ"))).await;
    agree(&one, &two).await;
    drop(second);
}

/// A power cut between putting a box out and replacing the keys it knew is made good at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_due_to_be_replaced_are_replaced_at_the_next_start() {
    use sync::facility::revocation::{KeyKeeper, revoke};
    use sync::facility::statement::Reason;
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let two = Counter::joining(&one, ahead).await;
    one.submit(check_in(person("見本　花子", "ミホン ハナコ"))).await;
    let (vault, lost) = (one.desk.vault().clone(), two.desk.vault().id());
    let old = vault.keys_known_to(lost);
    assert!(!old.is_empty());
    let decided = revoke(vault.identity(), &vault.membership(), lost, Reason::Lost, &*vault, one.clock.now()).unwrap();
    let statement = Box::new(decided.statement);
    one.desk.inbox().send(|reply| Input::Feed(FeedInput::PutOut(lost, statement, reply))).await.unwrap().unwrap();
    assert_eq!(vault.keys_known_to(lost), old, "nothing is replaced yet");
    drop(vault);
    let one = one.restarted().await;
    let boxes = Boxes::start(None, one.settings(None), &one.desk, one.folder.path()).await;
    let replaced = async {
        while !one.desk.readers().read(|reading| reading.rotations_due()).unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, replaced).await.unwrap();
    let new = one.desk.vault().keys_known_to(lost);
    assert!(new.len() == old.len() && new.iter().zip(&old).all(|(new, old)| new.generation == old.generation + 1));
    boxes.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_gets_another_name_is_called_so_everywhere_and_the_trail_says_who_did_it() {
    let (clock, ahead) = clocks();
    let one = Counter::first(clock);
    let two = Counter::joining(&one, ahead).await;
    let boxes = Boxes::start(Some(one.settings(None)), one.settings(None), &one.desk, one.folder.path()).await;
    let first = boxes.exchange().unwrap().address;
    let second = two.exchange(Some(first)).await;
    agree(&one, &two).await;
    let (id, port) = (two.desk.vault().id(), boxes.port());
    let staff = Account::new(Author::new("staff-7"), "管理者");
    port.rename(Some(&staff), &id.to_string(), " ドライブスルー ").await.unwrap();
    let called = |counter: &Counter| counter.desk.vault().membership().member(id).unwrap().name.clone();
    assert_eq!(called(&one), "ドライブスルー");
    agree(&one, &two).await;
    let heard = async {
        while called(&two) != "ドライブスルー" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.unwrap();
    assert!(port.view().members.iter().any(|member| member.name == "ドライブスルー" && !member.is_own));

    // refused with the field to blame; and once more is no news
    let own = one.desk.vault().id().to_string();
    let refused = |at: &str, outcome: Result<(), web::port::NotDone>| assert_eq!(outcome.unwrap_err().at, at);
    refused("name", port.rename(Some(&staff), &own, "ドライブスルー").await);
    refused("name", port.rename(Some(&staff), &id.to_string(), "  ").await);
    refused("name", port.rename(Some(&staff), &own, "二\n行").await);
    refused("name", port.rename(Some(&staff), &own, &"長".repeat(33)).await);
    refused("id", port.rename(Some(&staff), "ff", "第3窓口").await);
    port.rename(None, &id.to_string(), "ドライブスルー").await.unwrap();
    let trail = one.desk.people().trail(&web::port::TrailQuestion::default()).unwrap();
    let renamed: Vec<_> = trail.iter().filter(|line| line.what == "box-renamed").collect();
    assert_eq!(renamed.len(), 1);
    assert_eq!((renamed[0].author.as_str(), renamed[0].detail.as_str()), ("staff-7", id.to_string().as_str()));
    // and again, from the machine itself
    port.rename(None, &id.to_string(), "第2窓口").await.unwrap();
    assert_eq!(called(&one), "第2窓口");
    drop(second);
    boxes.close().await;
}
