//! Updates on their page: how they stand, and what staff may decide.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::updates::MemoryUpdates;
use http::StatusCode;
use web::port::UpdateWish;

#[tokio::test]
async fn what_runs_what_waits_and_why_is_shown() {
    let (desk, updates) = (MemoryDesk::new(), MemoryUpdates::waiting());
    desk.update_by(&updates);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/updates").await;
    for word in ["1.4.0", "1.5.0", "受付時間中です。", "毎日 2:00 から 5:00", "前の版に戻りました", "確認済み"]
    {
        assert!(page.has(word), "{word}");
    }
    assert!(browser.open("/").await.has("href=\"/updates\""));
    let english = Browser::inside(&desk).in_english().open("/updates").await;
    assert!(english.has("Reception is open.") && english.has("returned to the version before"));
}

#[tokio::test]
async fn it_is_installed_now_or_put_off_within_the_cap() {
    let (desk, updates) = (MemoryDesk::new(), MemoryUpdates::waiting());
    desk.update_by(&updates);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/updates").await;
    let page = browser.submit(&page, "/updates/change", &[("do", "postpone"), ("days", "3")]).await;
    assert!(page.has("受け付けました。"));
    let page = browser.submit(&page, "/updates/change", &[("do", "postpone"), ("days", "30日")]).await;
    assert!(page.has("14日までです。") && page.has("value=\"30日\""), "what was typed is still there");
    let page = browser.submit(&page, "/updates/change", &[("do", "install")]).await;
    assert!(page.has("時間を待たずに取り付けます。"));
    assert_eq!(updates.wishes(), [UpdateWish::Postpone(3), UpdateWish::Install]);
    assert_eq!(browser.submit(&page, "/updates/change", &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_machine_without_an_installer_says_so() {
    let mut browser = Browser::inside(&MemoryDesk::new());
    assert!(browser.open("/updates").await.has("OSの更新の仕組み"));
    assert!(!browser.open("/").await.has("href=\"/updates\""));
}
