//! Whether a transfer is still one, or somebody holding a line open byte by byte.

use super::limits::Limits;
use std::time::Duration;

/// Watches one transfer. Time is what has passed since it began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    bytes: u64,
}

impl Pace {
    /// Notes bytes that came.
    pub const fn came(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// How long the transfer may have taken by now: the grace, and the time the slowest line needs for what came.
    pub fn allowed(&self, limits: &Limits) -> Duration {
        let earned_ms = self.bytes.saturating_mul(1_000) / limits.slowest_bytes_per_s.max(1);
        limits.grace.saturating_add(Duration::from_millis(earned_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_line_passes_and_a_drip_does_not() {
        let limits = Limits::default();
        let mut line = Pace::default();
        line.came(3_750 * 120);
        assert!(line.allowed(&limits) > Duration::from_secs(120));
        let mut drip = Pace::default();
        drip.came(12);
        assert!(drip.allowed(&limits) < Duration::from_secs(31));
    }
}
