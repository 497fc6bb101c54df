//! The pages of a box without settings: behind a code, one choice of four, a check, and done.

use crate::every_page::{headers_are_safe, structure_is_sound};
use crate::support::browser::{Browser, Page};
use crate::support::memory_first_start::MemoryFirstStart;
use domain::case::SiteKind;
use domain::text::Text;
use http::StatusCode;
use std::sync::Arc;
use web::WebSettings;
use web::first_start::{OneTimeCode, router};
use web::port::{DigitsOf, DigitsQuestion, FirstChoice, FirstStep, NotDone, SpareBox};

const PASSWORD: &str = "kasumigaseki 4 chome";

struct World {
    port: Arc<MemoryFirstStart>,
    code: String,
    browser: Browser,
}

impl World {
    fn new() -> World {
        World::with(WebSettings { secure_cookies: false, ..WebSettings::default() })
    }

    fn with(settings: WebSettings) -> World {
        let (port, code) = (Arc::new(MemoryFirstStart::default()), OneTimeCode::make());
        let shown = code.shown();
        World { port: port.clone(), code: shown, browser: Browser::at(router(port, code, settings)) }
    }

    async fn let_in() -> World {
        let mut world = World::new();
        let page = world.browser.open("/").await;
        let code = world.code.clone();
        let page = world.browser.submit(&page, "/first-start", &[("code", &code)]).await;
        assert!(page.has("/first-start/new"), "{}", page.text());
        world
    }

    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.browser.open(path).await;
        self.browser.submit(&page, path, fields).await
    }
}

const SITE: [(&str, &str); 4] =
    [("site_name", "見本医院"), ("kind", "clinic"), ("institution_code", "1319999999"), ("phone", "03-1234-5678")];
const PERSON: [(&str, &str); 3] = [("account", "院長"), ("password", PASSWORD), ("password_again", PASSWORD)];

fn filled<'a>(parts: &[&[(&'a str, &'a str)]]) -> Vec<(&'a str, &'a str)> {
    parts.concat()
}

