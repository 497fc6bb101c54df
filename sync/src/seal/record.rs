//! One sealed record as bytes whose shape has been checked.

use super::header::{BOUND_BYTES, HEADER_BYTES, NONCE_BYTES};
use super::{Header, Reading, RecordKind, Refusal, identifier};
use ed25519_dalek::{Signature, VerifyingKey};
#[cfg(feature = "keys")]
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// Most bytes of a record.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Most bytes of a snapshot.
pub const MAX_SNAPSHOT_BYTES: usize = 16 << 20;
/// Bytes a sealed record is longer than its content.
pub const OVERHEAD_BYTES: usize = HEADER_BYTES + 16 + SIGNATURE_BYTES;
/// Bytes of a [`HashPrefix`].
pub const HASH_PREFIX_BYTES: usize = 8;
pub(super) const SIGNATURE_BYTES: usize = 64;

/// First bytes of a record's hash: enough to say "I have that one".
pub type HashPrefix = [u8; HASH_PREFIX_BYTES];

identifier! {
    /// SHA-256 over all bytes of a record: its name in every log.
    RecordHash, 32
}

impl RecordHash {
    /// Its first bytes.
    pub fn prefix(&self) -> HashPrefix {
        let mut prefix = [0; HASH_PREFIX_BYTES];
        prefix.copy_from_slice(&self.0[..HASH_PREFIX_BYTES]);
        prefix
    }
}

/// A record of the right shape and size. Who signed it and whether it opens is not known yet.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedRecord {
    bytes: Arc<[u8]>,
    header: Header,
    hash: RecordHash,
}

impl SealedRecord {
    /// Checks the shape of received or stored bytes: exactly one record, nothing after it.
    ///
    /// # Errors
    /// [`Refusal::Truncated`], [`Refusal::NotARecord`], [`Refusal::Version`] or [`Refusal::TooLarge`].
    pub fn parse(bytes: impl Into<Arc<[u8]>>) -> Result<SealedRecord, Refusal> {
        let bytes = bytes.into();
        let mut reading = Reading::new(&bytes);
        let header = Header::read(&mut reading)?;
        if bytes.len() > Self::limit(header.kind) {
            return Err(Refusal::TooLarge);
        }
        let content = Self::content_length(&mut reading).ok_or(Refusal::Truncated)?;
        match content.checked_add(HEADER_BYTES + SIGNATURE_BYTES) {
            Some(expected) if expected > Self::limit(header.kind) => Err(Refusal::TooLarge),
            Some(expected) if expected > bytes.len() => Err(Refusal::Truncated),
            Some(expected) if expected == bytes.len() => {
                let hash = RecordHash::from_bytes(Sha256::digest(&bytes).into());
                Ok(SealedRecord { header, hash, bytes })
            }
            _ => Err(Refusal::NotARecord),
        }
    }

    fn content_length(reading: &mut Reading<'_>) -> Option<usize> {
        reading.take(NONCE_BYTES)?;
        usize::try_from(reading.u32()?).ok()
    }

    /// Most bytes a record of this kind may have.
    pub const fn limit(kind: RecordKind) -> usize {
        match kind {
            RecordKind::SNAPSHOT => MAX_SNAPSHOT_BYTES,
            _ => MAX_RECORD_BYTES,
        }
    }

    /// Whether a record of which only the first bytes are here may become so long. Kept from reading on when it may not.
    pub(crate) fn may_become(start: &[u8], total: usize) -> bool {
        let kind = start.get(BOUND_BYTES - 1).map_or(RecordKind::SNAPSHOT, |kind| RecordKind(*kind));
        total <= Self::limit(kind)
    }

    /// Writes and signs a record.
    #[cfg(feature = "keys")]
    pub(super) fn write(
        header: Header,
        nonce: &[u8; NONCE_BYTES],
        content: &[u8],
        key: &SigningKey,
    ) -> Result<SealedRecord, Refusal> {
        let total = HEADER_BYTES + content.len() + SIGNATURE_BYTES;
        if total > Self::limit(header.kind) {
            return Err(Refusal::TooLarge);
        }
        let length = u32::try_from(content.len()).map_err(|_| Refusal::TooLarge)?;
        let mut bytes = Vec::with_capacity(total);
        bytes.extend_from_slice(&header.bound_bytes());
        bytes.extend_from_slice(nonce);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(content);
        let signature = key.sign(&bytes);
        bytes.extend_from_slice(&signature.to_bytes());
        let hash = RecordHash::from_bytes(Sha256::digest(&bytes).into());
        Ok(SealedRecord { header, hash, bytes: bytes.into() })
    }

    /// All its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its clear part.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Its name.
    pub const fn hash(&self) -> RecordHash {
        self.hash
    }

    /// The names of records of its document whose content is in this snapshot too; none for other kinds. Clear, so that a relay can leave
    /// those records out for a box that holds the snapshot and found it good. A relay takes the signer's word for what they are; boxes
    /// look themselves.
    pub fn stands_for(&self) -> &[HashPrefix] {
        match self.header.kind {
            RecordKind::SNAPSHOT => self.list().map_or(&[], |(_, names)| names.as_chunks().0),
            _ => &[],
        }
    }

    /// The list a snapshot begins with, with its count, and the names in it.
    fn list(&self) -> Option<(usize, &[u8])> {
        let mut reading = Reading::new(self.content());
        let bytes = usize::from(reading.u16()?) * HASH_PREFIX_BYTES;
        reading.take(bytes).map(|names| (2 + bytes, names))
    }

    /// What is clear in the content and what is sealed; none where a snapshot has no list.
    #[cfg(feature = "keys")]
    pub(super) fn clear_and_sealed(&self) -> Option<(&[u8], &[u8])> {
        match self.header.kind {
            RecordKind::SNAPSHOT => self.list().and_then(|(clear, _)| self.content().split_at_checked(clear)),
            _ => Some((&[], self.content())),
        }
    }

    #[cfg(feature = "keys")]
    pub(super) fn bound(&self) -> &[u8] {
        &self.bytes[..BOUND_BYTES]
    }

    #[cfg(feature = "keys")]
    pub(super) fn nonce(&self) -> &[u8] {
        &self.bytes[BOUND_BYTES..BOUND_BYTES + NONCE_BYTES]
    }

    /// The content as it stands: ciphertext, or the clear content of kinds that are not sealed.
    pub fn content(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..self.bytes.len() - SIGNATURE_BYTES]
    }

    pub(super) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let (signed, signature) = self.bytes.split_at(self.bytes.len() - SIGNATURE_BYTES);
        Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(signed, &signature).is_ok())
    }
}

impl fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedRecord({}, {} bytes)", self.hash, self.bytes.len())
    }
}
