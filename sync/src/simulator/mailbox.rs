//! What the HTTPS door keeps between calls: requests not yet taken, requests seen, results to fetch.

use domain::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// The mailbox of the HTTPS door.
#[derive(Default)]
pub(crate) struct Mailbox {
    waiting: BTreeMap<String, (Vec<u8>, Timestamp)>,
    seen: HashMap<String, ([u8; 32], Timestamp)>,
    results: BTreeMap<String, (Vec<u8>, Timestamp)>,
}

/// What became of a request put into the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// Taken in for the first time.
    Created,
    /// The identical body was already put under this name.
    Known,
    /// Another body was put under this name before.
    Conflict,
}

impl Mailbox {
    pub(crate) fn put(&mut self, name: &str, body: Vec<u8>, now: Timestamp) -> Put {
        let digest: [u8; 32] = Sha256::digest(&body).into();
        match self.seen.get(name) {
            Some((known, _)) if *known == digest => Put::Known,
            Some(_) => Put::Conflict,
            None => {
                self.seen.insert(name.to_owned(), (digest, now));
                self.waiting.insert(name.to_owned(), (body, now));
                Put::Created
            }
        }
    }

    /// Names and ages of requests not yet taken.
    pub(crate) fn waiting(&self, now: Timestamp) -> Vec<(String, i64)> {
        self.waiting.iter().map(|(name, (_, at))| (name.clone(), now.since_ms(*at).max(0))).collect()
    }

    pub(crate) fn waiting_names(&self) -> Vec<String> {
        self.waiting.keys().cloned().collect()
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&[u8]> {
        self.waiting.get(name).map(|(body, _)| body.as_slice())
    }

    pub(crate) fn take(&mut self, name: &str) {
        self.waiting.remove(name);
    }

    pub(crate) fn publish(&mut self, name: &str, body: Vec<u8>, now: Timestamp) {
        self.results.insert(name.to_owned(), (body, now));
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.results.keys().cloned().collect()
    }

    pub(crate) fn result(&self, name: &str) -> Option<Vec<u8>> {
        self.results.get(name).map(|(body, _)| body.clone())
    }

    /// Drops results and memories older than the given instant.
    pub(crate) fn forget_before(&mut self, instant: Timestamp) -> usize {
        let before = self.results.len();
        self.results.retain(|_, (_, at)| *at >= instant);
        let waiting = &self.waiting;
        self.seen.retain(|name, (_, at)| *at >= instant || waiting.contains_key(name));
        before - self.results.len()
    }
}
