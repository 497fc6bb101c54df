//! What the service shows of one reader, turned into what happened there.

use pcsc::State;

use crate::reader::{CardPresence, InsertionNumber, ReaderEvent, ReaderFault};

/// One look at a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    Empty,
    /// A card that answered when it was powered; the service's counter of insertions and removals.
    Card(u32),
    /// A card that did not.
    MuteCard(u32),
    /// A card another program has had for itself for too long.
    HeldCard,
    /// Listed, but unusable.
    Unusable,
}

impl Sight {
    /// What the service's flags and counter say; `None` when the reader is no longer known to it.
    pub(super) fn of(flags: State, count: u32) -> Option<Self> {
        if flags.intersects(State::UNKNOWN | State::IGNORE) {
            None
        } else if flags.contains(State::UNAVAILABLE) {
            Some(Self::Unusable)
        } else if !flags.contains(State::PRESENT) {
            Some(Self::Empty)
        } else if flags.contains(State::MUTE) {
            Some(Self::MuteCard(count))
        } else {
            Some(Self::Card(count))
        }
    }
}

/// What is known of one reader.
#[derive(Debug, Default)]
pub(super) struct Slot {
    known: Known,
    insertions: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Not attached.
    #[default]
    Nothing,
    /// The service is gone, and with it whatever was seen.
    Hidden,
    Seen(Sight),
}

impl Slot {
    /// The reader was looked at: what happened since the last look, in order.
    ///
    /// De-bounced on the service's counter, never on how the card looks (`pcsc-and-serial §2.2` rule 9).
    pub(super) fn see(&mut self, sight: Sight) -> Vec<ReaderEvent> {
        let before = std::mem::replace(&mut self.known, Known::Seen(sight));
        if before == Known::Seen(sight) {
            return Vec::new();
        }
        before.ended_by(sight).into_iter().chain(self.begun_by(sight)).collect()
    }

    /// The service is gone. A reader that was not there stays so.
    pub(super) fn hide(&mut self) -> Vec<ReaderEvent> {
        match self.known {
            Known::Nothing | Known::Hidden => Vec::new(),
            Known::Seen(_) => {
                self.known = Known::Hidden;
                vec![ReaderEvent::Faulted { fault: ReaderFault::ServiceGone }]
            }
        }
    }

    /// The reader is gone.
    pub(super) fn leave(&mut self) -> Vec<ReaderEvent> {
        match std::mem::take(&mut self.known) {
            Known::Nothing => Vec::new(),
            Known::Hidden | Known::Seen(_) => vec![ReaderEvent::Detached],
        }
    }

    /// Whether the reader is attached, as far as known.
    pub(super) fn is_there(&self) -> bool {
        self.known != Known::Nothing
    }

    fn begun_by(&mut self, sight: Sight) -> Option<ReaderEvent> {
        match sight {
            Sight::Empty => None,
            Sight::Card(_) => {
                self.insertions += 1;
                let insertion = InsertionNumber(self.insertions);
                Some(ReaderEvent::CardInserted(CardPresence { insertion, label: None }))
            }
            Sight::MuteCard(_) => Some(ReaderEvent::Faulted { fault: ReaderFault::CardMute }),
            Sight::HeldCard => Some(ReaderEvent::Faulted { fault: ReaderFault::HeldByAnother }),
            Sight::Unusable => Some(ReaderEvent::Faulted { fault: ReaderFault::NotAnswering }),
        }
    }
}

impl Known {
    /// What was over when `sight` was seen next.
    fn ended_by(self, sight: Sight) -> Option<ReaderEvent> {
        match self {
            Self::Nothing => Some(ReaderEvent::Attached),
            Self::Hidden | Self::Seen(Sight::Unusable | Sight::HeldCard) => {
                (!sight.hides_the_card()).then_some(ReaderEvent::Recovered)
            }
            Self::Seen(Sight::Empty) => None,
            Self::Seen(Sight::Card(count) | Sight::MuteCard(count)) => {
                sight.shows_it_left(count).then_some(ReaderEvent::CardRemoved)
            }
        }
    }
}

impl Sight {
    /// A fault that says nothing about whether a card is in.
    fn hides_the_card(self) -> bool {
        matches!(self, Self::HeldCard | Self::Unusable)
    }

    /// Whether the card that went in when the counter stood at `count` is no longer in.
    fn shows_it_left(self, count: u32) -> bool {
        match self {
            Self::Empty => true,
            Self::Card(now) | Self::MuteCard(now) => now != count,
            Self::HeldCard | Self::Unusable => false,
        }
    }
}

#[cfg(test)]
mod tests;
