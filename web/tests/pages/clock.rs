//! A clock that cannot be right is said on every page, and what it did stands in the fault report.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::scenes::monday_morning;
use domain::text::Text;
use domain::{Date, Timestamp};
use std::sync::Arc;
use web::port::DeviceChange;

const EMPTY: Timestamp = Timestamp::in_japan(Date::literal(2000, 1, 1), 0, 3, 0);
const WRONG: &str = "この受付機の時計が合っていません";

fn with_wrong_clock() -> Arc<MemoryDesk> {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    desk.set_now(EMPTY);
    desk
}

#[tokio::test]
async fn every_page_says_that_the_clock_is_wrong_and_what_to_do() {
    let desk = with_wrong_clock();
    let (mut japanese, mut english) = (Browser::inside(&desk), Browser::inside(&desk).in_english());
    for path in ["/", "/check-in", "/follow-ups", "/queue", "/links", "/shelf", "/devices", "/devices/report", "/rules"]
    {
        let page = japanese.open(path).await;
        assert!(page.has(WRONG) && page.has("受付はできますが、受診日を必ず確かめてください"), "{path}");
        assert!(page.has("2000年1月1日 0:03"), "{path}");
        let page = english.open(path).await;
        assert!(page.has("The clock of this box is wrong.") && page.has("check the date of every visit"), "{path}");
    }
}

#[tokio::test]
async fn a_possible_clock_is_not_spoken_of() {
    let desk = with_wrong_clock();
    desk.set_now(Timestamp::in_japan(Date::literal(2026, 1, 1), 0, 0, 0));
    assert!(!Browser::inside(&desk).open("/").await.has(WRONG));
}

#[tokio::test]
async fn the_fault_report_shows_what_the_clock_did() {
    let desk = with_wrong_clock();
    let what = Text::new("時計が飛びました", "The clock jumped");
    desk.record().clock_history.push(DeviceChange { at: EMPTY.plus_ms(-60_000), what });
    let text = Browser::inside(&desk).open("/devices/report").await.text();
    assert!(text.contains("この箱の時計") && text.contains("時計が飛びました"), "{text}");
    assert!(text.contains("電池（RTC）"), "{text}");
}
