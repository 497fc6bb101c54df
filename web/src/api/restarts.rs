//! Restarts by key: one at a time, and each key once. In memory: a box that restarted has restarted everything.

use super::wire::device::RestartAsked;
use domain::fact::Author;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys remembered before the oldest is forgotten.
const KEYS_AT_MOST: usize = 1_000;

/// A restart that was done under a key.
struct Done {
    by: Author,
    key: String,
    asked: RestartAsked,
}

/// Restarts that were done.
#[derive(Default)]
pub struct Restarts {
    /// held while a restart is under way, so that the same key sent twice at once restarts once
    pub gate: tokio::sync::Mutex<()>,
    done: Mutex<VecDeque<Done>>,
}

impl Restarts {
    /// What was done under this key.
    pub fn of_key(&self, by: &Author, key: &str) -> Option<RestartAsked> {
        self.done().iter().find(|done| done.by == *by && done.key == key).map(|done| done.asked.clone())
    }

    /// Remembers what was done under a key.
    pub fn remember(&self, by: &Author, key: &str, asked: &RestartAsked) {
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
