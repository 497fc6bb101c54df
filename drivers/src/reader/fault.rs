//! What can be wrong at a reader, and what to tell the person in front of it.

mod texts;

pub use texts::{Bilingual, FaultText};

/// A fault by what somebody does next, not by which call returned which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReaderFault {
    /// The reader is there but does not answer in time.
    NotAnswering,
    /// The system service that runs readers (`pcscd`) is not reachable.
    ServiceGone,
    /// Another program holds the reader for itself.
    HeldByAnother,
    /// The device exists but this program may not, or cannot, open it.
    CannotOpen,
    /// What arrives from the device makes no sense: partial, garbled, or another device's data.
    Garbled,
    /// A card is in, but gives no sign: upside down, in its case, dirty, broken.
    CardMute,
    /// The card left while it was being read, a card's empty answer included.
    CardPulled,
    /// None of the above; the number the system gave, for the technician.
    Unexpected {
        /// The error number of the service or the operating system.
        code: u32,
    },
}

/// The part a fault is about, which decides what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConcernedPart {
    /// Taking the card out ends it.
    Card,
    /// The reader, its cable or its power.
    Reader,
    /// A program on the box or beside it.
    Software,
}

impl ReaderFault {
    /// One of each, for tables and for tests; the number of an unexpected one is only an example.
    pub const EXAMPLES: [Self; 8] = [
        Self::NotAnswering,
        Self::ServiceGone,
        Self::HeldByAnother,
        Self::CannotOpen,
        Self::Garbled,
        Self::CardMute,
        Self::CardPulled,
        Self::Unexpected { code: 0 },
    ];

    /// A short name that never changes, for history, counters and interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnswering => "not_answering",
            Self::ServiceGone => "service_gone",
            Self::HeldByAnother => "held_by_another",
            Self::CannotOpen => "cannot_open",
            Self::Garbled => "garbled",
            Self::CardMute => "card_mute",
            Self::CardPulled => "card_pulled",
            Self::Unexpected { .. } => "unexpected",
        }
    }

    /// The part this fault is about.
    pub fn concerns(&self) -> ConcernedPart {
        match self {
            Self::CardMute | Self::CardPulled => ConcernedPart::Card,
            Self::ServiceGone | Self::HeldByAnother => ConcernedPart::Software,
            Self::NotAnswering | Self::CannotOpen | Self::Garbled | Self::Unexpected { .. } => ConcernedPart::Reader,
        }
    }

    /// What to show: what happened, what is safe, what to do now, and a line for the technician.
    pub fn text(&self) -> FaultText {
        texts::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_has_its_own_name_and_words() {
        let distinct =
            |of: fn(&ReaderFault) -> &'static str| ReaderFault::EXAMPLES.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(ReaderFault::code), 8);
        assert_eq!(distinct(|fault| fault.text().what_happened.ja), 8);
        assert_eq!(distinct(|fault| fault.text().what_happened.en), 8);
        assert_eq!(distinct(|fault| fault.text().do_now.ja), 8);
        assert_eq!(distinct(|fault| fault.text().do_now.en), 8);
    }

    #[test]
    fn both_languages_are_complete_sentences_in_their_own_script() {
        for fault in ReaderFault::EXAMPLES {
            let text = fault.text();
            for Bilingual { ja, en } in [text.what_happened, text.what_is_safe, text.do_now, text.for_technician] {
                assert!(ja.ends_with('。'), "{ja}");
                assert!(en.ends_with('.') && en.is_ascii(), "{en}");
            }
        }
    }

    #[test]
    fn no_text_ever_asks_for_a_pin() {
        for fault in ReaderFault::EXAMPLES {
            let text = fault.text();
            let all = [text.what_happened, text.what_is_safe, text.do_now, text.for_technician];
            assert!(all.iter().all(|text| !text.ja.contains("暗証") && !text.en.contains("PIN")), "{fault:?}");
        }
    }

    #[test]
    fn only_faults_of_the_card_end_with_the_card() {
        let of_the_card: Vec<_> =
            ReaderFault::EXAMPLES.iter().filter(|fault| fault.concerns() == ConcernedPart::Card).collect();
        assert_eq!(of_the_card, [&ReaderFault::CardMute, &ReaderFault::CardPulled]);
    }
}
