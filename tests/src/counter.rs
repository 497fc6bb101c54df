//! A box of a facility as a process of its own, driven as people at its command line and programs over its API drive it.

use crate::process::{Running, free_port, uketsuke};
use crate::program::visits_on;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(90);
/// Pause before somebody looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// One box.
pub struct Counter {
    folder: tempfile::TempDir,
    pages: u16,
    boxes: u16,
    token: String,
    running: Option<Running>,
}

/// A command of a person at a terminal, who reads and answers.
pub struct Terminal {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Counter {
    /// A new box, serving.
    pub fn open() -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let (pages, boxes) = (free_port(), free_port());
        let mut counter = Counter { folder, pages, boxes, token: String::new(), running: None };
        let config = format!(
            "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1319999999'\n\
             [web]\nlisten = '127.0.0.1:{pages}'\nplain_http = true\n\
             [sync]\nlisten = '127.0.0.1:{boxes}'\ndiscovery = false\n[prints]\ndowntime_pack = false\n"
        );
        std::fs::write(counter.folder.path().join("uketsuke.toml"), config).unwrap();
        let made = counter.run(&["api-token", "--name", "test"]);
        assert!(made.status.success(), "{made:?}");
        counter.token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        counter.start();
        counter
    }

    /// Starts the service.
    pub fn start(&mut self) {
        let mut command = Command::new(uketsuke());
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        command.stderr(log).args(["serve", "--config"]).arg(self.folder.path().join("uketsuke.toml"));
        command.arg("--data").arg(self.data());
        self.running = Some(Running::start(&mut command, "ready"));
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.running.take().unwrap().kill();
    }

    /// Where other boxes call this one.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.boxes))
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(uketsuke());
        command.args(arguments).arg("--data").arg(self.data());
        command
    }

    /// Runs a command on its data folder to the end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Sits down at a terminal.
    pub fn terminal(&self, arguments: &[&str]) -> Terminal {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || said.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        Terminal { child, lines }
    }

    /// What a program shows to its API.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Asks the API.
    pub fn get(&self, path: &str) -> Option<Value> {
        let url = format!("http://127.0.0.1:{}/api/v1{path}", self.pages);
        let asked = ureq::get(url).header("authorization", format!("Bearer {}", self.token)).call();
        asked.ok()?.body_mut().read_json().ok()
    }

    /// Hands something in over the API.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("http://127.0.0.1:{}/api/v1{path}", self.pages);
        let asked = ureq::post(url).header("authorization", format!("Bearer {}", self.token)).send_json(body);
        asked.unwrap().body_mut().read_json().unwrap()
    }

    /// Somebody is checked in here.
    pub fn check_in(&self, name: &str) {
        let person = json!({"person": {"name": name, "birth_date": "1988-02-29"}});
        self.post("/check-ins", &person);
    }

    /// The names on its board, in order of the alphabet; none while it does not answer.
    pub fn names(&self) -> Vec<String> {
        let rows = visits_on(|path| self.get(path).unwrap_or_default());
        let mut names: Vec<String> = rows.iter().map(|row| row["name"].as_str().unwrap_or("").to_owned()).collect();
        names.sort();
        names
    }

    /// How its facility stands.
    pub fn sync(&self) -> Value {
        self.get("/sync").unwrap_or_default()
    }

    /// Waits until something holds; says what is logged when it never does.
    pub fn waits_for(&self, what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < PATIENCE, "waited in vain for {what}: {} {}", self.sync(), self.log());
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

impl Terminal {
    /// The rest of the first line that contains these words.
    pub fn reads(&mut self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nobody said {words}"));
            if let Some((_, rest)) = line.split_once(words) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Types a line.
    pub fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Whether the command did what was asked.
    pub fn succeeds(mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_waited_for = self.child.wait();
    }
}

/// `newcomer` comes into the facility of `member` by the two command lines. The code that was used.
pub fn let_in(member: &Counter, newcomer: &Counter, name: &str) -> String {
    let mut inviting = member.terminal(&["facility", "invite"]);
    let code = inviting.reads("code: ").split_whitespace().next().unwrap().to_owned();
    let at = member.address().to_string();
    let mut joining = newcomer.terminal(&["facility", "join", &code, "--at", &at, "--name", name]);
    let (here, there) = (inviting.reads("digits: "), joining.reads("digits: "));
    assert_eq!(here, there, "both screens show the same digits");
    assert_eq!(here.len(), 24);
    joining.types("yes");
    inviting.types("yes");
    assert!(joining.succeeds() && inviting.succeeds());
    code
}
