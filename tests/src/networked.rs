//! A box on a machine of its own: its pages are seen from the desk in front of it, whatever is cut, the others over the switch.

use crate::lines::Machine;
use crate::process::{Running, uketsuke};
use crate::program::Program;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const SYNC_PORT: u16 = 8444;
const PAGES_PORT: u16 = 8080;
/// Where a hub on one of these machines listens.
pub const HUB_PORT: u16 = 8945;
/// Longest wait for what lines bring: a loaded machine, and boxes that call each other less often the longer nobody answered.
const PATIENCE: Duration = Duration::from_secs(300);
/// Pause before somebody looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often somebody presses "now" while waiting.
const CALL_AGAIN: Duration = Duration::from_secs(5);

/// A box with a disk on a machine, and a token for a program that looks.
pub struct NetworkedBox {
    /// where it stands
    pub machine: Machine,
    folder: tempfile::TempDir,
    hub: Option<Ipv4Addr>,
    token: String,
}

impl NetworkedBox {
    /// A box with an empty disk.
    pub fn new(machine: Machine, hub: Option<&Machine>) -> NetworkedBox {
        let folder = tempfile::tempdir().unwrap();
        NetworkedBox { machine, folder, hub: hub.map(Machine::address), token: String::new() }
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where its pages are.
    pub fn url(&self) -> String {
        format!("http://{}:{PAGES_PORT}", self.machine.desk())
    }

    /// A program that uses its API.
    pub fn program(&self) -> Program {
        Program::new(&self.url(), &self.token)
    }

    fn uketsuke(&self) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = self.machine.command(&uketsuke());
        command.env("UKETSUKE_LOG", "warn").stderr(log);
        command
    }

    /// Makes the token. The box must not be open.
    pub fn make_token(&mut self) {
        let made = self.uketsuke().args(["api-token", "--name", "test", "--data"]).arg(self.data()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        self.token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    }

    /// Starts the service, with these boxes to call.
    pub fn open(&self, others: &[Ipv4Addr]) -> Running {
        let peers: Vec<String> = others.iter().map(|other| format!("'{other}:{SYNC_PORT}'")).collect();
        let hub = self.hub.map_or_else(String::new, |hub| format!("hub = '{hub}:{HUB_PORT}'\n"));
        let config = format!(
            "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1319999999'\n\
             [web]\nlisten = '{}:{PAGES_PORT}'\nplain_http = true\n\
             [sync]\nlisten = '{}:{SYNC_PORT}'\npeers = [{}]\n{hub}discovery = false\n[prints]\ndowntime_pack = false\n",
            self.machine.desk(),
            self.machine.address(),
            peers.join(", "),
        );
        let file = self.folder.path().join("uketsuke.toml");
        std::fs::write(&file, config).unwrap();
        let mut command = self.uketsuke();
        command.arg("serve").arg("--config").arg(file).arg("--data").arg(self.data());
        Running::start(&mut command, "ready")
    }

    /// Calls everybody now: whoever was away for a while is not tried every second. Does not wait for them, some may be cut off.
    pub fn call_everybody(&self) {
        let called = self.uketsuke().args(["sync", "now", "--wait", "0", "--data"]).arg(self.data()).output().unwrap();
        // 0: everybody has everything; 2: not yet
        assert!(matches!(called.status.code(), Some(0 | 2)), "{called:?}");
    }

    /// How its facility stands, and what it logged, for who waited in vain.
    pub fn standing(&self) -> String {
        let told = self.uketsuke().args(["sync", "status", "--data"]).arg(self.data()).output().unwrap();
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        format!("{}\n{log}", String::from_utf8_lossy(&told.stdout))
    }

    /// Visits of these days by id, each as the board shows it.
    pub fn board(&self, days: &BTreeSet<String>) -> BTreeMap<String, Value> {
        let program = self.program();
        let rows = days.iter().flat_map(|day| {
            let board = program.get(&format!("/board?day={day}"));
            board["rows"].as_array().unwrap().clone()
        });
        rows.map(|row| (row["visit"].as_str().unwrap().to_owned(), row)).collect()
    }
}

/// Waits until something holds, and has these boxes call everybody meanwhile.
pub async fn wait_for(what: &str, calling: &[&NetworkedBox], holds: impl Fn() -> bool) {
    let began = Instant::now();
    let mut called: Option<Instant> = None;
    while !holds() {
        if began.elapsed() > PATIENCE {
            let standings: Vec<String> = calling.iter().map(|one| one.standing()).collect();
            panic!("never: {what}\n{}", standings.join("\n"));
        }
        if called.is_none_or(|called| called.elapsed() > CALL_AGAIN) {
            calling.iter().for_each(|one| one.call_everybody());
            called = Some(Instant::now());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
