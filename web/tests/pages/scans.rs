//! Scanned codes: shown live, used for a check-in, put away, kept from the wrong visit.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::{self, MemoryDevices, notebook, prescription, slip};
use crate::support::people;
use crate::support::scenes::{card, monday_morning, on_file, open};
use domain::eligibility::PersonFace;
use domain::fact::VisitId;
use domain::number::{PublicPayerNumber, PublicRecipientNumber};
use domain::public_payer::PublicPayer;
use std::sync::Arc;
use web::port::{Desk, Devices, ScannedItem};

fn pharmacy() -> (Arc<MemoryDesk>, Arc<MemoryDevices>, Browser) {
    let desk = MemoryDesk::new();
    let devices = MemoryDevices::of_a_clinic();
    desk.watch(&devices);
    let browser = Browser::inside(&desk);
    (desk, devices, browser)
}

#[tokio::test]
async fn waiting_codes_stand_on_the_board_and_beside_the_check_in() {
    let (_desk, devices, mut browser) = pharmacy();
    assert!(!browser.open("/").await.has("読み取ったコード"));
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    devices.scan(notebook("scan-2"));
    for path in ["/", "/check-in"] {
        let page = browser.open(path).await;
        assert!(page.has("院外処方箋") && page.has("見本 花子") && page.has("2026年3月4日"), "{path}");
        assert!(page.has("お薬手帳のコードです"), "{path}");
        assert!(page.has("/check-in?scan=scan-1") && !page.has("/check-in?scan=scan-2"), "{path}");
    }
    let page = browser.open("/").await;
    let after = browser.submit(&page, "/scans", &[("scan", "scan-2")]).await;
    assert!(!after.has("お薬手帳") && after.has("院外処方箋"));
    assert!(browser.open("/?day=2026-03-01").await.text().find("院外処方箋").is_none(), "only on today's board");
}

#[tokio::test]
async fn a_check_in_begins_from_a_code_and_the_code_is_put_away() {
    let (desk, devices, mut browser) = pharmacy();
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    let page = browser.open("/check-in?scan=scan-1").await;
    assert!(page.has("保険の番号は印字されたものです") && page.has("1234567"));
    let fields = page.form("/check-in").fields;
    for (name, value) in [("name", "見本 花子"), ("name_kana", "ミホン ハナコ"), ("birth_date", "昭和39年10月10日")]
    {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    let refused = browser.submit(&page, "/check-in", &[("patient", ""), ("birth_date", "いつか")]).await;
    assert!(refused.has("保険の番号は印字されたものです"), "the code is still beside a refused form");
    assert_eq!(devices.scans().len(), 1);
    let done = browser.submit(&page, "/check-in", &[("patient", "")]).await;
    assert!(done.has("保存済み") && done.has("見本 花子"));
    assert!(devices.scans().is_empty());
    assert!(desk.queue().unwrap().open.is_empty(), "nothing is asked unless somebody says so");
    let again = browser.submit(&page, "/check-in", &[("patient", "")]).await;
    assert_eq!(again.path, done.path, "sent twice it is one visit");
}

#[tokio::test]
async fn printed_numbers_are_asked_about_when_staff_say_so() {
    let (desk, devices, mut browser) = pharmacy();
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    let page = browser.open("/check-in?scan=scan-1").await;
    let done = browser.submit(&page, "/check-in", &[("patient", ""), ("ask_by_printed", "yes")]).await;
    assert!(done.has("照会を書き留めました"));
    assert_eq!(desk.queue().unwrap().open.len(), 1);
    let visit = desk.board(desk.today()).unwrap().rows[0].visit.clone();
    let state = desk.visit(&visit).unwrap().unwrap().state;
    assert!(state.presented.iter().all(|shown| !shown.coverage.has_numbers()), "what is printed is no evidence");
}

#[tokio::test]
async fn a_patient_number_finds_the_patient() {
    let (desk, devices, mut browser) = pharmacy();
    on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let nobody = prescription("scan-3", PersonFace::EMPTY, domain::coverage::Coverage::EMPTY);
    devices.scan(ScannedItem { patient_number: Some("1001".to_owned()), ..nobody });
    let page = browser.open("/check-in?scan=scan-3").await;
    let hit = page.form("/check-in").buttons.into_iter().find(|(_, value)| value == "patient-1001").expect("a hit");
    browser.submit(&page, "/check-in", &[(&hit.0, &hit.1)]).await;
    assert_eq!(desk.board(desk.today()).unwrap().rows[0].name.as_deref(), Some("見本 花子"));
    assert!(devices.scans().is_empty());
}

#[tokio::test]
async fn a_code_that_is_gone_or_refused_begins_nothing() {
    let (_desk, devices, mut browser) = pharmacy();
    devices.scan(notebook("scan-2"));
    for scan in ["scan-2", "scan-9"] {
        let page = browser.open(&format!("/check-in?scan={scan}")).await;
        assert!(page.has("このコードはもうありません"), "{scan}");
        assert!(!page.form("/check-in").fields.iter().any(|(name, _)| name == "scan"));
    }
}

#[tokio::test]
async fn another_patients_sheet_shows_both_names_and_asks_nothing() {
    let (desk, devices, mut browser) = pharmacy();
    let visit = open(&desk, None, people::taro(), vec![card()]);
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.has("別の方のコードです") && page.has("見本 花子") && page.has("架空 太郎"));
    let ask = format!("/visits/{visit}/scan");
    assert!(!page.has("印字された番号で照会する"));
    let forced = browser.submit(&page, &ask, &[]).await;
    assert!(forced.has("別の方のコードです"));
    assert!(desk.queue().unwrap().open.is_empty());
    assert_eq!(devices.scans().len(), 1);
}

