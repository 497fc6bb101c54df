//! A prescription's code at a scanner on a (pseudo) serial line.

use super::place::{devices, hardware, japan, open, says, until, until_device};
use domain::Date;
use domain::case::Flow;
use domain::coverage::Sex;
use domain::eligibility::PersonFace;
use domain::fact::Author;
use serialport::{SerialPort, TTYPort};
use std::io::Write;
use std::path::Path;
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;
use web::port::{Account, CheckIn, Desk, DeskCommand, DeviceLamp, ScannedItem};

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

/// The same sheet with a public payer whose numbers can exist.
fn with_payer(payer: &[u8; 8]) -> Vec<u8> {
    let mut sheet = SAMPLE_A.to_vec();
    let at = sheet.windows(8).position(|window| window == b"21999990").unwrap();
    sheet[at..at + 8].copy_from_slice(payer);
    sheet
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_payer_is_offered_even_when_its_check_digit_does_not_fit() {
    let data = tempfile::tempdir().unwrap();
    let (mut device, line) = TTYPort::pair().unwrap();
    let clock = Clock::by_hand(japan(20, 10, 0));
    let settings = settings(Path::new(&line.name().unwrap()));
    let reception = open(&settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    until_device(&devices, "読取機", "ready", |item| item.lamp == DeviceLamp::Good).await;
    for (payer, odd) in [(b"21136247", false), (b"21136240", true)] {
        device.write_all(&with_payer(payer)).unwrap();
        let wanted = std::str::from_utf8(payer).unwrap();
        let offered = |item: &ScannedItem| item.public_payers.first().is_some_and(|one| one.payer.as_str() == wanted);
        let item = until(&devices, "the sheet", |_| devices.scans().into_iter().find(offered)).await;
        assert_eq!(item.public_payers[0].recipient.as_ref().map(|number| number.as_str()), Some("9999996"));
        assert_eq!(!item.public_payers[0].warnings().is_empty(), odd, "{wanted}");
        assert!(!item.notices.iter().any(|notice| says(notice, wanted)), "said once");
    }
    device.write_all(SAMPLE_A).unwrap();
    let item = until(&devices, "a number that cannot be", |_| {
        devices.scans().into_iter().find(|item| item.public_payers.is_empty())
    })
    .await;
    assert!(item.notices.iter().any(|notice| says(notice, "21999990")), "shown as printed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_that_is_scanned_names_the_visit_it_was_printed_for() {
    let data = tempfile::tempdir().unwrap();
    let (mut device, line) = TTYPort::pair().unwrap();
    let clock = Clock::by_hand(japan(20, 10, 0));
    let settings = settings(Path::new(&line.name().unwrap()));
    let reception = open(&settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    until_device(&devices, "読取機", "ready", |item| item.lamp == DeviceLamp::Good && item.scans_codes).await;
    let person = PersonFace { name: Some("見本 花子".to_owned()), ..PersonFace::EMPTY };
    let check_in = CheckIn {
        patient: None,
        patient_number: None,
        person,
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    };
    let by = Account::new(Author::new("staff-1"), "受付");
    let saved = reception.desk.submit(&by, None, DeskCommand::CheckIn(Box::new(check_in))).await.unwrap();
    let visit = saved.visit.unwrap();
    let printed = reception.desk.visit(&visit).unwrap().unwrap().slip.expect("every visit has a slip");

    device.write_all(format!("{}\r", printed.to_lowercase()).as_bytes()).unwrap();
    let item = until(&devices, "the slip", |_| devices.scans().into_iter().next()).await;
    assert_eq!((item.visit, item.refusal), (Some(visit), None));
    assert_eq!(item.person, PersonFace::EMPTY, "the slip itself names nobody");

    device.write_all(b"UKE1-7Q3K9ZD2-R\r").unwrap();
    let other =
        until(&devices, "another slip", |_| devices.scans().into_iter().find(|item| item.refusal.is_some())).await;
    assert!(other.visit.is_none() && says(&other.kind, "受付票"));
    reception.desk.stop().await;
}
