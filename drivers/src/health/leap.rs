//! A clock that is set while things are being timed.

use crate::reader::Moment;

/// Notices that the caller's clock leapt: back by anything, or ahead by more than a watch that looks every second can have
/// slept. Whoever times something moves it by the leap, so that a box that starts in 1970 and then learns the time neither
/// forgets what it did a minute ago nor waits for years.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClockWatch {
    seen: Moment,
}

/// How far the clock leapt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leap {
    Ahead(u64),
    Back(u64),
}

const AHEAD_MS: u64 = 600_000;

impl ClockWatch {
    pub(super) fn new(now: Moment) -> Self {
        Self { seen: now }
    }

    pub(super) fn look(&mut self, now: Moment) -> Option<Leap> {
        let seen = std::mem::replace(&mut self.seen, now);
        match now.0.checked_sub(seen.0) {
            None => Some(Leap::Back(seen.0 - now.0)),
            Some(ahead) => (ahead > AHEAD_MS).then_some(Leap::Ahead(ahead)),
        }
    }
}

impl Leap {
    /// A moment of the clock before the leap, by the clock after it.
    pub(super) fn move_on(self, at: &mut Moment) {
        at.0 = match self {
            Self::Ahead(ms) => at.0.saturating_add(ms),
            Self::Back(ms) => at.0.saturating_sub(ms),
        };
    }
}
