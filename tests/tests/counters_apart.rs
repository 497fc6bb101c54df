//! Two counters cut off from each other: both receive the same patient, and both go on with a visit they share. When the line is back,
//! both show what was entered twice and differently, staff settle it in the browser, and both boxes show the same, and who decided.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tests::browser::Desk;
use tests::facility::{desk, let_in};
use tests::lines::{Switch, in_own_network};
use tests::networked::{NetworkedBox, wait_for};
use tests::people::{Patient, Plan, forty, population};
use tests::process::{Running, uketsuke};
use tests::receptionist::{begin, declare, receive, set_up_as};
use uketsuke::clock::Clock;

/// As it was received, and what each counter reads on the card.
const RECEIVED: &str = "●橋　花子";
const HERE: &str = "高橋　花子";
const THERE: &str = "髙橋　花子";
/// Who works where.
const STAFF: [&str; 2] = ["窓口の佐藤", "車窓口の鈴木"];
/// Longest wait for a page.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn what_two_counters_entered_apart_is_shown_on_both_and_settled_in_the_browser() {
    let name = "what_two_counters_entered_apart_is_shown_on_both_and_settled_in_the_browser";
    uketsuke();
    if in_own_network(name, &[]) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(a_morning_apart());
    }
}

struct Site {
    switch: Switch,
    counters: [NetworkedBox; 2],
    _boxes: Vec<Running>,
    browser: Desk,
    days: BTreeSet<String>,
}

impl Site {
    async fn open() -> Site {
        let switch = Switch::new();
        let mut counters = [1, 2].map(|number| NetworkedBox::new(switch.machine(number), None));
        let first = desk(&counters[0].data());
        let_in(&first, &counters[1].data(), "ドライブスルー").await;
        first.stop().await;
        counters.iter_mut().for_each(NetworkedBox::make_token);
        let other = |which: usize| [counters[1 - which].machine.address()];
        let boxes = vec![counters[0].open(&other(0)), counters[1].open(&other(1))];
        let mut browser = Desk::open(&counters[0].url()).await;
        for (counter, name) in counters.iter().zip(STAFF) {
            browser.turn_to(&counter.url());
            set_up_as(&browser, name).await;
        }
        Site { switch, counters, _boxes: boxes, browser, days: BTreeSet::new() }
    }

    fn both(&self) -> [&NetworkedBox; 2] {
        [&self.counters[0], &self.counters[1]]
    }

    /// Sits down at a counter. A visit is on the board of its day, and midnight may be near.
    fn sit_at(&mut self, which: usize) {
        self.browser.turn_to(&self.counters[which].url());
        self.days.insert(Clock::wall().now().date_in_japan().to_string());
    }

    fn apart(&self, which: usize) -> Value {
        self.counters[which].program().get("/apart")
    }

    /// Types where the page may just have been brought up to date.
    async fn types(&self, css: &str, text: &str) {
        let began = Instant::now();
        loop {
            let field = self.browser.find(css).await;
            let typed = match field.clear().await {
                Ok(()) => field.send_keys(text).await.is_ok(),
                Err(_) => false,
            };
            if typed && field.prop("value").await.is_ok_and(|value| value.as_deref() == Some(text)) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{css} does not take what is typed");
        }
    }

    /// Reads the ● on the card, and types what it is.
    async fn correct(&self, patient: &str, name: &str) {
        self.browser.goto(&format!("/patients/{patient}")).await;
        let form = format!("form[action='/patients/{patient}/name']");
        self.types(&format!("{form} [name='corrected']"), name).await;
        self.browser.send(&format!("{form} .actions button")).await;
        self.browser.find("#flash:not(:empty)").await;
    }

    /// Decides in one of the forms of the list.
    async fn decides(&self, form: &str, button: &str) {
        self.browser.goto("/apart").await;
        let form = format!("form:has(> input[name='form'][value='{form}'])");
        self.types(&format!("{form} [name='reason']"), "通信が切れている間に2つの窓口で入力した").await;
        self.browser.send(&format!("{form} {button}")).await;
        self.browser.find("#flash:not(:empty)").await;
    }

    async fn says(&self, path: &str, words: &[&str]) {
        self.browser.goto(path).await;
        let text = self.browser.client.execute("return document.body.textContent", Vec::new()).await.unwrap();
        let text = text.as_str().unwrap();
        for word in words {
            assert!(text.contains(word), "{path} does not say {word}:\n{text}");
        }
    }
}

