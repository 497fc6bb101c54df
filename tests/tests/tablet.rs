//! The patient's tablet in a real browser: paired at the desk, handed over, filled in, signed by finger, and accepted at the desk.
#![allow(clippy::unwrap_used, missing_docs)]

use fantoccini::Locator;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use fantoccini::elements::Element;
use serde_json::Value;
use std::time::Duration;
use tests::aftermath::{link_status, until};
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::program::Program;
use tests::receptionist::set_up;

/// Long enough for a loaded machine; nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// Letters of at least 24 pt, targets of at least 56 px, nothing wider than the screen. The readings above characters are an aid beside
/// letters that are large enough themselves.
const MEASURE: &str = r"
    const shown = (e) => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1 && e.checkVisibility(); };
    const wrong = [];
    for (const e of document.querySelectorAll('body *')) {
        if (!shown(e) || e.closest('rt, rp, .sr, option, noscript')) continue;
        const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        const size = parseFloat(getComputedStyle(e).fontSize);
        if ((says || e.matches('input[type=text], select')) && size < 32) wrong.push(`${e.tagName} ${e.textContent.trim().slice(0, 20)}: ${size} px letters`);
    }
    for (const e of document.querySelectorAll('a, button, select, input:not([type=hidden])')) {
        const target = e.matches('[type=radio], [type=checkbox]') ? e.closest('label') : e;
        if (!shown(target) || e.matches('.sr')) continue;
        const box = target.getBoundingClientRect();
        if (box.width < 56 || box.height < 56) wrong.push(`${e.tagName} ${e.id || e.textContent.trim()}: ${box.width} x ${box.height}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
    if (localStorage.length + sessionStorage.length > 0) wrong.push('something is kept in the browser');
    return wrong;
";

async fn patiently(desk: &Desk, css: &str) -> Element {
    match desk.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
        Ok(element) => element,
        Err(error) => panic!("{css} never came ({error}):\n{}", desk.text().await),
    }
}

/// Measures the page at both ways to hold a 10-inch tablet.
async fn large_enough(tablet: &Desk) {
    for (width, height) in [(800, 1280), (1280, 800)] {
        tablet.client.set_window_size(width, height).await.unwrap();
        let wrong: Vec<Value> =
            serde_json::from_value(tablet.client.execute(MEASURE, Vec::new()).await.unwrap()).unwrap();
        assert!(wrong.is_empty(), "{} at {width}: {wrong:#?}", tablet.path().await);
    }
}

/// Measures a page of the tablet, and goes on to the one named.
async fn on_to(tablet: &Desk, next: &str) {
    large_enough(tablet).await;
    tablet.send("#next").await;
    assert_eq!(tablet.path().await, next, "{}", tablet.text().await);
}

async fn sign_by_finger(tablet: &Desk) {
    let canvas = tablet.find("#sign").await;
    tablet
        .client
        .execute("document.getElementById('sign').scrollIntoView({block: 'center'})", Vec::new())
        .await
        .unwrap();
    let mut finger = TouchActions::new("finger".to_owned())
        .then(PointerAction::MoveToElement { element: canvas, duration: Some(Duration::ZERO), x: -100.0, y: -20.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    for (x, y) in [(60.0, 40.0), (60.0, -40.0), (60.0, 40.0)] {
        finger = finger.then(PointerAction::MoveBy { duration: Some(Duration::from_millis(50)), x, y });
    }
    let finger = finger.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    tablet.client.perform_actions(finger).await.unwrap();
}

/// Somebody new comes with the card; the line plays no part. Returns the path of the visit.
async fn check_in(desk: &Desk) -> String {
    desk.goto("/check-in").await;
    desk.press("input[name='presented'][value='card']").await;
    desk.press("#new > summary").await;
    desk.fill("name", "架空 太郎").await;
    desk.fill("name_kana", "カクウ タロウ").await;
    desk.fill("birth_date", "1988-02-29").await;
    desk.send("#new .actions button").await;
    patiently(desk, "#ladder, .next").await;
    desk.path().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_fills_in_the_declaration_on_a_tablet_and_the_desk_accepts_it() {
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let reception = clinic.open();
    until("the line is seen to be down", || link_status(&program, "line") == "down").await;
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    desk.goto("/tablets").await;
    desk.fill("name", "待合1").await;
    desk.send("#pair").await;
    let digits = desk.find("#pair-code").await.text().await.unwrap();

    let tablet = Desk::open(&clinic.url()).await;
    tablet.goto("/tablet").await;
    large_enough(&tablet).await;
    tablet.fill("code", &digits).await;
    tablet.send("#next").await;
    assert_eq!(tablet.path().await, "/tablet/waiting", "{}", tablet.text().await);
    large_enough(&tablet).await;
    tablet.goto("/tablet/guide?lang=ja").await;
    large_enough(&tablet).await;
    tablet.goto("/check-in").await;
    assert_eq!(tablet.path().await, "/tablet/waiting", "nothing of the desk opens");

    let visit = check_in(&desk).await;
    desk.goto(&format!("{visit}/declaration")).await;
    desk.send(".hand-over").await;

    // The waiting page notices by itself.
    patiently(&tablet, "form[action='/tablet/language']").await;
    large_enough(&tablet).await;
    tablet.send("button[value='ja']").await;
    on_to(&tablet, "/tablet/question/name").await;
    tablet.client.back().await.unwrap();
    patiently(&tablet, "#question").await;
    assert!(tablet.path().await.starts_with("/tablet"), "the way back stays inside");
    tablet.goto("/tablet/question/name").await;
    on_to(&tablet, "/tablet/question/birth").await;
    on_to(&tablet, "/tablet/question/sex").await;
    tablet.press("input[value='1']").await;
    on_to(&tablet, "/tablet/question/kind").await;
    tablet.press("input[value='employee']").await;
    on_to(&tablet, "/tablet/question/insurer").await;
    tablet.fill("workplace", "架空商事").await;
    on_to(&tablet, "/tablet/question/papers").await;

    // Somebody needs help: the desk's board says so while it is open.
    desk.goto("/").await;
    tablet.send("#call").await;
    patiently(&desk, "#tablet-calls button").await;
    desk.send("#tablet-calls button").await;
    assert!(!desk.has("#tablet-calls button").await);

    on_to(&tablet, "/tablet/question/address").await;
    on_to(&tablet, "/tablet/question/phone").await;
    tablet.fill("phone", "090-0000-1234").await;
    on_to(&tablet, "/tablet/question/ratio").await;
    on_to(&tablet, "/tablet/question/signer").await;
    on_to(&tablet, "/tablet/review").await;

    tablet.goto("/tablet/still-there").await;
    on_to(&tablet, "/tablet/review").await;
    on_to(&tablet, "/tablet/sign").await;
    large_enough(&tablet).await;
    tablet.send("#next").await;
    tablet.find("#wrong").await;
    sign_by_finger(&tablet).await;
    tablet.send("#next").await;
    tablet.find("#thanks").await;
    large_enough(&tablet).await;

    desk.goto(&visit).await;
    let shown = desk.text().await;
    assert!(shown.contains("受付できました") && shown.contains("被保険者資格申立書"), "{shown}");
    tablet.goto("/tablet").await;
    assert_eq!(tablet.path().await, "/tablet/waiting");
    assert!(!tablet.text().await.contains("架空"), "nothing of the patient stays");
    tablet.close().await;
    desk.close().await;
    drop(reception);
}
