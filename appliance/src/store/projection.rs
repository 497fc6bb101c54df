//! The read model: rows made from documents by pure functions, so that they can be made again with the same result.

use super::records::DocumentId;
use super::{Reading, StoreError, Stored, Writing, patients};
use domain::case::Flow;
use domain::claim::MonthState;
use domain::counter::CounterKind;
use domain::coverage::Sex;
use domain::decision::FollowUp;
use domain::fact::{PatientId, VisitId};
use domain::found_card::FoundCardState;
use domain::link::Links;
use domain::patient::PatientState;
use domain::remote_consent::ConsentState;
use domain::rule::RulePack;
use domain::tally::Tally;
use domain::text::Text;
use domain::visit::VisitState;
use domain::waiting::TicketState;
use domain::{Date, Timestamp};
use rusqlite::params;
use sha2::{Digest, Sha256};
use sync::replica::Writer;

impl Writing<'_> {
    /// Brings the rows of a visit from one state to the next.
    pub fn project_visit(
        &self,
        visit: &VisitId,
        before: &VisitState,
        state: &VisitState,
        rules: &RulePack,
    ) -> Stored<()> {
        // Decided at the time of the first fact, with no link state of its own, so that the rows are the same whenever they are made.
        let decision = state.decide(rules, state.opened_at, &Links::UNKNOWN);
        let follow_ups = decision.as_ref().map(|decision| state.follow_ups(decision)).unwrap_or_default();
        let open = u32::try_from(follow_ups.len()).unwrap_or(u32::MAX);
        let counted = self.tally_of(visit)?;
        let tally = Tally::of(state);
        self.write_visit_row(visit, state, open, tally.as_ref())?;
        self.recount(counted.as_ref(), tally.as_ref())?;
        if before.opened.is_some() {
            self.forget_visit_rows(visit)?;
        }
        self.write_follow_ups(visit, state, &follow_ups)?;
        self.project_visit_merges(visit, before, state)?;
        if let Some(decision) = &decision {
            self.write_claim(visit, before, state, decision)?;
        }
        self.write_troubles(visit, state)
    }

    fn forget_visit_rows(&self, visit: &VisitId) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM follow_up_row WHERE visit = ?1")?.execute([visit.as_str()])?;
        self.transaction.prepare_cached("DELETE FROM visit_trouble WHERE visit = ?1")?.execute([visit.as_str()])?;
        Ok(())
    }

    /// Takes the rows of a visit away that was forgotten.
    pub(super) fn unproject_visit(&self, visit: &VisitId) -> Stored<()> {
        self.forget_apart(&DocumentId::Visit(visit.clone()))?;
        self.unwrite_claim(visit)?; // the row of the visit says in which month it stands
        self.unwrite_tally(visit)?;
        for sql in [
            "DELETE FROM visit_row WHERE visit = ?1",
            "DELETE FROM tablet_form WHERE visit = ?1",
            "DELETE FROM request WHERE about IN (SELECT question FROM job WHERE visit = ?1)",
            "DELETE FROM job WHERE visit = ?1",
            "DELETE FROM job_ended WHERE visit = ?1",
            "DELETE FROM job_elsewhere WHERE visit = ?1",
        ] {
            self.transaction.prepare_cached(sql)?.execute([visit.as_str()])?;
        }
        self.forget_visit_rows(visit)
    }

    /// Takes the rows of a patient away that was forgotten.
    pub(super) fn unproject_patient(&self, patient: &PatientId, before: &PatientState) -> Stored<()> {
        self.forget_apart(&DocumentId::Patient(patient.clone()))?;
        for sql in [
            "DELETE FROM job WHERE patient = ?1 AND visit IS NULL",
            "DELETE FROM job_ended WHERE patient = ?1 AND visit IS NULL",
        ] {
            self.transaction.prepare_cached(sql)?.execute([patient.as_str()])?;
        }
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO patient_gone (patient) VALUES (?1)")?
            .execute([patient.as_str()])?;
        self.hide_patient(patient, before)
    }

    fn hide_patient(&self, patient: &PatientId, before: &PatientState) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM patient_row WHERE patient = ?1")?.execute([patient.as_str()])?;
        self.write_keys(patient, &patients::keys_of(before), &[])
    }

    fn write_visit_row(
        &self,
        visit: &VisitId,
        state: &VisitState,
        follow_ups: u32,
        tally: Option<&Tally>,
    ) -> Stored<()> {
        let Some(opened) = &state.opened else { return Ok(()) };
        let acceptance = state.accepted.as_ref().map(|accepted| &accepted.acceptance);
        let why = acceptance.and_then(|a| a.why_not_better.as_ref());
        let (person, placed) = (state.person.as_ref(), state.placed.as_ref());
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO visit_row (visit, visit_date, opened_at_ms, counter, patient, name, name_kana, birth_date, \
                 status, evidence, why_cause, why_since_ms, ratio_tenths, follow_ups, waiting, flow, kind, place, family, tally) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
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
                Some(opened.flow).filter(|flow| *flow != Flow::Window).map(Flow::code),
                placed.and_then(|placed| placed.kind).map(CounterKind::code),
                placed.and_then(|placed| placed.place.as_deref()),
                state.family.as_ref().map(VisitId::as_str),
                tally.map(Tally::to_text),
            ])?;
        Ok(())
    }

    fn write_follow_ups(&self, visit: &VisitId, state: &VisitState, follow_ups: &[FollowUp]) -> Stored<()> {
        let insurer = insurer_to_phone(state);
        for follow_up in follow_ups {
            let snoozed = state.snoozed(follow_up.kind);
            let due = snoozed.map_or(follow_up.due, |snoozed| snoozed.until.max(follow_up.due));
            let plan: Vec<String> = follow_up.plan.iter().map(ToString::to_string).collect();
            let reason = self.keep_reason(&follow_up.reason)?;
            self.transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO follow_up_row (visit, kind, due, plan, reason, assigned, snoozed_until, \
                     snoozed_why, yen, insurer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    visit.as_str(),
                    follow_up.kind.code(),
                    due.to_string(),
                    plan.join(" "),
                    reason,
                    state.assigned_to(follow_up.kind),
                    snoozed.map(|snoozed| snoozed.until.to_string()),
                    snoozed.map(|snoozed| snoozed.reason.as_str()),
                    state.money(follow_up.kind).map(|noted| noted.yen),
                    insurer,
                ])?;
        }
        Ok(())
    }

    /// Keeps a text once, and gives the number it is kept under.
    fn keep_reason(&self, text: &Text) -> Stored<i64> {
        let digest: [u8; 32] =
            Sha256::new().chain_update(&text.ja).chain_update([0]).chain_update(&text.en).finalize().into();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        let reason = i64::from_be_bytes(first);
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO reason (reason, ja, en) VALUES (?1, ?2, ?3)")?
            .execute(params![reason, text.ja, text.en])?;
        Ok(reason)
    }

    /// Brings the rows of a patient from one state to the next. Most visits teach nothing that stands in them, and then no page of
    /// theirs is touched.
    pub fn project_patient(&self, patient: &PatientId, before: &PatientState, state: &PatientState) -> Stored<()> {
        let goes_on_elsewhere = |state: &PatientState| state.merges.merged_into().is_some();
        match (goes_on_elsewhere(before), goes_on_elsewhere(state)) {
            (false, false) => self.write_patient(patient, before, state)?,
            // found again from here on
            (true, false) => self.write_patient(patient, &PatientState::default(), state)?,
            (false, true) => self.hide_patient(patient, before)?,
            (true, true) => {}
        }
        self.project_patient_merges(patient, before, state)
    }

    fn write_patient(&self, patient: &PatientId, before: &PatientState, state: &PatientState) -> Stored<()> {
        let row = PatientRow::of(state);
        if row != PatientRow::of(before) || *before == PatientState::default() {
            self.write_patient_row(patient, &row)?;
        }
        if patients::found_alike(before, state) {
            return Ok(());
        }
        self.write_keys(patient, &patients::keys_of(before), &patients::keys_of(state))
    }

    fn write_patient_row(&self, patient: &PatientId, row: &PatientRow<'_>) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO patient_row (patient, patient_number, name, name_kana, birth_date, sex, address, \
                 insurer_name, confirmed_on, care_note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                patient.as_str(),
                row.patient_number,
                row.name,
                row.name_kana,
                row.birth_date.map(|d| d.to_string()),
                row.sex.map(|s| s.code()),
                row.address,
                row.insurer_name,
                row.confirmed_on.map(|d| d.to_string()),
                row.care_note,
            ])?;
        Ok(())
    }

    fn write_keys(&self, patient: &PatientId, before: &[String], keys: &[String]) -> Stored<()> {
        for key in before.iter().filter(|key| !keys.contains(key)) {
            self.transaction
                .prepare_cached("DELETE FROM patient_key WHERE key = ?1 AND patient = ?2")?
                .execute([key.as_str(), patient.as_str()])?;
        }
        for key in keys.iter().filter(|key| !before.contains(key)) {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO patient_key (key, patient) VALUES (?1, ?2)")?
                .execute([key.as_str(), patient.as_str()])?;
        }
        Ok(())
    }
}

