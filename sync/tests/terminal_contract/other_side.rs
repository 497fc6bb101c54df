//! What a scenario needs from the other side of a door.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use sync::terminal::door::Stopwatch;
use sync::terminal::{Arrival, Scan, SuffixMark, TerminalDoor};

/// The place behind the door: a scenario plays the terminal here.
pub trait OtherSide {
    /// A fresh door to this place, as after a restart of the box.
    fn door(&self) -> Box<dyn TerminalDoor>;
    /// Time as the door sees it.
    fn clock(&self) -> &Clock;
    /// Ending of message names here.
    fn ending(&self) -> &'static str;
    /// An answer in the form of this place.
    fn answer(&self, identifier: &str, validity: u8) -> Vec<u8>;
    /// Requests lying there, sorted by name.
    fn requests(&self) -> Vec<(String, Vec<u8>)>;
    /// Somebody puts a request there.
    fn lay_request(&self, name: &str, bytes: &[u8]);
    /// The terminal picks a request up.
    fn pick_up(&self, name: &str);
    /// The terminal puts a result there, or replaces one.
    fn lay_result(&self, name: &str, bytes: &[u8]);
    /// A face result.
    fn lay_face(&self, name: &str, bytes: &[u8]);
    /// Names of the results lying there.
    fn results(&self) -> Vec<String>;
    /// The way to this place is cut, or restored.
    fn cut(&mut self, cut: bool) -> impl Future<Output = ()>;
}

/// Milliseconds turned by hand.
#[derive(Clone, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    pub fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn stopwatch(&self) -> Stopwatch {
        let clock = Arc::clone(&self.0);
        Stopwatch::new(move || clock.load(Ordering::SeqCst))
    }
}

pub fn mark() -> SuffixMark {
    SuffixMark::new("UK1").unwrap()
}

/// Looks again and again until everything that lies there must have been believed or given up.
pub async fn look_until_quiet(side: &impl OtherSide, door: &dyn TerminalDoor) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for _ in 0..12 {
        arrivals.extend(look(side, door).await.arrivals);
    }
    arrivals
}

/// One look, a second after the last.
pub async fn look(side: &impl OtherSide, door: &dyn TerminalDoor) -> Scan {
    side.clock().advance(1_000);
    door.scan().await.unwrap()
}
