//! Backups with real stores: made while the box works, put back, practised; and what restored and copied boxes do to the others.

use crate::support::counter::{Counter, clock_at};
use domain::{Date, Timestamp};
use sha2::Digest;
use sync::feed::FeedLog;
use uketsuke::backup::{
    BackupFailure, BackupKeeper, BackupSettings, Generations, RecoveryKey, create, drill, restore, verify,
};
use uketsuke::clock::Clock;
use uketsuke::schedule::{CronLine, SiteZone};
use web::port::{Backups, Desk};

const MARCH: Date = Date::literal(2026, 3, 2);

async fn meet(one: &Counter, two: &Counter) {
    two.take(one.records()).await;
    one.take(two.records()).await;
}

fn key() -> RecoveryKey {
    RecoveryKey::from_bytes([5; 32])
}

fn morning() -> Clock {
    clock_at(MARCH, 10, 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_while_the_box_works_and_only_the_recovery_key_opens_it() {
    let clock = morning();
    let one = Counter::first(&clock);
    one.receive(None, "ミホン ハナコ").await;
    let media = tempfile::tempdir().unwrap();
    let generations = Generations::in_folder(media.path(), 5);
    assert!(matches!(create(&one.location(), &generations, clock.now()), Err(BackupFailure::NoKey)));
    key().public_half().write(one.folder.path()).unwrap();
    let made = create(&one.location(), &generations, clock.now()).unwrap();
    one.receive(None, "ミホン タロウ").await;
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
    assert_eq!(one.board().len(), 2, "the record itself was not touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_backup_is_said_exactly_and_nothing_half_restored_stays() {
    let clock = morning();
    let one = Counter::first(&clock);
    one.receive(None, "ミホン ハナコ").await;
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
    one.receive(None, "ミホン ハナコ").await;
    meet(&one, &two).await;
    key().public_half().write(one.folder.path()).unwrap();
    let media = tempfile::tempdir().unwrap();
    let made = create(&one.location(), &Generations::in_folder(media.path(), 5), clock.now()).unwrap();
    clock.set(clock.now().plus_ms(60_000));
    one.receive(None, "ミホン タロウ").await;
    meet(&one, &two).await;
    two.receive(None, "ミホン ジロウ").await;
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
    assert_eq!(one.board().len(), 1, "as it was when the backup was made");
    one.receive(None, "ミホン サブロウ").await;
    meet(&one, &two).await;
    meet(&one, &two).await;
    assert_eq!(
        (one.board().len(), two.board().len()),
        (4, 4),
        "what was acknowledged after the backup came back, once"
    );
    assert_eq!(one.rows(), two.rows());
    assert_eq!(one.desk.copy_noticed().unwrap(), None, "restoring is not copying");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_boxes_from_one_disk_lose_nothing_and_are_noticed() {
    let clock = morning();
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    one.receive(None, "ミホン ハナコ").await;
    meet(&one, &two).await;
    let (folder, _, _) = one.stopped().await;
    let image = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), image.path().join(entry.file_name())).unwrap();
    }
    let (one, copy) = (Counter::in_folder(folder, &clock), Counter::in_folder(image, &clock));
    assert_eq!(one.desk.vault().id(), copy.desk.vault().id());
    clock.set(clock.now().plus_ms(300_000));
    one.receive(None, "ミホン タロウ").await;
    copy.receive(None, "ミホン ジロウ").await;
    for _ in 0..2 {
        meet(&one, &two).await;
        meet(&copy, &two).await;
    }
    assert_eq!((one.board().len(), two.board().len(), copy.board().len()), (3, 3, 3));
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
    let clock = clock_at(MARCH, 0, 30);
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
