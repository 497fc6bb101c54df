//! A clinic with three boxes, and two hub processes that share one PostgreSQL: seven programs in as many networks, lines cut and
//! healed, a box and a hub killed, patients received at the browsers' own forms all the while. Afterwards every board shows the same.
//! By command only for now: `UKETSUKE_REAL_RUN=1 cargo test -p tests --test three_boxes_two_hubs`.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

#[path = "../../sync/hub/tests/support/database.rs"]
mod database;

use database::Database;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;
use tests::aftermath::until;
use tests::browser::Desk;
use tests::facility::{desk, let_hub_in, let_in};
use tests::lines::{Machine, Switch, in_own_network};
use tests::people::{Patient, Plan, forty, population};
use tests::process::{Running, uketsuke, uketsuke_hub};
use tests::program::Program;
use tests::receptionist::{receive, set_up};
use uketsuke::clock::Clock;
use uketsuke_hub::store::Store;

const DATABASE: &str = "UKETSUKE_TEST_DATABASE";
/// Set by who wants the run.
const WANTED: &str = "UKETSUKE_REAL_RUN";
const SYNC_PORT: u16 = 8444;
const HUB_PORT: u16 = 8945;
const PAGES_PORT: u16 = 8080;

#[test]
fn three_boxes_and_two_hubs_on_one_database_agree_after_every_cut() {
    let name = "three_boxes_and_two_hubs_on_one_database_agree_after_every_cut";
    if let Ok(url) = std::env::var(DATABASE) {
        assert!(in_own_network(name, &[]));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(a_day_with_bad_lines(&url));
    }
    if std::env::var_os(WANTED).is_none() {
        // it takes minutes on two cores and has not yet come to its end as often as a check that holds others up must
        eprintln!("not run: {name} runs by command only, with {WANTED}=1");
        return;
    }
    // Outside: its socket is a file, so that hubs reach it from any network, and it needs a user of its own.
    let database = Database::new();
    uketsuke();
    uketsuke_hub();
    assert!(!in_own_network(name, &[(DATABASE, &database.url)]));
}

/// One box: a machine with a disk, and a token for a program that looks.
struct Counter {
    machine: Machine,
    folder: tempfile::TempDir,
    hub: Ipv4Addr,
    token: String,
}

impl Counter {
    fn new(machine: Machine, hub: &Machine) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        Counter { machine, folder, hub: hub.address(), token: String::new() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn url(&self) -> String {
        format!("http://{}:{PAGES_PORT}", self.machine.desk())
    }

    fn program(&self) -> Program {
        Program::new(&self.url(), &self.token)
    }

    fn uketsuke(&self) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = self.machine.command(&uketsuke());
        command.env("UKETSUKE_LOG", "warn").stderr(log);
        command
    }

    fn make_token(&mut self) {
        let made = self.uketsuke().args(["api-token", "--name", "test", "--data"]).arg(self.data()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        self.token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    }

    fn open(&self, others: &[Ipv4Addr]) -> Running {
        let peers: Vec<String> = others.iter().map(|other| format!("'{other}:{SYNC_PORT}'")).collect();
        let config = format!(
            "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1319999999'\n\
             [web]\nlisten = '{}:{PAGES_PORT}'\nplain_http = true\n\
             [sync]\nlisten = '{}:{SYNC_PORT}'\npeers = [{}]\nhub = '{}:{HUB_PORT}'\ndiscovery = false\n[prints]\ndowntime_pack = false\n",
            self.machine.desk(),
            self.machine.address(),
            peers.join(", "),
            self.hub,
        );
        let file = self.folder.path().join("uketsuke.toml");
        std::fs::write(&file, config).unwrap();
        let mut command = self.uketsuke();
        command.arg("serve").arg("--config").arg(file).arg("--data").arg(self.data());
        Running::start(&mut command, "ready")
    }

    /// Calls everybody now: whoever was away for a while is not tried every second.
    fn call_everybody(&self) {
        let called = self.uketsuke().args(["sync", "now", "--data"]).arg(self.data()).output().unwrap();
        // 0: everybody has everything; 2: not yet
        assert!(matches!(called.status.code(), Some(0 | 2)), "{called:?}");
    }

    /// Visits of the day by id, each as the board shows it.
    fn board(&self, days: &BTreeSet<String>) -> BTreeMap<String, Value> {
        let program = self.program();
        let rows = days.iter().flat_map(|day| {
            let board = program.get(&format!("/board?day={day}"));
            board["rows"].as_array().unwrap().clone()
        });
        rows.map(|row| (row["visit"].as_str().unwrap().to_owned(), row)).collect()
    }
}

fn start_hub(machine: &Machine, database: &str) -> Running {
    let mut command = machine.command("sh".as_ref());
    // it says on standard error that it serves
    command.args(["-c", "exec \"$@\" 2>&1", "hub"]).arg(uketsuke_hub());
    command.args(["serve", "--database", database, "--admin", "127.0.0.1:0", "--listen"]);
    command.arg(format!("{}:{HUB_PORT}", machine.address())).env("NO_COLOR", "1");
    Running::start(&mut command, "the hub serves")
}

/// Everything that stands in the clinic.
struct Clinic {
    switch: Switch,
    counters: Vec<Counter>,
    boxes: Vec<Running>,
    browser: Desk,
    patients: std::vec::IntoIter<Patient>,
    /// what was acknowledged at a form
    received: BTreeSet<String>,
    days: BTreeSet<String>,
}

impl Clinic {
    fn others(&self, which: usize) -> Vec<Ipv4Addr> {
        let others = self.counters.iter().enumerate().filter(|(other, _)| *other != which);
        others.map(|(_, counter)| counter.machine.address()).collect()
    }

