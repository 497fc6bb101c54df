//! The round of a facility, as staff see it.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::on_file;
use domain::case::{Companion, Flow};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, PatientId};
use domain::patient::{CoverageLearned, PatientFact};
use domain::visit::{Placed, VisitCommand, VisitFact};
use domain::{Date, Timestamp};
use std::sync::Arc;
use web::port::{CheckIn, Desk, DeskCommand};

/// A round a month ago: two residents of one house, one of them with a certificate that ends soon; one of another.
fn last_month(desk: &MemoryDesk) -> [PatientId; 3] {
    let ume = on_file(desk, "1003", people::ume(), people::kokuho("1112223", 1), "2026-02-02", Some("耳が遠い"));
    let taro = on_file(desk, "1002", people::taro(), people::kokuho("7654321", 3), "2026-01-19", None);
    let ken = on_file(desk, "1004", people::ken(), people::kenpo("2223334"), "2025-12-12", None);
    let certificate = CoverageLearned {
        coverage: Coverage { valid_to: Some(Date::literal(2026, 3, 20)), ..people::kokuho("1112223", 1) },
        evidence: EvidenceKind::EligibilityCertificate,
        confidence: Confidence::ConfirmedByDocument,
        on: Date::literal(2026, 2, 2),
        visit: None,
    };
    desk.record().learn(&Author::the_box(), &ume, PatientFact::CoverageLearned(Box::new(certificate)));
    desk.set_now(Timestamp::in_japan(Date::literal(2026, 2, 2), 14, 0, 0));
    for (patient, place) in [(&ume, "ひまわり苑 203"), (&taro, "ひまわり苑 101"), (&ken, "あおぞら荘 5")]
    {
        let placed = VisitCommand::Place(Placed { kind: None, place: Some(place.to_owned()) });
        let check_in = CheckIn {
            patient: Some(patient.clone()),
            patient_number: None,
            person: PersonFace::EMPTY,
            flow: Flow::Facility,
            counter: None,
            commands: vec![placed],
        };
        desk.keep(DeskCommand::CheckIn(Box::new(check_in)));
    }
    desk.set_now(Timestamp::in_japan(MONDAY, 13, 30, 0));
    [ume, taro, ken]
}

fn himawari(desk: &MemoryDesk) -> Vec<(String, bool)> {
    let facilities = desk.facility_rounds().unwrap();
    let himawari = facilities.iter().find(|facility| facility.name == "ひまわり苑").unwrap();
    himawari.residents.iter().map(|resident| (resident.room.clone(), resident.today.is_some())).collect()
}

/// Sends the form of one house.
async fn press(browser: &mut Browser, page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
    let is_house = |form: &crate::support::html::Form| {
        form.fields.iter().any(|(name, value)| name == "facility" && value == "ひまわり苑")
    };
    let form = crate::support::html::forms(&page.html).into_iter().find(is_house).expect("the house");
    let with_button: Vec<(&str, &str)> = fields.iter().copied().chain([("do", what)]).collect();
    let sent = browser.send_this(&form, &with_button).await;
    if sent.status.is_redirection() { browser.open(sent.header("location")).await } else { sent }
}

fn opened() -> (Arc<MemoryDesk>, Browser, [PatientId; 3]) {
    let desk = MemoryDesk::new();
    let residents = last_month(&desk);
    let browser = Browser::inside(&desk);
    (desk, browser, residents)
}

#[tokio::test]
async fn residents_stand_by_house_with_what_runs_out() {
    let (_desk, mut browser, _) = opened();
    let page = browser.open("/round").await;
    assert!(page.has("ひまわり苑") && page.has("あおぞら荘") && page.has("耳が遠い"));
    assert!(page.has("2026年3月20日") && page.has("まもなく期限"), "{}", page.text());
    assert!(page.has("資格確認書の期限が近い・切れた方 1"));
}

#[tokio::test]
async fn whoever_is_ticked_is_received_at_the_room_with_who_answered() {
    let (desk, mut browser, [ume, taro, _]) = opened();
    let page = browser.open("/round").await;
    let nobody = press(&mut browser, &page, "receive", &[("companion", "helper")]).await;
    assert!(nobody.has("受け付ける方に印を付けてください"), "{}", nobody.text());
    let all = press(&mut browser, &page, "all", &[("companion", "helper"), ("brought_by", "施設 花")]).await;
    assert!(all.html.contains(&format!("name=\"resident-{ume}\" value=\"yes\" checked")), "{}", all.html);
    assert!(all.html.contains(&format!("name=\"resident-{taro}\" value=\"yes\" checked")), "{}", all.html);
    assert!(all.has("ひまわり苑") && all.html.contains("value=\"施設 花\""));
    assert!(himawari(&desk).iter().all(|(_, received)| !received), "ticking receives nobody");

    let ticked = format!("resident-{ume}");
    let kept = press(
        &mut browser,
        &page,
        "receive",
        &[(ticked.as_str(), "yes"), ("companion", "helper"), ("brought_by", "施設 花")],
    )
    .await;
    assert!(kept.has("保存済み"), "{}", kept.text());
    assert_eq!(himawari(&desk), [("101".to_owned(), false), ("203".to_owned(), true)]);
    let row = desk.board(MONDAY).unwrap().rows.remove(0);
    assert_eq!((row.flow, row.place.as_deref()), (Flow::Facility, Some("ひまわり苑 203")));
    let view = desk.visit(&row.visit).unwrap().unwrap();
    let came = view.history.iter().find_map(|recorded| match &recorded.fact {
        VisitFact::CompanionCame(came) => Some(came.clone()),
        _ => None,
    });
    let came = came.expect("who answered is kept");
    assert_eq!((came.companion, came.name.as_deref()), (Companion::Helper, Some("施設 花")));

    // the same form once more, and another one later: nobody is received twice
    press(&mut browser, &page, "receive", &[(ticked.as_str(), "yes")]).await;
    assert_eq!(desk.board(MONDAY).unwrap().rows.len(), 1);
    let later = browser.open("/round").await;
    assert!(later.html.contains("value=\"施設 花\""), "who answered last is proposed");
}

#[tokio::test]
async fn an_empty_round_says_how_it_begins() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/round").await;
    assert!(page.has("巡回の記録はまだありません") && page.html.contains("href=\"/check-in?flow=facility\""));
    let form = browser.open("/check-in?flow=facility").await;
    assert!(form.html.contains("value=\"facility\" checked") && form.html.contains("name=\"place\""), "{}", form.html);
    assert!(form.has("この窓口の種類：施設の巡回") && form.has("施設名・居室"), "{}", form.text());
}
