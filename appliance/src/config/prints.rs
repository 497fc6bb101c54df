//! The `[prints]` part of the configuration.

use crate::prints::{PackPlace, PrintSettings};
use anyhow::bail;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PrintsFile {
    program: Option<PathBuf>,
    downtime_pack: bool,
    downtime_folder: Option<PathBuf>,
}

impl Default for PrintsFile {
    fn default() -> PrintsFile {
        PrintsFile { program: None, downtime_pack: true, downtime_folder: None }
    }
}

pub(super) fn prints(file: PrintsFile) -> anyhow::Result<PrintSettings> {
    for (name, path) in [("program", &file.program), ("downtime_folder", &file.downtime_folder)] {
        if path.as_ref().is_some_and(|path| !path.is_absolute()) {
            bail!("prints.{name}: a full path, beginning with /");
        }
    }
    let pack = match (file.downtime_pack, file.downtime_folder) {
        (false, Some(_)) => bail!("prints.downtime_folder: only where prints.downtime_pack is not false"),
        (false, None) => PackPlace::Nowhere,
        (true, None) => PackPlace::InData,
        (true, Some(folder)) => PackPlace::In(folder),
    };
    Ok(PrintSettings { program: file.program, pack })
}
