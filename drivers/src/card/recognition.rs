//! Recognising a returning card without keeping anything of it.
//!
//! Off unless called. Whether an institution may recognise cards this way is a legal question of its own
//! (`my-number-card §1.1`, last row): the caller asks before it turns this on.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::certificate::AuthenticationCertificate;

/// The site's own secret. Without it a token cannot be made or compared with a card, and tokens of two sites have
/// nothing in common. Wiped on drop, never printed.
pub struct SiteKey(Zeroizing<[u8; Self::BYTES]>);

/// A one-way name for one certificate at one site. It changes when the certificate is renewed.
#[derive(Clone, PartialEq, Eq)]
pub struct RecognitionToken(Zeroizing<[u8; Self::BYTES]>);

/// Keeps these tokens apart from every other use of the same key.
const PURPOSE: &[u8] = b"uketsuke/card-recognition/1\0";

impl SiteKey {
    /// Bytes of a key.
    pub const BYTES: usize = 32;

    /// Takes a key of full randomness, made once per site and kept with the site's other secrets.
    pub fn new(key: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(key))
    }
}

impl RecognitionToken {
    /// Bytes of a token.
    pub const BYTES: usize = 32;

    /// HMAC-SHA-256 over the holder's opaque name and the public key of the certificate. The serial number takes no
    /// part.
    pub fn of(certificate: &AuthenticationCertificate, key: &SiteKey) -> Self {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.0[..]).expect("HMAC takes keys of every length");
        let tag = mac.chain_update(PURPOSE).chain_update(certificate.identity()).finalize();
        Self(Zeroizing::new(tag.into_bytes().into()))
    }

    /// The token as stored.
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SiteKey({} bytes)", Self::BYTES)
    }
}

impl fmt::Debug for RecognitionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RecognitionToken({} bytes)", Self::BYTES)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::card::catalogue::KNOWN;
    use crate::card::testing::{certificate, reissued};

    fn read(der: &[u8]) -> AuthenticationCertificate {
        AuthenticationCertificate::parse(der, KNOWN[0]).unwrap()
    }

    #[test]
    fn the_same_card_has_the_same_token_at_one_site_only() {
        let (here, elsewhere) = (SiteKey::new([1; 32]), SiteKey::new([2; 32]));
        let (card, other) = (certificate("JPKI", 1), certificate("JPKI", 2));
        assert_eq!(RecognitionToken::of(&read(&card), &here), RecognitionToken::of(&read(&card), &here));
        assert_ne!(RecognitionToken::of(&read(&card), &here), RecognitionToken::of(&read(&card), &elsewhere));
        assert_ne!(RecognitionToken::of(&read(&card), &here), RecognitionToken::of(&read(&other), &here));
    }

    #[test]
    fn the_serial_number_takes_no_part() {
        let [one, two] = reissued(7, 8);
        assert_ne!(one, two);
        let key = SiteKey::new([1; 32]);
        assert_eq!(RecognitionToken::of(&read(&one), &key), RecognitionToken::of(&read(&two), &key));
    }

    #[test]
    fn neither_key_nor_token_can_be_printed() {
        let key = SiteKey::new([0xAB; 32]);
        assert_eq!(format!("{key:?}"), "SiteKey(32 bytes)");
        let token = RecognitionToken::of(&read(&certificate("JPKI", 1)), &key);
        assert_eq!(format!("{token:?}"), "RecognitionToken(32 bytes)");
        assert_eq!(token.as_bytes().len(), 32);
    }
}
