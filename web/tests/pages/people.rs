//! Rights, second factor, taking over a counter, locking, the envelope, and the pages of managers.

use crate::support::browser::{Browser, Page};
use crate::support::html::tags;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::people::{CODE, ENVELOPE, member};
use crate::support::people;
use crate::support::scenes::{card, open};
use domain::fact::Author;
use http::{Method, StatusCode};
use std::sync::Arc;
use web::places;
use web::port::{EmergencyUse, Role, Stage, Viewed};
use web::rights::Right;

fn browser_with(desk: &Arc<MemoryDesk>, token: String) -> Browser {
    let mut browser = Browser::outside(desk.clone());
    browser.cookies.insert("uketsuke".to_owned(), token);
    browser
}

fn inside_as(desk: &Arc<MemoryDesk>, role: Role) -> Browser {
    let session = desk.add_session_as(role);
    browser_with(desk, session.token.0)
}

fn concrete(path: &str) -> String {
    let path = path.replace("{visit}", "none").replace("{patient}", "none");
    path.replace("{version}", "x").replace("{name}", "none.js")
}

#[tokio::test]
async fn every_page_asks_for_its_right_of_every_role() {
    for role in Role::OF_PEOPLE {
        let desk = MemoryDesk::with_practice();
        let session = desk.add_session_as(role);
        for place in places().into_iter().filter(|place| place.right != Right::Tablet) {
            for method in [Method::GET, Method::POST] {
                desk.record().sessions = vec![session.clone()];
                let mut browser = browser_with(&desk, session.token.0.clone());
                let path = concrete(place.path);
                if path == "/events" {
                    continue; // a stream never ends
                }
                let body = (method == Method::POST).then(|| format!("csrf={}", session.csrf));
                let page = browser.send(method.clone(), &path, body, &[]).await;
                if page.status == StatusCode::METHOD_NOT_ALLOWED {
                    continue;
                }
                let refused = page.has("あなたの役割では使えません");
                let sent_home = path == "/" && page.status == StatusCode::SEE_OTHER;
                assert_eq!(
                    refused || sent_home,
                    !place.right.is_given_to(role),
                    "{method} {path} {role:?}: {}",
                    page.status
                );
                // a form without its token is forbidden to everybody
                assert!(!refused || page.status == StatusCode::FORBIDDEN, "{method} {path} {role:?}");
            }
        }
    }
}

#[test]
fn only_these_pages_are_open_to_strangers() {
    let open: Vec<&str> =
        places().into_iter().filter(|place| place.right == Right::Anybody).map(|place| place.path).collect();
    assert_eq!(
        open,
        [
            "/set-up",
            "/sign-in",
            "/sign-in/passkey",
            "/emergency",
            "/language",
            "/line/display",
            "/tablet",
            "/assets/{version}/{name}"
        ]
    );
}