#[tokio::test]
async fn the_same_patients_sheet_may_be_asked_about_from_the_visit() {
    let (desk, devices, mut browser) = pharmacy();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.has("印字された番号で照会する") && !page.has("別の方のコードです"));
    let asked = browser.submit(&page, &format!("/visits/{visit}/scan"), &[]).await;
    assert!(asked.has("照会を書き留めました"));
    assert_eq!(desk.queue().unwrap().open.len(), 1);
    assert!(devices.scans().is_empty());
}

fn payer(payer: &str, recipient: Option<&str>) -> PublicPayer {
    PublicPayer {
        payer: PublicPayerNumber::parse_overridden(payer).unwrap().value,
        recipient: recipient.map(|number| PublicRecipientNumber::parse_overridden(number).unwrap().value),
    }
}

fn with_payers() -> ScannedItem {
    devices::with_payers(prescription("scan-1", people::hanako(), people::kenpo("1234567")))
}

fn payers_of_newest(desk: &MemoryDesk) -> Vec<PublicPayer> {
    let visit = desk.board(desk.today()).unwrap().rows[0].visit.clone();
    desk.visit(&visit).unwrap().unwrap().state.public_payers
}

#[tokio::test]
async fn public_payers_of_a_prescription_count_only_when_staff_compared_them() {
    for (ticked, kept) in [("", 0), ("yes", 2)] {
        let (desk, devices, mut browser) = pharmacy();
        devices.scan(with_payers());
        let page = browser.open("/check-in?scan=scan-1").await;
        let fields = page.form("/check-in").fields;
        for (name, value) in [("payer_1", "21136247"), ("recipient_1", "1234566"), ("payer_2", "81136240")] {
            assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
        }
        assert!(page.has("公費（処方箋から）") && page.has("検証番号（末尾の桁）が他の桁と合いません"));
        let done = browser.submit(&page, "/check-in", &[("patient", ""), ("take_payers", ticked)]).await;
        assert!(done.has("保存済み"));
        assert_eq!(payers_of_newest(&desk).len(), kept, "{ticked}");
        assert_eq!(
            done.has("<strong>21136247</strong>") && done.has("検証番号が合わないまま使っています"),
            kept > 0,
            "{ticked}"
        );
    }
}

#[tokio::test]
async fn public_payers_nobody_compared_at_check_in_wait_on_the_visit_and_are_not_typed_again() {
    let (desk, devices, mut browser) = pharmacy();
    devices.scan(with_payers());
    let page = browser.open("/check-in?scan=scan-1").await;
    let done = browser.submit(&page, "/check-in", &[("patient", ""), ("payer_2", "811")]).await;
    assert!(done.has("保存済み"), "what cannot be read of them holds up nobody");
    let visit = done.path.split('?').next().unwrap().to_owned();
    assert!(done.has("処方箋にあった公費です") && done.has("公費を処方箋から控え"));
    assert!(payers_of_newest(&desk).is_empty(), "they do not count yet");
    let fields = done.form(&format!("{visit}/payers")).fields;
    for (name, value) in [("payer_1", "21136247"), ("recipient_1", "1234566")] {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}: {fields:?}");
    }
    let kept = browser.submit(&done, &format!("{visit}/payers"), &[]).await;
    assert!(kept.has("保存済み") && !kept.has("処方箋にあった公費です"));
    assert_eq!(payers_of_newest(&desk), [payer("21136247", Some("1234566"))]);
}

