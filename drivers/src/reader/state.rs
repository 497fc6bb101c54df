//! Where a reader stands, as the sum of what it reported.

use super::event::{CardPresence, Observation, ReaderEvent};
use super::fault::{Bilingual, ConcernedPart, ReaderFault};
use super::name::ReaderName;
use super::time::Moment;

/// The state of one reader, each with the moment since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderState {
    /// No such reader is attached.
    Absent {
        /// Since when.
        since: Moment,
    },
    /// The reader answers and is empty.
    Ready {
        /// Since when.
        since: Moment,
    },
    /// A card is in and answers.
    CardPresent {
        /// Since when this card.
        since: Moment,
        /// Which one.
        card: CardPresence,
    },
    /// Something is wrong.
    Faulted {
        /// Since when this fault.
        since: Moment,
        /// What.
        fault: ReaderFault,
    },
}

impl ReaderState {
    /// The state after `event`, or `None` when the event cannot happen in this state. Then the state stays, since-when
    /// included: a reader that repeats itself does not make a fault look younger.
    pub fn after(&self, event: &ReaderEvent, at: Moment) -> Option<Self> {
        match event {
            ReaderEvent::Attached => self.attached(at),
            ReaderEvent::CardInserted(card) => self.card_inserted(card, at),
            ReaderEvent::CardRemoved => self.card_removed(at),
            ReaderEvent::Faulted { fault } => self.faulted(*fault, at),
            ReaderEvent::Recovered => self.recovered(at),
            ReaderEvent::Detached => self.detached(at),
        }
    }

    /// Since when the reader is in this state.
    pub fn since(&self) -> Moment {
        match self {
            Self::Absent { since }
            | Self::Ready { since }
            | Self::CardPresent { since, .. }
            | Self::Faulted { since, .. } => *since,
        }
    }

    /// The state in two or three words, for a lamp.
    pub fn name(&self) -> Bilingual {
        match self {
            Self::Absent { .. } => Bilingual { ja: "未接続", en: "not connected" },
            Self::Ready { .. } => Bilingual { ja: "使用できます", en: "ready" },
            Self::CardPresent { .. } => Bilingual { ja: "カードあり", en: "card present" },
            Self::Faulted { .. } => Bilingual { ja: "不具合", en: "faulted" },
        }
    }

    fn attached(&self, at: Moment) -> Option<Self> {
        matches!(self, Self::Absent { .. }).then_some(Self::Ready { since: at })
    }

    /// Into an empty reader; or instead of another card when the change was too quick to be seen as out and in; or
    /// after a card that could not be read. Another insertion is another person: it always replaces what was there.
    fn card_inserted(&self, card: &CardPresence, at: Moment) -> Option<Self> {
        let possible = match self {
            Self::Ready { .. } => true,
            Self::CardPresent { card: before, .. } => before.insertion != card.insertion,
            Self::Faulted { fault, .. } => fault.concerns() == ConcernedPart::Card,
            Self::Absent { .. } => false,
        };
        possible.then(|| Self::CardPresent { since: at, card: card.clone() })
    }

    /// A fault of the card leaves with the card; any other fault stays until it is reported as over.
    fn card_removed(&self, at: Moment) -> Option<Self> {
        let possible = match self {
            Self::CardPresent { .. } => true,
            Self::Faulted { fault, .. } => fault.concerns() == ConcernedPart::Card,
            Self::Absent { .. } | Self::Ready { .. } => false,
        };
        possible.then_some(Self::Ready { since: at })
    }

    /// From anywhere, also while absent: a stopped service hides whether a reader is there at all.
    fn faulted(&self, fault: ReaderFault, at: Moment) -> Option<Self> {
        let known = matches!(self, Self::Faulted { fault: before, .. } if *before == fault);
        (!known).then_some(Self::Faulted { since: at, fault })
    }

    fn recovered(&self, at: Moment) -> Option<Self> {
        matches!(self, Self::Faulted { .. }).then_some(Self::Ready { since: at })
    }

    fn detached(&self, at: Moment) -> Option<Self> {
        (!matches!(self, Self::Absent { .. })).then_some(Self::Absent { since: at })
    }
}

/// One reader's state with what is needed to trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderStatus {
    /// The reader.
    pub reader: ReaderName,
    /// Where it stands.
    pub state: ReaderState,
    /// The last event taken into account; 0 before the first.
    pub sequence: u64,
    /// How many events could not happen in the state they met. They changed nothing; a number that grows means a
    /// driver or a device that contradicts itself.
    pub ignored_events: u64,
}

impl ReaderStatus {
    /// A reader nobody has heard of yet.
    pub fn absent(reader: ReaderName, since: Moment) -> Self {
        Self { reader, state: ReaderState::Absent { since }, sequence: 0, ignored_events: 0 }
    }

    /// Takes one observation into account. One that is not newer than the last (a repetition, a reordering) is
    /// counted as ignored and changes nothing.
    pub fn take(&mut self, observation: &Observation) {
        let newer = observation.sequence > self.sequence;
        let next = if newer { self.state.after(&observation.event, observation.at) } else { None };
        match next {
            Some(state) => self.state = state,
            None => self.ignored_events += 1,
        }
        self.sequence = self.sequence.max(observation.sequence);
    }
}

#[cfg(test)]
mod tests;
