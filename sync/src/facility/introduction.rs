//! How a box or a hub introduces itself: its public keys, bound together by its own signature.

use super::id::BoxId;
use super::identity::BoxIdentity;
use super::wire::{Malformed, Reader};
use ed25519_dalek::{Signature, VerifyingKey};
use std::fmt;
use x25519_dalek::{PublicKey, StaticSecret};

const SIGNED_AS: &[u8] = b"uketsuke introduction 1\0";

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Opens and writes records; admits and revokes.
    Box,
    /// Stores and forwards what it cannot read.
    Hub,
}

/// What a member is, with what follows from it: only a box has a key to receive facility keys with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A box, and the key that facility keys are sealed to.
    Box(PublicKey),
    /// A hub. There is nothing that a facility key could be sealed to.
    Hub,
}

/// The public half of an identity, signed by it. Nobody else can pair its keys differently.
#[derive(Clone, PartialEq, Eq)]
pub struct Introduction {
    key: VerifyingKey,
    standing: Standing,
    signature: Signature,
}

impl Introduction {
    pub(super) fn make(identity: &BoxIdentity, standing: Standing) -> Introduction {
        let key = identity.public_key();
        Introduction { key, standing, signature: identity.sign(SIGNED_AS, &[&said(&key, &standing)]) }
    }

    /// Its name.
    pub fn id(&self) -> BoxId {
        BoxId::of_key(&self.key)
    }

    /// Its public identity key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// What it is.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What it is, in one word.
    pub fn role(&self) -> Role {
        match self.standing {
            Standing::Box(_) => Role::Box,
            Standing::Hub => Role::Hub,
        }
    }

    /// Whether it really signed this, and its receiving key is one that hides what is sealed to it.
    pub fn is_genuine(&self) -> bool {
        let hides = match &self.standing {
            Standing::Box(key) => StaticSecret::from([1; 32]).diffie_hellman(key).was_contributory(),
            Standing::Hub => true,
        };
        hides && verified(&self.key, SIGNED_AS, &[&said(&self.key, &self.standing)], &self.signature)
    }

    /// The bytes that travel: role (1), key (32), receiving key (32, boxes only), signature (64).
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = said(&self.key, &self.standing);
        bytes.extend(self.signature.to_bytes());
        bytes
    }

    /// Reads what [`Introduction::encode`] wrote; the form only, see [`Introduction::is_genuine`].
    pub fn decode(bytes: &[u8]) -> Result<Introduction, Malformed> {
        let mut from = Reader::new(bytes);
        let introduction = Introduction::read(&mut from)?;
        from.end().map(|()| introduction)
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Introduction, Malformed> {
        let role = from.u8()?;
        let key = from.verifying_key()?;
        let standing = match role {
            1 => Standing::Box(PublicKey::from(from.array::<32>()?)),
            2 => Standing::Hub,
            _ => return Err(Malformed::UnknownKind),
        };
        Ok(Introduction { key, standing, signature: from.signature()? })
    }
}

/// Strict verification: one signature is good everywhere or nowhere.
pub(super) fn verified(key: &VerifyingKey, label: &[u8], parts: &[&[u8]], signature: &Signature) -> bool {
    key.verify_strict(&[label, &parts.concat()].concat(), signature).is_ok()
}

fn said(key: &VerifyingKey, standing: &Standing) -> Vec<u8> {
    let mut bytes = vec![if matches!(standing, Standing::Box(_)) { 1 } else { 2 }];
    bytes.extend(key.as_bytes());
    if let Standing::Box(receiving) = standing {
        bytes.extend(receiving.as_bytes());
    }
    bytes
}

impl fmt::Debug for Introduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Introduction({:?} {})", self.role(), self.id())
    }
}
