//! A Monday morning: forty patients over the browser's own forms with the line cut, the terminal restarted and the process killed
//! twice. Afterwards every visit is confirmed, corrected, or in the follow-up list with its reason.
//!
//! The same run twice: with the practice terminal inside the test, and as a process of its own over real folders.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::json;
use std::collections::BTreeMap;
use sync::simulator::{FaultKind, FaultTrigger, SimClock, SimConfig, SimFolders, SimTerminal};
use tests::aftermath::{everything_is_settled, follow_ups_of, link_status, nothing_is_out, until};
use tests::browser::Desk;
use tests::clinic::{Clinic, INSTITUTION_CODE};
use tests::people::{Patient, Plan, forty, population};
use tests::process::Running;
use tests::program::Program;
use tests::receptionist::{receive, set_up};

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
    let clinic = Clinic::default();
    let terminal = Terminal::start_here(&clinic).await;
    morning(&clinic, terminal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_patients_with_the_terminal_in_another_process() {
    let clinic = Clinic::default();
    let terminal = Terminal::Elsewhere(clinic.start_terminal());
    morning(&clinic, terminal).await;
}

async fn morning(clinic: &Clinic, mut terminal: Terminal) {
    let patients = forty(&population());
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
    assert!(board["rows"].as_array().unwrap().iter().all(|row| visits.contains_key(row["visit"].as_str().unwrap())));
    assert_eq!(board["rows"].as_array().unwrap().len(), 40, "nothing acknowledged is lost, nothing appears twice");
    assert!(board["rows"].as_array().unwrap().iter().all(|row| row["status"] == "provisional"), "{board}");

    terminal.cut_line(clinic, false);
    until("every question is answered", || nothing_is_out(&program)).await;
    check_outcomes(&program, &visits);
    desk.close().await;
    drop(reception);
}

fn check_outcomes(program: &Program, visits: &BTreeMap<String, &Patient>) {
    let counts = everything_is_settled(program);
    let follow_ups = program.get("/follow-ups");
    for (visit, patient) in visits.iter().filter(|(_, patient)| patient.plan == Plan::Declaration) {
        let items = follow_ups_of(&follow_ups, visit);
        assert!(!items.is_empty(), "a declaration without numbers stays open: {}", patient.person.key);
    }
    assert_eq!(counts.values().sum::<u32>(), 40);
    let sure = counts.get("confirmed").copied().unwrap_or(0) + counts.get("changed").copied().unwrap_or(0);
    assert!(sure >= 15, "the national service answered for too few: {counts:?}");
    assert!(!counts.contains_key("open") && !counts.contains_key("full_charge"), "{counts:?}");
}
