//! Snapshots with real stores: who is new takes them in place of the history and knows the same; what goes, goes with them; whoever lies
//! with one is found out.

use crate::support::counter::{Counter, clock_at};
use crate::support::peers::states;
use domain::fact::VisitId;
use domain::visit::{CardSeen, StaffDecided, VisitCommand};
use domain::{Date, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::facility::BoxIdentity;
use sync::facility::statement::{Reason, Statement};
use sync::feed::{
    Arrival, EndReason, Feed, FeedLog, Limits, MemoryDisk, MemoryLog, Pulling, Serving, ServingStep, Term,
};
use sync::replica::{pack, unpack};
use sync::seal::{BoxId, Change, DocumentTag, HashPrefix, KeyRing, Month, RecordKind, SealedRecord, Sealer, open_kept};
use uketsuke::desk::Input;
use web::port::{Desk, DeskCommand, ForgetPatient, ForgetReason};

const MARCH: Date = Date::literal(2026, 3, 2);

fn first() -> Counter {
    Counter::first(&clock_at(MARCH, 10, 0))
}

/// What one pull brought.
#[derive(Debug, Default)]
struct Brought {
    bytes: usize,
    stored: u32,
}

impl Counter {
    /// So many single changes more.
    async fn works_on(&self, visit: &VisitId, changes: i16) {
        for year in 0..changes {
            let expiry = Some(Date::new(2030 + year, 1, 5).unwrap());
            let seen = VisitCommand::NoteCard(CardSeen { certificate_expiry: expiry, registered: None });
            self.edit(visit, seen).await;
        }
    }

    /// Packs snapshots on so many nights.
    async fn packs_for_nights(&self, count: i32) {
        for _ in 0..count {
            let next = self.clock.now().date_in_japan().plus_days(1);
            self.clock.set(Timestamp::in_japan(next, 2, 0, 0));
            while self.desk.inbox().send(Input::MakeSnapshots).await.unwrap().unwrap() {}
        }
    }

    async fn puts_out(&self, other: &Counter, reason: Reason) -> Statement {
        let vault = self.desk.vault();
        let (id, now) = (other.desk.vault().id(), self.clock.now());
        let decided =
            sync::facility::revocation::revoke(vault.identity(), &vault.membership(), id, reason, &**vault, now);
        let said = decided.unwrap().statement;
        states(&self.desk, said.clone()).await;
        said
    }

    fn of_kind(&self, kind: RecordKind) -> Vec<SealedRecord> {
        self.records().into_iter().filter(|record| record.header().kind == kind).collect()
    }

    /// The single records of a visit, in order, and what is in them.
    fn changes_of(&self, visit: &VisitId) -> (Vec<SealedRecord>, Vec<Change>) {
        let ring = self.ring();
        let opened = |record: SealedRecord| open_kept(&record, &ring).ok().map(|change| (record, change));
        let all = self.of_kind(RecordKind::CHANGE).into_iter().filter_map(opened);
        all.filter(|(_, change)| change.id == visit.as_str().as_bytes()).unzip()
    }

    fn feed(&self) -> Arc<Feed> {
        Arc::new(Feed::new(Arc::new(self.desk.log()), self.desk.vault().gate().clone(), Limits::default()))
    }

    /// Pulls from a log until there is nothing more.
    async fn pulls(&self, from: &Arc<Feed>) -> Brought {
        let (here, there, now) = (self.feed(), from.clone(), self.clock.now());
        tokio::task::spawn_blocking(move || pull(&here, &there, now)).await.unwrap()
    }

    /// Keys as this box holds them.
    fn ring(&self) -> KeyRing {
        let mut ring = KeyRing::new();
        self.desk.vault().all_keys().into_iter().for_each(|key| {
            key.put_on(&mut ring);
        });
        ring
    }
}

fn pull(here: &Feed, there: &Feed, now: Timestamp) -> Brought {
    let mut brought = Brought::default();
    loop {
        let (mut pulling, request) = Pulling::start(here, there.log().owner(), 0).unwrap();
        brought.bytes += request.len();
        let (mut serving, mut wire) = Serving::start(there, &request, now).unwrap();
        let reason = loop {
            match serving.step(there).unwrap() {
                ServingStep::Send(bytes) => wire.extend(bytes),
                ServingStep::CaughtUp => break EndReason::CaughtUp,
                ServingStep::End(reason) => break reason,
            }
        };
        wire.extend(serving.end(reason).unwrap());
        brought.bytes += wire.len();
        pulling.receive(here, &wire).unwrap();
        brought.stored += pulling.tally().stored;
        if pulling.end() == Some(EndReason::CaughtUp) {
            return brought;
        }
    }
}

/// A hub's log: it opens nothing and forwards everything.
fn hub_of(counter: &Counter) -> Arc<Feed> {
    let log = MemoryLog::open(BoxId::from_bytes([9; 16]), MemoryDisk::default(), Term::from_bytes([7; 16]));
    let gate = counter.desk.vault().gate();
    let arrival = |record: SealedRecord| Arrival { standing: gate.admit(&record).unwrap(), record };
    log.append(&counter.records().into_iter().map(arrival).collect::<Vec<_>>(), None).unwrap();
    Arc::new(Feed::new(Arc::new(log), gate.clone(), Limits::default()))
}

fn written<'a>(by: &Counter, changes: &'a [Change]) -> impl Iterator<Item = (BoxId, &'a [u8])> {
    let author = by.desk.vault().id();
    changes.iter().map(move |change| (author, change.chunk.as_slice()))
}

