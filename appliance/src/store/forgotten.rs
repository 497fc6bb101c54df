//! What was forgotten and what will be: facts without personal data.

use super::records::DocumentId;
use super::{Gone, Reading, Stored, Writing};
use domain::fact::{Author, PatientId, VisitId};
use domain::retention::KeptKind;
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};
use sync::seal::{BoxId, DocumentClass, DocumentTag, KeyId, Month};
use web::port::{ForgetReason, Forgotten, ForgottenWhy};

/// Notes that are shown.
const SHOWN: u32 = 100;
/// A nightly look counts as the next one when it comes within so many days of the one before: a box may be off over the holidays.
const STEADY_WITHIN_DAYS: i32 = 21;

/// Facts this much later than the start of this run were not written before it, whatever small steps the clock made.
const CERTAINLY_LATER_MS: i64 = 60_000;

/// Something was forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenNote {
    /// when
    pub at: Timestamp,
    /// why
    pub why: ForgottenWhy,
    /// how much
    pub gone: Gone,
    /// the account, where it was a person's will
    pub by: Option<Author>,
    /// which box asked for it
    pub asked_by: BoxId,
}

impl ForgottenNote {
    /// Another box asked for it.
    pub fn by_other_box(asked_by: BoxId, gone: Gone, at: Timestamp) -> ForgottenNote {
        ForgottenNote { at, why: ForgottenWhy::OtherBox, gone, by: None, asked_by }
    }
}

/// A month of a kind whose keys are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldMonth {
    /// what it seals
    pub kind: KeptKind,
    /// the first day of the month
    pub month: Date,
    /// its keys
    pub keys: Vec<KeyId>,
}

/// The classes under which a kind is sealed. Waiting numbers and consents go with the visits they led to.
pub const fn classes_of(kind: KeptKind) -> &'static [DocumentClass] {
    match kind {
        KeptKind::Visit => &[DocumentClass::VISIT, DocumentClass::ARRIVAL],
        KeptKind::Patient => &[DocumentClass::PATIENT],
    }
}

fn first_day(month: Month) -> Date {
    let (year, month) = (month.number() / 12, month.number() % 12 + 1);
    let (year, month) = (i16::try_from(year).unwrap_or(i16::MAX), u8::try_from(month).unwrap_or(1));
    Date::new(year, month, 1).unwrap_or(Date::literal(9999, 12, 1))
}

/// The few visits that may be left over are looked at, and nothing else: the planner knows no figures of the tables.
const VISITS_WITHOUT_PATIENT: &str = "SELECT v.visit, v.patient FROM visit_left_over l \
    CROSS JOIN visit_row v ON v.visit = l.visit CROSS JOIN patient_gone g ON g.patient = v.patient \
    LEFT JOIN patient_row p ON p.patient = v.patient WHERE p.patient IS NULL ORDER BY v.visit_date DESC, v.visit LIMIT 50";

