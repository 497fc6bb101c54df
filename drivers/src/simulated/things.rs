//! The things of a simulated reader, and what the reader notices when they change.

use super::KnobRefused;
use crate::reader::{CardLabel, CardPresence, ConcernedPart, InsertionNumber, ReaderEvent, ReaderFault};

/// Cable, slot and troubles. Every change returns what the reader reports of it, in order.
#[derive(Debug, Default)]
pub(super) struct Things {
    plugged: bool,
    card: Option<CardLabel>,
    /// What is wrong now, while plugged in.
    fault: Option<ReaderFault>,
    /// What the next card noticed will meet.
    next_failure: Option<ReaderFault>,
    insertions: u64,
}

impl Things {
    pub(super) fn plug(&mut self) -> Vec<ReaderEvent> {
        if std::mem::replace(&mut self.plugged, true) {
            return Vec::new();
        }
        std::iter::once(ReaderEvent::Attached).chain(self.notice_card()).collect()
    }

    pub(super) fn unplug(&mut self) -> Vec<ReaderEvent> {
        self.fault = None;
        if std::mem::replace(&mut self.plugged, false) { vec![ReaderEvent::Detached] } else { Vec::new() }
    }

    pub(super) fn hang(&mut self) -> Result<Vec<ReaderEvent>, KnobRefused> {
        if !self.plugged {
            return Err(KnobRefused::Unplugged);
        }
        let known = self.fault.replace(ReaderFault::NotAnswering) == Some(ReaderFault::NotAnswering);
        Ok(if known { Vec::new() } else { vec![ReaderEvent::Faulted { fault: ReaderFault::NotAnswering }] })
    }

    pub(super) fn fail_next(&mut self, fault: ReaderFault) {
        self.next_failure = Some(fault);
    }

    pub(super) fn recover(&mut self) -> Vec<ReaderEvent> {
        match self.fault.take() {
            Some(_) => std::iter::once(ReaderEvent::Recovered).chain(self.notice_card()).collect(),
            None => Vec::new(),
        }
    }

    pub(super) fn insert_card(&mut self, label: CardLabel) -> Result<Vec<ReaderEvent>, KnobRefused> {
        if self.card.is_some() {
            return Err(KnobRefused::SlotOccupied);
        }
        self.card = Some(label);
        Ok(self.notice_card().into_iter().collect())
    }

    pub(super) fn remove_card(&mut self) -> Result<Vec<ReaderEvent>, KnobRefused> {
        self.card.take().ok_or(KnobRefused::SlotEmpty)?;
        let card_fault = self.fault.is_some_and(|fault| fault.concerns() == ConcernedPart::Card);
        if card_fault {
            self.fault = None;
        }
        Ok(if self.works() { vec![ReaderEvent::CardRemoved] } else { Vec::new() })
    }

    pub(super) fn card_in_slot(&self) -> Option<&CardLabel> {
        self.card.as_ref()
    }

    fn works(&self) -> bool {
        self.plugged && self.fault.is_none()
    }

    /// A working reader notices the card in its slot: as an insertion, or as the failure that was waiting for it.
    fn notice_card(&mut self) -> Option<ReaderEvent> {
        if !self.works() {
            return None;
        }
        let label = self.card.clone()?;
        if let Some(fault) = self.next_failure.take() {
            self.fault = Some(fault);
            return Some(ReaderEvent::Faulted { fault });
        }
        self.insertions += 1;
        let insertion = InsertionNumber(self.insertions);
        Some(ReaderEvent::CardInserted(CardPresence { insertion, label: Some(label) }))
    }
}
