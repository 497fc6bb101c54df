//! Documents in the store: load, append. What is kept of a document are sealed records.

use super::snapshots::contents;
use super::{Reading, StoreError, Stored, Writing};
use domain::Timestamp;
use domain::claim::Month;
use domain::fact::{Entry, PatientId, Recorded, VisitId};
use domain::found_card::FoundCardId;
use domain::remote_consent::ConsentId;
use domain::waiting::TicketId;
use domain::written::Written;
use rusqlite::params;
use sync::replica::{Document, Writer};
use sync::seal::{Change, DocumentClass, DocumentTag, HASH_PREFIX_BYTES, Refusal, Role, SealedRecord, Standing};

/// Which document: its kind and the id of the thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// a visit
    Visit(VisitId),
    /// a patient
    Patient(PatientId),
    /// the disaster function of the facility
    DisasterMode,
    /// the claims of a month
    Month(Month),
    /// the counters of the facility
    Counters,
    /// a waiting number
    Ticket(TicketId),
    /// a consent given from afar
    Consent(ConsentId),
    /// a card that was found at the site
    FoundCard(FoundCardId),
}

/// The name of the counters among the facility's settings.
const COUNTERS: &str = "counters";

/// The name of the disaster function among the facility's settings.
const DISASTER_MODE: &str = "disaster-mode";

impl DocumentId {
    /// As people and logs see it.
    pub fn to_text(&self) -> String {
        match self {
            DocumentId::Visit(visit) => format!("visit:{visit}"),
            DocumentId::Patient(patient) => format!("patient:{patient}"),
            DocumentId::DisasterMode => DISASTER_MODE.to_owned(),
            DocumentId::Month(month) => format!("month:{month}"),
            DocumentId::Counters => COUNTERS.to_owned(),
            DocumentId::Ticket(ticket) => format!("ticket:{ticket}"),
            DocumentId::Consent(consent) => format!("consent:{consent}"),
            DocumentId::FoundCard(card) => format!("found-card:{card}"),
        }
    }

    /// The document of such a text.
    pub fn from_text(text: &str) -> Option<DocumentId> {
        if text == DISASTER_MODE {
            return Some(DocumentId::DisasterMode);
        }
        if text == COUNTERS {
            return Some(DocumentId::Counters);
        }
        match text.split_once(':')? {
            ("visit", visit) => Some(DocumentId::Visit(VisitId::new(visit))),
            ("patient", patient) => Some(DocumentId::Patient(PatientId::new(patient))),
            ("month", month) => Month::parse(month).map(DocumentId::Month),
            ("ticket", ticket) => Some(DocumentId::Ticket(TicketId::new(ticket))),
            ("consent", consent) => Some(DocumentId::Consent(ConsentId::new(consent))),
            ("found-card", card) => Some(DocumentId::FoundCard(FoundCardId::new(card))),
            _ => None,
        }
    }

    /// Its class and its name within, as they are sealed.
    pub(super) fn sealed_as(&self) -> (DocumentClass, Vec<u8>) {
        match self {
            DocumentId::Visit(visit) => (DocumentClass::VISIT, visit.as_str().as_bytes().to_vec()),
            DocumentId::Patient(patient) => (DocumentClass::PATIENT, patient.as_str().as_bytes().to_vec()),
            DocumentId::DisasterMode => (DocumentClass::SETTINGS, DISASTER_MODE.as_bytes().to_vec()),
            DocumentId::Month(month) => (DocumentClass::MONTH, month.to_string().into_bytes()),
            DocumentId::Counters => (DocumentClass::SETTINGS, COUNTERS.as_bytes().to_vec()),
            DocumentId::Ticket(_) | DocumentId::Consent(_) | DocumentId::FoundCard(_) => {
                (DocumentClass::ARRIVAL, self.to_text().into_bytes())
            }
        }
    }

