//! Which readers this program itself holds for itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::reader::ReaderName;

/// The readers whose card this program works with at the moment, shared between the watch and the card work, so that
/// our own exclusive use of a card is not reported as somebody else's.
#[derive(Debug, Clone, Default)]
pub struct OwnHolds(Arc<Mutex<BTreeMap<ReaderName, usize>>>);

/// One use of one reader; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    holds: OwnHolds,
    reader: ReaderName,
}

impl OwnHolds {
    pub(super) fn take(&self, reader: &ReaderName) -> Hold {
        *self.counts().entry(reader.clone()).or_default() += 1;
        Hold { holds: self.clone(), reader: reader.clone() }
    }

    pub(super) fn contains(&self, reader: &ReaderName) -> bool {
        self.counts().contains_key(reader)
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<ReaderName, usize>> {
        // a counter is changed in one step, so a panic of another holder leaves it whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut counts = self.holds.counts();
        if let Some(count) = counts.get_mut(&self.reader) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.reader);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_held_until_its_last_use_ends() {
        let (holds, reader) = (OwnHolds::default(), ReaderName::parse("counter").expect("a good name"));
        let (first, second) = (holds.take(&reader), holds.take(&reader));
        drop(first);
        assert!(holds.contains(&reader));
        drop(second);
        assert!(!holds.contains(&reader));
    }
}
