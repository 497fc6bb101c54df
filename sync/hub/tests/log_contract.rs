//! What every log promises, asked of all of them: in memory, in SQLite, in PostgreSQL.

#![allow(clippy::unwrap_used)]

#[path = "support/clinic.rs"]
mod clinic;
#[path = "support/database.rs"]
mod database;

use clinic::{Clinic, now};
use database::Database;
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::facility::{BoxId, FacilityId};
use sync::feed::{Acknowledged, Arrival, Cursor, FeedLog, Mark, MemoryDisk, MemoryLog, Outcome, Term};
use sync::seal::forget::Forget;
use sync::seal::{Role, SealedRecord, Standing};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uketsuke_hub::log::HubLog;
use uketsuke_hub::store::Store;
use uketsuke_hub::store::facilities::{Quota, enrol};

const MEMBER: Standing = Standing::Member(Role::Box);
const OWNER: BoxId = BoxId::from_bytes([9; 16]);

/// A place where a log stands, and can be opened again.
trait Shelf {
    fn open(&mut self) -> Arc<dyn FeedLog>;
    /// Whether opening again begins a new term.
    fn begins_anew(&self) -> bool;
}

#[derive(Default)]
struct Memory {
    log: Option<Arc<MemoryLog>>,
    starts: u8,
}

impl Shelf for Memory {
    fn open(&mut self) -> Arc<dyn FeedLog> {
        self.starts += 1;
        let disk = self.log.as_ref().map_or_else(MemoryDisk::default, |log| log.disk());
        let log = Arc::new(MemoryLog::open(OWNER, disk, Term::from_bytes([self.starts; 16])));
        self.log = Some(log.clone());
        log
    }

    fn begins_anew(&self) -> bool {
        true
    }
}

struct Sqlite {
    folder: TempDir,
    facility: FacilityId,
}

impl Shelf for Sqlite {
    fn open(&mut self) -> Arc<dyn FeedLog> {
        hub_log(Store::open_folder(self.folder.path()).unwrap(), self.facility)
    }

    fn begins_anew(&self) -> bool {
        true
    }
}

struct Postgres {
    database: Database,
    runtime: Runtime,
    facility: FacilityId,
}

impl Shelf for Postgres {
    fn open(&mut self) -> Arc<dyn FeedLog> {
        let store = Store::open_database(&self.database.url, self.runtime.handle().clone());
        hub_log(store.unwrap(), self.facility)
    }

    fn begins_anew(&self) -> bool {
        false
    }
}

fn hub_log(store: Store, facility: FacilityId) -> Arc<dyn FeedLog> {
    store.write(|sql| enrol(sql, facility, &[], Quota::default(), now())).unwrap();
    Arc::new(HubLog::new(Arc::new(store), OWNER, facility))
}

/// Asks the same of every log.
fn everywhere(ask: fn(&mut dyn Shelf, &mut Clinic)) {
    ask(&mut Memory::default(), &mut Clinic::found(1));
    let mut clinic = Clinic::found(1);
    ask(&mut Sqlite { folder: tempfile::tempdir().unwrap(), facility: clinic.id }, &mut clinic);
    let mut clinic = Clinic::found(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    ask(&mut Postgres { database: Database::new(), runtime, facility: clinic.id }, &mut clinic);
}

fn arrivals(records: &[SealedRecord]) -> Vec<Arrival> {
    records.iter().map(|record| Arrival { record: record.clone(), standing: MEMBER }).collect()
}

fn numbers(log: &dyn FeedLog, after: u64) -> Vec<u64> {
    log.read_after(after, usize::MAX).unwrap().records.iter().map(|logged| logged.sequence).collect()
}

#[test]
fn records_are_kept_once_in_order() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        assert_eq!(log.owner(), OWNER);
        assert_eq!((log.position().unwrap().end, log.position().unwrap().mark()), (0, None));
        let records = clinic.changes(1, 5);
        let outcomes = log.append(&arrivals(&records[..3]), None).unwrap();
        assert_eq!(outcomes, [Outcome::Stored(1), Outcome::Stored(2), Outcome::Stored(3)]);
        let outcomes = log.append(&arrivals(&records[1..]), None).unwrap();
        assert_eq!(outcomes, [Outcome::Known, Outcome::Known, Outcome::Stored(4), Outcome::Stored(5)]);
        let page = log.read_after(2, usize::MAX).unwrap();
        let read: Vec<_> = page.records.iter().map(|logged| (logged.sequence, logged.record.clone())).collect();
        assert_eq!(read, (3..=5).zip(records[2..].iter().cloned()).collect::<Vec<_>>());
        assert_eq!((page.reached, log.position().unwrap().end), (5, 5));
        assert_eq!(log.read_after(9, 1).unwrap().reached, 9, "beyond the end stays where it is");
    });
}

