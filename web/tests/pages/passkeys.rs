//! Passkeys on pages: offered where there can be any, explained where not, and no way around the tokens of forms.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::people::{SIGNED, member};
use http::{Method, StatusCode};
use std::sync::Arc;
use web::port::{Desk, PasskeyItem, Role, StaffChange, Stage};

/// The pages opened under the one name that needs no encryption.
const BY_NAME: (&str, &str) = ("host", "localhost:8080");
/// A part of a passkey, in the letters of forms.
const PART: &str = "cGFydA";

async fn get(browser: &mut Browser, path: &str) -> Page {
    browser.send(Method::GET, path, None, &[BY_NAME]).await
}

async fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    browser.send(Method::POST, path, Some(body.join("&")), &[BY_NAME]).await
}

fn csrf(page: &Page, action: &str) -> String {
    let fields = page.form(action).fields;
    fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

fn keep_one(desk: &Arc<MemoryDesk>, is_suspended: bool) {
    let made_at = desk.now();
    let key = PasskeyItem {
        key: PART.to_owned(),
        name: "わたしの電話".to_owned(),
        place: "localhost".to_owned(),
        made_at,
        used_at: None,
        is_suspended,
    };
    desk.record().people.passkeys.push(key);
}

fn shown(signature: &str) -> [(&'static str, String); 4] {
    [
        ("passkey", PART.to_owned()),
        ("client_data", PART.to_owned()),
        ("authenticator_data", PART.to_owned()),
        ("signature", signature.to_owned()),
    ]
}

/// `signed`, in the letters of forms.
const SIGNATURE: &str = "c2lnbmVk";

#[tokio::test]
async fn an_address_of_digits_is_told_why_and_gets_no_button() {
    assert_eq!(SIGNED, b"signed");
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::inside(&desk);
    for host in ["192.168.1.20:8443", "[fe80::1]", "uketsuke.local"] {
        let page = browser.send(Method::GET, "/me", None, &[("host", host)]).await;
        let why = if host.contains("local") {
            "この画面は暗号化されていない"
        } else {
            "数字のアドレスで開かれている"
        };
        assert!(page.has(why) && !page.has("passkey-begin"), "{host}");
    }
    let sign_in = Browser::outside(desk).send(Method::GET, "/sign-in", None, &[("host", "192.168.1.20")]).await;
    assert!(sign_in.has("数字のアドレスで開かれている") && !sign_in.has("data-passkey"));
}

#[tokio::test]
async fn the_password_comes_before_a_new_passkey_and_the_name_goes_along() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = get(&mut browser, "/me").await;
    assert!(page.has("パスキーはまだありません"));
    let token = csrf(&page, "/me");
    let begin = [("csrf", token.as_str()), ("what", "passkey-begin"), ("passkey_name", "my-phone")];
    let refused = post(&mut browser, "/me", &begin).await;
    assert!(refused.has("まだ保存していません") && refused.has("value=\"my-phone\""), "{}", refused.text());
    assert!(desk.record().people.changes.is_empty(), "nothing without the password");
    let with_password: Vec<(&str, &str)> = begin.into_iter().chain([("password", "practice-password")]).collect();
    let asked = post(&mut browser, "/me", &with_password).await;
    assert!(asked.has("data-passkey=\"make\"") && asked.has("data-place=\"localhost\""), "{}", asked.html);
    assert!(asked.has("passkey.js") && !asked.has("practice-password"));
    let finish = [("csrf", token.as_str()), ("what", "passkey-finish"), ("passkey_name", "my-phone")];
    let garbled = post(&mut browser, "/me", &finish).await;
    assert!(garbled.has("パスキーを読み取れませんでした"), "{}", garbled.text());
    let parts = [("client_data", PART), ("authenticator_data", PART), ("public_key", PART)];
    let made = post(&mut browser, "/me", &finish.into_iter().chain(parts).collect::<Vec<_>>()).await;
    assert_eq!(made.header("location"), "/me?saved=1");
    let last = desk.record().people.changes.last().cloned();
    let Some(StaffChange::FinishPasskey { made, place }) = last else { panic!("not finished") };
    assert_eq!((made.name.as_str(), place.origin.as_str()), ("my-phone", "http://localhost:8080"));
}

#[tokio::test]
async fn it_signs_in_from_the_own_form_of_a_browser_and_only_so() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::outside(desk.clone());
    let page = get(&mut browser, "/sign-in").await;
    assert!(page.has("data-passkey=\"show\"") && page.has("data-known=\"\""), "{}", page.html);
    let token = csrf(&page, "/sign-in/passkey");
    let send = |token: &str, signature: &str| -> Vec<(String, String)> {
        let parts = shown(signature).into_iter().map(|(name, value)| (name.to_owned(), value));
        parts.chain([("csrf".to_owned(), token.to_owned()), ("next".to_owned(), "/line".to_owned())]).collect()
    };
    fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
    let forged = post(&mut browser, "/sign-in/passkey", &pairs(&send("made-up", SIGNATURE))).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let wrong = post(&mut browser, "/sign-in/passkey", &pairs(&send(&token, PART))).await;
    assert!(wrong.has("コードが違います") && !browser.cookies.contains_key("uketsuke"), "{}", wrong.text());
    let token = csrf(&wrong, "/sign-in/passkey");
    let signed_in = post(&mut browser, "/sign-in/passkey", &pairs(&send(&token, SIGNATURE))).await;
    assert_eq!(signed_in.header("location"), "/line");
    assert!(browser.cookies.contains_key("uketsuke"));
}

