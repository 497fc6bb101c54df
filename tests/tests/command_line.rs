//! The program at a command line: it ends when it is told to, and quietly when nobody reads on.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use tests::clinic::{Clinic, Door};
use tests::process::{Running, free_port, uketsuke};

#[test]
fn everything_that_runs_long_ends_cleanly_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let clinic = Clinic::new(Door::Folder).encrypted();
        let (reception, terminal) = (clinic.open(), clinic.start_terminal());
        assert!(reception.stop_by(signal).success(), "serve, SIG{signal}");
        assert!(terminal.stop_by(signal).success(), "sim-terminal, SIG{signal}");
        let mut demo = Command::new(uketsuke());
        demo.args(["demo", "--http", "--port", &free_port().to_string(), "--data"]).arg(clinic.path("demo"));
        assert!(Running::start(&mut demo, "http://").stop_by(signal).success(), "demo, SIG{signal}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let case = "{\"visit_date\":\"2025-12-02\"}\n".repeat(2_000);
    let mut decide = start(&["rules", "decide"]);
    let mut input = decide.stdin.take().unwrap();
    let writing = std::thread::spawn(move || input.write_all(case.as_bytes()));
    assert!(first_line(&mut decide).contains("\"ladder\""));
    ends_quietly(decide);
    writing.join().unwrap().unwrap();
    let mut list = start(&["rules", "list"]);
    drop(list.stdin.take());
    assert_eq!(first_line(&mut list), "{");
    ends_quietly(list);
}

fn start(words: &[&str]) -> Child {
    let mut command = Command::new(uketsuke());
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Reads a line and closes the pipe, as `head -1` does.
fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn ends_quietly(mut child: Child) {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    assert!(child.wait().unwrap().success());
}