#[tokio::test]
async fn a_public_payer_is_corrected_at_check_in_and_on_the_visit() {
    let (desk, devices, mut browser) = pharmacy();
    devices.scan(with_payers());
    let page = browser.open("/check-in?scan=scan-1").await;
    let wrong = [("patient", ""), ("take_payers", "yes"), ("payer_2", "8113624")];
    let refused = browser.submit(&page, "/check-in", &wrong).await;
    assert!(refused.has("value=\"8113624\"") && devices.scans().len() == 1, "seven digits are no payer number");
    let done = browser.submit(&refused, "/check-in", &[("patient", ""), ("payer_2", "81136244")]).await;
    assert_eq!(payers_of_newest(&desk)[1], payer("81136244", None));

    let visit = done.path.split('?').next().unwrap().to_owned();
    let nobody = [("payer_1", ""), ("payer_2", "81136244"), ("recipient_2", "")];
    let refused = browser.submit(&done, &format!("{visit}/payers"), &nobody).await;
    assert!(payers_of_newest(&desk).len() == 2, "a recipient without a payer is refused: {}", refused.path);
    let done = browser.submit(&refused, &format!("{visit}/payers"), &[("recipient_1", "")]).await;
    assert!(done.has("保存済み") && done.has("公費を記録"));
    assert_eq!(payers_of_newest(&desk), [payer("81136244", None)]);
}

#[tokio::test]
async fn a_slip_opens_its_visit_and_begins_no_other() {
    let (desk, devices, mut browser) = pharmacy();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    devices.scan(slip("scan-1", Some(visit.clone()), "scanner-1"));
    let board = browser.open("/").await;
    assert!(board.has("この受付を開く") && !board.has("/check-in?scan=scan-1"));
    assert!(browser.open("/check-in?scan=scan-1").await.has("このコードはもうありません"));
    let beside = browser.open(&format!("/visits/{}", open(&desk, None, people::taro(), vec![card()]))).await;
    assert!(beside.has("この受付を開く") && !beside.has("別の方のコード"));
    let opened = browser.submit(&board, "/scans/open", &[]).await;
    assert!(opened.path.starts_with(&format!("/visits/{visit}")) && opened.has("見本 花子"), "{}", opened.path);
    assert!(devices.scans().is_empty());
    let again = browser.submit(&board, "/scans/open", &[]).await;
    assert!(again.has("もう一度読み取ってください"));
}

#[tokio::test]
async fn a_slip_leads_to_what_is_still_to_be_done() {
    let (desk, devices, mut browser) = pharmacy();
    let visit = monday_morning(&desk).oral;
    devices.scan(slip("scan-1", Some(visit.clone()), "scanner-1"));
    let board = browser.open("/").await;
    let opened = browser.send_form(&board, "/scans/open", &[]).await;
    assert_eq!(opened.header("location"), format!("/visits/{visit}#follow-ups"));
}

#[tokio::test]
async fn a_slip_of_a_visit_this_box_does_not_have_says_so() {
    let (_desk, devices, mut browser) = pharmacy();
    devices.scan(slip("scan-1", Some(VisitId::new("elsewhere")), "scanner-1"));
    let board = browser.open("/").await;
    let opened = browser.submit(&board, "/scans/open", &[]).await;
    assert!(opened.has("この箱にはまだありません"));
}

#[tokio::test]
async fn a_slip_opens_by_itself_only_beside_the_scanner_it_was_read_with() {
    let (desk, devices, mut browser) = pharmacy();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    devices.scan(slip("scan-1", Some(visit), "scanner-1"));
    assert!(!browser.open("/").await.html.contains("data-open-now"), "nobody said where this screen stands");
    let page = browser.open("/devices").await;
    let chosen = browser.submit(&page, "/devices/scanner", &[]).await;
    assert!(chosen.has("この画面の読取機です"));
    for path in ["/", "/check-in"] {
        assert!(browser.open(path).await.html.contains("data-open-now"), "{path}");
    }
    devices.put_away("scan-1");
    devices.scan(slip("scan-2", None, "scanner-2"));
    assert!(!browser.open("/").await.html.contains("data-open-now"), "another counter's scanner");
    let forged = browser.post("/devices/scanner", &[("device", "scanner-1")]).await;
    assert_ne!(forged.header("location"), "/devices", "a form of another site chooses nothing");
    let gone = browser.submit(&chosen, "/devices/scanner", &[]).await;
    assert!(gone.has("この画面の読取機にする"));
}
