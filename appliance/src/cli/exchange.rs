//! `uketsuke sync`: how exchange with the other boxes and the hub stands, asked of the running service.

use super::say;
use crate::boxes::{Asked, PeerReport, Report, ask};
use anyhow::Context;
use clap::Subcommand;
use domain::Timestamp;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Not every member is reached and has everything.
const NOT_EVEN: u8 = 2;
/// This box does not belong to its facility (any more).
const STOPPED: u8 = 3;
/// Pause before the service is asked again.
const AGAIN: Duration = Duration::from_millis(200);

#[derive(Debug, Subcommand)]
pub(super) enum SyncCommand {
    /// Show how it stands with every other box and the hub.
    Status {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Call everybody at once instead of at the next try, and wait until everybody has everything.
    Now {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// longest wait, in seconds; 0 does not wait
        #[arg(long, default_value_t = 30)]
        wait: u64,
        /// one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: SyncCommand) -> anyhow::Result<ExitCode> {
    let (report, json) = match command {
        SyncCommand::Status { data, json } => (asked(&data, Asked::Status).await?, json),
        SyncCommand::Now { data, wait, json } => (now(&data, Duration::from_secs(wait)).await?, json),
    };
    if json {
        say(&serde_json::to_string(&report)?);
    } else {
        show(&report);
    }
    Ok(match () {
        () if report.stopped.is_some() => ExitCode::from(STOPPED),
        () if report.is_even() => ExitCode::SUCCESS,
        () => ExitCode::from(NOT_EVEN),
    })
}

/// The report of the running service.
pub(super) async fn asked(data: &Path, what: Asked) -> anyhow::Result<Report> {
    ask(data, what).await.context(
        "サービスが動いていません。起動してからもう一度実行してください。何も変更していません。 / The service does not run on this data \
         folder. Start it and try again; nothing was changed.",
    )
}

async fn now(data: &Path, wait: Duration) -> anyhow::Result<Report> {
    let began = Instant::now();
    let mut report = asked(data, Asked::Now).await?;
    while !report.is_even() && report.stopped.is_none() && began.elapsed() < wait {
        tokio::time::sleep(AGAIN).await;
        report = asked(data, Asked::Status).await?;
    }
    Ok(report)
}

fn show(report: &Report) {
    say(&format!("この受付機 / this box: {}", report.own));
    report.stopped.iter().for_each(|[ja, en]| say(&format!("{ja} / {en}")));
    report.peers.iter().for_each(|one| peer(one, report.budget_per_day));
    if report.peers.is_empty() && report.stopped.is_none() {
        say("ほかの機器は登録されていません。 / No other box belongs to this facility.");
    }
}

fn peer(peer: &PeerReport, budget: Option<u64>) {
    let state = if peer.connected { "接続中 / connected" } else { "未接続 / not connected" };
    let kind = if peer.hub { "中継 / hub" } else { "受付機 / box" };
    say(&format!("{} {kind} {} {state} {}", peer.id, peer.name, peer.address.as_deref().unwrap_or_default()));
    let moment = |ms: Option<i64>| ms.map_or_else(|| "-".to_owned(), |ms| Timestamp::from_ms(ms).to_string());
    say(&format!(
        "  未送信 / to send: {} ({})  本日 / today: {}{} bytes  時計 / clock: {:+} ms  最終 / last: {}",
        peer.lag,
        moment(peer.behind_since_ms),
        peer.bytes_today,
        budget.map(|bytes| format!("/{bytes}")).unwrap_or_default(),
        peer.clock_ahead_ms,
        moment(peer.heard_at_ms),
    ));
    peer.failure.iter().for_each(|[ja, en]| say(&format!("  {ja} / {en}")));
}