#[test]
fn a_page_ends_after_so_many_bytes_and_has_at_least_one_record() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let records = clinic.changes(1, 700);
        log.append(&arrivals(&records), None).unwrap();
        let size = records[0].bytes().len();
        for (most, expected) in [(0, 1), (1, 1), (size, 1), (size + 1, 2), (3 * size, 3)] {
            let page = log.read_after(0, most).unwrap();
            assert_eq!((page.records.len(), page.reached), (expected, expected as u64), "{most}");
        }
        let mut read = Vec::new();
        let mut at = 0;
        while at < 700 {
            let page = log.read_after(at, usize::MAX).unwrap();
            read.extend(page.records.iter().map(|logged| logged.sequence));
            assert!(page.reached > at);
            at = page.reached;
        }
        assert_eq!(read, (1..=700).collect::<Vec<_>>());
    });
}

#[test]
fn what_is_forgotten_leaves_a_hole_and_does_not_come_back() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let (goes, stays) = (clinic.change(1, "goes", 300), clinic.change(1, "stays", 300));
        let forget = Forget::Documents(vec![goes.header().document]).seal(&clinic.sealer(1)).unwrap();
        let again = clinic.change(1, "goes", 300);
        let all = [goes.clone(), stays.clone(), forget.clone(), again.clone()];
        let outcomes = log.append(&arrivals(&all), None).unwrap();
        let expected = [Outcome::Stored(1), Outcome::Stored(2), Outcome::Stored(3), Outcome::Forgotten];
        assert_eq!(outcomes, expected);
        assert_eq!(numbers(&*log, 0), [2, 3]);
        drop(log);
        let log = shelf.open();
        assert_eq!(log.append(&arrivals(&[goes, again]), None).unwrap(), [Outcome::Forgotten; 2]);
        let key = Forget::Keys(vec![stays.header().key]).seal(&clinic.sealer(1)).unwrap();
        log.append(&arrivals(&[key]), None).unwrap();
        assert_eq!(numbers(&*log, 0), [3, 4]);
        assert_eq!(log.read_after(3, 1).unwrap().reached, 4);
        assert_eq!(log.append(&arrivals(&[stays]), None).unwrap(), [Outcome::Forgotten]);
    });
}

#[test]
fn nobody_unknown_is_obeyed_until_he_is_known() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let goes = clinic.change(1, "goes", 300);
        let forget = Forget::Documents(vec![goes.header().document]).seal(&clinic.sealer(2)).unwrap();
        let forged = clinic.change(3, "forged", 300);
        log.append(&arrivals(&[goes]), None).unwrap();
        let unknown = |record: &SealedRecord| Arrival { record: record.clone(), standing: Standing::Unknown };
        log.append(&[unknown(&forget), unknown(&forged)], None).unwrap();
        assert_eq!(numbers(&*log, 0), [1, 2, 3]);
        let waiting = |after| {
            let waiting = log.unchecked(after, 10).unwrap();
            waiting.iter().map(|logged| logged.sequence).collect::<Vec<_>>()
        };
        assert_eq!((waiting(0), waiting(2)), (vec![2, 3], vec![3]));
        assert_eq!(log.unchecked(0, 1).unwrap().len(), 1);
        log.settle(2, Some(MEMBER)).unwrap();
        log.settle(3, None).unwrap();
        log.settle(77, None).unwrap();
        assert_eq!((numbers(&*log, 0), waiting(0)), (vec![2], vec![]));
        assert_eq!(log.append(&[unknown(&forged)], None).unwrap(), [Outcome::Stored(4)], "may come again");
    });
}

#[test]
fn what_a_members_snapshot_stands_for_is_told_as_long_as_it_is_kept() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let (one, two, other) = (clinic.change(1, "p", 300), clinic.change(1, "p", 310), clinic.change(1, "q", 300));
        let names = |records: &[&SealedRecord]| records.iter().map(|record| record.hash().prefix()).collect::<Vec<_>>();
        // a name of another document's record means nothing here
        let stands = clinic.snapshot(1, "p", &names(&[&one, &other]));
        let later = clinic.snapshot(1, "p", &names(&[&one, &two, &stands]));
        let unknown = clinic.snapshot(2, "q", &names(&[&other]));
        let [first, second, third] = [&stands, &later, &unknown].map(|record| record.hash().prefix());
        log.append(&arrivals(&[one, two, other, stands]), None).unwrap();
        let told = |after, up_to| log.stood_for(after, up_to).unwrap();
        let offered = |after, most| {
            let page = log.snapshots_after(after, most).unwrap();
            (page.records.iter().map(|logged| logged.sequence).collect::<Vec<_>>(), page.reached)
        };
        assert_eq!(told(0, 99), [(1, first)]);
        assert_eq!((offered(0, 1), offered(4, 1)), ((vec![4], 4), (vec![], 4)));
        assert_eq!((told(1, 99), told(0, 0)), (vec![], vec![]));
        log.append(&[Arrival { record: unknown.clone(), standing: Standing::Unknown }], None).unwrap();
        assert_eq!(told(0, 99), [(1, first)], "nobody knows who says so");
        assert_eq!(offered(0, 9_999), (vec![4], 5));
        log.append(&arrivals(std::slice::from_ref(&later)), None).unwrap();
        let mut all = told(0, 99);
        all.sort_unstable_by_key(|(number, name)| (*number, *name == second));
        let both = [(1, first), (1, second), (2, second), (4, second)];
        assert_eq!(all, both, "a later snapshot stands for the earlier one, too");
        assert_eq!((offered(0, 1), offered(4, 1)), ((vec![4], 4), (vec![6], 6)));
        drop(log);
        let log = shelf.open();
        log.settle(5, Some(MEMBER)).unwrap();
        assert_eq!(log.stood_for(2, 3).unwrap(), [(3, third)]);
        let forget = Forget::Documents(vec![later.header().document]).seal(&clinic.sealer(1)).unwrap();
        log.append(&arrivals(&[forget]), None).unwrap();
        assert_eq!(log.stood_for(0, 99).unwrap(), [(3, third)], "gone with the document");
        assert_eq!(log.snapshots_after(0, 9_999).unwrap().records.len(), 1);
    });
}

