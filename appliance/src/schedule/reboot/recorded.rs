//! A stand-in that writes reboots down instead of carrying them out, for the demonstration and for tests.

use super::{RebootPort, RebootReason, RebootRefused};
use std::sync::{Arc, Mutex, PoisonError};

/// Remembers what it was asked for. Clones share their memory.
#[derive(Clone, Debug, Default)]
pub struct RecordedReboot {
    asked: Arc<Mutex<Vec<RebootReason>>>,
}

impl RecordedReboot {
    /// The reboots asked for so far, oldest first.
    pub fn asked(&self) -> Vec<RebootReason> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RebootPort for RecordedReboot {
    fn reboot(&self, reason: &RebootReason) -> Result<(), RebootRefused> {
        tracing::info!(reason = %reason.text().en, "a reboot was recorded, not carried out");
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(reason.clone());
        Ok(())
    }
}
