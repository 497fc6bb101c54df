//! What may be handed to the desk.

use super::{
    ApartCommand, CardReadingId, ClaimCommand, ConsentCommand, CounterCommand, FoundCardCommand, InsurerContact,
    LineCommand,
};
use domain::Timestamp;
use domain::case::Flow;
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::fact::{PatientId, QuestionId, VisitId};
use domain::text::Text;
use domain::visit::VisitCommand;

/// A key chosen by the caller so that a command repeated after a lost reply takes effect once. At most 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(pub String);

/// Everything that can be handed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeskCommand {
    /// somebody came to the desk
    CheckIn(Box<CheckIn>),
    /// something happened to a visit; all of it or nothing
    Visit {
        /// which visit
        visit: VisitId,
        /// what, in order; never `Open`
        commands: Vec<VisitCommand>,
    },
    /// ask the national service by number for a visit
    AskByNumber {
        /// which visit
        visit: VisitId,
        /// the keys
        query: NumberQuery,
    },
    /// something about a patient
    Patient {
        /// which patient
        patient: PatientId,
        /// what
        command: PatientCommand,
    },
    /// look up a visit history: answered at once from memory when possible, else queued
    LookUpHistory(HistoryQuery),
    /// something about a job
    Job(JobCommand),
    /// an answer on the shelf belongs to this visit, or to nobody
    ClaimAnswer {
        /// which answer
        answer: String,
        /// the visit it belongs to; `None` = put away
        visit: Option<VisitId>,
    },
    /// erase everything cards are recognised by, of all patients, together with the key it was made with
    EraseCardTokens,
    /// the disaster function is open, or closed, for the facility from now on
    TurnDisasterMode {
        /// open
        open: bool,
        /// by which announcement
        reason: String,
    },
    /// a decision about what counters wrote while they were cut off from each other
    Apart(ApartCommand),
    /// delete one patient with all visits, everywhere
    ForgetPatient(super::ForgetPatient),
    /// something about the claims of a month
    Claims(ClaimCommand),
    /// ask the national service once more for these visits, where no question of theirs is out
    AskAgainAll(Vec<VisitId>),
    /// whom to phone: instead of what was imported before
    ImportInsurers(Vec<InsurerContact>),
    /// something about the counters of the site
    Counters(CounterCommand),
    /// something about the waiting line
    Line(LineCommand),
    /// something about consents given from afar
    Consents(ConsentCommand),
    /// something about cards that were found at the site
    FoundCards(FoundCardCommand),
}

/// Somebody came to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CheckIn {
    /// the patient, when known; otherwise a new patient is registered from `person`
    pub patient: Option<PatientId>,
    /// the clinic's number, for new patients
    pub patient_number: Option<String>,
    /// the person as shown; for a known patient, empty means "as on file"
    pub person: PersonFace,
    /// where the patient is received
    pub flow: Flow,
    /// which counter
    pub counter: Option<String>,
    /// what happens in the same breath (documents shown, nothing changed …)
    pub commands: Vec<VisitCommand>,
}

/// A query by number. Empty parts are taken from what the visit knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberQuery {
    /// insurer, symbol, number, branch
    pub coverage: Coverage,
}

/// Something about a patient.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PatientCommand {
    /// the true spelling of a name
    CorrectName {
        /// as received
        as_received: String,
        /// as on the card face
        corrected: String,
    },
    /// a note to be seen at once
    NoteCare(String),
    /// the clinic's number
    SetNumber(String),
    /// insurance data typed in from a paper
    LearnCoverage(Box<Coverage>),
    /// staff compared the card of this reading with the patient: it may be recognised next time
    RememberCard(CardReadingId),
    /// no card of this patient is recognised any more
    ForgetCards,
}

/// Keys of a visit-history lookup; at least one of kana + birth date, patient number, or insurer + number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HistoryQuery {
    /// name, kana, birth date as far as known
    pub person: PersonFace,
    /// the clinic's number
    pub patient_number: Option<String>,
    /// insurer, symbol, number as far as known
    pub coverage: Coverage,
}

/// Something about jobs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JobCommand {
    /// try this one now
    SendNow(QuestionId),
    /// try all now
    SendAllNow,
    /// no answer will come any more: ask once more, by a person's decision
    AskAgain(QuestionId),
    /// nobody needs the answer any more
    Withdraw {
        /// which
        job: QuestionId,
        /// why
        reason: String,
    },
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    /// the visit it was about
    pub visit: Option<VisitId>,
    /// the patient it was about
    pub patient: Option<PatientId>,
    /// the question that was written down
    pub question: Option<QuestionId>,
    /// what a history lookup found in the box's own memory
    pub found: Vec<PatientId>,
    /// the waiting number, consent or counter it was about
    pub about: Option<String>,
    /// the revision that shows it
    pub revision: u64,
    /// when it was committed
    pub at: Timestamp,
}

/// Why a command was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// the visit is not in the state the command needs; nothing was kept, the caller reads it again
    #[error("the state has changed")]
    StateChanged(Text),
    /// the rules refuse it; nothing was kept, the caller may change it and try again
    #[error("refused at {at}")]
    Refused {
        /// field or step
        at: String,
        /// what is wrong and what to do
        why: Text,
    },
    /// no such visit, patient, job or answer
    #[error("no such {0}")]
    NotFound(&'static str),
    /// the same key was used for another command
    #[error("the idempotency key belongs to another command")]
    KeyReused,
    /// the store failed; nothing was kept
    #[error("nothing was kept")]
    Unavailable(#[source] super::Unavailable),
}
