#![allow(clippy::unwrap_used)]
use std::path::Path;

use proptest::prelude::*;

use super::commands::{DICTIONARY, LEGAL_WORDS};
use super::model::ModelCard;
use super::*;
use crate::card::wire::CardWire;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_sequence_of_commands_touches_what_is_forbidden(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        gate(&data);
    }

    /// Starts where it matters: inside an application, at a key, with the tries counted.
    #[test]
    fn nor_does_one_that_starts_in_a_tempting_place(
        place in proptest::sample::select(vec![vec![1u8], vec![1, 7], vec![1, 7, 12], vec![1, 4], vec![0, 6], vec![2]]),
        data in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut card = ModelCard::default();
        let raw = |word: u8| Attempt::Raw(DICTIONARY[usize::from(word)].to_vec());
        play(&mut card, place.into_iter().map(raw).chain(Attempts::of(&data)));
        prop_assert_eq!(card.forbidden(), &[] as &[String]);
    }

    #[test]
    fn noise_is_taken_apart_without_a_panic(data in proptest::collection::vec(any::<u8>(), 0..300)) {
        apdu_response(&data);
        tlv(&data);
        certificate(&data);
    }
}

/// The model must see each attack, or the properties above prove nothing.
#[test]
fn the_model_notices_every_illegal_word() {
    let noticed = |application: &[u8], word: &[u8]| {
        let mut card = ModelCard::default();
        card.transmit(application).unwrap();
        card.transmit(word).unwrap();
        !card.forbidden().is_empty()
    };
    for word in &DICTIONARY[LEGAL_WORDS..] {
        assert!(DICTIONARY[..2].iter().any(|application| noticed(application, word)), "{word:02X?}");
    }
}

#[test]
fn the_legal_words_reach_the_card_in_their_place() {
    let mut card = ModelCard::default();
    let visit = [0, 5, 10, 6, 9, 8, 12, 1, 7, 12, 13, 4, 9, 2, 11, 3];
    play(&mut card, visit.into_iter().map(|word: usize| Attempt::Raw(DICTIONARY[word].to_vec())));
    assert_eq!((card.answered(), card.forbidden()), (visit.len(), &[] as &[String]));
}

/// What cargo-fuzz would start from, and every neighbour one byte away.
#[test]
fn every_seed_and_its_neighbours_are_survived() {
    for (target, body) in
        [("gate", gate as fn(&[u8])), ("apdu_response", apdu_response), ("tlv", tlv), ("certificate", certificate)]
    {
        let seeds = seeds(target);
        assert!(seeds.len() >= 3, "{target} has too few seeds");
        for seed in seeds {
            body(&seed);
            neighbours(&seed).for_each(|neighbour| body(&neighbour));
        }
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn neighbours(seed: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let cut = (0..seed.len()).map(|end| seed[..end].to_vec());
    let changed = (0..seed.len()).flat_map(|place| {
        [0x01, 0x80, 0xFF].map(|bits| {
            let mut neighbour = seed.to_vec();
            neighbour[place] ^= bits;
            neighbour
        })
    });
    cut.chain(changed)
}
