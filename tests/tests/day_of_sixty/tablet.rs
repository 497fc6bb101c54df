//! The patient's tablet: paired at the desk, filled in question by question, signed by finger.

use crate::counter::patiently;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use std::time::Duration;
use sync::simulator::Person;
use tests::browser::Desk;

/// Pairs a tablet with the box.
pub async fn pair(desk: &Desk, tablet: &Desk) {
    desk.goto("/tablets").await;
    desk.fill("name", "待合1").await;
    desk.send("#pair").await;
    let digits = desk.find("#pair-code").await.text().await.unwrap();
    tablet.goto("/tablet").await;
    tablet.fill("code", &digits).await;
    tablet.send("#next").await;
    assert_eq!(tablet.path().await, "/tablet/waiting", "{}", tablet.text().await);
}

/// The patient fills in the declaration.
pub async fn fill_in(tablet: &Desk, person: &Person, kind: &str) {
    patiently(tablet, "form[action='/tablet/language']", "the waiting page notices by itself").await;
    tablet.send("button[value='ja']").await;
    loop {
        let path = tablet.path().await;
        match path.rsplit('/').next().unwrap_or_default() {
            "kind" => tablet.press(&format!("input[value='{kind}']")).await,
            "sex" => tablet.press(&format!("input[value='{}']", person.face.sex.code())).await,
            "phone" => tablet.fill("phone", &person.telephone).await,
            "sign" => break,
            _ => {}
        }
        tablet.send("#next").await;
        assert_ne!(tablet.path().await, path, "{}", tablet.text().await);
    }
    sign_by_finger(tablet).await;
    tablet.send("#next").await;
    patiently(tablet, "#thanks", "the form is handed in").await;
    tablet.goto("/tablet").await;
}

async fn sign_by_finger(tablet: &Desk) {
    let canvas = tablet.find("#sign").await;
    let into_view = "document.getElementById('sign').scrollIntoView({block: 'center'})";
    tablet.client.execute(into_view, Vec::new()).await.unwrap();
    let mut finger = TouchActions::new("finger".to_owned())
        .then(PointerAction::MoveToElement { element: canvas, duration: Some(Duration::ZERO), x: -100.0, y: -20.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    for (x, y) in [(60.0, 40.0), (60.0, -40.0), (60.0, 40.0)] {
        finger = finger.then(PointerAction::MoveBy { duration: Some(Duration::from_millis(50)), x, y });
    }
    tablet.client.perform_actions(finger.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })).await.unwrap();
}
