//! Counters, the waiting line, families and consents given in advance, as staff see them.

use crate::support::browser::Browser;
use crate::support::html::{Form, forms};
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, on_file, open};
use domain::Timestamp;
use domain::case::{Companion, Flow};
use domain::counter::CounterKind;
use domain::waiting::TicketStatus;
use http::StatusCode;
use std::sync::Arc;
use web::port::Desk;

async fn with_counter(kind: &str, name: &str) -> (Arc<MemoryDesk>, Browser) {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/counters").await;
    let kept = browser.submit(&page, "/counters/change", &[("counter", name), ("kind", kind), ("do", "set")]).await;
    assert!(kept.has("保存済み"), "{}", kept.text());
    (desk, browser)
}

#[tokio::test]
async fn a_manager_makes_a_counter_and_a_screen_stands_at_it() {
    let (desk, mut browser) = with_counter("car_list", "駐車場").await;
    let page = browser.open("/counters").await;
    assert!(page.has("駐車場") && page.has("車内待ちの一覧"));
    let here = browser.submit(&page, "/counters/here", &[]).await;
    assert!(here.has("この画面の窓口です"));
    let form = browser.open("/check-in").await;
    assert!(form.has("車のナンバー・駐車位置"));
    let person = [("name", "架空 太郎"), ("name_kana", "カクウ タロウ"), ("birth_date", "1988-02-29"), ("patient", "")];
    let fields: Vec<(&str, &str)> = person.into_iter().chain([("place", "見本 12-34")]).collect();
    let visit = browser.submit(&form, "/check-in", &fields).await;
    assert!(visit.path.starts_with("/visits/"), "{}", visit.text());
    assert!(visit.has("見本 12-34"));
    let row = desk.board(desk.today()).unwrap().rows.remove(0);
    assert_eq!((row.flow, row.kind), (Flow::Car, Some(CounterKind::CarList)));
    assert_eq!((row.counter.as_deref(), row.place.as_deref()), (Some("駐車場"), Some("見本 12-34")));
    let board = browser.open("/").await;
    assert!(board.has("車内待ちの一覧 見本 12-34"));
}

#[tokio::test]
async fn what_is_wrong_with_a_counter_is_said_at_its_field_and_kept() {
    let (desk, mut browser) = with_counter("bedside", "病棟").await;
    let page = browser.open("/counters").await;
    let new = browser
        .submit(&page, "/counters/change", &[("id", "new"), ("counter", "病棟"), ("kind", "ward"), ("do", "set")])
        .await;
    assert!(new.has("窓口の種類を選んでください"), "a kind nobody knows");
    assert_eq!(desk.counters().unwrap().all.len(), 1);
    let page = browser.open("/counters").await;
    let id = desk.counters().unwrap().all[0].counter.id.to_string();
    let removed = browser.submit(&page, "/counters/change", &[("id", &id), ("do", "remove")]).await;
    assert!(removed.has("窓口はまだ登録されていません"));
}

#[tokio::test]
async fn the_line_is_worked_step_by_step_and_the_wall_shows_numbers_alone() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/line").await;
    let taken = browser.submit(&page, "/line", &[("name", "架空 太郎"), ("do", "take")]).await;
    assert!(taken.has("番号を出しました") && taken.has("A1") && taken.has("架空 太郎"));
    let page = browser.open("/line").await;
    browser.submit(&page, "/line", &[("name", ""), ("do", "take")]).await;
    let ticket = desk.line().unwrap()[0].ticket.to_string();
    let page = browser.open("/line").await;
    let called = browser.submit(&page, "/line", &[("do", "next")]).await;
    assert!(called.has(&format!("/check-in?ticket={ticket}")));
    let mut wall = Browser::outside(desk.clone());
    let shown = wall.get("/line/display").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.has("A1") && shown.has("A2") && !shown.has("架空"), "numbers and nobody's name");
    let page = browser.open("/line").await;
    let parked = browser.submit(&page, "/line", &[("ticket", &ticket), ("do", "park-fetching_card")]).await;
    assert!(parked.has("カードを取りに戻った"));
    let again = browser.submit(&parked, "/line", &[("ticket", &ticket), ("do", "missed")]).await;
    assert!(again.has("まだ呼んでいない番号です"), "said, and nothing is lost");
    let page = browser.open("/line").await;
    browser.submit(&page, "/line", &[("ticket", &ticket), ("do", "back")]).await;
    let slip = browser.open(&format!("/line/{ticket}/slip")).await;
    assert!(slip.has("A1") && !slip.has("架空 太郎"), "a slip names nobody");
    let form = browser.open(&format!("/check-in?ticket={ticket}")).await;
    assert!(form.has("整理番号から受付します") && form.has("架空 太郎"));
    let fields = [("name", "架空 太郎"), ("birth_date", "1988-02-29"), ("patient", "")];
    let visit = browser.submit(&form, "/check-in", &fields).await;
    assert!(visit.path.starts_with("/visits/"), "{}", visit.text());
    let served = desk.line().unwrap().remove(0).state;
    assert_eq!((served.status, served.visits.len()), (TicketStatus::Served, 1));
    assert!(browser.open("/check-in?ticket=nobody").await.has("見つかりません"));
}

