//! A planned reboot waits for the doors to close, happens once, and is not repeated by the box that comes back.

use super::place::{devices, hardware, japan, open, says, until};
use std::sync::Arc;
use uketsuke::clock::Clock;
use uketsuke::devices::Hardware;
use uketsuke::schedule::{LineId, RebootReason, RecordedReboot, UpdateLocks};

const SETTINGS: &str = "
[hours]
mon = '09:00-18:00'

[[restart]]
line = '0 12 * * *'
what = 'reboot_box'
name = 'noon'

[[restart]]
line = '0 20 * * *'
what = 'reboot_box'
name = 'evening'

[reboot]
by = 'logind'
";

fn planned(line: &str) -> RebootReason {
    RebootReason::Schedule(LineId::new(line))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reboot_waits_for_the_night_and_is_not_repeated_after_it() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(japan(23, 8, 0));
    let recorded = RecordedReboot::default();
    let reception = open(SETTINGS, data.path(), &clock, hardware(&recorded));
    let box_devices = devices(&reception);
    // a line that was never planned before begins when it is first planned, and that is told
    let told = box_devices.changes();
    until(&box_devices, "the lines begin", |_| (*told.borrow() > 0).then_some(())).await;

    clock.set(japan(23, 12, 1));
    let why = until(&box_devices, "the postponement", |view| view.restarts.first()?.postponed.clone()).await;
    assert!(says(&why, "受付時間中") && says(&why, "18:00"), "{why:?}");
    assert!(recorded.asked().is_empty(), "never while the doors are open");

    clock.set(japan(23, 18, 5));
    until(&box_devices, "the reboot", |view| view.restarts.first()?.last_run).await;
    until(&box_devices, "its record", |_| (!recorded.asked().is_empty()).then_some(())).await;
    assert_eq!(recorded.asked(), [planned("noon")]);
    reception.desk.stop().await;

    let after = RecordedReboot::default();
    let reception = open(SETTINGS, data.path(), &clock, hardware(&after));
    let box_devices = devices(&reception);
    assert_eq!(box_devices.view().restarts[0].last_run, Some(japan(23, 18, 5)), "remembered");
    clock.set(japan(23, 20, 0));
    until(&box_devices, "the later line", |view| view.restarts.get(1)?.last_run).await;
    until(&box_devices, "its record", |_| (!after.asked().is_empty()).then_some(())).await;
    assert_eq!(after.asked(), [planned("evening")], "noon had its turn");
    reception.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_rebooted_under_an_installer() {
    let data = tempfile::tempdir().unwrap();
    let lock = std::fs::File::create(data.path().join(UpdateLocks::OURS)).unwrap();
    lock.lock().unwrap();
    let clock = Clock::by_hand(japan(23, 19, 0));
    let recorded = RecordedReboot::default();
    let update = Arc::new(UpdateLocks::on(vec![data.path().join(UpdateLocks::OURS)]));
    let reception = open(SETTINGS, data.path(), &clock, Hardware { update, ..hardware(&recorded) });
    let box_devices = devices(&reception);
    let told = box_devices.changes();
    until(&box_devices, "the lines begin", |_| (*told.borrow() > 0).then_some(())).await;

    clock.set(japan(23, 20, 0));
    let why = until(&box_devices, "the postponement", |view| view.restarts.get(1)?.postponed.clone()).await;
    assert!(says(&why, "更新"), "{why:?}");
    assert!(recorded.asked().is_empty());

    lock.unlock().unwrap();
    clock.set(japan(23, 20, 2));
    until(&box_devices, "its record", |_| (!recorded.asked().is_empty()).then_some(())).await;
    assert_eq!(recorded.asked(), [planned("evening")]);
    reception.desk.stop().await;
}
