//! The prints port: papers set by a program of their own, and what lies ready for a power cut.

use super::{IdempotencyKey, Pending};
use domain::Timestamp;
use domain::text::Text;
use paper::Order;

/// Why there is no paper. No reason ever repeats what stands on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPrinted {
    /// the typesetting program is not installed on this box
    #[error("the typesetting program is not installed")]
    Missing,
    /// too many papers are being set already
    #[error("too many papers are being set")]
    Busy,
    /// it did not end in time, or ended without a paper
    #[error("the paper could not be set")]
    Failed,
    /// numbers for blank forms could not be written down, so none were given out
    #[error("no numbers could be reserved")]
    NoNumbers,
    /// the key was used for another number of forms
    #[error("the key belongs to another request")]
    KeyReused,
}

/// What lies ready on the disk for times when the box cannot be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackView {
    /// the folder, as a person finds it
    pub folder: String,
    /// the files in it
    pub files: Vec<String>,
    /// when it was last written
    pub written_at: Option<Timestamp>,
    /// why it is not up to date
    pub problem: Option<Text>,
}

/// Sets papers.
pub trait Prints: Send + Sync + 'static {
    /// Sets a paper; a PDF.
    fn set(&self, order: Order) -> Pending<'_, Result<Vec<u8>, NotPrinted>>;

    /// Reserves numbers for blank forms. They are durable before they are returned, and no number is returned twice; the same
    /// key gets the same numbers again.
    fn reserve_forms(&self, key: Option<IdempotencyKey>, count: u32) -> Pending<'_, Result<Vec<String>, NotPrinted>>;

    /// What lies ready on the disk; none when the box keeps nothing ready.
    fn pack(&self) -> Option<PackView>;
}