#[tokio::test]
async fn no_page_lets_a_stranger_or_an_unfinished_session_through() {
    let desk = MemoryDesk::with_practice();
    let session = desk.add_session();
    for (stage, goes_to) in [
        (None, "/sign-in"),
        (Some(Stage::Code), "/sign-in/code"),
        (Some(Stage::Incomplete), "/me"),
        (Some(Stage::Locked), "/unlock"),
    ] {
        let open = [Right::Anybody, Right::Begun, Right::Own, Right::Tablet];
        for place in places().iter().filter(|place| !open.contains(&place.right)) {
            let path = concrete(place.path);
            desk.record().sessions = vec![session.clone()];
            stage.into_iter().for_each(|stage| desk.bring_sessions_to(stage));
            let token = if stage.is_some() { session.token.0.clone() } else { "none".to_owned() };
            let page = browser_with(&desk, token).get(&path).await;
            if page.status == StatusCode::METHOD_NOT_ALLOWED {
                continue; // only handed in to, never opened
            }
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{path} {stage:?}");
            assert!(page.header("location").starts_with(goes_to), "{path} {stage:?}");
            assert!(page.html.is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn the_menu_holds_what_the_role_may_use_and_nothing_else() {
    let desk = MemoryDesk::with_practice();
    let mut vendor = inside_as(&desk, Role::Vendor);
    let page = vendor.open("/").await;
    assert_eq!(page.path, "/links", "a vendor begins where there are no patients");
    assert!(page.has("href=\"/devices\"") && !page.has("href=\"/check-in\"") && !page.has("href=\"/staff\""));
    let refused = vendor.get("/follow-ups").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("責任者に頼む") && refused.has("href=\"/links\""), "said plainly, with a way on");
    let manager = inside_as(&desk, Role::Manager).open("/").await;
    assert!(manager.has("href=\"/staff\"") && manager.has("href=\"/trail\""));
    assert!(!inside_as(&desk, Role::Reception).open("/").await.has("href=\"/staff\""));
}

#[tokio::test]
async fn the_second_factor_comes_after_the_password_and_changes_the_token() {
    let desk = MemoryDesk::new();
    desk.add_session();
    desk.bring_sessions_to(Stage::Code);
    let before = desk.record().sessions[0].token.0.clone();
    let mut browser = browser_with(&desk, before.clone());
    let page = browser.open("/").await;
    assert_eq!(page.path, "/sign-in/code");
    let wrong = browser.submit(&page, "/sign-in/code", &[("second_factor_code", "000000")]).await;
    assert!(wrong.has("コードが違います") && !wrong.has("000000"));
    let board = browser.submit(&wrong, "/sign-in/code", &[("second_factor_code", CODE)]).await;
    assert!(board.has("今日の受付"));
    assert_ne!(browser.cookies["uketsuke"], before);
    assert_eq!(browser_with(&desk, before).open("/").await.path, "/sign-in", "the old token is worth nothing");
}

fn typed_in(page: &Page, name: &str) -> String {
    let form = page.form("/check-in");
    let mut fields: Vec<(String, String)> = form.fields.into_iter().filter(|(field, _)| field != "name").collect();
    fields.push(("name".to_owned(), name.to_owned()));
    fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn a_form_sent_from_a_locked_counter_waits_for_its_owner() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let form = browser.open("/check-in").await;
    desk.bring_sessions_to(Stage::Locked);
    let own = [("sec-fetch-site", "same-origin")];
    let page = browser.send(Method::POST, "/check-in", Some(typed_in(&form, "架空 太郎")), &own).await;
    assert_eq!(page.header("location"), "/unlock?next=/check-in");
    assert!(desk.record().visits.is_empty());
    let locked = browser.open("/unlock?next=/check-in").await;
    assert!(!locked.has("架空 太郎") && !locked.has("href=\"/follow-ups\""), "a locked screen shows nothing");
    let resume = browser.submit(&locked, "/unlock", &[("password", "practice-password")]).await;
    assert!(resume.has("入力した内容を送る") && resume.has("架空 太郎"));
}

#[tokio::test]
async fn another_person_gets_a_clean_desk_and_the_form_stays_with_its_owner() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    desk.record().people.members =
        vec![member("staff-1", "受付 一子", Role::Reception), member("staff-2", "受付 二郎", Role::Reception)];
    let page = browser.open("/check-in").await;
    let csrf = page.form("/check-in").fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let draft = [("csrf", &*csrf), ("draft_path", "/check-in"), ("/check-in|name", "例示 ウメ"), ("password", "x")];
    assert_eq!(browser.post("/drafts", &draft).await.status, StatusCode::NO_CONTENT);
    let before = browser.cookies["uketsuke"].clone();
    let to = |author: &'static str| [("author", author), ("password", "practice-password")];
    let switch = browser.open("/switch").await;
    assert!(switch.has("受付 二郎") && !switch.has("value=\"staff-1\""), "not oneself");
    let board = browser.submit(&switch, "/switch", &to("staff-2")).await;
    assert_eq!(board.path, "/");
    assert_ne!(browser.cookies["uketsuke"], before, "the counter has a new session");
    let clean = browser.open("/check-in").await;
    assert!(!clean.has("data-draft") && !clean.has("例示 ウメ"));
    let csrf = clean.form("/check-in").fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let take = |csrf: String| [("csrf", csrf), ("draft_path", "/check-in".to_owned())];
    let taken = take(csrf);
    let taken: Vec<(&str, &str)> = taken.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/drafts/take", &taken).await.status, StatusCode::NO_CONTENT, "nothing for them");
    let switch = browser.open("/switch").await;
    let back = browser.submit(&switch, "/switch", &to("staff-1")).await;
    assert_eq!(back.path, "/check-in", "one's own form is where one goes on");
    assert!(back.has("data-draft"));
    let csrf = back.form("/check-in").fields.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let taken = take(csrf);
    let taken: Vec<(&str, &str)> = taken.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let draft = browser.post("/drafts/take", &taken).await;
    assert_eq!(draft.html, "[[\"/check-in|name\",\"例示 ウメ\"]]", "and nothing secret in it");
}

#[tokio::test]
async fn a_wrong_switch_code_changes_nothing() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    desk.record().people.members = vec![member("staff-2", "受付 二郎", Role::Reception)];
    let before = browser.cookies["uketsuke"].clone();
    let page = browser.open("/switch").await;
    let page = browser.submit(&page, "/switch", &[("author", "staff-2"), ("password", "guess")]).await;
    assert!(page.has("コードが違います") && !page.has("guess"));
    assert_eq!(browser.cookies["uketsuke"], before);
}

#[tokio::test]
async fn somebody_who_leaves_locks_the_counter() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/rules").await;
    let locked = browser.submit(&page, "/lock", &[]).await;
    assert!(locked.has("画面をロックしました"));
    assert_eq!(browser.open("/").await.path, "/unlock?next=/");
    let back = browser.submit(&locked, "/unlock", &[("password", "practice-password")]).await;
    assert_eq!(back.path, "/rules");
}

