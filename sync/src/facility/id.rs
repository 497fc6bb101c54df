//! The names of facilities and boxes on the wire: 16 bytes each, shown as hex.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use std::fmt;

/// A facility (site). Derived from everything its founding statement says, so that nobody can write another founding for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FacilityId([u8; 16]);

/// A box or a hub: the first 16 bytes of SHA-256 over its public identity key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoxId([u8; 16]);

impl FacilityId {
    /// The facility with these 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> FacilityId {
        FacilityId(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From 32 hex digits, as [`fmt::Display`] writes them.
    pub fn from_hex(text: &str) -> Option<FacilityId> {
        sixteen(text).map(FacilityId)
    }
}

impl BoxId {
    /// The box that has this public identity key.
    pub fn of_key(key: &VerifyingKey) -> BoxId {
        let hash = Sha256::digest(key.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        BoxId(id)
    }

    /// The box with these 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> BoxId {
        BoxId(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From 32 hex digits, as [`fmt::Display`] writes them.
    pub fn from_hex(text: &str) -> Option<BoxId> {
        sixteen(text).map(BoxId)
    }
}

/// Lower-case hex of any bytes.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sixteen(text: &str) -> Option<[u8; 16]> {
    let canonical = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
    if text.len() != 32 || !text.bytes().all(canonical) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

impl fmt::Display for FacilityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for FacilityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FacilityId({self})")
    }
}

impl fmt::Display for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoxId({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hex_goes_there_and_back_in_one_spelling_only() {
        let id = BoxId::from_bytes(*b"0123456789abcde\xff");
        assert_eq!(id.to_string(), "303132333435363738396162636465ff");
        assert_eq!(BoxId::from_hex(&id.to_string()), Some(id));
        assert_eq!(BoxId::from_hex(&id.to_string().to_uppercase()), None);
        assert_eq!(FacilityId::from_hex("+0313233343536373839616263646566"), None);
    }
}
