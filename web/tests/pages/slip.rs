//! The slip of a visit: what a patient takes home says what is open and names nobody.

use crate::support::browser::{Browser, Page};
use crate::support::html::tags;
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, card_read, monday_morning, open, shown};
use domain::Date;
use domain::decision::FollowUpKind;
use domain::eligibility::EligibilityStatus;
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::visit::{CardSeen, FullChargeAsked, VisitCommand};
use http::StatusCode;
use std::sync::Arc;
use web::port::{Desk, DeskCommand};

#[tokio::test]
async fn it_shows_number_day_and_code_and_names_nobody() {
    let desk = MemoryDesk::new();
    open(&desk, None, people::taro(), vec![card()]);
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.has(&format!("href=\"/visits/{visit}/slip\"")));
    let slip = browser.open(&format!("/visits/{visit}/slip")).await;
    let code = desk.visit(&visit).unwrap().unwrap().slip.unwrap();
    assert!(slip.has("受付票") && slip.has("2026年3月2日") && slip.has(&code));
    assert!(slip.has("<dd class=\"slip-number\">2</dd>"), "the second of the day");
    let symbol = tags(&slip.html).into_iter().find(|tag| tag.get("class") == Some("dark")).expect("a symbol");
    assert!(symbol.get("d").is_some_and(|path| path.matches("h1v1h-1z").count() > 100));
    for secret in ["見本 花子", "ミホン", "1964", "昭和39", "01130012"] {
        assert!(!slip.has(secret), "{secret}");
    }
}

async fn slip_of(desk: &Arc<MemoryDesk>, visit: &VisitId) -> (Vec<FollowUpKind>, Page) {
    let view = desk.visit(visit).unwrap().unwrap();
    let slip = Browser::inside(desk).open(&format!("/visits/{visit}/slip")).await;
    for follow_up in &view.follow_ups {
        assert!(!slip.has(&follow_up.reason.ja), "the clinic's own words: {}", follow_up.reason.ja);
    }
    (view.follow_ups.iter().map(|follow_up| follow_up.kind).collect(), slip)
}

#[tokio::test]
async fn it_says_what_is_open_between_patient_and_clinic() {
    let desk = MemoryDesk::new();
    let expires = CardSeen { certificate_expiry: Date::parse("2026-04-01"), registered: None };
    let visit = open(&desk, None, people::hanako(), vec![card(), VisitCommand::NoteCard(expires)]);
    card_read(&desk, &visit, people::hanako(), people::kenpo("1234567"), EligibilityStatus::Valid);
    let (kinds, slip) = slip_of(&desk, &visit).await;
    assert!(kinds.contains(&FollowUpKind::CertificateSlip), "{kinds:?}");
    assert!(slip.has("電子証明書の更新を") && slip.has("お願い・お知らせ"));

    let visit = open(&desk, None, people::taro(), vec![shown(EvidenceKind::None)]);
    let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もない".to_owned() });
    desk.keep(DeskCommand::Visit { visit: visit.clone(), commands: vec![asked] });
    let (kinds, slip) = slip_of(&desk, &visit).await;
    assert!(kinds.contains(&FollowUpKind::Refund), "{kinds:?}");
    assert!(slip.has("お預かりした金額の精算があります") && !slip.has("10割") && !slip.has("電子証明書の更新を"));
}

#[tokio::test]
async fn what_only_the_clinic_has_to_do_is_not_on_it() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).oral;
    let (kinds, slip) = slip_of(&desk, &visit).await;
    assert!(kinds.contains(&FollowUpKind::Recheck), "{kinds:?}");
    assert!(!slip.has("お願い・お知らせ"), "{kinds:?}");
}

#[tokio::test]
async fn a_visit_that_does_not_exist_has_none() {
    let desk = MemoryDesk::new();
    assert_eq!(Browser::inside(&desk).get("/visits/none/slip").await.status, StatusCode::NOT_FOUND);
}
