//! What worked before a restart: only that is asked of the version after it. A network that is away at night is no reason to go back.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The file's name in the folder of updates.
const FILE: &str = "worked-before.json";

/// What works at one moment. What is not known counts neither as working nor as broken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Worked {
    /// the terminal: `Some(true)` answers, `Some(false)` does not
    pub terminal: Option<bool>,
    /// readers by name, and the service they are read through
    pub readers: Vec<(String, bool)>,
    /// other boxes and the hub: some of them is reached
    pub others: Option<bool>,
}

impl Worked {
    /// What worked before and certainly does not now, by names that never change.
    pub fn missing(&self, now: &Worked) -> Vec<&'static str> {
        let broken = |reader: &(String, bool)| reader.1 && now.readers.contains(&(reader.0.clone(), false));
        let lost = [
            ("terminal", self.terminal == Some(true) && now.terminal == Some(false)),
            ("readers", self.readers.iter().any(broken)),
            ("boxes", self.others == Some(true) && now.others == Some(false)),
        ];
        lost.into_iter().filter_map(|(name, is_lost)| is_lost.then_some(name)).collect()
    }

    /// What was kept before the restart; nothing when nothing was.
    pub fn before(folder: &Path) -> Worked {
        let kept = std::fs::read(folder.join(FILE)).ok();
        kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps it, before the restart.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn keep(&self, folder: &Path) -> io::Result<()> {
        let half_made = folder.join("worked-before.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&half_made)?;
        file.write_all(&serde_json::to_vec(self).map_err(io::Error::from)?)?;
        file.sync_all()?;
        std::fs::rename(half_made, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn readers(works: bool) -> Vec<(String, bool)> {
        vec![("窓口1".to_owned(), works), ("予備".to_owned(), false)]
    }

    #[test]
    fn only_what_worked_before_is_asked_for() {
        let before = Worked { terminal: Some(true), readers: readers(true), others: Some(true) };
        let same = before.clone();
        assert!(before.missing(&same).is_empty());
        let unknown = Worked::default();
        assert!(before.missing(&unknown).is_empty(), "not heard of yet is not broken");
        let broken = Worked { terminal: Some(false), readers: readers(false), others: Some(false) };
        assert_eq!(before.missing(&broken), ["terminal", "readers", "boxes"]);
        assert!(broken.missing(&broken).is_empty(), "what did not work before is no reason to go back");
    }

    #[test]
    fn it_is_kept_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Worked::before(folder.path()), Worked::default());
        let worked = Worked { terminal: Some(true), readers: readers(true), others: None };
        worked.keep(folder.path()).unwrap();
        assert_eq!(Worked::before(folder.path()), worked);
    }
}
