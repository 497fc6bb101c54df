//! Records that come from other boxes: kept, and what they say brought into the rows, in one transaction.
//!
//! A record that cannot be read never stops the rest: it is kept and forwarded, counts for nothing, and is set aside by name.

mod forgetting;

pub use forgetting::Gone;

use super::records::{DocumentId, facts_in, name_of, standing, standing_code};
use super::{StoreError, Stored, Writing};
use domain::Timestamp;
use domain::claim::{Month, MonthFact, MonthState};
use domain::counter::CounterFact;
use domain::disaster::DisasterFact;
use domain::fact::{PatientId, Recorded, VisitId};
use domain::found_card::{FoundCardFact, FoundCardId, FoundCardState};
use domain::patient::{PatientFact, PatientState};
use domain::remote_consent::{ConsentFact, ConsentId, ConsentState};
use domain::rule::RulePack;
use domain::visit::{VisitFact, VisitState};
use domain::waiting::{TicketFact, TicketId, TicketState};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use sync::facility::Statement;
use sync::feed::{Arrival, Cursor, Outcome};
use sync::seal::forget::Forget;
use sync::seal::{BoxId, Change, DocumentTag, KeyId, RecordKind, Refusal, SealedRecord, Standing};

/// What taking records in needs besides the store.
#[derive(Clone, Copy)]
pub struct TakingIn<'a> {
    /// the dated rules
    pub rules: &'a RulePack,
    /// now
    pub now: Timestamp,
}

/// A document as it stood before this transaction touched it.
enum Before {
    Visit(VisitId, Box<VisitState>),
    Patient(PatientId, Box<PatientState>),
    Month(Month, Box<MonthState>),
    Ticket(TicketId, Option<Box<TicketState>>),
    Consent(ConsentId, Option<Box<ConsentState>>),
    FoundCard(FoundCardId, Option<Box<FoundCardState>>),
    /// nothing of it could be read, so that it has no rows
    Nothing,
}

/// The documents that a transaction touches.
#[derive(Default)]
struct Touched(BTreeMap<DocumentTag, Before>);