fn names_of(records: &[SealedRecord]) -> Vec<HashPrefix> {
    records.iter().map(|record| record.hash().prefix()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_takes_snapshots_and_the_tail_and_knows_what_the_others_know() {
    let one = first();
    let mut visits = Vec::new();
    for number in 0..5 {
        let (visit, patient) = one.receive(None, &format!("ミホン ハナコ{number}")).await;
        one.works_on(&visit, 9).await;
        visits.push((visit, patient));
    }
    one.packs_for_nights(1).await;
    assert!(one.of_kind(RecordKind::SNAPSHOT).is_empty(), "what was written today is not quiet yet");
    one.packs_for_nights(2).await;
    let snapshots = one.of_kind(RecordKind::SNAPSHOT);
    let packed: BTreeSet<DocumentTag> = snapshots.iter().map(|record| record.header().document).collect();
    assert!(snapshots.len() >= 5 && packed.len() == snapshots.len(), "one for each document of many changes");
    let rows = one.rows();
    one.packs_for_nights(3).await;
    assert_eq!(
        one.of_kind(RecordKind::SNAPSHOT).len(),
        snapshots.len(),
        "nothing was written, nothing is packed again"
    );

    // the tail: one visit goes on, one is new
    one.works_on(&visits[0].0, 2).await;
    one.receive(Some(&visits[1].1), "").await;
    assert_ne!(one.rows(), rows);
    let two = Counter::joining(&one).await;
    let whole: usize = one.records().iter().map(|record| record.bytes().len()).sum();
    let brought = two.pulls(&one.feed()).await;
    assert_eq!(two.rows(), one.rows());
    assert!(brought.bytes * 2 < whole, "{brought:?} of {whole} bytes");
    assert!((brought.stored as usize) < one.records().len() - 40, "{brought:?}");

    // from a hub the same, and from the newcomer itself
    let three = Counter::joining(&one).await;
    three.pulls(&hub_of(&one)).await;
    assert_eq!(three.rows(), one.rows());
    let four = Counter::joining(&two).await;
    four.pulls(&two.feed()).await;
    assert_eq!(four.rows(), one.rows());

    // they go on writing together, and a rebuilt read model is the same
    two.works_on(&visits[0].0, 3).await;
    two.edit(&visits[0].0, VisitCommand::Decide(StaffDecided { reason: "常連".to_owned() })).await;
    one.pulls(&two.feed()).await;
    assert_eq!(two.rows(), one.rows());
    one.pulls(&hub_of(&two)).await;
    assert_eq!(two.rows(), one.rows());
    drop(two.folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_stands_for_what_its_maker_had_and_what_others_wrote_meanwhile_comes_besides() {
    let one = first();
    let two = Counter::joining(&one).await;
    let (visit, _) = one.receive(None, "ミホン ハナコ").await;
    one.works_on(&visit, 6).await;
    two.pulls(&one.feed()).await;
    two.works_on(&visit, 5).await; // apart from the other
    let by_other = two.records().last().unwrap().clone();
    for counter in [&one, &two] {
        counter.packs_for_nights(4).await;
    }
    let here = one.of_kind(RecordKind::SNAPSHOT);
    let stands_for = |one: &SealedRecord| one.stands_for().contains(&by_other.hash().prefix());
    assert!(!here.is_empty() && !here.iter().any(stands_for), "it has not seen that");
    let three = Counter::joining(&one).await;
    three.pulls(&one.feed()).await;
    assert_eq!(three.rows(), one.rows());
    three.pulls(&two.feed()).await;
    one.pulls(&two.feed()).await;
    two.pulls(&one.feed()).await;
    assert_eq!(one.rows(), two.rows());
    assert_eq!(three.rows(), two.rows(), "both snapshots and what stands besides make the same visit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_patient_is_gone_from_snapshots_too() {
    let one = first();
    let (visit, patient) = one.receive(None, "ミホン ハナコ").await;
    one.works_on(&visit, 6).await;
    one.packs_for_nights(3).await;
    let snapshot = one.of_kind(RecordKind::SNAPSHOT).pop().unwrap();
    let two = Counter::joining(&one).await;
    two.pulls(&one.feed()).await;
    let hub = hub_of(&one);
    let reason = ForgetReason::Request;
    one.submit(DeskCommand::ForgetPatient(ForgetPatient { patient, reason, despite_retention: true })).await;
    assert!(one.of_kind(RecordKind::SNAPSHOT).is_empty());
    two.pulls(&one.feed()).await;
    assert!(two.of_kind(RecordKind::SNAPSHOT).is_empty() && two.desk.visit(&visit).unwrap().is_none());
    assert_eq!(one.rows(), two.rows());
    one.take(vec![snapshot]).await;
    one.pulls(&hub).await;
    assert!(one.of_kind(RecordKind::SNAPSHOT).is_empty(), "also when it comes back from somebody who was away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_ends_takes_its_snapshots_along_and_who_came_again_lives_on_everywhere() {
    let one = first();
    let (gone, _) = one.receive(None, "ミホン ハナコ").await;
    one.works_on(&gone, 6).await;
    let (stays, returning) = one.receive(None, "ミホン タロウ").await;
    one.works_on(&stays, 6).await;
    one.packs_for_nights(3).await;
    let two = Counter::joining(&one).await;
    two.pulls(&one.feed()).await;
    let copy = two.records();
    let today = Date::literal(2031, 4, 10);
    one.clock.set(Timestamp::in_japan(today.plus_days(-20), 10, 0, 0));
    one.receive(Some(&returning), "").await;
    one.looks_for_what_is_due(today, 7).await;
    assert!(one.desk.visit(&gone).unwrap().is_none());
    two.pulls(&one.feed()).await;
    one.pulls(&two.feed()).await;
    two.pulls(&one.feed()).await;
    assert_eq!(one.rows(), two.rows());
    assert_eq!(one.desk.search_patients("ミホン タロウ").unwrap().len(), 1);
    assert!(one.desk.search_patients("ミホン ハナコ").unwrap().is_empty());
    let ring = two.ring();
    let sealed: Vec<&SealedRecord> = copy.iter().filter(|record| record.header().kind.is_sealed()).collect();
    assert!(sealed.iter().any(|record| record.header().kind == RecordKind::SNAPSHOT));
    assert!(sealed.iter().all(|record| open_kept(record, &ring).is_err()), "no copy of that time opens");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lying_snapshot_leaves_out_is_sealed_anew_by_whoever_has_it() {
    let one = first();
    let (visit, _) = one.receive(None, "ミホン ハナコ").await;
    one.works_on(&visit, 6).await;
    let two = Counter::joining(&one).await;
    two.pulls(&one.feed()).await;
    // the second box says that it packed everything, and leaves the newest change out
    let (of_visit, opened) = one.changes_of(&visit);
    let packed = pack(written(&one, &opened[..opened.len() - 1])).unwrap();
    assert_eq!(unpack(&packed).unwrap().len(), opened.len() - 1);
    let ring = one.ring();
    let whole = Change { class: opened[0].class, id: opened[0].id.clone(), chunk: packed };
    let lie = sealer_of(&two).snapshot(&ring, Month::of(MARCH), &whole, &names_of(&of_visit), &mut rng()).unwrap();

    let hub = hub_of(&one);
    let arrival = Arrival { standing: one.desk.vault().gate().admit(&lie).unwrap(), record: lie.clone() };
    hub.log().append(&[arrival], None).unwrap();
    let three = Counter::joining(&one).await;
    three.pulls(&hub).await;
    let history = |counter: &Counter| counter.desk.visit(&visit).unwrap().unwrap().history.len();
    assert!(history(&three) < history(&one), "who hears only a hub, and a member that lies, does not learn the newest");
    let before = one.records().len();
    one.take(vec![lie.clone()]).await;
    assert_eq!(one.records().len(), before + 2, "the lie is kept, and what it left out is there once more");
    three.pulls(&one.feed()).await;
    assert_eq!((history(&three), three.rows()), (history(&one), one.rows()));
    let four = Counter::joining(&one).await;
    four.pulls(&hub_of(&one)).await;
    assert_eq!((history(&four), four.rows()), (history(&one), one.rows()), "also through a hub that believes the lie");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_is_no_good_saves_nothing_and_takes_nothing_away() {
    let one = first();
    let (visit, _) = one.receive(None, "ミホン ハナコ").await;
    one.works_on(&visit, 6).await;
    let (of_visit, opened) = one.changes_of(&visit);
    let two = Counter::joining(&one).await;
    let ring = one.ring();
    // something in the middle is missing
    let packed = pack(written(&one, &[opened[0].clone(), opened[3].clone()])).unwrap();
    let whole = Change { class: opened[0].class, id: opened[0].id.clone(), chunk: packed };
    let broken = sealer_of(&two).snapshot(&ring, Month::of(MARCH), &whole, &names_of(&of_visit), &mut rng()).unwrap();
    let hub = hub_of(&one);
    let arrival = Arrival { standing: one.desk.vault().gate().admit(&broken).unwrap(), record: broken };
    hub.log().append(&[arrival], None).unwrap();
    let three = Counter::joining(&one).await;
    three.pulls(&hub).await;
    let is_good = |counter: &Counter| counter.desk.log().snapshots(9).unwrap().iter().any(|held| held.is_good);
    assert!(!three.of_kind(RecordKind::SNAPSHOT).is_empty() && !is_good(&three));
    let history = |counter: &Counter| counter.desk.visit(&visit).unwrap().unwrap().history.len();
    assert_eq!((history(&three), three.rows()), (history(&one), one.rows()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_box_wrote_that_was_put_out_is_vouched_for_by_another() {
    let one = first();
    let two = Counter::joining(&one).await;
    let (visit, _) = two.receive(None, "ミホン ハナコ").await;
    two.works_on(&visit, 6).await;
    one.pulls(&two.feed()).await;
    one.puts_out(&two, Reason::Retired).await;
    one.packs_for_nights(3).await;
    let three = Counter::joining(&one).await;
    three.pulls(&one.feed()).await;
    assert!(three.desk.visit(&visit).unwrap().is_some(), "a newcomer reads it in the snapshot of a member");
    assert_eq!(three.rows(), one.rows());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_box_had_forgotten_before_it_was_retired_goes_also_where_the_word_comes_late() {
    for (reason, goes) in [(Reason::Retired, true), (Reason::Lost, false)] {
        let one = first();
        let two = Counter::joining(&one).await;
        let away = Counter::joining(&one).await;
        let (visit, patient) = one.receive(None, "ミホン ハナコ").await;
        two.pulls(&one.feed()).await;
        away.pulls(&one.feed()).await;
        let forget = ForgetPatient { patient, reason: ForgetReason::Request, despite_retention: true };
        two.submit(DeskCommand::ForgetPatient(forget)).await;
        one.pulls(&two.feed()).await;
        assert!(one.desk.visit(&visit).unwrap().is_none());
        let said = one.puts_out(&two, reason).await;
        states(&away.desk, said).await;
        away.pulls(&one.feed()).await;
        assert!(away.desk.visit(&visit).unwrap().is_some(), "the word of one who left is not obeyed any more");
        one.packs_for_nights(1).await;
        let records = one.records().len();
        one.packs_for_nights(1).await;
        assert_eq!(one.records().len(), records, "once is enough");
        away.pulls(&one.feed()).await;
        assert_eq!(away.desk.visit(&visit).unwrap().is_none(), goes, "{reason:?}");
        away.packs_for_nights(1).await;
        one.pulls(&away.feed()).await;
        assert!(one.desk.visit(&visit).unwrap().is_none(), "and it does not come back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thief_is_not_obeyed_whose_orders_come_together_with_the_word_that_he_is_out() {
    let one = first();
    let two = Counter::joining(&one).await;
    let away = Counter::joining(&one).await;
    let (visit, patient) = one.receive(None, "ミホン ハナコ").await;
    two.pulls(&one.feed()).await;
    away.pulls(&one.feed()).await;
    one.puts_out(&two, Reason::Lost).await;
    let forget = ForgetPatient { patient, reason: ForgetReason::Request, despite_retention: true };
    two.submit(DeskCommand::ForgetPatient(forget)).await;
    // everything in one page, looked at by the gate before any of it is kept
    let mut page = one.of_kind(RecordKind::MEMBERSHIP);
    page.extend(two.of_kind(RecordKind::FORGET));
    away.take(page).await;
    assert!(away.desk.visit(&visit).unwrap().is_some());
    one.take(two.of_kind(RecordKind::FORGET)).await;
    assert_eq!(away.rows(), one.rows(), "it is the same whether the word came before or with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_send_never_takes_the_last_room_of_the_disk_from_the_reception() {
    let one = first();
    let two = Counter::joining(&one).await;
    let (visit, _) = two.receive(None, "ミホン ハナコ").await;
    let arrival = |record: SealedRecord| Arrival { standing: one.desk.vault().gate().admit(&record).unwrap(), record };
    let arrivals: Vec<Arrival> = two.records().into_iter().map(arrival).collect();
    let full = one.desk.log().leaving_free(u64::MAX);
    let sent = arrivals.clone();
    let refused = tokio::task::spawn_blocking(move || full.append(&sent, None)).await.unwrap();
    assert!(refused.is_err(), "nothing is taken in");
    one.receive(None, "ミホン タロウ").await;
    assert!(one.desk.visit(&visit).unwrap().is_none(), "reception goes on meanwhile");
    one.append(arrivals).await;
    assert!(one.desk.visit(&visit).unwrap().is_some(), "and nothing was lost: the other side sends it again");
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

/// Signs in a box's name, with the key that lies in its folder.
fn sealer_of(counter: &Counter) -> Sealer {
    let vault = counter.desk.vault();
    let identity: &BoxIdentity = vault.identity();
    identity.sealer(vault.facility())
}
