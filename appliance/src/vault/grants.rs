//! Handing keys to the other boxes: in the welcome of a newcomer, and in records of the log.

use super::register::Register;
use super::{Vault, VaultError, chance};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use sync::facility::statement::Statement;
use sync::facility::{Introduction, Standing};
use sync::seal::grant::{Granted, grant, grant_chained, open_grant, open_grant_chained};
use sync::seal::{BoxId, DocumentClass, FacilityId, Gate, KeyId, Refusal, SealedRecord};
use x25519_dalek::PublicKey;

impl Vault {
    /// Whether somebody may be waiting for a key. Answers yes once.
    pub(crate) fn take_grants_due(&self) -> bool {
        self.grants_due.swap(false, Ordering::AcqRel)
    }

    /// The grants were not kept after all.
    pub(crate) fn grants_are_due(&self) {
        self.grants_due.store(true, Ordering::Release);
    }

    /// The names of the keys that are granted through logs; the naming key goes by [`KeyId::NONE`].
    pub(crate) fn key_names(&self) -> Vec<KeyId> {
        let ring = self.ring();
        let keys = ring.held().filter(|(_, slot, _)| slot.class != DocumentClass::CHAIN);
        ring.naming().map(|_| KeyId::NONE).into_iter().chain(keys.map(|(id, ..)| id)).collect()
    }

    /// Everything a newcomer needs, sealed to it, as a welcome carries it.
    pub fn welcome(&self, newcomer: BoxId, key: &PublicKey) -> Result<Vec<u8>, VaultError> {
        Ok(grant(&self.sealer, newcomer, key, &self.all_keys(), &mut chance()?)?.bytes().to_vec())
    }

    /// Opens what [`Vault::welcome`] made for this box, signed by a member according to these statements.
    pub fn read_welcome(
        &self,
        facility: FacilityId,
        statements: &[Statement],
        grants: &[u8],
    ) -> Result<Vec<Granted>, VaultError> {
        let secret = self.identity.receiving_secret().ok_or(Refusal::NotPermitted)?;
        let gate = Gate::new(facility, Arc::new(Register::new(facility, statements.to_vec())));
        Ok(open_grant(&SealedRecord::parse(grants)?, &gate, secret)?)
    }

    /// A record that hands these keys to a member.
    pub(crate) fn grant(&self, to: &Introduction, names: &[KeyId]) -> Result<SealedRecord, VaultError> {
        let Standing::Box(key) = to.standing() else { return Err(Refusal::NotPermitted.into()) };
        let wanted = |granted: &Granted| match granted {
            Granted::Data { id, .. } => names.contains(id),
            Granted::Naming(_) => names.contains(&KeyId::NONE),
        };
        let ring = self.ring();
        let keys: Vec<Granted> = Granted::all_of(&ring).into_iter().filter(wanted).collect();
        let month = ring.held().map(|(_, slot, _)| slot.month).max();
        let link = month.and_then(|month| Some((month, ring.link(month)?)));
        let link = link.as_ref().map(|(month, link)| (*month, link));
        Ok(grant_chained(&self.sealer, to.id(), &key, &keys, link, &mut chance()?)?)
    }

    /// The keys that a grant for this box brings and that are not held yet; none when it is for another.
    pub(crate) fn read_grant(&self, record: &SealedRecord) -> Result<Vec<Granted>, Refusal> {
        let Some(secret) = self.identity.receiving_secret() else { return Ok(Vec::new()) };
        if sync::seal::grant::recipient(record) != Some(self.id()) {
            return Ok(Vec::new());
        }
        open_grant_chained(record, &self.gate, secret, &self.ring())
    }

    /// Everything a newcomer needs, for its welcome.
    pub fn all_keys(&self) -> Vec<Granted> {
        Granted::all_of(&self.ring())
    }
}
