//! Cards: the test-read, and forms filled in from a card.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::{CardOnReader, MemoryDevices, card_of, hanakos_card};
use crate::support::people;
use crate::support::scenes::{card, on_file, open};
use domain::Date;
use domain::eligibility::PersonFace;
use domain::fact::VisitId;
use std::sync::Arc;
use web::port::{CardSaid, Desk};

const FACE: [(&str, &str); 3] = [("surface_birth", "S39.10.10"), ("surface_year", "2029"), ("surface_code", "1234")];

struct Counter {
    desk: Arc<MemoryDesk>,
    devices: Arc<MemoryDevices>,
    browser: Browser,
}

fn with(desk: Arc<MemoryDesk>, card: CardOnReader) -> Counter {
    let devices = MemoryDevices::of_a_clinic();
    devices.lay_on(card);
    desk.watch(&devices);
    let browser = Browser::inside(&desk);
    Counter { desk, devices, browser }
}

fn with_card(card: CardOnReader) -> Counter {
    with(MemoryDesk::new(), card)
}

fn test_card() -> CardOnReader {
    let card = hanakos_card("2028-10-10");
    CardOnReader { said: CardSaid { is_test: true, ..card.said }, ..card }
}

fn and<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FACE.iter().chain(more).copied().collect()
}

impl Counter {
    async fn test_read(&mut self, fields: &[(&str, &str)]) -> Page {
        let page = self.browser.open("/devices").await;
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("reader", "reader-1")]).collect();
        self.browser.submit(&page, "/devices/card", &fields).await
    }

    fn visit(&self, page: &Page) -> web::port::VisitView {
        let id = page.path.trim_start_matches("/visits/").split('?').next().unwrap();
        self.desk.visit(&VisitId::new(id)).unwrap().expect("the visit")
    }
}

/// The numbers of the card face stand nowhere on the page.
fn echoes_nothing(page: &Page) {
    for secret in ["39101020291234", "value=\"1234\"", "value=\"2029\"", "value=\"S39.10.10\""] {
        assert!(!page.has(secret), "{secret} on {}", page.path);
    }
}

#[tokio::test]
async fn without_the_card_face_only_the_certificate_is_read() {
    for (expiry, words) in [
        ("2028-10-10", "有効です"),
        ("2026-04-10", "もうすぐ期限です"),
        ("2026-01-10", "期限切れ：資格の確認だけ2026年4月30日まで使えます"),
        ("2025-10-10", "期限切れ：使えません"),
    ] {
        let read = with_card(hanakos_card(expiry)).test_read(&[]).await;
        assert!(read.has(words), "{expiry}");
        assert!(read.has("電子証明書だけを読みました") && !read.has("見本 花子"));
        assert!(!read.has("試験用・練習用のカード"));
    }
}

#[tokio::test]
async fn the_card_face_shows_the_person_and_is_not_echoed() {
    let mut desk = with_card(hanakos_card("2028-10-10"));
    let read = desk.test_read(&FACE).await;
    assert!(read.has("見本 花子") && read.has("東京都架空区見本町1-2-3") && read.has("昭和39年10月10日"));
    echoes_nothing(&read);
    let wrong = desk.test_read(&[FACE[0], FACE[1], ("surface_code", "9999")]).await;
    assert!(wrong.has("券面の数字と合いません") && !wrong.has("見本 花子") && !wrong.has("9999"));
    echoes_nothing(&wrong);
    let asked = desk.devices.asked_with_code();
    let half = desk.test_read(&FACE[..2]).await;
    assert!(half.has("券面の数字は3つとも入れてください"));
    echoes_nothing(&half);
    assert_eq!(desk.devices.asked_with_code(), asked, "an unfinished code never reaches the card");
}

#[tokio::test]
async fn a_my_number_among_the_numbers_is_refused_and_reaches_no_card() {
    let number = (0..10)
        .map(|last| format!("27182818284{last}"))
        .find(|number| domain::number::looks_like_my_number(number))
        .expect("one of ten fits");
    for field in ["surface_birth", "surface_year", "surface_code"] {
        let mut desk = with_card(hanakos_card("2028-10-10"));
        let mut face: Vec<(&str, &str)> = FACE.to_vec();
        face.retain(|(name, _)| *name != field);
        face.push((field, &number));
        let refused = desk.test_read(&face).await;
        assert!(refused.has("マイナンバー（個人番号12桁）と思われる数字"), "{field}");
        assert!(!refused.has(&number));
        echoes_nothing(&refused);
        assert_eq!(desk.devices.asked_with_code(), (0, 0));
    }
}

