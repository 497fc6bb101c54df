//! Passkeys (WebAuthn): what a browser hands over is checked here, without a clock and without a store. No attestation is asked for: which
//! make of device somebody uses is not the clinic's business, that the person was verified on it is.

use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

/// What was asked, and under which name of the box.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// the challenge, base64url
    pub challenge: &'a str,
    /// scheme, name and port the pages were opened under
    pub origin: &'a str,
    /// the name alone (RP ID)
    pub name: &'a str,
}

/// Why something a browser handed over does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// not in the form of the standard
    #[error("unreadable")]
    Unreadable,
    /// made where one was to be shown, or the reverse
    #[error("another ceremony")]
    Ceremony,
    /// the answer to another question
    #[error("another challenge")]
    Challenge,
    /// from a page of another place
    #[error("another origin")]
    Origin,
    /// for another name
    #[error("another name")]
    Name,
    /// nobody touched the device
    #[error("nobody was present")]
    NotPresent,
    /// the device did not make sure who it was
    #[error("the person was not verified")]
    NotVerified,
    /// a key of a kind that is not taken
    #[error("another kind of key")]
    Key,
    /// the signature does not fit
    #[error("the signature does not fit")]
    Signature,
}

/// A passkey that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// as the device names it
    pub id: Vec<u8>,
    /// how often it was used
    pub counter: u32,
}

/// Longest name a device may give a key, bytes (WebAuthn §7.1).
const LONGEST_ID: usize = 1023;

/// What the browser says it did.
#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// What the device says, without its extensions.
struct AuthenticatorData<'a> {
    name_hash: &'a [u8],
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

impl AuthenticatorData<'_> {
    const PRESENT: u8 = 0x01;
    const VERIFIED: u8 = 0x04;
    const NEW_KEY: u8 = 0x40;

    fn read(bytes: &[u8]) -> Result<AuthenticatorData<'_>, Wrong> {
        let (name_hash, after) = bytes.split_at_checked(32).ok_or(Wrong::Unreadable)?;
        let ([flags, counter @ ..], rest) = after.split_first_chunk::<5>().ok_or(Wrong::Unreadable)?;
        Ok(AuthenticatorData { name_hash, flags: *flags, counter: u32::from_be_bytes(*counter), rest })
    }

    fn check(&self, name: &str) -> Result<(), Wrong> {
        let expected: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        match () {
            () if self.name_hash != expected => Err(Wrong::Name),
            () if self.flags & AuthenticatorData::PRESENT == 0 => Err(Wrong::NotPresent),
            () if self.flags & AuthenticatorData::VERIFIED == 0 => Err(Wrong::NotVerified),
            () => Ok(()),
        }
    }
}

/// The challenge a browser says it answers, before anything else about it is believed.
pub fn challenge_in(client_data: &[u8]) -> Option<String> {
    serde_json::from_slice::<ClientData>(client_data).ok().map(|said| said.challenge)
}

fn check_client_data(client_data: &[u8], ceremony: &str, expected: Expected<'_>) -> Result<(), Wrong> {
    let said: ClientData = serde_json::from_slice(client_data).map_err(|_| Wrong::Unreadable)?;
    match () {
        () if said.r#type != ceremony => Err(Wrong::Ceremony),
        () if said.challenge != expected.challenge => Err(Wrong::Challenge),
        () if said.origin != expected.origin || said.cross_origin => Err(Wrong::Origin),
        () => Ok(()),
    }
}

/// A passkey was made (WebAuthn §7.1, without attestation).
pub fn made(
    client_data: &[u8],
    authenticator_data: &[u8],
    public_key: &[u8],
    expected: Expected<'_>,
) -> Result<NewKey, Wrong> {
    check_client_data(client_data, "webauthn.create", expected)?;
    let data = AuthenticatorData::read(authenticator_data)?;
    data.check(expected.name)?;
    if data.flags & AuthenticatorData::NEW_KEY == 0 {
        return Err(Wrong::Unreadable);
    }
    let (_maker, after) = data.rest.split_at_checked(16).ok_or(Wrong::Unreadable)?;
    let (length, after) = after.split_first_chunk::<2>().ok_or(Wrong::Unreadable)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let id = after.get(..length).filter(|id| (1..=LONGEST_ID).contains(&id.len())).ok_or(Wrong::Unreadable)?;
    with_key(public_key, |_, _| ())?;
    Ok(NewKey { id: id.to_vec(), counter: data.counter })
}

/// A passkey was shown (WebAuthn §7.2); its counter, which the caller compares with that of the last time.
pub fn shown(
    client_data: &[u8],
    authenticator_data: &[u8],
    signature: &[u8],
    public_key: &[u8],
    expected: Expected<'_>,
) -> Result<u32, Wrong> {
    check_client_data(client_data, "webauthn.get", expected)?;
    let data = AuthenticatorData::read(authenticator_data)?;
    data.check(expected.name)?;
    let said = [authenticator_data, Sha256::digest(client_data).as_slice()].concat();
    let fits = with_key(public_key, |kind, key| {
        let algorithm: &'static dyn ring::signature::VerificationAlgorithm = match kind {
            Kind::P256 => &ECDSA_P256_SHA256_ASN1,
            Kind::Ed25519 => &ED25519,
            Kind::Rsa => &RSA_PKCS1_2048_8192_SHA256,
        };
        UnparsedPublicKey::new(algorithm, key).verify(&said, signature).is_ok()
    })?;
    if fits { Ok(data.counter) } else { Err(Wrong::Signature) }
}

#[derive(Clone, Copy)]
enum Kind {
    P256,
    Ed25519,
    Rsa,
}

/// The kinds the pages ask devices for, told by the key itself.
fn with_key<T>(public_key: &[u8], then: impl FnOnce(Kind, &[u8]) -> T) -> Result<T, Wrong> {
    let (rest, key) = SubjectPublicKeyInfo::from_der(public_key).map_err(|_| Wrong::Key)?;
    let curve = || key.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
    let bits: &[u8] = &key.subject_public_key.data;
    let kind = match key.algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.10045.2.1" if curve().is_some_and(|curve| curve.to_id_string() == "1.2.840.10045.3.1.7") => Kind::P256,
        "1.3.101.112" => Kind::Ed25519,
        "1.2.840.113549.1.1.1" => Kind::Rsa,
        _ => return Err(Wrong::Key),
    };
    let has_form = match kind {
        Kind::P256 => bits.len() == 65 && bits[0] == 4,
        Kind::Ed25519 => bits.len() == 32,
        Kind::Rsa => bits.len() >= 256,
    };
    if has_form && rest.is_empty() { Ok(then(kind, bits)) } else { Err(Wrong::Key) }
}

#[cfg(test)]
mod tests;