    /// The document an opened record belongs to; none for a class this version does not know.
    pub(super) fn of(change: &Change) -> Option<DocumentId> {
        let name = std::str::from_utf8(&change.id).ok()?;
        match change.class {
            DocumentClass::VISIT => Some(DocumentId::Visit(VisitId::new(name))),
            DocumentClass::PATIENT => Some(DocumentId::Patient(PatientId::new(name))),
            DocumentClass::SETTINGS if name == DISASTER_MODE => Some(DocumentId::DisasterMode),
            DocumentClass::MONTH => Month::parse(name).map(DocumentId::Month),
            DocumentClass::SETTINGS if name == COUNTERS => Some(DocumentId::Counters),
            DocumentClass::ARRIVAL => {
                let of_class = |id: &DocumentId| {
                    matches!(id, DocumentId::Ticket(_) | DocumentId::Consent(_) | DocumentId::FoundCard(_))
                };
                DocumentId::from_text(name).filter(of_class)
            }
            _ => None,
        }
    }
}

/// A document in memory, to be written to.
pub struct Loaded {
    id: DocumentId,
    document: Document,
    /// when the latest of its facts happened
    pub latest: Option<Timestamp>,
}

impl Loaded {
    /// A document nobody has written to yet.
    pub fn new(id: &DocumentId, writer: &Writer) -> Loaded {
        Loaded { id: id.clone(), document: Document::new(writer), latest: None }
    }
}

/// What the signer of a kept record was, and whether it opens, as the store has it.
pub(super) mod standing {
    /// the signer is not known yet
    pub const UNKNOWN: i64 = 0;
    /// signed by a box of the facility
    pub const COUNTS: i64 = 1;
    /// signed by a hub
    pub const HUB: i64 = 2;
    /// signed by a box that had been revoked
    pub const REVOKED: i64 = 3;
    /// what it says cannot be read; kept and forwarded
    pub const UNREADABLE: i64 = 4;
    /// only its number is left
    pub const REMOVED: i64 = 9;
}

pub(super) const fn standing_code(of: Standing) -> i64 {
    match of {
        Standing::Unknown => standing::UNKNOWN,
        Standing::Member(Role::Box) => standing::COUNTS,
        Standing::Member(Role::Hub) => standing::HUB,
        Standing::Revoked => standing::REVOKED,
    }
}

/// The name of a record in the store: document, then the beginning of its hash.
pub(super) fn name_of(record: &SealedRecord) -> [u8; 24] {
    name(record.header().document, record.hash().prefix())
}

/// The first and the last name the records of a document can have.
pub(super) fn names_of(tag: DocumentTag) -> [[u8; 24]; 2] {
    [name(tag, [0; HASH_PREFIX_BYTES]), name(tag, [0xff; HASH_PREFIX_BYTES])]
}

fn name(tag: DocumentTag, prefix: [u8; HASH_PREFIX_BYTES]) -> [u8; 24] {
    let mut name = [0; 24];
    name[..16].copy_from_slice(tag.as_bytes());
    name[16..].copy_from_slice(&prefix);
    name
}

/// The facts in the changes of a document.
fn read_facts<F: Written>(document: &Document) -> Stored<Vec<Recorded<F>>> {
    let mut facts = Vec::new();
    for (entry, text) in document.entries() {
        facts.extend(super::from_text::<Entry<F>>(text)?.recorded(entry));
    }
    Ok(facts)
}

/// What a change says that came by itself.
pub(super) fn facts_in<F: Written>(chunk: &[u8]) -> Stored<Vec<Recorded<F>>> {
    let mut document = Document::new(&Writer::from_random([0; 16]));
    document.read([chunk])?;
    read_facts(&document)
}

