//! Which run of a peer certainly has a record, so that it is not sent back to where it came from.
//!
//! Keyed by the *run*, not by the box: a restored or cloned box starts a new run, and is sent everything its old self had.
//! Forgetting an entry costs a few bytes on the line and nothing else.

use super::term::Term;
use crate::seal::RecordHash;
use std::collections::{HashSet, VecDeque};

/// Entries remembered.
const MAX_ENTRIES: usize = 8_192;

/// A bounded memory of who has what.
#[derive(Default)]
pub(crate) struct Origins {
    known: HashSet<(u64, Term)>,
    order: VecDeque<(u64, Term)>,
}

impl Origins {
    /// The run `holder` has the record.
    pub(crate) fn note(&mut self, record: RecordHash, holder: Term) {
        let entry = (u64::from_be_bytes(record.prefix()), holder);
        if !self.known.insert(entry) {
            return;
        }
        self.order.push_back(entry);
        if self.order.len() > MAX_ENTRIES
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Whether it is known to have it.
    pub(crate) fn has(&self, record: RecordHash, holder: Term) -> bool {
        self.known.contains(&(u64::from_be_bytes(record.prefix()), holder))
    }
}