/// What stands in the row of a patient.
#[derive(PartialEq)]
struct PatientRow<'a> {
    patient_number: Option<&'a str>,
    name: Option<&'a str>,
    name_kana: Option<&'a str>,
    birth_date: Option<Date>,
    sex: Option<Sex>,
    address: Option<&'a str>,
    insurer_name: Option<&'a str>,
    confirmed_on: Option<Date>,
    care_note: Option<&'a str>,
}

impl PatientRow<'_> {
    fn of(state: &PatientState) -> PatientRow<'_> {
        let coverage = state.coverage();
        PatientRow {
            patient_number: state.patient_number.as_deref(),
            name: state.display_name(),
            name_kana: state.person.name_kana.as_deref(),
            birth_date: state.person.birth_date,
            sex: state.person.sex,
            address: state.person.address.as_deref(),
            insurer_name: coverage.and_then(|c| c.coverage.insurer_name.as_deref()),
            confirmed_on: coverage.map(|c| c.on),
            care_note: state.care_note.as_deref(),
        }
    }
}

/// The insurer somebody would phone: that of the paper, else that on file.
fn insurer_to_phone(state: &VisitState) -> Option<&str> {
    let shown = state.presented.iter().filter_map(|paper| paper.coverage.insurer_number.as_ref()).next_back();
    let answered = state.answer.as_ref().and_then(|answer| answer.main_result());
    let on_file = state.stored.as_ref().and_then(|stored| stored.coverage.insurer_number.as_ref());
    let answered = answered.and_then(|result| result.coverage.insurer_number.as_ref());
    answered.or(shown).or(on_file).map(|number| number.as_str())
}

