//! The one inbox: everything that happens comes in here.

use super::answer::Heard;
use super::reply::Reply;
use crate::store::{
    About, DeviceNotes, FormBatch, JournalRow, PlaceRow, RequestRow, StoreError, TrailEntry, UseRow, Writing,
};
use domain::fact::{Author, QuestionId};
use domain::link::Cause;
use domain::text::Text;
use domain::{Date, Timestamp};
use sync::facility::Statement;
use sync::feed::{Acknowledged, Arrival, Cursor, Outcome};
use sync::seal::{BoxId, Standing};
use tokio::sync::{mpsc, oneshot};
use web::port::{DeskCommand, IdempotencyKey, Saved, SubmitError, Unavailable};

/// An input.
pub enum Input {
    /// somebody hands something in
    Command {
        /// who
        by: Author,
        /// at which counter
        counter: String,
        /// for repetitions
        key: Option<IdempotencyKey>,
        /// what
        command: Box<DeskCommand>,
        /// where the outcome goes
        reply: Reply<Result<Saved, SubmitError>>,
    },
    /// something came from the terminal
    Heard(Box<Heard>, Reply<Result<(), Unavailable>>),
    /// the courier wants to hand a request over: write the intent down first
    Intend(HandOver, Reply<Result<Intended, Unavailable>>),
    /// the request file is known to be published
    Released(String, Reply<Result<(), Unavailable>>),
    /// a request certainly was not handed over: try later
    NotHandedOver {
        /// which
        hand_over: HandOver,
        /// not before
        due_at: Timestamp,
        /// what went wrong
        problem: Text,
        /// it would be refused again as it is, because of this
        refused: Option<Cause>,
        /// where the outcome goes
        reply: Reply<Result<(), Unavailable>>,
    },
    /// questions that were handed over too long ago
    Wedge(Vec<QuestionId>, Reply<Result<(), Unavailable>>),
    /// questions that have been out for longer than anybody at the desk waits, and who is silent
    Silent(Vec<QuestionId>, Cause, Reply<Result<(), Unavailable>>),
    /// links changed
    Links(Vec<JournalRow>, Reply<Result<(), Unavailable>>),
    /// what the box is to remember of its devices
    Devices(Box<DeviceNotes>, Reply<Result<(), Unavailable>>),
    /// the process is about to end: finish what waits, close the store, and say so
    Stop(Reply<()>),
    /// asks whether the writer works, and for nothing else
    SignOfLife(Reply<()>),
    /// records from other boxes, and what is known of those boxes' logs
    Feed(FeedInput),
    /// the nightly look: what is past its period is forgotten
    ForgetWhatIsDue(Reply<Result<(), Unavailable>>),
    /// the nightly work: a part of the documents that are due get a snapshot. True when there is more
    MakeSnapshots(Reply<Result<bool, Unavailable>>),
    /// somebody looked into the copy of this box that was noticed
    CopyDealtWith(Reply<Result<(), Unavailable>>),
    /// numbers for blank declarations
    ReserveForms {
        /// the day they begin with
        day: Date,
        /// for repetitions
        request: Option<String>,
        /// how many
        forms: u32,
        /// where the numbers go
        reply: Reply<Result<FormBatch, Unavailable>>,
    },
    /// an account, a session
    Account(AccountInput, Reply<Result<(), Unavailable>>),
    /// people: their accounts, and what the trail says of it
    People(PeopleWork, Reply<Result<(), PeopleDeclined>>),
    /// what people looked at
    Viewed(Vec<TrailEntry>, Reply<Result<(), Unavailable>>),
}

/// What is to be written about people, wholly or not at all.
pub type PeopleWork = Box<dyn FnOnce(&Writing<'_>, Timestamp) -> Result<(), PeopleDeclined> + Send>;

/// Why nothing was written about people.
#[derive(Debug)]
pub enum PeopleDeclined {
    /// what is wrong at which field
    Refused(&'static str, Text),
    /// the store failed
    Store(StoreError),
    /// nothing was kept, for a reason that others shared
    Unavailable(Unavailable),
}

impl From<StoreError> for PeopleDeclined {
    fn from(error: StoreError) -> PeopleDeclined {
        PeopleDeclined::Store(error)
    }
}

impl Input {
    /// Nothing that any page shows changes by it.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self, Input::Viewed(..))
    }
}

/// A request about to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// its name and what it is about
    pub request: RequestRow,
    /// the questions in it; none for a fetch
    pub questions: Vec<QuestionId>,
}

