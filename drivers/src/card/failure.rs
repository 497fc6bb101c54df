//! Why a card could not be read, by what somebody does next.

mod texts;

pub use texts::{CardFailureText, Words};

use super::apdu::Status;
use super::gate::{GateError, Refusal};
use super::my_number::BrokenOff;
use super::wire::WireError;

/// Why a card, or one part of it, could not be read. It holds nothing of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.text().what_happened)]
pub enum CardFailure {
    /// The bytes did not get through: card gone, reader gone, silence.
    Wire(WireError),
    /// The card has no such application: a driving licence, a bank card, another clinic's card.
    OtherCard,
    /// The old 住民基本台帳カード.
    OldResidentCard,
    /// The application is there, under a name this program does not know.
    UnknownToken,
    /// A phone that gives its certificate only after its PIN.
    PhoneAsksForPin,
    /// There is no certificate of user authentication on it.
    NoAuthenticationCertificate,
    /// Phones carry no attributes.
    NoAttributes,
    /// The number from the card face was wrong.
    SurfaceCodeWrong {
        /// Wrong entries until it is locked, at least one.
        tries_left: u8,
    },
    /// The number from the card face is locked.
    SurfaceCodeLocked,
    /// One try is left, and nobody confirmed that it may be spent. Nothing was presented.
    LastTryNotConfirmed,
    /// The card fell silent while the number was presented; it was not presented again.
    SurfaceCodeBrokenOff {
        /// How it fell silent.
        wire: WireError,
        /// What the counter said afterwards.
        counter: BrokenOff,
    },
    /// What the card sent makes no sense.
    Garbled(GarbledPart),
    /// What the card sent, or announced, is larger than any real card's.
    Oversized(GarbledPart),
    /// A status word nobody expects here.
    UnexpectedStatus {
        /// The word, for the technician.
        status: u16,
    },
    /// The gate stopped a command before it reached the reader: a mistake in this program.
    Refused(Refusal),
}

/// The part of a card that made no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GarbledPart {
    /// The token's name.
    TokenName,
    /// The certificate.
    Certificate,
    /// The attributes.
    Attributes,
    /// A single answer.
    Answer,
}

impl CardFailure {
    /// A short name that never changes, for history, counters and interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wire(WireError::CardGone) => "card_gone",
            Self::Wire(WireError::Busy) => "held_by_another",
            Self::Wire(WireError::ReaderGone) => "reader_gone",
            Self::Wire(WireError::ServiceGone) => "service_gone",
            Self::Wire(WireError::TimedOut) => "card_mute",
            Self::OtherCard => "other_card",
            Self::OldResidentCard => "old_resident_card",
            Self::UnknownToken => "unknown_token",
            Self::PhoneAsksForPin => "phone_asks_for_pin",
            Self::NoAuthenticationCertificate => "no_authentication_certificate",
            Self::NoAttributes => "no_attributes",
            Self::SurfaceCodeWrong { .. } => "surface_code_wrong",
            Self::SurfaceCodeLocked => "surface_code_locked",
            Self::LastTryNotConfirmed => "last_try_not_confirmed",
            Self::SurfaceCodeBrokenOff { .. } => "surface_code_broken_off",
            Self::Garbled(_) => "garbled",
            Self::Oversized(_) => "oversized",
            Self::UnexpectedStatus { .. } => "unexpected_status",
            Self::Refused(_) => "refused_by_gate",
        }
    }

    /// What to show: what happened, what is safe, what to do now, and a line for the technician.
    pub fn text(&self) -> CardFailureText {
        texts::of(self)
    }
}

impl From<WireError> for CardFailure {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<GateError> for CardFailure {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Wire(error) => Self::Wire(error),
            GateError::Oversized => Self::Oversized(GarbledPart::Answer),
            GateError::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

impl From<Status> for CardFailure {
    fn from(status: Status) -> Self {
        Self::UnexpectedStatus { status: status.word() }
    }
}
