//! A card that comes again: offered where the site has switched that on, chosen by staff, and erased when somebody wants it.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::{CardOnReader, MemoryDevices, hanakos_card};
use crate::support::people;
use crate::support::scenes::{card, on_file, open};
use domain::fact::{Author, PatientId};
use http::StatusCode;
use std::sync::Arc;
use web::port::{CardReadingId, CardSaid, Desk, DeskCommand, PatientCommand};

const READER: [(&str, &str); 1] = [("reader", "reader-1")];

struct Counter {
    desk: Arc<MemoryDesk>,
    browser: Browser,
}

/// A site that recognises cards; 花子's card lies on the reader.
fn counter() -> Counter {
    let desk = MemoryDesk::new();
    desk.record().recognises = true;
    let devices = MemoryDevices::of_a_clinic();
    let card = hanakos_card("2028-10-10");
    let said = CardSaid { reading: Some(reading()), ..card.said };
    devices.lay_on(CardOnReader { said, ..card });
    desk.watch(&devices);
    let browser = Browser::inside(&desk);
    Counter { desk, browser }
}

fn reading() -> CardReadingId {
    CardReadingId("readingofhanako".to_owned())
}

impl Counter {
    fn hanako(&self, id: &str) -> PatientId {
        on_file(&self.desk, id, people::hanako(), people::kokuho("4444", 2), "2026-02-02", None)
    }

    fn remember(&self, patient: &PatientId) {
        let command = PatientCommand::RememberCard(reading());
        self.desk.keep(DeskCommand::Patient { patient: patient.clone(), command });
    }

    /// Only the certificate is read: the card face gives nothing to search by.
    async fn insert(&mut self) -> Page {
        let page = self.browser.open("/check-in").await;
        self.browser.press(&page, "/check-in", "/check-in/card", &READER).await
    }

    fn cards_of(&self, patient: &PatientId) -> usize {
        self.desk.patient(patient).unwrap().unwrap().state.card_tokens.len()
    }
}

#[tokio::test]
async fn the_card_of_a_first_visit_offers_its_patient_at_the_second() {
    let mut counter = counter();
    let hanako = counter.hanako("1025");
    let first = counter.insert().await;
    assert!(!first.has("見本 花子"), "nobody is known by this card yet");
    assert!(first.has("次回からこのカードを見分ける"));
    let visit = counter.browser.submit(&first, "/check-in", &[("patient", hanako.as_str())]).await;
    assert!(visit.path.starts_with("/visits/"), "{}", visit.path);
    assert_eq!(counter.cards_of(&hanako), 1);

    let second = counter.insert().await;
    assert!(second.has("見本 花子") && second.has("券面と見比べ") && second.has(hanako.as_str()));
    assert_eq!(counter.desk.record().visits.len(), 1, "offered; staff choose");
}

#[tokio::test]
async fn a_patient_who_does_not_want_it_is_not_remembered() {
    let mut counter = counter();
    let hanako = counter.hanako("1025");
    let read = counter.insert().await;
    let declined = [("patient", hanako.as_str()), ("remember_card", "")];
    counter.browser.submit(&read, "/check-in", &declined).await;
    assert_eq!(counter.cards_of(&hanako), 0);
    assert_eq!(counter.desk.record().visits.len(), 1);
}

#[tokio::test]
async fn a_card_tied_to_two_patients_offers_both_and_chooses_none() {
    let mut counter = counter();
    let (one, other) = (counter.hanako("1025"), counter.hanako("1026"));
    counter.remember(&one);
    counter.remember(&other);
    let read = counter.insert().await;
    assert!(read.has("2人以上の患者さんに結び付いています"));
    assert!(read.has(one.as_str()) && read.has(other.as_str()));
    assert!(!read.html.contains("class=\"hit\" name=\"patient\" value=\"patient-1025\" autofocus"));

    let page = counter.browser.open(&format!("/patients/{other}")).await;
    let forgotten = counter.browser.submit(&page, &format!("/patients/{other}/cards"), &[]).await;
    assert!(!forgotten.has_form(&format!("/patients/{other}/cards")));
    let read = counter.insert().await;
    assert!(read.has(one.as_str()) && !read.has(other.as_str()));
}

#[tokio::test]
async fn a_test_read_asks_for_no_recognition() {
    let mut counter = counter();
    let page = counter.browser.open("/devices").await;
    let read = counter.browser.submit(&page, "/devices/card", &READER).await;
    assert!(!read.has("card_reading") && !read.has(&reading().0));
}

