//! Backups with real stores: made while the box works, put back, practised; and what restored and copied boxes do to the others.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Site, SiteKind};
use domain::eligibility::PersonFace;
use domain::fact::Author;
use domain::rule::RulePack;
use domain::{Date, Timestamp};
use sha2::Digest;
use std::path::Path;
use sync::feed::{Arrival, FeedLog};
use sync::outbox::Patience;
use sync::seal::SealedRecord;
use tempfile::TempDir;
use uketsuke::backup::{
    BackupFailure, BackupKeeper, BackupSettings, Generations, RecoveryKey, create, drill, restore, verify,
};
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, FeedInput, Input, RunningDesk};
use uketsuke::schedule::{CronLine, SiteZone};
use uketsuke::store::StoreLocation;
use uketsuke::vault::Vault;
use web::port::{Account, Backups, CheckIn, Desk, DeskCommand};

const MARCH: Date = Date::literal(2026, 3, 2);

struct Counter {
    folder: TempDir,
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
    fn in_folder(folder: TempDir, clock: &Clock) -> Counter {
        let desk = desk_in(folder.path(), clock);
        Counter { folder, clock: clock.clone(), desk }
    }

    fn first(clock: &Clock) -> Counter {
        Counter::in_folder(tempfile::tempdir().unwrap(), clock)
    }

    async fn joining(other: &Counter) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let newcomer = StoreLocation::in_folder(folder.path()).unwrap().vault().identity().introduction();
        let vault = other.desk.vault();
        let admission = vault.admit(&newcomer, "窓口2", other.clock.now()).unwrap();
        let kept = other.desk.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(admission), reply))).await;
        kept.unwrap().unwrap();
        Vault::enter(folder.path(), vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
        Counter::in_folder(folder, &other.clock)
    }

    async fn receive(&self, kana: &str) {
        let person = PersonFace {
            name: Some("見本　花子".to_owned()),
            name_kana: Some(kana.to_owned()),
            birth_date: Some(Date::literal(1988, 9, 14)),
            ..PersonFace::EMPTY
        };
        let check_in = CheckIn {
            patient: None,
            patient_number: None,
            person,
            flow: Flow::Window,
            counter: None,
            commands: Vec::new(),
        };
        let staff = Account::new(Author::new("staff-1"), "受付");
        self.desk.submit(&staff, None, DeskCommand::CheckIn(Box::new(check_in))).await.unwrap();
    }

    fn location(&self) -> StoreLocation {
        StoreLocation::in_folder(self.folder.path()).unwrap()
    }

    fn records(&self) -> Vec<SealedRecord> {
        let page = self.desk.log().read_after(0, usize::MAX).unwrap();
        page.records.into_iter().map(|logged| logged.record).collect()
    }

    async fn take(&self, records: Vec<SealedRecord>) {
        let gate = self.desk.vault().gate().clone();
        let arrival = |record: SealedRecord| Arrival { standing: gate.admit(&record).unwrap(), record };
        let arrivals: Vec<Arrival> = records.into_iter().map(arrival).collect();
        let log = self.desk.log();
        tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap();
    }

    fn rows(&self) -> Vec<String> {
        self.desk.readers().read(|reading| reading.dump_read_model()).unwrap()
    }

    fn board(&self) -> usize {
        self.desk.board(MARCH).unwrap().rows.len()
    }
}

async fn meet(one: &Counter, two: &Counter) {
    two.take(one.records()).await;
    one.take(two.records()).await;
}

fn key() -> RecoveryKey {
    RecoveryKey::from_bytes([5; 32])
}

