//! Each box is the authority for its own certificate: its identity key signs a short-lived leaf for a fresh TLS key.
//!
//! No authority certificate travels. Whoever knows a member's identity key knows the trust anchor: subject and key follow from it, and
//! it is constrained to that one member's name, so that no box can speak in another's name.

use super::id::{BoxId, FacilityId};
use super::identity::BoxIdentity;
use domain::Timestamp;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyUsagePurpose, PKCS_ED25519,
};
use rustls::pki_types::{CertificateDer, Der, PrivateKeyDer, PrivatePkcs8KeyDer, TrustAnchor};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A leaf is good from so long before it was issued: neighbours' clocks may be behind.
pub const VALID_BEFORE_MS: i64 = DAY_MS;
/// A leaf is good for so long after it was issued.
pub const VALID_FOR_MS: i64 = 90 * DAY_MS;
/// A leaf is renewed when so old.
pub const RENEW_AFTER_MS: i64 = 60 * DAY_MS;
/// Clocks are believed up to the year 9000: certificates cannot say more than 9999.
const LATEST_MS: i64 = 221_845_392_000_000;

/// A leaf certificate with its key.
#[derive(Clone)]
pub struct Leaf {
    certified: Arc<CertifiedKey>,
    issued_at: Timestamp,
}

/// The leaf could not be made.
#[derive(Debug, thiserror::Error)]
pub enum NotIssued {
    /// The certificate could not be written.
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library does not take the certificate or the key.
    #[error("the certificate cannot be used for TLS")]
    Tls(#[from] rustls::Error),
}

/// The name a member goes by in TLS. The top level is reserved: it can never be resolved.
pub fn name_of(id: BoxId, facility: FacilityId) -> String {
    format!("box-{id}.facility-{facility}.uketsuke.invalid")
}

/// The member that goes by this name.
pub fn of_name(name: &str) -> Option<(BoxId, FacilityId)> {
    let (id, rest) = name.strip_prefix("box-")?.split_once(".facility-")?;
    Some((BoxId::from_hex(id)?, FacilityId::from_hex(rest.strip_suffix(".uketsuke.invalid")?)?))
}

impl Leaf {
    /// A leaf for this facility, issued now. `seed`: 32 random bytes, the TLS key.
    pub fn issue(
        identity: &BoxIdentity,
        facility: FacilityId,
        now: Timestamp,
        seed: &[u8; 32],
    ) -> Result<Leaf, NotIssued> {
        Leaf::issue_named(identity, &name_of(identity.id(), facility), now, seed)
    }

    pub(super) fn issue_named(
        identity: &BoxIdentity,
        name: &str,
        now: Timestamp,
        seed: &[u8; 32],
    ) -> Result<Leaf, NotIssued> {
        let key = SigningKey::from_bytes(seed);
        let mut asked = CertificateParams::new(vec![name.to_owned()])?;
        asked.distinguished_name = common_name(identity.id());
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        asked.not_before = epoch + since_epoch(now.plus_ms(-VALID_BEFORE_MS));
        asked.not_after = epoch + since_epoch(now.plus_ms(VALID_FOR_MS));
        asked.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        asked.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let mut authority = CertificateParams::new(Vec::<String>::new())?;
        authority.distinguished_name = common_name(identity.id());
        let certificate =
            asked.signed_by(&Public(key.verifying_key()), &Issuer::new(authority, Signs::new(identity)))?;
        Ok(Leaf { certified: Arc::new(certified(certificate.der().clone(), seed)?), issued_at: now })
    }

    /// Whether it is time for a new one: old enough, or issued by a clock that was ahead of `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let age = now.since_ms(self.issued_at);
        !(-VALID_BEFORE_MS / 2..RENEW_AFTER_MS).contains(&age)
    }

    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.issued_at.plus_ms(VALID_FOR_MS)
    }

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        self.certified.clone()
    }
}

impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leaf(issued at {} ms)", self.issued_at.as_ms())
    }
}

