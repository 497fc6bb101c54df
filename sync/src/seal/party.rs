//! Who writes records, as far as sealing has to know. Identity, admission and revocation live with the facility.

use super::identifier;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

identifier! {
    /// One facility: 16 random bytes, drawn by its first box.
    FacilityId, 16
}

identifier! {
    /// One box or hub: the first 16 bytes of the SHA-256 of its public identity key.
    BoxId, 16
}

impl BoxId {
    /// The name that belongs to an identity key.
    pub fn of(identity: &VerifyingKey) -> BoxId {
        let digest = Sha256::digest(identity.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        BoxId(id)
    }
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads and writes.
    Box,
    /// Stores and forwards. Whatever a hub signs itself never opens, grants or forgets anything.
    Hub,
}

/// What is known of the signer of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A member.
    Known {
        /// checks its signatures
        key: VerifyingKey,
        /// what it may do
        role: Role,
    },
    /// Was a member and is not any more.
    Revoked {
        /// checks its signatures
        key: VerifyingKey,
    },
    /// Not known; it may become known when more of the facility's statements have arrived.
    Unknown,
}

/// Who belongs to the facility, now.
pub trait Members: Send + Sync {
    /// What is known of a signer.
    fn verifying_key(&self, author: BoxId) -> Author;
}
