//! The proof of forgetting: somebody kept a full copy of the hub's database and an old disk of a box. When a month's period is over and
//! its keys are destroyed, neither opens with what the boxes still hold.
#![allow(clippy::unwrap_used)]

use domain::case::Flow;
use domain::eligibility::PersonFace;
use domain::fact::{Author, PatientId, VisitId};
use domain::visit::{CardSeen, VisitCommand};
use domain::{Date, Timestamp};
use std::path::Path;
use std::sync::Arc;
use sync::feed::{Arrival, FeedLog};
use sync::seal::{KeyRing, RecordKind, Refusal, SealedRecord, open_kept};
use tests::facility::{desk_by, let_hub_in};
use uketsuke::clock::Clock;
use uketsuke::desk::{Input, RunningDesk};
use uketsuke::store::{Reading, StoreLocation};
use uketsuke_hub::log::HubLog;
use uketsuke_hub::store::{Store, facilities};
use web::port::{Account, CheckIn, Desk, DeskCommand};

const MARCH: Date = Date::literal(2026, 3, 2);
const NAME: &str = "見本　花子";
const KANA: &str = "ミホン ハナコ";
const RETURNING: &str = "ミホン タロウ";

async fn submit(desk: &RunningDesk, command: DeskCommand) -> web::port::Saved {
    desk.submit(&Account::new(Author::new("staff-1"), "受付"), None, command).await.unwrap()
}

async fn receive(desk: &RunningDesk, patient: Option<&PatientId>, kana: &str) -> (VisitId, PatientId) {
    let person = PersonFace {
        name: Some(NAME.to_owned()),
        name_kana: Some(kana.to_owned()),
        birth_date: Some(Date::literal(1988, 9, 14)),
        ..PersonFace::EMPTY
    };
    let check_in = CheckIn {
        patient: patient.cloned(),
        patient_number: None,
        person: if patient.is_some() { PersonFace::EMPTY } else { person },
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    };
    let saved = submit(desk, DeskCommand::CheckIn(Box::new(check_in))).await;
    (saved.visit.unwrap(), saved.patient.unwrap())
}

