//! What pages read: board, worklists, idempotent replies.

use super::{DocumentId, Reading, Stored, Writing};
use domain::case::Flow;
use domain::counter::CounterKind;
use domain::decision::{FollowUp, FollowUpKind};
use domain::evidence::EvidenceKind;
use domain::fact::{PatientId, VisitId};
use domain::link::{Cause, WhyNotBetter};
use domain::text::Text;
use domain::visit::VisitStatus;
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeSet;
use web::port::{BoardRow, DueFilter, FollowUpCount, FollowUpItem, FollowUpList, FollowUpQuery, possible_doubles};

/// Follow-ups by urgency, visits in the order they came. Chosen before anything is joined to them: most are not on the page.
fn follow_ups_where(chosen: &str) -> String {
    format!(
        "SELECT f.visit, f.kind, f.due, f.plan, r.ja, r.en, v.visit_date, coalesce(p.name, v.name), f.assigned, \
         f.snoozed_until, f.snoozed_why, f.yen, f.insurer, d.name, d.phone, v.waiting \
         FROM (SELECT * FROM follow_up_row {chosen}) f \
         JOIN reason r ON r.reason = f.reason JOIN visit_row v ON v.visit = f.visit \
         LEFT JOIN patient_row p ON p.patient = v.patient \
         LEFT JOIN insurer_directory d ON d.insurer_number = f.insurer ORDER BY f.due, f.visit, f.kind"
    )
}

