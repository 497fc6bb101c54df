//! The shelf: answers and card readings nobody waited for, until somebody says whose they are.

use super::{Reading, StoreError, Stored, Writing, from_text, to_text};
use domain::Timestamp;
use domain::eligibility::OnlineAnswer;
use domain::text::Text;
use rusqlite::{Row, params};
use web::port::ShelfReason;

/// One thing on the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfRow {
    /// its id
    pub answer: String,
    /// when it came
    pub at: Timestamp,
    /// why it lies here
    pub reason: ShelfReason,
    /// file name at the terminal
    pub file_name: String,
    /// what it says, if it could be read
    pub content: Option<OnlineAnswer>,
    /// in words
    pub message: Text,
}

const REASONS: &[(ShelfReason, &str)] = &[
    (ShelfReason::CardWithoutVisit, "card_without_visit"),
    (ShelfReason::CardFitsSeveral, "card_fits_several"),
    (ShelfReason::Unexpected, "unexpected"),
    (ShelfReason::Conflict, "conflict"),
    (ShelfReason::Unreadable, "unreadable"),
];

impl Reading<'_> {
    /// What lies on the shelf, newest first.
    pub fn shelf(&self) -> Stored<Vec<ShelfRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT answer, at_ms, reason, file_name, content, message_ja, message_en FROM shelf WHERE ended_at_ms IS NULL \
             ORDER BY at_ms DESC, answer LIMIT 200",
        )?;
        let mut rows = statement.query([])?;
        let mut shelf = Vec::new();
        while let Some(row) = rows.next()? {
            shelf.push(shelf_row(row)?);
        }
        Ok(shelf)
    }
}

impl Writing<'_> {
    /// Puts something on the shelf.
    pub fn shelve(&self, row: &ShelfRow) -> Stored<()> {
        let reason = REASONS.iter().find(|(reason, _)| *reason == row.reason).map_or("unexpected", |(_, code)| code);
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO shelf (answer, at_ms, reason, file_name, content, message_ja, message_en) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                row.answer,
                row.at.as_ms(),
                reason,
                row.file_name,
                row.content.as_ref().map(to_text),
                row.message.ja,
                row.message.en
            ])?;
        Ok(())
    }

    /// Takes something off the shelf. What it said is forgotten here: it now stands in a visit, or belongs to nobody.
    pub fn clear_from_shelf(&self, answer: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE shelf SET ended_at_ms = ?2, content = NULL WHERE answer = ?1")?
            .execute(params![answer, now.as_ms()])?;
        Ok(())
    }
}

fn shelf_row(row: &Row<'_>) -> Stored<ShelfRow> {
    let code: String = row.get(2)?;
    let reason = REASONS.iter().find(|(_, known)| *known == code).map(|(reason, _)| *reason);
    Ok(ShelfRow {
        answer: row.get(0)?,
        at: Timestamp::from_ms(row.get(1)?),
        reason: reason.ok_or(StoreError::Unreadable(code))?,
        file_name: row.get(3)?,
        content: row.get::<_, Option<String>>(4)?.map(|text| from_text(&text)).transpose()?,
        message: Text { ja: row.get(5)?, en: row.get(6)? },
    })
}
