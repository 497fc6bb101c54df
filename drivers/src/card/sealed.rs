//! Bytes from a card that must not be printed and do not outlive their use.

use std::fmt;

use zeroize::Zeroizing;

/// Bytes that came from a card or go to one. `Debug` shows the length only; the memory is wiped on drop.
#[derive(Clone)]
pub(super) struct SealedBytes(Zeroizing<Vec<u8>>);

impl SealedBytes {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Empty, with room for `capacity` bytes, so that growing does not leave copies behind.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self::new(Vec::with_capacity(capacity))
    }

    pub(super) fn append(&mut self, more: &[u8]) {
        debug_assert!(self.0.capacity() - self.0.len() >= more.len(), "growing would leave a copy behind");
        self.0.extend_from_slice(more);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

impl std::ops::Deref for SealedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealedBytes({} bytes)", self.0.len())
    }
}
