//! The `[backup]` part of the configuration.

use crate::backup::BackupSettings;
use crate::schedule::{CronLine, SiteZone};
use anyhow::bail;
use serde::Deserialize;
use std::path::PathBuf;

/// Most generations in one folder.
const MOST_GENERATIONS: u32 = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupFile {
    folder: PathBuf,
    #[serde(default = "every_night")]
    at: String,
    #[serde(default = "two_weeks")]
    keep: u32,
}

fn every_night() -> String {
    "0 1 * * *".to_owned()
}

const fn two_weeks() -> u32 {
    14
}

pub(super) fn backup(file: Option<BackupFile>) -> anyhow::Result<Option<BackupSettings>> {
    let Some(file) = file else { return Ok(None) };
    let at = match CronLine::parse(&file.at) {
        Ok(line) => line,
        Err(refused) => bail!("backup.at: {refused}"),
    };
    if !file.folder.is_absolute() {
        bail!("backup.folder: a path from the root, such as /media/usb/uketsuke");
    }
    if !(2..=MOST_GENERATIONS).contains(&file.keep) {
        bail!("backup.keep: 2 to {MOST_GENERATIONS} generations");
    }
    Ok(Some(BackupSettings { folder: file.folder, at: Some(at), keep: file.keep, zone: SiteZone::japan() }))
}
