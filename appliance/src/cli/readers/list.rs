//! `uketsuke readers list`.

use super::board::{Board, NO_SERVICE, both, fault_of, reader_json};
use super::outcome::Outcome;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Looks once and tells.
pub async fn run(json: bool, say: fn(&str), tell: fn(&str)) -> anyhow::Result<ExitCode> {
    let board = Board::start()?;
    let is_there = board.look().await;
    let statuses = if is_there { board.statuses() } else { Vec::new() };
    if json {
        let service = if is_there { "present" } else { "absent" };
        let readers: Vec<Value> = statuses.iter().map(reader_json).collect();
        say(&json!({ "service": service, "readers": readers }).to_string());
    } else {
        for status in &statuses {
            say(&format!("{}\t{}", status.reader, both(status.state.name())));
        }
    }
    statuses.iter().filter_map(|status| fault_of(&status.state)).for_each(|fault| {
        let text = fault.text();
        tell(&format!("{}\n{}", both(text.what_happened), both(text.do_now)));
    });
    if !is_there {
        tell(&both(NO_SERVICE));
        return Ok(Outcome::NoService.into());
    }
    if statuses.is_empty() {
        tell(
            "サービスは動いていますが、リーダーがつながっていません。ケーブルと電源を確かめてください。 / \
             The service runs, and no reader is connected. Check cable and power.",
        );
    }
    Ok(Outcome::Done.into())
}
