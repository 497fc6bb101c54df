//! A box from its backup: opened, put into a place apart, compared, and only then taken.

use super::staging::Staging;
use super::{FirstStartFailure, SETTINGS, refused};
use crate::backup::{BackupFailure, Generations, Manifest, RecoveryKey, restore_compared, verify};
use crate::clock::Clock;
use crate::config::Config;
use std::path::{Path, PathBuf};
use web::port::{FoundBackup, RestoreBackup};

/// What a box serves its pages with: the certificate that browsers got to know at the first start stays.
const OF_THIS_MACHINE: [&str; 2] = ["server.key", "server.crt"];

/// What was put into the place apart.
pub(super) struct Restored {
    pub staging: Staging,
    pub found: FoundBackup,
    pub config: Config,
}

/// Opens a backup, puts it into a place apart and compares. What the box will be is there then, and does not count yet.
/// `own`: settings in place of those in the backup.
pub(super) fn stage(data: &Path, wanted: &RestoreBackup, own: Option<&str>) -> Result<Restored, FirstStartFailure> {
    let staging = Staging::begin(data)?;
    let outcome = stage_into(&staging, wanted, own);
    match outcome {
        Ok((found, config)) => Ok(Restored { staging, found, config }),
        Err(failure) => {
            staging.discard()?;
            Err(failure)
        }
    }
}

fn stage_into(
    staging: &Staging,
    wanted: &RestoreBackup,
    own: Option<&str>,
) -> Result<(FoundBackup, Config), FirstStartFailure> {
    let key = RecoveryKey::parse(wanted.key.trim())?;
    let path = chosen(&wanted.from)?;
    let (header, _) = verify(&path, None)?;
    let (manifest, _): (Manifest, _) = restore_compared(&path, &key, staging.folder(), Clock::wall().now())?;
    for name in OF_THIS_MACHINE {
        if staging.has(name) {
            std::fs::remove_file(staging.folder().join(name))?;
        }
    }
    if let Some(own) = own {
        staging.write(SETTINGS, own)?;
    }
    if !staging.has(SETTINGS) {
        return Err(refused(
            "site_name",
            "このバックアップには受付機の設定が入っていません。記録は正しく開けました。下の「バックアップに設定が入っていないとき」に施設の内容を入力してください。",
            "This backup holds no settings of a box; its records open well. Fill in the site below.",
        ));
    }
    let text = std::fs::read_to_string(staging.folder().join(SETTINGS))?;
    let config = Config::parse(&text).map_err(|error| {
        refused(
            "site_name",
            format!(
                "バックアップの設定をこの版では使えません（{error:#}）。記録は正しく開けました。下に施設の内容を入力すると、新しい設定で始められます。"
            ),
            format!("The settings in the backup cannot be used by this version ({error:#}). Its records open well. Fill in the site below to begin with new settings."),
        )
    })?;
    let found = FoundBackup {
        file: path.display().to_string(),
        made_at: header.made_at,
        key_name: header.key.to_string(),
        records: manifest.records,
        site_name: config.site_name.clone(),
    };
    Ok((found, config))
}

/// Makes a box from its backup in one go, wholly or not at all. `own`: settings in place of those in the backup.
///
/// # Errors
/// The exact reason; nothing was made.
pub fn restore(data: &Path, wanted: &RestoreBackup, own: Option<&str>) -> Result<FoundBackup, FirstStartFailure> {
    let restored = stage(data, wanted, own)?;
    restored.staging.count()?;
    Ok(restored.found)
}

/// The backup somebody means: a file, or the newest good one of a folder.
fn chosen(from: &Path) -> Result<PathBuf, BackupFailure> {
    match std::fs::metadata(from) {
        Ok(about) if about.is_dir() => Ok(Generations::in_folder(from, u32::MAX).newest_good()?.path),
        Ok(_) => Ok(from.to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(BackupFailure::NoFolder(from.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Which field of the form is to blame.
pub(super) const fn field_of(failure: &BackupFailure) -> &'static str {
    match failure {
        BackupFailure::Mistyped | BackupFailure::WrongKey { .. } => "recovery_key",
        _ => "backup",
    }
}
