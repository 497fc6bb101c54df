//! Bad input: located, in the language of the page, nothing typed lost, a My Number nowhere.

use crate::support::browser::Browser;
use crate::support::html::{forms, tags};
use crate::support::memory_desk::MemoryDesk;
use crate::support::scenes::monday_morning;
use http::StatusCode;

/// Twelve digits with a fitting check digit, invented.
const MY_NUMBER: &str = "123456789018";

#[tokio::test]
async fn a_my_number_typed_into_any_field_is_refused_and_stands_nowhere() {
    let desk = MemoryDesk::with_practice();
    let morning = monday_morning(&desk);
    let visit = format!("/visits/{}", morning.outage_new);
    let paths = [
        "/check-in".to_owned(),
        visit.clone(),
        format!("{visit}?take=ELIGIBILITY_CERTIFICATE"),
        format!("{visit}?take=LIMIT_CERTIFICATE"),
        format!("{visit}?take=ELDERLY_RECIPIENT"),
        format!("{visit}?take=OUTAGE_LOOKUP"),
        format!("{visit}/declaration"),
        format!("/visits/{}", morning.nothing),
        format!("/visits/{}", morning.oral),
        "/patients/patient-1004".to_owned(),
        "/follow-ups".to_owned(),
        "/queue".to_owned(),
    ];
    let mut browser = Browser::inside(&desk);
    let mut tried = 0;
    for path in paths {
        let page = browser.open(&path).await;
        let typed_into = text_fields(&page.html);
        for form in forms(&page.html) {
            for (name, _) in form.fields.iter().filter(|(name, _)| typed_into.contains(name)) {
                for written in [MY_NUMBER, "1234 5678 9018", "１２３４５６７８９０１８"] {
                    let answer = browser.send_this(&form, &[(name, written)]).await;
                    assert_eq!(answer.status, StatusCode::OK, "{name} of {}", form.action);
                    assert!(answer.has("マイナンバー"), "{name} of {}", form.action);
                    assert!(!answer.html.contains(written), "{name} of {} shows it again", form.action);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 90, "only {tried} fields were tried");
    let record = desk.record();
    let kept = format!("{:?}{:?}{:?}", record.visits, record.patients, record.jobs);
    assert!(!kept.contains(MY_NUMBER) && !kept.contains("1234 5678 9018"));
}

fn text_fields(html: &str) -> Vec<String> {
    let inputs = tags(html).into_iter().filter(|tag| tag.name == "input");
    let typed = inputs.filter(|tag| matches!(tag.get("type"), Some("text" | "tel")));
    typed.map(|tag| tag.get("name").unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_field_has_its_limit_on_the_server_too() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let long = "あ".repeat(61);
    let refused = browser.submit(&page, "/check-in", &[("patient", ""), ("name", &long), ("name_kana", "アア")]).await;
    assert!(refused.has("氏名は60文字までです") && refused.has(&long) && refused.has("アア"));
    assert!(desk.record().visits.is_empty());
}

#[tokio::test]
async fn control_characters_are_refused_and_the_rest_is_kept() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let refused = browser.submit(&page, "/check-in", &[("patient", ""), ("name", "架空\u{1b}[2J太郎\0")]).await;
    assert!(refused.has("制御文字") && refused.has("架空[2J太郎"));
    assert!(!refused.html.contains('\u{1b}') && !refused.html.contains('\0'));
    assert!(desk.record().visits.is_empty());
}

#[tokio::test]
async fn a_date_that_cannot_be_is_located_in_the_language_of_the_page() {
    let desk = MemoryDesk::new();
    for (mut browser, words) in [
        (Browser::inside(&desk), "暦にない日付です"),
        (Browser::inside(&desk).in_english(), "The calendar has no such day"),
    ] {
        let page = browser.open("/check-in").await;
        let typed = [("patient", ""), ("name", "架空 太郎"), ("birth_date", "H1.2.30")];
        let refused = browser.submit(&page, "/check-in", &typed).await;
        assert!(refused.has(words));
        assert!(refused.has("href=\"#new-birth_date\"") && refused.has("id=\"new-birth_date-error\""));
        assert!(refused.has("value=\"H1.2.30\"") && refused.has("value=\"架空 太郎\""));
    }
}

#[tokio::test]
async fn what_is_typed_is_never_markup() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let evil = "\"><script>alert(1)</script>";
    let refused = browser.submit(&page, "/check-in", &[("patient", ""), ("name", evil), ("birth_date", "x")]).await;
    assert!(!refused.has("<script>alert"));
    let visit = browser.submit(&refused, "/check-in", &[("patient", ""), ("birth_date", "S40.1.1")]).await;
    assert!(visit.has("保存済み") && !visit.has("<script>alert"));
    assert!(!browser.open("/").await.has("<script>alert"));
}

#[tokio::test]
async fn choices_that_were_not_offered_are_refused_and_not_shown_again() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let typed = [("patient", ""), ("name", "架空 太郎"), ("sex", "9<x>"), ("presented", "something")];
    let refused = browser.submit(&page, "/check-in", &typed).await;
    assert!(refused.has("まだ保存していません") && !refused.has("9&"));
    assert!(desk.record().visits.is_empty());
}

#[tokio::test]
async fn nothing_personal_is_written_into_addresses() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let hits = browser.submit(&page, "/check-in/search", &[("q", "カクウ")]).await;
    let sent = browser
        .send_form(&hits, "/check-in", &[("patient", ""), ("name", "架空 太郎"), ("birth_date", "S63.2.29")])
        .await;
    let location = sent.header("location");
    assert!(location.starts_with("/visits/") && location.is_ascii() && location.ends_with("?saved=1"), "{location}");
}
