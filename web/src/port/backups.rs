//! Backups as people see them.

use super::Pending;
use domain::Timestamp;
use domain::text::Text;

/// The backups of this box.
pub trait Backups: Send + Sync {
    /// How they stand.
    fn view(&self) -> BackupsView;

    /// Makes one now; returns when it is on the medium. The error says what happened and what to do.
    fn back_up_now(&self) -> Pending<'_, Result<BackupKept, Text>>;

    /// Makes the recovery key and returns it as it is to be printed: this once and never again. Refused when there is one.
    fn make_key(&self) -> Pending<'_, Result<String, Text>>;

    /// Compares what somebody typed from the paper with the key backups are made for, and notes when it was right. The error says what
    /// is wrong with it.
    fn check_key(&self, typed: String) -> Pending<'_, Result<KeyOnPaper, Text>>;
}

/// The recovery key as it stands on paper, proven to be the right one. Not kept anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyOnPaper {
    /// its groups of letters and digits
    pub groups: Vec<String>,
    /// what it is called
    pub name: String,
}

impl std::fmt::Debug for KeyOnPaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyOnPaper({})", self.name)
    }
}

/// One backup on the medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupKept {
    /// the file's name
    pub name: String,
    /// when it was made
    pub made_at: Timestamp,
    /// its size
    pub bytes: u64,
    /// the recovery key that opens it, as it is printed beside the key
    pub key_name: String,
}

/// How backups stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupsView {
    /// the folder they are put in
    pub folder: String,
    /// the plan in words
    pub plan: Text,
    /// when the next one is made; none without a plan
    pub next_at: Option<Timestamp>,
    /// generations that are kept
    pub keep: u32,
    /// what the recovery key is called that new ones are made for; without a key there is no backup
    pub key_name: Option<String>,
    /// when somebody last typed that key from its paper and it was right
    pub key_checked_at: Option<Timestamp>,
    /// what is there, newest first
    pub kept: Vec<BackupKept>,
    /// why the last attempt failed, until one succeeds
    pub failure: Option<(Timestamp, Text)>,
}
