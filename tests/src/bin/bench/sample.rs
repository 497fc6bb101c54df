//! Durations as they were measured, and what is said of them.

use std::time::{Duration, Instant};

/// Measured durations.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Does something and keeps how long it took.
    pub fn time<T>(&mut self, doing: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = doing();
        self.0.push(begun.elapsed());
        done
    }

    /// The duration, in milliseconds, that this part of the sample (0..=1) does not exceed. Zero when nothing was measured.
    pub fn quantile_ms(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let at = ((sorted.len() as f64 * part).ceil() as usize).saturating_sub(1).min(last);
        sorted.get(at).map_or(0.0, |duration| duration.as_secs_f64() * 1e3)
    }

    /// The middle, milliseconds.
    pub fn p50_ms(&self) -> f64 {
        self.quantile_ms(0.5)
    }

    /// 99 of 100 are not longer, milliseconds.
    pub fn p99_ms(&self) -> f64 {
        self.quantile_ms(0.99)
    }
}

impl Extend<Duration> for Sample {
    fn extend<I: IntoIterator<Item = Duration>>(&mut self, durations: I) {
        self.0.extend(durations);
    }
}

/// The middle of a few figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(0.0)
}