/// Makes the whole read model again from the record. Returns how many documents were read and how many had to be quarantined.
pub fn rebuild(writing: &Writing<'_>, rules: &RulePack, writer: &Writer, now: Timestamp) -> Stored<(usize, usize)> {
    writing.transaction.execute_batch(
        "DELETE FROM visit_row; DELETE FROM tally_count; DELETE FROM follow_up_row; DELETE FROM reason; DELETE FROM visit_trouble; DELETE FROM patient_row; DELETE FROM patient_key; DELETE FROM claim_month; DELETE FROM claim_frozen; DELETE FROM quarantine; DELETE FROM disagreement; DELETE FROM merged_away; DELETE FROM kept_apart; DELETE FROM twin; DELETE FROM waiting_number; DELETE FROM remote_consent; DELETE FROM arrival_visit; DELETE FROM found_card;",
    )?;
    let documents = writing.reading().documents()?;
    let mut quarantined = 0;
    for id in &documents {
        match rebuild_one(writing, id, rules, writer) {
            Ok(()) => {}
            Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => {
                writing.quarantine(&id.to_text(), "unreadable while the read model was rebuilt", now)?;
                quarantined += 1;
            }
            Err(error) => return Err(error),
        }
    }
    // Claim rows are written over rather than anew: they remember which record last changed them.
    writing.transaction.execute("DELETE FROM claim_row WHERE visit NOT IN (SELECT visit FROM visit_row)", [])?;
    Ok((documents.len(), quarantined))
}

