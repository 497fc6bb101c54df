//! Making a backup: a copy of the record as of one moment, and the keys that open it.

use super::format::Sealing;
use super::recovery_key::PublicHalf;
use super::{BackupFailure, Generation, Generations};
use crate::store::{RecordSum, StoreLocation};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The record's name in the backup, as in the data folder.
pub(super) const RECORD: &str = "record.db";
/// What the first entry is called.
pub(super) const MANIFEST: &str = "manifest.json";
/// Largest file beside the record.
const MOST_BYTES: u64 = 16 << 20;

/// What a backup says of itself, inside: for comparing what was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// number of the newest migration
    pub schema: u16,
    /// records
    pub records: u64,
    /// over all of them, in hexadecimal digits
    pub sum: String,
    /// the other files, by name
    pub files: Vec<String>,
}

impl Manifest {
    pub(super) fn of(sum: &RecordSum, files: Vec<String>) -> Manifest {
        let hex = sum.sum.iter().map(|byte| format!("{byte:02x}")).collect();
        Manifest { schema: sum.schema, records: sum.records, sum: hex, files }
    }
}

/// Makes a backup in a folder and reads it again; then older generations go. The box may be working.
pub fn create(
    location: &StoreLocation,
    generations: &Generations,
    now: Timestamp,
) -> Result<Generation, BackupFailure> {
    let key = PublicHalf::read(location.folder())?.ok_or(BackupFailure::NoKey)?;
    generations.is_there()?;
    let copy = Copied::of(location)?;
    let sum = location.sum_of_copy(&copy.0)?;
    let files = files_beside(location.folder())?;
    let half_made = generations.half_made();
    remove(&half_made)?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half_made)?;
    let mut sealing = Sealing::begin(BufWriter::new(file), &key, sum.schema, now)?;
    let names = files.iter().map(|(name, _)| name.clone()).collect();
    let manifest = serde_json::to_vec(&Manifest::of(&sum, names)).map_err(crate::store::StoreError::from)?;
    entry(&mut sealing, MANIFEST, manifest.len() as u64, &mut manifest.as_slice())?;
    for (name, bytes) in &files {
        entry(&mut sealing, name, bytes.len() as u64, &mut bytes.as_slice())?;
    }
    let mut record = File::open(&copy.0)?;
    let length = record.metadata()?.len();
    entry(&mut sealing, RECORD, length, &mut record)?;
    let file = sealing.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    drop(file);
    generations.keep(&half_made, now)
}

/// A copy of the record that goes away by itself.
struct Copied(PathBuf);

impl Copied {
    fn of(location: &StoreLocation) -> Result<Copied, BackupFailure> {
        let path = location.folder().join("record-copy.tmp");
        remove(&path)?;
        let copied = Copied(path);
        location.copy_record(&copied.0)?;
        Ok(copied)
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.0) {
            tracing::warn!(%error, "the copy that a backup was made from could not be removed");
        }
    }
}

pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file by its name, with what is in it.
type SecretFile = (String, Zeroizing<Vec<u8>>);

/// The keys and certificates of the box: ordinary files beside the record. What belongs to a running database, and what is half made,
/// does not.
fn files_beside(folder: &Path) -> Result<Vec<SecretFile>, BackupFailure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (about, name) = (entry.metadata()?, entry.file_name());
        let Some(name) = name.to_str().filter(|name| is_kept(name)) else { continue };
        if about.is_file() && about.len() <= MOST_BYTES {
            let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0)));
            File::open(entry.path())?.take(MOST_BYTES).read_to_end(&mut bytes)?;
            files.push((name.to_owned(), bytes));
        }
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(files)
}

/// Only these come back from a backup, too: nothing in it can reach beyond the folder it is restored to.
pub(super) fn is_kept(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    is_plain
        && !name.starts_with('.')
        && matches!(ending, "key" | "pub" | "pem" | "der" | "json" | "toml")
        && name != MANIFEST
}

/// `length of the name u16 | name | length u64 | bytes`.
fn entry(into: &mut impl Write, name: &str, length: u64, from: &mut impl Read) -> Result<(), BackupFailure> {
    let name_length = u16::try_from(name.len()).map_err(std::io::Error::other)?;
    into.write_all(&name_length.to_be_bytes())?;
    into.write_all(name.as_bytes())?;
    into.write_all(&length.to_be_bytes())?;
    match std::io::copy(&mut from.take(length), into)? {
        copied if copied == length => Ok(()),
        _ => Err(BackupFailure::Differs("a file became shorter")),
    }
}
