//! Writing a request so that the terminal sees all of it or nothing, and never twice.

use super::{FolderSettings, MAX_REMEMBERED, Memory, lock};
use crate::terminal::door::{DoorFailure, Fingerprint, Published, Trouble};
use crate::terminal::file_name::{Extension, FileName, SuffixMark};
use crate::terminal::outgoing::OutgoingRequest;
use crate::terminal::sighting::{Sort, sort};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Beginning of the names of unfinished files: nothing the terminal looks for.
const UNFINISHED_PREFIX: &str = "uketsuke-";
const UNFINISHED_ENDING: &str = ".part";

/// Writes a request under a name the terminal does not look for. Its final name is given to it by a rename, which takes this one
/// away in the same instant: as long as the staged file is there, the terminal has not seen the request.
pub(super) fn stage(settings: &FolderSettings, request: &OutgoingRequest, bytes: &[u8]) -> Result<(), DoorFailure> {
    let staged = unfinished_path(&settings.request_dir, &request.name().suffix);
    write_durably(&staged, bytes).map_err(|error| DoorFailure::of_io(&error))?;
    sync_folder(&settings.request_dir);
    Ok(())
}

/// Whether a request is staged, whole.
pub(super) fn is_staged(
    settings: &FolderSettings,
    request: &OutgoingRequest,
    bytes: &[u8],
) -> Result<bool, DoorFailure> {
    match fs::read(unfinished_path(&settings.request_dir, &request.name().suffix)) {
        Ok(staged) => Ok(staged == bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::metadata(&settings.request_dir).map(|_| false).map_err(|error| DoorFailure::of_io(&error))
        }
        Err(error) => Err(DoorFailure::of_io(&error)),
    }
}

/// Publishes a request, or finds that it is published already.
pub(super) fn publish(
    settings: &FolderSettings,
    memory: &Mutex<Memory>,
    request: &OutgoingRequest,
    bytes: &[u8],
) -> Result<Published, DoorFailure> {
    let name = request.name().to_string();
    let sha256 = Fingerprint::of(bytes);
    match lock(memory).published.get(&name) {
        Some(before) if *before == sha256 => return Ok(Published::AlreadyThere),
        Some(_) => return Err(DoorFailure::Refused(Trouble::NameInUse)),
        None => {}
    }
    let published = publish_once(settings, request, &name, bytes)?;
    let published_names = &mut lock(memory).published;
    if published_names.len() >= MAX_REMEMBERED {
        published_names.clear();
    }
    published_names.insert(name, sha256);
    Ok(published)
}

fn publish_once(
    settings: &FolderSettings,
    request: &OutgoingRequest,
    name: &str,
    bytes: &[u8],
) -> Result<Published, DoorFailure> {
    let failed = |error: io::Error| DoorFailure::of_io(&error);
    if is_answered(&settings.result_dir, request, name).map_err(failed)? {
        return Ok(Published::AlreadyAnswered);
    }
    let target = settings.request_dir.join(name);
    if let Some(verdict) = compare_existing(&target, bytes) {
        return verdict;
    }
    let unfinished = unfinished_path(&settings.request_dir, &request.name().suffix);
    let staged = fs::read(&unfinished).is_ok_and(|staged| staged == bytes);
    let written = if staged { Ok(()) } else { write_durably(&unfinished, bytes) };
    let result = written.and_then(|()| give_final_name(&unfinished, &target));
    match result {
        Ok(()) => {
            sync_folder(&settings.request_dir);
            Ok(Published::New)
        }
        Err(error) => {
            let _ = fs::remove_file(&unfinished);
            match error.kind() {
                ErrorKind::AlreadyExists => compare_existing(&target, bytes).unwrap_or(Ok(Published::AlreadyThere)),
                _ => Err(failed(error)),
            }
        }
    }
}