#[tokio::test]
async fn the_last_try_is_used_only_after_a_second_confirmation() {
    let mut desk = with_card(CardOnReader { tries: 2, ..hanakos_card("2028-10-10") });
    let page = desk.test_read(&[]).await;
    assert!(!page.has("name=\"last_try\""));
    let wrong = desk.test_read(&[FACE[0], FACE[1], ("surface_code", "9999")]).await;
    assert!(wrong.has("残り1回です") && wrong.has("name=\"last_try\""));
    let unconfirmed = desk.test_read(&FACE).await;
    assert!(unconfirmed.has("name=\"last_try\"") && !unconfirmed.has("見本 花子"));
    assert_eq!(desk.devices.asked_with_code(), (2, 0));
    let confirmed = desk.test_read(&and(&[("last_try", "yes")])).await;
    assert!(confirmed.has("見本 花子") && !confirmed.has("name=\"last_try\""));
    assert_eq!(desk.devices.asked_with_code(), (3, 1));
}

#[tokio::test]
async fn a_locked_card_face_takes_no_more_numbers() {
    let mut desk = with_card(CardOnReader { tries: 0, ..hanakos_card("2028-10-10") });
    let page = desk.test_read(&[]).await;
    assert!(page.has("使えなくなっています"));
    let form = page.form("/devices/card");
    assert!(!form.fields.iter().any(|(name, _)| name == "surface_code"), "no field where it would be useless");
}

