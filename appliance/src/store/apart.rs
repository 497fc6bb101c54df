//! Rows about what was written apart: disagreements, records made one, records kept apart, patients alike.

use super::records::{DocumentId, facts_in, names_of, standing};
use super::snapshots::written_in;
use super::{Reading, Stored, Writing};
use domain::Date;
use domain::apart::{EntryId, Merges, Origin, Says, Told, disagreements};
use domain::fact::{Author, PatientId, VisitId};
use domain::kana::kana_key;
use domain::patient::{PatientFact, PatientState};
use domain::visit::{VisitFact, VisitState};
use domain::written::Written;
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};
use sync::replica::knowledge;
use sync::seal::{BoxId, Change, RecordKind, Refusal, SealedRecord};
use web::port::PatientHit;

/// How long a chain of records made one is followed.
const LONGEST_CHAIN: usize = 16;

impl Reading<'_> {
    /// The facts of a document with the boxes that wrote them, and what these knew. Nothing is opened when one box wrote it all,
    /// record by record.
    pub fn told<F: Written>(&self, id: &DocumentId) -> Stored<Vec<Told<F>>> {
        let (class, name) = id.sealed_as();
        let tag = self.vault.tag(class, &name).ok_or(Refusal::UnknownKey)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT sealed FROM record WHERE name BETWEEN ?1 AND ?2 AND standing = ?3")?;
        let [first, last] = names_of(tag);
        let sealed = statement.query_map(params![first, last, standing::COUNTS], |row| row.get::<_, Vec<u8>>(0))?;
        let mut records = Vec::new();
        for bytes in sealed {
            records.push(SealedRecord::parse(bytes?)?);
        }
        let authors: BTreeSet<BoxId> = records.iter().map(|record| record.header().author).collect();
        if authors.len() < 2 && records.iter().all(|record| record.header().kind == RecordKind::CHANGE) {
            return Ok(Vec::new());
        }
        // what stands alone tells by its signature who wrote it
        records.sort_by_key(|record| record.header().kind.0);
        let (mut changes, mut seen) = (Vec::<(BoxId, Change)>::new(), BTreeSet::new());
        for record in &records {
            match self.vault.open_kept(record) {
                Ok(opened) => {
                    let written = written_in(record, opened)?.into_iter();
                    changes.extend(written.filter(|(_, change)| seen.insert(change.chunk.clone())));
                }
                Err(Refusal::UnknownKey | Refusal::DestroyedKey) => {}
                Err(refusal) => return Err(refusal.into()),
            }
        }
        let authors: BTreeSet<BoxId> = changes.iter().map(|(author, _)| *author).collect();
        if authors.len() < 2 { Ok(Vec::new()) } else { told_by(&changes) }
    }

    /// The record that goes on instead of a document; the document itself when it goes on.
    pub fn goes_on_in(&self, document: &DocumentId) -> Stored<DocumentId> {
        let mut now = document.clone();
        for _ in 0..LONGEST_CHAIN {
            let mut statement =
                self.connection.prepare_cached("SELECT goes_on_in FROM merged_away WHERE document = ?1")?;
            let next = statement.query_row([now.to_text()], |row| row.get::<_, String>(0)).optional()?;
            match next.as_deref().and_then(DocumentId::from_text) {
                Some(next) => now = next,
                None => return Ok(now),
            }
        }
        Ok(now)
    }

    /// Documents about which counters wrote different things, at most 200.
    pub fn disputed_documents(&self) -> Stored<Vec<DocumentId>> {
        let mut statement =
            self.connection.prepare_cached("SELECT DISTINCT document FROM disagreement ORDER BY document LIMIT 200")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|text| DocumentId::from_text(text)).collect())
    }

    /// Patients who may be one person, at most 200 pairs: alike, going on, and not called different.
    pub fn alike_patients(&self) -> Stored<Vec<(PatientId, PatientId)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT one, two FROM twin WHERE NOT EXISTS (SELECT 1 FROM kept_apart k WHERE \
             (k.document = 'patient:' || one AND k.other = 'patient:' || two) OR \
             (k.document = 'patient:' || two AND k.other = 'patient:' || one)) ORDER BY one, two LIMIT 200",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let pairs = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(pairs.into_iter().map(|(one, two)| (PatientId::new(one), PatientId::new(two))).collect())
    }

    /// How many documents disagree, and how many pairs of patients are alike.
    pub fn look_counts(&self) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached("SELECT count(DISTINCT document) FROM disagreement")?;
        let disputed: u32 = statement.query_row([], |row| row.get(0))?;
        Ok(disputed + u32::try_from(self.alike_patients()?.len()).unwrap_or(u32::MAX))
    }

    fn is_disputed(&self, document: &DocumentId) -> Stored<bool> {
        let mut statement = self.connection.prepare_cached("SELECT 1 FROM disagreement WHERE document = ?1 LIMIT 1")?;
        Ok(statement.exists([document.to_text()])?)
    }
}

