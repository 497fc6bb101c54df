//! A small secret file that only the service can read, replaced in one step.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// Longest secret file, in bytes: the keys of ten years take a few kilobytes.
const LIMIT: u64 = 1 << 20;

/// The bytes of the file, wiped when dropped. [`ErrorKind::PermissionDenied`] also when other users could read it.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Error::new(ErrorKind::PermissionDenied, "other users may read it; it must have mode 600"));
    }
    if about.len() > LIMIT {
        return Err(Error::new(ErrorKind::InvalidData, "too long"));
    }
    // all at once, so that a growing buffer leaves no copies behind
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0) + 1));
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Durable under its final name when this returns; before that the old file, or none.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let half_made = path.with_extension("new");
    // one left by a power cut may have any mode: a file is never opened twice
    match std::fs::remove_file(&half_made) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half_made)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half_made, path)?;
    sync_folder(path)
}

fn sync_folder(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
