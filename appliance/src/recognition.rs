//! Recognising a returning card: off unless the site's settings switch it on (my-number-card §1.1, last row).
//!
//! ```text
//!   card ─ certificate ─▶ token, with the key of this box ─▶ kept here for some minutes, under a random name
//!                                                                 │ the page knows the name only
//!   staff confirm whose card it is ─▶ the desk's writer asks for the token by that name ─▶ a fact of the patient
//! ```
//!
//! Without the key a token leads to no card, and the key never leaves the box. Destroying it makes every token that was ever made
//! meaningless, in old backups too; that is how tokens are erased from a record that forgets nothing.

use crate::secret_file::{self, Unusable};
use domain::Timestamp;
use domain::card_token::{CardToken, letters};
use drivers::card::{RecognitionToken, SiteKey};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use web::port::CardReadingId;

/// What the box knows of cards that were read just now, and the key.
#[derive(Debug)]
pub struct Recognition {
    is_on: bool,
    key: PathBuf,
    is_practice: AtomicBool,
    shown: Mutex<VecDeque<ShownCard>>,
}

/// A card that was read a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCard {
    /// what it may be remembered by
    pub token: CardToken,
    /// which reader read it
    pub reader: String,
    reading: CardReadingId,
    at: Timestamp,
}

/// A card that was read is forgotten after so long, unless staff said whose it is.
const KEPT_MS: i64 = 10 * 60_000;
/// Most cards that are kept at a time.
const MOST: usize = 64;

impl Recognition {
    /// For the box whose secrets lie in this folder.
    pub fn new(folder: &Path, is_on: bool) -> Recognition {
        let key = folder.join("recognition.key");
        Recognition { is_on, key, is_practice: AtomicBool::new(false), shown: Mutex::default() }
    }

    /// Whether the site has switched it on.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// From now on test cards count, as they do nowhere but in a practice clinic (my-number-card §14 rule 10).
    pub fn practise(&self) {
        self.is_practice.store(true, Ordering::Relaxed);
    }

    /// The key of the box, made when it is first needed; none where recognising is off. It is read each time, so that a destroyed
    /// key is gone at once.
    pub fn key(&self) -> Result<Option<Arc<SiteKey>>, Unusable> {
        if !self.is_on {
            return Ok(None);
        }
        let _one_at_a_time = self.cards(); // two that make it at once would make two
        secret_file::read_or_make(&self.key).map(|bytes| Some(Arc::new(SiteKey::new(bytes))))
    }

    /// Takes down a card that was read. The name under which it can be asked for says nothing about it. `None` for a card that
    /// does not count, or without chance.
    pub fn note(&self, token: &RecognitionToken, is_test: bool, reader: &str, now: Timestamp) -> Option<CardReadingId> {
        if !self.is_on || (is_test && !self.is_practice.load(Ordering::Relaxed)) {
            return None;
        }
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).ok()?;
        let reading = CardReadingId(letters(&random));
        let mut shown = self.still_shown(now);
        if shown.len() == MOST {
            shown.pop_front();
        }
        let (token, reader) = (CardToken::new(token.as_bytes()), reader.to_owned());
        shown.push_back(ShownCard { token, reader, reading: reading.clone(), at: now });
        Some(reading)
    }

    /// The card of a reading, while it is still known.
    pub fn shown(&self, reading: &CardReadingId, now: Timestamp) -> Option<ShownCard> {
        self.still_shown(now).iter().find(|card| card.reading == *reading).cloned()
    }

    /// Destroys the key and forgets the cards that were read.
    pub fn destroy_key(&self) -> Result<(), Unusable> {
        let mut cards = self.cards();
        cards.clear();
        secret_file::destroy(&self.key)
    }

    fn still_shown(&self, now: Timestamp) -> MutexGuard<'_, VecDeque<ShownCard>> {
        let mut cards = self.cards();
        cards.retain(|card| (0..KEPT_MS).contains(&now.since_ms(card.at)));
        cards
    }

    fn cards(&self) -> MutexGuard<'_, VecDeque<ShownCard>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
