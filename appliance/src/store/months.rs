//! Months in the store: what stands frozen, and what came back.

use super::{Reading, Stored, Writing};
use domain::claim::month::MonthEvent;
use domain::claim::{Month, MonthState, ReturnedClaim};
use rusqlite::{OptionalExtension, params};

impl Writing<'_> {
    /// Brings the rows of a month to its state.
    pub fn project_month(&self, month: Month, state: &MonthState) -> Stored<()> {
        let name = month.to_string();
        self.transaction.prepare_cached("DELETE FROM claim_frozen WHERE month = ?1")?.execute([&name])?;
        let mut insert =
            self.transaction.prepare_cached("INSERT INTO claim_frozen (month, visit, digest) VALUES (?1, ?2, ?3)")?;
        for (visit, digest) in state.frozen.iter().flatten() {
            insert.execute([&name, visit.as_str(), digest.as_str()])?;
        }
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO claim_month (month, frozen, events, returned) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                name,
                state.is_frozen(),
                super::to_text(&state.events),
                super::to_text(&state.returned)
            ])?;
        let compared = "coalesce((SELECT f.digest <> claim_row.digest FROM claim_frozen f WHERE f.month = claim_row.month \
                        AND f.visit = claim_row.visit), 2)";
        let now = if state.is_frozen() { compared } else { "0" };
        self.transaction.execute(
            &format!("UPDATE claim_row SET since_freeze = {now} WHERE month = ?1 AND since_freeze <> {now}"),
            [&name],
        )?;
        Ok(())
    }

    /// Takes the rows of a month away that was forgotten.
    pub(super) fn unproject_month(&self, month: Month) -> Stored<()> {
        self.project_month(month, &MonthState::default())?;
        self.transaction.execute("DELETE FROM claim_month WHERE month = ?1", [month.to_string()])?;
        Ok(())
    }
}

/// What the rows say of a month.
#[derive(Default)]
pub struct MonthRow {
    /// it stands frozen
    pub is_frozen: bool,
    /// frozen and opened again
    pub events: Vec<MonthEvent>,
    /// claims that came back
    pub returned: Vec<ReturnedClaim>,
}

impl Reading<'_> {
    /// A month; one nobody has done anything to is open.
    pub fn month(&self, month: Month) -> Stored<MonthRow> {
        let mut statement =
            self.connection.prepare_cached("SELECT frozen, events, returned FROM claim_month WHERE month = ?1")?;
        let row = statement
            .query_row([month.to_string()], |row| {
                Ok((row.get::<_, bool>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((is_frozen, events, returned)) = row else { return Ok(MonthRow::default()) };
        let list = |text: &str| if text == "null" { "[]".to_owned() } else { text.to_owned() };
        Ok(MonthRow {
            is_frozen,
            events: super::from_text(&list(&events))?,
            returned: super::from_text(&list(&returned))?,
        })
    }
}
