//! How many keys a check-in takes at a real Chromium: every press is counted by the page itself, and the mouse is never touched.
#![allow(clippy::unwrap_used, missing_docs)]

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;
use std::time::{Duration, Instant};
use sync::simulator::{CardMethod, SimClock, SimConfig, SimFolders, SimTerminal};
use tests::aftermath::{link_status, until};
use tests::browser::Desk;
use tests::clinic::{Clinic, INSTITUTION_CODE};
use tests::program::{Outcome, Program};
use tests::receptionist::set_up;

const ENTER: char = '\u{E007}';

/// Counts every press of a key, over pages.
const COUNTING: &str = "if (window.counting) return; window.counting = true; \
    addEventListener('keydown', () => sessionStorage.setItem('keys', Number(sessionStorage.getItem('keys') || 0) + 1), true); \
    addEventListener('pointerdown', () => sessionStorage.setItem('mouse', 1), true);";

/// A receptionist with a keyboard and nothing else.
struct Keyboard<'a> {
    desk: &'a Desk,
}

impl Keyboard<'_> {
    /// Sits down at the check-in page, with the cursor where the page puts it.
    async fn at_check_in(desk: &Desk) -> Keyboard<'_> {
        desk.goto("/check-in").await;
        desk.client.execute("sessionStorage.clear()", Vec::new()).await.unwrap();
        desk.find("input[name='q']:focus").await;
        Keyboard { desk }
    }

    /// Presses keys one by one.
    async fn type_keys(&self, keys: &str) {
        self.desk.client.execute(COUNTING, Vec::new()).await.unwrap();
        for value in keys.chars() {
            let press =
                KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
            self.desk.client.perform_actions(press).await.unwrap();
        }
    }

    /// Presses a key that leads to another page, and waits for what is on it.
    async fn go(&self, key: char, to: &str) {
        self.desk.client.execute("document.body.dataset.before = '1'", Vec::new()).await.unwrap();
        self.type_keys(&key.to_string()).await;
        self.desk.find(&format!("body:not([data-before]) {to}")).await;
    }

    /// How many keys were pressed, none of them a mouse button.
    async fn pressed(&self) -> u64 {
        let count = "return [Number(sessionStorage.getItem('keys') || 0), sessionStorage.getItem('mouse')]";
        let counted = self.desk.client.execute(count, Vec::new()).await.unwrap();
        assert!(counted[1].is_null(), "the mouse was used");
        counted[0].as_u64().unwrap()
    }
}

/// Waits until the page says something.
async fn until_said(desk: &Desk, words: &str) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !desk.text().await.contains(words) {
        assert!(Instant::now() < deadline, "never said: {words}\n{}", desk.text().await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A patient of an earlier time: on file with a number of the clinic and the insurance, and not here today.
fn on_file(program: &Program, number: &str, name: &str, kana: &str) {
    let numbers =
        json!({ "insurer_number": "06010391", "insured_symbol": "見本", "insured_number": "3405", "ratio_tenths": 3 });
    let certificate = json!({ "present": { "kind": "ELIGIBILITY_CERTIFICATE", "coverage": numbers } });
    let body = json!({
        "patient_number": number,
        "person": { "name": name, "name_kana": kana, "birth_date": "1988-09-14" },
        "commands": [certificate],
    });
    let Outcome::Kept(saved) = program.post("/check-ins", number, &body) else { panic!("not kept") };
    let commands = format!("/visits/{}/commands", saved["visit"].as_str().unwrap());
    let void = program.post(
        &commands,
        &format!("{number}-void"),
        &json!({ "commands": [{ "void": { "reason": "前の日の受付" } }] }),
    );
    assert!(matches!(void, Outcome::Kept(_)), "{void:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_return_visit_takes_six_keys_while_nothing_can_be_read() {
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let _reception = clinic.open();
    on_file(&program, "1004", "見本 花子", "ミホン ハナコ");
    on_file(&program, "1005", "架空 太郎", "カクウ タロウ");
    until("the line is seen to be down", || link_status(&program, "line") == "down").await;
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;

    // by the number on the clinic card: card shown, nothing changed
    let keyboard = Keyboard::at_check_in(&desk).await;
    keyboard.type_keys("1004").await;
    keyboard.go(ENTER, "button.hit:focus").await;
    keyboard.go('u', "#outcome .share-big").await;
    let text = desk.text().await;
    assert!(text.contains("見本 花子") && text.contains("再診：前回の情報と口頭確認"), "{text}");
    assert_eq!(keyboard.pressed().await, 6);

    // by the beginning of the kana, the two questions asked one after the other
    let keyboard = Keyboard::at_check_in(&desk).await;
    keyboard.type_keys("かく").await;
    keyboard.go(ENTER, "button.hit:focus").await;
    keyboard.go(ENTER, "[data-step]").await;
    let step = desk.client.execute(
        "return document.querySelector('[data-step]:has(form[action$=\"/unchanged\"])').dataset.step",
        Vec::new(),
    );
    let step = step.await.unwrap().as_str().unwrap().chars().next().unwrap();
    keyboard.go(step, "#outcome .share-big").await;
    assert!(desk.text().await.contains("架空 太郎"));
    assert!(keyboard.pressed().await <= 6);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_visit_takes_less_than_twenty_five_keys_until_it_is_confirmed() {
    let clinic = Clinic::default();
    let now = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        domain::Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap())
    };
    let mut config = SimConfig::new(INSTITUTION_CODE, SimClock::from_now(now));
    config.folders = Some(SimFolders::below(clinic.folder()));
    config.line_listen = Some(clinic.line());
    let terminal = SimTerminal::start(config).await.unwrap();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let _reception = clinic.open();
    until("the line is seen to be up", || link_status(&program, "line") == "up").await;
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;

    // kana and birth date from the card face; the search finds nobody and fills in the form, Enter receives
    let population = terminal.population();
    let face = &population.get("valid-face").unwrap().face;
    let born = face.birth_date.to_string().replace('-', "");
    let keyboard = Keyboard::at_check_in(&desk).await;
    keyboard.type_keys(&format!("{} {born}", face.reading.replace('\u{3000}', " "))).await;
    keyboard.go(ENTER, "#new[open]").await;
    keyboard.go(ENTER, "#ladder").await;
    terminal.present_card("valid-face", CardMethod::Face).unwrap();
    until_said(&desk, "受付できました").await;
    assert!(desk.text().await.contains("マイナ保険証（顔認証）"));
    let pressed = keyboard.pressed().await;
    assert!(pressed <= 25, "{pressed} keys for {} kana", face.reading.chars().count());
    desk.close().await;
    terminal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_picker_is_worked_by_letters() {
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let _reception = clinic.open();
    on_file(&program, "1004", "見本 花子", "ミホン ハナコ");
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    let keyboard = Keyboard::at_check_in(&desk).await;
    keyboard.type_keys("1004").await;
    keyboard.go(ENTER, "button.hit:focus").await;
    keyboard.go('m', "#picker").await;
    keyboard.type_keys("0").await;
    desk.find("#picker[open] .kind:focus").await;
    keyboard.go('o', ".taking input[name='presented']").await;
    assert!(desk.text().await.contains("マイナンバーカードは一緒にありますか"));
    assert_eq!(keyboard.pressed().await, 8);
    desk.close().await;
}
