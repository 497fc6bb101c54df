//! `uketsuke provision`: gives a new box its settings and its first person.

use crate::provision::{Applied, Provision, wipe_secret};
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;

/// Which file, and what is done with it.
#[derive(Debug, Args)]
pub struct ProvisionArguments {
    /// settings with a section [provision]; `-` reads standard input, and a backup without a full path is looked for in the working directory
    #[arg(long, conflicts_with = "wipe", required_unless_present = "wipe")]
    from: Option<PathBuf>,
    /// data folder
    #[arg(long, default_value = "/var/lib/uketsuke")]
    data: PathBuf,
    /// only check the file
    #[arg(long)]
    check: bool,
    /// overwrite the one-time password and the recovery key in this file
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
    let beside = match from.parent() {
        Some(folder) if from.as_os_str() != "-" => folder.to_owned(),
        _ => std::env::current_dir().context("the working directory cannot be found")?,
    };
    let applied = provision.apply(&arguments.data, &beside).await;
    say(match applied.with_context(|| format!("{}: nothing was applied", from.display()))? {
        Applied::Settled => "設定しました。 / Settings kept.",
        Applied::Before => "設定は済んでいます。何も変更していません。 / It has settings already; nothing was changed.",
        Applied::AtTheBox => {
            "用意しました。最初の設定の画面で、相手の受付機のコードを入力してください。 / Prepared: enter the other box's code on the pages of the first start."
        }
        Applied::Spare => "予備機として待機します。 / The box waits as a spare one.",
    });
    Ok(())
}
