//! Numbers given out for blank declarations.

use super::{StoreError, Stored, Writing};
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};

/// Letters of a number space: none that is taken for a digit or for another letter.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters in one space. Boxes that were never connected draw theirs alike, so there are many more spaces than batches in a day.
const LENGTH: usize = 5;

/// A space of numbers that belongs to one batch of forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormBatch {
    /// what stands before the running number: the day and letters drawn at random
    pub space: String,
    /// how many numbers of it were given out
    pub forms: u32,
}

impl FormBatch {
    /// The numbers, as they stand on the forms.
    pub fn numbers(&self) -> Vec<String> {
        (1..=self.forms).map(|at| format!("{}-{at:02}", self.space)).collect()
    }
}

impl Writing<'_> {
    /// Gives out numbers nobody was given before; under a key that was used already, what was given out then.
    pub fn reserve_forms(&self, day: Date, request: Option<&str>, forms: u32, now: Timestamp) -> Stored<FormBatch> {
        if let Some(known) = request.map(|request| self.batch_of(request)).transpose()?.flatten() {
            return Ok(known);
        }
        loop {
            let batch = FormBatch { space: format!("{}-{}", day.compact(), letters()?), forms };
            let made = self
                .transaction
                .prepare_cached(
                    "INSERT INTO form_batch (space, request, forms, made_at_ms) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT (space) DO NOTHING",
                )?
                .execute(params![batch.space, request, batch.forms, now.as_ms()])?;
            if made == 1 {
                return Ok(batch);
            }
        }
    }

    fn batch_of(&self, request: &str) -> Stored<Option<FormBatch>> {
        let mut statement =
            self.transaction.prepare_cached("SELECT space, forms FROM form_batch WHERE request = ?1")?;
        let batch = statement.query_row([request], |row| Ok(FormBatch { space: row.get(0)?, forms: row.get(1)? }));
        Ok(batch.optional()?)
    }
}

fn letters() -> Stored<String> {
    let mut random = [0u8; LENGTH];
    getrandom::fill(&mut random).map_err(|error| StoreError::Key(error.to_string()))?;
    Ok(random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}