/// Makes the claim rows and the figures of visits that were received before there were any.
pub fn fill_claims(writing: &Writing<'_>, rules: &RulePack, writer: &Writer) -> Stored<()> {
    let missing: bool = writing.transaction.query_row(
        "SELECT (NOT EXISTS (SELECT 1 FROM claim_row) OR NOT EXISTS (SELECT 1 FROM tally_count)) AND EXISTS (SELECT 1 FROM visit_row)",
        [],
        |row| row.get(0),
    )?;
    let documents = if missing { writing.reading().documents()? } else { Vec::new() };
    for id in documents.iter().filter(|id| matches!(id, DocumentId::Visit(_))) {
        match rebuild_one(writing, id, rules, writer) {
            Ok(()) | Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn rebuild_one(writing: &Writing<'_>, id: &DocumentId, rules: &RulePack, writer: &Writer) -> Stored<()> {
    writing.review(id)?;
    match id {
        DocumentId::Visit(visit) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            writing.forget_visit_rows(visit)?;
            writing.project_visit(visit, &VisitState::default(), &VisitState::fold(facts), rules)
        }
        DocumentId::Month(month) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            writing.project_month(*month, &MonthState::fold(facts))
        }
        DocumentId::Patient(patient) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            writing.project_patient(patient, &PatientState::default(), &PatientState::fold(facts))
        }
        DocumentId::Ticket(ticket) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            TicketState::fold(facts).map_or(Ok(()), |state| writing.project_ticket(ticket, &state))
        }
        DocumentId::Consent(consent) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            ConsentState::fold(facts).map_or(Ok(()), |state| writing.project_consent(consent, &state))
        }
        DocumentId::FoundCard(card) => {
            let (_, facts) = writing.reading().load(id, writer)?;
            FoundCardState::fold(facts).map_or(Ok(()), |state| writing.project_found_card(card, &state))
        }
        // read from their documents whenever they are needed: they have no rows, but must be readable
        DocumentId::DisasterMode => writing.reading().disaster_mode().map(|_| ()),
        DocumentId::Counters => writing.reading().counters().map(|_| ()),
    }
}

impl Reading<'_> {
    /// Every row of the read model as text, in a fixed order: two equal dumps are two equal read models.
    pub fn dump_read_model(&self) -> Stored<Vec<String>> {
        let mut lines = Vec::new();
        for (table, columns, order) in [
            ("visit_row", "*", "visit"),
            ("follow_up_row", "*", "visit, kind"),
            ("visit_trouble", "*", "visit, trouble"),
            ("tally_count", "*", "week, what, which, part"),
            ("patient_row", "*", "patient"),
            ("patient_key", "*", "key, patient"),
            ("disagreement", "*", "document, matter"),
            ("merged_away", "*", "document"),
            ("kept_apart", "*", "document, other"),
            ("twin", "*", "one, two"),
            ("claim_row", "month, visit, class, needs, since_freeze, digest, content", "month, visit"),
            ("claim_month", "*", "month"),
            ("claim_frozen", "*", "month, visit"),
            ("waiting_number", "*", "ticket"),
            ("remote_consent", "*", "consent"),
            ("arrival_visit", "*", "visit, document"),
            ("found_card", "*", "card"),
        ] {
            let mut statement = self.connection.prepare(&format!("SELECT {columns} FROM {table} ORDER BY {order}"))?;
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