#[tokio::test]
async fn the_envelope_opens_once_and_everybody_sees_it() {
    let desk = MemoryDesk::new();
    desk.add_account();
    let mut browser = Browser::outside(desk.clone());
    let page = browser.open("/sign-in").await;
    assert!(page.has("href=\"/emergency\""));
    let page = browser.open("/emergency").await;
    let without = [("emergency_code", ENVELOPE), ("who", "受付 二郎")];
    let page = browser.submit(&page, "/emergency", &without).await;
    assert!(page.has("使う理由を入力してください") && !page.has(ENVELOPE));
    let whole = [("emergency_code", ENVELOPE), ("who", "受付 二郎"), ("reason", "責任者が不在")];
    let board = browser.submit(&page, "/emergency", &whole).await;
    assert!(board.has("今日の受付") && board.has("緊急用の封筒が開けられました") && board.has("受付 二郎"));
    let mut other = Browser::outside(desk);
    let page = other.open("/emergency").await;
    let again = other.submit(&page, "/emergency", &whole).await;
    assert!(again.has("コードが違います"), "dead from now on");
}

#[tokio::test]
async fn what_must_be_seen_stands_on_every_page() {
    let desk = MemoryDesk::new();
    let mut browser = inside_as(&desk, Role::Reception);
    let at = desk.record().now;
    {
        let mut record = desk.record();
        record.people.notices.vendors = vec![("保守 三郎".to_owned(), at.plus_ms(3_600_000))];
        record.people.notices.emergency =
            Some(EmergencyUse { at, who: "受付 二郎".to_owned(), counter: "第2窓口".to_owned() });
    }
    for path in ["/", "/check-in", "/links", "/rules", "/me"] {
        let page = browser.open(path).await;
        assert!(page.has("保守業者の立ち入りを許可しています") && page.has("保守 三郎"), "{path}");
        assert!(page.has("緊急用の封筒が開けられました"), "{path}");
    }
}

