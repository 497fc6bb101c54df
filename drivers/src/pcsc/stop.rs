//! Asking a thread to end, and pauses that end when it is asked.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A request to end, shared between a thread and whoever ends it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Asks the thread to end; a pause of it ends at once.
    pub(super) fn ask(&self) {
        *self.asked() = true;
        self.0.changed.notify_all();
    }

    /// Whether it was asked to.
    pub(super) fn is_asked(&self) -> bool {
        *self.asked()
    }

    /// Waits this long, or until asked to end.
    pub(super) fn pause(&self, length: Duration) {
        let _asked = self.0.changed.wait_timeout_while(self.asked(), length, |asked| !*asked);
    }

    fn asked(&self) -> MutexGuard<'_, bool> {
        // a single flag is always whole
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
