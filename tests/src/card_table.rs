//! A practice card in a reader service of its own: `uketsuke sim-card --own-service`, and programs that find that service.

use crate::process::uketsuke;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a condition.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The running program. It ends when this is dropped.
pub struct CardTable {
    folder: tempfile::TempDir,
    child: Child,
    data: Receiver<String>,
    /// What it said until the card was in.
    said: Vec<String>,
}

impl CardTable {
    /// Starts it with these further words and waits until the service shows the card.
    pub fn set(words: &[&str]) -> CardTable {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(uketsuke());
        command.arg("sim-card").args(words).arg("--own-service").arg(folder.path().join("s"));
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let data = lines(child.stdout.take().unwrap());
        let words = lines(child.stderr.take().unwrap());
        let mut table = CardTable { folder, child, data, said: Vec::new() };
        for milestone in ["PCSCLITE_CSOCK_NAME=", "The card is in the reader."] {
            while !table.said.iter().any(|line| line.contains(milestone)) {
                let heard = words.recv_timeout(PATIENCE);
                table.said.push(heard.unwrap_or_else(|_| panic!("it never said {milestone}: {:?}", table.said)));
            }
        }
        table.wait_for("card_present");
        table
    }

    /// What is printed on the card under this name.
    pub fn printed(&self, name: &str) -> String {
        let line = self.said.iter().find(|line| line.contains(name));
        line.unwrap_or_else(|| panic!("{name} in {:?}", self.said)).split_once(name).unwrap().1.trim().to_owned()
    }

    /// Gives an order.
    pub fn order(&mut self, order: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    /// Closes its standard input.
    pub fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// What it says of itself.
    pub fn status(&mut self) -> Value {
        self.order("status");
        serde_json::from_str(&self.data.recv_timeout(PATIENCE).unwrap()).unwrap()
    }

    /// A program that finds the service of this card.
    pub fn program(&self, program: impl Into<PathBuf>) -> Command {
        let mut command = Command::new(program.into());
        command.env("PCSCLITE_CSOCK_NAME", self.folder.path().join("s/pcscd.comm"));
        command
    }

    /// `uketsuke readers …`.
    pub fn readers(&self, words: &[&str]) -> Command {
        let mut command = self.program(uketsuke());
        command.arg("readers").args(words);
        command
    }

    /// `uketsuke readers read --json …`, with something on standard input: exit code, data, and words.
    pub fn read(&self, words: &[&str], input: &str) -> (i32, Value, String) {
        let mut command = self.readers(&["read", "--json"]);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _it_may_not_read = writeln!(child.stdin.take().unwrap(), "{input}");
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let data = serde_json::from_slice(&stdout).unwrap_or(Value::Null);
        (status.code().unwrap(), data, String::from_utf8(stderr).unwrap())
    }

    /// Waits until the service is `present` or `absent`.
    pub fn wait_for_service(&self, state: &str) {
        self.wait_until(&|list| list["service"] == state, state);
    }

    /// Waits until the first slot is in a state: `ready`, `card_present`, `faulted`.
    pub fn wait_for(&self, state: &str) {
        self.wait_until(&|list| list["readers"][0]["state"] == state, state);
    }

    fn wait_until(&self, fits: &dyn Fn(&Value) -> bool, what: &str) {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let list = self.readers(&["list", "--json"]).stderr(Stdio::null()).output().unwrap();
            if fits(&serde_json::from_slice(&list.stdout).unwrap()) {
                return;
            }
            assert!(Instant::now() < give_up, "never {what}");
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Sends a signal by its name and waits for the end.
    pub fn stop_by(mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap()
    }

    /// Says `quit` and waits for the end.
    pub fn quit(mut self) -> ExitStatus {
        self.order("quit");
        self.child.wait().unwrap()
    }
}

impl Drop for CardTable {
    fn drop(&mut self) {
        // the end of whoever started it is the end of everything inside
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

fn lines(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}
