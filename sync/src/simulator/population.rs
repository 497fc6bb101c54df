//! The invented people of the practice terminal: seeded, the same on every machine, covering every class the desk must
//! be able to handle.

mod cast;
mod families;
mod insurers;
mod maker;
mod names;
mod roster;
mod spec;

use super::person::{Feature, Person};
use domain::Date;
use maker::Maker;
use std::collections::HashMap;
use std::fmt;

/// A fixed population of invented people.
///
/// Person `n` depends only on the seed, the reference date and the smaller numbers: a larger population of the same
/// seed begins with the same people. The first are the *cast*, dealt by name; then one of every class; then families.
pub struct Population {
    seed: u64,
    reference: Date,
    cast: usize,
    people: Vec<Person>,
    keys: HashMap<String, u32>,
}

impl Population {
    /// Smallest size that holds the cast and every class; smaller sizes asked for are raised to it.
    pub const MIN: usize = 160;
    /// What a demonstration uses.
    pub const DEFAULT: usize = 400;

    /// Makes `size` people whose ages, certificates and papers are arranged around the reference date.
    pub fn generate(seed: u64, size: usize, reference: Date) -> Population {
        let size = size.max(Population::MIN);
        let mut maker = Maker::new(seed, reference);
        cast::add(&mut maker);
        let cast = maker.people.len();
        roster::add(&mut maker);
        families::fill(&mut maker, size);
        let people = maker.people;
        let keys = people.iter().map(|person| (person.key.clone(), person.index)).collect();
        Population { seed, reference, cast, people, keys }
    }

    /// Everybody, by index.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The named characters at the fixed first places.
    pub fn cast(&self) -> &[Person] {
        &self.people[..self.cast]
    }

    /// The person of that key.
    pub fn get(&self, key: &str) -> Option<&Person> {
        self.keys.get(key).map(|index| &self.people[*index as usize])
    }

    /// Everybody made to cover this class.
    pub fn with(&self, feature: Feature) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.has(feature))
    }

    /// The day around which ages and papers were arranged.
    pub fn reference_date(&self) -> Date {
        self.reference
    }

    /// The seed it was made from.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl fmt::Debug for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Population(seed {}, {} people)", self.seed, self.people.len())
    }
}

#[cfg(test)]
mod tests;
