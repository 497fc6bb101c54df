//! Sealing what this box writes, and opening what the facility's boxes wrote.

use super::gate::{Standing, examine};
use super::header::{Header, NONCE_BYTES, RecordKind};
use super::{
    BoxId, Change, DocumentTag, FacilityId, Gate, HashPrefix, KeyId, KeyRing, Month, Refusal, Role, SealedRecord,
};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use rand::CryptoRng;
use zeroize::Zeroizing;

/// Whether records of revoked boxes open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokedAuthors {
    /// No: a record that arrives after the revocation may be the thief's.
    Refuse,
    /// Yes: for records this box held before it heard of the revocation, and for those a person has accepted.
    Accept,
}

/// Signs records in a box's name. The key stays with the box that made it.
pub struct Sealer {
    facility: FacilityId,
    author: BoxId,
    key: SigningKey,
}

impl Sealer {
    /// For one box of one facility.
    pub const fn new(facility: FacilityId, author: BoxId, key: SigningKey) -> Sealer {
        Sealer { facility, author, key }
    }

    /// The facility it writes for.
    pub const fn facility(&self) -> FacilityId {
        self.facility
    }

    /// Whose name it signs.
    pub const fn author(&self) -> BoxId {
        self.author
    }

    /// Seals a change of a document with the key of its class and the month.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] when the ring has no key for that class and month or no naming key, [`Refusal::TooLarge`].
    pub fn change(
        &self,
        ring: &KeyRing,
        month: Month,
        change: &Change,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, Refusal> {
        self.document(RecordKind::CHANGE, ring, month, change, Vec::new(), rng)
    }

    /// Seals a whole document as it stands, and says which of its records a reader of this one can do without. At most 65,535 of them.
    ///
    /// # Errors
    /// As [`Sealer::change`].
    pub fn snapshot(
        &self,
        ring: &KeyRing,
        month: Month,
        document: &Change,
        stands_for: &[HashPrefix],
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, Refusal> {
        let count = u16::try_from(stands_for.len()).map_err(|_| Refusal::TooLarge)?;
        let mut clear = count.to_be_bytes().to_vec();
        stands_for.iter().for_each(|name| clear.extend_from_slice(name));
        self.document(RecordKind::SNAPSHOT, ring, month, document, clear, rng)
    }

    fn document(
        &self,
        kind: RecordKind,
        ring: &KeyRing,
        month: Month,
        change: &Change,
        mut content: Vec<u8>,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, Refusal> {
        let naming = ring.naming().ok_or(Refusal::UnknownKey)?;
        let (key_id, key) = ring.sealing_key(change.class, month).ok_or(Refusal::UnknownKey)?;
        let header = self.header(kind, naming.tag(change.class, &change.id), key_id);
        let nonce = fresh_nonce(rng);
        let plain = change.to_bytes().ok_or(Refusal::TooLarge)?;
        let sealed = XChaCha20Poly1305::new(key.expose().into())
            .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &bound_with(&header.bound_bytes(), &content) })
            .map_err(|_| Refusal::TooLarge)?;
        content.extend_from_slice(&sealed);
        SealedRecord::write(header, &nonce, &content, &self.key)
    }

    /// Signs content that is clear, or sealed by itself.
    pub(super) fn sign(
        &self,
        kind: RecordKind,
        nonce: &[u8; NONCE_BYTES],
        content: &[u8],
    ) -> Result<SealedRecord, Refusal> {
        SealedRecord::write(self.header(kind, DocumentTag::FACILITY, KeyId::NONE), nonce, content, &self.key)
    }

    /// Signs a statement about membership. Its form is the facility's own.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`].
    pub fn membership(&self, statement: &[u8]) -> Result<SealedRecord, Refusal> {
        self.sign(RecordKind::MEMBERSHIP, &[0; NONCE_BYTES], statement)
    }

    pub(super) const fn header(&self, kind: RecordKind, document: DocumentTag, key: KeyId) -> Header {
        Header { facility: self.facility, document, key, author: self.author, kind }
    }
}

/// What the cipher binds to the sealed part: the header, and what is clear beside it.
fn bound_with(header: &[u8], clear: &[u8]) -> Vec<u8> {
    [header, clear].concat()
}

pub(super) fn fresh_nonce(rng: &mut impl CryptoRng) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    nonce
}

/// Opens a sealed change or snapshot, checking everything: facility, signer, signature, key, content, and that the content is the
/// document its tag names and of the class its key is for. Otherwise a patient's record could hide under the key of something
/// kept longer, and outlive its retention.
///
/// # Errors
/// The reason, counted at the gate.
pub fn open(record: &SealedRecord, gate: &Gate, ring: &KeyRing, revoked: RevokedAuthors) -> Result<Change, Refusal> {
    check_author(record, gate, revoked)
        .and_then(|()| decrypt(record, ring))
        .map_err(|refusal| gate.refusals().count(refusal))
}

/// Opens a record whose signer was checked before it was kept. For the box's own store, where checking every signature again at every
/// reading would cost more than all the rest.
///
/// # Errors
/// As [`open`], but for those about the signer; not counted.
pub fn open_kept(record: &SealedRecord, ring: &KeyRing) -> Result<Change, Refusal> {
    decrypt(record, ring)
}

/// The signer must be a box; who else signs may have changed nothing.
pub(super) fn check_author(record: &SealedRecord, gate: &Gate, revoked: RevokedAuthors) -> Result<(), Refusal> {
    match examine(record, gate.facility(), gate.members())? {
        Standing::Member(Role::Box) => Ok(()),
        Standing::Member(Role::Hub) => Err(Refusal::NotPermitted),
        Standing::Revoked if revoked == RevokedAuthors::Accept => Ok(()),
        Standing::Revoked => Err(Refusal::RevokedAuthor),
        Standing::Unknown => Err(Refusal::UnknownAuthor),
    }
}

fn decrypt(record: &SealedRecord, ring: &KeyRing) -> Result<Change, Refusal> {
    let header = record.header();
    if !header.kind.is_sealed() {
        return Err(Refusal::NotARecord);
    }
    let (slot, key) = ring.key(header.key)?;
    let nonce = XNonce::try_from(record.nonce()).map_err(|_| Refusal::Truncated)?;
    let (clear, sealed) = record.clear_and_sealed().ok_or(Refusal::Truncated)?;
    let plain = XChaCha20Poly1305::new(key.expose().into())
        .decrypt(&nonce, Payload { msg: sealed, aad: &bound_with(record.bound(), clear) })
        .map(Zeroizing::new)
        .map_err(|_| Refusal::DoesNotOpen)?;
    let change = Change::from_bytes(&plain).ok_or(Refusal::Version)?;
    let naming = ring.naming().ok_or(Refusal::UnknownKey)?;
    if slot.class != change.class || naming.tag(change.class, &change.id) != header.document {
        return Err(Refusal::WrongDocument);
    }
    Ok(change)
}
