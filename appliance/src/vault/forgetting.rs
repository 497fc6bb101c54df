//! The keys that forgetting destroys, and what asks the other boxes and the hub to forget.

use super::{Vault, VaultError, chance};
use sync::seal::forget::Forget;
use sync::seal::{DataKey, DocumentClass, KeyId, Month, Role, SealedRecord, Slot};

/// How many months back grants still open: longer than any box may be away and still learn its keys from the log, and far shorter than
/// any period for which records are kept.
const CHAIN_MONTHS: u32 = 24;

impl Vault {
    /// A record that asks every log to forget.
    pub(crate) fn seal_forget(&self, forget: &Forget) -> Result<SealedRecord, VaultError> {
        Ok(forget.seal(&self.sealer)?)
    }

    /// The keys of a class, each with the month in which it seals.
    pub(crate) fn keys_of(&self, class: DocumentClass) -> Vec<(KeyId, Month)> {
        let ring = self.ring();
        ring.held().filter(|(_, slot, _)| slot.class == class).map(|(id, slot, _)| (id, slot.month)).collect()
    }

    /// What a key is for, while it is held.
    pub(crate) fn slot_of(&self, key: KeyId) -> Option<Slot> {
        self.ring().key(key).ok().map(|(slot, _)| slot)
    }

    /// How many keys were destroyed so far.
    pub fn destroyed_keys(&self) -> usize {
        self.ring().destroyed().count()
    }

    /// Begins the chain that grants are sealed with, where this box is alone in its facility: others get it with their welcome.
    pub(crate) fn begin_chain(&self, month: Month) -> Result<(), VaultError> {
        let boxes = self.membership().members().filter(|(_, member)| member.introduction.role() == Role::Box).count();
        if boxes > 1 || !self.is_member() || self.ring().chain_from().is_some() {
            return Ok(());
        }
        let secret = DataKey::generate(&mut chance()?);
        self.change_ring(|ring| {
            let is_first = ring.chain_from().is_none();
            if is_first {
                ring.begin_chain(month, secret);
            }
            is_first
        })
    }

    /// Destroys the links with which old grants were sealed.
    pub(crate) fn shorten_chain(&self, now: Month) -> Result<(), VaultError> {
        let to = Month::from_number(now.number().saturating_sub(CHAIN_MONTHS));
        if self.ring().chain_from().is_none_or(|from| from >= to) {
            return Ok(());
        }
        self.change_ring(|ring| ring.shorten_chain(to))
    }
}
