//! What is counted while the desk works, because nothing of it stands in the record.

use super::text::{Exposition, Kind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds, in microseconds. A quick disk commits in a few milliseconds, a worn-out card in a second.
const BOUNDS_US: [u64; 11] =
    [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Figures {
    below: [AtomicU64; BOUNDS_US.len()],
    commits: AtomicU64,
    sum_us: AtomicU64,
    inputs: AtomicU64,
    failed: AtomicU64,
}

impl Figures {
    /// A transaction ended: how long it took with its barrier, how many inputs were in it, and whether it was kept.
    pub fn committed(&self, took: Duration, inputs: usize, kept: bool) {
        if !kept {
            self.failed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(place) = BOUNDS_US.iter().position(|bound| took_us <= *bound) {
            self.below[place].fetch_add(1, Ordering::Relaxed);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(took_us, Ordering::Relaxed);
        self.inputs.fetch_add(u64::try_from(inputs).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn write(&self, page: &mut Exposition) {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        let (mut below, mut count) = (Vec::new(), 0);
        for (bound, here) in BOUNDS_US.iter().zip(&self.below) {
            count += read(here);
            below.push((*bound as f64 / 1e6, count));
        }
        // read last, so that it is never less than a bucket
        let commits = read(&self.commits).max(count);
        page.family(
            "uketsuke_commit_duration_seconds",
            Kind::Histogram,
            "Time of a commit of the record, with the barrier of the disk",
        )
        .histogram(&below, commits, read(&self.sum_us) as f64 / 1e6);
        page.family("uketsuke_commits_total", Kind::Counter, "Commits of the record since the start, by outcome")
            .whole(&[("outcome", "kept")], commits)
            .whole(&[("outcome", "failed")], read(&self.failed));
        page.family("uketsuke_inputs_total", Kind::Counter, "Inputs of the desk that were committed since the start")
            .whole(&[], read(&self.inputs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_everything_below_their_bound() {
        let figures = Figures::default();
        figures.committed(Duration::from_micros(900), 1, true);
        figures.committed(Duration::from_millis(7), 3, true);
        figures.committed(Duration::from_secs(9), 1, true);
        figures.committed(Duration::from_secs(9), 1, false);
        let mut page = Exposition::default();
        figures.write(&mut page);
        let text = page.into_text();
        for line in [
            "uketsuke_commit_duration_seconds_bucket{le=\"0.001\"} 1\n",
            "uketsuke_commit_duration_seconds_bucket{le=\"0.01\"} 2\n",
            "uketsuke_commit_duration_seconds_bucket{le=\"5\"} 2\n",
            "uketsuke_commit_duration_seconds_bucket{le=\"+Inf\"} 3\n",
            "uketsuke_commit_duration_seconds_count 3\n",
            "uketsuke_commits_total{outcome=\"failed\"} 1\n",
            "uketsuke_inputs_total 5\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
