//! `uketsuke update`: how updates stand, asked of the running service.

use super::say;
use crate::update::control::{Asked, Report, ask};
use anyhow::Context;
use clap::Subcommand;
use domain::Timestamp;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum UpdateCommand {
    /// Show which version runs, what is to come, and why it waits.
    Status {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Look for an update on the media now; the hub is asked every few minutes anyway.
    Check {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Install what is ready, or this file, without waiting for the maintenance window. Never while reception is open.
    Install {
        /// a signed bundle (.raucb); the service must be able to read it
        file: Option<PathBuf>,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Put off what is ready.
    Postpone {
        /// for so many days from now; 0 = in the next window after all
        days: u16,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

pub(super) async fn run(command: UpdateCommand) -> anyhow::Result<ExitCode> {
    let (data, what, json) = match command {
        UpdateCommand::Status { data, json } => (data, Asked::Status, json),
        UpdateCommand::Check { data } => (data, Asked::Check, false),
        UpdateCommand::Install { file, data } => {
            // the service has a working folder of its own
            let file = file.map(|file| file.canonicalize().with_context(|| file.display().to_string())).transpose()?;
            (data, Asked::Install(file), false)
        }
        UpdateCommand::Postpone { days: 0, data } => (data, Asked::AsPlanned, false),
        UpdateCommand::Postpone { days, data } => (data, Asked::Postpone(days), false),
    };
    let report = ask(&data, what).await.context(
        "サービスが動いていないか、この機器では更新を扱っていません。何も変更していません。 / The service does not run on this data folder, \
         or does not look after updates on this machine. Nothing was changed.",
    )?;
    if json {
        say(&serde_json::to_string(&report)?);
    } else {
        show(&report);
    }
    Ok(if report.refused.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(report: &Report) {
    let slot = report.slot.as_deref().unwrap_or("-");
    let proven = match report.is_proven {
        Some(true) => "確認済み / proven",
        Some(false) => "確認中 / being judged",
        None => "-",
    };
    say(&format!("今の版 / running: {}  ({slot}, {proven})", report.running));
    if let Some(offered) = &report.offered {
        say(&format!("次の版 / next version: {offered}"));
    }
    let both = |[ja, en]: &[String; 2]| format!("{ja} / {en}");
    say(&both(&report.state));
    if let Some((here, all)) = report.fetched {
        say(&format!("{here} / {all} bytes"));
    }
    report.reason.iter().for_each(|why| say(&both(why)));
    say(&both(&report.next));
    for (at_ms, version, outcome) in &report.history {
        say(&format!("  {}  {version}  {outcome}", Timestamp::from_ms(*at_ms)));
    }
    report.refused.iter().for_each(|why| say(&both(why)));
}
