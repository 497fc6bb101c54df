//! The support bundle: what a helpdesk needs to mend a box from afar, and nothing about any patient. It is put together from figures,
//! states and our own words only; every file is text that somebody can read before it leaves.

mod packing;

use crate::desk::RunningDesk;
use crate::doctor::{as_json, as_lines};
use crate::metrics::{Watched, collect};
use domain::Timestamp;
use domain::link::Link;
use domain::text::Text;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;
use web::port::{Bundle, BundleFile, CheckUp, Desk, LedgerItem, Reading};
use zip::result::ZipResult;

/// Lines of the outage journal, and changes of each device.
const JOURNAL_LINES: u32 = 500;
const CHANGES: usize = 100;
/// Bytes of the program's own log: its end.
const MOST_LOG: usize = 400_000;

/// What a bundle is made from besides the desk.
pub struct Sources<'a> {
    /// the look over everything
    pub check_up: CheckUp,
    /// the settings without comments and secrets
    pub told: &'a str,
    /// what the program said last
    pub journal: Vec<String>,
    /// the data folder
    pub data: &'a Path,
    /// since when the reception runs
    pub since: Timestamp,
}

/// The bundle of a running box.
pub fn of_desk(desk: &RunningDesk, sources: Sources<'_>, ledger: Vec<LedgerItem>) -> Reading<Bundle> {
    let watched = Watched { desk: desk.clone(), data: sources.data.to_owned(), since: sources.since };
    let mut files = without_desk(&sources.check_up, sources.told, &sources.journal);
    let of_the_day = [
        file("metrics.txt", "数値（Prometheus の形式）", "Figures, as Prometheus reads them", collect(&watched)),
        file("links.csv", "回線や端末が使えなかった時間", "When links were down", links(desk)?),
        file("devices.csv", "機器の状態と変化", "Devices and what they did", devices(desk)),
        file("troubles.csv", "月ごとのトラブルの件数", "Troubles by month, counts only", troubles(desk)?),
        file("ledger.csv", "機器台帳（名前を除く）", "The ledger, without names people gave", equipment(&ledger)),
    ];
    let before_log = files.len() - 1;
    files.splice(before_log..before_log, of_the_day);
    Ok(finished(desk.clock().now(), files))
}

/// The bundle of a box whose reception does not run.
pub fn of_stopped_box(check_up: &CheckUp, told: &str, log: &[String]) -> Bundle {
    finished(check_up.at, without_desk(check_up, told, log))
}

/// The files of a bundle in one ZIP file, without those of the given names.
pub fn packed(bundle: &Bundle, without: &[String]) -> ZipResult<Vec<u8>> {
    let wanted = bundle.files.iter().filter(|file| !without.iter().any(|name| name == file.name));
    packing::pack(wanted.map(|file| (file.name, file.text.as_bytes())), bundle.at)
}

fn without_desk(check_up: &CheckUp, told: &str, log: &[String]) -> Vec<BundleFile> {
    let mut json = serde_json::to_string_pretty(&as_json(check_up)).unwrap_or_default();
    json.push('\n');
    let settings = if told.is_empty() { "# no settings file, or it cannot be read\n" } else { told };
    vec![
        file("versions.txt", "ソフトと機器の版", "Versions of program and system", versions()),
        file("doctor.txt", "点検の結果", "What the check-up found", lines(&as_lines(check_up))),
        file("doctor.json", "点検の結果（機械用）", "The same for programs", json),
        file("settings.toml", "設定（秘密と注釈を除く）", "Settings without secrets and comments", settings.to_owned()),
        file("log.txt", "ソフト自身の記録（最後の部分）", "What the program said last", end_of(log)),
    ]
}

fn finished(at: Timestamp, files: Vec<BundleFile>) -> Bundle {
    let mut sums = String::new();
    for file in &files {
        let _ = writeln!(sums, "{}  {}", file.sha256, file.name);
    }
    let about = file(
        "READ-ME.txt",
        "この束について",
        "About this bundle",
        format!(
            "受付機の点検用の束です。患者さんの情報は含まれません。 / For the helpdesk. Nothing about patients is in it.\n\
             作成 / made: {at}\n\n{sums}"
        ),
    );
    let files = std::iter::once(about).chain(files).collect();
    Bundle { id: uuid::Uuid::new_v4().simple().to_string(), at, files }
}

