//! How long to wait for what.

use std::time::Duration;

/// The waiting times of card work. The default is what a reception needs; tests shorten it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one answer of a card. A real card takes up to a second for a signature (`my-number-card §2`).
    pub exchange: Duration,
    /// For powering a card up, the time another program is given to let go included.
    pub connect: Duration,
    /// How long another program may hold the card before the caller is told.
    pub busy: Duration,
}

impl Patience {
    /// Between two attempts at a card that another program holds (`pcsc-and-serial §2.2`).
    pub(super) const BUSY_STEP: Duration = Duration::from_millis(300);
}

impl Default for Patience {
    fn default() -> Self {
        Self { exchange: Duration::from_secs(5), connect: Duration::from_secs(6), busy: Duration::from_secs(2) }
    }
}

/// The growing pauses between two attempts at an absent service: 0.2 s, doubling to 5 s (`pcsc-and-serial §2.2`).
#[derive(Debug)]
pub(super) struct BackOff {
    next: Duration,
}

impl BackOff {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(5);

    pub(super) fn new() -> Self {
        Self { next: Self::FIRST }
    }

    /// The pause before the next attempt.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(Self::LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_a_fifth_of_a_second_to_five() {
        let mut back_off = BackOff::new();
        let pauses: Vec<u128> = (0..7).map(|_| back_off.pause().as_millis()).collect();
        assert_eq!(pauses, [200, 400, 800, 1600, 3200, 5000, 5000]);
    }
}
