//! Looks the whole box over: every part with what was looked at, the probable cause and the cure. The same look for the command line,
//! the page and the paper for the helpdesk, with the reception running or not.
//!
//! Nothing is repaired and nothing is written but a few bytes that measure the disk. What can only be known from inside the running
//! reception is asked of it; without it, that part says so.

mod copies;
mod disk;
mod gear;
mod keys;
mod machine;
mod outside;
mod record;
mod say;
mod setting;
mod time;

use crate::config::Config;
use crate::desk::RunningDesk;
use domain::Timestamp;
use say::Said;
use std::path::{Path, PathBuf};
use web::port::{Check, CheckUp};

/// What is to be looked over, and from where.
pub struct Patient<'a> {
    /// the settings; or why there are none, for people
    pub config: Result<&'a Config, String>,
    /// the data folder
    pub data: &'a Path,
    /// where the system shows itself: `/`, elsewhere in tests
    pub system: PathBuf,
    /// now
    pub now: Timestamp,
    /// the reception, when this program is it
    pub desk: Option<&'a RunningDesk>,
    /// what a reception that runs beside this program said of itself
    pub running: Running,
}

/// Whether a reception runs on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Running {
    /// this program is it
    Here,
    /// another process is, and is well: its version
    Beside(String),
    /// nobody answers
    Nobody(String),
}

/// Looks everything over. Takes seconds.
pub fn look_over(patient: &Patient<'_>) -> CheckUp {
    let checks = [
        setting::settings(patient),
        setting::service(patient),
        disk::room(patient),
        disk::speed(patient),
        record::database(patient),
        record::unsent(patient),
        keys::keys(patient),
        keys::certificates(patient),
        time::clock(patient),
        outside::terminal(patient),
        outside::line(patient),
        gear::reader_service(patient),
        gear::devices(patient),
        gear::papers(patient),
        outside::boxes(patient),
        copies::backups(patient),
        copies::recovery_key(patient),
        setting::rules(patient),
        machine::sealed_disk(patient),
        machine::memory(patient),
        machine::watchdog(patient),
        machine::heat(patient),
    ];
    let checks = checks.into_iter().map(Said::into_check).collect();
    CheckUp { at: patient.now, version: env!("CARGO_PKG_VERSION").to_owned(), checks }
}

impl Patient<'_> {
    /// A place of the system.
    fn system(&self, path: &str) -> PathBuf {
        self.system.join(path.trim_start_matches('/'))
    }

    /// The first line of a small file of the system.
    fn line_of(&self, path: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.system(path)).ok()?;
        text.lines().next().map(|line| line.trim().to_owned())
    }
}

/// As it stands in the answer of `--json` and in the support bundle.
pub fn as_json(check_up: &CheckUp) -> serde_json::Value {
    let both = |text: &domain::text::Text| serde_json::json!({ "ja": text.ja, "en": text.en });
    let check = |check: &Check| {
        serde_json::json!({
            "code": check.code,
            "finding": check.finding.code(),
            "name": both(&check.name),
            "seen": both(&check.seen),
            "cause": check.cause.as_ref().map(both),
            "cure": check.cure.as_ref().map(both),
        })
    };
    serde_json::json!({
        "at": check_up.at.to_string(),
        "version": check_up.version,
        "worst": check_up.worst().code(),
        "checks": check_up.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

/// As people read it on a terminal: both languages, the worst first.
pub fn as_lines(check_up: &CheckUp) -> Vec<String> {
    let mut checks: Vec<&Check> = check_up.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.finding));
    checks.into_iter().flat_map(lines_of).collect()
}

fn lines_of(check: &Check) -> Vec<String> {
    let (ja, en) = say::words_of(check.finding);
    let mut lines = vec![
        format!("[{ja} / {en}] {} / {} ({})", check.name.ja, check.name.en, check.code),
        format!("    {}", check.seen.ja),
        format!("    {}", check.seen.en),
    ];
    for (ja, en, text) in [("原因", "cause", &check.cause), ("対処", "cure", &check.cure)] {
        if let Some(text) = text {
            lines.push(format!("    {ja}：{}", text.ja));
            lines.push(format!("    {en}: {}", text.en));
        }
    }
    lines
}
