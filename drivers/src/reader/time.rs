//! When something was seen, by a clock that belongs to somebody else.

use std::fmt;
use std::sync::Arc;

/// A point on the caller's clock, in milliseconds. This crate stores and passes it on; all it ever computes
/// from two of them is how long ago something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

/// Where a driver asks for the time: given at start by whoever owns the program's one clock, moved by hand in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// A clock that answers with what `now` returns. It is called from the driver's own thread and must not block.
    pub fn new(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present moment by this clock.
    pub fn now(&self) -> Moment {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}
