//! The writer: the only thread that writes. It takes whatever waits in the inbox, does each input in a savepoint of its own,
//! commits once for all of them, and only then says "saved". Eight desks that save at once share one barrier of the disk.

use super::inbox::{FeedInput, Inbox, Input, PeopleDeclined};
use super::reply::Reply;
use super::who::Told;
use super::work::{Declined, Work};
use super::{DeskSettings, account, adoption, answer, forgetting, job};
use crate::clock::Clock;
use crate::metrics::Figures;
use crate::recognition::Recognition;
use crate::store::{Checkpointer, StoreError, Stored, TakingIn, Writing};
use crate::vault::Vault;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::watch;
use uuid::ContextV7;
use web::port::{LinkReport, SubmitError, Unavailable};

/// Most inputs committed together.
const MOST_TOGETHER: usize = 64;

/// Longest wait for company: a tenth of a slow disk's barrier.
const GATHERING_STEPS: u32 = 4;
const GATHERING_STEP: Duration = Duration::from_micros(50);

pub(super) struct Writer {
    connection: Connection,
    checkpointer: Checkpointer,
    settings: Arc<DeskSettings>,
    clock: Clock,
    links: Arc<RwLock<LinkReport>>,
    revisions: watch::Sender<u64>,
    author: sync::replica::Writer,
    ids: ContextV7,
    recognition: Arc<Recognition>,
    told: Told,
    vault: Arc<Vault>,
    figures: Arc<Figures>,
}

/// What the writer writes to.
pub(super) struct OpenStore {
    pub connection: Connection,
    pub checkpointer: Checkpointer,
    pub vault: Arc<Vault>,
}

/// An outcome that waits for the commit.
type AfterCommit = Box<dyn FnOnce(Result<u64, Unavailable>) + Send>;

impl Writer {
    pub(super) fn new(
        store: OpenStore,
        settings: Arc<DeskSettings>,
        clock: Clock,
        links: Arc<RwLock<LinkReport>>,
        revisions: watch::Sender<u64>,
        recognition: Arc<Recognition>,
        figures: Arc<Figures>,
    ) -> Stored<Writer> {
        let OpenStore { connection, checkpointer, vault } = store;
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(|e| StoreError::Key(e.to_string()))?;
        let author = sync::replica::Writer::from_random(random);
        Ok(Writer {
            connection,
            checkpointer,
            settings,
            clock,
            links,
            revisions,
            author,
            ids: ContextV7::new(),
            recognition,
            told: Told::default(),
            vault,
            figures,
        })
    }

    pub(super) fn start(mut self) -> Inbox {
        let (inbox, receiver) = Inbox::new();
        std::thread::Builder::new()
            .name("desk-writer".to_owned())
            .spawn(move || {
                let stopped = self.run(receiver);
                self.copy_the_log();
                drop(self); // closes the store
                stopped.into_iter().for_each(|reply| reply.send(()));
            })
            .map(|_| inbox)
            .unwrap_or_else(|_| Inbox::new().0) // no thread: every command is told that nothing was kept
    }

    /// A box that stops leaves everything in the database itself, also while somebody still reads: whoever copies the file has it all.
    fn copy_the_log(&self) {
        if let Err(error) = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the log stays beside the database; nothing is lost"
            );
        }
    }

    /// Works until somebody asks it to stop, or nobody can hand anything in any more.
    fn run(&mut self, mut receiver: Receiver<Input>) -> Vec<Reply<()>> {
        let mut stopped = Vec::new();
        let mut company = 1;
        while stopped.is_empty() {
            let Some(first) = receiver.blocking_recv() else { break };
            let mut coming = Coming::new(first, &mut receiver, company);
            self.commit_together(&mut coming);
            let taken = coming.taken;
            stopped = coming.stopped;
            // Whoever was just answered and whoever is waiting already may all come again at once.
            company = taken + receiver.len();
        }
        stopped
    }

    fn commit_together(&mut self, coming: &mut Coming<'_>) {
        let mut waiting: Vec<AfterCommit> = Vec::new();
        let began = Instant::now();
        let outcome = self.transact(coming, &mut waiting);
        if coming.taken == 0 {
            return;
        }
        self.figures.committed(began.elapsed(), coming.taken, outcome.is_ok());
        let revision = match &outcome {
            Ok(()) => {
                if !coming.is_quiet {
                    self.revisions.send_modify(|revision| *revision += 1);
                }
                Some(*self.revisions.borrow())
            }
            Err(error) => {
                tracing::error!(error = error as &dyn std::error::Error, inputs = waiting.len(), "nothing was kept");
                None
            }
        };
        for reply in waiting {
            reply(revision.ok_or_else(|| Unavailable("the transaction failed".into())));
        }
        self.checkpointer.committed();
    }

    /// Does what is there, and what comes while it is being done; then commits once.
    fn transact(&mut self, coming: &mut Coming<'_>, waiting: &mut Vec<AfterCommit>) -> Stored<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let links = self.links.read().map_or_else(|e| e.into_inner().links.clone(), |report| report.links.clone());
        let revision = *self.revisions.borrow() + 1;
        let mut work = Work {
            writing: Writing::inside(&transaction, &self.vault),
            settings: &self.settings,
            author: &self.author,
            recognition: &self.recognition,
            told: &self.told,
            now: self.clock.now(),
            links,
            revision,
            ids: &self.ids,
            is_alone: coming.is_alone,
            is_taken_back: false,
        };
        while let Some(input) = coming.next() {
            do_one(&mut work, input, waiting);
        }
        if work.is_taken_back {
            return Ok(transaction.rollback()?);
        }
        let links = work.links.clone();
        // A key that was made for these records goes out with them.
        work.writing.grant_what_is_due()?;
        let doomed = work.writing.reading().doomed_keys()?;
        transaction.commit().inspect_err(|_| self.vault.grants_are_due())?;
        if let Err(error) = forgetting::destroy(&mut self.connection, &self.vault, &doomed) {
            tracing::error!(error = &error as &dyn std::error::Error, "keys are destroyed at the next commit");
        }
        match self.links.write() {
            Ok(mut report) => report.links = links,
            Err(poisoned) => poisoned.into_inner().links = links,
        }
        Ok(())
    }
}

