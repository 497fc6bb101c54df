//! A Monday morning: forty patients over the browser's own forms with the line cut, the terminal restarted and the process killed
//! twice. Afterwards every visit is confirmed, corrected, or in the follow-up list with its reason.
//!
//! The same run twice: with the practice terminal inside the test, and as a process of its own over real folders.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use sync::simulator::{FaultKind, FaultTrigger, Population, SimClock, SimConfig, SimFolders, SimTerminal};
use tests::browser::Desk;
use tests::people::{Patient, Plan, forty};
use tests::process::{Clinic, INSTITUTION_CODE, Running};
use tests::program::Program;

const ACCOUNT: (&str, &str) = ("受付", "monday-morning-0855");

/// The practice terminal, in the one place or the other.
enum Terminal {
    Here(Box<SimTerminal>),
    Elsewhere(Running),
}

impl Terminal {
    async fn start_here(clinic: &Clinic) -> Terminal {
        let now = || domain::Timestamp::from_ms(i64::try_from(epoch_ms()).unwrap());
        let mut config = SimConfig::new(INSTITUTION_CODE, SimClock::from_now(now));
        config.folders = Some(SimFolders::below(clinic.folder()));
        config.line_listen = Some(clinic.line());
        Terminal::Here(Box::new(SimTerminal::start(config).await.unwrap()))
    }

    fn cut_line(&self, clinic: &Clinic, cut: bool) {
        match self {
            Terminal::Here(terminal) => {
                terminal.faults().set(FaultKind::LineDown, if cut { FaultTrigger::Always } else { FaultTrigger::Off });
            }
            Terminal::Elsewhere(_) => {
                let when = if cut { "always" } else { "off" };
                clinic.set_faults(&json!({ "rules": { "line_down": { "when": when } } }));
            }
        }
    }

    async fn restart(self, clinic: &Clinic) -> Terminal {
        let again = match self {
            Terminal::Here(terminal) => {
                terminal.stop().await;
                Terminal::start_here(clinic).await
            }
            Terminal::Elsewhere(mut process) => {
                process.kill();
                drop(process);
                Terminal::Elsewhere(clinic.start_terminal())
            }
        };
        again.cut_line(clinic, true);
        again
    }
}