impl HandOver {
    /// One question under a name.
    pub fn one(question: QuestionId, suffix: &str, identifier: &str, made_at: Timestamp) -> HandOver {
        let request = RequestRow {
            suffix: suffix.to_owned(),
            identifier: identifier.to_owned(),
            about: About::Question(question.clone()),
            made_at,
            released: false,
        };
        HandOver { request, questions: vec![question] }
    }
}

/// What became of the intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intended {
    /// durable: hand it over
    Yes,
    /// something in it no longer waits to be handed over
    No,
}

/// What the feed writes.
pub enum FeedInput {
    /// records, and how far a peer's log has been read with them
    TakeIn {
        /// the records
        arrivals: Vec<Arrival>,
        /// whose log, and how far
        pulled: Option<(BoxId, Cursor)>,
        /// where the outcome goes
        reply: Reply<Result<Vec<Outcome>, Unavailable>>,
    },
    /// what of ours a peer may still offer
    Have {
        /// the peer
        peer: BoxId,
        /// records after this one
        after: u64,
        /// becomes `after`
        next: u64,
        /// where the outcome goes
        reply: Reply<Result<(), Unavailable>>,
    },
    /// what a peer has of ours
    Acknowledged(BoxId, Vec<Acknowledged>, Reply<Result<(), Unavailable>>),
    /// what a record turned out to be whose signer was unknown
    Settle(u64, Option<Standing>, Reply<Result<(), Unavailable>>),
    /// what the peers used of their budgets
    Uses(Vec<UseRow>, Reply<Result<(), Unavailable>>),
    /// a question of a box that is gone is taken over
    Adopt(QuestionId, Reply<Result<(), Unavailable>>),
    /// a statement of this box about who belongs to the facility
    State(Box<Statement>, Reply<Result<(), Unavailable>>),
    /// the statement that puts this member out
    PutOut(BoxId, Box<Statement>, Reply<Result<(), Unavailable>>),
    /// the keys of those put out have been replaced
    Rotated(Reply<Result<(), Unavailable>>),
    /// where a member is reached
    Place(PlaceRow, Reply<Result<(), Unavailable>>),
    /// who lacks something since when
    Behind(Vec<(BoxId, Timestamp)>, Reply<Result<(), Unavailable>>),
}

/// What is kept about accounts.
pub enum AccountInput {
    /// a first account
    FirstAccount(crate::store::StaffRow),
    /// a session was used
    Touch([u8; 32]),
    /// an API token
    ApiToken {
        /// hash of the token
        token_hash: [u8; 32],
        /// id that stands in facts
        author: String,
        /// what it is for
        name: String,
    },
}

/// The sending side of the inbox. Cheap to clone.
#[derive(Clone)]
pub struct Inbox(mpsc::Sender<Input>);

/// Most inputs that may wait; more senders wait with theirs.
const CAPACITY: usize = 1024;

impl Inbox {
    pub(super) fn new() -> (Inbox, mpsc::Receiver<Input>) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        (Inbox(sender), receiver)
    }

    /// Hands in an input and waits for its outcome, which comes after the commit.
    pub async fn send<T: Send + 'static>(&self, input: impl FnOnce(Reply<T>) -> Input) -> Option<T> {
        let (reply, outcome) = oneshot::channel();
        self.0.send(input(Reply::new(reply))).await.ok()?;
        outcome.await.ok()
    }

    /// The same, for a thread that may wait.
    pub fn send_waiting<T: Send + 'static>(&self, input: impl FnOnce(Reply<T>) -> Input) -> Option<T> {
        let (reply, outcome) = oneshot::channel();
        self.0.blocking_send(input(Reply::new(reply))).ok()?;
        outcome.blocking_recv().ok()
    }
}
