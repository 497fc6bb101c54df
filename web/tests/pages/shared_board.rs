//! The board is read and set once for all counters that look at it, and each still sees only what is theirs to see, and all of it.

use crate::support::browser::{Browser, Page};
use crate::support::html::tags;
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::{card, monday_morning, open};
use http::StatusCode;
use std::sync::Arc;
use web::port::{Desk, Role};

/// Somebody else at the same box.
fn beside(first: &Browser, desk: &Arc<MemoryDesk>, role: Role) -> Browser {
    let session = desk.add_session_as(role);
    let mut browser = first.beside();
    browser.cookies.insert("uketsuke".to_owned(), session.token.0);
    browser
}

fn table(page: &Page) -> &str {
    let begin = page.html.find("<div id=\"board\"").expect("the board");
    &page.html[begin..page.html.find("</main>").expect("the end of the page")]
}

fn csrf(page: &Page) -> String {
    let body = tags(&page.html).into_iter().find(|tag| tag.get("data-csrf").is_some()).expect("a session's page");
    body.get("data-csrf").unwrap().to_owned()
}

#[tokio::test]
async fn counters_share_the_table_and_nothing_of_a_session() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let mut first = Browser::outside(desk.clone());
    let mut reception = beside(&first, &desk, Role::Reception);
    let mut manager = beside(&first, &desk, Role::Manager);
    let (one, two) = (reception.open("/").await, manager.open("/").await);
    assert_eq!(desk.shared().read(), 1, "two counters, one reading");
    assert_eq!(table(&one), table(&two));
    assert!(table(&one).contains("見本") && !table(&one).contains("csrf") && !table(&one).contains("<form"));
    assert_ne!(csrf(&one), csrf(&two));
    assert!(!two.has(&csrf(&one)) && !one.has(&csrf(&two)), "each has a token of their own");
    assert!(two.has("href=\"/staff\"") && !one.has("href=\"/staff\""), "each has the menu of their role");
    // who may not look at patients gets none of it, however often it was set
    let mut vendor = beside(&first, &desk, Role::Vendor);
    let there = vendor.open("/").await;
    assert!(
        there.path.starts_with("/links") && !there.has("id=\"board\"") && !there.has("見本 花子"),
        "{}",
        there.path
    );
    let stranger = first.open("/").await;
    assert!(stranger.path.starts_with("/sign-in") && !stranger.has("見本 花子"), "{}", stranger.path);
    let past = vendor.get("/?day=2026-03-01").await;
    assert_ne!(past.status, StatusCode::OK);
}

#[tokio::test]
async fn each_counter_has_its_own_language() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let first = Browser::outside(desk.clone());
    let mut ja = beside(&first, &desk, Role::Reception);
    let mut en = beside(&first, &desk, Role::Reception).in_english();
    for _ in 0..2 {
        let (there, here) = (en.open("/").await, ja.open("/").await);
        assert!(table(&there).contains("Patient") && !table(&there).contains("患者"));
        assert!(table(&here).contains("患者") && !table(&here).contains("Patient"));
    }
    assert_eq!(desk.shared().read(), 1);
}

#[tokio::test]
async fn what_was_saved_at_one_counter_stands_at_once_on_the_others() {
    let desk = MemoryDesk::new();
    let first = Browser::outside(desk.clone());
    let mut one = beside(&first, &desk, Role::Reception);
    let mut two = beside(&first, &desk, Role::Manager).in_english();
    assert!(!one.open("/").await.has("見本 花子") && !two.open("/").await.has("見本 花子"));
    open(&desk, None, people::hanako(), vec![card()]);
    assert!(one.open("/").await.has("見本 花子") && two.open("/").await.has("見本 花子"));
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let link = format!("href=\"/visits/{visit}\"");
    assert!(two.open("/").await.has(&link) && one.open("/").await.has(&link));
    // the board of another day is another board, and does not get in the way of today's
    let before = one.open("/?day=2026-03-01").await;
    assert!(!before.has(&link));
    assert!(one.open("/").await.has(&link));
    assert_eq!(desk.today(), MONDAY);
}

#[tokio::test]
async fn a_page_does_not_claim_to_show_what_was_saved_after_it_was_read() {
    let desk = MemoryDesk::new();
    let first = Browser::outside(desk.clone());
    let mut counter = beside(&first, &desk, Role::Reception);
    let (other, before) = (desk.clone(), *desk.revisions().borrow());
    desk.shared().meanwhile(move || {
        open(&other, None, people::hanako(), vec![card()]);
    });
    let page = counter.open("/").await;
    assert!(!page.has("見本 花子"), "it came a moment too late");
    assert!(page.has(&format!("data-revision=\"{before}\"")), "so the script asks again when it hears of it");
    let page = counter.open("/").await;
    assert!(page.has("見本 花子") && page.has(&format!("data-revision=\"{}\"", before + 1)));
}
