//! The practice card as a program of its own, in a real reader service: read by `uketsuke readers`, and judged by OpenSC.
//!
//! Every test has a service of its own, apart from the machine's. They need what `cargo xtask test` installs.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use tests::card_table::CardTable;

/// A code that fits no card of these tests: nobody's card ends in the year 1000.
const WRONG: &str = "01010110000000";

#[test]
fn the_right_code_gives_the_holder_s_attributes_and_touches_nothing_forbidden() {
    let mut table = CardTable::set(&["--seed", "5"]);
    let (code, name) = (table.printed("/ surface code"), table.printed("氏名 / name"));
    let (exit, read, words) = table.read(&["--surface-code", "-"], &code);
    assert_eq!(exit, 0, "{words}");
    assert_eq!(read["attributes"]["name"]["text"], name);
    assert_eq!((&read["test"], &read["token"]), (&true.into(), &"plastic_card".into()));
    assert_eq!(read["certificate"]["window_today"], "W0");
    assert!(!words.contains(&code) && !words.contains(&name), "{words}");
    let status = table.status();
    assert_eq!((&status["forbidden_touches"], &status["secrets_presented"]), (&0.into(), &1.into()));
    assert!(table.quit().success());
}

#[test]
fn a_wrong_code_is_counted_and_the_last_try_is_spent_only_when_somebody_says_so() {
    let mut table = CardTable::set(&[]);
    let code = table.printed("/ surface code");
    let read = |words: &[&str], code: &str| table.read(&[&["--surface-code", "-"], words].concat(), code);
    for left in (1..=9).rev() {
        let (exit, read, words) = read(&[], WRONG);
        assert_eq!((exit, &read["attributes"]["failure"]), (5, &"surface_code_wrong".into()), "{words}");
        assert_eq!(read["tries_left"]["surface_code"], left);
        assert!(words.contains(&format!("after {left} more")) && !words.contains(WRONG), "{words}");
    }
    let (exit, refused, _) = read(&[], &code);
    assert_eq!((exit, &refused["attributes"]["failure"]), (5, &"last_try_not_confirmed".into()));
    assert_eq!(refused["certificate"]["issuer"], "test", "the rest is read all the same");
    assert_eq!(read(&["--last-try"], &code).0, 0);
    assert_eq!(read(&[], &code).1["attributes"]["failure"], serde_json::Value::Null, "full again");
    let status = table.status();
    assert_eq!((&status["secrets_presented"], &status["forbidden_touches"]), (&11.into(), &0.into()));
}

#[test]
fn every_way_to_fail_has_its_exit_code_and_its_words_in_two_languages() {
    let mut table = CardTable::set(&[]);
    let assert_fails = |table: &CardTable, words: &[&str], exit: i32| {
        let (code, _, said) = table.read(words, "");
        assert_eq!(code, exit, "{words:?}: {said}");
        assert!(said.contains(" / ") && !said.is_ascii(), "{words:?}: {said}");
    };
    assert_fails(&table, &["--surface-code", "123456789018"], 2);
    assert_fails(&table, &["--surface-code", "-"], 2);
    assert_fails(&table, &["--reader", "Virtual PCD"], 2);
    assert_fails(&table, &["--reader", "Virtual PCD 00 01"], 4);
    for (order, exit) in [("swap phone-android", 6), ("swap foreign", 6), ("swap mute", 7), ("swap pulled-midway", 4)] {
        table.order("pull");
        table.wait_for("ready");
        table.order(order);
        table.wait_for(if order.ends_with("mute") { "faulted" } else { "card_present" });
        assert_fails(&table, &[], exit);
    }
    table.wait_for("ready");
    assert_fails(&table, &[], 4);
    table.order("service stop");
    table.wait_for_service("absent");
    assert_fails(&table, &[], 3);
    let list = table.readers(&["list", "--json"]).output().unwrap();
    assert_eq!(list.status.code(), Some(3));
    assert_eq!(String::from_utf8(list.stdout).unwrap().trim(), r#"{"readers":[],"service":"absent"}"#);
}

#[test]
fn the_watch_tells_what_happens_until_it_is_told_to_stop() {
    let mut table = CardTable::set(&[]);
    let mut watch = table.readers(&["watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines().map(|line| line.unwrap());
    let mut hear = |part: &str| assert!(lines.any(|line| line.contains(part)), "{part}");
    hear(r#""service":"present""#);
    table.order("pull");
    hear(r#""event":"card_removed""#);
    table.order("insert");
    hear(r#""event":"card_inserted""#);
    table.order("service stop");
    hear(r#""fault":"service_gone""#);
    table.order("service start");
    hear(r#""event":"recovered""#);
    std::process::Command::new("kill").args(["-s", "TERM", &watch.id().to_string()]).status().unwrap();
    assert!(watch.wait().unwrap().success());
}

#[test]
fn opensc_names_the_card_and_finds_its_certificates() {
    let mut table = CardTable::set(&[]);
    let says = |program: &str, words: &[&str]| {
        let output = table.program(program).args(words).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(says("opensc-tool", &["--name"]).contains("jpki"));
    let certificates = says("pkcs15-tool", &["--list-certificates"]);
    assert_eq!(certificates.matches("X.509 Certificate").count(), 4, "{certificates}");
    assert!(says("pkcs15-tool", &["--read-certificate", "01"]).contains("BEGIN CERTIFICATE"));
    assert_eq!(table.status()["forbidden_touches"], 0);
}

#[test]
fn it_outlives_its_input_and_ends_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let mut table = CardTable::set(&[]);
        table.close_input();
        assert_eq!(table.read(&[], "").0, 0, "the card is still in");
        assert!(table.stop_by(signal).success(), "SIG{signal}");
    }
}
