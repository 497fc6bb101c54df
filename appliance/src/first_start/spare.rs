//! A spare box keeps its name and the kind of site it waits for, and nothing else.

use super::FirstStartFailure;
use super::staging::{sync_folder, write_whole};
use domain::case::SiteKind;
use serde::Deserialize;
use std::io;
use std::path::Path;
use toml::Table;
use web::port::SpareBox;

const FILE: &str = "spare.toml";

#[derive(Deserialize)]
struct File {
    name: String,
    kind: String,
}

/// Lets a box wait.
///
/// # Errors
/// It could not be written down.
pub fn keep_spare(data: &Path, spare: &SpareBox) -> Result<(), FirstStartFailure> {
    let mut table = Table::new();
    table.insert("name".to_owned(), spare.name.clone().into());
    table.insert("kind".to_owned(), spare.kind.code().into());
    std::fs::create_dir_all(data)?;
    Ok(write_whole(&data.join(FILE), &table.to_string())?)
}

/// What a box waits as; none when it does not.
pub fn spare_in(data: &Path) -> Option<SpareBox> {
    let text = std::fs::read_to_string(data.join(FILE)).ok()?;
    let file: File = toml::from_str(&text).ok()?;
    Some(SpareBox { name: file.name, kind: SiteKind::from_code(&file.kind)? })
}

/// It waits no longer.
pub(super) fn forget(data: &Path) -> io::Result<()> {
    match std::fs::remove_file(data.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(data),
    }
}
