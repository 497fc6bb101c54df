//! The box seen from inside: check-up, ledger, support bundle, and the check of the recovery key.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::inside::MemoryInside;
use crate::support::memory_desk::prints::MemoryPrints;
use http::StatusCode;
use paper::Paper;

#[tokio::test]
async fn the_worst_stands_first_with_cause_and_cure() {
    let desk = MemoryDesk::new();
    desk.look_inside(MemoryInside::default());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/doctor").await;
    let (bad, good) = (page.html.find("check-backups").unwrap(), page.html.find("check-disk-room").unwrap());
    assert!(bad < good && page.has("異常: 1") && page.has("差してください。"));
    assert!(page.has("href=\"/doctor\""), "it stands in the menu");
    let well = MemoryDesk::new();
    well.look_inside(MemoryInside::well());
    let page = Browser::inside(&well).in_english().open("/doctor").await;
    assert!(page.has("All is well."));
}

#[tokio::test]
async fn a_box_that_knows_nothing_of_itself_has_no_such_pages() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    for path in ["/doctor", "/ledger", "/ledger/file", "/ledger/components", "/support"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!browser.get("/links").await.has("href=\"/doctor\""));
}

#[tokio::test]
async fn the_check_up_is_a_paper_for_the_helpdesk() {
    let (desk, prints) = (MemoryDesk::new(), MemoryPrints::new());
    desk.look_inside(MemoryInside::default());
    desk.print_with(&prints);
    let mut browser = Browser::inside(&desk);
    assert_eq!(browser.get("/prints/check-up").await.status, StatusCode::OK);
    let Paper::CheckUp(paper) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!((paper.lines.len(), paper.well.len()), (2, 2));
    assert!(paper.lines[0].is_bad && paper.lines[0].cure == "差してください。");
}

#[tokio::test]
async fn the_ledger_is_a_page_and_a_file() {
    let desk = MemoryDesk::new();
    desk.look_inside(MemoryInside::default());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/ledger").await;
    assert!(page.has("Sample R-1") && page.has("部品の数: 3"));
    let file = browser.get("/ledger/file").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("uketsuke-ledger-2026-03-02.csv"));
    assert!(file.html.contains("\"reader-1\",\"Sample R-1\",\"0001\""), "{}", file.html);
    let components = browser.get("/ledger/components").await;
    assert_eq!(components.header("content-type"), "application/spdx+json");
}

#[tokio::test]
async fn a_bundle_is_read_before_it_is_downloaded_and_what_was_taken_out_is_not_in_it() {
    let desk = MemoryDesk::new();
    desk.look_inside(MemoryInside::default());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/support").await;
    let page = browser.submit(&page, "/support", &[]).await;
    assert!(page.has("&#60;b&#62;stopping") || page.has("&lt;b&gt;stopping"), "a file is shown as it is");
    let unsure = browser.submit(&page, "/support/file", &[("sure", "")]).await;
    assert_eq!(unsure.header("content-type"), "text/html; charset=utf-8");
    assert!(unsure.has("まだ何もダウンロードしていません"));
    let fields = [("keep-log.txt", ""), ("keep-versions.txt", "yes"), ("sure", "yes")];
    let packed = browser.send_form(&page, "/support/file", &fields).await;
    assert_eq!(packed.header("content-type"), "application/zip");
    assert_eq!(packed.html, "versions.txt");
    let gone = browser.submit(&page, "/support/file", &[("bundle", "other"), ("sure", "yes")]).await;
    assert!(gone.has("もう残っていません"));
}

#[tokio::test]
async fn the_recovery_key_is_typed_back_and_printed_as_a_kit() {
    let (desk, prints) = (MemoryDesk::new(), MemoryPrints::new());
    desk.keep_backups();
    desk.print_with(&prints);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/backups").await;
    let page = browser.submit(&page, "/backups/key", &[]).await;
    assert!(page.has("ABCD") && page.has("action=\"/backups/kit\""));
    let page = browser.open("/backups").await;
    assert!(page.has("紙の鍵をまだ確かめていません"));
    let wrong = browser.submit(&page, "/backups/check", &[("typed_key", "abcd-efgh")]).await;
    assert!(wrong.has("打ち間違いがあります") && wrong.has("abcd-efgh"), "what was typed is still there");
    let empty = browser.submit(&page, "/backups/check", &[("typed_key", " ")]).await;
    assert!(empty.has("入力してください"));
    let right = browser.submit(&page, "/backups/check", &[("typed_key", "abcd efgh jkmn")]).await;
    assert!(right.has("紙の鍵は合っています") && !right.has("まだ確かめていません"));
    let kit = browser.press(&right, "/backups/check", "/backups/kit", &[("typed_key", "ABCD-EFGH-JKMN")]).await;
    assert_eq!(kit.header("content-type"), "application/pdf");
    let Paper::RecoveryKit(paper) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!((paper.groups.len(), paper.folder.as_str()), (3, "/media/usb/uketsuke"));
}
