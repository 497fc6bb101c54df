//! A secret of the box: 32 random bytes in a file that only the service can read, made when it is first needed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Bytes of a secret.
pub const BYTES: usize = 32;

/// Why a secret cannot be used: for the technician, without anything of the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl From<std::io::Error> for Unusable {
    fn from(error: std::io::Error) -> Unusable {
        Unusable(error.to_string())
    }
}

/// Reads the secret, or makes it.
pub fn read_or_make(path: &Path) -> Result<[u8; BYTES], Unusable> {
    match File::open(path) {
        Ok(file) => read(file),
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        Err(error) => Err(error.into()),
    }
}

/// Destroys the secret, where there is one: from then on nobody can do anything with it, not even with a copy of the record. The
/// bytes are overwritten first; on flash memory only the device knows what becomes of the old ones.
pub fn destroy(path: &Path) -> Result<(), Unusable> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    file.write_all(&[0; BYTES])?;
    file.sync_all()?;
    std::fs::remove_file(path)?;
    Ok(sync_folder(path)?)
}

fn read(mut file: File) -> Result<[u8; BYTES], Unusable> {
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        return Err(Unusable("other users may read it; it must have mode 600".to_owned()));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    bytes.try_into().map_err(|_| Unusable(format!("it must hold {BYTES} bytes")))
}

/// The secret is durable under its final name before anything is made with it.
fn make(path: &Path) -> Result<[u8; BYTES], Unusable> {
    let mut bytes = [0u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Unusable(error.to_string()))?;
    let half_made = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half_made)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    std::fs::rename(&half_made, path)?;
    sync_folder(path)?;
    Ok(bytes)
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_is_made_once_read_again_and_gone_when_it_is_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        let first = read_or_make(&path).unwrap();
        assert_eq!(read_or_make(&path).unwrap(), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        destroy(&path).unwrap();
        assert!(!path.exists());
        destroy(&path).unwrap();
        assert_ne!(read_or_make(&path).unwrap(), first);
    }

    #[test]
    fn a_secret_that_others_may_read_or_that_is_cut_off_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        read_or_make(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(read_or_make(&path).is_err());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, [7; BYTES - 1]).unwrap();
        assert!(read_or_make(&path).is_err());
    }
}
