//! Tablets for patients, and the declarations on them.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use domain::fact::{Author, VisitId};
use rusqlite::{OptionalExtension, Row, params};
use web::port::{Tablet, TabletForm};

const FORM: &str =
    "SELECT visit, form_no, tablet, tongue, step, answers, author, handed_at_ms, changed_at_ms FROM tablet_form";
const TABLET: &str = "SELECT id, name, paired_at_ms, called_at_ms FROM tablet";

impl Reading<'_> {
    /// All tablets, by name.
    pub fn tablets(&self) -> Stored<Vec<Tablet>> {
        let mut statement = self.connection.prepare_cached(&format!("{TABLET} ORDER BY name, id"))?;
        let tablets = statement.query_map([], read_tablet)?;
        Ok(tablets.collect::<Result<_, _>>()?)
    }

    /// The tablet with this token.
    pub fn tablet_by_token(&self, token_hash: &[u8; 32]) -> Stored<Option<Tablet>> {
        let mut statement = self.connection.prepare_cached(&format!("{TABLET} WHERE token_hash = ?1"))?;
        Ok(statement.query_row([token_hash], read_tablet).optional()?)
    }

    /// The declarations on tablets and the half-finished ones, the oldest first.
    pub fn tablet_forms(&self) -> Stored<Vec<TabletForm>> {
        let mut statement = self.connection.prepare_cached(&format!("{FORM} ORDER BY handed_at_ms, visit"))?;
        let rows = statement.query_map([], |row| Ok((read_form(row)?, row.get::<_, String>(5)?)))?;
        rows.map(|row| {
            let (form, answers) = row?;
            Ok(TabletForm { answers: serde_json::from_str(&answers)?, ..form })
        })
        .collect()
    }
}

impl Writing<'_> {
    /// A tablet with its token.
    pub fn pair_tablet(&self, tablet: &Tablet, token_hash: &[u8; 32]) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO tablet (id, name, token_hash, paired_at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![tablet.id, tablet.name, token_hash, tablet.paired_at.as_ms()])?;
        Ok(())
    }

    /// A tablet goes; what was on it is put away. Whether it was there.
    pub fn unpair_tablet(&self, tablet: &str) -> Stored<bool> {
        self.transaction.prepare_cached("UPDATE tablet_form SET tablet = NULL WHERE tablet = ?1")?.execute([tablet])?;
        Ok(self.transaction.prepare_cached("DELETE FROM tablet WHERE id = ?1")?.execute([tablet])? == 1)
    }

    /// Somebody at a tablet calls; or somebody went there.
    pub fn call_from_tablet(&self, tablet: &str, at: Option<Timestamp>) -> Stored<bool> {
        let called = at.map(Timestamp::as_ms);
        let sql = "UPDATE tablet SET called_at_ms = ?2 WHERE id = ?1";
        Ok(self.transaction.prepare_cached(sql)?.execute(params![tablet, called])? == 1)
    }

    /// A declaration goes to a tablet; not when another one is on it, or there is no such tablet.
    pub fn hand_to_tablet(&self, form: &TabletForm) -> Stored<bool> {
        let free = "SELECT EXISTS (SELECT 1 FROM tablet WHERE id = ?1) \
                    AND NOT EXISTS (SELECT 1 FROM tablet_form WHERE tablet = ?1 AND visit <> ?2)";
        let is_free: bool = self
            .transaction
            .prepare_cached(free)?
            .query_row(params![form.tablet, form.visit.as_str()], |row| row.get(0))?;
        if is_free {
            self.transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO tablet_form (visit, form_no, tablet, tongue, step, answers, author, handed_at_ms, \
                     changed_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    form.visit.as_str(),
                    form.form_no,
                    form.tablet,
                    form.tongue,
                    form.step,
                    serde_json::to_string(&form.answers)?,
                    form.by.as_str(),
                    form.handed_at.as_ms(),
                    form.changed_at.as_ms(),
                ])?;
        }
        Ok(is_free)
    }

    /// What was written so far; not when it is no longer on that tablet.
    pub fn keep_tablet_form(&self, form: &TabletForm, now: Timestamp) -> Stored<bool> {
        let kept = self
            .transaction
            .prepare_cached(
                "UPDATE tablet_form SET tongue = ?4, step = ?5, answers = ?6, changed_at_ms = ?7 \
                 WHERE visit = ?1 AND form_no = ?2 AND tablet = ?3",
            )?
            .execute(params![
                form.visit.as_str(),
                form.form_no,
                form.tablet,
                form.tongue,
                form.step,
                serde_json::to_string(&form.answers)?,
                now.as_ms(),
            ])?;
        Ok(kept == 1)
    }

    /// Off its tablet, half finished.
    pub fn put_tablet_form_away(&self, visit: &VisitId) -> Stored<bool> {
        let sql = "UPDATE tablet_form SET tablet = NULL WHERE visit = ?1 AND tablet IS NOT NULL";
        Ok(self.transaction.prepare_cached(sql)?.execute([visit.as_str()])? == 1)
    }

    /// Not needed any more.
    pub fn drop_tablet_form(&self, visit: &VisitId) -> Stored<bool> {
        let sql = "DELETE FROM tablet_form WHERE visit = ?1";
        Ok(self.transaction.prepare_cached(sql)?.execute([visit.as_str()])? == 1)
    }
}

fn read_tablet(row: &Row<'_>) -> rusqlite::Result<Tablet> {
    Ok(Tablet {
        id: row.get(0)?,
        name: row.get(1)?,
        paired_at: Timestamp::from_ms(row.get(2)?),
        called_at: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_ms),
    })
}

fn read_form(row: &Row<'_>) -> rusqlite::Result<TabletForm> {
    Ok(TabletForm {
        visit: VisitId::new(row.get::<_, String>(0)?),
        form_no: row.get(1)?,
        tablet: row.get(2)?,
        tongue: row.get(3)?,
        step: row.get(4)?,
        answers: Vec::new(),
        by: Author::new(row.get::<_, String>(6)?),
        handed_at: Timestamp::from_ms(row.get(7)?),
        changed_at: Timestamp::from_ms(row.get(8)?),
    })
}