#[tokio::test]
async fn managers_make_change_and_lock_accounts() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    desk.record().people.members =
        vec![member("staff-2", "受付 二郎", Role::Reception), member("staff-3", "保守 三郎", Role::Vendor)];
    let page = browser.open("/staff").await;
    assert!(page.has("受付 二郎") && page.has("保守 三郎"));
    let made = browser.submit(&page, "/staff", &[("name", "受付 四子"), ("role", "claims"), ("what", "add")]).await;
    assert!(made.has("first-password"), "shown once");
    assert!(!browser.open("/staff").await.has("first-password"));
    let refused = browser.submit(&page, "/staff", &[("name", "断る"), ("role", "claims"), ("what", "add")]).await;
    assert!(refused.has("使われています") && refused.has("value=\"断る\""), "what was typed is still there");
    let window =
        [("author", "staff-3"), ("what", "vendor"), ("from", "2026-03-02T09:00"), ("until", "2026-03-02T08:00")];
    assert!(browser.submit(&page, "/staff", &window).await.has("立ち入りの開始と終了"));
    let changes = desk.record().people.changes.len();
    let window =
        [("author", "staff-3"), ("what", "vendor"), ("from", "2026-03-02T09:00"), ("until", "2026-03-02T12:00")];
    browser.submit(&page, "/staff", &window).await;
    for what in ["lock", "reset", "end"] {
        browser.submit(&page, "/staff", &[("author", "staff-2"), ("what", what)]).await;
    }
    assert_eq!(desk.record().people.changes.len(), changes + 4);
    let policy = [("what", "policy"), ("must_claims", "yes"), ("lock_minutes", "20")];
    let kept = browser.submit(&page, "/staff", &policy).await;
    assert!(kept.has("value=\"20\""));
    assert!(desk.record().people.policy.second_factor.contains(&Role::Claims));
    assert!(browser.submit(&page, "/staff", &[("what", "policy"), ("lock_minutes", "often")]).await.has("0〜240"));
}

#[tokio::test]
async fn one_sets_up_a_second_factor_and_sees_its_secret_once() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    desk.record().people.members = vec![member("staff-1", "受付 一子", Role::Manager)];
    let page = browser.open("/me").await;
    let begun = browser.submit(&page, "/me", &[("what", "begin"), ("password", "practice-password")]).await;
    assert!(begun.has("ABCD EFGH") && begun.has("class=\"qr\""));
    assert!(!browser.open("/me").await.has("ABCD EFGH"));
    let done = browser.submit(&begun, "/me", &[("what", "confirm"), ("second_factor_code", CODE)]).await;
    assert!(done.has("aaaaa-bbbbb"));
    assert!(!browser.open("/me").await.has("aaaaa-bbbbb"));
}

#[tokio::test]
async fn weak_passwords_and_codes_are_refused_and_not_shown_again() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/me").await;
    for weak in ["short", "aaaaaaaaaaaaaa", "abcdefghijklmno", "passwordpassword", "123456789012", "password12345"] {
        let fields = [("what", "password"), ("password", "x"), ("new_password", weak), ("password_again", weak)];
        let page = browser.submit(&page, "/me", &fields).await;
        assert!(page.has("aria-invalid"), "{weak}");
        assert!(!page.has(&format!("value=\"{weak}\"")), "{weak}");
    }
    for weak in ["12345", "111111", "123456"] {
        let fields = [("what", "switch-code"), ("password", "x"), ("switch_code", weak)];
        assert!(browser.submit(&page, "/me", &fields).await.has("aria-invalid"), "{weak}");
    }
    assert!(desk.record().people.changes.is_empty());
    let good = "緑の傘と 七つの石段 朝の駅";
    let fields = [("what", "password"), ("password", "x"), ("new_password", good), ("password_again", good)];
    browser.submit(&page, "/me", &fields).await;
    assert_eq!(desk.record().people.changes.len(), 1, "Japanese and blanks are as good as anything");
}