fn file(name: &'static str, ja: &str, en: &str, text: String) -> BundleFile {
    let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    BundleFile { name, about: Text::new(ja, en), text, sha256 }
}

fn lines(all: &[String]) -> String {
    let mut text = all.join("\n");
    text.push('\n');
    text
}

/// The last lines that fit.
fn end_of(log: &[String]) -> String {
    let mut left = MOST_LOG;
    let fits = |line: &&String| {
        let fits = line.len() < left;
        left = left.saturating_sub(line.len() + 1);
        fits
    };
    let mut kept: Vec<String> = log.iter().rev().take_while(fits).cloned().collect();
    kept.reverse();
    lines(&kept)
}

fn versions() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let mut text = format!(
        "uketsuke {}\nrecord schema {}\nrules {}\nLinux {}\n",
        env!("CARGO_PKG_VERSION"),
        crate::store::newest_migration(),
        domain::rule::RulePack::built_in().version(),
        read("/proc/sys/kernel/osrelease").trim(),
    );
    let wanted = ["PRETTY_NAME=", "VERSION_ID=", "IMAGE_ID=", "IMAGE_VERSION="];
    for line in read("/etc/os-release").lines().filter(|line| wanted.iter().any(|name| line.starts_with(name))) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "uptime s {}", read("/proc/uptime").split('.').next().unwrap_or_default());
    text
}

fn links(desk: &RunningDesk) -> Reading<String> {
    let mut text = "link,state,cause,from,until,detail\r\n".to_owned();
    for link in Link::ALL {
        let report = desk.link_report();
        let state = report.links.get(*link);
        let since = state.since.map(|at| at.to_string()).unwrap_or_default();
        let _ = write!(text, "{},{},,{since},now,\r\n", link.code(), state.status.code());
    }
    for entry in desk.journal(JOURNAL_LINES)? {
        let cause = entry.cause.map_or("", |cause| cause.code());
        let until = entry.until.map(|at| at.to_string()).unwrap_or_default();
        let detail = cell(entry.detail.as_deref().unwrap_or_default());
        let _ =
            write!(text, "{},{},{cause},{},{until},{detail}\r\n", entry.link.code(), entry.status.code(), entry.from);
    }
    for change in desk.clock_history()? {
        let _ = write!(text, "clock,,,{},,{}\r\n", change.at, cell(&change.what.en));
    }
    Ok(text)
}

fn devices(desk: &RunningDesk) -> String {
    let mut text = "device,at,state,fault\r\n".to_owned();
    for item in desk.devices().map(|devices| devices.view().devices).unwrap_or_default() {
        let fault = item.fault.as_ref().map(|fault| fault.technician.en.clone()).unwrap_or_default();
        let _ = write!(text, "{},{},{},{}\r\n", cell(&item.device), item.since, cell(&item.state.en), cell(&fault));
        for change in item.history.iter().take(CHANGES) {
            let _ = write!(text, "{},{},{},\r\n", cell(&item.device), change.at, cell(&change.what.en));
        }
    }
    text
}

fn troubles(desk: &RunningDesk) -> Reading<String> {
    let report = desk.troubles()?;
    let months: Vec<String> = report.months.iter().map(|month| month.to_string()[..7].to_owned()).collect();
    let mut text = format!("trouble,{},total\r\n", months.join(","));
    let visits = report.visits.iter().map(|(trouble, counts)| (trouble.code(), counts));
    for (name, counts) in visits.chain([("told_by_readers", &report.readers)]) {
        let by_month: Vec<String> = counts.by_month.iter().map(u64::to_string).collect();
        let _ = write!(text, "{name},{},{}\r\n", by_month.join(","), counts.total);
    }
    Ok(text)
}

/// Names of tablets, programs and counters are what people called them, and stay in the box.
fn equipment(ledger: &[LedgerItem]) -> String {
    let mut text = "kind,model,serial,firmware,place,since,last_seen\r\n".to_owned();
    let moment = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    for item in ledger {
        let cells = [&item.model, &item.serial, &item.firmware, &item.place].map(|value| cell(value));
        let _ = write!(text, "{},{},{},{}\r\n", item.kind, cells.join(","), moment(item.since), moment(item.last_seen));
    }
    text
}

/// A cell that a spreadsheet shows and never calculates.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\"").replace(['\r', '\n'], " "))
}