async fn a_morning_apart() {
    let mut site = Site::open().await;
    let mut people = forty(&population()).into_iter().filter(|patient| patient.plan == Plan::Certificate);
    let (mut shared, twice): (Patient, Patient) = (people.next().unwrap(), people.next().unwrap());
    shared.plan = Plan::Declaration;
    RECEIVED.clone_into(&mut shared.person.face.name);

    // A visit that both know.
    site.sit_at(0);
    let visit = begin(&site.browser, &shared).await;
    let known = |counter: &NetworkedBox| counter.board(&site.days).contains_key(&visit);
    wait_for("the visit at both counters", &site.both(), || site.both().into_iter().all(known)).await;
    let board = site.counters[0].board(&site.days);
    let patient = board[&visit]["patient"].as_str().unwrap().to_owned();

    // The cable is out: one corrects the name, the other corrects it otherwise and takes the declaration, and both receive one patient.
    let before = site.switch.lost_packets();
    site.switch.cut(&site.counters[0].machine, &site.counters[1].machine);
    site.sit_at(0);
    site.correct(&patient, HERE).await;
    let one = receive(&site.browser, &twice).await;
    site.sit_at(1);
    site.correct(&patient, THERE).await;
    declare(&site.browser, &shared, &visit).await;
    site.browser.find("#flash:not(:empty)").await;
    let two = receive(&site.browser, &twice).await;
    site.sit_at(1);
    wait_for("the cut was felt", &[], || site.switch.lost_packets() > before).await;
    let visits = |which: usize| -> BTreeSet<String> { site.counters[which].board(&site.days).into_keys().collect() };
    assert!(!visits(0).contains(&two) && !visits(1).contains(&one), "the counters are apart");

    // The line is back: both show the double check-in, and the disagreement with both values.
    site.switch.heal();
    let all = BTreeSet::from([visit.clone(), one.clone(), two.clone()]);
    wait_for("every visit at both counters", &site.both(), || visits(0) == all && visits(1) == all).await;
    let shows = |which: usize| {
        let apart = site.apart(which);
        ["disputed", "visits", "patients"].iter().all(|list| apart[list].as_array().unwrap().len() == 1)
    };
    wait_for("what needs a look, at both counters", &site.both(), || shows(0) && shows(1)).await;
    for which in [0, 1] {
        site.sit_at(which);
        let double = ["同じ方の受付が同じ日に2つあります", &twice.person.face.name];
        site.says("/apart", &double).await;
        site.says("/apart", &[HERE, THERE, "食い違っています", STAFF[0], STAFF[1], "ドライブスルー"]).await;
        site.browser.keep_picture(&format!("apart-{which}")).await;
        site.says(&format!("/visits/{visit}"), &["申立書"]).await;
        site.says("/", &["二重受付？"]).await;
    }

    // Staff at the second counter settle it.
    site.sit_at(1);
    let sides = site.apart(1)["disputed"][0]["disagreements"][0]["sides"].clone();
    let right = sides.as_array().unwrap().iter().find(|side| side.to_string().contains(THERE)).unwrap();
    site.decides("settle0", &format!("button[name='right'][value='{}']", right["fact"].as_str().unwrap())).await;
    site.decides("visits0", &format!("button.primary[name='goes_on'][value='{one}']")).await;
    site.decides("patients0", "li:first-child button.primary[name='goes_on']").await;

    // Both boxes show the same, and who decided.
    let boards = || (site.counters[0].board(&site.days), site.counters[1].board(&site.days));
    let settled = |which: usize| {
        let apart = site.apart(which);
        ["disputed", "visits", "patients"].iter().all(|list| apart[list].as_array().unwrap().is_empty())
    };
    wait_for("nothing needs a look any more", &site.both(), || settled(0) && settled(1)).await;
    wait_for("the boards are the same", &site.both(), || boards().0 == boards().1).await;
    let (board, _) = boards();
    assert_eq!(board[&two]["status"], "merged", "{board:?}");
    assert_ne!(board[&one]["status"], "merged");
    for which in [0, 1] {
        site.sit_at(which);
        site.says(&format!("/visits/{one}"), &["別の窓口の受付をここにまとめ", STAFF[1]]).await;
        site.browser.keep_picture(&format!("merged-{which}")).await;
        site.says(&format!("/patients/{patient}"), &[THERE]).await;
    }
    site.sit_at(1);
    site.says("/trail", &["見比べて決めた", STAFF[1]]).await;
    site.sit_at(0);
    site.says("/trail", &["ほかの機器で記録を1つにまとめた", STAFF[1], "ドライブスルー"]).await;
    site.browser.keep_picture("trail-of-the-other-counter").await;
    site.browser.close().await;
}
