//! Who writes records, as far as sealing has to know. Identity, admission and revocation live with the facility.

pub use crate::facility::{BoxId, FacilityId, Role};
use ed25519_dalek::VerifyingKey;

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
