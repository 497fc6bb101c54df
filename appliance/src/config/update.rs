//! The `[update]` part of the configuration.

use crate::schedule::UpdateLocks;
use crate::update::{MaintenanceWindow, UpdateSettings};
use anyhow::{bail, ensure};
use serde::Deserialize;
use std::path::PathBuf;

/// Longest time staff may put an update off, in days.
const LONGEST_DAYS: u16 = 60;
/// Least bytes a day: the smallest update in some weeks.
const LEAST_MEGABYTES: u64 = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UpdateFile {
    locks: Option<Vec<PathBuf>>,
    by: Option<String>,
    window: Option<String>,
    postpone_days: Option<u16>,
    day_megabytes: Option<u64>,
    folders: Option<Vec<PathBuf>>,
    program: Option<PathBuf>,
    conf: Option<PathBuf>,
}

/// The locks that installers hold.
pub(super) fn locks(file: &UpdateFile) -> anyhow::Result<Vec<PathBuf>> {
    let Some(locks) = file.locks.clone() else { return Ok(UpdateLocks::OF_DEBIAN.map(PathBuf::from).to_vec()) };
    ensure!(locks.iter().all(|lock| lock.is_absolute()), "update.locks: files by their absolute paths");
    Ok(locks)
}

/// How this box updates itself: where the image brought an installer, unless the site wants none.
pub(super) fn update(file: UpdateFile) -> anyhow::Result<Option<UpdateSettings>> {
    let usual = UpdateSettings::of_this_machine();
    let window = match file.window {
        None => usual.window,
        Some(text) => match MaintenanceWindow::parse(&text) {
            Some(window) => window,
            None => bail!("update.window: from and to of at least 15 minutes, such as 02:00-05:00"),
        },
    };
    let postpone_days = file.postpone_days.unwrap_or(usual.postpone_days);
    ensure!(postpone_days <= LONGEST_DAYS, "update.postpone_days: 0 to {LONGEST_DAYS} days");
    let megabytes = file.day_megabytes.unwrap_or(usual.bytes_per_day / 1_000_000);
    ensure!(megabytes >= LEAST_MEGABYTES, "update.day_megabytes: at least {LEAST_MEGABYTES}");
    let folders = file.folders.unwrap_or(usual.folders);
    let (program, conf) = (file.program.unwrap_or(usual.program), file.conf.unwrap_or(usual.conf));
    let paths = folders.iter().chain([&program, &conf]);
    for path in paths {
        ensure!(path.is_absolute(), "update.folders, update.program, update.conf: paths from the root");
    }
    let is_on = match file.by.as_deref() {
        None => conf.exists(),
        Some("rauc") => true,
        Some("nobody") => false,
        Some(_) => bail!("update.by: rauc or nobody; left out: rauc where the image brought its settings"),
    };
    let bytes_per_day = megabytes.saturating_mul(1_000_000);
    Ok(is_on.then_some(UpdateSettings { program, conf, window, postpone_days, bytes_per_day, folders, ..usual }))
}
