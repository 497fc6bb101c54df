//! The read model: rows made from documents by pure functions, so that they can be made again with the same result.

use super::records::{DocumentId, Loaded};
use super::{Reading, StoreError, Stored, Writing, patients};
use domain::Timestamp;
use domain::decision::FollowUp;
use domain::fact::{PatientId, VisitId};
use domain::link::Links;
use domain::patient::{PatientFact, PatientState};
use domain::rule::RulePack;
use domain::visit::{VisitFact, VisitState};
use rusqlite::params;
use sync::replica::Writer;

impl Writing<'_> {
    /// Rewrites the rows of a visit from its state.
    pub fn project_visit(&self, visit: &VisitId, state: &VisitState, rules: &RulePack) -> Stored<()> {
        let follow_ups = follow_ups(state, rules);
        let open = u32::try_from(follow_ups.len()).unwrap_or(u32::MAX);
        self.write_visit_row(visit, state, open)?;
        self.write_follow_ups(visit, &follow_ups)?;
        self.write_troubles(visit, state)
    }

    fn write_visit_row(&self, visit: &VisitId, state: &VisitState, follow_ups: u32) -> Stored<()> {
        let Some(opened) = &state.opened else { return Ok(()) };
        let acceptance = state.accepted.as_ref().map(|accepted| &accepted.acceptance);
        let why = acceptance.and_then(|a| a.why_not_better.as_ref());
        let person = state.person.as_ref();
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO visit_row (visit, visit_date, opened_at_ms, counter, patient, name, name_kana, birth_date, \
                 status, evidence, why_cause, why_since_ms, ratio_tenths, follow_ups, waiting) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                visit.as_str(),
                opened.visit_date.to_string(),
                state.opened_at.as_ms(),
                opened.counter,
                state.patient.as_ref().map(PatientId::as_str),
                person.and_then(|p| p.name.as_deref()),
                person.and_then(|p| p.name_kana.as_deref()),
                person.and_then(|p| p.birth_date).map(|d| d.to_string()),
                state.status().code(),
                acceptance.map(|a| a.evidence.code()),
                why.map(|why| why.cause.code()),
                why.and_then(|why| why.since).map(Timestamp::as_ms),
                state.ratio_charged(),
                follow_ups,
                state.questions.iter().any(|asked| asked.ended.is_none()),
            ])?;
        Ok(())
    }

    fn write_follow_ups(&self, visit: &VisitId, follow_ups: &[FollowUp]) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM follow_up_row WHERE visit = ?1")?.execute([visit.as_str()])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR REPLACE INTO follow_up_row (visit, kind, due, plan, reason_ja, reason_en) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for follow_up in follow_ups {
            let plan: Vec<String> = follow_up.plan.iter().map(ToString::to_string).collect();
            insert.execute(params![
                visit.as_str(),
                follow_up.kind.code(),
                follow_up.due.to_string(),
                plan.join(" "),
                follow_up.reason.ja,
                follow_up.reason.en,
            ])?;
        }
        Ok(())
    }

    /// Rewrites the rows of a patient from its state.
    pub fn project_patient(&self, patient: &PatientId, state: &PatientState) -> Stored<()> {
        let coverage = state.coverage();
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO patient_row (patient, patient_number, name, name_kana, birth_date, sex, address, \
                 insurer_name, confirmed_on, care_note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                patient.as_str(),
                state.patient_number,
                state.display_name(),
                state.person.name_kana,
                state.person.birth_date.map(|d| d.to_string()),
                state.person.sex.map(|s| s.code()),
                state.person.address,
                coverage.and_then(|c| c.coverage.insurer_name.as_deref()),
                coverage.map(|c| c.on.to_string()),
                state.care_note,
            ])?;
        self.write_keys(patient, &patients::keys_of(state))
    }

    /// Writes only the keys that changed: most commands change none.
    fn write_keys(&self, patient: &PatientId, keys: &[String]) -> Stored<()> {
        let known = self.reading().keys_of_patient(patient)?;
        let mut delete = self.transaction.prepare_cached("DELETE FROM patient_key WHERE key = ?1 AND patient = ?2")?;
        for key in known.iter().filter(|key| !keys.contains(key)) {
            delete.execute([key.as_str(), patient.as_str()])?;
        }
        let mut insert =
            self.transaction.prepare_cached("INSERT OR IGNORE INTO patient_key (key, patient) VALUES (?1, ?2)")?;
        for key in keys.iter().filter(|key| !known.contains(key)) {
            insert.execute([key.as_str(), patient.as_str()])?;
        }
        Ok(())
    }
}

/// Follow-ups as rows hold them: decided at the time of the last fact, with no link state of their own, so that they are the
/// same whenever they are made.
fn follow_ups(state: &VisitState, rules: &RulePack) -> Vec<FollowUp> {
    let decision = state.decide(rules, state.opened_at, &Links::UNKNOWN);
    decision.map(|decision| state.follow_ups(&decision)).unwrap_or_default()
}

/// Makes the whole read model again from the record. Returns how many documents were read and how many had to be quarantined.
pub fn rebuild(writing: &Writing<'_>, rules: &RulePack, writer: &Writer, now: Timestamp) -> Stored<(usize, usize)> {
    writing.transaction.execute_batch(
        "DELETE FROM visit_row; DELETE FROM follow_up_row; DELETE FROM visit_trouble; DELETE FROM patient_row; DELETE FROM patient_key; DELETE FROM quarantine;",
    )?;
    let documents = writing.reading().documents()?;
    let mut quarantined = 0;
    for id in &documents {
        match rebuild_one(writing, id, rules, writer) {
            Ok(()) => {}
            Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => {
                writing.quarantine(id, "unreadable while the read model was rebuilt", now)?;
                quarantined += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok((documents.len(), quarantined))
}

fn rebuild_one(writing: &Writing<'_>, id: &DocumentId, rules: &RulePack, writer: &Writer) -> Stored<()> {
    match id {
        DocumentId::Visit(visit) => {
            let loaded: Loaded<VisitFact> = writing.reading().load(id, writer)?;
            writing.project_visit(visit, &VisitState::fold(loaded.facts), rules)
        }
        DocumentId::Patient(patient) => {
            let loaded: Loaded<PatientFact> = writing.reading().load(id, writer)?;
            writing.project_patient(patient, &PatientState::fold(loaded.facts))
        }
    }
}

impl Reading<'_> {
    /// Every row of the read model as text, in a fixed order: two equal dumps are two equal read models.
    pub fn dump_read_model(&self) -> Stored<Vec<String>> {
        let mut lines = Vec::new();
        for (table, order) in [
            ("visit_row", "visit"),
            ("follow_up_row", "visit, kind"),
            ("visit_trouble", "visit, trouble"),
            ("patient_row", "patient"),
            ("patient_key", "key, patient"),
        ] {
            let mut statement = self.connection.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let cells = (0..columns).map(|i| row.get_ref(i).map(|cell| format!("{cell:?}")));
                lines.push(format!("{table}|{}", cells.collect::<Result<Vec<_>, _>>()?.join("|")));
            }
        }
        Ok(lines)
    }
}
