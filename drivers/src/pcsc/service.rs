//! Whether the reader service itself is there.

use crate::reader::Moment;

/// The state of the reader service, each with the moment since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PcscService {
    /// Not asked yet.
    Starting {
        /// Since when.
        since: Moment,
    },
    /// It does not answer; it is asked again with growing pauses of at most five seconds.
    Absent {
        /// Since when.
        since: Moment,
    },
    /// It answers.
    Present {
        /// Since when.
        since: Moment,
    },
}

impl PcscService {
    /// Whether the service answers.
    pub fn is_present(&self) -> bool {
        matches!(self, Self::Present { .. })
    }

    /// Since when it is as it is.
    pub fn since(&self) -> Moment {
        match self {
            Self::Starting { since } | Self::Absent { since } | Self::Present { since } => *since,
        }
    }
}
