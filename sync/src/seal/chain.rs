//! The chain that grants are sealed with: one secret per month, each made from the one before and none from the one after.
//!
//! All boxes hold the same link and make the later ones themselves, so nothing of it travels through logs: a newcomer gets it with its
//! welcome. Whoever destroys a link can open no grant of that month and of none before, whatever logs or disks somebody kept.

use super::{DataKey, DocumentClass, Inserted, KeyId, KeyRing, Month, Slot};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

const NEXT: &[u8] = b"uketsuke chain next 1";
const NAME: &[u8] = b"uketsuke chain name 1";
/// Most months a link is carried forward at once: a hundred years.
const MOST_MONTHS: u32 = 1_200;

impl KeyRing {
    /// Begins the chain of a facility in a month.
    pub fn begin_chain(&mut self, month: Month, secret: DataKey) -> Inserted {
        let slot = Slot { class: DocumentClass::CHAIN, month, generation: 0 };
        self.insert(name(&secret), slot, secret)
    }

    /// The oldest month of which grants still open; none where there is no chain.
    pub fn chain_from(&self) -> Option<Month> {
        self.oldest_link().map(|(_, month, _)| month)
    }

    /// The link of a month: none before the oldest that is held.
    pub fn link(&self, month: Month) -> Option<DataKey> {
        let (_, from, key) = self.oldest_link()?;
        let steps = month.number().checked_sub(from.number()).filter(|steps| *steps <= MOST_MONTHS)?;
        Some((0..steps).fold(key.clone(), |key, _| next(&key)))
    }

    /// Destroys every link before a month. True when there was one.
    pub fn shorten_chain(&mut self, to: Month) -> bool {
        let before = self.older_than(DocumentClass::CHAIN, to);
        let Some(link) = self.link(to).filter(|_| !before.is_empty()) else { return false };
        self.begin_chain(to, link);
        before.into_iter().for_each(|old| self.destroy(old));
        true
    }

    fn oldest_link(&self) -> Option<(KeyId, Month, &DataKey)> {
        let links = self.held().filter(|(_, slot, _)| slot.class == DocumentClass::CHAIN);
        links.map(|(id, slot, key)| (id, slot.month, key)).min_by_key(|(id, month, _)| (*month, *id))
    }
}

fn next(key: &DataKey) -> DataKey {
    DataKey::from_bytes(*derived(key, NEXT))
}

/// The name of a link, the same on every box.
fn name(key: &DataKey) -> KeyId {
    let full = derived(key, NAME);
    let mut name = [0; 8];
    name.copy_from_slice(&full[..8]);
    KeyId::from_bytes(name)
}

fn derived(key: &DataKey, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(None, key.expose()).expand(purpose, bytes.as_mut());
    expanded.expect("32 bytes are within what one expansion gives");
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn month(number: u32) -> Month {
        Month::from_number(number)
    }

    #[test]
    fn links_are_the_same_on_every_box_and_go_forward_only() {
        let (mut one, mut two) = (KeyRing::new(), KeyRing::new());
        one.begin_chain(month(100), DataKey::from_bytes([7; 32]));
        two.begin_chain(month(100), DataKey::from_bytes([7; 32]));
        assert!(one.shorten_chain(month(104)));
        assert!(!one.shorten_chain(month(104)) && !one.shorten_chain(month(90)));
        assert_eq!((one.chain_from(), two.chain_from()), (Some(month(104)), Some(month(100))));
        assert!(one.link(month(103)).is_none() && two.link(month(99)).is_none());
        assert!(one.link(month(110)).unwrap() == two.link(month(110)).unwrap());
        assert!(one.link(month(110)).unwrap() != one.link(month(111)).unwrap());
        assert_eq!(one.destroyed().count(), 1);
    }

    #[test]
    fn a_late_copy_of_an_old_link_does_not_come_back() {
        let mut ring = KeyRing::new();
        ring.begin_chain(month(100), DataKey::from_bytes([7; 32]));
        ring.shorten_chain(month(101));
        assert_eq!(ring.begin_chain(month(100), DataKey::from_bytes([7; 32])), Inserted::Destroyed);
        assert_eq!(ring.chain_from(), Some(month(101)));
    }
}
