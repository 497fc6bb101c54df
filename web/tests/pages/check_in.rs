//! Check-in: the search, the return visit of few keystrokes, the new patient.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::on_file;
use domain::evidence::EvidenceKind;
use domain::link::Link;
use domain::visit::VisitStatus;
use web::port::Desk;

fn with_hanako() -> std::sync::Arc<MemoryDesk> {
    let desk = MemoryDesk::new();
    on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", Some("目視確認を希望"));
    desk
}

#[tokio::test]
async fn a_return_visit_during_an_outage_takes_a_search_and_two_presses() {
    let desk = with_hanako();
    desk.set_link(Link::Line, false);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let hits = browser.submit(&page, "/check-in/search", &[("q", "みほん")]).await;
    assert_eq!(hits.path, "/check-in/search", "the search text stands in no address");
    assert!(hits.has("見本 花子") && hits.has("目視確認を希望") && hits.has("全国健康保険協会 架空支部"));
    let button = hits.form("/check-in").buttons.into_iter().find(|(_, value)| !value.is_empty()).expect("a hit");
    let visit = browser.submit(&hits, "/check-in", &[(&button.0, &button.1)]).await;
    assert!(visit.has("保存済み") && visit.has("患者さんのせいではありません"));
    let unchanged = format!("{}/unchanged", visit.path.split('?').next().unwrap());
    let done = browser.submit(&visit, &unchanged, &[]).await;
    assert!(done.has("受付できました") && done.has("3割"));
    let board = desk.board(desk.today()).unwrap();
    assert_eq!(board.rows[0].status, VisitStatus::Provisional);
    assert_eq!(board.rows[0].evidence, Some(EvidenceKind::ReturnVisitOral));
}

#[tokio::test]
async fn every_way_of_searching_finds_the_patient() {
    let desk = with_hanako();
    let mut browser = Browser::inside(&desk);
    for text in ["ミホン", "みほん", "S39.10.10", "昭和39年10月10日", "19641010", "1001", "1234567", "見本12"]
    {
        let page = browser.open("/check-in").await;
        let hits = browser.submit(&page, "/check-in/search", &[("q", text)]).await;
        assert!(hits.has("見本 花子"), "{text}");
    }
}

#[tokio::test]
async fn who_is_not_found_becomes_a_new_patient_with_what_was_typed() {
    let desk = with_hanako();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let none = browser.submit(&page, "/check-in/search", &[("q", "カクウ タロウ S63.2.29 架空太郎")]).await;
    let fields = none.form("/check-in").fields;
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(value("name_kana"), Some("カクウ タロウ"));
    assert_eq!(value("birth_date"), Some("S63.2.29"));
    assert_eq!(value("name"), Some("架空太郎"));
    let visit = browser.submit(&none, "/check-in", &[("patient", ""), ("sex", "1")]).await;
    assert!(visit.has("昭和63年2月29日") && visit.has("保存済み"));
    assert!(visit.has("カードをケースから出して"), "the card is here and the reader works");
}

#[tokio::test]
async fn a_certificate_leads_to_its_form_with_the_numbers_on_file() {
    let desk = with_hanako();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let hits = browser.submit(&page, "/check-in/search", &[("q", "1001")]).await;
    let visit = browser.submit(&hits, "/check-in", &[("patient", "patient-1001"), ("presented", "certificate")]).await;
    assert!(visit.path.ends_with("?saved=1&take=ELIGIBILITY_CERTIFICATE"));
    let paper = format!("{}/paper", visit.path.split('?').next().unwrap());
    let form = visit.form(&paper);
    assert!(form.fields.contains(&("insured_number".to_owned(), "1234567".to_owned())));
    let done = browser.submit(&visit, &paper, &[("valid_to", "R8.7.31")]).await;
    assert!(done.has("受付できました") && done.has("資格確認書"));
}

#[tokio::test]
async fn a_check_in_sent_twice_is_one_visit() {
    let desk = with_hanako();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let typed = [("name", "架空 太郎"), ("birth_date", "S63.2.29"), ("patient", "")];
    let first = browser.submit(&page, "/check-in", &typed).await;
    let second = browser.submit(&page, "/check-in", &typed).await;
    assert_eq!(first.path, second.path);
    assert_eq!(desk.record().visits.len(), 1);
    let other = browser.submit(&page, "/check-in", &[("name", "別の名前"), ("patient", "")]).await;
    assert_eq!(other.status, http::StatusCode::CONFLICT);
    assert!(other.has("すでに送られています"));
    assert_eq!(desk.record().visits.len(), 1);
}

#[tokio::test]
async fn an_unknown_patient_is_not_found() {
    let desk = with_hanako();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let gone = browser.submit(&page, "/check-in", &[("patient", "patient-9999")]).await;
    assert_eq!(gone.status, http::StatusCode::NOT_FOUND);
}