#[tokio::test]
async fn nothing_is_shown_or_taken_without_the_code() {
    let mut world = World::new();
    for path in
        ["/first-start/new", "/first-start/join", "/first-start/restore", "/first-start/spare", "/first-start/check"]
    {
        assert_eq!(world.browser.open(path).await.path, "/first-start", "{path}");
        let posted = world.browser.post(path, &filled(&[&SITE, &PERSON])).await;
        assert_eq!(posted.header("location"), "/first-start");
    }
    for path in ["/sign-in", "/set-up", "/patients/1", "/healthz"] {
        assert_eq!(world.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = world.browser.open("/").await;
    let refused = world.browser.submit(&page, "/first-start", &[("code", "AAAAA-AAAAA")]).await;
    assert!(refused.has("コードが違います") && refused.has("AAAAA-AAAAA"), "{}", refused.text());
    let foreign = world.browser.post("/first-start", &[("csrf", "x"), ("code", &world.code.clone())]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(world.port.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_few_wrong_codes_make_a_pause_in_which_the_right_one_does_not_help() {
    let mut world = World::new();
    let page = world.browser.open("/").await;
    for _ in 0..5 {
        let refused = world.browser.submit(&page, "/first-start", &[("code", "00000-00000")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let code = world.code.clone();
    let paused = world.browser.submit(&page, "/first-start", &[("code", &code)]).await;
    assert_eq!(paused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(paused.has("1分ほど"), "{}", paused.text());
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let mut world = World::with(WebSettings::default());
    let page = world.browser.open("/").await;
    let code = world.code.clone();
    let entered = world.browser.send_form(&page, "/first-start", &[("code", &code)]).await;
    let cookie = entered.header("set-cookie").to_owned();
    for part in ["__Host-uketsuke-first-start=", "HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Max-Age"));
}

#[tokio::test]
async fn a_new_facility_is_checked_before_anything_happens_and_nothing_typed_is_lost() {
    let mut world = World::let_in().await;
    let wrong = [("institution_code", "13199"), ("phone", "ask the desk")];
    let refused = world.send("/first-start/new", &filled(&[&SITE, &PERSON, &wrong])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("value=\"見本医院\"") && refused.has("value=\"13199\"") && refused.has("value=\"院長\""));
    assert!(!refused.has(PASSWORD) && refused.has("入力したパスワードは残っています"), "{}", refused.text());
    let half = [("terminal_req", "req"), ("institution_code", "1319999999"), ("phone", "")];
    let refused = world.browser.submit(&refused, "/first-start/new", &half).await;
    assert!(refused.has("「/」で始まる") && refused.has("結果フォルダ（res）を入力"), "{}", refused.text());
    let whole = [("terminal_req", "/mnt/req"), ("terminal_res", "/mnt/res")];
    *world.port.warnings.lock().unwrap() = vec![Text::new("フォルダは今は見えません", "cannot be seen now")];
    let check = world.browser.submit(&refused, "/first-start/new", &whole).await;
    assert_eq!(check.path, "/first-start/check");
    assert!(check.has("見本医院") && check.has("/mnt/req") && check.has("今は見えません") && !check.has(PASSWORD));
    assert!(world.port.done.lock().unwrap().is_empty(), "nothing is applied yet");
    // back to the form and on again: what was typed is there
    let form = world.browser.open("/first-start/new").await;
    assert!(form.has("value=\"見本医院\"") && form.has("value=\"/mnt/res\""));
    let check = world.browser.submit(&form, "/first-start/new", &[("site_name", "見本クリニック")]).await;
    let refusal = NotDone { at: "", why: Text::new("ディスクに書き込めません", "The disk is full") };
    *world.port.refuse.lock().unwrap() = Some(refusal);
    let refused = world.browser.submit(&check, "/first-start/check", &[]).await;
    assert!(refused.has("ディスクに書き込めません") && refused.has("value=\"見本クリニック\""));
    let done = world.browser.submit(&check, "/first-start/check", &[]).await;
    assert!(done.has("設定が終わりました") && done.has("first-start.js"), "{}", done.text());
    let FirstChoice::New(new) = world.port.done.lock().unwrap().remove(0) else { panic!("another choice") };
    assert_eq!((new.site.name.as_str(), new.site.kind), ("見本クリニック", SiteKind::Clinic));
    assert_eq!((new.person.account.as_str(), new.person.password.as_str()), ("院長", PASSWORD));
    assert!(new.site.terminal.is_some());
    assert_eq!(world.browser.open("/first-start/new").await.path, "/first-start", "it is over");
}

#[tokio::test]
async fn weak_and_different_passwords_are_refused_at_their_field() {
    let mut world = World::let_in().await;
    for (password, again, words) in [
        ("short", "short", "12文字以上"),
        ("passwordpassword", "passwordpassword", "よく使われる"),
        (PASSWORD, "something else 9", "2回のパスワードが違います"),
    ] {
        let person = [("account", "院長"), ("password", password), ("password_again", again)];
        let refused = world.send("/first-start/new", &filled(&[&SITE, &person])).await;
        assert!(refused.has(words), "{}", refused.text());
    }
}

#[tokio::test]
async fn joining_shows_the_digits_waits_and_goes_on_after_a_cut() {
    let mut world = World::let_in().await;
    let other = [("address", "192.168.1.20:8444"), ("join_code", "123-456-789"), ("box_name", "第2窓口")];
    let check = world.send("/first-start/join", &filled(&[&other, &SITE, &PERSON])).await;
    assert!(check.has("192.168.1.20:8444") && check.has("第2窓口"));
    let waiting = world.browser.submit(&check, "/first-start/check", &[]).await;
    assert!(waiting.has("http-equiv=\"refresh\""));
    let mut question = DigitsQuestion {
        id: "q1".to_owned(),
        of: DigitsOf::OtherFacility,
        name: "見本医院".to_owned(),
        digits: "0000 1111 2222 3333 4444".to_owned(),
        confirmed: false,
    };
    world.port.comes_to(FirstStep::Digits(question.clone()));
    let digits = world.browser.open("/first-start").await;
    assert!(digits.has("0000 1111 2222 3333 4444") && !digits.has("http-equiv=\"refresh\""));
    world.browser.submit(&digits, "/first-start/digits", &[]).await;
    assert_eq!(*world.port.answers.lock().unwrap(), [("q1".to_owned(), true)]);
    question.confirmed = true;
    world.port.comes_to(FirstStep::Digits(question));
    assert!(world.browser.open("/first-start").await.has("相手を待っています"));

    world.port.comes_to(FirstStep::JoinBegun { address: "192.168.1.20:8444".to_owned(), has_met: false });
    let begun = world.browser.open("/first-start").await;
    let refused = world.browser.submit(&begun, "/first-start/go-on", &[]).await;
    assert!(refused.has("登録コードを入力してください"), "{}", refused.text());
    world.port.comes_to(FirstStep::JoinBegun { address: "192.168.1.20:8444".to_owned(), has_met: true });
    let begun = world.browser.open("/first-start").await;
    assert!(!begun.has("name=\"join_code\""));
    world.browser.submit(&begun, "/first-start/go-on", &[]).await;
    assert_eq!(*world.port.gone_on.lock().unwrap(), [("192.168.1.20:8444".to_owned(), String::new())]);
    let page = world.browser.submit(&begun, "/first-start/give-up", &[]).await;
    assert!(page.has("/first-start/new"));
}

#[tokio::test]
async fn a_backup_shows_what_is_in_it_and_a_wrong_key_stays_to_be_mended() {
    let mut world = World::let_in().await;
    // what was typed for another choice must not take the place of the settings in the backup
    world.send("/first-start/new", &filled(&[&SITE, &PERSON])).await;
    let form = world.browser.open("/first-start/restore").await;
    assert!(form.has("/media/stick") && !form.has("1319999999"), "{}", form.text());
    let wrong = NotDone { at: "recovery_key", why: Text::new("別の鍵です", "another key") };
    *world.port.refuse.lock().unwrap() = Some(wrong);
    let typed = [("backup", "/media/stick"), ("recovery_key", "ABCD-EFGH")];
    let refused = world.browser.submit(&form, "/first-start/restore", &typed).await;
    assert!(refused.has("別の鍵です") && refused.has("value=\"ABCD-EFGH\""));
    let check = world.browser.submit(&refused, "/first-start/restore", &[]).await;
    assert!(check.has("1234") && check.has("0A1B-2C3D") && check.has("見本医院") && !check.has("ABCD-EFGH"));
    world.browser.submit(&check, "/first-start/check", &[]).await;
    assert!(matches!(&world.port.done.lock().unwrap()[0], FirstChoice::Restore(restore) if restore.site.is_none()));
}

#[tokio::test]
async fn a_spare_box_says_so_before_the_code_and_has_three_choices_left() {
    let mut world = World::let_in().await;
    let check = world.send("/first-start/spare", &[("box_name", "予備1号"), ("kind", "pharmacy")]).await;
    let page = world.browser.submit(&check, "/first-start/check", &[]).await;
    assert!(page.has("予備機として待機中") && page.has("予備1号（薬局）") && !page.has("/first-start/spare"));
    let outside = world.browser.beside().open("/").await;
    assert!(outside.has("予備1号") && !outside.has("/first-start/new"));
}

#[tokio::test]
async fn every_page_is_sound_in_both_languages() {
    let mut world = World::let_in().await;
    let mut english = world.browser.beside().in_english();
    english.cookies.extend(world.browser.cookies.clone());
    world.port.view.lock().unwrap().spare = Some(SpareBox { name: "予備".to_owned(), kind: SiteKind::Dental });
    world.send("/first-start/new", &filled(&[&SITE, &PERSON])).await;
    let fixed = ["/first-start", "/first-start/new", "/first-start/join", "/first-start/restore", "/first-start/spare"];
    for path in fixed.into_iter().chain(["/first-start/check"]) {
        for (browser, lang) in [(&mut world.browser, "ja"), (&mut english, "en")] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.has(&format!("<html lang=\"{lang}\">")), "{path}");
            headers_are_safe(&page);
            structure_is_sound(&page);
        }
    }
    let switched = world.browser.post("/language", &[("lang", "en"), ("back", "/first-start/spare")]).await;
    assert_eq!(switched.header("location"), "/first-start/spare");
    assert!(world.browser.open("/first-start").await.has("Waiting as a spare box"));
}
