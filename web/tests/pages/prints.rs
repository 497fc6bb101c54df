//! Papers: what stands on them, and what happens when there are none.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::MemoryDevices;
use crate::support::memory_desk::prints::{MemoryPrints, PDF};
use crate::support::scenes::monday_morning;
use domain::decision::FollowUpKind;
use domain::visit::{FullChargeAsked, VisitCommand};
use http::StatusCode;
use paper::Paper;
use std::sync::Arc;
use web::port::{DeskCommand, NotPrinted, Role};

fn with_prints() -> (Arc<MemoryDesk>, Arc<MemoryPrints>) {
    let (desk, prints) = (MemoryDesk::new(), MemoryPrints::new());
    desk.print_with(&prints);
    (desk, prints)
}

#[tokio::test]
async fn without_the_program_the_menu_is_silent_and_the_page_says_what_to_do() {
    let desk = MemoryDesk::new();
    let morning = monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    for path in ["/".to_owned(), "/links".to_owned(), format!("/visits/{}", morning.oral)] {
        assert!(!browser.get(&path).await.has("/prints"), "{path}");
    }
    let page = browser.get("/prints").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("uketsuke-print") && page.has("href=\"/links/sheet\""));
    let page = browser.get("/prints/call-sheet").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.has("受付はこのまま続けられ"));
}

#[tokio::test]
async fn every_paper_of_the_site_opens_and_no_address_or_header_names_anybody() {
    let (desk, prints) = with_prints();
    desk.watch(&MemoryDevices::of_a_clinic());
    monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let page = browser.get("/prints").await;
    let links: Vec<String> = crate::support::html::tags(&page.html)
        .iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.get("href"))
        .filter(|href| href.starts_with("/prints/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(links.len(), 12, "{links:?}");
    for link in links {
        let paper = browser.get(&link).await;
        assert_eq!(paper.status, StatusCode::OK, "{link}");
        assert_eq!(paper.header("content-type"), "application/pdf");
        assert_eq!(paper.header("cache-control"), "no-store");
        let disposition = paper.header("content-disposition");
        assert!(disposition.starts_with("inline; filename=\"uketsuke-") && disposition.is_ascii(), "{disposition}");
        assert_eq!(paper.html.as_bytes(), PDF);
        assert_eq!(prints.last().site.name, "見本診療所");
    }
    assert_eq!(browser.get("/prints/no-such").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_a_day_goes_from_the_first_to_the_last() {
    let (desk, prints) = with_prints();
    monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    browser.get("/prints/day-list").await;
    let Paper::DayList(list) = prints.last().paper else { panic!("{:?}", prints.last()) };
    let numbers: Vec<u32> = list.rows.iter().map(|row| row.number).collect();
    assert!(!numbers.is_empty() && numbers.is_sorted(), "{numbers:?}");
    assert_eq!(list.day, "2026年3月2日（月）");
    browser.get("/prints/blank-day").await;
    let Paper::BlankDay(blank) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!(blank.after, numbers.last().copied());
    browser.get("/prints/month-end?month=2026-03").await;
    let Paper::MonthEnd(month) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!((month.month.as_str(), month.rows.len()), ("2026年3月", numbers.len()));
    assert!(month.rows.iter().any(|row| row.needs_somebody && !row.basis.is_empty()), "{month:?}");
    let reception = desk.add_session_as(Role::Reception);
    let mut browser = Browser::outside(desk.clone());
    browser.cookies.insert("uketsuke".to_owned(), reception.token.0);
    assert!(!browser.open("/prints").await.has("/prints/month-end"));
    assert_eq!(browser.get("/prints/month-end").await.status, StatusCode::FORBIDDEN, "claims are not for everybody");
}

#[tokio::test]
async fn papers_for_repairs_name_no_patient() {
    let (desk, prints) = with_prints();
    desk.watch(&MemoryDevices::of_a_clinic());
    monday_morning(&desk);
    desk.set_link(domain::link::Link::Terminal, false);
    let mut browser = Browser::inside(&desk);
    for path in ["/prints/call-sheet", "/prints/fault-report"] {
        browser.get(path).await;
        let written = serde_json::to_string(&prints.last()).unwrap();
        assert!(!written.contains("ミホン") && !written.contains("カクウ"), "{written}");
    }
    browser.get("/prints/call-sheet").await;
    let Paper::CallSheet(sheet) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!(sheet.staff, "受付 一子");
    assert!(!sheet.faults.is_empty());
}

#[tokio::test]
async fn a_visit_offers_the_papers_it_has_something_to_say_on() {
    let (desk, prints) = with_prints();
    let morning = monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let visit = morning.nothing;
    let page = browser.get(&format!("/visits/{visit}")).await;
    assert!(page.has(&format!("/visits/{visit}/prints/take-home")));
    assert!(!page.has(&format!("/visits/{visit}/prints/refund")));
    let early = browser.get(&format!("/visits/{visit}/prints/refund")).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もお持ちでない".to_owned() });
    desk.keep(DeskCommand::Visit { visit: visit.clone(), commands: vec![asked] });
    let page = browser.get(&format!("/visits/{visit}")).await;
    assert!(page.has(&format!("/visits/{visit}/prints/refund")));
    assert_eq!(browser.get(&format!("/visits/{visit}/prints/refund")).await.status, StatusCode::OK);
    let Paper::Refund(refund) = prints.last().paper else { panic!("{:?}", prints.last()) };
    assert_eq!((refund.asked.as_str(), refund.share.as_str()), ("10割", ""), "nothing is promised before it is known");
    let follow_ups = desk.record().follow_up_items(&domain::rule::RulePack::built_in());
    assert!(follow_ups.iter().any(|item| item.visit == visit && item.kind() == FollowUpKind::Refund));
    assert!(browser.get("/follow-ups").await.has(&format!("/visits/{visit}/prints/refund")));
    assert_eq!(browser.get("/visits/none/prints/take-home").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn blank_forms_take_their_numbers_once() {
    let (desk, prints) = with_prints();
    let mut browser = Browser::inside(&desk);
    let page = browser.get("/prints").await;
    let form = page.form("/prints/blank-forms");
    let numbers = || match prints.last().paper {
        Paper::BlankForms(forms) => forms.numbers,
        other => panic!("{other:?}"),
    };
    let first = browser.send_this(&form, &[("count", "３")]).await;
    assert_eq!(first.header("content-type"), "application/pdf", "{}", first.text());
    let taken = numbers();
    assert_eq!(taken.len(), 3);
    browser.send_this(&form, &[("count", "3")]).await;
    assert_eq!(numbers(), taken, "sent twice, the same numbers");
    let other = browser.send_this(&form, &[("count", "4")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let again = browser.get("/prints").await;
    browser.send_form(&again, "/prints/blank-forms", &[("count", "3")]).await;
    assert!(numbers().iter().all(|number| !taken.contains(number)));
    for wrong in ["0", "51", "many", ""] {
        let page = browser.get("/prints").await;
        let page = browser.send_form(&page, "/prints/blank-forms", &[("count", wrong)]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.has("枚数"), "{wrong}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn a_paper_that_cannot_be_set_is_said_in_words() {
    let (desk, prints) = with_prints();
    let mut browser = Browser::inside(&desk);
    for (why, words) in [(NotPrinted::Busy, "数秒待って"), (NotPrinted::Failed, "紙を組めませんでした")]
    {
        prints.fail(why);
        let page = browser.get("/prints/explanation").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.has(words), "{words}");
    }
}