#[test]
fn what_is_known_of_peers_is_kept() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let (peer, other) = (BoxId::from_bytes([1; 16]), BoxId::from_bytes([2; 16]));
        assert_eq!(log.pulled(peer).unwrap(), Default::default());
        assert!(log.acknowledged(peer).unwrap().is_empty());
        let mark = |n: u8| Mark { term: Term::from_bytes([n; 16]), sequence: u64::from(n) << 32 };
        let cursor = Cursor::new(vec![mark(1), mark(2)]);
        log.append(&arrivals(&clinic.changes(1, 2)), Some((peer, &cursor))).unwrap();
        log.keep_have(peer, 3, 4).unwrap();
        let acknowledged = vec![Acknowledged { at: None, own: 1 }, Acknowledged { at: Some(mark(7)), own: 9 }];
        log.keep_acknowledged(peer, &acknowledged).unwrap();
        drop(log);
        let log = shelf.open();
        let pulled = log.pulled(peer).unwrap();
        assert_eq!((pulled.cursor, pulled.have_after, pulled.have_next), (cursor.clone(), 3, 4));
        assert_eq!(log.acknowledged(peer).unwrap(), acknowledged);
        assert_eq!(log.pulled(other).unwrap(), Default::default());
        let later = Cursor::new(vec![mark(3)]);
        log.append(&[], Some((peer, &later))).unwrap();
        let pulled = log.pulled(peer).unwrap();
        assert_eq!((pulled.cursor, pulled.have_after, pulled.have_next), (later, 3, 4));
        log.keep_acknowledged(peer, &[]).unwrap();
        assert!(log.acknowledged(peer).unwrap().is_empty());
    });
}

#[test]
fn the_newest_hashes_are_told() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let records = clinic.changes(1, 6);
        log.append(&arrivals(&records), None).unwrap();
        let prefixes =
            |records: &[SealedRecord]| records.iter().map(|one| one.hash().prefix()).collect::<BTreeSet<_>>();
        let recent = |after, most| log.recent(after, most).unwrap().into_iter().collect::<BTreeSet<_>>();
        assert_eq!(recent(0, 100), prefixes(&records));
        assert_eq!(recent(0, 2), prefixes(&records[4..]));
        assert_eq!(recent(5, 100), prefixes(&records[5..]));
    });
}

#[test]
fn a_term_begins_when_the_log_may_have_become_another() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let first = log.position().unwrap().terms;
        log.append(&arrivals(&clinic.changes(1, 2)), None).unwrap();
        drop(log);
        let log = shelf.open();
        let position = log.position().unwrap();
        assert_eq!(position.end, 2);
        assert_eq!(position.terms.entries()[0], first.entries()[0]);
        assert_eq!(position.terms.entries().len(), if shelf.begins_anew() { 2 } else { 1 });
        assert_eq!(position.mark().unwrap().sequence, 2);
        // One in which nothing was written leaves no trace.
        drop(log);
        let terms = shelf.open().position().unwrap().terms;
        assert_eq!(terms.entries().len(), position.terms.entries().len());
    });
}

/// Four writers at once; a reader that follows them never passes over anything.
#[test]
fn numbers_become_visible_in_order() {
    everywhere(|shelf, clinic| {
        let log = shelf.open();
        let records = clinic.changes(1, 200);
        std::thread::scope(|scope| {
            for share in records.chunks(50) {
                let log = &log;
                scope.spawn(move || {
                    for record in share {
                        log.append(&arrivals(std::slice::from_ref(record)), None).unwrap();
                    }
                });
            }
            let mut at = 0;
            while at < 200 {
                let page = log.read_after(at, 2_000).unwrap();
                let read: Vec<_> = page.records.iter().map(|logged| logged.sequence).collect();
                assert_eq!(read, (at + 1..=page.reached).collect::<Vec<_>>(), "nothing is passed over");
                at = page.reached;
            }
        });
    });
}
