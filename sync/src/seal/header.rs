//! The clear part of a record.

use super::{BoxId, DocumentTag, FacilityId, KeyId, Reading, Refusal};

/// First bytes of every record; the fourth is the version of the form.
const MAGIC: [u8; 4] = *b"UKR1";
/// Bytes of a nonce.
pub(super) const NONCE_BYTES: usize = 24;
/// Bytes before the nonce: what the cipher binds to the content.
pub(super) const BOUND_BYTES: usize = 4 + 16 + 16 + 8 + 16 + 1;
/// Bytes before the content.
pub(super) const HEADER_BYTES: usize = BOUND_BYTES + NONCE_BYTES + 4;

/// What a record is. Kinds a newer program writes are kept and forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKind(pub u8);

impl RecordKind {
    /// One change of one document, sealed.
    pub const CHANGE: RecordKind = RecordKind(1);
    /// A whole document as it stood, sealed, after the clear names of the records it stands for: a new box starts from it.
    pub const SNAPSHOT: RecordKind = RecordKind(2);
    /// Keys for one member, sealed to it alone.
    pub const GRANT: RecordKind = RecordKind(3);
    /// A statement about membership, clear.
    pub const MEMBERSHIP: RecordKind = RecordKind(4);
    /// Documents or keys to forget, clear, so that a hub can obey.
    pub const FORGET: RecordKind = RecordKind(5);

    /// Whether the content is a document's, sealed with a data key.
    pub const fn is_sealed(self) -> bool {
        matches!(self, RecordKind::CHANGE | RecordKind::SNAPSHOT)
    }
}

/// What everybody may know of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whose it is.
    pub facility: FacilityId,
    /// Which document it belongs to; [`DocumentTag::FACILITY`] for none.
    pub document: DocumentTag,
    /// Which key opens it; [`KeyId::NONE`] for clear content and grants.
    pub key: KeyId,
    /// Who wrote and signed it.
    pub author: BoxId,
    /// What it is.
    pub kind: RecordKind,
}

impl Header {
    /// The bytes up to the nonce.
    #[cfg(feature = "keys")]
    pub(super) fn bound_bytes(&self) -> [u8; BOUND_BYTES] {
        let mut bytes = [0; BOUND_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..20].copy_from_slice(self.facility.as_bytes());
        bytes[20..36].copy_from_slice(self.document.as_bytes());
        bytes[36..44].copy_from_slice(self.key.as_bytes());
        bytes[44..60].copy_from_slice(self.author.as_bytes());
        bytes[60] = self.kind.0;
        bytes
    }

    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Header, Refusal> {
        check_magic(reading)?;
        let mut fields = || {
            Some(Header {
                facility: FacilityId::from_bytes(reading.array()?),
                document: DocumentTag::from_bytes(reading.array()?),
                key: KeyId::from_bytes(reading.array()?),
                author: BoxId::from_bytes(reading.array()?),
                kind: RecordKind(reading.u8()?),
            })
        };
        fields().ok_or(Refusal::Truncated)
    }
}

/// A stranger's bytes, a newer form and a torn end need different answers.
fn check_magic(reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(found) = reading.array::<4>() else {
        let start = reading.rest();
        return Err(if MAGIC.starts_with(start) { Refusal::Truncated } else { Refusal::NotARecord });
    };
    match found {
        MAGIC => Ok(()),
        [b'U', b'K', b'R', b'0'..=b'9'] => Err(Refusal::Version),
        _ => Err(Refusal::NotARecord),
    }
}
