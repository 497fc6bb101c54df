//! Keys handed from one member to another, through logs that cannot read them.
//!
//! Content of a grant: `version 1 | recipient 16 | ephemeral public key 32 | sealed entries`. The entries are sealed to the recipient's
//! X25519 key (ephemeral-static, HKDF-SHA256, XChaCha20-Poly1305); the record's signature says who grants, and only boxes may.

use super::opening::{check_author, fresh_nonce};
use super::{
    BoxId, DataKey, DocumentClass, DocumentTag, Gate, Inserted, KeyId, KeyRing, Month, NamingKey, Reading, RecordKind,
    Refusal, RevokedAuthors, SealedRecord, Sealer, Slot,
};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand::CryptoRng;
use sha2::Sha256;
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
/// … of a grant that takes a link of the chain to open.
const CHAINED: u8 = 2;
const PURPOSE: &[u8] = b"uketsuke grant 1";
const DATA: u8 = 1;
const NAMING: u8 = 2;
/// Bytes of one entry.
const ENTRY_BYTES: usize = 1 + 8 + 1 + 4 + 4 + 32;

/// A key on its way to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// A key that seals documents.
    Data {
        /// its name
        id: KeyId,
        /// what it is for
        slot: Slot,
        /// the key
        key: DataKey,
    },
    /// The facility's secret for naming documents.
    Naming(NamingKey),
}

impl Granted {
    /// Everything a ring holds, for a member that is to hold the same.
    pub fn all_of(ring: &KeyRing) -> Vec<Granted> {
        let data = ring.held().map(|(id, slot, key)| Granted::Data { id, slot, key: key.clone() });
        ring.naming().cloned().map(Granted::Naming).into_iter().chain(data).collect()
    }

    /// Puts it on the ring.
    pub fn put_on(self, ring: &mut KeyRing) -> Inserted {
        match self {
            Granted::Data { id, slot, key } => ring.insert(id, slot, key),
            Granted::Naming(naming) => ring.insert_naming(naming),
        }
    }

    fn write(&self, entries: &mut Vec<u8>) {
        let (what, id, slot, key) = match self {
            Granted::Data { id, slot, key } => (DATA, *id, *slot, key),
            Granted::Naming(naming) => {
                let nothing = Slot { class: DocumentClass(0), month: Month::from_number(0), generation: 0 };
                (NAMING, KeyId::NONE, nothing, naming.secret())
            }
        };
        entries.push(what);
        entries.extend_from_slice(id.as_bytes());
        entries.push(slot.class.0);
        entries.extend_from_slice(&slot.month.number().to_be_bytes());
        entries.extend_from_slice(&slot.generation.to_be_bytes());
        entries.extend_from_slice(key.expose());
    }

    /// One entry; one of a sort this program does not know is left out.
    fn read(entry: &[u8]) -> Option<Granted> {
        let mut reading = Reading::new(entry);
        let what = reading.u8()?;
        let id = KeyId::from_bytes(reading.array()?);
        let class = DocumentClass(reading.u8()?);
        let slot = Slot { class, month: Month::from_number(reading.u32()?), generation: reading.u32()? };
        let key = DataKey::from_bytes(reading.array()?);
        match what {
            DATA => Some(Granted::Data { id, slot, key }),
            NAMING => Some(Granted::Naming(NamingKey::new(key))),
            _ => None,
        }
    }
}

/// Writes a grant for one member.
///
/// # Errors
/// [`Refusal::TooLarge`] for more keys than one record holds (about 20,000).
pub fn grant(
    sealer: &Sealer,
    recipient: BoxId,
    recipient_key: &PublicKey,
    granted: &[Granted],
    rng: &mut impl CryptoRng,
) -> Result<SealedRecord, Refusal> {
    grant_chained(sealer, recipient, recipient_key, granted, None, rng)
}

/// Writes a grant for one member that takes the chain's link of a month to open as well.
///
/// # Errors
/// As [`grant`].
pub fn grant_chained(
    sealer: &Sealer,
    recipient: BoxId,
    recipient_key: &PublicKey,
    granted: &[Granted],
    link: Option<(Month, &DataKey)>,
    rng: &mut impl CryptoRng,
) -> Result<SealedRecord, Refusal> {
    let secret = StaticSecret::random_from_rng(rng);
    let ephemeral = PublicKey::from(&secret);
    let nonce = fresh_nonce(rng);
    let mut entries = Zeroizing::new(Vec::with_capacity(granted.len() * ENTRY_BYTES));
    granted.iter().for_each(|granted| granted.write(&mut entries));
    let bound = bound(&header_bytes(sealer), recipient, &ephemeral);
    let sealed = cipher(&secret.diffie_hellman(recipient_key), &bound, recipient_key, link.map(|(_, key)| key))?
        .encrypt(&XNonce::from(nonce), Payload { msg: &entries, aad: &bound })
        .map_err(|_| Refusal::TooLarge)?;
    let mut content = vec![if link.is_some() { CHAINED } else { VERSION }];
    content.extend_from_slice(recipient.as_bytes());
    link.iter().for_each(|(month, _)| content.extend_from_slice(&month.number().to_be_bytes()));
    content.extend_from_slice(ephemeral.as_bytes());
    content.extend_from_slice(&sealed);
    sealer.sign(RecordKind::GRANT, &nonce, &content)
}

