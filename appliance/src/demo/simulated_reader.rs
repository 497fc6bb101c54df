//! The reader inside this program: watched and healed like a clinic's, with an emulated card in it that can really be read.

use super::dealt::Dealt;
use super::practice_reader::drivers_clock;
use crate::clock::Clock;
use crate::devices::{CardDoor, GivenReader, Hands};
use anyhow::Context;
use drivers::card::{CardFailure, CardReading, CardWire, WireError};
use drivers::emulated::Chip;
use drivers::health::healing::HealingStep;
use drivers::pcsc::ReadingOrder;
use drivers::{CardLabel, ReaderName, ReaderPort, ReaderState, SimReader, SimReaderHandle};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Its name among the devices.
pub(super) const SIMULATED: &str = "練習用リーダー";

/// The reader, its knobs, and what lies in it.
#[derive(Clone)]
pub struct SimulatedReader {
    port: Arc<SimReader>,
    pub(super) knobs: SimReaderHandle,
    slot: Arc<Mutex<Slot>>,
}

/// The card in the slot.
#[derive(Default)]
struct Slot {
    chip: Option<Chip>,
    /// How many cards were laid down.
    cards: u64,
}

/// The way to the card in the slot, for whoever asks for a reading.
struct SlotDoor {
    port: Arc<SimReader>,
    slot: Arc<Mutex<Slot>>,
}

/// The emulated chip as the card code speaks to it.
struct ChipWire<'a>(&'a mut Chip);

impl SimulatedReader {
    /// A reader that is plugged in.
    pub fn new(clock: &Clock) -> anyhow::Result<SimulatedReader> {
        let name = ReaderName::parse(SIMULATED).context("name")?;
        let (reader, knobs) = SimReader::new(name, drivers_clock(clock.clone()));
        knobs.plug();
        Ok(SimulatedReader { port: Arc::new(reader), knobs, slot: Arc::default() })
    }

    /// For the devices page. Opening it anew, or resetting it, is what helps a reader that hangs.
    pub fn given(&self) -> GivenReader {
        let cure = |knobs: SimReaderHandle| {
            move || {
                knobs.recover();
                Ok(())
            }
        };
        let hands = Hands::default()
            .with(HealingStep::Reopen, cure(self.knobs.clone()))
            .with(HealingStep::Reset, cure(self.knobs.clone()));
        let door = SlotDoor { port: self.port.clone(), slot: self.slot.clone() };
        GivenReader { port: self.port.clone(), hands, cards: Some(Arc::new(door)) }
    }

    /// What listens to it.
    pub(super) fn port(&self) -> Arc<SimReader> {
        self.port.clone()
    }

    /// Whether it gives no answer.
    pub(super) fn hangs(&self) -> bool {
        matches!(ReaderPort::status(&*self.port).state, ReaderState::Faulted { .. })
    }

    /// Lays somebody's card into the slot, in the place of the one before. The number is for [`take_back`](Self::take_back).
    pub(super) fn lay_down(&self, label: &str, dealt: &Dealt, today: jiff::civil::Date) -> Option<u64> {
        let chip = dealt.order(today).and_then(|order| Chip::issue(&order).ok())?;
        let label = CardLabel::parse(label).ok()?;
        let mut slot = locked(&self.slot);
        let _was_empty = self.knobs.remove_card();
        slot.chip = Some(chip);
        slot.cards += 1;
        self.knobs.insert_card(label).ok()?;
        Some(slot.cards)
    }

    /// The person takes the card back, unless it is another one by now.
    pub(super) fn take_back(&self, card: u64) {
        let mut slot = locked(&self.slot);
        if slot.cards == card {
            slot.chip = None;
            let _was_empty = self.knobs.remove_card();
        }
    }
}

impl CardDoor for SlotDoor {
    fn read(&self, order: ReadingOrder) -> Result<CardReading, CardFailure> {
        match ReaderPort::status(&*self.port).state {
            ReaderState::Absent { .. } => return Err(CardFailure::Wire(WireError::ReaderGone)),
            ReaderState::Faulted { .. } => return Err(CardFailure::Wire(WireError::TimedOut)),
            ReaderState::Ready { .. } | ReaderState::CardPresent { .. } => {}
        }
        let mut slot = locked(&self.slot);
        let chip = slot.chip.as_mut().ok_or(CardFailure::Wire(WireError::CardGone))?;
        chip.reset();
        let read = order.read_over(&mut ChipWire(chip));
        if order.surface_code.is_some() {
            chip.cycle_power();
        }
        read
    }
}

impl CardWire for ChipWire<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        Ok(self.0.exchange(command))
    }
}

fn locked(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    // a reading that made the program panic leaves the chip as a card pulled in the middle: it begins with a selection again
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