impl Reading<'_> {
    /// Loads a document with its facts, in no particular order; one that was never written has none.
    pub fn load<F: Written>(&self, id: &DocumentId, writer: &Writer) -> Stored<(Loaded, Vec<Recorded<F>>)> {
        let (class, name) = id.sealed_as();
        let tag = self.vault.tag(class, &name).ok_or(Refusal::UnknownKey)?;
        let changes = self.changes_of(tag)?;
        let mut document = Document::new(writer);
        document.read(changes.iter().map(|change| change.chunk.as_slice()))?;
        let facts = read_facts(&document)?;
        let latest = facts.iter().map(|fact| fact.at).max();
        Ok((Loaded { id: id.clone(), document, latest }, facts))
    }

    /// The facts of a document, for readers that write nothing.
    pub fn facts<F: Written>(&self, id: &DocumentId) -> Stored<Vec<Recorded<F>>> {
        Ok(self.load(id, &Writer::from_random([0; 16]))?.1)
    }

    /// The changes of a document that count, from single records and snapshots; what a snapshot stands for that counts is read from
    /// there. A record whose key has not come, or was destroyed, is passed over; one that was read before and now does not open is
    /// damage, and is told.
    pub(super) fn changes_of(&self, tag: DocumentTag) -> Stored<Vec<Change>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT sealed FROM record WHERE name BETWEEN ?1 AND ?2 AND standing = ?3 \
                 AND NOT EXISTS (SELECT 1 FROM stood_for s JOIN record n ON n.seq = s.snapshot \
                 WHERE s.record = record.seq AND n.standing = ?3)",
        )?;
        let [first, last] = names_of(tag);
        let mut rows = statement.query(params![first, last, standing::COUNTS])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.extend(self.opened(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?);
        }
        Ok(changes)
    }

    fn opened(&self, sealed: &[u8]) -> Stored<Vec<Change>> {
        let record = SealedRecord::parse(sealed)?;
        match self.vault.open_kept(&record) {
            Ok(opened) => contents(&record, opened),
            Err(Refusal::UnknownKey | Refusal::DestroyedKey) => Ok(Vec::new()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Every document that can be opened, in the order it was first written.
    pub fn documents(&self) -> Stored<Vec<DocumentId>> {
        let mut statement = self.connection.prepare(
            "SELECT sealed FROM record WHERE seq IN (SELECT min(seq) FROM record WHERE standing = ?1 AND name >= ?2 \
             GROUP BY substr(name, 1, 16)) ORDER BY seq",
        )?;
        let [_, last_of_facility] = names_of(DocumentTag::FACILITY);
        let rows = statement.query_map(params![standing::COUNTS, last_of_facility], |row| row.get::<_, Vec<u8>>(0))?;
        let mut documents = Vec::new();
        for sealed in rows {
            match self.opened(&sealed?) {
                Ok(changes) => documents.extend(changes.first().and_then(DocumentId::of)),
                Err(StoreError::Unreadable(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(documents)
    }
}

impl Writing<'_> {
    /// Adds an entry to a document as one change, under an id that was never used before: sealed, signed, and at the end of the log.
    pub fn append<F: Written>(&self, loaded: &mut Loaded, id: &str, entry: &Entry<F>, now: Timestamp) -> Stored<()> {
        let kept = loaded.document.append(id, super::to_text(entry), now.as_ms())?;
        let (class, name) = loaded.id.sealed_as();
        let record = self.vault.seal(&Change { class, id: name, chunk: kept.change }, now)?;
        self.keep_record(&record, standing::COUNTS)?;
        loaded.latest = loaded.latest.max(Some(entry.at));
        Ok(())
    }

    /// Puts a record at the end of the log; its number.
    pub(super) fn keep_record(&self, record: &SealedRecord, standing: i64) -> Stored<i64> {
        self.transaction
            .prepare_cached("INSERT INTO record (name, standing, sealed) VALUES (?1, ?2, ?3)")?
            .execute(params![name_of(record), standing, record.bytes()])?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// Notes that a document, or a record of one, cannot be read.
    pub fn quarantine(&self, what: &str, why: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO quarantine (document, why, at_ms) VALUES (?1, ?2, ?3)")?
            .execute(params![what, why, now.as_ms()])?;
        Ok(())
    }
}
