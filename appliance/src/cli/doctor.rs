//! `uketsuke doctor` and `uketsuke support-bundle`: the look over everything, with the server running or not.

use super::{say, tell};
use crate::clock::Clock;
use crate::config::Config;
use crate::doctor::{Patient, Running, as_json, as_lines, look_over};
use crate::{health, support};
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use web::port::{CheckUp, Finding};

/// Something wants attention.
const LOOK: u8 = 2;
/// Something does not work.
const BAD: u8 = 3;
/// Units whose log is ours.
const UNITS: [&str; 4] = ["uketsuke", "uketsuke-health", "uketsuke-provision", "uketsuke-slot"];
/// Lines of it.
const LOG_LINES: &str = "3000";

/// Where the box is.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// configuration file
    #[arg(long, default_value = "/etc/uketsuke/uketsuke.toml")]
    config: PathBuf,
    /// data folder
    #[arg(long, default_value = "/var/lib/uketsuke")]
    data: PathBuf,
}

/// `uketsuke doctor`
#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    place: Place,
    /// one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// `uketsuke support-bundle`
#[derive(Debug, Args)]
pub(super) struct BundleArguments {
    /// the ZIP file to make; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn doctor(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let (check_up, _) = examined(&arguments.place).await?;
    if arguments.json {
        say(&serde_json::to_string(&as_json(&check_up))?);
    } else {
        as_lines(&check_up).iter().for_each(|line| say(line));
    }
    Ok(match check_up.worst() {
        Finding::Good | Finding::Aside => ExitCode::SUCCESS,
        Finding::Look => ExitCode::from(LOOK),
        Finding::Bad => ExitCode::from(BAD),
    })
}

pub(super) async fn support_bundle(arguments: BundleArguments) -> anyhow::Result<()> {
    let (check_up, told) = examined(&arguments.place).await?;
    let log = tokio::task::spawn_blocking(journal_of_units).await?;
    let bundle = support::of_stopped_box(&check_up, &told, &log);
    let path = &arguments.file;
    let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = new.with_context(|| format!("{}: cannot be made; nothing was changed", path.display()))?;
    file.write_all(&support::packed(&bundle, &[])?)?;
    file.sync_all()?;
    for one in &bundle.files {
        say(&format!("{}  {} / {}", one.name, one.about.ja, one.about.en));
    }
    tell(&format!(
        "{path} を作りました。送る前に中を見てください。患者さんの情報は入っていません。 / {path} was made. Read it before you send it; nothing \
         about patients is in it.",
        path = path.display()
    ));
    Ok(())
}

/// The look over everything, and the settings as they may be told.
async fn examined(place: &Place) -> anyhow::Result<(CheckUp, String)> {
    let config = Config::read(&place.config);
    let running = match &config {
        Ok(config) => match health::ask(config, &place.data).await {
            Ok(health) => Running::Beside(health.version),
            Err(error) => Running::Nobody(format!("{error:#}")),
        },
        Err(_) => Running::Nobody("the settings cannot be read".to_owned()),
    };
    let data = place.data.clone();
    // the reason may quote the file: for whoever stands at the box, never for what leaves it
    let looked = tokio::task::spawn_blocking(move || {
        let patient = Patient {
            config: config.as_ref().map_err(|error| format!("{error:#}")),
            data: &data,
            system: PathBuf::from("/"),
            now: Clock::wall().now(),
            desk: None,
            running,
        };
        (look_over(&patient), config.map(|config| config.told).unwrap_or_default())
    });
    Ok(looked.await?)
}

/// What the service manager kept of our own units; a reason when it kept nothing.
fn journal_of_units() -> Vec<String> {
    let mut command = Command::new("journalctl");
    command.args(["--no-pager", "--output=short-iso", "--lines", LOG_LINES]);
    command.args(UNITS.map(|unit| format!("--unit={unit}")));
    match command.output() {
        Ok(said) if said.status.success() => String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect(),
        Ok(said) => vec![format!("journalctl: {}", said.status)],
        Err(error) => vec![format!("journalctl: {error}")],
    }
}
