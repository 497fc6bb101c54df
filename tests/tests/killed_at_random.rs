//! `kill -9` at random instants while check-ins stream in: nothing acknowledged is lost, nothing appears twice.
//!
//! `UKETSUKE_KILLS` sets how often (200 by default).
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::clinic::Clinic;
use tests::program::{Outcome, Program};

const STREAMS: usize = 4;

/// What the streams know of each check-in they sent, by its key.
#[derive(Default)]
struct Sent {
    acknowledged: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
}

fn name_of(key: &str) -> (String, String) {
    let kana: String = key.bytes().map(|b| char::from_u32(0x30A2 + u32::from(b % 64)).unwrap_or('ア')).collect();
    (format!("見本　{key}"), format!("ミホン {kana}"))
}

fn send(program: &Program, key: &str) -> Outcome {
    let (name, kana) = name_of(key);
    program.check_in(key, &name, &kana)
}

fn stream(program: &Program, running: &AtomicBool, next: &AtomicU64, sent: &Mutex<Sent>) {
    while running.load(Ordering::SeqCst) {
        let key = format!("k{:06}", next.fetch_add(1, Ordering::SeqCst));
        match send(program, &key) {
            Outcome::Kept(saved) => {
                let visit = saved["visit"].as_str().unwrap().to_owned();
                sent.lock().unwrap().acknowledged.insert(key, visit);
            }
            Outcome::Unknown => {
                sent.lock().unwrap().unknown.insert(key);
            }
            Outcome::Refused(status, problem) => panic!("{key}: {status} {problem}"),
        }
    }
}

/// A little chance without a dependency: the instants only have to differ.
fn some_ms(round: u64) -> u64 {
    let mixed = (round.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    5 + (mixed >> 33) % 120
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_appears_twice() {
    let kills: u64 = std::env::var("UKETSUKE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let (next, sent) = (AtomicU64::new(0), Mutex::new(Sent::default()));
    let sent = Arc::new(sent);
    for round in 0..kills {
        let mut reception = clinic.open();
        let running = AtomicBool::new(true);
        std::thread::scope(|scope| {
            for _ in 0..STREAMS {
                scope.spawn(|| stream(&program, &running, &next, &sent));
            }
            std::thread::sleep(Duration::from_millis(some_ms(round)));
            running.store(false, Ordering::SeqCst);
            reception.kill();
        });
    }

    // The last start: what nobody knows of is sent again under its key, and takes effect once.
    let reception = clinic.open();
    let unknown = std::mem::take(&mut sent.lock().unwrap().unknown);
    assert!(unknown.len() as u64 >= kills / 10, "the kills hit nothing: {}", unknown.len());
    for key in &unknown {
        match send(&program, key) {
            Outcome::Kept(saved) => {
                let visit = saved["visit"].as_str().unwrap().to_owned();
                sent.lock().unwrap().acknowledged.insert(key.clone(), visit);
            }
            other => panic!("{key}: {other:?}"),
        }
    }
    let sent = sent.lock().unwrap();
    let board = program.get("/board");
    let rows = board["rows"].as_array().unwrap();
    let shown: BTreeMap<&str, &str> =
        rows.iter().map(|row| (row["visit"].as_str().unwrap(), row["name"].as_str().unwrap())).collect();
    assert_eq!(shown.len(), rows.len(), "a visit stands twice on the board");
    for (key, visit) in &sent.acknowledged {
        assert_eq!(shown.get(visit.as_str()), Some(&name_of(key).0.as_str()), "{key} was acknowledged and is lost");
    }
    assert_eq!(rows.len(), sent.acknowledged.len(), "something appears that nobody sent, or appears twice");
    let names: BTreeSet<&str> = shown.values().copied().collect();
    assert_eq!(names.len(), rows.len(), "a check-in appears twice under different ids");
    drop(reception);
}
