//! What an error of the reader service means for whoever made the call.

use pcsc::Error;

use crate::card::WireError;

/// An error of the service by what is to be done next (`pcsc-and-serial §2.2` rule 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Nothing happened: go on.
    KeepGoing,
    /// The set of readers is not what we thought: list again.
    ListAgain,
    /// The card, or what we knew about it, is gone: wait for the next insertion.
    CardGone,
    /// Another program has the card: wait.
    Busy,
    /// Everything obtained from the service is worthless: drop it and establish anew.
    ServiceGone,
}

impl NextStep {
    /// Sorts an error. What is not known to be harmless means that the service is gone: a restarted service answers old
    /// handles with misleading errors, and establishing anew is cheap.
    pub(super) fn after(error: Error) -> Self {
        match error {
            Error::Timeout | Error::Cancelled => Self::KeepGoing,
            Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => Self::ListAgain,
            Error::RemovedCard
            | Error::NoSmartcard
            | Error::NotTransacted
            | Error::ResetCard
            | Error::UnpoweredCard
            | Error::UnresponsiveCard => Self::CardGone,
            Error::SharingViolation => Self::Busy,
            _ => Self::ServiceGone,
        }
    }

    /// The same for somebody who talks to one card. The two harmless errors belong to waiting; where bytes were to be
    /// exchanged they can only mean that no answer came.
    pub(super) fn for_card_work(self) -> WireError {
        match self {
            Self::KeepGoing => WireError::TimedOut,
            Self::ListAgain => WireError::ReaderGone,
            Self::CardGone => WireError::CardGone,
            Self::Busy => WireError::Busy,
            Self::ServiceGone => WireError::ServiceGone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_sorted_by_what_to_do_next() {
        let expected = [
            (NextStep::KeepGoing, vec![Error::Timeout, Error::Cancelled]),
            (NextStep::ListAgain, vec![Error::UnknownReader, Error::ReaderUnavailable, Error::NoReadersAvailable]),
            (NextStep::Busy, vec![Error::SharingViolation]),
            (
                NextStep::CardGone,
                vec![
                    Error::RemovedCard,
                    Error::NoSmartcard,
                    Error::NotTransacted,
                    Error::ResetCard,
                    Error::UnpoweredCard,
                    Error::UnresponsiveCard,
                ],
            ),
            (
                NextStep::ServiceGone,
                vec![
                    Error::CommError,
                    Error::NoService,
                    Error::ServiceStopped,
                    Error::InvalidHandle,
                    Error::InvalidValue,
                    Error::SecurityViolation,
                    Error::InternalError,
                ],
            ),
        ];
        for (step, errors) in expected {
            for error in errors {
                assert_eq!(NextStep::after(error), step, "{error:?}");
            }
        }
    }
}
