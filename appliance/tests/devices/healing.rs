//! A reader that stops is brought back, and what helped is remembered.

use super::place::{devices, hardware, japan, open, says, until_device};
use domain::Date;
use drivers::health::healing::HealingStep;
use drivers::{Moment, ReaderName, SimReader, SimReaderHandle};
use std::path::Path;
use std::sync::Arc;
use uketsuke::clock::Clock;
use uketsuke::devices::{GivenReader, Hands, Hardware};
use uketsuke::schedule::RecordedReboot;
use web::port::{Desk, DeviceItem, DeviceLamp, MONTHS_SHOWN, TroubleCounts};

/// A simulated reader that opening it anew cures.
fn with_reader(clock: &Clock) -> (Hardware, SimReaderHandle) {
    let time = clock.clone();
    let drivers_clock = drivers::Clock::new(move || Moment(time.now().as_ms() as u64));
    let (reader, handle) = SimReader::new(ReaderName::parse("窓口").unwrap(), drivers_clock);
    let cure = handle.clone();
    let hands = Hands::default().with(HealingStep::Reopen, move || {
        cure.recover();
        Ok(())
    });
    let given = GivenReader { port: Arc::new(reader), hands, cards: None };
    (Hardware { readers: vec![given], ..hardware(&RecordedReboot::default()) }, handle)
}

fn helped(item: &DeviceItem) -> u32 {
    item.steps.iter().find(|step| step.step == "reopen").map_or(0, |step| step.helped)
}

/// So many in this month, and none before.
fn counted(count: u64) -> TroubleCounts {
    let by_month = std::iter::once(count).chain([0; MONTHS_SHOWN - 1]).collect();
    TroubleCounts { by_month, total: count }
}

async fn heal(data: &Path, clock: &Clock) {
    let (hardware, handle) = with_reader(clock);
    let reception = open("", data, clock, hardware);
    let devices = devices(&reception);
    handle.plug();
    until_device(&devices, "窓口", "ready", |item| item.lamp == DeviceLamp::Good).await;
    handle.hang().unwrap();
    let well = until_device(&devices, "窓口", "healed", |item| item.lamp == DeviceLamp::Good && helped(item) > 0).await;
    assert!(well.history.iter().any(|change| says(&change.what, "直りました")), "{:?}", well.history);
    assert!(well.history.iter().any(|change| says(&change.what, "不具合")), "{:?}", well.history);
    assert_eq!(reception.desk.troubles().unwrap().readers, counted(1));
    reception.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_is_healed_and_what_helped_survives_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(japan(23, 10, 0));
    heal(data.path(), &clock).await;

    let (hardware, _handle) = with_reader(&clock);
    let reception = open("", data.path(), &clock, hardware);
    let devices = devices(&reception);
    let view = devices.view();
    let item = &view.devices[0];
    assert_eq!(helped(item), 1);
    assert!(item.history.iter().any(|change| says(&change.what, "直りました")), "{:?}", item.history);
    let troubles = reception.desk.troubles().unwrap();
    assert_eq!((troubles.readers, troubles.since), (counted(1), Some(Date::literal(2026, 11, 1))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_that_is_not_possible_here_is_refused_with_a_reason() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(japan(23, 10, 0));
    let (hardware, handle) = with_reader(&clock);
    let reception = open("", data.path(), &clock, hardware);
    let devices = devices(&reception);
    handle.plug();
    until_device(&devices, "窓口", "ready", |item| item.lamp == DeviceLamp::Good).await;
    for (device, step) in [("窓口", "cycle_relay"), ("窓口", "no_such_step"), ("だれか", "reopen")] {
        assert!(devices.restart(device, step).await.is_err(), "{device} {step}");
    }
    devices.restart("窓口", "reopen").await.unwrap();
    let asked =
        until_device(&devices, "窓口", "restarted", |item| helped(item) > 0 || item.lamp != DeviceLamp::Good).await;
    assert!(asked.history.iter().any(|change| says(&change.what, "復旧中")), "{:?}", asked.history);
}

#[tokio::test]
async fn nothing_set_is_nothing_watched() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(japan(23, 10, 0));
    let reception = open("", data.path(), &clock, hardware(&RecordedReboot::default()));
    assert!(reception.desk.devices().is_none());
}
