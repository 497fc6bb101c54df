//! What has become of the visits after an outage, as a program sees it.

use crate::program::Program;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Visits by their status.
pub type Counts = BTreeMap<String, u32>;

/// Waits for something the program can see.
pub async fn until(what: &str, seen: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !seen() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The state of a link.
pub fn link_status(program: &Program, link: &str) -> String {
    let links = program.get("/links");
    let state = if links["links"].is_object() { &links["links"][link] } else { &links[link] };
    state["status"].as_str().unwrap_or_default().to_owned()
}

/// Whether what is left in the queue waits for a later day, or for the patient.
pub fn nothing_is_out(program: &Program) -> bool {
    let queue = program.get("/queue");
    queue["open"].as_array().unwrap().iter().all(|job| {
        let at = |instant: &Value| instant.as_str().unwrap_or_default().get(..10).map(str::to_owned);
        match job["state"]["state"].as_str().unwrap_or_default() {
            "waiting_for_others" => true,
            "waiting_until" => at(&job["state"]["at"]) > at(&job["created_at"]),
            _ => false,
        }
    })
}

/// Follow-ups of one visit.
pub fn follow_ups_of(follow_ups: &Value, visit: &str) -> Vec<Value> {
    let all = follow_ups["follow_ups"].as_array().unwrap();
    all.iter().filter(|item| item["visit"] == visit).cloned().collect()
}

/// Every visit on the board is confirmed, or somebody is told what to do about it and why. Returns the counts.
pub fn everything_is_settled(program: &Program) -> Counts {
    let (board, follow_ups) = (program.get("/board"), program.get("/follow-ups"));
    let mut counts = Counts::new();
    for row in board["rows"].as_array().unwrap() {
        let status = row["status"].as_str().unwrap();
        let items = follow_ups_of(&follow_ups, row["visit"].as_str().unwrap());
        assert!(status == "confirmed" || !items.is_empty(), "a visit is {status} and nobody is told why: {row}");
        for item in &items {
            let reason = &item["follow_up"]["reason"];
            assert!(["ja", "en"].iter().all(|lang| reason[lang].as_str().is_some_and(|why| !why.is_empty())), "{item}");
        }
        *counts.entry(status.to_owned()).or_default() += 1;
    }
    counts
}
