//! The rows of the month-end list: made from visits, read in pages.

use super::{Reading, Stored, Writing};
use domain::claim::{ClaimBasis, ClaimLine, Month};
use domain::coverage::Sex;
use domain::decision::Decision;
use domain::fact::{Author, PatientId, VisitId};
use domain::visit::VisitState;
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use web::port::{ClaimFilter, ClaimItem, ClaimQuery, ClaimTotals, SinceFreeze};

/// The beginning of the digest of what a claim carries.
fn digest_of(line: &ClaimLine) -> String {
    let digest: [u8; 32] = Sha256::digest(sync::json::to_json(&line.sent()).to_string()).into();
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn class_of(line: &ClaimLine) -> String {
    let basis = if line.not_claimed.is_some() { "none" } else { line.basis.code() };
    format!("{basis} {} {}", u8::from(line.needs_somebody()), u8::from(line.is_confirmed()))
}

impl Writing<'_> {
    /// Brings the claim row of a visit to its state.
    pub(super) fn write_claim(
        &self,
        visit: &VisitId,
        before: &VisitState,
        state: &VisitState,
        decision: &Decision,
    ) -> Stored<()> {
        let Some(day) = state.visit_date() else { return Ok(()) };
        let (month, line) = (Month::of(day).to_string(), ClaimLine::of(state, decision));
        let digest = digest_of(&line);
        let was_received = before.accepted.is_some() || before.full_charge.is_some();
        self.transaction
            .prepare_cached(
                "INSERT INTO claim_row (month, visit, class, needs, since_freeze, digest, change, revised, content) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT coalesce(max(seq), 0) FROM record), 0, ?7) \
                 ON CONFLICT (month, visit) DO UPDATE SET class = excluded.class, needs = excluded.needs, \
                 since_freeze = excluded.since_freeze, content = excluded.content, digest = excluded.digest, \
                 change = CASE WHEN digest = excluded.digest THEN change ELSE excluded.change END, \
                 revised = CASE WHEN digest = excluded.digest THEN revised ELSE max(revised, ?8) END",
            )?
            .execute(params![
                month,
                visit.as_str(),
                class_of(&line),
                line.needs_somebody(),
                self.since_freeze(&month, visit, &digest)?,
                digest,
                super::to_text(&line),
                was_received,
            ])?;
        Ok(())
    }

    fn since_freeze(&self, month: &str, visit: &VisitId, digest: &str) -> Stored<i64> {
        let mut frozen =
            self.transaction.prepare_cached("SELECT 1 FROM claim_month WHERE month = ?1 AND frozen = 1")?;
        if !frozen.exists([month])? {
            return Ok(0);
        }
        let mut known =
            self.transaction.prepare_cached("SELECT digest FROM claim_frozen WHERE month = ?1 AND visit = ?2")?;
        let known: Option<String> = known.query_row([month, visit.as_str()], |row| row.get(0)).optional()?;
        Ok(known.map_or(2, |known| i64::from(known != digest)))
    }

    /// Takes the claim row of a visit away whose other rows still stand.
    pub(super) fn unwrite_claim(&self, visit: &VisitId) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "DELETE FROM claim_row WHERE visit = ?1 \
                 AND month = (SELECT substr(visit_date, 1, 7) FROM visit_row WHERE visit = ?1)",
            )?
            .execute([visit.as_str()])?;
        Ok(())
    }

    /// Notes up to where somebody has seen a month.
    pub fn keep_look(&self, by: &Author, month: Month, upto: i64, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO claim_look (author, month, upto, at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![by.as_str(), month.to_string(), upto, now.as_ms()])?;
        Ok(())
    }
}

const COLUMNS: &str = "SELECT c.visit, c.since_freeze, c.revised = 1 AND c.change > ?3, c.content, v.visit_date, v.patient, \
    p.patient_number, coalesce(p.name, v.name), coalesce(p.name_kana, v.name_kana), coalesce(p.birth_date, v.birth_date), p.sex, \
    EXISTS (SELECT 1 FROM visit_row o JOIN claim_row d ON d.month = c.month AND d.visit = o.visit WHERE o.patient = v.patient \
        AND o.visit_date BETWEEN c.month || '-01' AND c.month || '-31' AND o.visit <> c.visit \
        AND d.class NOT LIKE 'none%' AND c.class NOT LIKE 'none%' \
        AND json_extract(d.content, '$.coverage.insurer_number') <> json_extract(c.content, '$.coverage.insurer_number')) \
    FROM claim_row c JOIN visit_row v ON v.visit = c.visit LEFT JOIN patient_row p ON p.patient = v.patient";

