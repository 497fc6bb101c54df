//! A facility with boxes and a hub, all keys drawn from a seed.

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use sync::seal::{
    Author, BoxId, Change, DataKey, DocumentClass, FacilityId, Gate, KeyId, KeyRing, Members, Month, NamingKey, Role,
    SealedRecord, Sealer, Slot,
};

/// Who belongs, changeable while others look.
#[derive(Default)]
pub struct Register(RwLock<BTreeMap<BoxId, Author>>);

impl Register {
    pub fn set(&self, id: BoxId, author: Author) {
        self.0.write().unwrap().insert(id, author);
    }
}

impl Members for Register {
    fn verifying_key(&self, author: BoxId) -> Author {
        self.0.read().unwrap().get(&author).copied().unwrap_or(Author::Unknown)
    }
}

/// The month everything happens in.
pub fn month() -> Month {
    Month::from_number(2026 * 12 + 10)
}

pub struct Facility {
    pub id: FacilityId,
    pub ring: KeyRing,
    pub register: Arc<Register>,
    pub rng: ChaCha8Rng,
}

impl Facility {
    pub fn new(seed: u64) -> Facility {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut ring = KeyRing::new();
        ring.insert_naming(NamingKey::new(DataKey::generate(&mut rng)));
        for class in [DocumentClass::PATIENT, DocumentClass::VISIT, DocumentClass::SETTINGS] {
            let slot = Slot { class, month: month(), generation: 0 };
            ring.insert(KeyId::generate(&mut rng), slot, DataKey::generate(&mut rng));
        }
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        Facility { id: FacilityId::from_bytes(id), ring, register: Arc::default(), rng }
    }

    pub fn gate(&self) -> Gate {
        Gate::new(self.id, self.register.clone())
    }

    /// A member of the facility.
    pub fn join(&mut self, role: Role) -> Sealer {
        let (sealer, key) = self.stranger();
        self.register.set(sealer.author(), Author::Known { key, role });
        sealer
    }

    /// Somebody who writes in the facility's name and is not known.
    pub fn stranger(&mut self) -> (Sealer, VerifyingKey) {
        let mut secret = [0; 32];
        self.rng.fill_bytes(&mut secret);
        let key = SigningKey::from_bytes(&secret);
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let verifying = key.verifying_key();
        (Sealer::new(self.id, BoxId::from_bytes(id), key), verifying)
    }

    /// A change of a patient's document.
    pub fn change(&mut self, sealer: &Sealer, patient: &str, text: &[u8]) -> SealedRecord {
        let change = patient_change(patient, text);
        sealer.change(&self.ring, month(), &change, &mut self.rng).unwrap()
    }
}

pub fn patient_change(patient: &str, text: &[u8]) -> Change {
    Change { class: DocumentClass::PATIENT, id: patient.as_bytes().to_vec(), chunk: text.to_vec() }
}
