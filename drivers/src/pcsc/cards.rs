//! Connecting to cards.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::card::{PcscCard, Work};
use super::holds::OwnHolds;
use super::patience::Patience;
use crate::card::WireError;
use crate::reader::ReaderName;

/// With whom a card is shared while this program works with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Other programs may use it at the same time. For looking only.
    WithOthers,
    /// Nobody else, until it is released: whenever anything secret is presented to the card or read from it
    /// (`pcsc-and-serial §2.2` rule 6).
    Exclusive,
}

/// The door to the cards in the service's readers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PcscCards {
    holds: OwnHolds,
    patience: Patience,
    stuck: StuckWork,
}

/// Card work that was given up on because no answer came, by reader. The service has no way to interrupt it: its thread
/// ends when the card is taken out, the reader unplugged or the service restarted. Until then the reader is not tried
/// again, so that there is never more than one such thread for a reader.
#[derive(Debug, Clone, Default)]
pub(super) struct StuckWork(Arc<Mutex<BTreeMap<ReaderName, Work>>>);

impl PcscCards {
    /// `holds` is the one given to the watch.
    pub fn new(holds: OwnHolds, patience: Patience) -> Self {
        Self { holds, patience, stuck: StuckWork::default() }
    }

    /// Powers the card in this reader up and gives it to the caller. Its state is unknown: start with a selection.
    ///
    /// A card held by another program is waited for as long as [`Patience::busy`] says.
    pub fn connect(&self, reader: &ReaderName, share: Share) -> Result<PcscCard, WireError> {
        if self.stuck.is_stuck(reader) {
            return Err(WireError::TimedOut);
        }
        let hold = self.holds.take(reader);
        PcscCard::connect(reader, share, self.patience, hold, self.stuck.clone())
    }

    /// How many readers have card work that never ended: 0, or a number for the technician's page.
    pub fn stuck_readers(&self) -> usize {
        let mut works = self.stuck.works();
        works.retain(|_, work| work.goes_on());
        works.len()
    }
}

impl StuckWork {
    pub(super) fn add(&self, reader: &ReaderName, work: &Work) {
        self.works().insert(reader.clone(), work.clone());
    }

    fn is_stuck(&self, reader: &ReaderName) -> bool {
        let mut works = self.works();
        let stuck = works.get(reader).is_some_and(Work::goes_on);
        if !stuck {
            works.remove(reader);
        }
        stuck
    }

    fn works(&self) -> MutexGuard<'_, BTreeMap<ReaderName, Work>> {
        // every change is one insertion or removal, so a panic of another holder leaves it whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
