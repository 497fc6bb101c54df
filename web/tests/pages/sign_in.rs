//! Signing in and out, the first account, the form tokens, the expired session.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, open};
use http::{Method, StatusCode};
use std::num::NonZeroU32;
use web::WebSettings;

const NAME: (&str, &str) = ("account", "uketsuke");
const PASSWORD: (&str, &str) = ("password", "practice-password");

#[tokio::test]
async fn the_first_account_is_made_once_and_signs_in() {
    let mut browser = Browser::outside(MemoryDesk::new());
    let page = browser.open("/").await;
    assert_eq!(page.path, "/set-up");
    let short = [NAME, ("password", "short"), ("password_again", "short")];
    let refused = browser.submit(&page, "/set-up", &short).await;
    assert!(refused.has("12文字以上"));
    let good = [NAME, PASSWORD, ("password_again", PASSWORD.1)];
    let page = browser.submit(&refused, "/set-up", &good).await;
    assert_eq!(page.path, "/sign-in?done=1");
    let board = browser.submit(&page, "/sign-in", &[NAME, PASSWORD]).await;
    assert!(board.has("今日の受付"));
    assert_eq!(browser.open("/set-up").await.path, "/");
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_shown_again() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::outside(desk);
    let page = browser.open("/sign-in").await;
    let page = browser.submit(&page, "/sign-in", &[NAME, ("password", "wrong-one-entirely")]).await;
    assert!(page.has("名前かパスワードが違います"));
    assert!(!page.has("wrong-one-entirely"));
    assert!(page.has("value=\"uketsuke\""));
    assert!(!browser.cookies.contains_key("uketsuke"));
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::with(desk, WebSettings::default());
    let page = browser.open("/sign-in").await;
    let signed_in = browser.send_form(&page, "/sign-in", &[NAME, PASSWORD]).await;
    let cookies: Vec<&str> = signed_in.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-uketsuke=")).expect("a session cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(session.contains(part), "{part}");
    }
    assert!(!session.contains("Domain"));
    assert!(signed_in.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let token = browser.cookies["uketsuke"].clone();
    let board = browser.open("/").await;
    browser.submit(&board, "/sign-out", &[]).await;
    browser.cookies.insert("uketsuke".to_owned(), token);
    assert_eq!(browser.open("/").await.path, "/sign-in");
}

#[tokio::test]
async fn nothing_is_changed_without_the_token_of_the_form() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let person = [("presented", "card"), ("name", "見本 花子")];
    for token in [None, Some(""), Some("csrf-of-session-99999")] {
        let mut fields = person.to_vec();
        fields.extend(token.map(|token| ("csrf", token)));
        let page = browser.post("/check-in", &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.has("保存していません"));
    }
    assert!(desk.record().visits.is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_even_with_the_token() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let csrf = browser.open("/check-in").await.form("/check-in").fields;
    let csrf = csrf.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let body = format!("csrf={csrf}&presented=card&name=x");
    for headers in [[("origin", "https://evil.example")], [("sec-fetch-site", "cross-site")]] {
        let page = browser.send(Method::POST, "/check-in", Some(body.clone()), &headers).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    assert!(desk.record().visits.is_empty());
    let own = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    let page = browser.send(Method::POST, "/check-in", Some(body), &own).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_sign_in_form_needs_its_own_token() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::outside(desk);
    let page = browser.post("/sign-in", &[NAME, PASSWORD, ("csrf", "made-up")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn too_many_attempts_are_stopped() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let settings = WebSettings { sign_ins_per_minute: NonZeroU32::new(2).unwrap(), ..WebSettings::default() };
    let mut browser = Browser::with(desk, settings);
    let mut page = browser.open("/sign-in").await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        page = browser.send_form(&page, "/sign-in", &[NAME, ("password", "guess-guess-guess")]).await;
        statuses.push(page.status);
    }
    assert_eq!(statuses, [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS]);
    assert!(page.has("1分ほど待って"));
}

#[tokio::test]
async fn after_signing_in_one_is_back_on_the_page_and_never_on_another_site() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    let mut browser = Browser::outside(desk);
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.path.starts_with("/sign-in?next="));
    assert!(page.has("サインインし直してください"));
    let page = browser.submit(&page, "/sign-in", &[NAME, PASSWORD]).await;
    assert_eq!(page.path, format!("/visits/{visit}"));

    browser.cookies.clear();
    for evil in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let page = browser.open("/sign-in").await;
        let sent = browser.send_form(&page, "/sign-in", &[NAME, PASSWORD, ("next", evil)]).await;
        assert_eq!(sent.header("location"), "/", "{evil}");
        browser.cookies.clear();
    }
}

#[tokio::test]
async fn what_was_typed_survives_an_expired_session() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let form = browser.open("/check-in").await.form("/check-in");
    desk.record().sessions.clear();
    let typed = [("name", "架空 太郎"), ("name_kana", "カクウ タロウ"), ("birth_date", "S63.2.29"), ("patient", "")];
    let mut fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    fields.extend(typed);
    let body = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let own = [("sec-fetch-site", "same-origin")];
    let page = browser.send(Method::POST, "/check-in", Some(body), &own).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.has("入力した内容は残っています"));
    let resume = browser.submit(&page, "/sign-in", &[NAME, PASSWORD]).await;
    assert!(resume.has("入力した内容を送る"));
    let visit = browser.submit(&resume, "/check-in", &[]).await;
    assert!(visit.has("架空 太郎") && visit.has("保存済み"));
    assert_eq!(desk.record().visits.len(), 1);
}

#[tokio::test]
async fn a_form_of_another_site_is_not_carried_through_signing_in() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::outside(desk);
    let page = browser.post("/check-in", &[("name", "押し付けられた名前")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.header("location").starts_with("/sign-in"));
}