/// For whom a grant is; `None` when the record is not a grant this program knows.
pub fn recipient(record: &SealedRecord) -> Option<BoxId> {
    let mut reading = Reading::new(record.content());
    let known = record.header().kind == RecordKind::GRANT && matches!(reading.u8()?, VERSION | CHAINED);
    known.then(|| reading.array().map(BoxId::from_bytes))?
}

/// Opens a grant made for the holder of `secret`. Grants of revoked boxes do not open: what a member still needs, another grants.
///
/// # Errors
/// The reason, counted at the gate.
pub fn open_grant(record: &SealedRecord, gate: &Gate, secret: &StaticSecret) -> Result<Vec<Granted>, Refusal> {
    open_grant_chained(record, gate, secret, &KeyRing::new())
}

/// The same, where it may take a link of the chain on this ring.
///
/// # Errors
/// The reason, counted at the gate; [`Refusal::DestroyedKey`] when the link is gone.
pub fn open_grant_chained(
    record: &SealedRecord,
    gate: &Gate,
    secret: &StaticSecret,
    ring: &KeyRing,
) -> Result<Vec<Granted>, Refusal> {
    check_author(record, gate, RevokedAuthors::Refuse)
        .and_then(|()| decrypt(record, secret, ring))
        .map_err(|refusal| gate.refusals().count(refusal))
}

fn decrypt(record: &SealedRecord, secret: &StaticSecret, ring: &KeyRing) -> Result<Vec<Granted>, Refusal> {
    let recipient = recipient(record).ok_or(Refusal::NotARecord)?;
    let is_chained = record.content().first() == Some(&CHAINED);
    let mut reading = Reading::new(&record.content()[1 + 16..]);
    let link = match is_chained {
        true => {
            let month = Month::from_number(reading.u32().ok_or(Refusal::Truncated)?);
            Some(ring.link(month).ok_or(Refusal::DestroyedKey)?)
        }
        false => None,
    };
    let ephemeral = PublicKey::from(reading.array::<32>().ok_or(Refusal::Truncated)?);
    let bound = bound(record.bound(), recipient, &ephemeral);
    let nonce = XNonce::try_from(record.nonce()).map_err(|_| Refusal::Truncated)?;
    let entries = cipher(&secret.diffie_hellman(&ephemeral), &bound, &PublicKey::from(secret), link.as_ref())?
        .decrypt(&nonce, Payload { msg: reading.rest(), aad: &bound })
        .map(Zeroizing::new)
        .map_err(|_| Refusal::DoesNotOpen)?;
    if entries.len() % ENTRY_BYTES != 0 {
        return Err(Refusal::Truncated);
    }
    Ok(entries.chunks_exact(ENTRY_BYTES).filter_map(Granted::read).collect())
}

fn header_bytes(sealer: &Sealer) -> Vec<u8> {
    sealer.header(RecordKind::GRANT, DocumentTag::FACILITY, KeyId::NONE).bound_bytes().to_vec()
}

/// What the sealed entries are bound to.
fn bound(header: &[u8], recipient: BoxId, ephemeral: &PublicKey) -> Vec<u8> {
    [header, recipient.as_bytes(), ephemeral.as_bytes()].concat()
}

/// The cipher of one grant. A shared secret that does not depend on both sides is refused.
fn cipher(
    shared: &SharedSecret,
    bound: &[u8],
    recipient: &PublicKey,
    link: Option<&DataKey>,
) -> Result<XChaCha20Poly1305, Refusal> {
    if !shared.was_contributory() {
        return Err(Refusal::DoesNotOpen);
    }
    let mut key = Zeroizing::new([0; 32]);
    let salt = link.map(|link| link.expose().as_slice());
    Hkdf::<Sha256>::new(salt, shared.as_bytes())
        .expand(&[PURPOSE, bound, recipient.as_bytes()].concat(), &mut *key)
        .map_err(|_| Refusal::DoesNotOpen)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}
