//! Light or dark, the menu, and what a drill looks like.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::drill::MemoryDrill;
use http::StatusCode;
use web::WebSettings;
use web::port::Stage;

#[tokio::test]
async fn light_or_dark_is_kept_with_the_account_and_shown_on_every_page() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/me").await;
    assert!(page.has("media=\"screen and (prefers-color-scheme: dark)\"") && page.has("content=\"light dark\""));
    let page = browser.submit(&page, "/me", &[("what", "look"), ("look", "dark")]).await;
    assert!(page.has("value=\"dark\" checked") && page.has("保存済み"));
    for path in ["/", "/check-in", "/nowhere", "/visits/none"] {
        let page = browser.get(path).await;
        let follows = path == "/nowhere" || page.has("dark.css\" media=\"screen\"") && page.has("content=\"dark\"");
        assert!(follows, "{path}");
    }
    desk.bring_sessions_to(Stage::Locked);
    assert!(browser.get("/unlock").await.has("dark.css\" media=\"screen\""));
    desk.bring_sessions_to(Stage::Open);
    let page = browser.open("/me").await;
    let page = browser.submit(&page, "/me", &[("what", "look"), ("look", "light")]).await;
    assert!(!page.has("dark.css") && page.has("content=\"light\""));
    let page = browser.submit(&page, "/me", &[("what", "look"), ("look", "purple")]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_needed_now_and_then_stands_behind_more_and_says_when_one_is_there() {
    let desk = MemoryDesk::with_practice();
    let mut browser = Browser::inside(&desk);
    let board = browser.open("/").await;
    assert!(board.has("<summary>機器・設定</summary>") && board.has("href=\"/rules\""));
    assert!(browser.open("/rules").await.has("<summary aria-current=\"true\">機器・設定</summary>"));
}

#[tokio::test]
async fn a_drill_is_begun_and_ended_on_its_page() {
    let desk = MemoryDesk::new();
    desk.offer_drills(MemoryDrill::default());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/drill").await;
    let page = browser.submit(&page, "/drill", &[("do", "begin")]).await;
    assert!(page.has("abcde-fghjk") && page.has("https://desk.example:8445/") && page.has("12:55"));
    let page = browser.submit(&page, "/drill", &[("do", "end")]).await;
    assert!(!page.has("abcde-fghjk") && page.has("value=\"begin\""));
    assert_eq!(browser.submit(&page, "/drill", &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_drill_that_cannot_begin_says_why() {
    let desk = MemoryDesk::new();
    desk.offer_drills(MemoryDrill::refused());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/drill").await;
    let page = browser.submit(&page, "/drill", &[("do", "begin")]).await;
    assert!(page.has("role=\"alert\"") && page.has("場所が使われています。"));
}

#[tokio::test]
async fn a_box_without_drills_has_no_page_for_them() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    assert_eq!(browser.get("/drill").await.status, StatusCode::NOT_FOUND);
    assert!(!browser.open("/").await.has("/drill"));
}

#[tokio::test]
async fn every_page_of_a_drill_says_so_and_its_cookies_are_its_own() {
    let desk = MemoryDesk::with_practice();
    let session = desk.add_session();
    desk.add_account();
    let settings = WebSettings { secure_cookies: false, demo: true, drill: true, ..Default::default() };
    let mut browser = Browser::with(desk, settings);
    // what a browser holds for the box beside it opens nothing here
    browser.cookies.insert("uketsuke".to_owned(), session.token.0.clone());
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    let page = browser.get("/sign-in").await;
    assert!(page.has("class=\"drill\"") && page.header("set-cookie").contains("uketsuke-drill-form="));
    browser.cookies.insert("uketsuke-drill".to_owned(), session.token.0);
    for path in ["/", "/check-in", "/practice", "/nowhere", "/links/sheet"] {
        let page = browser.get(path).await;
        assert!(page.has("class=\"drill\"") && page.has("<title>【訓練】"), "{path}");
    }
}
