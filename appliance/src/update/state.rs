//! What the agent remembers, and the file it remembers it in.

use domain::text::Text;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use sync::update::{BundleHash, Ended, Outcome, Slot, Version};

/// The file's name in the folder of updates.
const FILE: &str = "state.json";
/// Ends that are kept for people to see.
const HISTORY: usize = 30;

/// Where a bundle comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// a medium that was plugged in, or a file somebody named
    Stick,
    /// the hub
    Hub,
}

/// A bundle, as it was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// the version in it
    pub version: Version,
    /// the newest migration of the record that it knows
    pub schema: u16,
    /// its length
    pub bytes: u64,
    /// over all of it
    pub hash: BundleHash,
    /// where it comes from
    pub source: Source,
}

/// What the agent is at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case", deny_unknown_fields)]
pub enum Phase {
    /// nothing is to be done
    #[default]
    Idle,
    /// a bundle is being fetched; how much is there, the file says
    Offered {
        /// which
        offer: Offer,
    },
    /// it is here and was found whole; it waits for the window and the guards
    Ready {
        /// which
        offer: Offer,
        /// somebody wants it now: the window is not waited for
        asked: bool,
        /// by the decision of staff not before, ms since 1970
        postponed_ms: Option<i64>,
    },
    /// it is being written to the other half of the disk
    Installing {
        /// which
        offer: Offer,
    },
    /// it is written; the box is to be started anew
    Restarting {
        /// which
        offer: Offer,
        /// what runs until then
        from: Version,
        /// the start of the machine during which it was installed
        boot: String,
        /// somebody wants it now
        asked: bool,
    },
    /// the new version runs and has not proven itself
    Proving {
        /// which
        offer: Offer,
        /// what ran before
        from: Version,
    },
}

/// How an update ended, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// when, ms since 1970
    pub at_ms: i64,
    /// the version that was to come
    pub version: Version,
    /// which bundle; absent when it could not even be read
    pub hash: Option<BundleHash>,
    /// how
    pub outcome: Outcome,
    /// why, in Japanese and English; empty when all went well
    pub why: [String; 2],
    /// the half of the disk that runs since
    pub slot: Option<Slot>,
}

/// Everything that must outlive the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// what the agent is at
    pub phase: Phase,
    /// since when, ms since 1970
    pub since_ms: i64,
    /// how updates ended, newest first
    pub history: Vec<Past>,
    /// bytes fetched from the hub, and on which day (its number)
    pub fetched_today: (i32, u64),
}

impl State {
    /// Takes up what was kept. What cannot be read is put aside and said: an update begins anew, nothing else depends on it.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn read(folder: &Path) -> io::Result<State> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(error),
        };
        match serde_json::from_slice(&bytes) {
            Ok(state) => Ok(state),
            Err(_) => {
                tracing::error!("what was kept of updates cannot be read; it is put aside, and updates begin anew");
                std::fs::rename(&path, folder.join("state.unreadable"))?;
                Ok(State::default())
            }
        }
    }

    /// Keeps it: whole under its name, or as it was before, whenever the power fails.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let half_made = folder.join("state.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half_made)?;
        file.write_all(&serde_json::to_vec(self).map_err(io::Error::from)?)?;
        file.sync_all()?;
        std::fs::rename(half_made, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }

    /// Goes on to another phase.
    pub fn enter(&mut self, phase: Phase, now_ms: i64) {
        (self.phase, self.since_ms) = (phase, now_ms);
    }

    /// Notes how an update ended, for people and for the hub; then there is nothing to do.
    pub fn end(&mut self, past: Past) {
        self.enter(Phase::Idle, past.at_ms);
        self.history.insert(0, past);
        self.history.truncate(HISTORY);
    }

    /// How the last one ended, for the hub.
    pub fn last(&self) -> Option<Ended> {
        self.history.first().map(|past| Ended { version: past.version, outcome: past.outcome, at_ms: past.at_ms })
    }

    /// A bundle that came to nothing here: it is not tried again by itself.
    pub fn gave_up(&self, hash: BundleHash) -> Option<&Past> {
        let last = self.history.iter().find(|past| past.hash == Some(hash))?;
        (last.outcome != Outcome::Proven).then_some(last)
    }

    /// The bundle that is at work.
    pub fn offer(&self) -> Option<&Offer> {
        match &self.phase {
            Phase::Idle => None,
            Phase::Offered { offer }
            | Phase::Ready { offer, .. }
            | Phase::Installing { offer }
            | Phase::Restarting { offer, .. }
            | Phase::Proving { offer, .. } => Some(offer),
        }
    }
}

impl Past {
    /// Why, in words.
    pub fn text(&self) -> Text {
        let [ja, en] = &self.why;
        Text::new(ja.clone(), en.clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn offer() -> Offer {
        let hash = BundleHash([7; 32]);
        Offer { version: Version([1, 5, 0]), schema: 28, bytes: 100, hash, source: Source::Hub }
    }

    fn past(outcome: Outcome) -> Past {
        let why = ["理由".to_owned(), "why".to_owned()];
        Past { at_ms: 5, version: Version([1, 5, 0]), hash: Some(offer().hash), outcome, why, slot: Some(Slot::B) }
    }

    #[test]
    fn every_phase_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(State::read(folder.path()).unwrap(), State::default());
        let (boot, from) = ("b".to_owned(), Version([1, 4, 0]));
        let phases = [
            Phase::Idle,
            Phase::Offered { offer: offer() },
            Phase::Ready { offer: offer(), asked: true, postponed_ms: Some(9) },
            Phase::Installing { offer: offer() },
            Phase::Restarting { offer: offer(), from, boot, asked: false },
            Phase::Proving { offer: offer(), from },
        ];
        for phase in phases {
            let mut state = State { history: vec![past(Outcome::Returned)], ..State::default() };
            state.enter(phase, 77);
            state.write(folder.path()).unwrap();
            assert_eq!(State::read(folder.path()).unwrap(), state);
        }
    }

    #[test]
    fn what_cannot_be_read_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"phase\":").unwrap();
        assert_eq!(State::read(folder.path()).unwrap(), State::default());
        assert!(folder.path().join("state.unreadable").exists());
    }

    #[test]
    fn a_half_written_file_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let state = State { since_ms: 3, ..State::default() };
        state.write(folder.path()).unwrap();
        std::fs::write(folder.path().join("state.new"), "{").unwrap();
        assert_eq!(State::read(folder.path()).unwrap(), state);
    }

    #[test]
    fn a_bundle_that_came_to_nothing_is_not_tried_again_by_itself() {
        let mut state = State::default();
        state.end(past(Outcome::Returned));
        assert!(state.gave_up(offer().hash).is_some());
        state.end(past(Outcome::Proven));
        assert!(state.gave_up(offer().hash).is_none());
        (0..HISTORY).for_each(|_| state.end(past(Outcome::Failed)));
        assert_eq!((state.history.len(), state.last().unwrap().outcome), (HISTORY, Outcome::Failed));
    }
}
