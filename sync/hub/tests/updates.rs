//! Updates: a box asks its hub, fetches what is meant for it piece by piece, and what it says decides who gets it next.

#![allow(clippy::unwrap_used)]

#[path = "support/clinic.rs"]
mod clinic;
#[path = "support/counter.rs"]
mod counter;
#[path = "support/process.rs"]
mod process;

use clinic::{Clinic, identity, now};
use counter::Counter;
use process::{run, start};
use std::path::Path;
use sync::facility::Introduction;
use sync::feed::https::FeedClient;
use sync::update::{ASK, Answer, Arch, Asking, BundleHash, Ended, Outcome, PIECE, PIECE_BYTES, PieceWanted, Version};
use uketsuke_hub::bundles::Bundles;
use uketsuke_hub::store::facilities::{self, Quota, enrol};
use uketsuke_hub::store::updates::{BundleRow, Stopped, Wish, bundles, publish, want};
use uketsuke_hub::store::{Store, backup};

const FIRST: u8 = 1;

fn enrolled(folder: &Path, clinic: &mut Clinic) -> Introduction {
    let store = Store::open_folder(folder).unwrap();
    let hub = store.write(facilities::identity).unwrap().introduction();
    clinic.admit(&identity(FIRST + 1).introduction());
    clinic.admit(&hub);
    store.write(|sql| enrol(sql, clinic.id, &clinic.statements, Quota::default(), now())).unwrap();
    hub
}

fn published(folder: &Path, version: [u16; 3], content: &[u8]) -> BundleHash {
    let file = folder.join("made.raucb");
    std::fs::write(&file, content).unwrap();
    let (hash, bytes) = Bundles::in_folder(&folder.join("bundles")).take(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    let row = BundleRow {
        hash,
        version: Version(version),
        arch: Arch::Amd64,
        schema: 28,
        bytes,
        channel: "stable".to_owned(),
        published_at: now(),
        ring: 2,
        share: 100,
        stop_after: 2,
        stopped: Stopped::No,
    };
    let store = Store::open_folder_beside(folder).unwrap();
    assert!(store.write(|sql| publish(sql, &row)).unwrap());
    assert!(!store.write(|sql| publish(sql, &row)).unwrap(), "once is enough");
    hash
}

fn asking(last: Option<Ended>) -> Asking {
    Asking { running: Version([1, 4, 0]), arch: Arch::Amd64, slot: None, is_proven: true, last }
}

async fn offered(client: &FeedClient, last: Option<Ended>) -> Option<BundleHash> {
    let said = client.inquire(ASK, serde_json::to_vec(&asking(last)).unwrap()).await.unwrap();
    serde_json::from_slice::<Answer>(&said).unwrap().offer.map(|offer| offer.hash)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_fetches_what_is_meant_for_it_and_returns_stop_it_for_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut clinic = Clinic::found(FIRST);
    let hub = enrolled(folder.path(), &mut clinic);
    let content: Vec<u8> = (0..PIECE_BYTES * 2 + 1_000).map(|at| at as u8).collect();
    let hash = published(folder.path(), [1, 5, 0], &content);
    let process = start(&["--data", folder.path().to_str().unwrap()]);
    let one = Counter::new(&clinic, FIRST).calls(&hub, process.boxes);
    let two = Counter::new(&clinic, FIRST + 1).calls(&hub, process.boxes);
    assert_eq!(offered(&one, None).await, Some(hash));
    let mut fetched = Vec::new();
    while fetched.len() < content.len() {
        let wanted = PieceWanted { hash, from: fetched.len() as u64 };
        fetched.extend(one.inquire(PIECE, serde_json::to_vec(&wanted).unwrap()).await.unwrap());
    }
    assert_eq!(fetched, content);
    for wrong in [PieceWanted { hash, from: content.len() as u64 }, PieceWanted { hash: BundleHash([9; 32]), from: 0 }]
    {
        assert!(one.inquire(PIECE, serde_json::to_vec(&wrong).unwrap()).await.is_err());
    }
    let mut talkative = serde_json::to_value(asking(None)).unwrap();
    talkative["note"] = clinic::NAME.into();
    assert!(one.inquire(ASK, serde_json::to_vec(&talkative).unwrap()).await.is_err());

    let ended = |outcome| Some(Ended { version: Version([1, 5, 0]), outcome, at_ms: now().as_ms() });
    assert_eq!(offered(&one, ended(Outcome::Returned)).await, Some(hash), "one box may be a chance");
    assert_eq!(offered(&one, ended(Outcome::Returned)).await, Some(hash), "and says so again and again");
    assert_eq!(offered(&two, ended(Outcome::Returned)).await, None, "two are a reason");
    let store = Store::open_folder_beside(folder.path()).unwrap();
    assert_eq!(store.read(bundles).unwrap()[0].stopped, Stopped::ByReturns);

    let data = folder.path().to_str().unwrap();
    let digits = &hash.to_string()[..8];
    assert!(run(&["update", "--data", data, "roll-out", digits, "--ring", "2"], ""));
    assert_eq!(offered(&one, ended(Outcome::Returned)).await, Some(hash), "what was said before stops nothing again");
    let held = Wish { hold: true, ..Wish::default() };
    store.write(|sql| want(sql, clinic.id, Some(identity(FIRST).id()), &held)).unwrap();
    assert_eq!((offered(&one, None).await, offered(&two, None).await), (None, Some(hash)));
    store.write(|sql| want(sql, clinic.id, None, &held)).unwrap();
    assert_eq!(offered(&two, None).await, None, "the whole facility");
    assert!(run(&["update", "--data", data, "stop", digits], ""));
    assert!(!run(&["update", "--data", data, "stop", "0000"], ""), "there is no such update");
    assert!(!run(&["update", "--data", data, "publish", "/nonexistent", "--authority", "/nonexistent"], ""));
}

#[test]
fn what_was_published_and_wanted_is_in_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    let mut clinic = Clinic::found(FIRST);
    enrolled(folder.path(), &mut clinic);
    let hash = published(folder.path(), [1, 5, 0], b"content");
    let file = folder.path().join("copy");
    let store = Store::open_folder(folder.path()).unwrap();
    backup::write(&store, &file).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let restored = Store::open_folder(elsewhere.path()).unwrap();
    backup::restore(&restored, &file).unwrap();
    assert_eq!(restored.read(bundles).unwrap()[0].hash, hash);
}
