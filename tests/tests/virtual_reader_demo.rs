//! The demonstration with a virtual reader: a real reader service while it runs, and nothing of it afterwards.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::Value;
use std::process::Command;
use tests::process::{Running, free_port, uketsuke};

#[test]
fn the_demonstration_brings_a_reader_of_its_own_and_takes_it_along_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Command::new(uketsuke());
    demo.args(["demo", "--virtual-reader", "--http", "--port", &free_port().to_string(), "--data"]).arg(folder.path());
    let demo = Running::start(&mut demo, "http://");
    let socket = folder.path().join("reader/pcscd.comm");
    let list = || -> Value {
        let mut list = Command::new(uketsuke());
        list.args(["readers", "list", "--json"]).env("PCSCLITE_CSOCK_NAME", &socket);
        serde_json::from_slice(&list.output().unwrap().stdout).unwrap()
    };
    let readers = list();
    assert_eq!((&readers["service"], &readers["readers"][0]["state"]), (&"present".into(), &"ready".into()));
    assert!(demo.stop_by("TERM").success());
    assert!(!socket.exists());
    assert_eq!(list()["service"], "absent");
}
