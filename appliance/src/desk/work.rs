//! The inside of one transaction: what every handler needs.

use super::DeskSettings;
use super::inbox::PeopleDeclined;
use crate::recognition::Recognition;
use crate::store::{DocumentId, Loaded, StoreError, Writing};
use domain::Timestamp;
use domain::fact::{Author, Entry, QuestionId, Recorded, VisitId};
use domain::link::Links;
use domain::text::Text;
use domain::visit::Refused;
use domain::written::Written;
use uuid::{ContextV7, Uuid};
use web::port::{SubmitError, Unavailable};

/// One transaction's view of the desk.
pub(super) struct Work<'a> {
    pub writing: Writing<'a>,
    pub settings: &'a DeskSettings,
    pub author: &'a sync::replica::Writer,
    pub now: Timestamp,
    pub links: Links,
    pub revision: u64,
    pub ids: &'a ContextV7,
    pub recognition: &'a Recognition,
    pub told: &'a super::who::Told,
    /// one input has the transaction for itself and needs no savepoint: when it is declined, the whole transaction is taken back
    pub is_alone: bool,
    pub is_taken_back: bool,
}

/// Why an input was not kept.
#[derive(Debug)]
pub(super) enum Declined {
    StateChanged(Text),
    Refused {
        at: String,
        why: Text,
    },
    NotFound(&'static str),
    KeyReused,
    /// about people, at a field
    Person(&'static str, Text),
    Store(StoreError),
}

impl From<PeopleDeclined> for Declined {
    fn from(declined: PeopleDeclined) -> Declined {
        match declined {
            PeopleDeclined::Refused(at, why) => Declined::Person(at, why),
            PeopleDeclined::Store(error) => Declined::Store(error),
            PeopleDeclined::Unavailable(_) => Declined::NotFound("people"),
        }
    }
}

impl From<StoreError> for Declined {
    fn from(error: StoreError) -> Declined {
        Declined::Store(error)
    }
}

impl From<Refused> for Declined {
    fn from(refused: Refused) -> Declined {
        match refused {
            Refused::StateChanged(why) => Declined::StateChanged(why),
            Refused::At { at, why } => Declined::Refused { at: at.to_owned(), why },
        }
    }
}

impl Declined {
    pub(super) fn refused(at: &str, ja: &str, en: &str) -> Declined {
        Declined::Refused { at: at.to_owned(), why: Text::new(ja, en) }
    }

    pub(super) fn into_submit_error(self) -> SubmitError {
        match self {
            Declined::StateChanged(why) => SubmitError::StateChanged(why),
            Declined::Refused { at, why } => SubmitError::Refused { at, why },
            Declined::Person(at, why) => SubmitError::Refused { at: at.to_owned(), why },
            Declined::NotFound(what) => SubmitError::NotFound(what),
            Declined::KeyReused => SubmitError::KeyReused,
            Declined::Store(error) => SubmitError::Unavailable(Unavailable(Box::new(error))),
        }
    }

    pub(super) fn into_unavailable(self) -> Unavailable {
        match self {
            Declined::Store(error) => Unavailable(Box::new(error)),
            Declined::StateChanged(_) => Unavailable("the state has changed".into()),
            Declined::Person(at, _) => Unavailable(format!("refused at {at}").into()),
            Declined::Refused { at, .. } => Unavailable(format!("refused at {at}").into()),
            Declined::NotFound(what) => Unavailable(format!("no such {what}").into()),
            Declined::KeyReused => Unavailable("key reused".into()),
        }
    }
}

impl Work<'_> {
    /// Does something wholly or not at all: when it is declined, nothing of it stays, and the others in the transaction go on.
    pub(super) fn all_or_nothing<T>(
        &mut self,
        doing: impl FnOnce(&mut Self) -> Result<T, Declined>,
    ) -> Result<T, Declined> {
        if self.is_alone {
            return doing(self).inspect_err(|_| self.is_taken_back = true);
        }
        self.in_savepoint(doing)
    }

    /// Does a part of something wholly or not at all.
    pub(super) fn in_savepoint<T>(
        &mut self,
        doing: impl FnOnce(&mut Self) -> Result<T, Declined>,
    ) -> Result<T, Declined> {
        let links = self.links.clone();
        self.writing.savepoint()?;
        match doing(self) {
            Ok(done) => {
                self.writing.release()?;
                Ok(done)
            }
            Err(declined) => {
                self.links = links;
                self.writing.roll_back()?;
                Err(declined)
            }
        }
    }

    /// A new id. Sorts by time of making, also within one millisecond.
    pub(super) fn new_id(&self) -> String {
        let ms = self.now.as_ms().max(0).unsigned_abs();
        let nanos = u32::try_from(ms % 1000).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(self.ids, ms / 1000, nanos)).simple().to_string()
    }

    /// A new id for a question of a visit. It begins with the visit's own, so that the questions of a visit stand together, and is
    /// no longer than what the terminal is asked by.
    pub(super) fn new_question(&self, visit: &VisitId) -> QuestionId {
        let id = self.new_id();
        QuestionId::new(format!("{visit}.{}", id.get(25..).unwrap_or(&id)))
    }

    /// When the next facts of a document happen: now, and always later than what they follow, should the clock have jumped back or
    /// stood still. What is taken back must not come again because of the clock.
    pub(super) fn time_after(&self, loaded: &Loaded) -> Timestamp {
        loaded.latest.map_or(self.now, |latest| latest.plus_ms(1).max(self.now))
    }

    /// Adds facts to a document as one change.
    pub(super) fn append<F: Written>(&self, loaded: &mut Loaded, by: &Author, facts: Vec<F>) -> Result<(), Declined> {
        if facts.is_empty() {
            return Ok(());
        }
        let entry = Entry { at: self.time_after(loaded), by: by.clone(), facts };
        Ok(self.writing.append(loaded, &self.new_id(), &entry, self.now)?)
    }

    /// Loads a document; a corrupt one is quarantined by name and refused, the others go on.
    pub(super) fn load<F: Written>(&self, id: &DocumentId) -> Result<(Loaded, Vec<Recorded<F>>), Declined> {
        match self.writing.reading().load(id, self.author) {
            Ok(loaded) => Ok(loaded),
            Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => Err(Declined::refused(
                "record",
                "この記録は読み取れません（他の記録には影響ありません）。技術担当に連絡し、新しい受付として入力してください。",
                "This record cannot be read (all others are fine). Tell the technician and enter it as a new check-in.",
            )),
            Err(error) => Err(error.into()),
        }
    }
}
