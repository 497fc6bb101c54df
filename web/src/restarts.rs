//! Restarts by key: one at a time, and each key once, whoever asks by page or API. In memory: a box that restarted has restarted
//! everything.

use crate::port::Devices;
use domain::Timestamp;
use domain::fact::Author;
use domain::text::Text;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys remembered before the oldest is forgotten.
const KEYS_AT_MOST: usize = 1_000;

/// A restart that somebody wants.
pub struct Wanted<'a> {
    /// who
    pub by: &'a Author,
    /// under which key; without one it is done each time it is asked for
    pub key: Option<&'a str>,
    /// which device
    pub device: &'a str,
    /// by which step
    pub step: &'a str,
    /// when
    pub at: Timestamp,
}

/// A restart that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// which device
    pub device: String,
    /// by which step
    pub step: String,
    /// when
    pub at: Timestamp,
}

/// Why a restart was not asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// the key was used for something else
    KeyReused,
    /// the device refused
    Refused(Text),
}

struct Done {
    by: Author,
    key: String,
    asked: Asked,
}

/// Restarts that were asked for.
#[derive(Default)]
pub struct Restarts {
    /// held while a restart is under way, so that the same key sent twice at once restarts once
    gate: tokio::sync::Mutex<()>,
    done: Mutex<VecDeque<Done>>,
}

impl Restarts {
    /// Restarts a device; the same key restarts it once.
    pub async fn once(&self, devices: &dyn Devices, wanted: Wanted<'_>) -> Result<Asked, NotAsked> {
        let _one_at_a_time = self.gate.lock().await;
        match wanted.key.and_then(|key| self.of_key(wanted.by, key)) {
            Some(asked) if asked.device == wanted.device && asked.step == wanted.step => return Ok(asked),
            Some(_) => return Err(NotAsked::KeyReused),
            None => {}
        }
        devices.restart(wanted.device, wanted.step).await.map_err(NotAsked::Refused)?;
        let asked = Asked { device: wanted.device.to_owned(), step: wanted.step.to_owned(), at: wanted.at };
        if let Some(key) = wanted.key {
            self.remember(wanted.by, key, &asked);
        }
        Ok(asked)
    }

    /// What was done under this key.
    pub fn of_key(&self, by: &Author, key: &str) -> Option<Asked> {
        self.done().iter().find(|done| done.by == *by && done.key == key).map(|done| done.asked.clone())
    }

    fn remember(&self, by: &Author, key: &str, asked: &Asked) {
        let mut done = self.done();
        if done.len() >= KEYS_AT_MOST {
            done.pop_front();
        }
        done.push_back(Done { by: by.clone(), key: key.to_owned(), asked: asked.clone() });
    }

    fn done(&self) -> MutexGuard<'_, VecDeque<Done>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