#[tokio::test]
async fn the_counter_has_a_name_that_is_kept_there() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/me").await;
    browser.submit(&page, "/me", &[("what", "counter"), ("counter", "第1窓口")]).await;
    assert_eq!(browser.cookies["uketsuke-counter"], "e7acac31e7aa93e58fa3");
}

#[tokio::test]
async fn what_people_look_at_is_told_by_opaque_ids_and_once_per_page() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    let mut browser = Browser::inside(&desk);
    browser.open(&format!("/visits/{visit}")).await;
    browser.send(Method::GET, &format!("/visits/{visit}"), None, &[("x-live", "1")]).await;
    browser.open("/visits/none").await;
    browser.open("/rules").await;
    browser.open("/claims").await;
    let viewed = desk.record().people.viewed.clone();
    let me = || Author::new("staff-1");
    assert_eq!(viewed, [(me(), Viewed::Visit(visit)), (me(), Viewed::List)]);
}

#[tokio::test]
async fn the_trail_is_shown_and_narrowed_down() {
    let desk = MemoryDesk::new();
    desk.add_trail("viewed-patient", Some("p-1"), None);
    desk.add_trail("check-in", Some("p-2"), Some("v-2"));
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/trail").await;
    assert!(page.has("患者を見た") && page.has("受付をした") && page.has("第1窓口"));
    let page = browser.open("/trail?patient=p-1").await;
    assert!(page.has("患者を見た") && !page.has("受付をした"));
    let page = browser.open("/trail?day=yesterdayish").await;
    assert!(page.has("aria-invalid") && page.has("value=\"yesterdayish\""), "said at the field, and still there");
}

#[tokio::test]
async fn the_new_pages_are_sound_in_both_languages() {
    let desk = MemoryDesk::new();
    let session = desk.add_session();
    desk.record().people.members =
        vec![member("staff-1", "受付 一子", Role::Manager), member("staff-3", "三", Role::Vendor)];
    desk.add_trail("sign-in", None, None);
    for (path, stage) in [
        ("/me", Stage::Open),
        ("/staff", Stage::Open),
        ("/trail", Stage::Open),
        ("/switch", Stage::Open),
        ("/sign-in/code", Stage::Code),
        ("/unlock", Stage::Locked),
        ("/emergency", Stage::Open),
    ] {
        desk.bring_sessions_to(stage);
        for lang in ["ja", "en"] {
            let mut browser = browser_with(&desk, session.token.0.clone());
            browser.cookies.insert("lang".to_owned(), lang.to_owned());
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.has(&format!("<html lang=\"{lang}\">")), "{path}");
            assert_eq!(page.header("cache-control"), "no-store");
            let tags = tags(&page.html);
            assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1, "{path}");
            let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "two elements with one id on {path}");
            for tag in tags.iter().filter(|tag| ["input", "select", "textarea"].contains(&&*tag.name)) {
                let needs = !["hidden", "radio"].contains(&tag.get("type").unwrap_or("text"));
                let label =
                    |label: &&crate::support::html::Tag| label.name == "label" && label.get("for") == tag.get("id");
                assert!(
                    !needs || (tag.has("id") && tags.iter().any(|tag| label(&tag))),
                    "{path} {:?}",
                    tag.get("name")
                );
                assert!(tag.get("type") != Some("password") || tag.get("value").is_none_or(str::is_empty), "{path}");
            }
            for form in crate::support::html::forms(&page.html) {
                let is_free = form.action == "/language" || form.action == "/trail";
                assert!(is_free || form.fields.iter().any(|(name, _)| name == "csrf"), "{path} {}", form.action);
            }
        }
    }
}
