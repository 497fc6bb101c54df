//! Where a card is.

use crate::reader::Moment;

/// Where a card is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CardPlace {
    Out,
    In {
        since: Moment,
        told: bool,
    },
    /// The device stopped telling while one was in.
    Unknown {
        since: Moment,
    },
}

impl CardPlace {
    /// Since when it has been there, or was last known to be.
    pub(super) fn since_mut(&mut self) -> Option<&mut Moment> {
        match self {
            Self::In { since, .. } | Self::Unknown { since } => Some(since),
            Self::Out => None,
        }
    }
}
