//! The page about the other boxes and the hub.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::facility::{HUB, MemoryFacility, SECOND};
use http::StatusCode;
use std::sync::Arc;

fn at(facility: &Arc<MemoryFacility>) -> Browser {
    let desk = MemoryDesk::new();
    desk.join(facility);
    Browser::inside(&desk)
}

#[tokio::test]
async fn a_box_alone_has_no_lamp_and_may_make_a_code() {
    let facility = MemoryFacility::alone();
    let mut browser = at(&facility);
    assert!(!browser.open("/").await.has("href=\"/sync\"><svg"), "no lamp");
    let page = browser.open("/sync").await;
    assert!(page.has("一台で使われています"));
    let page = browser.submit(&page, "/sync/code", &[]).await;
    assert!(page.has("987-654-320") && page.has("9:05まで有効"));
    let page = browser.submit(&page, "/sync/code", &[]).await;
    assert!(!page.has("987-654-320"), "taken back");
}

#[tokio::test]
async fn the_page_says_what_is_not_elsewhere_since_when_and_why() {
    let facility = MemoryFacility::of_a_clinic();
    let mut browser = at(&facility);
    let board = browser.open("/").await;
    assert!(board.has("未接続あり 8:46から"), "the lamp says so on every page");
    let page = browser.open("/sync").await;
    for words in [
        "まだほかに届いていない記録 7 件",
        "8:46から",
        "相手の機器につながりません。",
        "12 kB / 上限 50.0 MB",
        "3 秒進み",
        "ドライブスルー",
        "紛失・盗難",
        "2026年5月31日",
    ] {
        assert!(page.has(words), "{words}");
    }
    browser.submit(&page, "/sync/now", &[]).await;
    assert_eq!(facility.asked(), ["now"]);
}

#[tokio::test]
async fn two_people_compare_digits_before_a_box_comes_in() {
    let facility = MemoryFacility::of_a_clinic();
    let mut browser = at(&facility);
    let page = browser.open("/sync").await;
    assert!(page.has("0012 3456 7890 1122 3344") && page.has("第3窓口"));
    assert!(browser.submit(&page, "/sync/answer", &[]).await.has("相手の画面でも確認してください"));
    assert!(browser.submit(&page, "/sync/answer", &[("question", "q-9")]).await.has("もう終わっています"));
    assert_eq!(facility.asked(), ["answer q-1 true", "answer q-9 true"]);
}

#[tokio::test]
async fn what_was_typed_stays_when_the_code_is_wrong() {
    let facility = MemoryFacility::alone();
    let mut browser = at(&facility);
    let page = browser.open("/sync").await;
    facility.refuse("code", "登録コードが違います（残り4回）。", "The code is wrong (4 attempts left).");
    let typed = [("address", "192.168.1.20:8444"), ("code", "123-456-782"), ("name", "第2窓口")];
    let refused = browser.submit(&page, "/sync/join", &typed).await;
    assert!(refused.has("登録コードが違います（残り4回）。") && refused.has("value=\"第2窓口\""));
    assert!(refused.has("id=\"join\" open") && refused.has("data-held"));
    browser.submit(&refused, "/sync/join", &[]).await;
    let asked = "join 192.168.1.20:8444 123-456-782 第2窓口".to_owned();
    assert_eq!(facility.asked(), [asked.clone(), asked], "sent again as it was typed");
    let refused = browser.submit(&page, "/sync/hub", &[("address", "hub.example.jp:8944")]).await;
    assert!(refused.has("登録コードを入力してください。"));
}

#[tokio::test]
async fn putting_a_box_out_wants_a_reason_and_a_tick() {
    let facility = MemoryFacility::of_a_clinic();
    let mut browser = at(&facility);
    let page = browser.open("/sync").await;
    let lost = ("reason", "lost");
    assert!(browser.submit(&page, "/sync/put-out", &[lost]).await.has("チェックを入れてください"));
    assert!(facility.asked().is_empty());
    let sure = ("sure", "yes");
    assert!(browser.submit(&page, "/sync/put-out", &[lost, sure]).await.has("鍵を替えました"));
    browser.submit(&page, "/sync/put-out", &[("member", HUB), ("reason", "retired"), sure]).await;
    assert_eq!(facility.asked(), [format!("put out {SECOND} lost"), format!("put out {HUB} retired")]);
    let odd = browser.send_form(&page, "/sync/put-out", &[("reason", "bored"), sure]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_box_that_was_put_out_is_told_on_every_page() {
    let facility = MemoryFacility::of_a_clinic();
    let put_out = domain::text::Text::new("登録を取り消されました。", "Put out.");
    facility.change(|view| view.stopped = Some(put_out));
    let mut browser = at(&facility);
    assert!(browser.open("/").await.has("<span class=\"lamp-name\">同期</span> <span class=\"lamp-state\">停止"));
    assert!(browser.open("/sync").await.has("登録を取り消されました。"));
}

#[tokio::test]
async fn a_box_gets_another_name_and_what_was_typed_stays_when_it_is_refused() {
    let facility = MemoryFacility::of_a_clinic();
    let mut browser = at(&facility);
    let page = browser.open("/sync").await;
    assert!(page.has("名前を変える: 第2窓口") && page.has("value=\"第2窓口\""), "the name of now is there");
    let second = ("member", SECOND);
    let empty = browser.submit(&page, "/sync/name", &[second, ("name", "")]).await;
    assert!(empty.has("新しい名前を入力してください。") && facility.asked().is_empty());
    let done = browser.submit(&page, "/sync/name", &[second, ("name", "お薬口")]).await;
    assert!(done.has("名前を変えました。"));
    assert!(facility.asked()[0].starts_with(&format!("rename {SECOND} お薬口 by ")));
    facility.refuse("name", "同じ名前の機器がもうあります。", "Another machine has this name already.");
    let refused = browser.submit(&page, "/sync/name", &[second, ("name", "第1窓口")]).await;
    assert!(refused.has("同じ名前の機器がもうあります。") && refused.has("value=\"第1窓口\""));
    assert!(refused.has(&format!("id=\"name-{SECOND}\" open")) && refused.has("data-held"));
}
