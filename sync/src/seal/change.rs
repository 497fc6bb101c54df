//! What is inside a sealed change or snapshot.

use super::{DocumentClass, Reading};
use std::fmt;
use zeroize::Zeroizing;

/// Version of the content's form.
const VERSION: u8 = 1;
/// Longest name of a document.
pub const MAX_DOCUMENT_ID_BYTES: usize = 255;

/// A change of one document, or a snapshot of it, in the clear. Personal data: never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// What the document is.
    pub class: DocumentClass,
    /// Its name inside the facility, at most [`MAX_DOCUMENT_ID_BYTES`].
    pub id: Vec<u8>,
    /// The bytes of the record that merges: one change, or the whole document for a snapshot.
    pub chunk: Vec<u8>,
}

impl Change {
    /// The form that is sealed; `None` when the name is too long.
    pub(super) fn to_bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let id_length = u8::try_from(self.id.len()).ok()?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(3 + self.id.len() + self.chunk.len()));
        bytes.extend_from_slice(&[VERSION, self.class.0, id_length]);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(&self.chunk);
        Some(bytes)
    }

    /// From the sealed form; `None` when it is not one this program knows.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Change> {
        let mut reading = Reading::new(bytes);
        if reading.u8()? != VERSION {
            return None;
        }
        let class = DocumentClass(reading.u8()?);
        let id_length = reading.u8()?;
        let id = reading.take(usize::from(id_length))?.to_vec();
        Some(Change { class, id, chunk: reading.rest().to_vec() })
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({:?}, {} bytes)", self.class, self.chunk.len())
    }
}
