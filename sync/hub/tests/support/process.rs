//! A hub as its own process.

// Each test program uses a part.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

const HUB: &str = env!("CARGO_BIN_EXE_uketsuke-hub");

/// A running hub; killed when dropped, as by a power cut.
pub struct Process {
    child: Child,
    pub boxes: SocketAddr,
    pub pages: SocketAddr,
}

/// Starts a hub and waits until it serves.
pub fn start(place: &[&str]) -> Process {
    let mut child = Command::new(HUB)
        .arg("serve")
        .args(place)
        .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let serves = lines.by_ref().map(Result::unwrap).find(|line| line.contains("the hub serves")).expect("it serves");
    let address = |name: &str| {
        let words = serves.split_whitespace();
        words.filter_map(|word| word.strip_prefix(name)).next().unwrap().parse().unwrap()
    };
    let (boxes, pages) = (address("boxes="), address("pages="));
    std::thread::spawn(move || lines.for_each(drop));
    Process { child, boxes, pages }
}

/// Runs another command of the hub's.
pub fn run(arguments: &[&str], input: &str) -> bool {
    let mut child = Command::new(HUB).args(arguments).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait().unwrap().success()
}

impl Process {
    /// The most memory it ever held, in kilobytes.
    pub fn most_memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success() && self.child.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
