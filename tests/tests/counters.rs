//! Two counters share one line, in real Chromium: a number is taken, called, waits aside, comes back and is served; then a family of one
//! adult and two children.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::json;
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::program::{Outcome, Program};
use tests::receptionist::{set_up, sign_in, stands_at};

/// Presses a key where no field has the focus, and waits for the page that follows.
async fn key(desk: &Desk, key: &str) {
    desk.client
        .execute("document.activeElement?.blur(); document.body.dataset.before = '1'", Vec::new())
        .await
        .unwrap();
    desk.find("body").await.send_keys(key).await.unwrap();
    desk.find("body:not([data-before])").await;
}

/// With the line on its screen.
async fn serves_at(desk: &Desk, name: &str) {
    stands_at(desk, name).await;
    desk.goto("/line").await;
    assert_eq!(desk.find("#counter-here").await.text().await.unwrap(), name);
}

async fn child(desk: &Desk, first: &str, kana: &str) -> String {
    desk.goto(&format!("/check-in?family={first}")).await;
    desk.find("#origin").await;
    desk.press("#new > summary").await;
    desk.fill("name_kana", kana).await;
    desk.fill("birth_date", "2023-05-05").await;
    desk.send("#new .actions button").await;
    desk.find("#ladder").await;
    desk.path().await.strip_prefix("/visits/").unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_counters_share_a_line_and_a_family_is_received_together() {
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let _reception = clinic.open();
    let one = Desk::open(&clinic.url()).await;
    set_up(&one).await;
    for (key, name) in [("counter-1", "窓口1"), ("counter-2", "窓口2")] {
        let counter = json!({"set": {"name": name, "kind": "second_counter", "has_reader": true}});
        assert!(matches!(program.post("/counters", key, &counter), Outcome::Kept(_)));
    }
    let two = Desk::open(&clinic.url()).await;
    sign_in(&two).await;
    serves_at(&one, "窓口1").await;
    serves_at(&two, "窓口2").await;

    key(&one, "t").await; // the field of the name is optional
    key(&one, "t").await;
    two.find("#waiting li + li").await; // both numbers came to the other screen by themselves
    key(&one, "n").await;
    two.find("#elsewhere li").await;
    key(&two, "n").await;
    assert!(two.find("#called-here .slip-number").await.text().await.unwrap().ends_with('2'), "nobody is called twice");
    key(&one, "2").await; // went to fetch the card
    two.find("#parked li").await;
    key(&two, "b").await;
    two.find("#waiting li").await;
    one.find("#waiting li").await;
    key(&one, "n").await;
    one.find("#called-here [data-ticket]").await;
    key(&one, "s").await;
    one.find("#origin").await;
    one.press("#new > summary").await;
    one.fill("name_kana", "カクウ ハハ").await;
    one.fill("birth_date", "1988-02-29").await;
    one.fill("address", "見本県見本市1-2-3").await;
    one.send("#new .actions button").await;
    one.find("#ladder").await;
    let adult = one.path().await.strip_prefix("/visits/").unwrap().to_owned();
    let line = program.get("/line");
    assert_eq!(
        (&line["numbers"][0]["status"], &line["numbers"][0]["visits"][0]),
        (&"served".into(), &adult.clone().into())
    );

    let elder = child(&one, &adult, "カクウ アネ").await;
    child(&one, &elder, "カクウ オトウト").await;
    let visits = program.visits();
    let of_family = visits.iter().filter(|row| row["family"] == adult.as_str()).count();
    assert_eq!(of_family, 2, "both under the first, whichever staff began from: {visits:?}");
    one.goto("/").await;
    one.find("tr [data-family='1']").await;
    one.close().await;
    two.close().await;
}
