//! What a sign says beside the state: readings, failures, the card.

use super::{CardPlace, Health};
use crate::health::notice::Notice;
use crate::health::sign::{ReadFailure, Sign};
use crate::health::trouble::DeviceFault;
use crate::reader::{Moment, ReaderFault};

impl Health {
    /// The facts beside the state.
    pub(super) fn note(&mut self, sign: &Sign, now: Moment, notices: &mut Vec<Notice>) {
        match sign {
            Sign::CardInserted => self.place_card(CardPlace::In { since: now, told: false }, notices),
            Sign::CardRemoved | Sign::Detached => self.place_card(CardPlace::Out, notices),
            Sign::ReadBegan => self.reading_since = Some(now),
            Sign::ReadExpected { by } => self.expected_by = Some(*by),
            Sign::GoodRead => self.note_good_read(now),
            Sign::FailedRead { why } => self.note_failed_read(*why, now, notices),
            Sign::Faulted { fault } => self.note_fault(*fault, now, notices),
            Sign::HealingBegan { .. } => self.last_restart = Some(now),
            Sign::Answering => self.note_answer(),
            Sign::Attached | Sign::HealingEnded => {}
        }
        if matches!(sign, Sign::Detached) {
            self.reading_since = None;
        }
        if matches!(sign, Sign::Attached | Sign::HealingBegan { .. }) {
            self.starting_since = Some(now);
        }
    }

    fn note_good_read(&mut self, now: Moment) {
        self.reading_since = None;
        self.expected_by = None;
        self.last_good_read = Some(now);
        self.failed_in_row = 0;
        self.missed_in_row = 0;
        self.hours.count_good(self.hour(now));
        self.use_card(now);
    }

    pub(super) fn note_failed_read(&mut self, why: ReadFailure, now: Moment, notices: &mut Vec<Notice>) {
        self.reading_since = None;
        self.expected_by = None;
        self.missed_in_row = 0;
        self.last_failure = Some(why.code());
        self.count_failure(now);
        self.use_card(now);
        notices.push(Notice::ReadFailed { why });
    }

    fn note_fault(&mut self, fault: DeviceFault, now: Moment, notices: &mut Vec<Notice>) {
        self.reading_since = None;
        if self.state.fault() == Some(fault) {
            return;
        }
        self.last_failure = Some(fault.code());
        match fault {
            DeviceFault::Reader(ReaderFault::CardPulled) => self.place_card(CardPlace::Out, notices),
            // a card that gives no sign is nevertheless in
            DeviceFault::Reader(ReaderFault::CardMute) if self.card_since().is_none() => {
                self.card = CardPlace::In { since: now, told: false };
            }
            _ if fault.is_of_the_card() || fault.needs_a_good_read() => {}
            _ if self.card_since().is_some() => self.card = CardPlace::Unknown { since: now },
            _ => {}
        }
        if fault.is_of_the_card() {
            self.count_failure(now);
        }
    }

    /// A device that answers again reports a card that is still in as a new one, so what was known before is void.
    fn note_answer(&mut self) {
        if !self.state.is_well() {
            self.card = CardPlace::Out;
        }
    }

    fn count_failure(&mut self, now: Moment) {
        self.failed_in_row = self.failed_in_row.saturating_add(1);
        self.hours.count_failed(self.hour(now));
    }

    fn place_card(&mut self, place: CardPlace, notices: &mut Vec<Notice>) {
        if self.card_left_behind() {
            notices.push(Notice::LeftCardTaken);
        }
        self.card = place;
    }

    /// A card that is being used is not left behind: its time starts again.
    fn use_card(&mut self, now: Moment) {
        if let CardPlace::In { since, told: false } = &mut self.card {
            *since = now;
        }
    }
}