#[tokio::test]
async fn a_check_in_is_filled_in_from_the_card_and_keeps_what_was_typed() {
    let mut desk = with_card(hanakos_card("2026-04-10"));
    let page = desk.browser.open("/check-in").await;
    let typed =
        and(&[("reader", "reader-1"), ("name_kana", "ミホン ハナコ"), ("counter", "2番"), ("patient_number", "77")]);
    let filled = desk.browser.press(&page, "/check-in", "/check-in/card", &typed).await;
    let fields = filled.form("/check-in").fields;
    for (name, value) in [
        ("name", "見本 花子"),
        ("birth_date", "昭和39年10月10日"),
        ("sex", "2"),
        ("address", "東京都架空区見本町1-2-3"),
        ("name_kana", "ミホン ハナコ"),
        ("counter", "2番"),
        ("patient_number", "77"),
        ("card_expiry", "2026-04-10"),
        ("note_card", "yes"),
    ] {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    echoes_nothing(&filled);
    let done = desk.browser.submit(&filled, "/check-in", &[("patient", "")]).await;
    let state = desk.visit(&done).state;
    assert_eq!(state.certificate_expiry, Date::parse("2026-04-10"));
    assert_eq!(state.person.unwrap().name_kana.as_deref(), Some("ミホン ハナコ"));
}

#[tokio::test]
async fn the_card_finds_the_patient_on_file_and_goes_to_nobody_else() {
    let mut desk = with_card(hanakos_card("2028-10-10"));
    on_file(&desk.desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    on_file(&desk.desk, "1002", people::taro(), people::kenpo("7654321"), "2026-02-10", None);
    let page = desk.browser.open("/check-in").await;
    let filled = desk.browser.press(&page, "/check-in", "/check-in/card", &FACE).await;
    assert!(filled.form("/check-in").buttons.iter().any(|(_, value)| value == "patient-1001"));
    let refused = desk.browser.submit(&filled, "/check-in", &[("patient", "patient-1002")]).await;
    assert!(refused.has("選んだ患者さんのものではないようです"));
    assert!(desk.desk.record().visits.is_empty());
    let done = desk.browser.submit(&filled, "/check-in", &[("patient", "patient-1001")]).await;
    assert_eq!(desk.visit(&done).state.certificate_expiry, Date::parse("2028-10-10"));
}

#[tokio::test]
async fn enter_in_the_numbers_of_the_card_face_reads_the_card() {
    let mut desk = with_card(hanakos_card("2028-10-10"));
    let page = desk.browser.open("/check-in").await;
    let filled = desk.browser.submit(&page, "/check-in", &and(&[("patient", "")])).await;
    assert!(filled.has("カードの内容を書き写しました"));
    assert!(desk.desk.record().visits.is_empty());
    echoes_nothing(&filled);
}

#[tokio::test]
async fn a_test_card_counts_in_the_practice_clinic_only() {
    for (desk, counts) in [(MemoryDesk::new(), false), (MemoryDesk::with_practice(), true)] {
        let mut desk = with(desk, test_card());
        let page = desk.browser.open("/check-in").await;
        let read = desk.browser.press(&page, "/check-in", "/check-in/card", &FACE).await;
        let words = if counts {
            "この練習用の診療所でだけ使えます"
        } else {
            "本人確認や資格確認には使えません"
        };
        assert!(read.has(words));
        let fields = read.form("/check-in").fields;
        assert_eq!(fields.contains(&("name".to_owned(), "見本 花子".to_owned())), counts);
        assert_eq!(fields.iter().any(|(name, _)| name == "card_expiry"), counts);
        echoes_nothing(&read);
    }
}

#[tokio::test]
async fn a_declaration_is_filled_in_from_the_card_of_the_same_person_only() {
    let mut desk = with_card(hanakos_card("2028-10-10"));
    desk.desk.set_link(domain::link::Link::Line, false);
    let bare = PersonFace { address: None, sex: None, ..people::hanako() };
    let visit = open(&desk.desk, None, bare, vec![card()]);
    let (path, at_card) = (format!("/visits/{visit}/declaration"), format!("/visits/{visit}/declaration/card"));
    let page = desk.browser.open(&path).await;
    let typed = and(&[("workplace", "架空商事"), ("strokes", "M1 1L9 9"), ("insurance_kind", "employee")]);
    let filled = desk.browser.press(&page, &path, &at_card, &typed).await;
    let fields = filled.form(&path).fields;
    for (name, value) in
        [("address", "東京都架空区見本町1-2-3"), ("workplace", "架空商事"), ("strokes", "M1 1L9 9"), ("sex", "2")]
    {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    echoes_nothing(&filled);
    let done = desk.browser.submit(&filled, &path, &[]).await;
    let state = desk.visit(&done).state;
    assert_eq!(state.certificate_expiry, Date::parse("2028-10-10"));
    assert_eq!(state.declaration.unwrap().address.as_deref(), Some("東京都架空区見本町1-2-3"));

    desk.devices.lay_on(card_of(people::taro(), "63022920301111", "2028-02-29"));
    let visit = open(&desk.desk, None, people::hanako(), vec![card()]);
    let (path, at_card) = (format!("/visits/{visit}/declaration"), format!("/visits/{visit}/declaration/card"));
    let page = desk.browser.open(&path).await;
    let face = [("surface_birth", "S63.2.29"), ("surface_year", "2030"), ("surface_code", "1111")];
    let refused = desk.browser.press(&page, &path, &at_card, &face).await;
    assert!(refused.has("この受付は見本 花子さん、カードは架空 太郎さんです"));
    assert!(refused.form(&path).fields.contains(&("name".to_owned(), "見本 花子".to_owned())));
}

#[tokio::test]
async fn the_numbers_of_the_card_face_are_not_carried_through_the_sign_in_page() {
    let mut desk = with_card(hanakos_card("2028-10-10"));
    let page = desk.browser.open("/check-in").await;
    desk.desk.record().sessions.clear();
    let fields: Vec<(&str, &str)> = and(&[("name", "見本 花子")]);
    let form = page.form("/check-in");
    let mut sent: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    sent.retain(|(name, _)| !fields.iter().any(|(known, _)| known == name));
    sent.extend(&fields);
    let body = sent.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect::<Vec<_>>().join("&");
    let headers = [("sec-fetch-site", "same-origin")];
    let asked = desk.browser.send(http::Method::POST, "/check-in", Some(body), &headers).await;
    assert!(asked.has("見本 花子"), "what was typed is carried");
    echoes_nothing(&asked);
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn where_no_reader_reads_cards_there_is_no_card_step() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    assert!(!page.has("surface_code"));
    let sent = browser.press(&page, "/check-in", "/check-in/card", &FACE).await;
    assert_eq!(sent.status, http::StatusCode::NOT_FOUND);
}
