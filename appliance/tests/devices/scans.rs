//! A prescription's code at a scanner on a (pseudo) serial line.

use super::place::{devices, hardware, japan, open, says, until, until_device};
use domain::Date;
use domain::coverage::Sex;
use serialport::{SerialPort, TTYPort};
use std::io::Write;
use std::path::Path;
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;
use web::port::{DeviceLamp, ScannedItem};

const SAMPLE_A: &[u8] = include_bytes!("../../../drivers/tests/data/prescription-a.bin");
const NOTEBOOK: &[u8] = include_bytes!("../../../drivers/tests/data/notebook-c.bin");

fn settings(path: &Path) -> String {
    format!("[[scanner]]\nname = '読取機'\npath = '{}'\ncounter = '窓口1'\n", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_prescription_appears_in_the_clinics_own_terms() {
    let data = tempfile::tempdir().unwrap();
    let (mut device, line) = TTYPort::pair().unwrap();
    let clock = Clock::by_hand(japan(20, 10, 0));
    let settings = settings(Path::new(&line.name().unwrap()));
    let reception = open(&settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    let ready = until_device(&devices, "読取機", "ready", |item| item.lamp == DeviceLamp::Good).await;
    assert!(says(&ready.kind, "窓口1"));

    device.write_all(SAMPLE_A).unwrap();
    let item = until(&devices, "a scan", |_| devices.scans().into_iter().next()).await;
    is_sample_a(&item);
    until_device(&devices, "読取機", "a good read", |item| item.last_good_read.is_some()).await;

    device.write_all(SAMPLE_A).unwrap();
    until(&devices, "the same sheet in its place", |_| {
        devices.scans().first().is_some_and(|again| again.scan != item.scan).then_some(())
    })
    .await;
    assert_eq!(devices.scans().len(), 1);

    device.write_all(NOTEBOOK).unwrap();
    let notebook =
        until(&devices, "a refusal", |_| devices.scans().into_iter().find(|item| item.refusal.is_some())).await;
    assert!(says(&notebook.refusal.unwrap(), "お薬手帳"));
    devices.put_away(&notebook.scan);
    assert_eq!(devices.scans().len(), 1);

    clock.set(clock.now().plus_ms(10 * 60_000 + 1));
    assert!(devices.scans().is_empty(), "codes do not stay");
}

fn is_sample_a(item: &ScannedItem) {
    assert_eq!(item.device, "読取機");
    assert_eq!(item.person.name.as_deref(), Some("架空 花代"));
    assert_eq!(item.person.name_kana.as_deref(), Some("カクウ ハナヨ"));
    assert_eq!((item.person.birth_date, item.person.sex), (Some(Date::literal(1958, 11, 3)), Some(Sex::Female)));
    assert!(item.refusal.is_none() && item.issued_on.is_some());
    assert!(item.notices.iter().any(|notice| says(notice, "試験町みどり内科クリニック")), "{:?}", item.notices);
    assert_eq!(format!("{item:?}"), format!("ScannedItem({})", item.scan), "nothing of it is printed");
}