#[tokio::test]
async fn the_page_says_how_it_stands_with_the_law_beside_it() {
    let mut counter = counter();
    let on = counter.browser.open("/devices").await;
    assert!(on.has("<strong>オン</strong>") && on.has("44条から64条") && on.has("法律の専門家"));
    assert!(!on.has_form("/devices/erase-cards"), "nothing to erase");
    counter.desk.record().recognises = false;
    let off = counter.browser.open("/devices").await;
    assert!(off.has("<strong>オフ</strong>") && off.has("44条から64条"));
    let english = Browser::inside(&counter.desk).in_english().open("/devices").await;
    assert!(english.has("<strong>off</strong>") && english.has("articles 44 to 64"));
}

#[tokio::test]
async fn what_is_left_after_switching_off_is_erased_after_a_tick() {
    let mut counter = counter();
    let hanako = counter.hanako("1025");
    counter.remember(&hanako);
    counter.desk.record().recognises = false;
    let page = counter.browser.open("/devices").await;
    assert!(page.has("切った後も目印が残っています"));
    let asked = counter.browser.submit(&page, "/devices/erase-cards", &[]).await;
    assert!(asked.has("role=\"alert\">消すには"));
    assert_eq!(counter.cards_of(&hanako), 1);
    let erased = counter.browser.submit(&page, "/devices/erase-cards", &[("sure", "yes")]).await;
    assert!(erased.has("目印と鍵を消しました") && erased.has("消した記録"));
    assert_eq!(counter.cards_of(&hanako), 0);
    assert_eq!(counter.desk.recognition().unwrap().erasures[0].by, Author::new("staff-1").to_string());
    assert_eq!(erased.status, StatusCode::OK);
}

/// A declaration of 花子's visit, with her card read into it.
async fn declaration_with_card(counter: &mut Counter) -> (PatientId, String, Page) {
    let hanako = counter.hanako("1025");
    let visit = open(&counter.desk, Some(hanako.clone()), people::hanako(), vec![card()]);
    let path = format!("/visits/{visit}/declaration");
    let page = counter.browser.open(&path).await;
    assert!(!page.has("次回からこのカードを見分ける"), "no card was read yet");
    let read = counter.browser.press(&page, &path, &format!("{path}/card"), &READER).await;
    (hanako, path, read)
}

const ANSWERS: [(&str, &str); 3] =
    [("insurance_kind", "employee"), ("phone", "090-0000-1234"), ("strokes", "M10 20L30 40")];

#[tokio::test]
async fn the_card_read_for_a_declaration_is_remembered_when_staff_leave_the_tick() {
    let mut counter = counter();
    let (hanako, path, read) = declaration_with_card(&mut counter).await;
    assert!(read.has("次回からこのカードを見分ける"));
    let done = counter.browser.submit(&read, &path, &ANSWERS).await;
    assert!(done.has("保存済み") && !done.has("覚えられませんでした"));
    assert_eq!(counter.cards_of(&hanako), 1);
}

#[tokio::test]
async fn a_declaration_without_the_tick_remembers_nothing() {
    let mut counter = counter();
    let (hanako, path, read) = declaration_with_card(&mut counter).await;
    let declined = [&ANSWERS[..], &[("remember_card", "")]].concat();
    counter.browser.submit(&read, &path, &declined).await;
    assert_eq!(counter.cards_of(&hanako), 0);
}

#[tokio::test]
async fn staff_are_told_when_a_card_could_not_be_remembered() {
    let mut counter = counter();
    let hanako = counter.hanako("1025");
    let read = counter.insert().await;
    counter.desk.record().readings_are_gone = true;
    let visit = counter.browser.submit(&read, "/check-in", &[("patient", hanako.as_str())]).await;
    assert!(visit.has("保存済み") && visit.has("カードは覚えられませんでした（受付は保存済み）"));
    assert_eq!((counter.cards_of(&hanako), counter.desk.record().visits.len()), (0, 1));
    let later = counter.browser.open(visit.path.split('?').next().unwrap()).await;
    assert!(!later.has("覚えられませんでした"), "said once");

    counter.desk.record().readings_are_gone = false;
    let (_, path, read) = declaration_with_card(&mut counter).await;
    counter.desk.record().readings_are_gone = true;
    let done = counter.browser.submit(&read, &path, &ANSWERS).await;
    assert!(done.has("保存済み") && done.has("カードは覚えられませんでした（受付は保存済み）"));
}
