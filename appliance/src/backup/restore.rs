//! What can be done with a backup: look whether it is whole, put it back, and practise putting it back.

use super::create::{MANIFEST, Manifest, RECORD, is_kept};
use super::format::{Header, Opening};
use super::generations::check;
use super::{BackupFailure, RecoveryKey};
use crate::store::{self, Reading, StoreLocation, Writing};
use domain::Timestamp;
use domain::rule::RulePack;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, sink};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use sync::replica::Writer;

/// Longest name of an entry.
const LONGEST_NAME: u16 = 255;

/// Looks whether a backup is whole: without the key whether it arrived as it was made, with the key everything in it.
pub fn verify(path: &Path, key: Option<&RecoveryKey>) -> Result<(Header, Option<Manifest>), BackupFailure> {
    let header = check(path)?;
    let Some(key) = key else { return Ok((header, None)) };
    let mut manifest = None;
    let header = each_entry(path, key, |name, entry| {
        if name == MANIFEST {
            manifest = Some(read_manifest(entry)?);
        }
        std::io::copy(entry, &mut sink())?;
        Ok(())
    })?;
    Ok((header, manifest))
}

/// Puts a backup into an empty or missing folder; wholly or not at all. At its first start the box begins a new term of its log, so that
/// the others read it anew and nothing counts twice; what was written after the backup comes back from them.
pub fn restore(path: &Path, key: &RecoveryKey, into: &Path) -> Result<Manifest, BackupFailure> {
    is_empty(into)?;
    let folder = into.with_extension("half-restored");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let restored = put_back(path, key, &folder);
    match restored {
        Ok(manifest) => {
            if into.exists() {
                std::fs::remove_dir(into)?;
            }
            std::fs::rename(&folder, into)?;
            Ok(manifest)
        }
        Err(failure) => {
            std::fs::remove_dir_all(&folder)?;
            Err(failure)
        }
    }
}

fn is_empty(folder: &Path) -> Result<(), BackupFailure> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(BackupFailure::NotEmpty(folder.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn put_back(path: &Path, key: &RecoveryKey, folder: &Path) -> Result<Manifest, BackupFailure> {
    let (mut manifest, mut has_record) = (None, false);
    check(path)?;
    each_entry(path, key, |name, entry| match name {
        MANIFEST => {
            manifest = Some(read_manifest(entry)?);
            Ok(())
        }
        name if name == RECORD || is_kept(name) => {
            has_record |= name == RECORD;
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(name))?;
            std::io::copy(entry, &mut file)?;
            Ok(file.sync_all()?)
        }
        _ => Ok(()),
    })?;
    File::open(folder)?.sync_all()?;
    manifest.filter(|_| has_record).ok_or(BackupFailure::Differs("the record is missing"))
}

fn read_manifest(entry: &mut dyn Read) -> Result<Manifest, BackupFailure> {
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    serde_json::from_slice(&bytes).map_err(|_| BackupFailure::Differs("the list of contents"))
}

/// Goes through the entries. A newer record than this program knows is refused before anything is read.
fn each_entry(
    path: &Path,
    key: &RecoveryKey,
    mut take: impl FnMut(&str, &mut dyn Read) -> Result<(), BackupFailure>,
) -> Result<Header, BackupFailure> {
    let (header, mut opening) = Opening::begin(BufReader::new(File::open(path)?), key)?;
    if header.schema > StoreLocation::newest_schema() {
        return Err(BackupFailure::Newer { program: header.program });
    }
    let outcome = entries(&mut opening, &mut take);
    match outcome {
        Err(BackupFailure::File(error)) => Err(opening.failure().unwrap_or(BackupFailure::File(error))),
        Err(failure) => Err(failure),
        Ok(()) => Ok(header),
    }
}

fn entries(
    from: &mut impl Read,
    take: &mut impl FnMut(&str, &mut dyn Read) -> Result<(), BackupFailure>,
) -> Result<(), BackupFailure> {
    loop {
        let mut length = [0; 2];
        if from.read(&mut length[..1])? == 0 {
            return Ok(());
        }
        from.read_exact(&mut length[1..])?;
        let length = u16::from_be_bytes(length);
        if length > LONGEST_NAME {
            return Err(BackupFailure::Differs("an entry"));
        }
        let mut name = vec![0; usize::from(length)];
        from.read_exact(&mut name)?;
        let mut bytes = [0; 8];
        from.read_exact(&mut bytes)?;
        let name = String::from_utf8(name).map_err(|_| BackupFailure::Differs("an entry"))?;
        let mut entry = from.by_ref().take(u64::from_be_bytes(bytes));
        take(&name, &mut entry)?;
        // what was passed over, and what is missing
        std::io::copy(&mut entry, &mut sink())?;
        if entry.limit() > 0 {
            return Err(BackupFailure::Differs("an entry is too short"));
        }
    }
}

/// What practising showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drilled {
    /// records that came back
    pub records: u64,
    /// documents that opened
    pub documents: usize,
}

/// Practises: restores into a scratch folder, which goes away again, and compares. The record itself is not touched.
pub fn drill(path: &Path, key: &RecoveryKey, scratch: &Path, now: Timestamp) -> Result<Drilled, BackupFailure> {
    let (_, drilled) = restore_compared(path, key, scratch, now)?;
    std::fs::remove_dir_all(scratch)?;
    Ok(drilled)
}

/// Puts a backup into an empty or missing folder and compares; what differs goes away again.
pub fn restore_compared(
    path: &Path,
    key: &RecoveryKey,
    into: &Path,
    now: Timestamp,
) -> Result<(Manifest, Drilled), BackupFailure> {
    let manifest = restore(path, key, into)?;
    match compare(into, &manifest, now) {
        Ok(drilled) => Ok((manifest, drilled)),
        Err(failure) => {
            std::fs::remove_dir_all(into)?;
            Err(failure)
        }
    }
}

fn compare(folder: &Path, manifest: &Manifest, now: Timestamp) -> Result<Drilled, BackupFailure> {
    let location = StoreLocation::in_folder(folder)?;
    let restored = Manifest::of(&location.sum_of_record()?, manifest.files.clone());
    if restored != *manifest {
        return Err(BackupFailure::Differs("the records"));
    }
    if location.wrong_with_record()?.is_some() {
        return Err(BackupFailure::Differs("the database"));
    }
    let mut connection = location.open_writer()?;
    let before = Reading::over(&connection, location.vault()).dump_read_model()?;
    let transaction = connection.transaction()?;
    let writing = Writing::inside(&transaction, location.vault());
    let (documents, _) = store::rebuild(&writing, &RulePack::built_in(), &Writer::from_random([0; 16]), now)?;
    let after = writing.reading().dump_read_model()?;
    transaction.rollback()?;
    // rules may differ from those of the site: rows of people and visits are compared, what follows from rules is not
    let rows = |dump: &[String]| dump.iter().filter(|row| !row.starts_with("follow_up_row")).count();
    if rows(&before) != rows(&after) {
        return Err(BackupFailure::Differs("the rows people see"));
    }
    Ok(Drilled { records: restored.records, documents })
}
