//! Connecting to cards.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::card::{AfterUse, PcscCard, WholeWork, Work, WorkBroken, whole};
use super::holds::OwnHolds;
use super::patience::Patience;
use crate::card::{
    BrokenOff, CardFailure, CardReading, CardWire, ReadingRequest, SiteKey, SurfaceCode, WireError, read_card,
};
use crate::reader::ReaderName;

/// With whom a card is shared while this program works with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Other programs may use it at the same time. For looking only.
    WithOthers,
    /// Nobody else, until it is released: whenever anything secret is presented to the card or read from it
    /// (`pcsc-and-serial §2.2` rule 6).
    Exclusive,
    /// The reader itself, whether or not a card is in it: nothing can be said to a card. For asking whether the reader works.
    ReaderAlone,
}

/// A [`ReadingRequest`] that owns what it asks with.
#[derive(Debug, Default)]
pub struct ReadingOrder {
    /// As in the request.
    pub surface_code: Option<SurfaceCode>,
    /// As in the request.
    pub last_try_confirmed: bool,
    /// As in the request.
    pub tries: bool,
    /// As in the request.
    pub card_expiry: bool,
    /// As in the request. Absent is off.
    pub recognise_with: Option<Arc<SiteKey>>,
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

    /// Connects, lets `work` speak to the card, and releases it, all on one thread beside this one, so that no command waits
    /// for a change of threads. Should the card stop answering, this returns after [`Patience::exchange`], and nothing more
    /// is sent to it.
    pub fn work<T: Send + 'static>(
        &self,
        reader: &ReaderName,
        share: Share,
        after_use: AfterUse,
        work: impl FnOnce(&mut dyn CardWire) -> T + Send + 'static,
    ) -> Result<T, WorkBroken> {
        if self.stuck.is_stuck(reader) {
            return Err(WorkBroken { wire: WireError::TimedOut, while_presenting: false });
        }
        let hold = self.holds.take(reader);
        let (reader, patience, stuck) = (reader.clone(), self.patience, self.stuck.clone());
        whole(WholeWork { reader, share, after_use, patience, stuck }, hold, work)
    }

    /// One whole reading ([`read_card`]), exclusively. A card that was shown a number loses its power afterwards.
    pub fn read(&self, reader: &ReaderName, order: ReadingOrder) -> Result<CardReading, CardFailure> {
        let after_use = if order.surface_code.is_some() { AfterUse::PowerDown } else { AfterUse::LeavePowered };
        let read = move |wire: &mut dyn CardWire| order.read_over(wire);
        self.work(reader, Share::Exclusive, after_use, read).map_err(CardFailure::from).flatten()
    }

    /// Asks the reader itself whether it works, beside the watch and anew: a card in it is powered up and left as it is, and an
    /// empty reader is opened and closed. [`WireError::Busy`] says that somebody is working with its card.
    pub fn probe(&self, reader: &ReaderName) -> Result<(), WireError> {
        let ask = |share| self.work(reader, share, AfterUse::LeavePowered, |_| ()).map_err(|broken| broken.wire);
        match ask(Share::WithOthers) {
            Err(WireError::CardGone) => ask(Share::ReaderAlone),
            asked => asked,
        }
    }

    /// How many readers have card work that never ended: 0, or a number for the technician's page.
    pub fn stuck_readers(&self) -> usize {
        let mut works = self.stuck.works();
        works.retain(|_, work| work.goes_on());
        works.len()
    }
}

impl ReadingOrder {
    /// The whole reading ([`read_card`]) over a wire that somebody else holds.
    pub fn read_over(&self, wire: &mut dyn CardWire) -> Result<CardReading, CardFailure> {
        read_card(wire, self.request())
    }

    fn request(&self) -> ReadingRequest<'_> {
        ReadingRequest {
            surface_code: self.surface_code.as_ref(),
            last_try_confirmed: self.last_try_confirmed,
            tries: self.tries,
            card_expiry: self.card_expiry,
            recognise_with: self.recognise_with.as_deref(),
        }
    }
}

impl From<WorkBroken> for CardFailure {
    /// A card that fell silent while a number was presented may have counted it.
    fn from(broken: WorkBroken) -> Self {
        let wire = broken.wire;
        if broken.while_presenting {
            Self::SurfaceCodeBrokenOff { wire, counter: BrokenOff::Unknown }
        } else {
            Self::Wire(wire)
        }
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