/// Whether the terminal has answered this name, or given the request back. A folder that cannot be seen is an error:
/// nothing is published while it is unknown whether it was answered.
fn is_answered(result_dir: &Path, request: &OutgoingRequest, name: &str) -> io::Result<bool> {
    if !fs::metadata(result_dir)?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    for answer in request.answers().iter().map(ToString::to_string).chain([name.to_owned()]) {
        if fs::exists(result_dir.join(answer))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What lies under the final name already, if anything.
fn compare_existing(target: &Path, bytes: &[u8]) -> Option<Result<Published, DoorFailure>> {
    match fs::read(target) {
        Ok(existing) if existing == bytes => Some(Ok(Published::AlreadyThere)),
        Ok(_) => Some(Err(DoorFailure::Refused(Trouble::NameInUse))),
        // Gone: not there, or picked up this instant. A missing folder shows when the file is written.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Err(DoorFailure::of_io(&error))),
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a finished file its final name and takes the other one away, in one step. Nothing is replaced: only this box makes names
/// under its mark, one at a time, and it looks first.
fn give_final_name(unfinished: &Path, target: &Path) -> io::Result<()> {
    if fs::exists(target)? {
        return Err(ErrorKind::AlreadyExists.into());
    }
    fs::rename(unfinished, target)
}

/// The name survives a power cut. Some network file systems cannot sync folders; the file itself is synced already.
fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

fn unfinished_path(folder: &Path, suffix: &str) -> PathBuf {
    folder.join(format!("{UNFINISHED_PREFIX}{suffix}{UNFINISHED_ENDING}"))
}

/// Whether this is an unfinished file of ours, left by a power cut. It was never published.
pub(super) fn is_own_unfinished(mark: &SuffixMark, name: &str) -> bool {
    let suffix = name.strip_prefix(UNFINISHED_PREFIX).and_then(|rest| rest.strip_suffix(UNFINISHED_ENDING));
    suffix.is_some_and(|suffix| mark.is_on(suffix))
}

/// Removes an acknowledged result of ours (both halves of a rejection), if it still is what was acknowledged.
pub(super) fn remove_own_result(settings: &FolderSettings, name: &str, sha256: Fingerprint) -> Result<(), DoorFailure> {
    let file = match sort(&settings.mark, name) {
        Sort::Face(_) | Sort::Foreign | Sort::Ignored => return Ok(()),
        own => own.file(),
    };
    let path = settings.result_dir.join(name);
    let removed = match read_capped(&path) {
        Ok(bytes) if Fingerprint::of(&bytes) == sha256 => fs::remove_file(&path),
        Ok(_) => return Ok(()),
        Err(error) => Err(error),
    };
    let returned = file
        .filter(|file| file.extension == Extension::Err)
        .map(|file: FileName| settings.result_dir.join(file.with_extension(Extension::Xml).to_string()));
    let both = removed.and_then(|()| returned.map_or(Ok(()), fs::remove_file));
    match both {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(DoorFailure::of_io(&error)),
        _ => Ok(()),
    }
}

/// At most one byte more than a message may have, which is enough to know that it is too large.
pub(super) fn read_capped(path: &Path) -> io::Result<Vec<u8>> {
    use std::io::Read;
    let limit = crate::terminal::xml::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_final_name_replaces_nothing_and_the_staged_one_is_gone_with_it() {
        let folder = tempfile::tempdir().expect("folder");
        let (unfinished, target) = (folder.path().join("a.part"), folder.path().join("a.xml"));
        fs::write(&unfinished, b"ours").expect("written");
        give_final_name(&unfinished, &target).expect("renamed");
        assert_eq!(fs::read(&target).expect("there"), b"ours");
        assert!(!unfinished.exists());

        fs::write(&unfinished, b"second").expect("written");
        let refused = give_final_name(&unfinished, &target).expect_err("never replaced");
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&target).expect("there"), b"ours");
    }

    #[test]
    fn unfinished_names_are_nothing_the_terminal_looks_for() {
        let path = unfinished_path(Path::new("req"), "UK1000000001");
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        assert_eq!(FileName::parse(name), None);
        assert!(!name.starts_with("OQS") && !name.ends_with(".xml"));
        assert!(is_own_unfinished(&SuffixMark::new("UK1").expect("mark"), name));
        assert!(!is_own_unfinished(&SuffixMark::new("AB1").expect("mark"), name));
    }
}