fn morning() -> Clock {
    Clock::by_hand(Timestamp::in_japan(MARCH, 10, 0, 0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_while_the_box_works_and_only_the_recovery_key_opens_it() {
    let clock = morning();
    let one = Counter::first(&clock);
    one.receive("ミホン ハナコ").await;
    let media = tempfile::tempdir().unwrap();
    let generations = Generations::in_folder(media.path(), 5);
    assert!(matches!(create(&one.location(), &generations, clock.now()), Err(BackupFailure::NoKey)));
    key().public_half().write(one.folder.path()).unwrap();
    let made = create(&one.location(), &generations, clock.now()).unwrap();
    one.receive("ミホン タロウ").await;
    assert_eq!(made.path.file_name().unwrap(), "uketsuke-20260302T010000Z.ukb");

    let (header, manifest) = verify(&made.path, Some(&key())).unwrap();
    assert_eq!((header.made_at, header.key), (clock.now(), key().public_half().name()));
    assert!(manifest.unwrap().records >= 3);
    let bytes = std::fs::read(&made.path).unwrap();
    for secret in ["ミホン", "record.key", "UKV1"] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is readable");
    }

    let other = RecoveryKey::from_bytes([6; 32]);
    let scratch = media.path().join("scratch");
    assert!(matches!(verify(&made.path, Some(&other)), Err(BackupFailure::WrongKey { .. })));
    assert!(matches!(restore(&made.path, &other, &scratch), Err(BackupFailure::WrongKey { .. })));
    let drilled = drill(&made.path, &key(), &scratch, clock.now()).unwrap();
    assert_eq!(drilled.documents, 2, "a patient and a visit");
    assert!(!scratch.exists(), "practising leaves nothing behind");
    assert!(matches!(restore(&made.path, &key(), one.folder.path()), Err(BackupFailure::NotEmpty(_))));
    assert_eq!(one.board(), 2, "the record itself was not touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_backup_is_said_exactly_and_nothing_half_restored_stays() {
    let clock = morning();
    let one = Counter::first(&clock);
    one.receive("ミホン ハナコ").await;
    key().public_half().write(one.folder.path()).unwrap();
    let media = tempfile::tempdir().unwrap();
    let made = create(&one.location(), &Generations::in_folder(media.path(), 5), clock.now()).unwrap();
    let bytes = std::fs::read(&made.path).unwrap();
    let into = media.path().join("data");
    let tried = |bytes: &[u8]| {
        let path = media.path().join("changed.ukb");
        std::fs::write(&path, bytes).unwrap();
        let failure = restore(&path, &key(), &into).unwrap_err();
        assert!(!into.exists() && !into.with_extension("half-restored").exists());
        failure
    };
    let cut = tried(&bytes[..bytes.len() / 2]);
    assert!(matches!(cut, BackupFailure::Truncated { .. } | BackupFailure::Damaged { .. }), "{cut:?}");
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert!(matches!(tried(&flipped), BackupFailure::Damaged { .. }));
    assert!(matches!(tried(b"GIF89a and what follows"), BackupFailure::NotABackup));
    // a schema that this program does not know yet; the number stands behind the four letters
    let mut newer = bytes.clone();
    newer[4] = 0x7f;
    assert!(matches!(tried(&newer), BackupFailure::Damaged { .. }), "changed by hand");
    let end = newer.len() - 32;
    let sum = sha2::Sha256::digest(&newer[..end]);
    newer[end..].copy_from_slice(&sum);
    assert!(matches!(tried(&newer), BackupFailure::Newer { .. }), "made by a newer program");
    for failure in [BackupFailure::NoKey, BackupFailure::Mistyped, BackupFailure::Newer { program: "9.9".to_owned() }] {
        let text = failure.text();
        assert!(!text.ja.is_empty() && !text.en.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_restored_from_an_old_backup_loses_and_doubles_nothing() {
    let clock = morning();
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    one.receive("ミホン ハナコ").await;
    meet(&one, &two).await;
    key().public_half().write(one.folder.path()).unwrap();
    let media = tempfile::tempdir().unwrap();
    let made = create(&one.location(), &Generations::in_folder(media.path(), 5), clock.now()).unwrap();
    clock.set(clock.now().plus_ms(60_000));
    one.receive("ミホン タロウ").await;
    meet(&one, &two).await;
    two.receive("ミホン ジロウ").await;
    let terms_before = one.desk.log().position().unwrap().terms;
    let id = one.desk.vault().id();
    one.desk.stop().await;
    drop(one);

    let again = tempfile::tempdir().unwrap();
    restore(&made.path, &key(), again.path()).unwrap();
    let one = Counter::in_folder(again, &clock);
    assert_eq!(one.desk.vault().id(), id);
    let term = one.desk.log().position().unwrap().terms.current().unwrap();
    assert!(terms_before.entries().iter().all(|(known, _)| *known != term), "a log identity of its own");
    assert_eq!(one.board(), 1, "as it was when the backup was made");
    one.receive("ミホン サブロウ").await;
    meet(&one, &two).await;
    meet(&one, &two).await;
    assert_eq!((one.board(), two.board()), (4, 4), "what was acknowledged after the backup came back, once");
    assert_eq!(one.rows(), two.rows());
    assert_eq!(one.desk.copy_noticed().unwrap(), None, "restoring is not copying");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_boxes_from_one_disk_lose_nothing_and_are_noticed() {
    let clock = morning();
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    one.receive("ミホン ハナコ").await;
    meet(&one, &two).await;
    one.desk.stop().await;
    let Counter { folder, desk, .. } = one;
    drop(desk);
    let image = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), image.path().join(entry.file_name())).unwrap();
    }
    let (one, copy) = (Counter::in_folder(folder, &clock), Counter::in_folder(image, &clock));
    assert_eq!(one.desk.vault().id(), copy.desk.vault().id());
    clock.set(clock.now().plus_ms(300_000));
    one.receive("ミホン タロウ").await;
    copy.receive("ミホン ジロウ").await;
    for _ in 0..2 {
        meet(&one, &two).await;
        meet(&copy, &two).await;
    }
    assert_eq!((one.board(), two.board(), copy.board()), (3, 3, 3));
    assert_eq!(one.rows(), two.rows());
    assert_eq!(one.rows(), copy.rows());
    let terms = |counter: &Counter| counter.desk.log().position().unwrap().terms.current();
    assert_ne!(terms(&one), terms(&copy));
    assert!(one.desk.copy_noticed().unwrap().is_some() && copy.desk.copy_noticed().unwrap().is_some());
    assert_eq!(two.desk.copy_noticed().unwrap(), None);
    one.desk.copy_was_dealt_with().await.unwrap();
    assert_eq!(one.desk.copy_noticed().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_is_followed_and_what_was_missed_is_caught_up() {
    let clock = Clock::by_hand(Timestamp::in_japan(MARCH, 0, 30, 0));
    let one = Counter::first(&clock);
    let media = tempfile::tempdir().unwrap();
    let settings = BackupSettings {
        folder: media.path().to_owned(),
        at: Some(CronLine::parse("0 1 * * *").unwrap()),
        keep: 2,
        zone: SiteZone::japan(),
    };
    let keeper = BackupKeeper::new(one.location(), settings, clock.clone());
    clock.set(Timestamp::in_japan(MARCH, 1, 0, 0));
    let due = || {
        let keeper = keeper.clone();
        tokio::task::spawn_blocking(move || keeper.make_when_due())
    };
    assert!(!due().await.unwrap(), "without a recovery key nothing is made");
    assert_eq!(keeper.view().key_name, None);
    let printed = keeper.make_key().await.unwrap();
    assert!(keeper.make_key().await.is_err(), "a second key would lock out the first paper");
    assert!(due().await.unwrap());
    assert!(!due().await.unwrap(), "once");
    clock.set(Timestamp::in_japan(MARCH.plus_days(1), 0, 59, 59));
    assert!(!due().await.unwrap());
    clock.set(Timestamp::in_japan(MARCH.plus_days(3), 11, 0, 0));
    assert!(due().await.unwrap(), "the box was off for two nights");
    let view = keeper.view();
    assert_eq!((view.kept.len(), view.failure, view.plan.en.as_str()), (2, None, "Every day at 1:00"));
    assert_eq!(view.next_at, Some(Timestamp::in_japan(MARCH.plus_days(4), 1, 0, 0)));
    let newest = media.path().join(&view.kept[0].name);
    let printed = RecoveryKey::parse(&printed).unwrap();
    assert!(verify(&newest, Some(&printed)).is_ok());
    std::fs::remove_dir_all(media.path()).unwrap();
    let failed = keeper.back_up_now().await;
    assert!(failed.is_err() && keeper.view().failure.is_some(), "a stick that was pulled out is said");
}
