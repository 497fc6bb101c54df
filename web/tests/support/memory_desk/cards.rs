//! Cards that are recognised, in memory: the name of a reading stands for its card.

use super::Record;
use domain::card_token::CardToken;
use domain::fact::Author;
use domain::patient::{CardsForgotten, PatientFact};
use web::port::{CardReadingId, Erasure, PatientHit, RecognitionView, Saved};

/// The token of the card that was read under this name.
pub fn token_of(reading: &CardReadingId) -> CardToken {
    let mut bytes = [0; CardToken::BYTES];
    bytes.iter_mut().zip(reading.0.bytes()).for_each(|(byte, letter)| *byte = letter);
    CardToken::new(&bytes)
}

impl Record {
    pub fn recognised(&self, reading: &CardReadingId) -> Vec<PatientHit> {
        let token = token_of(reading);
        let states = self.patients.keys().filter_map(|patient| Some((patient, self.patient_state(patient)?)));
        let seen = states.filter(|(_, state)| state.card_tokens.contains(&token));
        seen.map(|(patient, state)| self.hit(patient, state)).collect()
    }

    pub fn recognition(&self) -> RecognitionView {
        let cards = self.patients.keys().filter_map(|patient| self.patient_state(patient)).map(|s| s.card_tokens.len());
        let cards: Vec<usize> = cards.filter(|cards| *cards > 0).collect();
        RecognitionView {
            is_on: self.recognises,
            cards: cards.iter().sum::<usize>() as u32,
            patients: cards.len() as u32,
            erasures: self.erasures.clone(),
        }
    }

    pub(super) fn erase_cards(&mut self, by: &Author) -> Saved {
        let patients = self.recognition().patients;
        for patient in self.patients.keys().cloned().collect::<Vec<_>>() {
            self.learn(by, &patient, PatientFact::CardsForgotten(CardsForgotten { everywhere: true }));
        }
        self.erasures.insert(0, Erasure { at: self.now, by: by.to_string(), patients });
        self.saved()
    }
}