    fn open(&self, which: usize) -> Running {
        self.counters[which].open(&self.others(which))
    }

    /// Somebody comes to this counter.
    async fn receive_at(&mut self, which: usize) {
        let patient = self.patients.next().unwrap();
        self.browser.turn_to(&self.counters[which].url());
        self.note_today();
        let visit = receive(&self.browser, &patient).await;
        self.note_today();
        assert!(self.received.insert(visit), "one visit each");
    }

    /// A visit is on the board of the day of its check-in, and midnight may be near.
    fn note_today(&mut self) {
        self.days.insert(Clock::wall().now().date_in_japan().to_string());
    }

    fn cut_boxes_apart(&self) {
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            self.switch.cut(&self.counters[one].machine, &self.counters[other].machine);
        }
    }

    fn cut_from(&self, hubs: &[Machine]) {
        for counter in &self.counters {
            hubs.iter().for_each(|hub| self.switch.cut(&counter.machine, hub));
        }
    }

    fn visits_at(&self, which: usize) -> BTreeSet<String> {
        self.counters[which].board(&self.days).into_keys().collect()
    }

    /// Waits until these counters show everybody who was received.
    async fn seen_at(&self, what: &str, which: &[usize]) {
        which.iter().for_each(|one| self.counters[*one].call_everybody());
        until(what, || which.iter().all(|one| self.visits_at(*one) == self.received)).await;
    }

    /// All boards show the same, to the last word.
    async fn agree(&self, what: &str) {
        self.seen_at(what, &[0, 1, 2]).await;
        let board = |which: usize| self.counters[which].board(&self.days);
        until(&format!("the boards are the same: {what}"), || board(0) == board(1) && board(1) == board(2)).await;
    }

    /// Packets that did not get through since then.
    fn lost_since(&self, before: u64) -> u64 {
        self.switch.lost_packets() - before
    }
}

async fn a_day_with_bad_lines(database: &str) {
    let switch = Switch::new();
    let hubs = [switch.machine(11), switch.machine(12)];
    let mut counters: Vec<Counter> =
        [(1, 0), (2, 0), (3, 1)].map(|(number, hub)| Counter::new(switch.machine(number), &hubs[hub])).into();
    enrol(&counters, database).await;
    counters.iter_mut().for_each(Counter::make_token);
    let mut hub_processes: Vec<Running> = hubs.iter().map(|hub| start_hub(hub, database)).collect();
    let patients: Vec<Patient> =
        forty(&population()).into_iter().filter(|patient| patient.plan != Plan::Declaration).collect();
    let browser = Desk::open(&counters[0].url()).await;
    let mut clinic = Clinic {
        switch,
        counters,
        boxes: Vec::new(),
        browser,
        patients: patients.into_iter(),
        received: BTreeSet::new(),
        days: BTreeSet::new(),
    };
    for which in 0..3 {
        let running = clinic.open(which);
        clinic.boxes.push(running);
        clinic.browser.turn_to(&clinic.counters[which].url());
        set_up(&clinic.browser).await;
    }
    clinic.receive_at(0).await;
    clinic.agree("all lines are well").await;

    // The cable between the counters is out; the line to the hubs is not, and each box calls one of the two.
    clinic.cut_boxes_apart();
    clinic.receive_at(0).await;
    clinic.receive_at(2).await;
    clinic.agree("through two hubs and one database").await;

    // The internet is gone; the counters still have each other.
    clinic.switch.heal();
    let before = clinic.switch.lost_packets();
    clinic.cut_from(&hubs);
    clinic.receive_at(1).await;
    clinic.agree("without any hub").await;
    until("the cut was felt", || clinic.lost_since(before) > 0).await;

    // Every box for itself; a hub and a box lose their power meanwhile.
    let before = clinic.switch.lost_packets();
    clinic.cut_boxes_apart();
    for which in [0, 1, 2, 1] {
        clinic.receive_at(which).await;
    }
    hub_processes[0].kill();
    clinic.boxes[1].kill();
    clinic.boxes[1] = clinic.open(1);
    until("the counters are apart", || clinic.lost_since(before) > 0).await;
    let apart: Vec<BTreeSet<String>> = (0..3).map(|which| clinic.visits_at(which)).collect();
    assert!(apart.iter().all(|seen| seen.is_subset(&clinic.received) && *seen != clinic.received), "{apart:?}");
    assert_ne!(apart[0], apart[1], "each has what the others have not");
    clinic.switch.heal();
    clinic.agree("one hub is still down").await;
    hub_processes[0] = start_hub(&hubs[0], database);

    // And the hubs are as good as before.
    clinic.cut_boxes_apart();
    clinic.receive_at(1).await;
    clinic.agree("the hub that was killed relays again").await;
    assert_eq!(clinic.received.len(), 9);
    clinic.browser.close().await;
}

/// The three boxes and the hub become one facility.
async fn enrol(counters: &[Counter], database: &str) {
    let first = desk(&counters[0].data());
    for (counter, name) in counters[1..].iter().zip(["2番", "3番"]) {
        let_in(&first, &counter.data(), name).await;
    }
    let (url, runtime) = (database.to_owned(), tokio::runtime::Handle::current());
    let_hub_in(&first, move || Store::open_database(&url, runtime.clone())).await;
    first.stop().await;
}
