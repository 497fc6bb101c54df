//! A reader without hardware, for practice, demonstrations and tests.
//!
//! It keeps a small model of the *things* (is the cable in, is a card in the slot, does it hang) apart from what it
//! *reports*: a card put into a hanging or unplugged reader is really there, and is noticed only when the reader works
//! again. [`SimReader`] is the port everyone listens to; [`SimReaderHandle`] is the hand that turns the knobs.

mod things;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::reader::{Adapter, CardLabel, Clock, ReaderChannel, ReaderEvent, ReaderFault, ReaderName};
use things::Things;

/// A simulated reader. It starts unplugged.
#[derive(Debug)]
pub struct SimReader {
    channel: Arc<ReaderChannel>,
}

/// The knobs of a [`SimReader`]: cheap to clone, usable from any task or thread while the reader runs.
#[derive(Debug, Clone)]
pub struct SimReaderHandle {
    channel: Arc<ReaderChannel>,
    things: Arc<Mutex<Things>>,
}

/// What nobody can do with a real reader either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnobRefused {
    /// There is a card in the slot already.
    SlotOccupied,
    /// There is no card to take out.
    SlotEmpty,
    /// An unplugged reader cannot hang.
    Unplugged,
}

impl SimReader {
    /// A new reader and its knobs.
    pub fn new(name: ReaderName, clock: Clock) -> (Self, SimReaderHandle) {
        let channel = Arc::new(ReaderChannel::new(name, clock));
        let handle = SimReaderHandle { channel: Arc::clone(&channel), things: Arc::default() };
        (Self { channel }, handle)
    }
}

impl Adapter for SimReader {
    fn channel(&self) -> &ReaderChannel {
        &self.channel
    }
}

impl SimReaderHandle {
    /// Plugs the cable in; a card in the slot is noticed at once. Does nothing when it is in already.
    pub fn plug(&self) {
        self.turn(Things::plug);
    }

    /// Pulls the cable out. It cures a hanging reader, as it does with real ones. Does nothing when it is out already.
    pub fn unplug(&self) {
        self.turn(Things::unplug);
    }

    /// The reader stops answering until [`recover`](Self::recover) or until it is plugged in anew.
    pub fn hang(&self) -> Result<(), KnobRefused> {
        self.try_turn(Things::hang)
    }

    /// The next card that the reader notices fails with this fault instead of being read. Setting it again replaces it.
    pub fn fail_next(&self, fault: ReaderFault) {
        self.things().fail_next(fault);
    }

    /// Ends any fault of a plugged-in reader; a card in the slot is noticed as a new insertion. Does nothing when all
    /// is well.
    pub fn recover(&self) {
        self.turn(Things::recover);
    }

    /// Puts a practice card into the slot.
    pub fn insert_card(&self, label: CardLabel) -> Result<(), KnobRefused> {
        self.try_turn(|things| things.insert_card(label))
    }

    /// Takes the card out of the slot.
    pub fn remove_card(&self) -> Result<(), KnobRefused> {
        self.try_turn(Things::remove_card)
    }

    /// Whether a card is in the slot, noticed by the reader or not.
    pub fn card_in_slot(&self) -> Option<CardLabel> {
        self.things().card_in_slot().cloned()
    }

    fn turn(&self, change: impl FnOnce(&mut Things) -> Vec<ReaderEvent>) {
        let mut things = self.things();
        self.tell(change(&mut things));
    }

    fn try_turn(
        &self,
        change: impl FnOnce(&mut Things) -> Result<Vec<ReaderEvent>, KnobRefused>,
    ) -> Result<(), KnobRefused> {
        let mut things = self.things();
        self.tell(change(&mut things)?);
        Ok(())
    }

    /// Called with the things still held, so that nobody turns another knob before this change is told.
    fn tell(&self, noticed: Vec<ReaderEvent>) {
        noticed.into_iter().for_each(|event| self.channel.announce(event));
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        // every change leaves the things whole, so a panic of another holder spoils nothing
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for KnobRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SlotOccupied => {
                "すでにカードが入っています。先に抜いてください。 / A card is in the slot already: take it out first."
            }
            Self::SlotEmpty => "抜くカードがありません。 / There is no card to take out.",
            Self::Unplugged => {
                "リーダーが接続されていません。先に接続してください。 / The reader is unplugged: plug it in first."
            }
        })
    }
}

impl std::error::Error for KnobRefused {}

#[cfg(test)]
mod tests;
