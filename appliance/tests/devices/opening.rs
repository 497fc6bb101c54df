//! Before the doors open, scanners and relay boards are asked what can be asked without harm, and it is on record.

use super::place::{devices, hardware, japan, open, says, until_device};
use serialport::{SerialPort, TTYPort};
use std::io::Read;
use std::time::Duration;
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;
use web::port::{DeviceItem, DeviceLamp};

fn settings(scanner: &str, relay: &str) -> String {
    format!(
        "[[scanner]]\nname = '読取機'\npath = '{scanner}'\n\
         [[relay]]\nname = '電源'\npath = '{relay}'\ndialect = 'plain'\nchannel = 1\nwiring = 'nc'\n\
         [hours]\nmon = '09:00-18:00'\n"
    )
}

fn asked(item: &DeviceItem, what: &str) -> bool {
    item.history.iter().any(|change| says(&change.what, "開始前の確認") && says(&change.what, what))
}

#[tokio::test(flavor = "multi_thread")]
async fn scanners_and_relays_are_asked_before_opening_and_nothing_is_switched() {
    let data = tempfile::tempdir().unwrap();
    let (_scanner, scanner_line) = TTYPort::pair().unwrap();
    let (mut board, relay_line) = TTYPort::pair().unwrap();
    // 2026-11-23 is a Monday
    let clock = Clock::by_hand(japan(23, 5, 0));
    let settings = settings(&scanner_line.name().unwrap(), &relay_line.name().unwrap());
    let reception = open(&settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    for device in ["読取機", "電源"] {
        let item = until_device(&devices, device, "ready", |item| item.lamp == DeviceLamp::Good).await;
        assert!(!asked(&item, ""), "not asked at night");
    }
    board.set_timeout(Duration::from_secs(30)).unwrap();
    let mut at_start = [0; 4];
    board.read_exact(&mut at_start).unwrap();

    clock.set(japan(23, 8, 59));
    until_device(&devices, "読取機", "the question", |item| asked(item, "設定どおりです")).await;
    until_device(&devices, "電源", "the question", |item| asked(item, "切り替えはしていません")).await;
    assert_eq!(board.bytes_to_read().unwrap(), 0, "a board that cannot be asked is sent nothing");

    drop(scanner_line);
    reception.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_is_gone_is_found_before_the_doors_open() {
    let data = tempfile::tempdir().unwrap();
    let (_scanner, scanner_line) = TTYPort::pair().unwrap();
    let (board, relay_line) = TTYPort::pair().unwrap();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("board");
    std::os::unix::fs::symlink(relay_line.name().unwrap(), &path).unwrap();
    let clock = Clock::by_hand(japan(23, 5, 0));
    let settings = settings(&scanner_line.name().unwrap(), path.to_str().unwrap());
    let reception = open(&settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    until_device(&devices, "電源", "ready", |item| item.lamp == DeviceLamp::Good).await;
    std::fs::remove_file(&path).unwrap();
    drop(board);
    clock.set(japan(23, 8, 59));
    let item = until_device(&devices, "電源", "the answer", |item| asked(item, "接続されていません")).await;
    assert_ne!(item.lamp, DeviceLamp::Good);
    reception.desk.stop().await;
}
