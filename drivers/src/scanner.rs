//! 2D scanners on a serial line.
//!
//! ```text
//!   port ──bytes──▶ Framer ──whole scans──▶ scans (broadcast) ──▶ intake ──▶ prescription::Assembly
//!     │                └────parts, leftovers──▶ notices ──┘
//!     └─ plugged, unplugged, held, garbled ──▶ ReaderChannel ──▶ lamps, supervisor
//! ```
//!
//! One thread per port: open, clear, read, frame; when the device goes, drop the part that was under way and try to
//! open again twice a second. The health of a scanner is told through the same [`ReaderPort`] as that of a card reader;
//! a scanner never reports a card. What the bytes mean is not its business.

mod channel;
mod framing;
mod question;
mod scan;
mod texts;
mod thread;

pub use channel::{HeardScan, ScanObservation, ScanSubscription, ScannerEvent};
pub use framing::{Framed, Framer, Framing};
pub use question::{LineAnswer, LineQuestion};
pub use scan::{DiscardReason, EndedBy, Scan};
pub use texts::fault_text;
pub use thread::{Scanner, ScannerRefused, ScannerSettings};

#[doc(no_inline)]
pub use crate::reader::ReaderPort;