async fn nights(desk: &RunningDesk, clock: &Clock, last: Date, count: i32) {
    for back in (0..count).rev() {
        clock.set(Timestamp::in_japan(last.plus_days(-back), 2, 0, 0));
        desk.inbox().send(Input::ForgetWhatIsDue).await.unwrap().unwrap();
        while desk.inbox().send(Input::MakeSnapshots).await.unwrap().unwrap() {}
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn records(log: &dyn FeedLog) -> Vec<SealedRecord> {
    log.read_after(0, usize::MAX).unwrap().records.into_iter().map(|logged| logged.record).collect()
}

/// The hub's log, over its own database.
fn hub_log(folder: &Path, desk: &RunningDesk) -> HubLog {
    let store = Store::open_folder(folder).unwrap();
    let hub = store.write(facilities::identity).unwrap().id();
    HubLog::new(Arc::new(store), hub, desk.vault().facility())
}

/// Brings the hub what the box has.
async fn upload(desk: &RunningDesk, hub: &Path) {
    let (desk, hub) = (desk.clone(), hub.to_owned());
    let uploaded = tokio::task::spawn_blocking(move || {
        let gate = desk.vault().gate();
        let arrival = |record: SealedRecord| Arrival { standing: gate.admit(&record).unwrap(), record };
        let arrivals: Vec<Arrival> = records(&desk.log()).into_iter().map(arrival).collect();
        hub_log(&hub, &desk).append(&arrivals, None).unwrap();
    });
    uploaded.await.unwrap();
}

/// Everything in a hub's database, over whichever log.
async fn in_the_hub(desk: &RunningDesk, hub: &Path) -> Vec<SealedRecord> {
    let (desk, hub) = (desk.clone(), hub.to_owned());
    tokio::task::spawn_blocking(move || records(&hub_log(&hub, &desk))).await.unwrap()
}

/// Every key that the box still holds.
fn ring(desk: &RunningDesk) -> KeyRing {
    let mut ring = KeyRing::new();
    desk.vault().all_keys().into_iter().for_each(|key| {
        key.put_on(&mut ring);
    });
    ring
}

/// Whether these bytes stand in any file of a folder.
fn stands_in_files(folder: &Path, what: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_file() && std::fs::read(path).unwrap().windows(what.len()).any(|window| window == what)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_copy_of_the_hub_and_an_old_disk_open_nothing_once_the_keys_are_destroyed() {
    let folders = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let path = folders.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    let (own, hub, copied_hub, old_disk) = (folder("box"), folder("hub"), folder("copied-hub"), folder("old-disk"));
    let clock = Clock::by_hand(Timestamp::in_japan(MARCH, 10, 0, 0));
    let desk = desk_by(&own, &clock);
    let at_hub = hub.clone();
    let_hub_in(&desk, move || Store::open_folder(&at_hub)).await;
    let (visit, _) = receive(&desk, None, KANA).await;
    for year in 0..6 {
        let seen = CardSeen { certificate_expiry: Date::new(2030 + year, 1, 5), registered: None };
        let commands = vec![VisitCommand::NoteCard(seen)];
        submit(&desk, DeskCommand::Visit { visit: visit.clone(), commands }).await;
    }
    let (_, returning) = receive(&desk, None, RETURNING).await;
    nights(&desk, &clock, MARCH.plus_days(3), 3).await;
    upload(&desk, &hub).await;

    // somebody copies the hub's whole database, and the whole disk of a box that is switched off
    let then = in_the_hub(&desk, &hub).await;
    let sealed_then: Vec<&SealedRecord> = then.iter().filter(|record| record.header().kind.is_sealed()).collect();
    assert!(sealed_then.iter().any(|record| record.header().kind == RecordKind::SNAPSHOT), "a snapshot is among them");
    assert!(sealed_then.len() > 8 && sealed_then.iter().all(|record| open_kept(record, &ring(&desk)).is_ok()));
    copy_folder(&hub, &copied_hub);
    desk.stop().await;
    drop(desk);
    copy_folder(&own, &old_disk);
    assert!(!stands_in_files(&copied_hub, NAME.as_bytes()) && !stands_in_files(&old_disk, NAME.as_bytes()));

    // five years and a bit later; one patient has just come again
    let desk = desk_by(&own, &clock);
    let today = Date::literal(2031, 4, 10);
    clock.set(Timestamp::in_japan(today.plus_days(-20), 10, 0, 0));
    receive(&desk, Some(&returning), "").await;
    nights(&desk, &clock, today, 7).await;
    let found = |kana: &str| desk.search_patients(kana).unwrap().len();
    assert_eq!((found(KANA), found(RETURNING)), (0, 1), "whoever came again lives on");
    assert!(desk.vault().destroyed_keys() >= 2);
    upload(&desk, &hub).await;
    let left = in_the_hub(&desk, &hub).await;
    assert!(sealed_then.iter().all(|record| left.iter().all(|other| other.hash() != record.hash())), "the hub obeyed");

    // the copy of the hub is whole, and is closed for good
    let kept = in_the_hub(&desk, &copied_hub).await;
    let keys = ring(&desk);
    let kept: Vec<&SealedRecord> = kept.iter().filter(|record| record.header().kind.is_sealed()).collect();
    assert_eq!(kept.len(), sealed_then.len());
    for record in kept {
        let refused = open_kept(record, &keys).unwrap_err();
        assert!(matches!(refused, Refusal::UnknownKey | Refusal::DestroyedKey), "{refused:?}");
    }
    // so is the old disk, with the keys as they are now
    desk.stop().await;
    drop(desk);
    for file in ["facility.key", "identity.key"] {
        std::fs::copy(own.join(file), old_disk.join(file)).unwrap();
    }
    let location = StoreLocation::in_folder(&old_disk).unwrap();
    let connection = location.open_reader().unwrap();
    assert!(Reading::over(&connection, location.vault()).documents().unwrap().is_empty(), "no document opens");
}
