//! Keys that seal documents, and their opaque names.

use super::identifier;
use rand::CryptoRng;
#[cfg(feature = "keys")]
use std::fmt;
#[cfg(feature = "keys")]
use subtle::ConstantTimeEq;
#[cfg(feature = "keys")]
use zeroize::{Zeroize, ZeroizeOnDrop};

identifier! {
    /// Name of a data key: 8 random bytes, which tell a relay neither class nor month. All zero: no key, the content is clear.
    KeyId, 8
}

impl KeyId {
    /// No key.
    pub const NONE: KeyId = KeyId([0; 8]);

    /// A fresh name.
    pub fn generate(rng: &mut impl CryptoRng) -> KeyId {
        let mut bytes = [0; 8];
        while bytes == [0; 8] {
            rng.fill_bytes(&mut bytes);
        }
        KeyId(bytes)
    }
}

/// A key that seals documents. Never shown, gone from memory when dropped, compared without telling by time.
#[cfg(feature = "keys")]
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

#[cfg(feature = "keys")]
impl DataKey {
    /// A fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> DataKey {
        let mut key = DataKey([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// A key kept earlier.
    pub const fn from_bytes(bytes: [u8; 32]) -> DataKey {
        DataKey(bytes)
    }

    /// The secret itself: for the box's encrypted store and for grants, nowhere else.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(feature = "keys")]
impl PartialEq for DataKey {
    fn eq(&self, other: &DataKey) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(feature = "keys")]
impl Eq for DataKey {}

#[cfg(feature = "keys")]
impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(32 bytes)")
    }
}
