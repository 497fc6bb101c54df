//! `uketsuke provision`: gives a new box its settings and its first person.

use super::plain_desk;
use crate::provision::{Provision, wipe_secret};
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use web::port::Desk;

/// Which file, and what is done with it.
#[derive(Debug, Args)]
pub struct ProvisionArguments {
    /// settings with a section [provision]; `-` reads standard input
    #[arg(long, conflicts_with = "wipe", required_unless_present = "wipe")]
    from: Option<PathBuf>,
    /// data folder
    #[arg(long, default_value = "/var/lib/uketsuke")]
    data: PathBuf,
    /// only check the file
    #[arg(long)]
    check: bool,
    /// overwrite the one-time password in this file
    #[arg(long)]
    wipe: Option<PathBuf>,
}

pub async fn run(arguments: ProvisionArguments, say: fn(&str)) -> anyhow::Result<()> {
    if let Some(medium) = arguments.wipe {
        return wipe_secret(&medium);
    }
    let from = arguments.from.unwrap_or_else(|| "-".into());
    let text = if from.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin()).context("standard input cannot be read")?
    } else {
        std::fs::read_to_string(&from).with_context(|| format!("{}: cannot be read", from.display()))?
    };
    let provision = Provision::parse(&text).with_context(|| format!("{}: nothing was applied", from.display()))?;
    if arguments.check {
        say("設定は正しく読めます。 / The settings can be used.");
        return Ok(());
    }
    if let Some(first) = &provision.first_account {
        let desk = plain_desk(&arguments.data)?;
        let outcome = match desk.has_accounts() {
            Ok(true) => Ok(()), // made before a power cut
            Ok(false) => {
                let made = desk.create_first_account(first.account.clone(), first.one_time_password.clone()).await;
                made.map_err(|refused| anyhow::anyhow!("[provision]: {}", refused.why.en))
            }
            Err(unavailable) => Err(unavailable.into()),
        };
        desk.stop().await;
        outcome?;
    }
    provision.keep_settings(&arguments.data)?;
    say("設定しました。 / Settings kept.");
    Ok(())
}
