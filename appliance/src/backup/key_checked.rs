//! That somebody typed the recovery key from its paper, and it was right: a key nobody can read is no key.

use super::{BackupFailure, RecoveryKey};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

const FILE: &str = "backup.checked";

/// When which key was checked against its paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChecked {
    /// what the key is called
    pub key: String,
    at_ms: i64,
}

impl KeyChecked {
    /// The last time; none when it never was.
    pub fn read(folder: &Path) -> Option<KeyChecked> {
        serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
    }

    /// Notes that this key was typed from its paper.
    pub fn write(folder: &Path, key: &RecoveryKey, now: Timestamp) -> Result<(), BackupFailure> {
        let checked = KeyChecked { key: key.public_half().name().to_string(), at_ms: now.as_ms() };
        let text = serde_json::to_vec(&checked).map_err(std::io::Error::from)?;
        let half_made = folder.join(format!("{FILE}.new"));
        std::fs::write(&half_made, text)?;
        std::fs::File::open(&half_made)?.sync_all()?;
        Ok(std::fs::rename(half_made, folder.join(FILE))?)
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_ms(self.at_ms)
    }
}