/// The inputs of one transaction, as they come. Where several desks were busy a moment ago, their next inputs are worth a moment's
/// wait, because one barrier of the disk serves all; a desk that works alone never waits.
struct Coming<'a> {
    first: Option<Input>,
    receiver: &'a mut Receiver<Input>,
    company: usize,
    patience: u32,
    /// the first has the transaction for itself: nobody else waits, and nobody is expected
    is_alone: bool,
    taken: usize,
    /// nothing in it that any page shows
    is_quiet: bool,
    stopped: Vec<Reply<()>>,
}

impl<'a> Coming<'a> {
    fn new(first: Input, receiver: &'a mut Receiver<Input>, company: usize) -> Coming<'a> {
        let patience = if company > 1 { GATHERING_STEPS } else { 0 };
        let is_alone = company <= 1 && receiver.is_empty();
        Coming {
            first: Some(first),
            receiver,
            company,
            patience,
            is_alone,
            taken: 0,
            is_quiet: true,
            stopped: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Input> {
        let most = if self.is_alone { 1 } else { MOST_TOGETHER };
        loop {
            let next = match self.first.take() {
                Some(first) => Some(first),
                None if self.taken >= most => None,
                None => self.wait_for_next(),
            };
            match next? {
                Input::Stop(reply) => {
                    self.stopped.push(reply);
                    return None;
                }
                Input::SignOfLife(reply) => reply.send(()),
                input => {
                    self.taken += 1;
                    self.is_quiet &= input.is_quiet();
                    return Some(input);
                }
            }
        }
    }

    fn wait_for_next(&mut self) -> Option<Input> {
        loop {
            match self.receiver.try_recv() {
                Ok(next) => return Some(next),
                Err(TryRecvError::Empty) if self.patience > 0 && self.taken < self.company => {
                    self.patience -= 1;
                    std::thread::sleep(GATHERING_STEP);
                }
                Err(_) => return None,
            }
        }
    }
}

fn do_one(work: &mut Work<'_>, input: Input, waiting: &mut Vec<AfterCommit>) {
    match input {
        Input::Command { by, counter, key, command, reply } => {
            let outcome = work.all_or_nothing(|work| work.command(&by, &counter, key.as_ref(), *command));
            waiting.push(after_commit(reply, outcome.map_err(Declined::into_submit_error), SubmitError::Unavailable));
        }
        Input::Heard(heard, reply) => plain(work, waiting, reply, |work| answer::take(work, *heard)),
        Input::Intend(hand_over, reply) => plain(work, waiting, reply, |work| job::intend(work, &hand_over)),
        Input::Released(suffix, reply) => plain(work, waiting, reply, |work| job::released(work, &suffix)),
        Input::NotHandedOver { hand_over, due_at, problem, refused, reply } => {
            plain(work, waiting, reply, |work| job::not_handed_over(work, &hand_over, due_at, problem, refused));
        }
        Input::Wedge(questions, reply) => plain(work, waiting, reply, |work| job::wedge(work, &questions)),
        Input::Silent(questions, cause, reply) => {
            plain(work, waiting, reply, |work| job::silent(work, &questions, cause));
        }
        Input::Links(rows, reply) => plain(work, waiting, reply, |work| {
            for row in &rows {
                work.writing.keep_journal(row, work.now)?;
                *work.links.get_mut(row.link) = row.state.clone();
            }
            Ok(())
        }),
        Input::Devices(notes, reply) => {
            plain(work, waiting, reply, |work| Ok(work.writing.keep_device_notes(&notes, work.now)?));
        }
        Input::Feed(input) => feed(work, waiting, input),
        Input::ForgetWhatIsDue(reply) => plain(work, waiting, reply, |work| work.forget_what_is_due()),
        Input::MakeSnapshots(reply) => {
            plain(work, waiting, reply, |work| Ok(work.writing.make_snapshots(work.now)?));
        }
        Input::CopyDealtWith(reply) => plain(work, waiting, reply, |work| Ok(work.writing.copy_was_dealt_with()?)),
        Input::ReserveForms { day, request, forms, reply } => plain(work, waiting, reply, |work| {
            Ok(work.writing.reserve_forms(day, request.as_deref(), forms, work.now)?)
        }),
        Input::Account(input, reply) => plain(work, waiting, reply, |work| account::keep(work, input)),
        Input::Stop(_) | Input::SignOfLife(_) => {} // taken out before the transaction
        Input::People(doing, reply) => {
            let outcome = work.all_or_nothing(|work| Ok(doing(&work.writing, work.now)?));
            waiting.push(after_commit(reply, outcome.map_err(people_declined), PeopleDeclined::Unavailable));
        }
        Input::Viewed(entries, reply) => plain(work, waiting, reply, |work| {
            for entry in &entries {
                work.writing.keep_trail(entry, work.now)?;
            }
            Ok(work.writing.key_trail()?)
        }),
    }
}

fn people_declined(declined: Declined) -> PeopleDeclined {
    match declined {
        Declined::Person(at, why) => PeopleDeclined::Refused(at, why),
        other => PeopleDeclined::Unavailable(other.into_unavailable()),
    }
}

fn feed(work: &mut Work<'_>, waiting: &mut Vec<AfterCommit>, input: FeedInput) {
    let with = TakingIn { rules: &work.settings.rules, now: work.now };
    match input {
        FeedInput::TakeIn { arrivals, pulled, reply } => plain(work, waiting, reply, |work| {
            let pulled = pulled.as_ref().map(|(peer, cursor)| (*peer, cursor));
            let outcomes = work.writing.take_in(&arrivals, pulled, with)?;
            super::apart::carry_what_is_due(work)?;
            Ok(outcomes)
        }),
        FeedInput::Have { peer, after, next, reply } => {
            plain(work, waiting, reply, |work| Ok(work.writing.keep_have(peer, after, next)?));
        }
        FeedInput::Acknowledged(peer, acknowledged, reply) => {
            plain(work, waiting, reply, |work| Ok(work.writing.keep_acknowledged(peer, &acknowledged)?));
        }
        FeedInput::Settle(sequence, standing, reply) => {
            plain(work, waiting, reply, |work| {
                work.writing.settle_record(sequence, standing, with)?;
                super::apart::carry_what_is_due(work)
            });
        }
        FeedInput::Uses(uses, reply) => plain(work, waiting, reply, |work| Ok(work.writing.keep_uses(&uses)?)),
        FeedInput::Adopt(question, reply) => plain(work, waiting, reply, |work| adoption::adopt(work, &question)),
        FeedInput::State(statement, reply) => plain(work, waiting, reply, |work| Ok(work.writing.state(&statement)?)),
        FeedInput::PutOut(member, statement, reply) => {
            plain(work, waiting, reply, |work| Ok(work.writing.put_out(member, &statement)?));
        }
        FeedInput::Rotated(reply) => plain(work, waiting, reply, |work| Ok(work.writing.rotated()?)),
        FeedInput::Place(place, reply) => plain(work, waiting, reply, |work| Ok(work.writing.keep_place(&place)?)),
        FeedInput::Behind(behind, reply) => {
            plain(work, waiting, reply, |work| Ok(work.writing.keep_behind(&behind)?))
        }
    }
}

fn plain<T: Send + 'static>(
    work: &mut Work<'_>,
    waiting: &mut Vec<AfterCommit>,
    reply: Reply<Result<T, Unavailable>>,
    doing: impl FnOnce(&mut Work<'_>) -> Result<T, Declined>,
) {
    let outcome = work.all_or_nothing(doing).map_err(Declined::into_unavailable);
    waiting.push(after_commit(reply, outcome, |unavailable| unavailable));
}

fn after_commit<T: Send + 'static, E: Send + 'static>(
    reply: Reply<Result<T, E>>,
    outcome: Result<T, E>,
    failed: impl FnOnce(Unavailable) -> E + Send + 'static,
) -> AfterCommit {
    Box::new(move |committed| {
        reply.send(match committed {
            Ok(_) => outcome,
            Err(unavailable) => outcome.and_then(|_| Err(failed(unavailable))),
        });
    })
}
