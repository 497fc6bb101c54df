//! Two boxes of one facility, over HTTPS on loopback: what one writes the other shows, also after they were apart.

use crate::support::counter::{Counter, PATIENCE, clock_at, desk_over, staff};
use crate::support::patients::{certificate, check_in, declaration, person};
use crate::support::peers::let_in;
use domain::Date;
use domain::declaration::InsuranceKind;
use domain::fact::Author;
use domain::visit::{CardSeen, StaffDecided, VisitCommand};
use std::collections::BTreeSet;
use sync::feed::FeedLog;
use uketsuke::boxes::{Asked, Boxes, ask};
use uketsuke::clock::Clock;
use uketsuke::desk::{FeedInput, Input};
use uketsuke::store::StoreLocation;
use web::port::{Account, Desk, DeskCommand, PatientCommand};

impl Counter {
    /// The names of all records.
    fn hashes(&self) -> BTreeSet<sync::seal::RecordHash> {
        self.records().iter().map(|record| record.hash()).collect()
    }
}

/// Both have the same records, and with them the same rows.
async fn agree(one: &Counter, two: &Counter) {
    one.waits_for("the other's records", || one.hashes().is_superset(&two.hashes())).await;
    two.waits_for("the first one's records", || two.hashes().is_superset(&one.hashes())).await;
    one.waits_for("the same records", || one.hashes() == two.hashes()).await;
    assert_eq!(one.rows(), two.rows());
    let seen = |counter: &Counter| counter.board().iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
    assert_eq!(seen(one), seen(two));
}

/// This morning, and an hour ahead of it.
fn clocks() -> (Clock, Clock) {
    let today = Clock::wall().now().date_in_japan();
    (clock_at(today, 10, 0), clock_at(today, 11, 0))
}

