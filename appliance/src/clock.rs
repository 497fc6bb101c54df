//! The one clock of the box. Everything else is told the time.

use domain::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Tells the time. Cheap to clone; all clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Wall,
    Hand { now: Arc<AtomicI64>, start: Timestamp },
}

impl Clock {
    /// The wall clock of the machine.
    pub fn wall() -> Clock {
        Clock(Source::Wall)
    }

    /// A clock that is set by hand.
    pub fn by_hand(start: Timestamp) -> Clock {
        Clock(Source::Hand { now: Arc::new(AtomicI64::new(start.as_ms())), start })
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Wall => Timestamp::from_ms(jiff::Timestamp::now().as_millisecond()),
            Source::Hand { now, .. } => Timestamp::from_ms(now.load(Ordering::SeqCst)),
        }
    }

    /// Milliseconds since some start, by a clock that only counts: it shows when the wall clock was set. A clock that is driven by
    /// hand moves, it is never set.
    pub fn counting_ms(&self) -> u64 {
        let counted = match &self.0 {
            Source::Wall => i64::try_from(began().elapsed().as_millis()).unwrap_or(i64::MAX),
            Source::Hand { start, .. } => self.now().since_ms(*start),
        };
        u64::try_from(counted).unwrap_or(0)
    }

    /// When the machine was started, by the wall clock of now. Where the system does not say, when this program first asked.
    pub fn booted_at(&self) -> Timestamp {
        match &self.0 {
            Source::Wall => self.now().plus_ms(-uptime_ms().unwrap_or_else(|| began().elapsed().as_millis() as i64)),
            Source::Hand { start, .. } => *start,
        }
    }

    /// Sets a clock that is driven by hand; the wall clock does not listen.
    pub fn set(&self, now: Timestamp) {
        if let Source::Hand { now: hand, .. } = &self.0 {
            hand.store(now.as_ms(), Ordering::SeqCst);
        }
    }
}

fn began() -> Instant {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    *BEGAN.get_or_init(Instant::now)
}

/// The first number of `/proc/uptime`: seconds, with two places, sleep included.
fn uptime_ms() -> Option<i64> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    Some(seconds.parse::<i64>().ok()? * 1000 + hundredths.parse::<i64>().ok()? * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_was_started_before_now_and_not_in_the_future() {
        let clock = Clock::wall();
        assert!(clock.booted_at() <= clock.now() && clock.booted_at() > Timestamp::from_ms(0));
    }

    #[test]
    fn a_clock_driven_by_hand_counts_what_it_was_moved() {
        let start = Timestamp::from_ms(1_000_000);
        let clock = Clock::by_hand(start);
        clock.set(start.plus_ms(90_000));
        assert_eq!((clock.counting_ms(), clock.booted_at()), (90_000, start));
    }
}