/// Who was met on a day so far.
#[derive(Default)]
struct DayLookedAt {
    day: String,
    patients: BTreeSet<String>,
    names: BTreeMap<String, Vec<String>>,
}

impl DayLookedAt {
    /// Whether this visit is of somebody who was met on the day already.
    fn stands_again(&mut self, patient: Option<&str>, birth_date: Option<&str>, kana: Option<&str>) -> bool {
        let again = patient.is_some_and(|patient| !self.patients.insert(patient.to_owned()));
        let Some((birth_date, kana)) = birth_date.zip(kana) else { return again };
        let born_then = self.names.entry(birth_date.to_owned()).or_default();
        let has_namesake = !born_then.is_empty() && born_then.iter().any(|other| kana_key(other) == kana_key(kana));
        born_then.push(kana.to_owned());
        again || has_namesake
    }
}

fn told_by<F: Written>(changes: &[(BoxId, Change)]) -> Stored<Vec<Told<F>>> {
    let known = knowledge(changes.iter().map(|(_, change)| change.chunk.as_slice()))?;
    let mut told = Vec::new();
    for ((author, change), known) in changes.iter().zip(known) {
        let knew: BTreeSet<EntryId> = known.before.into_iter().map(EntryId::new).collect();
        let entry = EntryId::new(known.entries.into_iter().next().unwrap_or_default());
        for recorded in facts_in::<F>(&change.chunk)? {
            let origin = Origin::new(author.to_string());
            told.push(Told { recorded, origin, entry: entry.clone(), knew: knew.clone() });
        }
    }
    Ok(told)
}

impl Writing<'_> {
    /// Brings the rows about disagreements of a document to what its facts say.
    pub fn review(&self, document: &DocumentId) -> Stored<()> {
        match document {
            DocumentId::Visit(_) => self.review_of::<VisitFact>(document),
            DocumentId::Patient(_) => self.review_of::<PatientFact>(document),
            DocumentId::DisasterMode
            | DocumentId::Month(_)
            | DocumentId::Counters
            | DocumentId::Ticket(_)
            | DocumentId::Consent(_)
            | DocumentId::FoundCard(_) => Ok(()), // the latest word counts, and is shown with its author
        }
    }

    fn review_of<F: Written + Says>(&self, document: &DocumentId) -> Stored<()> {
        let disagreed = disagreements(&self.reading().told::<F>(document)?);
        let text = document.to_text();
        self.transaction.prepare_cached("DELETE FROM disagreement WHERE document = ?1")?.execute([&text])?;
        for disagreement in disagreed {
            self.transaction
                .prepare_cached("INSERT INTO disagreement (document, matter) VALUES (?1, ?2)")?
                .execute([text.as_str(), disagreement.matter.as_str()])?;
        }
        Ok(())
    }

    /// The same after this box wrote to a document: what it wrote can only end a disagreement.
    pub fn review_if_disputed(&self, document: &DocumentId) -> Stored<()> {
        if self.reading().is_disputed(document)? { self.review(document) } else { Ok(()) }
    }

    /// Brings the rows about a visit's like from one state to the next.
    pub(super) fn project_visit_merges(&self, visit: &VisitId, before: &VisitState, state: &VisitState) -> Stored<()> {
        if before.merges == state.merges {
            return Ok(());
        }
        let like = |id: &VisitId| DocumentId::Visit(id.clone());
        self.write_merges(&like(visit), &state.merges, like)
    }

    /// The same for a patient, with who is alike.
    pub(super) fn project_patient_merges(
        &self,
        patient: &PatientId,
        before: &PatientState,
        state: &PatientState,
    ) -> Stored<()> {
        if before.merges != state.merges {
            let like = |id: &PatientId| DocumentId::Patient(id.clone());
            self.write_merges(&like(patient), &state.merges, like)?;
        }
        if before.person != state.person || before.merges != state.merges {
            self.find_twins(patient, state)?;
        }
        Ok(())
    }

    fn write_merges<I: Clone + Ord>(
        &self,
        document: &DocumentId,
        merges: &Merges<I>,
        like: impl Fn(&I) -> DocumentId,
    ) -> Stored<()> {
        let text = document.to_text();
        self.transaction.prepare_cached("DELETE FROM merged_away WHERE document = ?1")?.execute([&text])?;
        self.transaction.prepare_cached("DELETE FROM kept_apart WHERE document = ?1")?.execute([&text])?;
        if let Some(act) = merges.merged_into() {
            self.transaction
                .prepare_cached("INSERT INTO merged_away (document, goes_on_in) VALUES (?1, ?2)")?
                .execute([text.as_str(), like(&act.other).to_text().as_str()])?;
        }
        for other in merges.kept_apart() {
            self.transaction
                .prepare_cached("INSERT INTO kept_apart (document, other) VALUES (?1, ?2)")?
                .execute([text.as_str(), like(other).to_text().as_str()])?;
        }
        Ok(())
    }

    /// Who has the same kana and birth date, as far as they go on. Whichever of two is written last finds the other.
    fn find_twins(&self, patient: &PatientId, state: &PatientState) -> Stored<()> {
        self.forget_twins(patient)?;
        if state.merges.merged_into().is_some() {
            return Ok(());
        }
        for hit in self.reading().same_person(&state.person)? {
            if hit.patient != *patient {
                let (one, two) = (patient.min(&hit.patient), patient.max(&hit.patient));
                self.transaction
                    .prepare_cached("INSERT OR IGNORE INTO twin (one, two) VALUES (?1, ?2)")?
                    .execute([one.as_str(), two.as_str()])?;
            }
        }
        Ok(())
    }

    fn forget_twins(&self, patient: &PatientId) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM twin WHERE one = ?1 OR two = ?1")?.execute([patient.as_str()])?;
        Ok(())
    }

    /// Takes the rows of a document away that was forgotten.
    pub(super) fn forget_apart(&self, document: &DocumentId) -> Stored<()> {
        let text = document.to_text();
        for table in ["disagreement", "merged_away", "kept_apart", "carry_due"] {
            self.transaction.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?.execute([&text])?;
        }
        match document {
            DocumentId::Patient(patient) => self.forget_twins(patient),
            _ => Ok(()),
        }
    }

    /// Something came for a record that was made one with another.
    pub(super) fn note_carry_due<I>(&self, document: &DocumentId, merges: &Merges<I>) -> Stored<()>
    where
        I: Clone + Ord,
    {
        if merges.is_empty() {
            return Ok(());
        }
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO carry_due (document) VALUES (?1)")?
            .execute([document.to_text()])?;
        Ok(())
    }

    /// The records of which something may have to be carried over, once.
    pub fn take_carry_due(&self) -> Stored<Vec<DocumentId>> {
        let mut statement = self.transaction.prepare_cached("SELECT document FROM carry_due ORDER BY document")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        if !rows.is_empty() {
            self.transaction.prepare_cached("DELETE FROM carry_due")?.execute([])?;
        }
        Ok(rows.iter().filter_map(|text| DocumentId::from_text(text)).collect())
    }
}

