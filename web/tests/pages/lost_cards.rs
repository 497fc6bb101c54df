//! Cards that were left behind, and cards that were lost, as the reception sees them.

use crate::support::browser::{Browser, Page};
use crate::support::html::forms;
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::{on_file, open, shown};
use domain::Date;
use domain::decision::FollowUpKind;
use domain::evidence::EvidenceKind;
use domain::visit::{FullChargeAsked, VisitCommand};
use std::sync::Arc;
use web::port::{Desk, DeskCommand, FoundCardItem};

/// Sends the form of a card that has this button.
async fn press(browser: &mut Browser, page: &Page, what: &str, fields: &[(&str, &str)]) -> Page {
    let has = |form: &crate::support::html::Form| form.buttons.iter().any(|(_, value)| value == what);
    let form = forms(&page.html).into_iter().find(has).unwrap_or_else(|| panic!("no button {what}"));
    let with_button: Vec<(&str, &str)> = fields.iter().copied().chain([("do", what)]).collect();
    let sent = browser.send_this(&form, &with_button).await;
    if sent.status.is_redirection() { browser.open(sent.header("location")).await } else { sent }
}

fn held(desk: &MemoryDesk) -> Vec<FoundCardItem> {
    desk.found_cards().unwrap()
}

async fn with_card() -> (Arc<MemoryDesk>, Browser) {
    let desk = MemoryDesk::new();
    on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/lost-cards").await;
    assert!(page.has("お預かりしているカードはありません"));
    let fields = [("thing", "my_number_card"), ("found_place", "reader"), ("owner", "1001")];
    let kept = press(&mut browser, &page, "enter", &fields).await;
    assert!(kept.has("保存済み") && kept.has("見本 花子"), "{}", kept.text());
    (desk, browser)
}

#[tokio::test]
async fn a_card_left_in_the_reader_is_held_called_about_and_handed_back() {
    let (desk, mut browser) = with_card().await;
    let item = held(&desk).remove(0);
    assert_eq!(item.state.found.day, MONDAY);
    assert_eq!(item.owner.unwrap().patient_number.as_deref(), Some("1001"));
    for path in ["/", "/follow-ups"] {
        assert!(browser.open(path).await.has("href=\"/lost-cards\""), "{path}");
    }
    assert!(browser.open("/").await.has("お預かりのカード"));

    let page = browser.open("/lost-cards").await;
    let called = press(&mut browser, &page, "not-reached", &[]).await;
    assert!(called.has("連絡した回数：1") && !called.has("持ち主に伝わっています"));
    let told = press(&mut browser, &called, "reached", &[]).await;
    assert!(told.has("持ち主に伝わっています"));
    let refused = press(&mut browser, &told, "back", &[("to", "ご本人")]).await;
    assert!(refused.has("まだ保存していません") && refused.has("value=\"ご本人\""), "{}", refused.text());
    let back = press(&mut browser, &told, "back", &[("to", "ご本人"), ("how", "photo")]).await;
    assert!(back.has("返した相手：ご本人") && back.has("お預かりしているカードはありません"), "{}", back.text());
    assert!(!browser.open("/").await.has("お預かりのカード"));
}

#[tokio::test]
async fn a_card_nobody_comes_for_is_given_to_an_office_on_a_possible_day() {
    let (desk, mut browser) = with_card().await;
    let page = browser.open("/lost-cards").await;
    let early = [("office", "police"), ("given_on", "2026-03-01"), ("receipt", "第12号")];
    let refused = press(&mut browser, &page, "give", &early).await;
    assert!(refused.has("見つけた日から今日まで") && refused.has("value=\"第12号\""), "{}", refused.text());
    let given = press(&mut browser, &page, "give", &[("office", "police"), ("receipt", "第12号")]).await;
    assert!(given.has("届け先：警察 第12号"), "{}", given.text());
    assert!(held(&desk)[0].state.given_away.is_some());
}

#[tokio::test]
async fn the_owner_must_be_one_patient_and_no_number_of_a_card_is_written_down() {
    let desk = MemoryDesk::new();
    on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    on_file(&desk, "1002", people::hanako(), people::kenpo("1234568"), "2026-02-10", None);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/lost-cards").await;
    let entry = |owner| [("thing", "other"), ("found_place", "counter"), ("owner", owner), ("detail", "台の上")];
    let several = press(&mut browser, &page, "enter", &entry("ミホン")).await;
    assert!(several.has("患者さんが複数います") && several.has("value=\"台の上\""), "{}", several.text());
    let nobody = press(&mut browser, &page, "enter", &entry("ダレカ")).await;
    assert!(nobody.has("見つかりません"));
    let number = [("thing", "other"), ("found_place", "counter"), ("detail", "番号 1234 5678 9018")];
    let refused = press(&mut browser, &page, "enter", &number).await;
    assert!(!refused.has("9018") && refused.has("まだ保存していません"), "{}", refused.text());
    assert!(held(&desk).is_empty());
}

#[tokio::test]
async fn a_lost_card_is_told_at_the_desk_and_stays_to_be_looked_after() {
    let desk = MemoryDesk::new();
    let patient = on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let visit = open(&desk, Some(patient), people::hanako(), Vec::new());
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{visit}")).await;
    let lost = browser.submit(&page, &format!("/visits/{visit}/lost-card"), &[("stopped", "no")]).await;
    assert!(lost.has("0120-95-0178") && lost.has("カード紛失の申し出"), "{}", lost.text());
    let state = || desk.visit(&visit).unwrap().unwrap();
    assert_eq!(state().state.card_lost.as_ref().unwrap().is_stopped, Some(false));
    let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もない".to_owned() });
    desk.keep(DeskCommand::Visit { visit: visit.clone(), commands: vec![shown(EvidenceKind::None), asked] });
    let open = state().follow_ups;
    let due = open.iter().find(|item| item.kind == FollowUpKind::CardLost).map(|item| item.due);
    assert_eq!(due, Some(Date::literal(2026, 4, 9)), "{open:?}");
    let slip = browser.open(&format!("/visits/{visit}/slip")).await;
    assert!(slip.has("0120-95-0178"), "{}", slip.text());
}
