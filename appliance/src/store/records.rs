//! Documents in the store: load, append.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use domain::fact::{Entry, PatientId, Recorded, VisitId};
use domain::written::Written;
use rusqlite::params;
use sync::replica::{Document, Kept, Writer};

/// Which document: its kind and the id of the thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// a visit
    Visit(VisitId),
    /// a patient
    Patient(PatientId),
}

impl DocumentId {
    /// As it stands in the store.
    pub fn to_text(&self) -> String {
        match self {
            DocumentId::Visit(visit) => format!("visit:{visit}"),
            DocumentId::Patient(patient) => format!("patient:{patient}"),
        }
    }

    /// From the store.
    pub fn from_text(text: &str) -> Option<DocumentId> {
        match text.split_once(':')? {
            ("visit", id) => Some(DocumentId::Visit(VisitId::new(id))),
            ("patient", id) => Some(DocumentId::Patient(PatientId::new(id))),
            _ => None,
        }
    }
}

/// A document in memory, to be written to.
pub struct Loaded {
    id: String,
    document: Document,
    /// when the latest of its facts happened
    pub latest: Option<Timestamp>,
}

impl Loaded {
    /// A document nobody has written to yet.
    pub fn new(id: &DocumentId, writer: &Writer) -> Loaded {
        Loaded { id: id.to_text(), document: Document::new(writer), latest: None }
    }
}

impl Reading<'_> {
    /// Loads a document with its facts, in no particular order; one that was never written has none.
    pub fn load<F: Written>(&self, id: &DocumentId, writer: &Writer) -> Stored<(Loaded, Vec<Recorded<F>>)> {
        let id = id.to_text();
        let kept = self.changes_of(&id)?;
        let document = Document::load(writer, &kept)?;
        let mut facts = Vec::new();
        for (entry, text) in document.entries() {
            facts.extend(super::from_text::<Entry<F>>(text)?.recorded(entry));
        }
        let latest = facts.iter().map(|fact| fact.at).max();
        Ok((Loaded { id, document, latest }, facts))
    }

    /// The facts of a document, for readers that write nothing.
    pub fn facts<F: Written>(&self, id: &DocumentId) -> Stored<Vec<Recorded<F>>> {
        Ok(self.load(id, &Writer::from_random([0; 16]))?.1)
    }

    fn changes_of(&self, id: &str) -> Stored<Vec<Kept>> {
        let mut statement =
            self.connection.prepare_cached("SELECT change, hash FROM record WHERE document = ?1 ORDER BY seq")?;
        let rows = statement.query_map([id], |row| Ok(Kept { change: row.get(0)?, hash: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every document, in the order it was first written.
    pub fn documents(&self) -> Stored<Vec<DocumentId>> {
        let mut statement =
            self.connection.prepare("SELECT document FROM record GROUP BY document ORDER BY min(seq)")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let texts = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(texts.iter().filter_map(|text| DocumentId::from_text(text)).collect())
    }
}

impl Writing<'_> {
    /// Adds an entry to a document as one change, under an id that was never used before.
    pub fn append<F: Written>(&self, loaded: &mut Loaded, id: &str, entry: &Entry<F>, now: Timestamp) -> Stored<()> {
        let kept = loaded.document.append(id, super::to_text(entry), now.as_ms())?;
        self.transaction
            .prepare_cached("INSERT INTO record (document, change, hash, recorded_at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![loaded.id, kept.change, kept.hash, now.as_ms()])?;
        loaded.latest = loaded.latest.max(Some(entry.at));
        Ok(())
    }

    /// Notes that a document cannot be read.
    pub fn quarantine(&self, id: &DocumentId, why: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO quarantine (document, why, at_ms) VALUES (?1, ?2, ?3)")?
            .execute(params![id.to_text(), why, now.as_ms()])?;
        Ok(())
    }
}