/// How many changed since somebody looked, and since the month was frozen. The planner knows no figures of the tables and would walk
/// all rows of the month, hence the names of the indexes.
const CHANGED_AND_AFTER_FREEZE: &str = "SELECT \
    (SELECT count(*) FROM claim_row INDEXED BY claim_revised WHERE month = ?1 AND revised = 1 AND change > ?2), \
    (SELECT count(*) FROM claim_row INDEXED BY claim_after_freeze WHERE month = ?1 AND since_freeze > 0)";

/// The visits of one page of a month: ?1 the month, ?2 the visit before the first, ?3 up to where somebody has seen it, ?4 how many.
fn chosen(filter: ClaimFilter) -> String {
    let (index, condition) = match filter {
        ClaimFilter::All => {
            return "SELECT visit FROM claim_row WHERE month = ?1 AND visit > ?2 ORDER BY visit LIMIT ?4".to_owned();
        }
        ClaimFilter::NeedsSomebody => ("claim_needing", "needs = 1"),
        ClaimFilter::Changed => ("claim_revised", "revised = 1 AND change > ?3"),
        ClaimFilter::AfterFreeze => ("claim_after_freeze", "since_freeze > 0"),
    };
    format!(
        "SELECT visit FROM claim_row INDEXED BY {index} WHERE month = ?1 AND visit > ?2 AND {condition} ORDER BY visit LIMIT ?4"
    )
}

fn page_of(filter: ClaimFilter) -> String {
    format!("{COLUMNS} WHERE c.month = ?1 AND c.visit IN ({}) ORDER BY c.visit", chosen(filter))
}

