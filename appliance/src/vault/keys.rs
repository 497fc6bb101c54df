//! The ring of keys: what is sealed with it, how it grows and shrinks, durably and alone among the processes of this box.

use super::file::FacilityFile;
use super::{BEFORE, Vault, VaultError, chance};
use domain::Timestamp;
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::atomic::Ordering;
use std::sync::{PoisonError, RwLockReadGuard, RwLockWriteGuard};
use sync::facility::revocation::KeyKeeper;
use sync::seal::grant::Granted;
use sync::seal::{
    BoxId, Change, DataKey, DocumentClass, DocumentTag, HashPrefix, Inserted, KeyId, KeyRing, Month, Refusal,
    SealedRecord, Slot, open_kept,
};

impl Vault {
    /// Seals a change of a document with the key of its class and this month. Makes the key when there is none yet; the file is durable
    /// before anything is sealed with it.
    pub(crate) fn seal(&self, change: &Change, now: Timestamp) -> Result<SealedRecord, VaultError> {
        let month = Month::of(now.date_in_japan());
        if self.ring().sealing_key(change.class, month).is_none() {
            self.make_key(Slot { class: change.class, month, generation: 0 })?;
        }
        Ok(self.sealer.change(&self.ring(), month, change, &mut chance()?)?)
    }

    /// Seals a document as it stands, with the key of the newest of the records it is made of: it is forgotten when they are.
    pub(crate) fn seal_snapshot(
        &self,
        whole: &Change,
        stands_for: &[HashPrefix],
        keys: &[KeyId],
    ) -> Result<SealedRecord, VaultError> {
        let ring = self.ring();
        let month = keys.iter().filter_map(|key| ring.key(*key).ok()).map(|(slot, _)| slot.month).max();
        let month = month.ok_or(Refusal::UnknownKey)?;
        Ok(self.sealer.snapshot(&ring, month, whole, stands_for, &mut chance()?)?)
    }

    fn make_key(&self, slot: Slot) -> Result<(), VaultError> {
        let mut chance = chance()?;
        self.change_ring(|ring| {
            let is_there = ring
                .sealing_key(slot.class, slot.month)
                .is_some_and(|(id, _)| ring.key(id).is_ok_and(|(held, _)| held.generation >= slot.generation));
            if !is_there {
                ring.insert(KeyId::generate(&mut chance), slot, DataKey::generate(&mut chance));
            }
            true
        })?;
        self.grants_due.store(true, Ordering::Release);
        Ok(())
    }

    /// A new generation in place of these keys: one who was put out knows them.
    pub fn replace(&self, old: &[Slot]) -> Result<(), VaultError> {
        old.iter().try_for_each(|slot| self.make_key(Slot { generation: slot.generation.saturating_add(1), ..*slot }))
    }

    /// Opens a record that was checked before it was kept. A key that another process of this box has just made lies in the file.
    pub(crate) fn open_kept(&self, record: &SealedRecord) -> Result<Change, Refusal> {
        let opened = open_kept(record, &self.ring());
        match opened {
            Err(Refusal::UnknownKey) if self.change_ring(|_| false).is_ok() => open_kept(record, &self.ring()),
            outcome => outcome,
        }
    }

    /// Changes the ring, alone among all processes of this box, upon what stands in the file; durable when this returns. What was to be
    /// done says whether the file changed. A service that still runs while this box enters another facility goes on with the keys of the
    /// one before, and keeps them there: its record is sealed anew from them at the next start.
    pub(super) fn change_ring(&self, change: impl FnOnce(&mut KeyRing) -> bool) -> Result<(), VaultError> {
        let alone = File::create(self.path.with_extension("lock"))?;
        alone.lock()?;
        let mut ring = self.ring_to_write();
        let is_elsewhere = FacilityFile::read(&self.path)?.is_some_and(|file| file.facility != self.facility());
        let path = if is_elsewhere { self.path.with_file_name(BEFORE) } else { self.path.clone() };
        if let Some(file) = FacilityFile::read(&path)?.filter(|file| file.facility == self.facility()) {
            file.ring.destroyed().for_each(|name| ring.destroy(name));
            for key in Granted::all_of(&file.ring) {
                key.put_on(&mut ring);
            }
        }
        if change(&mut ring) {
            FacilityFile::write(&path, self.facility(), &self.seeds, &ring)?;
        }
        Ok(())
    }

    /// The tag of a document; none before the naming key has come, which no box is without.
    pub(crate) fn tag(&self, class: DocumentClass, id: &[u8]) -> Option<DocumentTag> {
        self.ring().naming().map(|naming| naming.tag(class, id))
    }

    /// Puts keys on the ring, durably. Returns the names of those that are new.
    pub(crate) fn hold(&self, keys: Vec<Granted>) -> Result<Vec<KeyId>, VaultError> {
        let mut new = Vec::new();
        self.change_ring(|ring| {
            for key in keys {
                let name = if let Granted::Data { id, .. } = &key { *id } else { KeyId::NONE };
                if key.put_on(ring) == Inserted::New {
                    new.push(name);
                }
            }
            !new.is_empty()
        })?;
        if !new.is_empty() {
            self.grants_due.store(true, Ordering::Release);
        }
        Ok(new)
    }

    /// Destroys keys, durably.
    pub(crate) fn destroy(&self, names: &[KeyId]) -> Result<(), VaultError> {
        self.change_ring(|ring| {
            names.iter().for_each(|name| ring.destroy(*name));
            true
        })
    }

    pub(super) fn ring(&self) -> RwLockReadGuard<'_, KeyRing> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring_to_write(&self) -> RwLockWriteGuard<'_, KeyRing> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every box has every key.
impl KeyKeeper for Vault {
    type Key = Slot;

    fn keys_known_to(&self, _revoked: BoxId) -> Vec<Slot> {
        let ring = self.ring();
        let last = ring.held().map(|(_, slot, _)| slot.month).max();
        // Whatever the clocks of the boxes say, nobody seals with the keys of the month before last.
        let live = ring
            .held()
            .map(|(_, slot, _)| slot)
            .filter(|slot| slot.class != DocumentClass::CHAIN)
            .filter(|slot| last.is_some_and(|last| slot.month.number().saturating_add(1) >= last.number()));
        let mut newest = BTreeMap::new();
        for slot in live {
            let known = newest.entry((slot.class, slot.month)).or_insert(slot);
            known.generation = slot.generation.max(known.generation);
        }
        newest.into_values().collect()
    }
}
