//! The keys a box holds, and which of them seals today.

use super::{DataKey, DocumentClass, KeyId, NamingKey, Refusal};
use domain::Date;
use std::collections::BTreeMap;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u32);

impl Month {
    /// The month of a day.
    pub fn of(date: Date) -> Month {
        Month(u32::from(date.year().unsigned_abs()) * 12 + u32::from(date.month()) - 1)
    }

    /// From its number: months since the year 0.
    pub const fn from_number(number: u32) -> Month {
        Month(number)
    }

    /// Months since the year 0.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Class of the documents it seals.
    pub class: DocumentClass,
    /// Month in which it seals.
    pub month: Month,
    /// Starts at 0 and rises when a member is revoked.
    pub generation: u32,
}

/// What came of adding a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// Now held.
    New,
    /// Held before.
    Known,
    /// Was destroyed, and stays so.
    Destroyed,
    /// Another key or another use is known under this name; the older one stays.
    Conflict,
}

/// One held key.
struct Held {
    slot: Slot,
    key: DataKey,
}

/// All data keys of a box. Destroyed ones leave their name behind, so that a late grant cannot bring them back.
#[derive(Default)]
pub struct KeyRing {
    naming: Option<NamingKey>,
    keys: BTreeMap<KeyId, Option<Held>>,
}

impl KeyRing {
    /// An empty ring.
    pub fn new() -> KeyRing {
        KeyRing::default()
    }

    /// The secret for naming documents, when it has been granted.
    pub const fn naming(&self) -> Option<&NamingKey> {
        self.naming.as_ref()
    }

    /// Takes the secret for naming documents. A facility has one for its life: a second, different one is a conflict.
    pub fn insert_naming(&mut self, naming: NamingKey) -> Inserted {
        match &self.naming {
            None => {
                self.naming = Some(naming);
                Inserted::New
            }
            Some(held) if *held == naming => Inserted::Known,
            Some(_) => Inserted::Conflict,
        }
    }

    /// Takes a data key.
    pub fn insert(&mut self, id: KeyId, slot: Slot, key: DataKey) -> Inserted {
        match self.keys.get(&id) {
            _ if id == KeyId::NONE => Inserted::Conflict,
            None => {
                self.keys.insert(id, Some(Held { slot, key }));
                Inserted::New
            }
            Some(None) => Inserted::Destroyed,
            Some(Some(held)) if held.slot == slot && held.key == key => Inserted::Known,
            Some(Some(_)) => Inserted::Conflict,
        }
    }

    /// The key that seals documents of a class in a month: the smallest name of the highest generation, so that boxes which each
    /// made one while apart agree as soon as they have met.
    pub fn sealing_key(&self, class: DocumentClass, month: Month) -> Option<(KeyId, &DataKey)> {
        self.held()
            .filter(|(_, slot, _)| slot.class == class && slot.month == month)
            .max_by(|(a, x, _), (b, y, _)| x.generation.cmp(&y.generation).then(b.cmp(a)))
            .map(|(id, _, key)| (id, key))
    }

    /// The key of this name and what it is for.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::DestroyedKey`].
    pub fn key(&self, id: KeyId) -> Result<(Slot, &DataKey), Refusal> {
        match self.keys.get(&id) {
            Some(Some(held)) => Ok((held.slot, &held.key)),
            Some(None) => Err(Refusal::DestroyedKey),
            None => Err(Refusal::UnknownKey),
        }
    }

    /// Every key held: for granting and for the box's encrypted store.
    pub fn held(&self) -> impl Iterator<Item = (KeyId, Slot, &DataKey)> {
        self.keys.iter().filter_map(|(id, held)| held.as_ref().map(|held| (*id, held.slot, &held.key)))
    }

    /// The names of destroyed keys.
    pub fn destroyed(&self) -> impl Iterator<Item = KeyId> {
        self.keys.iter().filter(|(_, held)| held.is_none()).map(|(id, _)| *id)
    }

    /// Destroys a key, also one that has not arrived yet. The naming key cannot be destroyed.
    pub fn destroy(&mut self, id: KeyId) {
        if id != KeyId::NONE {
            self.keys.insert(id, None);
        }
    }

    /// The keys of a class whose month lies before `month`: those a retention rule ends.
    pub fn older_than(&self, class: DocumentClass, month: Month) -> Vec<KeyId> {
        self.held().filter(|(_, slot, _)| slot.class == class && slot.month < month).map(|(id, _, _)| id).collect()
    }
}