impl Reading<'_> {
    /// The visits of a month, in the order they came, one page of them and whether there are more. Those of the page are chosen by an
    /// index alone, so that the rows of a month of many visits are read for that page only.
    pub fn claims(&self, query: &ClaimQuery) -> Stored<(Vec<ClaimItem>, bool)> {
        let sql = page_of(query.filter);
        let (seen, _) = self.look(&query.by, query.month)?;
        let after = query.after.as_ref().map_or("", VisitId::as_str);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![query.month.to_string(), after, seen, i64::from(query.limit) + 1])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(claim_item(row)?);
        }
        let more = items.len() > query.limit as usize;
        items.truncate(query.limit as usize);
        Ok((items, more))
    }

    /// The claim of one visit.
    pub fn claim(&self, visit: &VisitId) -> Stored<Option<ClaimItem>> {
        let sql = format!(
            "{COLUMNS} WHERE c.month = (SELECT substr(visit_date, 1, 7) FROM visit_row WHERE visit = ?2) AND c.visit = ?2 AND ?1 = ''"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params!["", visit.as_str(), i64::MAX])?;
        rows.next()?.map(claim_item).transpose()
    }

    /// How many of each kind.
    pub fn claim_totals(&self, month: Month, by: &Author) -> Stored<ClaimTotals> {
        let (seen, _) = self.look(by, month)?;
        let month = month.to_string();
        let mut totals = ClaimTotals::default();
        let mut statement =
            self.connection.prepare_cached("SELECT class, count FROM claim_count WHERE month = ?1 AND count > 0")?;
        let mut rows = statement.query([&month])?;
        while let Some(row) = rows.next()? {
            let (class, count) = (row.get::<_, String>(0)?, row.get::<_, u32>(1)?);
            add_class(&mut totals, &class, count);
        }
        let mut statement = self.connection.prepare_cached(CHANGED_AND_AFTER_FREEZE)?;
        (totals.changed, totals.after_freeze) =
            statement.query_row(params![month, seen], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(totals)
    }

    /// Up to where somebody has seen a month, and when.
    pub fn look(&self, by: &Author, month: Month) -> Stored<(i64, Option<Timestamp>)> {
        let mut statement =
            self.connection.prepare_cached("SELECT upto, at_ms FROM claim_look WHERE author = ?1 AND month = ?2")?;
        let known = statement
            .query_row([by.as_str(), &month.to_string()], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        Ok(known.map_or((0, None), |(upto, at)| (upto, Some(Timestamp::from_ms(at)))))
    }

    /// The number of the newest record.
    pub fn newest_record(&self) -> Stored<i64> {
        let mut statement = self.connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM record")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// What a freeze of a month would hold: at most so many visits after one.
    pub fn claim_digests(&self, month: Month, after: &str, limit: u32) -> Stored<Vec<(VisitId, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT visit, digest FROM claim_row WHERE month = ?1 AND visit > ?2 ORDER BY visit LIMIT ?3",
        )?;
        let rows = statement.query_map(params![month.to_string(), after, limit], |row| {
            Ok((VisitId::new(row.get::<_, String>(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn add_class(totals: &mut ClaimTotals, class: &str, count: u32) {
    let mut parts = class.split(' ');
    let basis = parts.next().unwrap_or_default();
    match ClaimBasis::from_code(basis) {
        Some(ClaimBasis::Current) => totals.current += count,
        Some(ClaimBasis::Former) => totals.former += count,
        Some(ClaimBasis::Unknown) => totals.unknown += count,
        Some(ClaimBasis::Hold) => totals.hold += count,
        None => totals.not_claimed += count,
    }
    if parts.next() == Some("1") {
        totals.needs_somebody += count;
    }
    if parts.next() == Some("0") && !matches!(basis, "none" | "hold") {
        totals.unconfirmed += count;
    }
}

fn claim_item(row: &Row<'_>) -> Stored<ClaimItem> {
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let day = |text: Option<String>| text.as_deref().and_then(Date::parse);
    Ok(ClaimItem {
        visit: VisitId::new(row.get::<_, String>(0)?),
        since_freeze: match row.get::<_, i64>(1)? {
            1 => SinceFreeze::Changed,
            2 => SinceFreeze::Added,
            _ => SinceFreeze::Same,
        },
        changed: row.get(2)?,
        line: super::from_text(&row.get::<_, String>(3)?)?,
        visit_date: day(text(4)?).unwrap_or(Date::literal(1970, 1, 1)),
        patient: text(5)?.map(PatientId::new),
        patient_number: text(6)?,
        name: text(7)?,
        name_kana: text(8)?,
        birth_date: day(text(9)?),
        sex: text(10)?.as_deref().and_then(Sex::from_code),
        insurer_differs_in_month: row.get(11)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::StoreLocation;

    #[test]
    fn what_is_counted_and_chosen_in_a_month_is_read_from_indexes_alone() {
        let folder = tempfile::tempdir().unwrap();
        let writer = StoreLocation::in_folder(folder.path()).unwrap().open_writer().unwrap();
        let plan = |sql: &str| -> Vec<String> {
            let mut statement = writer.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            // nothing is bound: a plan needs no values
            let (mut rows, mut lines) = (statement.raw_query(), Vec::new());
            while let Some(row) = rows.next().unwrap() {
                lines.push(row.get("detail").unwrap());
            }
            lines
        };
        let chosen_by = |filter| plan(&chosen(filter)).join(", ");
        assert!(chosen_by(ClaimFilter::NeedsSomebody).contains("USING COVERING INDEX claim_needing"));
        assert!(chosen_by(ClaimFilter::Changed).contains("USING COVERING INDEX claim_revised (month=? AND change>?)"));
        assert!(chosen_by(ClaimFilter::AfterFreeze).contains("USING COVERING INDEX claim_after_freeze"));
        assert!(chosen_by(ClaimFilter::All).contains("(month=? AND visit>?)"));
        let mut counted = plan(CHANGED_AND_AFTER_FREEZE);
        counted.retain(|line| line.contains("claim_row"));
        assert_eq!(counted.len(), 2, "{counted:?}");
        assert!(counted.iter().all(|line| line.contains("USING COVERING INDEX")), "{counted:?}");
        for filter in [ClaimFilter::All, ClaimFilter::NeedsSomebody, ClaimFilter::Changed, ClaimFilter::AfterFreeze] {
            let shown = plan(&page_of(filter));
            assert!(!shown.iter().any(|line| line.contains("SCAN")), "{filter:?}: {shown:?}");
            assert!(shown.iter().any(|line| line.contains("SEARCH c ")), "{filter:?}: {shown:?}");
        }
    }
}
