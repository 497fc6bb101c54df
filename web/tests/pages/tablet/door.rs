//! Who comes in as a tablet, and where it can go.

use super::{Room, digits, is_sound};
use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use http::{Method, StatusCode};
use web::port::Tablets;
use web::rights::Right;
use web::{WebSettings, places};

#[tokio::test]
async fn a_tablet_opens_its_own_pages_and_nothing_else_of_the_box() {
    let mut room = Room::with_form().await;
    let patient = "架空";
    let known = |path: &str| {
        let path = path.replace("{visit}", room.visit.as_str()).replace("{patient}", "patient-1");
        path.replace("{print}", "declaration").replace("{step}", "name")
    };
    for place in places().into_iter().filter(|place| place.right != Right::Tablet && place.path != "/tablet") {
        if place.path.starts_with("/assets/") {
            continue;
        }
        for method in [Method::GET, Method::POST] {
            let body = (method == Method::POST).then(String::new);
            let page = room.tablet.send(method.clone(), &known(place.path), body, &[]).await;
            if page.status == StatusCode::METHOD_NOT_ALLOWED {
                continue;
            }
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{method} {}", place.path);
            assert_eq!(page.header("location"), "/tablet", "{method} {}", place.path);
            assert!(!page.has(patient));
        }
    }
    for path in ["/api/v1/board", "/api/v1/session", &format!("/api/v1/visits/{}", room.visit), "/api/v1/events"] {
        assert_eq!(room.tablet.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let mut stranger = room.staff.beside();
    for place in places().into_iter().filter(|place| place.right == Right::Tablet) {
        let path = known(place.path);
        for browser in [&mut stranger, &mut room.staff] {
            let page = browser.send(Method::GET, &path, None, &[]).await;
            if page.status != StatusCode::METHOD_NOT_ALLOWED {
                assert_eq!(page.header("location"), "/tablet", "{path} opens to paired tablets only");
            }
        }
    }
}

#[tokio::test]
async fn codes_cannot_be_guessed_and_are_good_once() {
    let desk = MemoryDesk::new();
    let mut staff = Browser::inside(&desk);
    let mut tablet = staff.beside();
    let code = digits(&mut staff, "待合1").await;
    let wrong = if code.starts_with('0') { "10000000" } else { "00000000" };
    let mut refused = 0;
    for _ in 0..20 {
        let page = tablet.post("/tablet", &[("code", wrong)]).await;
        assert!(matches!(page.status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS), "{}", page.status);
        refused += 1;
    }
    assert_eq!(refused, 20);
    let page = tablet.post("/tablet", &[("code", &code)]).await;
    assert_ne!(page.status, StatusCode::SEE_OTHER, "after so many guesses no code is good");
    assert!(desk.tablets().tablets().unwrap().is_empty());
}

#[tokio::test]
async fn pairing_signs_the_browser_out_of_the_desk_and_unpairing_ends_it() {
    let desk = MemoryDesk::new();
    let mut staff = Browser::inside(&desk);
    let code = digits(&mut staff, "待合1").await;
    let mut careless = staff.beside();
    careless.cookies.insert("uketsuke".to_owned(), staff.cookies["uketsuke"].clone());
    careless.post("/tablet", &[("code", &code)]).await;
    assert!(!careless.cookies.contains_key("uketsuke"), "no staff session stays in a patient's hands");
    assert_eq!(careless.open("/").await.path, "/tablet/waiting");
    let again = careless.beside().post("/tablet", &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "used up");
    let session = desk.record().open_session(web::port::Account::new(domain::fact::Author::new("staff-1"), "受付"));
    staff.cookies.insert("uketsuke".to_owned(), session.token.0);
    let id = desk.tablets().tablets().unwrap()[0].id.clone();
    let list = staff.open("/tablets").await;
    staff.post("/tablets", &[("csrf", &session.csrf), ("do", "unpair"), ("tablet", &id)]).await;
    assert!(list.has("待合1"));
    assert!(careless.open("/tablet/waiting").await.has("name=\"code\""));
    assert!(!careless.cookies.contains_key("uketsuke-tablet"), "the cookie is taken back");
}

#[tokio::test]
async fn the_cookie_of_a_tablet_is_kept_from_scripts_and_other_sites() {
    let desk = MemoryDesk::new();
    let mut staff = Browser::with(desk.clone(), WebSettings::default());
    staff.cookies.insert("__Host-uketsuke".to_owned(), desk.add_session().token.0);
    let code = digits(&mut staff, "待合1").await;
    let mut tablet = staff.beside();
    let page = tablet.post("/tablet", &[("code", &code)]).await;
    let lines: Vec<&str> = page.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    let line = lines.iter().find(|line| line.starts_with("__Host-uketsuke-tablet=")).expect("its own cookie");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
        assert!(line.contains(part), "{part}");
    }
    let foreign = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    let page = tablet.send(Method::POST, "/tablet", Some(format!("code={code}")), &foreign).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "no other site pairs a tablet");
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let mut room = Room::with_form().await;
    for path in ["/tablet/language", "/tablet/question/name", "/tablet/sign", "/tablet/call", "/tablet/put-away"] {
        let page = room.tablet.post(path, &[("csrf", "wrong"), ("lang", "en")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        is_sound(&page);
    }
    assert_eq!(room.form().unwrap().tongue, "ja");
    let id = room.id();
    let page = room.staff.post(&format!("/visits/{}/tablet", room.visit), &[("tablet", &id)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