impl Reading<'_> {
    /// The visits of a day, newest first, numbered from the first one.
    pub fn board(&self, day: Date) -> Stored<Vec<BoardRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT *, row_number() OVER (ORDER BY opened_at_ms, visit) AS number, (SELECT count(*) FROM disagreement d \
             WHERE d.document IN ('visit:' || visit_row.visit, 'patient:' || visit_row.patient)) AS disagreements \
             FROM visit_row WHERE visit_date = ?1 \
             ORDER BY opened_at_ms DESC, visit DESC",
        )?;
        let rows = statement.query_map([day.to_string()], board_row)?;
        self.with_doubles(rows.collect::<Result<_, _>>()?)
    }

    /// Marks visits that may be one visit entered twice. What staff called different is looked up once for each record, not for each two
    /// of them: many alike on one day must not make the board slow for everybody.
    fn with_doubles(&self, mut rows: Vec<BoardRow>) -> Stored<Vec<BoardRow>> {
        let visit = |row: &BoardRow| DocumentId::Visit(row.visit.clone());
        let patient = |row: &BoardRow| row.patient.clone().map(DocumentId::Patient);
        let pairs = possible_doubles(&rows);
        let alike: BTreeSet<usize> = pairs.iter().flat_map(|(one, two)| [*one, *two]).collect();
        let mut apart = KeptApart::default();
        for row in alike.iter().map(|at| &rows[*at]) {
            for document in [Some(visit(row)), patient(row)].into_iter().flatten() {
                apart.read(self, &document)?;
            }
        }
        for (one, two) in pairs {
            let (first, second) = (&rows[one], &rows[two]);
            let persons = patient(first).zip(patient(second));
            let two_persons = persons.is_some_and(|(a, b)| a != b && apart.has(&a, &b));
            if !two_persons && !apart.has(&visit(first), &visit(second)) {
                let (first, second) = (first.visit.clone(), second.visit.clone());
                rows[one].doubles.push(second);
                rows[two].doubles.push(first);
            }
        }
        Ok(rows)
    }

    /// Open follow-ups, the most urgent first, at most 500.
    pub fn follow_ups(&self, today: Date) -> Stored<Vec<FollowUpItem>> {
        let mut statement = self.connection.prepare_cached(&follow_ups_where("ORDER BY due, visit, kind LIMIT 500"))?;
        let rows = statement.query_map([], |row| follow_up_item(row, today))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Open follow-ups of one page, and how many there are of each kind.
    pub fn follow_up_list(&self, query: &FollowUpQuery, today: Date) -> Stored<FollowUpList> {
        let due = match query.due {
            DueFilter::All => "9999-99-99".to_owned(),
            DueFilter::Due => today.to_string(),
            DueFilter::Overdue => today.plus_days(-1).to_string(),
            DueFilter::Week => today.plus_days(7).to_string(),
        };
        let values = params![
            due,
            query.kind.map(FollowUpKind::code),
            query.assigned.as_deref(),
            i64::from(query.limit) + 1,
            i64::from(query.skip)
        ];
        let mut statement = self.connection.prepare_cached(&follow_ups_where(
            "WHERE due <= ?1 AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR assigned = ?3) \
             ORDER BY due, visit, kind LIMIT ?4 OFFSET ?5",
        ))?;
        let rows = statement.query_map(values, |row| follow_up_item(row, today))?;
        let mut items: Vec<FollowUpItem> = rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let more = items.len() > query.limit as usize;
        items.truncate(query.limit as usize);
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, count(*), sum(due <= ?1), sum(coalesce(yen, 0)) FROM follow_up_row GROUP BY kind",
        )?;
        let counts = statement
            .query_map([today.to_string()], |row| {
                Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?)))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let counts = counts
            .into_iter()
            .filter_map(|(kind, (open, due, yen))| {
                let yen = u64::try_from(yen).unwrap_or(0);
                Some(FollowUpCount { kind: FollowUpKind::from_code(&kind)?, open, due, yen })
            })
            .collect();
        Ok(FollowUpList { items, more, counts })
    }

    /// How many follow-ups are due, how many things lie on the shelf, how many jobs need a person.
    pub fn counts(&self, today: Date) -> Stored<(u32, u32, u32)> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM follow_up_row WHERE due <= ?1), (SELECT count(*) FROM shelf WHERE ended_at_ms IS NULL), \
             (SELECT count(*) FROM job WHERE stage = 'wedged')",
        )?;
        Ok(statement.query_row([today.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    }

    /// Visits of a patient, newest first.
    pub fn visits_of(&self, patient: &PatientId) -> Stored<Vec<(VisitId, Date, VisitStatus)>> {
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE whose (document) AS (SELECT 'patient:' || ?1 UNION SELECT m.document FROM merged_away m \
             JOIN whose ON m.goes_on_in = whose.document) \
             SELECT visit, visit_date, status FROM visit_row WHERE patient IN (SELECT substr(document, 9) FROM whose) ORDER BY visit_date DESC, opened_at_ms DESC LIMIT 200",
        )?;
        let rows = statement.query_map([patient.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let known = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(known
            .into_iter()
            .filter_map(|(visit, day, status)| {
                Some((VisitId::new(visit), Date::parse(&day)?, VisitStatus::from_code(&status)?))
            })
            .collect())
    }

    /// Open visits of a day, for matching card readings.
    pub fn open_visits(&self, day: Date) -> Stored<Vec<BoardRow>> {
        let board = self.board(day)?;
        Ok(board.into_iter().filter(|row| !matches!(row.status, VisitStatus::Voided | VisitStatus::Merged)).collect())
    }

    /// The visit a name on a job belongs to.
    pub fn name_of_visit(&self, visit: &VisitId) -> Stored<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM visit_row WHERE visit = ?1")?;
        Ok(statement.query_row([visit.as_str()], |row| row.get(0)).optional()?.flatten())
    }

    /// The reply of an earlier command with this key: its fingerprint and reply.
    pub fn earlier_reply(&self, key: &[u8; 16]) -> Stored<Option<(Vec<u8>, String)>> {
        let mut statement =
            self.connection.prepare_cached("SELECT fingerprint, reply FROM idempotency WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}

/// What staff called different, as far as it was read.
#[derive(Default)]
struct KeptApart {
    read: BTreeSet<String>,
    pairs: BTreeSet<(String, String)>,
}

impl KeptApart {
    fn read(&mut self, reading: &Reading<'_>, document: &DocumentId) -> Stored<()> {
        let text = document.to_text();
        if self.read.contains(&text) {
            return Ok(());
        }
        let mut statement = reading.connection.prepare_cached("SELECT other FROM kept_apart WHERE document = ?1")?;
        let others = statement.query_map([&text], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        self.pairs.extend(others.into_iter().map(|other| (text.clone(), other)));
        self.read.insert(text);
        Ok(())
    }

    /// Whichever of the two says so.
    fn has(&self, one: &DocumentId, two: &DocumentId) -> bool {
        if self.pairs.is_empty() {
            return false;
        }
        let (there, back) = ((one.to_text(), two.to_text()), (two.to_text(), one.to_text()));
        self.pairs.contains(&there) || self.pairs.contains(&back)
    }
}

impl Writing<'_> {
    /// Keeps a reply for repetitions of the command.
    pub fn keep_reply(&self, key: &[u8; 16], fingerprint: &[u8], reply: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO idempotency (key, fingerprint, reply, at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![key, fingerprint, reply, now.as_ms()])?;
        Ok(())
    }

    /// Forgets replies older than an instant.
    pub fn forget_replies(&self, older_than: Timestamp) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM idempotency WHERE at_ms < ?1")?.execute([older_than.as_ms()])?;
        Ok(())
    }
}

fn board_row(row: &Row<'_>) -> rusqlite::Result<BoardRow> {
    let code = |column: &str| row.get::<_, Option<String>>(column);
    let cause = code("why_cause")?.as_deref().and_then(Cause::from_code);
    let since = row.get::<_, Option<i64>>("why_since_ms")?.map(Timestamp::from_ms);
    Ok(BoardRow {
        visit: VisitId::new(row.get::<_, String>("visit")?),
        number: row.get("number")?,
        opened_at: Timestamp::from_ms(row.get("opened_at_ms")?),
        counter: row.get("counter")?,
        patient: code("patient")?.map(PatientId::new),
        name: row.get("name")?,
        name_kana: row.get("name_kana")?,
        birth_date: code("birth_date")?.as_deref().and_then(Date::parse),
        status: code("status")?.as_deref().and_then(VisitStatus::from_code).unwrap_or(VisitStatus::Open),
        evidence: code("evidence")?.as_deref().and_then(EvidenceKind::from_code),
        why: cause.map(|cause| WhyNotBetter { cause, since }),
        ratio_tenths: row.get("ratio_tenths")?,
        follow_ups: row.get("follow_ups")?,
        waiting: row.get("waiting")?,
        disagreements: row.get("disagreements")?,
        flow: code("flow")?.as_deref().and_then(Flow::from_code).unwrap_or(Flow::Window),
        kind: code("kind")?.as_deref().and_then(CounterKind::from_code),
        place: row.get("place")?,
        family: code("family")?.map(VisitId::new),
        doubles: Vec::new(),
    })
}

fn follow_up_item(row: &Row<'_>, today: Date) -> rusqlite::Result<Option<FollowUpItem>> {
    let kind = FollowUpKind::from_code(&row.get::<_, String>(1)?);
    let due = Date::parse(&row.get::<_, String>(2)?);
    let visit_date = Date::parse(&row.get::<_, String>(6)?);
    let plan: String = row.get(3)?;
    let reason = Text { ja: row.get(4)?, en: row.get(5)? };
    let (visit, name) = (VisitId::new(row.get::<_, String>(0)?), row.get(7)?);
    let (Some(kind), Some(due), Some(visit_date)) = (kind, due, visit_date) else { return Ok(None) };
    let plan = plan.split(' ').filter_map(Date::parse).collect();
    Ok(Some(FollowUpItem {
        visit,
        visit_date,
        name,
        follow_up: FollowUp { kind, due, plan, reason },
        is_due: due <= today,
        assigned: row.get(8)?,
        snoozed: row
            .get::<_, Option<String>>(9)?
            .as_deref()
            .and_then(Date::parse)
            .zip(row.get::<_, Option<String>>(10)?),
        yen: row.get(11)?,
        insurer: row.get(12)?,
        phone: row.get::<_, Option<String>>(13)?.zip(row.get::<_, Option<String>>(14)?),
        is_asked: row.get(15)?,
    }))
}