#[tokio::test]
async fn another_of_the_family_carries_the_address_over_and_proposes_the_insurance() {
    let desk = MemoryDesk::new();
    let mother =
        domain::eligibility::PersonFace { address: Some("見本県見本市1-2-3".to_owned()), ..people::hanako() };
    let patient = on_file(&desk, "1001", mother.clone(), people::kenpo("1234567"), "2026-02-10", None);
    let first = open(&desk, Some(patient), mother, vec![card()]);
    let mut browser = Browser::inside(&desk);
    assert!(browser.open(&format!("/visits/{first}")).await.has("家族をもう1人受付する"));
    let form = browser.open(&format!("/check-in?family={first}")).await;
    assert!(form.has("家族を続けて受付します") && form.has("見本県見本市1-2-3"));
    let fields =
        [("name_kana", "ミホン コドモ"), ("birth_date", "2023-05-05"), ("companion", "parent"), ("patient", "")];
    let visit = browser.submit(&form, "/check-in", &fields).await;
    assert!(visit.path.starts_with("/visits/"), "{}", visit.text());
    assert!(visit.has("家族と同じ保険かもしれません"), "a proposal");
    let board = desk.board(desk.today()).unwrap();
    let child = board.rows.iter().find(|row| row.family.is_some()).unwrap().visit.clone();
    let state = desk.visit(&child).unwrap().unwrap().state;
    assert_eq!((state.family, state.companion), (Some(first), Some(Companion::Parent)));
    assert!(state.questions.is_empty() && state.presented.iter().all(|paper| !paper.coverage.has_numbers()));
    assert!(browser.open("/").await.has("家族 1"));
    let proposed = |form: &Form| form.fields.contains(&("insured_number".to_owned(), "1234567".to_owned()));
    let form = forms(&visit.html).into_iter().find(proposed).unwrap();
    assert_eq!(form.action, format!("/visits/{child}/query"));
    let sent = browser.send_this(&form, &[]).await;
    let asked = browser.open(sent.header("location")).await;
    assert!(asked.has("保存済み"), "{}", asked.text());
    let question = desk.visit(&child).unwrap().unwrap().state.questions.remove(0);
    assert_eq!(question.search.coverage.insured_number.unwrap().as_str(), "1234567");
    assert!(question.search.coverage.branch_number.is_none(), "the branch is each person's own");
}

#[tokio::test]
async fn a_consent_given_in_advance_shows_its_time_and_begins_the_check_in() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/arrivals").await;
    let wrong = browser.submit(&page, "/arrivals", &[("consented_at", "2026-03-02T08:00"), ("do", "enter")]).await;
    assert!(wrong.has("氏名かカナのどちらかを入力してください"));
    let fields = [
        ("name_kana", "カクウ タロウ"),
        ("birth_date", "1988-02-29"),
        ("consented_at", "2026-03-02T08:00"),
        ("consent_heard", "patient_says"),
        ("do", "enter"),
    ];
    let entered = browser.submit(&page, "/arrivals", &fields).await;
    assert!(entered.has("カクウ タロウ") && entered.has("未受信"), "{}", entered.text());
    let consent = desk.consents().unwrap()[0].consent.to_string();
    desk.set_now(Timestamp::in_japan(crate::support::memory_desk::MONDAY.plus_days(1), 7, 30, 0));
    assert!(browser.open("/arrivals").await.has("まもなく切れます"));
    let page = browser.open("/arrivals").await;
    let seen = browser.submit(&page, "/arrivals", &[("consent", &consent), ("do", "seen")]).await;
    assert!(seen.has("端末で受信済み"));
    let form = browser.open(&format!("/check-in?consent={consent}")).await;
    assert!(form.has("事前の同意から受付します"));
    let unseen = browser.submit(&form, "/check-in", &[("patient", "")]).await;
    assert!(unseen.has("到着時に本人かどうか"), "{}", unseen.text());
    let visit = browser.submit(&unseen, "/check-in", &[("identity", "photo_id"), ("patient", "")]).await;
    assert!(visit.path.starts_with("/visits/"), "{}", visit.text());
    assert!(desk.consents().unwrap().is_empty());
}
