//! What was entered at two counters: both values, who has been here today already, one visit out of two.

use crate::support::browser::Browser;
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::{card, on_file, open};
use domain::Timestamp;
use domain::apart::Matter;
use domain::fact::{FactId, VisitId};
use domain::text::Text;
use domain::visit::VisitStatus;
use std::sync::Arc;
use web::port::{ApartMatter, ApartSide, Desk, Disputed, Thing};

fn side(fact: &str, ja: &str, en: &str, counter: &str, in_force: bool) -> ApartSide {
    ApartSide {
        fact: FactId::new(fact),
        value: Text::new(ja, en),
        source: None,
        at: Timestamp::in_japan(MONDAY, 8, 50, 0),
        by: "受付 一子".to_owned(),
        counter: counter.to_owned(),
        in_force,
    }
}

fn disputed(desk: &MemoryDesk) -> VisitId {
    let visit = open(desk, None, people::hanako(), vec![card()]);
    let sides = vec![side("f1", "3割", "3 tenths", "窓口1", false), side("f2", "2割", "2 tenths", "窓口2", true)];
    let matters = vec![ApartMatter { matter: Matter::new("ratio"), sides }];
    let thing = Thing::Visit(visit.clone());
    desk.record().disputed.push(Disputed { thing, name: Some("見本 花子".to_owned()), day: Some(MONDAY), matters });
    visit
}

#[tokio::test]
async fn both_values_are_shown_with_who_and_where_and_staff_decide() {
    let desk = MemoryDesk::new();
    let visit = disputed(&desk);
    let mut browser = Browser::inside(&desk);
    let board = browser.open("/").await;
    assert!(board.has("食い違い") && board.has("窓口どうしの見比べが必要なもの"));
    for path in ["/apart".to_owned(), format!("/visits/{visit}")] {
        let page = browser.open(&path).await;
        for words in ["負担割合", "3割", "2割", "窓口1", "窓口2", "受付 一子", "今はこちらを使用"]
        {
            assert!(page.has(words), "{words} on {path}");
        }
    }
    let page = browser.open("/apart").await;
    let refused = browser.submit(&page, "/apart", &[("right", "f1")]).await;
    assert!(refused.has("理由を入力してください"), "a decision has a reason");
    let entered = browser.submit(&page, "/apart", &[("right", "?"), ("reason", "証で確認")]).await;
    assert!(entered.has("まだ決めていません") && entered.has("証で確認"), "what was typed is kept");
    assert_eq!(desk.apart().unwrap().disputed.len(), 1);
    let done = browser.submit(&page, "/apart", &[("right", "f1"), ("reason", "証で確認")]).await;
    assert!(done.has("保存済み") && done.has("見比べが必要なものはありません"));
}

fn with_hanako_twice() -> (Arc<MemoryDesk>, VisitId, VisitId) {
    let desk = MemoryDesk::new();
    let hanako = on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let one = open(&desk, Some(hanako.clone()), people::hanako(), vec![card()]);
    let two = open(&desk, Some(hanako), people::hanako(), Vec::new());
    (desk, one, two)
}

#[tokio::test]
async fn a_visit_entered_twice_becomes_one_and_two_again() {
    let (desk, one, two) = with_hanako_twice();
    let mut browser = Browser::inside(&desk);
    assert!(browser.open("/").await.has("二重受付？"));
    let page = browser.open(&format!("/visits/{two}")).await;
    assert!(page.has("同じ方の受付が同じ日に2つあります"));
    let fields = [("goes_on", one.as_str()), ("reason", "2つの窓口で入力")];
    let merged = browser.submit(&page, "/apart", &fields).await;
    assert!(merged.path.starts_with(&format!("/visits/{one}")) && merged.has("保存済み"));
    assert!(merged.has("別の窓口の受付をここにまとめてあります"));
    assert_eq!(desk.visit(&two).unwrap().unwrap().status, VisitStatus::Merged);
    assert!(browser.open(&format!("/visits/{two}")).await.has("この受付は別の受付にまとめられました"));
    assert!(browser.open("/apart").await.has("見比べが必要なものはありません"));
}

#[tokio::test]
async fn two_visits_of_a_day_stay_two_by_decision() {
    let (desk, ..) = with_hanako_twice();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/apart").await;
    let done = browser.submit(&page, "/apart", &[("goes_on", ""), ("reason", "内科と皮膚科")]).await;
    assert!(done.has("保存済み") && done.has("見比べが必要なものはありません"));
    assert!(desk.board(MONDAY).unwrap().rows.iter().all(|row| row.doubles.is_empty()));
}

#[tokio::test]
async fn who_was_checked_in_today_already_is_said_before_anything_is_saved() {
    let desk = MemoryDesk::new();
    let hanako = on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let first = open(&desk, Some(hanako.clone()), people::hanako(), Vec::new());
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let hits = browser.submit(&page, "/check-in/search", &[("q", "みほん")]).await;
    let warned = browser.submit(&hits, "/check-in", &[("patient", hanako.as_str())]).await;
    assert!(warned.has("今日すでに同じ方の受付があります") && warned.html.contains(&format!("/visits/{first}")));
    assert_eq!(desk.board(MONDAY).unwrap().rows.len(), 1);
    let other = browser.submit(&warned, "/check-in", &[("patient", hanako.as_str())]).await;
    assert!(other.path.starts_with("/visits/"), "{}", other.path);
    let rows = desk.board(MONDAY).unwrap().rows;
    assert_eq!(rows.len(), 2);
    let again = browser.submit(&warned, "/check-in", &[("patient", hanako.as_str())]).await;
    assert_eq!(again.path, other.path, "sent twice it is one visit");
    assert!(rows.iter().all(|row| row.doubles.is_empty()), "staff have said that it is another visit");
}