/// Certificate and key as the TLS library takes them.
pub(super) fn certified(certificate: CertificateDer<'static>, seed: &[u8; 32]) -> Result<CertifiedKey, rustls::Error> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(private_key_der(seed).to_vec()));
    CertifiedKey::from_der(vec![certificate], key, &rustls::crypto::ring::default_provider())
}

/// PKCS #8 version 1 of an Ed25519 key (RFC 8410 §7).
fn private_key_der(seed: &[u8; 32]) -> Zeroizing<[u8; 48]> {
    let mut der = Zeroizing::new([0; 48]);
    der[..16].copy_from_slice(&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);
    der[16..].copy_from_slice(seed);
    der
}

/// What this member's leaves are checked against: its key, and a constraint to its own name.
pub(super) fn anchor(key: &VerifyingKey, facility: FacilityId) -> TrustAnchor<'static> {
    let id = BoxId::of_key(key);
    let common_name = tagged(0x0c, format!("box-{id}").as_bytes());
    let attribute = tagged(0x30, &[&[6, 3, 0x55, 4, 3], &common_name[..]].concat());
    let subtree = tagged(0x30, &tagged(0x82, name_of(id, facility).as_bytes()));
    let key = [&[0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0], &key.as_bytes()[..]].concat();
    TrustAnchor {
        subject: Der::from(tagged(0x31, &attribute)),
        subject_public_key_info: Der::from(key),
        name_constraints: Some(Der::from(tagged(0xa0, &subtree))),
    }
}

/// DER with a length of one or two bytes, which is all that names need.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len() as u8;
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [&head, content].concat()
}

/// Whose leaf this claims to be, by its one name. Only worth anything after the chain was verified.
pub fn claimed_owner(certificate: &CertificateDer<'_>) -> Option<(BoxId, FacilityId)> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let names = certificate.subject_alternative_name().ok()??;
    match names.value.general_names.as_slice() {
        [GeneralName::DNSName(name)] => of_name(name),
        _ => None,
    }
}

/// From when on this leaf is good, in seconds since the epoch.
pub(super) fn good_from_s(certificate: &CertificateDer<'_>) -> Option<u64> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    u64::try_from(certificate.validity().not_before.timestamp()).ok()
}

/// Until when this leaf is good. Only worth anything after the chain was verified.
pub fn good_until(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    certificate.validity().not_after.timestamp().checked_mul(1000).map(Timestamp::from_ms)
}

fn common_name(id: BoxId) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, format!("box-{id}"));
    name
}

/// Whole seconds; certificates have no smaller unit.
fn since_epoch(at: Timestamp) -> Duration {
    Duration::from_secs(at.as_ms().clamp(0, LATEST_MS) as u64 / 1000)
}

/// A public key as the certificate library takes it.
struct Public(VerifyingKey);

impl rcgen::PublicKeyData for Public {
    fn der_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ED25519
    }
}

/// The identity as the certificate library signs with it; the key stays where it is.
struct Signs<'a> {
    identity: &'a BoxIdentity,
    public: VerifyingKey,
}

impl<'a> Signs<'a> {
    fn new(identity: &'a BoxIdentity) -> Signs<'a> {
        Signs { identity, public: identity.public_key() }
    }
}

impl rcgen::PublicKeyData for Signs<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.public.as_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ED25519
    }
}

impl rcgen::SigningKey for Signs<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.identity.sign_bare(message).to_bytes().to_vec())
    }
}

/// A key for one conversation, as the certificate library signs with it.
pub(super) struct Throwaway {
    key: SigningKey,
    public: VerifyingKey,
}

impl Throwaway {
    pub(super) fn of(seed: &[u8; 32]) -> Throwaway {
        let key = SigningKey::from_bytes(seed);
        Throwaway { public: key.verifying_key(), key }
    }
}

impl rcgen::PublicKeyData for Throwaway {
    fn der_bytes(&self) -> &[u8] {
        self.public.as_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ED25519
    }
}

impl rcgen::SigningKey for Throwaway {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.key.sign(message).to_bytes().to_vec())
    }
}