#[tokio::test]
async fn it_stands_beside_the_digits_and_changes_the_token() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let before = browser.cookies["uketsuke"].clone();
    desk.bring_sessions_to(Stage::Code);
    assert!(!get(&mut browser, "/sign-in/code").await.has("data-passkey"), "there is none");
    keep_one(&desk, false);
    let page = get(&mut browser, "/sign-in/code").await;
    assert!(page.has("data-known=\"cGFydA\"") && page.has("復旧コード"), "{}", page.html);
    let at_address = browser.send(Method::GET, "/sign-in/code", None, &[("host", "10.0.0.2")]).await;
    assert!(at_address.has("数字のアドレス") && at_address.has("name=\"second_factor_code\""));
    let token = csrf(&page, "/sign-in/code/passkey");
    let parts = shown(SIGNATURE);
    let mut fields: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("csrf", &token));
    let signed_in = post(&mut browser, "/sign-in/code/passkey", &fields).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{}", signed_in.text());
    assert_ne!(browser.cookies["uketsuke"], before, "a new token");
}

#[tokio::test]
async fn owners_rename_and_remove_them_and_managers_take_all_of_an_account_away() {
    let desk = MemoryDesk::new();
    keep_one(&desk, true);
    let mut browser = Browser::inside(&desk);
    let page = get(&mut browser, "/me").await;
    assert!(page.has("わたしの電話") && page.has("複製のおそれ"), "{}", page.text());
    let token = csrf(&page, "/me");
    let remove = [("csrf", token.as_str()), ("what", "passkey-remove"), ("key", PART)];
    let refused = post(&mut browser, "/me", &remove).await;
    assert!(refused.has("まだ保存していません") && desk.record().people.changes.is_empty(), "the password comes first");
    let removed: Vec<(&str, &str)> = remove.into_iter().chain([("password", "practice-password")]).collect();
    assert_eq!(post(&mut browser, "/me", &removed).await.header("location"), "/me?saved=1");
    let rename = [("csrf", token.as_str()), ("what", "passkey-rename"), ("key", PART), ("passkey_name", "old-phone")];
    assert_eq!(post(&mut browser, "/me", &rename).await.header("location"), "/me?saved=1");

    let mut of_staff = member("staff-2", "受付 二子", Role::Reception);
    of_staff.passkeys = 2;
    desk.record().people.members.push(of_staff);
    let page = browser.open("/staff").await;
    assert!(page.has("パスキーをすべて外す"));
    browser.submit(&page, "/staff", &[("author", "staff-2"), ("what", "passkeys")]).await;
    let last = desk.record().people.changes.last().cloned();
    assert!(matches!(last, Some(StaffChange::RemovePasskeysOf(author)) if author.as_str() == "staff-2"));
}
