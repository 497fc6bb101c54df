//! How the commands end, for people and for scripts.

use drivers::card::{CardFailure, WireError};
use drivers::reader::ReaderFault;
use std::process::ExitCode;

/// The list in `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something else went wrong
  2  not understood: an option, a reader's name, the form of the code; nothing was sent to a card
  3  no reader service (pcscd) answers
  4  no card: no reader, an empty one, or the card left while it was read
  5  the code was not accepted: wrong, locked, or the last try without --last-try; the rest of the reading is printed
  6  the card cannot be read here: no My Number card, a phone, or its answers make no sense; what could be read is printed
  7  try again: another program has the card, or the card gives no answer";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Other,
    NotUnderstood,
    NoService,
    NoCard,
    CodeRefused,
    Unreadable,
    TryAgain,
}

impl Outcome {
    /// What a failed reading, or a failed part of one, comes down to.
    pub fn of(failure: &CardFailure) -> Outcome {
        match failure {
            CardFailure::Wire(error) => Outcome::of_wire(*error),
            CardFailure::OtherCard
            | CardFailure::OldResidentCard
            | CardFailure::UnknownToken
            | CardFailure::PhoneAsksForPin
            | CardFailure::NoAuthenticationCertificate
            | CardFailure::NoAttributes
            | CardFailure::Garbled(_)
            | CardFailure::Oversized(_)
            | CardFailure::UnexpectedStatus { .. } => Outcome::Unreadable,
            CardFailure::SurfaceCodeWrong { .. }
            | CardFailure::SurfaceCodeLocked
            | CardFailure::LastTryNotConfirmed
            | CardFailure::SurfaceCodeBrokenOff { .. } => Outcome::CodeRefused,
            CardFailure::Refused(_) => Outcome::Other,
        }
    }

    fn of_wire(error: WireError) -> Outcome {
        match error {
            WireError::CardGone | WireError::ReaderGone => Outcome::NoCard,
            WireError::ServiceGone => Outcome::NoService,
            WireError::Busy | WireError::TimedOut => Outcome::TryAgain,
        }
    }

    /// What a reader's fault comes down to for somebody who wants to read now.
    pub fn of_fault(fault: ReaderFault) -> Outcome {
        match fault {
            ReaderFault::ServiceGone => Outcome::NoService,
            ReaderFault::CardPulled => Outcome::NoCard,
            _ => Outcome::TryAgain,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Other => 1,
            Outcome::NotUnderstood => 2,
            Outcome::NoService => 3,
            Outcome::NoCard => 4,
            Outcome::CodeRefused => 5,
            Outcome::Unreadable => 6,
            Outcome::TryAgain => 7,
        })
    }
}
