//! What is heard of a device.

use super::healing::HealingStep;
use super::trouble::DeviceFault;
use crate::reader::{Bilingual, Moment, ReaderEvent};

/// One sign of life or of trouble, in the past tense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It was seen on its bus or network, and does not answer yet.
    Attached,
    /// It answers.
    Answering,
    /// A card went in.
    CardInserted,
    /// The card came out.
    CardRemoved,
    /// Somebody began to read a card or a code; nothing may disturb the device now.
    ReadBegan,
    /// A reading was expected (somebody was sent to the reader) and should be here by then.
    ReadExpected {
        /// The latest moment.
        by: Moment,
    },
    /// A reading came: a card's data, a scanned code, a `face` file.
    GoodRead,
    /// A reading failed.
    FailedRead {
        /// Why, as far as it is known.
        why: ReadFailure,
    },
    /// It does not do what it should.
    Faulted {
        /// What is wrong.
        fault: DeviceFault,
    },
    /// It is gone: unplugged, switched off, not running.
    Detached,
    /// A healing step, a planned restart or one asked for by a person began.
    HealingBegan {
        /// Which.
        step: HealingStep,
    },
    /// The time of that step is over and the device did not come back by itself.
    HealingEnded,
}

/// Why a reading failed, by what a person does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadFailure {
    /// The face was not matched with the card's picture.
    FaceNotMatched,
    /// The card could not be read: reversed, in its case, dirty, pulled too early.
    CardNotRead,
    /// It began and never ended.
    TookTooLong,
    /// The device or the terminal did not say why.
    NotSaid,
}

impl ReadFailure {
    /// One of each.
    pub const ALL: [Self; 4] = [Self::FaceNotMatched, Self::CardNotRead, Self::TookTooLong, Self::NotSaid];

    /// A short name that never changes, for counters and for the guide file.
    pub fn code(self) -> &'static str {
        match self {
            Self::FaceNotMatched => "face_not_matched",
            Self::CardNotRead => "card_not_read",
            Self::TookTooLong => "took_too_long",
            Self::NotSaid => "read_failed",
        }
    }

    /// The failure in words.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Self::FaceNotMatched => ("顔認証ができませんでした", "The face was not matched"),
            Self::CardNotRead => ("カードを読み取れませんでした", "The card could not be read"),
            Self::TookTooLong => ("読み取りが終わりませんでした", "The reading did not end"),
            Self::NotSaid => ("読み取りに失敗しました", "The reading failed"),
        };
        Bilingual { ja, en }
    }
}

impl From<&ReaderEvent> for Sign {
    /// What a card reader's own event is a sign of. A driver says that a reader is attached once it answers.
    fn from(event: &ReaderEvent) -> Self {
        match event {
            ReaderEvent::Attached | ReaderEvent::Recovered => Self::Answering,
            ReaderEvent::CardInserted(_) => Self::CardInserted,
            ReaderEvent::CardRemoved => Self::CardRemoved,
            ReaderEvent::Faulted { fault } => Self::Faulted { fault: DeviceFault::Reader(*fault) },
            ReaderEvent::Detached => Self::Detached,
        }
    }
}