impl Reading<'_> {
    /// The months whose keys this box holds, visits before patients and the oldest first.
    pub fn held_months(&self) -> Vec<HeldMonth> {
        let mut months: Vec<HeldMonth> = Vec::new();
        for kind in [KeptKind::Visit, KeptKind::Patient] {
            let mut keys: Vec<_> = classes_of(kind).iter().flat_map(|class| self.vault.keys_of(*class)).collect();
            keys.sort_by_key(|(id, month)| (*month, *id));
            for (id, month) in keys {
                let month = first_day(month);
                match months.last_mut().filter(|last| last.kind == kind && last.month == month) {
                    Some(last) => last.keys.push(id),
                    None => months.push(HeldMonth { kind, month, keys: vec![id] }),
                }
            }
        }
        months
    }

    /// What was forgotten, newest first.
    pub fn forgotten(&self) -> Stored<Vec<Forgotten>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT n.at_ms, n.cause, n.kind, n.month, n.records, n.documents, coalesce(s.name, n.author), n.reason, n.box \
             FROM forgotten_note n LEFT JOIN staff s ON s.author = n.author ORDER BY n.id DESC LIMIT ?1",
        )?;
        let membership = self.vault.membership();
        let notes = statement.query_map([SHOWN], |row| {
            let cause: String = row.get(1)?;
            let kind = row.get::<_, Option<String>>(2)?.as_deref().and_then(KeptKind::from_code);
            let month = row.get::<_, Option<String>>(3)?.as_deref().and_then(Date::parse);
            let reason = row.get::<_, Option<String>>(7)?.as_deref().and_then(ForgetReason::from_code);
            let asked_by = BoxId::from_bytes(row.get(8)?);
            let why = match (cause.as_str(), kind, month) {
                ("retention", Some(kind), Some(month)) => ForgottenWhy::Retention { kind, month },
                ("patient", ..) => ForgottenWhy::Patient(reason.unwrap_or(ForgetReason::Other)),
                _ => ForgottenWhy::OtherBox,
            };
            Ok(Forgotten {
                at: Timestamp::from_ms(row.get(0)?),
                why,
                records: row.get(4)?,
                documents: row.get(5)?,
                by: row.get(6)?,
                at_box: membership.member(asked_by).map(|member| member.name.clone()).filter(|name| !name.is_empty()),
            })
        })?;
        Ok(notes.collect::<Result<_, _>>()?)
    }

    /// The visits of a patient, and the day of each.
    pub fn visits_on_file(&self, patient: &PatientId) -> Stored<Vec<(VisitId, Date)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT visit, visit_date FROM visit_row WHERE patient = ?1 ORDER BY visit_date, visit")?;
        let visits = statement.query_map([patient.as_str()], |row| {
            Ok((VisitId::new(row.get::<_, String>(0)?), row.get::<_, String>(1)?))
        })?;
        let mut found = Vec::new();
        for visit in visits {
            let (visit, day) = visit?;
            found.push((visit, Date::parse(&day).ok_or_else(|| super::StoreError::Unreadable("a day".to_owned()))?));
        }
        Ok(found)
    }

    /// The names under which logs know documents.
    pub fn tags(&self, documents: &[DocumentId]) -> Stored<Vec<DocumentTag>> {
        let tag = |document: &DocumentId| {
            let (class, name) = document.sealed_as();
            self.vault.tag(class, &name).ok_or_else(|| sync::seal::Refusal::UnknownKey.into())
        };
        documents.iter().map(tag).collect()
    }

    /// Patients that were deleted while another box received them: visits whose patient is no longer there.
    pub fn visits_without_patient(&self) -> Stored<Vec<(VisitId, PatientId)>> {
        let mut statement = self.connection.prepare_cached(VISITS_WITHOUT_PATIENT)?;
        let visits = statement.query_map([], |row| {
            Ok((VisitId::new(row.get::<_, String>(0)?), PatientId::new(row.get::<_, String>(1)?)))
        })?;
        Ok(visits.collect::<Result<_, _>>()?)
    }

    /// Days in a row on which the nightly look found the calendar going on as calendars do, and the last of them.
    pub fn steady_nights(&self) -> Stored<Option<(Date, u32)>> {
        let mut statement = self.connection.prepare_cached("SELECT day, steady FROM forgetting_look WHERE id = 1")?;
        let look = statement.query_row([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
        Ok(look.and_then(|(day, steady)| Some((Date::parse(&day)?, steady))))
    }

    /// When this run began, and when a copy of this box was noticed.
    pub fn run_of_box(&self) -> Stored<Option<(Timestamp, Option<Timestamp>)>> {
        let mut statement =
            self.connection.prepare_cached("SELECT started_at_ms, copy_seen_ms FROM run_of_box WHERE id = 1")?;
        let run = statement.query_row([], |row| {
            Ok((Timestamp::from_ms(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(Timestamp::from_ms)))
        });
        Ok(run.optional()?)
    }
}

impl Writing<'_> {
    /// Keeps a note of what was forgotten.
    pub fn keep_forgotten_note(&self, note: &ForgottenNote) -> Stored<()> {
        let (cause, kind, month, reason) = match &note.why {
            ForgottenWhy::Retention { kind, month } => ("retention", Some(kind.code()), Some(month.to_string()), None),
            ForgottenWhy::Patient(reason) => ("patient", None, None, Some(reason.code())),
            ForgottenWhy::OtherBox => ("other_box", None, None, None),
        };
        self.transaction
            .prepare_cached(
                "INSERT INTO forgotten_note (at_ms, cause, kind, month, records, documents, author, reason, box) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                note.at.as_ms(),
                cause,
                kind,
                month,
                note.gone.records,
                note.gone.documents,
                note.by.as_ref().map(Author::as_str),
                reason,
                note.asked_by.as_bytes(),
            ])?;
        Ok(())
    }

    /// Notes tonight's look; how many nights in a row the calendar has gone on as calendars do.
    pub fn look_at_calendar(&self, today: Date) -> Stored<u32> {
        let steady = match self.reading().steady_nights()? {
            Some((last, steady)) if last == today => steady,
            Some((last, steady)) if last < today && last.days_until(today) <= STEADY_WITHIN_DAYS => steady + 1,
            _ => 1,
        };
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO forgetting_look (id, day, steady) VALUES (1, ?1, ?2)")?
            .execute(params![today.to_string(), steady])?;
        Ok(steady)
    }

    /// Takes away what stands beside the record and is older: answers nobody claimed, ended questions of no visit.
    pub fn drop_loose_ends_before(&self, day: Date) -> Stored<()> {
        let before = Timestamp::in_japan(day, 0, 0, 0).as_ms();
        self.transaction.prepare_cached("DELETE FROM shelf WHERE at_ms < ?1")?.execute([before])?;
        self.transaction.prepare_cached("DELETE FROM job_ended WHERE ended_at_ms < ?1")?.execute([before])?;
        self.transaction.prepare_cached("DELETE FROM received WHERE at_ms < ?1")?.execute([before])?;
        Ok(())
    }

    /// Notes that a run of this box begins. What was noticed in an earlier one is not forgotten by starting again.
    pub fn begin_run(&self, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO run_of_box (id, started_at_ms) VALUES (1, ?1) \
                 ON CONFLICT (id) DO UPDATE SET started_at_ms = excluded.started_at_ms",
            )?
            .execute([now.as_ms()])?;
        Ok(())
    }

    /// A record this box signed came from outside, with facts from after this run began: somebody runs a copy of this box.
    pub(super) fn notice_copy(&self, facts_until: Option<Timestamp>, now: Timestamp) -> Stored<()> {
        let Some((began, _)) = self.reading().run_of_box()? else { return Ok(()) };
        if facts_until.is_none_or(|until| until <= began.plus_ms(CERTAINLY_LATER_MS)) {
            return Ok(());
        }
        tracing::error!(
            "この受付機の写しが同時に動いています。どちらか一方を止め、新しい受付機として登録し直してください。 / A copy of this box is \
             running at the same time. Stop one of them and enrol it anew."
        );
        self.transaction
            .prepare_cached("UPDATE run_of_box SET copy_seen_ms = ?1 WHERE id = 1")?
            .execute([now.as_ms()])?;
        Ok(())
    }

    /// Somebody looked into it: the notice goes away until it happens again.
    pub fn copy_was_dealt_with(&self) -> Stored<()> {
        self.transaction.prepare_cached("UPDATE run_of_box SET copy_seen_ms = NULL WHERE id = 1")?.execute([])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::StoreLocation;
    use rusqlite::Connection;

    fn store() -> (tempfile::TempDir, StoreLocation, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let writer = location.open_writer().unwrap();
        (folder, location, writer)
    }

    fn visit_of(writer: &Connection, visit: &str, patient: &str) {
        let row = "INSERT OR REPLACE INTO visit_row (visit, visit_date, opened_at_ms, patient, status, follow_ups, waiting) \
                   VALUES (?1, '2026-03-02', 1, ?2, 'accepted', 0, 0)";
        writer.execute(row, [visit, patient]).unwrap();
    }

    fn patient_goes(writer: &Connection, patient: &str) {
        writer.execute("INSERT OR IGNORE INTO patient_gone (patient) VALUES (?1)", [patient]).unwrap();
    }

    fn left_over(location: &StoreLocation, writer: &Connection) -> Vec<(String, String)> {
        let found = Reading::over(writer, location.vault()).visits_without_patient().unwrap();
        found.into_iter().map(|(visit, patient)| (visit.to_string(), patient.to_string())).collect()
    }

    fn named(visit: &str, patient: &str) -> (String, String) {
        (visit.to_owned(), patient.to_owned())
    }

    #[test]
    fn a_visit_of_a_patient_who_went_is_found_whichever_came_first() {
        let (_folder, location, writer) = store();
        visit_of(&writer, "v-1", "p-1");
        visit_of(&writer, "v-2", "p-2");
        assert!(left_over(&location, &writer).is_empty());
        patient_goes(&writer, "p-1");
        assert_eq!(left_over(&location, &writer), [named("v-1", "p-1")]);
        visit_of(&writer, "v-3", "p-1");
        assert_eq!(left_over(&location, &writer), [named("v-1", "p-1"), named("v-3", "p-1")]);
        // it is of somebody else after all
        visit_of(&writer, "v-3", "p-2");
        writer.execute("INSERT INTO patient_row (patient) VALUES ('p-2')", []).unwrap();
        assert_eq!(left_over(&location, &writer), [named("v-1", "p-1")]);
        // the patient is on file again
        writer.execute("INSERT INTO patient_row (patient) VALUES ('p-1')", []).unwrap();
        assert!(left_over(&location, &writer).is_empty());
        writer.execute("DELETE FROM patient_row WHERE patient = 'p-1'", []).unwrap();
        writer.execute("DELETE FROM visit_row WHERE visit = 'v-1'", []).unwrap();
        assert!(left_over(&location, &writer).is_empty());
        let kept: u32 =
            writer.query_row("SELECT count(*) FROM visit_left_over WHERE visit = 'v-1'", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 0, "nothing is noted of a visit that went");
    }

    #[test]
    fn those_of_a_record_from_before_are_found() {
        let (_folder, location, writer) = store();
        let without = "DROP TRIGGER visit_of_nobody; DROP TRIGGER visit_gone_as_well; DROP TRIGGER patient_gone_before; \
                       DROP TABLE visit_left_over;";
        writer.execute_batch(without).unwrap();
        visit_of(&writer, "v-1", "p-1");
        visit_of(&writer, "v-2", "p-2");
        patient_goes(&writer, "p-1");
        writer.execute_batch(include_str!("../../migrations/V35__visits_left_over.sql")).unwrap();
        assert_eq!(left_over(&location, &writer), [named("v-1", "p-1")]);
    }

    #[test]
    fn neither_all_visits_nor_all_who_went_are_walked_through() {
        let (_folder, _location, writer) = store();
        let mut statement = writer.prepare(&format!("EXPLAIN QUERY PLAN {VISITS_WITHOUT_PATIENT}")).unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>("detail")).unwrap();
        let plan: Vec<String> = lines.map(Result::unwrap).collect();
        let walked: Vec<&String> = plan.iter().filter(|line| line.starts_with("SCAN")).collect();
        assert_eq!(walked, ["SCAN l"], "{plan:?}");
    }
}