impl Writing<'_> {
    /// Keeps records that are not here yet, in this order, and with them how far a peer's log has been read.
    pub fn take_in(
        &self,
        arrivals: &[Arrival],
        pulled: Option<(BoxId, &Cursor)>,
        with: TakingIn<'_>,
    ) -> Stored<Vec<Outcome>> {
        let mut touched = Touched::default();
        let mut outcomes = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            outcomes.push(self.take_one(arrival, &mut touched, with)?);
        }
        if let Some((peer, cursor)) = pulled {
            self.keep_cursor(peer, cursor)?;
        }
        self.project(touched, with)?;
        Ok(outcomes)
    }

    /// Says what a record turned out to be whose signer was unknown; `None` leaves only its number.
    pub fn settle_record(&self, seq: u64, as_what: Option<Standing>, with: TakingIn<'_>) -> Stored<()> {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let mut statement =
            self.transaction.prepare_cached("SELECT sealed FROM record WHERE seq = ?1 AND standing = 0")?;
        let Some(sealed) = statement.query_row([seq], |row| row.get::<_, Vec<u8>>(0)).optional()? else {
            return Ok(());
        };
        let Some(as_what) = as_what else { return self.remove_record(seq) };
        let record = SealedRecord::parse(sealed)?;
        let mut touched = Touched::default();
        self.touch(&mut touched, &record)?;
        self.stand(seq, standing_code(as_what))?;
        self.obey(seq, &record, as_what, &mut touched, with)?;
        self.project(touched, with)
    }

    fn take_one(&self, arrival: &Arrival, touched: &mut Touched, with: TakingIn<'_>) -> Stored<Outcome> {
        let record = &arrival.record;
        if self.is_forgotten(record)? {
            return Ok(Outcome::Forgotten);
        }
        if self.is_known(record)? {
            return Ok(Outcome::Known);
        }
        self.touch(touched, record)?;
        let standing = self.standing_now(arrival);
        let seq = self.keep_record(record, standing_code(standing))?;
        self.obey(seq, record, standing, touched, with)?;
        Ok(Outcome::Stored(u64::try_from(seq).unwrap_or(0)))
    }

    /// The gate looked at all of them before the first was kept. When one of them put its signer out, that one is out for those behind it:
    /// whether a thief is obeyed must not depend on how many records came together.
    fn standing_now(&self, arrival: &Arrival) -> Standing {
        match arrival.standing {
            Standing::Member(_) if self.vault.is_out(arrival.record.header().author) => Standing::Revoked,
            standing => standing,
        }
    }

    fn is_known(&self, record: &SealedRecord) -> Stored<bool> {
        let mut statement =
            self.transaction.prepare_cached("SELECT 1 FROM record WHERE name = ?1 AND sealed = ?2 LIMIT 1")?;
        Ok(statement.exists(params![name_of(record), record.bytes()])?)
    }

    fn is_forgotten(&self, record: &SealedRecord) -> Stored<bool> {
        let header = record.header();
        let mut statement = self.transaction.prepare_cached("SELECT 1 FROM feed_forgotten WHERE name IN (?1, ?2)")?;
        Ok(statement.exists(params![header.document.as_bytes(), header.key.as_bytes()])?)
    }

    /// Does what a kept record asks for, as far as its signer may ask it. A statement about membership carries its own signature.
    fn obey(
        &self,
        seq: i64,
        record: &SealedRecord,
        as_what: Standing,
        touched: &mut Touched,
        with: TakingIn<'_>,
    ) -> Stored<()> {
        match record.header().kind {
            RecordKind::MEMBERSHIP => {
                let statement = Statement::decode(record.content()).ok();
                self.note_welcomed(statement.as_ref())?;
                self.vault.hear(statement);
                Ok(())
            }
            RecordKind::CHANGE if as_what.is_obeyed() => {
                self.vault.heard_of(record.header().author, with.now);
                self.check_readable(seq, record, with)
            }
            RecordKind::SNAPSHOT if as_what.is_obeyed() => {
                self.vault.heard_of(record.header().author, with.now);
                self.take_snapshot(seq, record, with)
            }
            RecordKind::GRANT if as_what.is_obeyed() => self.take_grant(record, touched, with),
            RecordKind::FORGET if as_what.is_obeyed() => match Forget::read(record) {
                Ok(forget) => self.obey_forgetting(seq, record.header().author, &forget, touched, with),
                Err(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// A change that opens must say something; one whose key has not come waits; any other is set aside.
    fn check_readable(&self, seq: i64, record: &SealedRecord, with: TakingIn<'_>) -> Stored<()> {
        match self.vault.open_kept(record).map_err(StoreError::from).and_then(|change| read(&change)) {
            Ok(Some((visit, facts))) => {
                if record.header().author == self.vault.id() {
                    self.notice_copy(facts.iter().map(|fact| fact.at).max(), with.now)?;
                }
                self.note_questions(&visit, record.header().author, &facts, with.now)
            }
            Ok(None) => Ok(()),
            Err(StoreError::Unreadable(why)) if why == Refusal::UnknownKey.name() => self.wait_for_key(seq, record),
            Err(error @ (StoreError::Unreadable(_) | StoreError::Corrupt(_))) => {
                self.stand(seq, standing::UNREADABLE)?;
                self.quarantine(&format!("record:{}", record.hash()), &error.to_string(), with.now)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn wait_for_key(&self, seq: i64, record: &SealedRecord) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO feed_waiting (key, seq) VALUES (?1, ?2)")?
            .execute(params![record.header().key.as_bytes(), seq])?;
        Ok(())
    }

    pub(super) fn stand(&self, seq: i64, standing: i64) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE record SET standing = ?2 WHERE seq = ?1")?
            .execute(params![seq, standing])?;
        Ok(())
    }

    fn remove_record(&self, seq: i64) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE record SET standing = ?2, sealed = x'' WHERE seq = ?1")?
            .execute(params![seq, standing::REMOVED])?;
        Ok(())
    }

    /// Keys for this box: what waited for them is opened.
    fn take_grant(&self, record: &SealedRecord, touched: &mut Touched, with: TakingIn<'_>) -> Stored<()> {
        let Ok(keys) = self.vault.read_grant(record) else { return Ok(()) };
        let mut waiting = Vec::new();
        for key in &keys {
            if let sync::seal::grant::Granted::Data { id, .. } = key {
                waiting.extend(self.waiting_for(*id)?);
            }
        }
        for (_, record) in &waiting {
            self.touch(touched, record)?;
        }
        for name in self.vault.hold(keys)? {
            self.transaction
                .prepare_cached("DELETE FROM feed_waiting WHERE key = ?1")?
                .execute([name.as_bytes().as_slice()])?;
        }
        waiting.into_iter().try_for_each(|(seq, record)| match record.header().kind {
            RecordKind::SNAPSHOT => self.take_snapshot(seq, &record, with),
            _ => self.check_readable(seq, &record, with),
        })
    }

    fn waiting_for(&self, key: KeyId) -> Stored<Vec<(i64, SealedRecord)>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT r.seq, r.sealed FROM feed_waiting w JOIN record r ON r.seq = w.seq WHERE w.key = ?1 AND r.standing = 1",
        )?;
        let rows =
            statement.query_map([key.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        rows.map(|row| row.map_err(StoreError::from).and_then(|(seq, sealed)| Ok((seq, SealedRecord::parse(sealed)?))))
            .collect()
    }

    /// Remembers how a document stands, before anything of it changes for the first time.
    fn touch(&self, touched: &mut Touched, record: &SealedRecord) -> Stored<()> {
        let tag = record.header().document;
        if record.header().kind.is_sealed() && !touched.0.contains_key(&tag) {
            touched.0.insert(tag, self.stands(tag)?);
        }
        Ok(())
    }

    /// A document as it stands; nothing when it cannot be read at all.
    fn stands(&self, tag: DocumentTag) -> Stored<Before> {
        let unreadable = |error| match error {
            StoreError::Unreadable(_) | StoreError::Corrupt(_) => Ok(Before::Nothing),
            error => Err(error),
        };
        self.reading().changes_of(tag).and_then(|changes| self.folded(changes.first())).or_else(unreadable)
    }

    fn folded(&self, one: Option<&Change>) -> Stored<Before> {
        let Some(id) = one.and_then(DocumentId::of) else { return Ok(Before::Nothing) };
        Ok(match &id {
            DocumentId::Visit(visit) => {
                let facts = self.reading().facts::<VisitFact>(&id)?;
                Before::Visit(visit.clone(), Box::new(VisitState::fold(facts)))
            }
            DocumentId::Patient(patient) => {
                let facts = self.reading().facts::<PatientFact>(&id)?;
                Before::Patient(patient.clone(), Box::new(PatientState::fold(facts)))
            }
            DocumentId::DisasterMode | DocumentId::Counters => Before::Nothing, // they have no rows
            DocumentId::Ticket(ticket) => Before::Ticket(ticket.clone(), self.ticket_of(&id)?.map(Box::new)),
            DocumentId::Consent(consent) => {
                let facts = self.reading().facts::<ConsentFact>(&id)?;
                Before::Consent(consent.clone(), ConsentState::fold(facts).map(Box::new))
            }
            DocumentId::FoundCard(card) => {
                let facts = self.reading().facts::<FoundCardFact>(&id)?;
                Before::FoundCard(card.clone(), FoundCardState::fold(facts).map(Box::new))
            }
            DocumentId::Month(month) => {
                let facts = self.reading().facts::<MonthFact>(&id)?;
                Before::Month(*month, Box::new(MonthState::fold(facts)))
            }
        })
    }

    /// Brings the rows of every touched document from what it was to what it is.
    fn project(&self, touched: Touched, with: TakingIn<'_>) -> Stored<()> {
        for (tag, before) in touched.0 {
            let after = self.stands(tag)?;
            self.look_at(&after)?;
            match (before, after) {
                (Before::Visit(visit, before), Before::Visit(_, after)) => {
                    self.project_visit(&visit, &before, &after, with.rules)?;
                }
                (Before::Nothing, Before::Visit(visit, after)) => {
                    self.project_visit(&visit, &VisitState::default(), &after, with.rules)?;
                }
                (Before::Patient(patient, before), Before::Patient(_, after)) => {
                    self.project_patient(&patient, &before, &after)?;
                }
                (Before::Nothing, Before::Patient(patient, after)) => {
                    self.project_patient(&patient, &PatientState::default(), &after)?;
                }
                (_, Before::Month(month, after)) => self.project_month(month, &after)?,
                (_, Before::Ticket(ticket, Some(after))) => self.project_ticket(&ticket, &after)?,
                (_, Before::Consent(consent, Some(after))) => self.project_consent(&consent, &after)?,
                (_, Before::FoundCard(card, Some(after))) => self.project_found_card(&card, &after)?,
                (Before::FoundCard(card, _), _) => self.unproject_found_card(&card)?,
                (Before::Ticket(ticket, _), _) => self.unproject_arrival(&DocumentId::Ticket(ticket))?,
                (Before::Consent(consent, _), _) => self.unproject_arrival(&DocumentId::Consent(consent))?,
                // a fact about one whose beginning has not come yet
                (_, Before::Ticket(_, None) | Before::Consent(_, None) | Before::FoundCard(_, None)) => {}
                (Before::Month(month, _), _) => self.unproject_month(month)?,
                (Before::Visit(visit, _), _) => self.unproject_visit(&visit)?,
                (Before::Patient(patient, before), _) => self.unproject_patient(&patient, &before)?,
                (Before::Nothing, Before::Nothing) => {}
            }
        }
        Ok(())
    }
}

impl Writing<'_> {
    /// What came may disagree with what was here, or belong to a record that was made one with another.
    fn look_at(&self, after: &Before) -> Stored<()> {
        match after {
            Before::Visit(visit, state) => {
                let document = DocumentId::Visit(visit.clone());
                self.review(&document)?;
                self.note_carry_due(&document, &state.merges)
            }
            Before::Patient(patient, state) => {
                let document = DocumentId::Patient(patient.clone());
                self.review(&document)?;
                self.note_carry_due(&document, &state.merges)
            }
            Before::Month(..) | Before::Ticket(..) | Before::Consent(..) | Before::FoundCard(..) | Before::Nothing => {
                Ok(())
            }
        }
    }
}

/// Reads an opened change. Of a class this version does not know nothing is asked; what is returned is a visit's.
pub(super) fn read(change: &Change) -> Stored<Option<(VisitId, Vec<Recorded<VisitFact>>)>> {
    match DocumentId::of(change) {
        Some(DocumentId::Visit(visit)) => Ok(Some((visit, facts_in(&change.chunk)?))),
        Some(DocumentId::Patient(_)) => facts_in::<PatientFact>(&change.chunk).map(|_| None),
        Some(DocumentId::DisasterMode) => facts_in::<DisasterFact>(&change.chunk).map(|_| None),
        Some(DocumentId::Month(_)) => facts_in::<MonthFact>(&change.chunk).map(|_| None),
        Some(DocumentId::Counters) => facts_in::<CounterFact>(&change.chunk).map(|_| None),
        Some(DocumentId::Ticket(_)) => facts_in::<TicketFact>(&change.chunk).map(|_| None),
        Some(DocumentId::Consent(_)) => facts_in::<ConsentFact>(&change.chunk).map(|_| None),
        Some(DocumentId::FoundCard(_)) => facts_in::<FoundCardFact>(&change.chunk).map(|_| None),
        None => Ok(None),
    }
}