/// Somebody new with a certificate.
fn shows_certificate(name: &str, kana: &str) -> DeskCommand {
    check_in(None, person(name, kana), vec![certificate("3405")])
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_checked_in_at_one_counter_is_on_the_board_of_the_other() {
    let (clock, ahead) = clocks();
    let one = Counter::first(&clock);
    let before = one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let two = Counter::joining_by(&one, &ahead).await;
    let (first, second) = (one.exchange(None).await, two.exchange(None).await);
    assert!(two.board().is_empty());
    drop(second);
    let second = two.exchange(Some(first.address)).await;
    two.waits_for("what was there before", || two.board().len() == 1).await;
    assert_eq!(two.board()[0].visit, before.visit.unwrap());
    let later = one.submit(shows_certificate("見本　太郎", "ミホン タロウ")).await.visit.unwrap();
    two.waits_for("the second visit", || two.board().iter().any(|row| row.visit == later)).await;
    let there = two.submit(shows_certificate("見本　次郎", "ミホン ジロウ")).await.visit.unwrap();
    one.waits_for("the visit at the other counter", || one.board().iter().any(|row| row.visit == there)).await;
    assert_eq!(two.desk.search_patients("ハナコ").unwrap().len(), 1);
    agree(&one, &two).await;
    let standing = &second.standings()[0];
    assert_eq!((standing.connected, standing.peer), (true, one.desk.vault().id()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_apart_is_the_same_on_both_afterwards() {
    let (clock, ahead) = clocks();
    let one = Counter::first(&clock);
    let two = Counter::joining_by(&one, &ahead).await;
    let shared = one.submit(check_in(None, person("髙●　花子", "ミホン ハナコ"), Vec::new())).await;
    let (visit, patient) = (shared.visit.unwrap(), shared.patient.unwrap());
    let meeting = one.exchange(None).await;
    let joined = two.exchange(Some(meeting.address)).await;
    two.waits_for("the first visit", || two.board().len() == 1).await;
    drop((meeting, joined));

    // Apart: the same new patient at both counters, the same visit at both, ● corrected here and a declaration there.
    one.submit(shows_certificate("見本　太郎", "ミホン タロウ")).await;
    two.submit(shows_certificate("見本　太郎", "ミホン タロウ")).await;
    let seen = |year| {
        VisitCommand::NoteCard(CardSeen { certificate_expiry: Some(Date::literal(year, 1, 5)), registered: None })
    };
    let edit = |commands| DeskCommand::Visit { visit: visit.clone(), commands };
    one.submit(edit(vec![seen(2030)])).await;
    two.submit(edit(vec![seen(2031)])).await;
    let corrected = PatientCommand::CorrectName { as_received: "髙●".to_owned(), corrected: "髙橋".to_owned() };
    one.submit(DeskCommand::Patient { patient: patient.clone(), command: corrected }).await;
    let declared = declaration("髙●　花子", Date::literal(1988, 9, 14), InsuranceKind::Employee);
    two.submit(edit(vec![declared])).await;
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
    let one = Counter::first(&clock);
    let two = Counter::joining_by(&one, &ahead).await;
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let good = one.desk.log().read_after(0, usize::MAX).unwrap().records;
    let sealed = good.iter().rev().find(|logged| logged.record.header().kind.is_sealed()).unwrap();
    let mut damaged = sealed.record.bytes().to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let damaged = SealedRecord::parse(damaged).unwrap();
    let records = std::iter::once(damaged.clone()).chain(good.into_iter().map(|logged| logged.record));
    let standing = Standing::Member(Role::Box);
    let arrivals: Vec<Arrival> = records.map(|record| Arrival { record, standing }).collect();
    let outcomes = two.append(arrivals).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Stored(_))), "{outcomes:?}");
    assert_eq!(two.board().len(), 1, "the rest counts");
    assert!(two.hashes().contains(&damaged.hash()), "kept and forwarded");
    let set_aside: u32 = two
        .location()
        .open_reader()
        .unwrap()
        .query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0))
        .unwrap();
    assert_eq!(set_aside, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_with_a_key_that_comes_later_is_opened_then() {
    use sync::seal::RecordKind;
    let (clock, ahead) = clocks();
    let one = Counter::first(&clock);
    let two = Counter::joining_by(&one, &ahead).await;
    // These keys are made after the other was let in, so that it learns of them by grants alone.
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let (grants, rest): (Vec<_>, Vec<_>) =
        one.records().into_iter().partition(|record| record.header().kind == RecordKind::GRANT);
    assert!(!grants.is_empty());
    two.take(rest).await;
    assert!(two.board().is_empty(), "nothing opens yet");
    two.take(grants).await;
    assert_eq!(two.board().len(), 1);
    assert_eq!(two.rows(), one.rows());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_alone_opens_nothing() {
    let (clock, _) = clocks();
    let one = Counter::first(&clock);
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
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
        desk_over(&location, &clock)
    };
    let home = start("a");
    let own = home.vault().id();
    home.submit(&staff(), None, shows_certificate("見本　花子", "ミホン ハナコ")).await.unwrap();
    home.stop().await;
    let away = start("b");
    assert!(away.vault().is_moved() && !away.vault().is_member());
    assert_ne!(away.vault().id(), own);
    away.submit(&staff(), None, shows_certificate("見本　太郎", "ミホン タロウ")).await.unwrap();
    assert_eq!(away.board(away.today()).unwrap().rows.len(), 2, "reception goes on");
    away.stop().await;
    let back = start("a");
    assert_eq!((back.vault().id(), back.vault().is_moved()), (own, false), "put back, nothing was lost");
    assert_eq!(back.board(back.today()).unwrap().rows.len(), 2);
}

/// Three boxes; the first makes a question and is not heard of again.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_asked_by_one_box_and_taken_over_by_one_when_that_is_gone() {
    use uketsuke::exchange::GONE_AFTER_MS;
    let (clock, _) = clocks();
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    let three = Counter::joining(&one).await;
    let visit = one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await.visit.unwrap();
    let asked = one.to_ask();
    assert_eq!(asked.len(), 1);
    let first = one.exchange(None).await;
    let (second, third) = (two.exchange(Some(first.address)).await, three.exchange(Some(first.address)).await);
    for other in [&two, &three] {
        other.waits_for("the visit", || other.board().len() == 1).await;
        assert!(other.to_ask().is_empty(), "only the box of the check-in asks");
        assert_eq!(other.desk.queue().unwrap().open.len(), 1, "and the others show it");
    }
    second.adopt().await;
    third.adopt().await;
    assert!(two.to_ask().is_empty() && three.to_ask().is_empty(), "its owner is alive");
    drop((first, second, third));

    // The first is gone. The others hear of each other for as long.
    clock.set(clock.now().plus_ms(GONE_AFTER_MS - 1));
    let second = two.exchange(None).await;
    let third = three.exchange(Some(second.address)).await;
    two.submit(shows_certificate("見本　次郎", "ミホン ジロウ")).await;
    three.waits_for("a sign of life", || three.board().len() == 2).await;
    three.submit(shows_certificate("見本　三郎", "ミホン サブロウ")).await;
    two.waits_for("a sign of life", || two.board().len() == 3).await;
    clock.set(clock.now().plus_ms(2));
    let (mine, theirs) = (two.to_ask().len(), three.to_ask().len());
    second.adopt().await;
    third.adopt().await;
    let taken_over = (two.to_ask().len() - mine, three.to_ask().len() - theirs);
    let smaller = two.desk.vault().id() < three.desk.vault().id();
    assert_eq!(taken_over, if smaller { (1, 0) } else { (0, 1) });
    agree(&two, &three).await;

    // It was not gone after all, and asked: both answers come, with the effect of one.
    let adopter = if smaller { &two } else { &three };
    adopter.asks_in_vain(&asked[0], "U00000000001").await;
    one.asks_in_vain(&asked[0], "U00000000002").await;
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
    let one = Counter::first(&clock);
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let alone = Counter::first(&ahead);
    let brought = alone.submit(shows_certificate("見本　太郎", "ミホン タロウ")).await.visit.unwrap();
    let rows = alone.rows();
    let (folder, clock, _) = alone.stopped().await;
    let_in(&one.desk, folder.path(), "窓口2").await;
    let two = Counter::in_folder(folder, &clock);
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
    let one = Counter::first(&clock);
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let two = Counter::joining_by(&one, &ahead).await;
    let first = one.exchange(None).await;
    let mut second = Boxes::start(
        Some(two.sync_settings(Some(first.address))),
        two.sync_settings(None),
        &two.desk,
        two.folder.path(),
    )
    .await;
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
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    let first = one.exchange(None).await;
    let second = two.exchange(Some(first.address)).await;
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
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
    one.submit(shows_certificate("見本　次郎", "ミホン ジロウ")).await;
    two.submit(shows_certificate("見本　三郎", "ミホン サブロウ")).await;
    agree(&one, &two).await;
    // A box that comes anew meets the new certificate.
    drop(second);
    let two = two.restarted().await;
    let second = two.exchange(Some(first.address)).await;
    one.submit(shows_certificate("見本　四郎", "ミホン シロウ")).await;
    agree(&one, &two).await;
    drop(second);
}

