//! Chance that can be repeated: every draw comes from a seed and the name of what it decides.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws. The same seed and the same tags give the same stream on every machine.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream for one purpose: independent of every other purpose of the same seed.
    pub(crate) fn keyed(seed: u64, tags: &[&str]) -> Dice {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in tags.iter().flat_map(|tag| tag.bytes().chain(std::iter::once(0xff))) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Dice(ChaCha8Rng::seed_from_u64(hash ^ seed.rotate_left(32)))
    }

    /// A number from 0 to `limit - 1`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(limit);
        (wide >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).unsigned_abs()) as i32
    }

    /// True in `per_mille` of 1000 draws.
    pub(crate) fn per_mille(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the items.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }

    /// Lower-case hexadecimal text of the given length.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length).filter_map(|_| char::from_digit(self.below(16), 16)).collect()
    }

    /// A number for sorting into a scrambled order.
    pub(crate) fn weight(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_and_differs_by_tag() {
        let draw = |seed, tag| Dice::keyed(seed, &[tag]).hex(20);
        assert_eq!(draw(7, "face"), draw(7, "face"));
        assert_ne!(draw(7, "face"), draw(8, "face"));
        assert_ne!(draw(7, "face"), draw(7, "name"));
    }

    #[test]
    fn draws_stay_inside_their_limits() {
        let mut dice = Dice::keyed(1, &["limits"]);
        let mut seen = [false; 6];
        for _ in 0..500 {
            seen[dice.below(6) as usize] = true;
            assert!((-3..=4).contains(&dice.between(-3, 4)));
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(dice.below(0), 0);
    }
}
