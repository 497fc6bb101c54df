//! The one clock of the box. Everything else is told the time.

use domain::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time. Cheap to clone; all clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Wall,
    Hand(Arc<AtomicI64>),
}

impl Clock {
    /// The wall clock of the machine.
    pub fn wall() -> Clock {
        Clock(Source::Wall)
    }

    /// A clock that is set by hand.
    pub fn by_hand(start: Timestamp) -> Clock {
        Clock(Source::Hand(Arc::new(AtomicI64::new(start.as_ms()))))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Wall => Timestamp::from_ms(jiff::Timestamp::now().as_millisecond()),
            Source::Hand(ms) => Timestamp::from_ms(ms.load(Ordering::SeqCst)),
        }
    }

    /// Sets a clock that is driven by hand; the wall clock does not listen.
    pub fn set(&self, now: Timestamp) {
        if let Source::Hand(ms) = &self.0 {
            ms.store(now.as_ms(), Ordering::SeqCst);
        }
    }
}
