//! How long something has been lying there.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// Milliseconds that only go forward, for measuring how long something lies there. Tests turn it by hand.
#[derive(Clone)]
pub struct Stopwatch(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Stopwatch {
    /// Any source of milliseconds that never goes back.
    pub fn new(elapsed_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Stopwatch {
        Stopwatch(Arc::new(elapsed_ms))
    }

    /// Milliseconds since the stopwatch was made or any later zero.
    pub fn elapsed_ms(&self) -> u64 {
        (self.0)()
    }
}

impl Default for Stopwatch {
    fn default() -> Stopwatch {
        let start = Instant::now();
        Stopwatch::new(move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stopwatch")
    }
}
