//! Cards that were found at the site, in the store.

use super::{DocumentId, Reading, Stored, Writing};
use domain::Date;
use domain::fact::PatientId;
use domain::found_card::{FoundCardId, FoundCardState};
use rusqlite::params;
use web::port::FoundCardItem;

/// How long a settled one is shown, days.
const SHOWN_DAYS: i32 = 180;

impl Reading<'_> {
    /// Cards the site holds, the oldest first, then those that were settled in the last months, the newest first.
    pub fn found_cards(&self, today: Date) -> Stored<Vec<FoundCardItem>> {
        let mut statement =
            self.connection.prepare_cached("SELECT card, content FROM found_card WHERE is_open = 1 OR day >= ?1")?;
        let rows = statement
            .query_map([today.plus_days(-SHOWN_DAYS).to_string()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut items = Vec::new();
        for row in rows {
            let (card, content): (String, String) = row?;
            let state: FoundCardState = super::from_text(&content)?;
            let owner = state.owner.as_ref().map(|owner| self.patient_hit_of(owner)).transpose()?.flatten();
            items.push(FoundCardItem { card: FoundCardId::new(card), state, owner });
        }
        items.sort_by_key(|item| match item.state.settled_at {
            None => (false, item.state.at.as_ms(), item.card.clone()),
            Some(at) => (true, -at.as_ms(), item.card.clone()),
        });
        Ok(items)
    }

    /// How many cards the site holds.
    pub fn cards_held(&self) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM found_card WHERE is_open = 1")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// The entries about cards of a patient.
    pub fn found_cards_of(&self, patient: &PatientId) -> Stored<Vec<DocumentId>> {
        let mut statement =
            self.connection.prepare_cached("SELECT card FROM found_card WHERE owner = ?1 ORDER BY card")?;
        let rows = statement.query_map([patient.as_str()], |row| row.get::<_, String>(0))?;
        rows.map(|card| Ok(DocumentId::FoundCard(FoundCardId::new(card?)))).collect()
    }
}

impl Writing<'_> {
    /// Brings the row of a found card to how it stands.
    pub fn project_found_card(&self, card: &FoundCardId, state: &FoundCardState) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO found_card (card, is_open, day, owner, content) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                card.as_str(),
                state.is_open(),
                state.found.day.to_string(),
                state.owner.as_ref().map(PatientId::as_str),
                super::to_text(state)
            ])?;
        Ok(())
    }

    /// Takes away the row of a found card of which nothing is left.
    pub(super) fn unproject_found_card(&self, card: &FoundCardId) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM found_card WHERE card = ?1")?.execute([card.as_str()])?;
        Ok(())
    }
}
