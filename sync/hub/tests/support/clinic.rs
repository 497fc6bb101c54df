//! A facility with boxes that have real identities, certificates and keys.

// Each test program uses a part.
#![allow(dead_code)]

use domain::Timestamp;
use ed25519_dalek::SigningKey;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sync::facility::identity::IdentitySeed;
use sync::facility::statement::{Founding, Statement};
use sync::facility::{BoxIdentity, FacilityId, Role};
use sync::seal::{
    Change, DataKey, DocumentClass, HashPrefix, KeyId, KeyRing, Month, NamingKey, SealedRecord, Sealer, Slot,
};

/// What only the facility's boxes may ever read.
pub const NAME: &str = "受付 花子";

pub fn now() -> Timestamp {
    Timestamp::from_ms(1_795_000_000_000)
}

pub fn month() -> Month {
    Month::from_number(2026 * 12 + 10)
}

/// A facility's keys and statements.
pub struct Clinic {
    pub id: FacilityId,
    pub statements: Vec<Statement>,
    pub ring: KeyRing,
    pub random: ChaCha20Rng,
    pub founder: u8,
}

/// The seed of a box, from which identity and sealer are made.
pub fn identity(seed: u8) -> BoxIdentity {
    BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([seed; 80]))
}

impl Clinic {
    /// Founded by the box with this seed.
    pub fn found(seed: u8) -> Clinic {
        let mut random = ChaCha20Rng::from_seed([seed; 32]);
        let founding = Founding { salt: [seed; 16], name: "1番", site_code: "S-1", institution_code: "1312345" };
        let founded = Statement::found(&identity(seed), &founding, now()).unwrap();
        let mut ring = KeyRing::new();
        ring.insert_naming(NamingKey::new(DataKey::generate(&mut random)));
        let slot = Slot { class: DocumentClass::PATIENT, month: month(), generation: 0 };
        ring.insert(KeyId::generate(&mut random), slot, DataKey::generate(&mut random));
        Clinic { id: founded.facility(), statements: vec![founded], ring, random, founder: seed }
    }

    pub fn admit(&mut self, newcomer: &sync::facility::Introduction) -> Statement {
        let admitted = Statement::admit(&identity(self.founder), self.id, newcomer, "2番", now()).unwrap();
        self.statements.push(admitted.clone());
        admitted
    }

    pub fn sealer(&self, seed: u8) -> Sealer {
        Sealer::new(self.id, identity(seed).id(), SigningKey::from_bytes(&[seed; 32]))
    }

    /// A change of a patient's document, signed by a box.
    pub fn change(&mut self, seed: u8, patient: &str, size: usize) -> SealedRecord {
        let mut chunk = NAME.as_bytes().to_vec();
        chunk.resize(size.max(chunk.len()), b'.');
        let change = Change { class: DocumentClass::PATIENT, id: patient.as_bytes().to_vec(), chunk };
        self.sealer(seed).change(&self.ring, month(), &change, &mut self.random).unwrap()
    }

    /// A snapshot of a patient's document, signed by a box.
    pub fn snapshot(&mut self, seed: u8, patient: &str, stands_for: &[HashPrefix]) -> SealedRecord {
        let (class, id) = (DocumentClass::PATIENT, patient.as_bytes().to_vec());
        let whole = Change { class, id, chunk: NAME.as_bytes().to_vec() };
        self.sealer(seed).snapshot(&self.ring, month(), &whole, stands_for, &mut self.random).unwrap()
    }

    pub fn changes(&mut self, seed: u8, count: usize) -> Vec<SealedRecord> {
        (0..count).map(|n| self.change(seed, &format!("p-{n}"), 200)).collect()
    }
}
