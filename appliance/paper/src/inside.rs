//! The box itself: what a look over it found, and the key its backups open with. Nothing about patients.

use serde::{Deserialize, Serialize};

/// The whole box, looked over, on one page for the helpdesk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckUp {
    /// when it was looked at
    pub at: String,
    /// version of the program
    pub version: String,
    /// what it comes to, in words
    pub summary: String,
    /// what is not as it should be, in full
    pub lines: Vec<CheckLine>,
    /// the other parts: name and what was seen
    pub well: Vec<(String, String)>,
}

/// One part that is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckLine {
    /// its stable name, to be read out on the phone
    pub code: String,
    /// its name
    pub name: String,
    /// what came of it, in a word
    pub finding: String,
    /// it does not work, and is not only to be looked at
    pub is_bad: bool,
    /// what was seen
    pub seen: String,
    /// the probable cause
    pub cause: String,
    /// what to do
    pub cure: String,
}

/// The emergency kit: the recovery key on paper, with the steps to a working box.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryKit {
    /// the key, in groups
    pub groups: Vec<String>,
    /// what the key is called
    pub key_name: String,
    /// where the backups lie
    pub folder: String,
    /// when they are made
    pub plan: String,
}

impl std::fmt::Debug for RecoveryKit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecoveryKit({})", self.key_name)
    }
}