impl Reading<'_> {
    /// The days since one on which visits may have been entered twice, newest first: a patient, or a name with a birth date, stands
    /// there more than once. Read once, in the order of days; names are compared only where a birth date is there twice.
    pub fn days_with_doubles(&self, since: Date) -> Stored<Vec<Date>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT visit_date, patient, birth_date, name_kana FROM visit_row \
             WHERE visit_date >= ?1 AND status NOT IN ('voided', 'merged') ORDER BY visit_date DESC",
        )?;
        let mut rows = statement.query([since.to_string()])?;
        let (mut days, mut looked_at) = (Vec::new(), DayLookedAt::default());
        while let Some(row) = rows.next()? {
            let text = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
            let day = text(0)?.unwrap_or_default();
            if looked_at.day != day {
                looked_at = DayLookedAt { day: day.to_owned(), ..DayLookedAt::default() };
            }
            if looked_at.stands_again(text(1)?, text(2)?, text(3)?) && days.last() != Date::parse(day).as_ref() {
                days.extend(Date::parse(day));
            }
        }
        Ok(days)
    }

    /// The day of a visit.
    pub fn day_of_visit(&self, visit: &VisitId) -> Stored<Option<Date>> {
        let mut statement = self.connection.prepare_cached("SELECT visit_date FROM visit_row WHERE visit = ?1")?;
        let day = statement.query_row([visit.as_str()], |row| row.get::<_, String>(0)).optional()?;
        Ok(day.as_deref().and_then(Date::parse))
    }

    /// A patient as a search shows it.
    pub fn patient_hit_of(&self, patient: &PatientId) -> Stored<Option<PatientHit>> {
        self.patient_hit(patient.as_str())
    }

    /// The name behind an account of this box, or of another one that told it.
    pub fn name_of_author(&self, author: &Author) -> Stored<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM staff WHERE author = ?1")?;
        let here: Option<String> = statement.query_row([author.as_str()], |row| row.get(0)).optional()?;
        match here {
            None if *author != Author::the_box() => {
                let counters = self.counters().unwrap_or_default(); // a page lacks a name rather than not to be shown
                Ok(counters.staff(author.as_str()).map(|named| named.name.clone()))
            }
            here => Ok(here),
        }
    }
}
