//! `uketsuke sync`: how exchange with the other boxes and the hub stands, asked of the running service.

use super::say;
use crate::exchange::{Asked, PeerReport, ask};
use anyhow::Context;
use clap::Subcommand;
use domain::Timestamp;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum SyncCommand {
    /// Show how it stands with every other box and the hub.
    Status {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Call everybody at once instead of at the next try.
    Now {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

pub(super) async fn run(command: SyncCommand) -> anyhow::Result<()> {
    let (data, what) = match command {
        SyncCommand::Status { data } => (data, Asked::Status),
        SyncCommand::Now { data } => (data, Asked::Now),
    };
    let report = ask(&data, what).await.context(
        "サービスが動いていないか、[sync] の設定がありません。 / The service does not run, or has no [sync] settings.",
    )?;
    say(&format!("この受付機 / this box: {}", report.own));
    report.stopped.iter().for_each(|[ja, en]| say(&format!("{ja} / {en}")));
    report.peers.iter().for_each(show);
    if report.peers.is_empty() && report.stopped.is_none() {
        say("ほかの機器は登録されていません。 / No other box belongs to this facility.");
    }
    Ok(())
}

fn show(peer: &PeerReport) {
    let state = if peer.connected { "接続中 / connected" } else { "未接続 / not connected" };
    let kind = if peer.hub { "中継 / hub" } else { "受付機 / box" };
    say(&format!("{} {kind} {} {state} {}", peer.id, peer.name, peer.address.as_deref().unwrap_or_default()));
    let heard = peer.heard_at_ms.map(|ms| Timestamp::from_ms(ms).to_string());
    say(&format!(
        "  未送信 / to send: {}  本日 / today: {} bytes  時計 / clock: {:+} ms  最終 / last: {}",
        peer.lag,
        peer.bytes_today,
        peer.clock_ahead_ms,
        heard.as_deref().unwrap_or("-"),
    ));
    peer.failure.iter().for_each(|[ja, en]| say(&format!("  {ja} / {en}")));
}
