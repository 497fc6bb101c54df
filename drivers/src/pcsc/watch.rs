//! The watch over readers and cards.

use std::ffi::CString;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use tokio::sync::watch;

use super::holds::OwnHolds;
use super::next_step::NextStep;
use super::patience::BackOff;
use super::roster::{PcscReader, Roster, readable_name};
use super::service::PcscService;
use super::slot::Sight;
use super::stop::Stop;
use crate::reader::{Clock, Moment};

/// Watches all readers of the service, and the service itself, from one thread with a context of its own.
///
/// Dropping it ends the thread; [`stop`](Self::stop) says so in words.
#[derive(Debug)]
pub struct PcscWatch {
    readers: watch::Receiver<Vec<PcscReader>>,
    service: watch::Receiver<PcscService>,
    heartbeat: watch::Receiver<Moment>,
    stop: Stop,
    wake: Wake,
    thread: Option<JoinHandle<()>>,
}

/// The context somebody may have to wake from its waiting, while there is one.
#[derive(Clone, Default)]
struct Wake(Arc<Mutex<Option<Context>>>);

/// What the thread works with.
struct Watcher {
    clock: Clock,
    holds: OwnHolds,
    roster: Roster,
    service: watch::Sender<PcscService>,
    heartbeat: watch::Sender<Moment>,
    stop: Stop,
    wake: Wake,
}

/// The service no longer answers, or the watch is to end: whatever was obtained from it is dropped.
struct Over;

/// The longest wait for a change. Between two waits the readers are listed again, because a reader that was plugged in
/// between listing and waiting is told by nobody.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How many readers one wait can watch beside the notification of changes: the service refuses more than 16 entries.
const MOST_READERS: usize = 15;
/// How long the end of the watch waits for a service that may hang.
const LONGEST_FAREWELL: Duration = Duration::from_secs(5);
/// Before listing again after the service contradicted itself.
const CONTRADICTION_PAUSE: Duration = Duration::from_millis(50);

impl PcscWatch {
    /// The longest time between two heartbeats of a watch whose service answers or is absent.
    pub const OVERDUE: Duration = Duration::from_secs(10);

    /// Starts watching. The service need not be there yet.
    pub fn start(clock: Clock, holds: OwnHolds) -> io::Result<Self> {
        let (stop, wake) = (Stop::default(), Wake::default());
        let (service_sender, service) = watch::channel(PcscService::Starting { since: clock.now() });
        let (heartbeat_sender, heartbeat) = watch::channel(clock.now());
        let roster = Roster::new(clock.clone());
        let readers = roster.shown();
        let watcher = Watcher {
            clock,
            holds,
            roster,
            service: service_sender,
            heartbeat: heartbeat_sender,
            stop: stop.clone(),
            wake: wake.clone(),
        };
        let thread = std::thread::Builder::new().name("pcsc-watch".to_owned()).spawn(move || watcher.run())?;
        Ok(Self { readers, service, heartbeat, stop, wake, thread: Some(thread) })
    }

    /// The readers seen since the start, those unplugged meanwhile included; a new one makes the list change.
    pub fn readers(&self) -> watch::Receiver<Vec<PcscReader>> {
        self.readers.clone()
    }

    /// Whether the service answers.
    pub fn service(&self) -> watch::Receiver<PcscService> {
        self.service.clone()
    }

    /// When the watch last heard from the service or found it absent. It moves at least every [`Self::OVERDUE`]; one that
    /// stands still means a service that accepts questions and never answers, which only a restart of it cures.
    pub fn heartbeat(&self) -> watch::Receiver<Moment> {
        self.heartbeat.clone()
    }

    /// Ends the thread and gives its context back. Should the service hang, the thread is left to end with it.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.ask();
        let Some(thread) = self.thread.take() else { return };
        let through = Arc::new(());
        let waiting = Arc::downgrade(&through);
        let wake = self.wake.clone();
        // a hanging service would not answer the waking either, so that has a thread of its own
        let waker = std::thread::Builder::new().name("pcsc-wake".to_owned()).spawn(move || {
            // a call that is about to wait does not hear the first one: repeat until the thread is through
            while !thread.is_finished() {
                wake.wake();
                std::thread::park_timeout(Duration::from_millis(5));
            }
            drop(through);
        });
        let give_up = Instant::now() + LONGEST_FAREWELL;
        while waker.is_ok() && waiting.strong_count() > 0 && Instant::now() < give_up {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }
}

impl Drop for PcscWatch {
    fn drop(&mut self) {
        self.end();
    }
}