/// A power cut between putting a box out and replacing the keys it knew is made good at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_due_to_be_replaced_are_replaced_at_the_next_start() {
    use sync::facility::revocation::{KeyKeeper, revoke};
    use sync::facility::statement::Reason;
    let (clock, ahead) = clocks();
    let one = Counter::first(&clock);
    let two = Counter::joining_by(&one, &ahead).await;
    one.submit(shows_certificate("見本　花子", "ミホン ハナコ")).await;
    let (vault, lost) = (one.desk.vault().clone(), two.desk.vault().id());
    let old = vault.keys_known_to(lost);
    assert!(!old.is_empty());
    let decided = revoke(vault.identity(), &vault.membership(), lost, Reason::Lost, &*vault, one.clock.now()).unwrap();
    let statement = Box::new(decided.statement);
    one.desk.inbox().send(|reply| Input::Feed(FeedInput::PutOut(lost, statement, reply))).await.unwrap().unwrap();
    assert_eq!(vault.keys_known_to(lost), old, "nothing is replaced yet");
    drop(vault);
    let one = one.restarted().await;
    let boxes = Boxes::start(None, one.sync_settings(None), &one.desk, one.folder.path()).await;
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
    let one = Counter::first(&clock);
    let two = Counter::joining_by(&one, &ahead).await;
    let boxes =
        Boxes::start(Some(one.sync_settings(None)), one.sync_settings(None), &one.desk, one.folder.path()).await;
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