fn epoch_ms() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_patients_with_the_terminal_in_this_process() {
    let clinic = Clinic::new();
    let terminal = Terminal::start_here(&clinic).await;
    morning(&clinic, terminal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_patients_with_the_terminal_in_another_process() {
    let clinic = Clinic::new();
    let terminal = Terminal::Elsewhere(clinic.start_terminal());
    morning(&clinic, terminal).await;
}

async fn morning(clinic: &Clinic, mut terminal: Terminal) {
    let today = domain::Timestamp::from_ms(i64::try_from(epoch_ms()).unwrap()).date_in_japan();
    let patients = forty(&Population::generate(1, Population::DEFAULT, today));
    assert_eq!(patients.len(), 40);
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let mut reception = clinic.open();
    terminal.cut_line(clinic, true);
    until("the line is seen to be down", || link_status(&program, "line") == "down").await;

    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    let mut visits = BTreeMap::new();
    for (number, patient) in patients.iter().enumerate() {
        let visit = receive(&desk, patient).await;
        visits.insert(visit, patient);
        match number {
            12 | 27 => {
                reception.kill();
                reception = clinic.open();
                until("the line is seen to be down again", || link_status(&program, "line") == "down").await;
            }
            20 => terminal = terminal.restart(clinic).await,
            _ => {}
        }
    }
    let board = program.get("/board");
    assert_eq!(board["rows"].as_array().unwrap().len(), 40, "nothing acknowledged is lost, nothing appears twice");
    assert!(board["rows"].as_array().unwrap().iter().all(|row| row["status"] == "provisional"), "{board}");

    terminal.cut_line(clinic, false);
    until("every question is answered", || nothing_is_out(&program)).await;
    check_outcomes(&program, &visits);
    desk.close().await;
    drop(reception);
}

async fn set_up(desk: &Desk) {
    desk.goto("/set-up").await;
    desk.fill("account", ACCOUNT.0).await;
    desk.fill("password", ACCOUNT.1).await;
    desk.fill("password_again", ACCOUNT.1).await;
    desk.send("main form button.primary").await;
    desk.goto("/").await;
    if desk.path().await == "/sign-in" {
        desk.fill("account", ACCOUNT.0).await;
        desk.fill("password", ACCOUNT.1).await;
        desk.send("main form button.primary").await;
        desk.find("nav").await;
    }
}

/// One patient over the desk's own forms. Returns the visit.
async fn receive(desk: &Desk, patient: &Patient) -> String {
    desk.goto("/check-in").await;
    let shown = match patient.plan {
        Plan::Certificate => "certificate",
        Plan::CardAndNotice => "card_and_notice",
        Plan::Declaration => "card",
    };
    desk.press(&format!("input[name='presented'][value='{shown}']")).await;
    desk.press("#new > summary").await;
    let face = &patient.person.face;
    desk.fill("name", &face.name).await;
    desk.fill("name_kana", &face.reading).await;
    desk.fill("birth_date", &face.birth_date.to_string()).await;
    desk.fill("address", &face.address).await;
    desk.send("#new .actions button").await;
    desk.find("#ladder, .taking, .next").await;
    let path = desk.path().await;
    let visit = path.strip_prefix("/visits/").unwrap_or_else(|| panic!("not a visit: {path}")).to_owned();
    match patient.plan {
        Plan::Certificate | Plan::CardAndNotice => write_down_paper(desk, patient).await,
        Plan::Declaration => declare(desk, patient, &visit).await,
    }
    desk.find("#flash:not(:empty)").await;
    visit
}

async fn write_down_paper(desk: &Desk, patient: &Patient) {
    let paper = &patient.person.holds[0];
    let numbers = &paper.coverage;
    desk.fill("insurer_number", &numbers.insurer_number).await;
    desk.fill("insured_symbol", numbers.symbol.as_deref().unwrap_or("")).await;
    desk.fill("insured_number", &numbers.number).await;
    desk.fill("branch_number", numbers.branch.as_deref().unwrap_or("")).await;
    desk.fill("valid_to", &paper.valid_to.map(|day| day.to_string()).unwrap_or_default()).await;
    if let Some(tenths) = paper.share_tenths {
        desk.press(&format!(".taking input[name='ratio'][value='{tenths}']")).await;
    }
    desk.send(".taking .actions button.primary").await;
}

async fn declare(desk: &Desk, patient: &Patient, visit: &str) {
    desk.goto(&format!("/visits/{visit}/declaration")).await;
    desk.press("input[name='insurance_kind'][value='kokuho']").await;
    desk.fill("phone", &patient.person.telephone).await;
    desk.press("input[name='on_paper']").await;
    desk.send("#declaration-form .actions button.primary").await;
}

fn check_outcomes(program: &Program, visits: &BTreeMap<String, &Patient>) {
    let board = program.get("/board");
    let rows = board["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 40);
    let follow_ups = program.get("/follow-ups");
    let listed = |visit: &str| -> Vec<&Value> {
        let all = follow_ups["follow_ups"].as_array().unwrap();
        all.iter().filter(|item| item["visit"] == visit).collect()
    };
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows {
        let visit = row["visit"].as_str().unwrap();
        let patient = visits.get(visit).unwrap_or_else(|| panic!("nobody checked {visit} in"));
        let status = row["status"].as_str().unwrap();
        let items = listed(visit);
        let settled = status == "confirmed" || !items.is_empty();
        assert!(settled, "{} ({:?}) is {status} and nobody is told why", patient.person.key, patient.plan);
        assert!(
            items.iter().all(|item| !item["follow_up"]["reason"]["ja"].as_str().unwrap_or_default().is_empty()),
            "{items:?}"
        );
        if patient.plan == Plan::Declaration {
            assert!(!items.is_empty(), "a declaration without numbers stays open: {}", patient.person.key);
        }
        *counts.entry(status.to_owned()).or_default() += 1;
    }
    assert_eq!(counts.values().sum::<u32>(), 40);
    let sure = counts.get("confirmed").copied().unwrap_or(0) + counts.get("changed").copied().unwrap_or(0);
    assert!(sure >= 15, "the national service answered for too few: {counts:?}");
    assert!(!counts.contains_key("open") && !counts.contains_key("full_charge"), "{counts:?}");
}

fn link_status(program: &Program, link: &str) -> String {
    let links = program.get("/links");
    let state = if links["links"].is_object() { &links["links"][link] } else { &links[link] };
    state["status"].as_str().unwrap_or_default().to_owned()
}

/// What is left in the queue waits for a later day, or for the patient.
fn nothing_is_out(program: &Program) -> bool {
    let queue = program.get("/queue");
    queue["open"].as_array().unwrap().iter().all(|job| {
        let at = |instant: &Value| instant.as_str().unwrap_or_default().get(..10).map(str::to_owned);
        match job["state"]["state"].as_str().unwrap_or_default() {
            "waiting_for_others" => true,
            "waiting_until" => at(&job["state"]["at"]) > at(&job["created_at"]),
            _ => false,
        }
    })
}

async fn until(what: &str, seen: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !seen() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