impl Watcher {
    fn run(mut self) {
        let mut back_off = BackOff::new();
        while !self.stop.is_asked() {
            self.beat();
            if let Ok(context) = Context::establish(Scope::User) {
                back_off = BackOff::new();
                self.wake.put(Some(context.clone()));
                let Over = self.watch(&context);
                self.wake.put(None);
            }
            if !self.stop.is_asked() {
                self.service_is(PcscService::Absent { since: self.clock.now() });
                self.roster.hide_all();
                self.stop.pause(back_off.pause());
            }
        }
    }

    /// Watches until the service is gone or the watch is to end.
    fn watch(&mut self, context: &Context) -> Over {
        let mut entries = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
        loop {
            if let Err(over) = self.round(context, &mut entries) {
                return over;
            }
        }
    }

    /// Lists the readers, waits for a change, and tells it.
    fn round(&mut self, context: &Context, entries: &mut Vec<ReaderState>) -> Result<(), Over> {
        self.list(context, entries)?;
        if self.stop.is_asked() {
            return Err(Over);
        }
        match context.get_status_change(LONGEST_WAIT, entries) {
            Ok(()) => self.tell_all(entries),
            Err(Error::Timeout) => self.tell_after_a_rest(entries),
            Err(error) => self.after(error)?,
        }
        Ok(())
    }

    /// Brings the entries to wait for in line with the readers there are.
    fn list(&mut self, context: &Context, entries: &mut Vec<ReaderState>) -> Result<(), Over> {
        let listed = match context.list_readers_owned() {
            Ok(listed) => listed,
            Err(error) => {
                self.after(error)?;
                Vec::new()
            }
        };
        self.beat();
        self.service_is(PcscService::Present { since: self.clock.now() });
        self.roster.keep_only(&listed);
        entries.retain(|entry| !is_reader(entry) || listed.iter().any(|name| **name == *entry.name()));
        let new: Vec<CString> =
            listed.into_iter().filter(|name| !entries.iter().any(|entry| *entry.name() == **name)).collect();
        entries.extend(new.into_iter().map(|name| ReaderState::new(name, State::UNAWARE)));
        entries.truncate(1 + MOST_READERS);
        Ok(())
    }

    fn tell_all(&mut self, entries: &mut Vec<ReaderState>) {
        for entry in entries.iter_mut() {
            entry.sync_current_state();
            if is_reader(entry) {
                self.tell(entry);
            }
        }
        let before = entries.len();
        // one dead name would spoil every further wait
        entries.retain(|entry| !is_reader(entry) || !entry.event_state().intersects(State::UNKNOWN | State::IGNORE));
        if entries.len() < before {
            self.stop.pause(CONTRADICTION_PAUSE);
        }
    }

    fn tell(&mut self, entry: &ReaderState) {
        match Sight::of(entry.event_state(), entry.event_count()) {
            Some(sight) => self.roster.see(entry.name(), sight),
            None => self.roster.leave(entry.name()),
        }
    }

    /// Nothing changed for a whole wait: a card somebody else has had for itself all that time is reported.
    fn tell_after_a_rest(&mut self, entries: &mut [ReaderState]) {
        for entry in entries.iter_mut().filter(|entry| is_reader(entry)) {
            entry.sync_current_state();
            let held = entry.event_state().contains(State::PRESENT | State::EXCLUSIVE);
            if held && !self.holds.contains(&readable_name(entry.name())) {
                self.roster.see(entry.name(), Sight::HeldCard);
            } else {
                self.tell(entry);
            }
        }
    }

    fn after(&self, error: Error) -> Result<(), Over> {
        match NextStep::after(error) {
            NextStep::KeepGoing => Ok(()),
            NextStep::ListAgain => {
                self.stop.pause(CONTRADICTION_PAUSE);
                Ok(())
            }
            NextStep::CardGone | NextStep::Busy | NextStep::ServiceGone => Err(Over),
        }
    }

    fn beat(&self) {
        self.heartbeat.send_replace(self.clock.now());
    }

    fn service_is(&self, now: PcscService) {
        self.service.send_if_modified(|before| {
            let news = std::mem::discriminant(before) != std::mem::discriminant(&now);
            if news {
                *before = now;
            }
            news
        });
    }
}

/// Everything but the notification of changes.
fn is_reader(entry: &ReaderState) -> bool {
    entry.name() != PNP_NOTIFICATION()
}

impl Wake {
    fn put(&self, context: Option<Context>) {
        *self.slot() = context;
    }

    fn wake(&self) {
        if let Some(context) = &*self.slot() {
            // an error only says that nobody waits or that the service is gone: the thread sees both by itself
            let _nobody_waits = context.cancel();
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Context>> {
        // replaced in one step, so a panic of another holder leaves it whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Wake")
    }
}
