//! The terminal itself: takes requests from its doors, asks the service, lets the faults play, and delivers.
//! One [`Device::tick`] is one look around; nothing here waits or reads a clock of its own.

mod cards;
mod delivery;
mod intake;

use super::answers::{AnswerShape, Context};
use super::clock::SimClock;
use super::encoding::SimEncoding;
use super::faults::{FaultKind, FaultScope, FaultTrigger, Faults};
use super::folder::{Place, SimFolders};
use super::mailbox::Mailbox;
use super::node::Node;
use super::requests::{self, Kind, Rejection, Request, Search};
use super::service::Service;
use delivery::Parcel;
use domain::{Date, Timestamp};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the terminal is set up; see the fields of the same names in `SimConfig`.
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) institution: String,
    pub(crate) encoding: SimEncoding,
    pub(crate) shape: AnswerShape,
    pub(crate) folders: Option<SimFolders>,
    pub(crate) has_mailbox: bool,
    pub(crate) answer_after_ms: u32,
    pub(crate) bulk_busy_polls: u32,
    pub(crate) bulk_processing_ms: u32,
    pub(crate) result_stay_ms: Option<i64>,
    pub(crate) atomic_writes: bool,
    pub(crate) max_request_bytes: u64,
}

/// Which way a message came or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Door {
    Folder,
    Https,
}

pub(crate) struct Device {
    pub(crate) setup: Setup,
    pub(crate) service: Service,
    pub(crate) faults: Faults,
    pub(crate) clock: SimClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    mailbox: Mailbox,
    references: HashMap<u32, String>,
    receptions: HashMap<String, Reception>,
    parcels: Vec<Parcel>,
    held_late: Vec<Parcel>,
    held_for_line: Vec<Taken>,
    down_until: Option<Timestamp>,
    was_down: bool,
    /// Requests a fault keeps lying, counted once.
    silenced: HashSet<(Door, String)>,
    met_down: HashSet<(Door, String)>,
    /// Requests that do not parse, with their content and since when it has not changed: perhaps still being written.
    unfinished: HashMap<String, (Vec<u8>, Timestamp)>,
    /// Files in `res` and `face`, to be cleaned up when forgotten.
    published: Vec<(Place, String, Timestamp)>,
    serial: u64,
    statistics: Statistics,
}

struct Reception {
    on: Date,
    identifier: Option<String>,
    searches: Vec<Search>,
    at: Timestamp,
    polls: u32,
}

struct Taken {
    door: Door,
    stem: String,
    original: Vec<u8>,
    root: Option<Node>,
}

/// What the terminal has done since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Requests taken out of `req` or the mailbox.
    pub taken: u64,
    /// Result files delivered, repeats included.
    pub delivered: u64,
    /// Requests rejected with `.err`.
    pub rejected: u64,
    /// Answers that were abnormal ends.
    pub abnormal_ends: u64,
    /// Card readings that produced a face file.
    pub faces: u64,
    /// Forgotten results cleaned up.
    pub cleaned_up: u64,
    /// Answers made and not yet delivered.
    pub under_way: u64,
    /// Times a folder could not be used.
    pub folder_errors: u64,
}

impl Device {
    pub(crate) fn new(setup: Setup, service: Service, faults: Faults, clock: SimClock) -> Device {
        Device { setup, service, faults, clock, state: Mutex::new(State::default()) }
    }

    /// Looks around once: takes what waits, answers, delivers what is due.
    pub(crate) fn tick(&self) {
        let mut state = self.lock();
        let now = self.clock.now();
        self.clean_up(&mut state, now);
        if self.is_down_in(&mut state, now) {
            self.meet_down(&mut state);
            return;
        }
        state.met_down.clear();
        if self.faults.trigger(FaultKind::Silent) == FaultTrigger::Off {
            state.silenced.clear();
        }
        self.take_from_folder(&mut state);
        self.take_from_mailbox(&mut state);
        if state.down_until.is_some() {
            return;
        }
        self.line_returned(&mut state);
        self.release_late(&mut state, false);
        self.deliver(&mut state, now);
    }

    /// Whether the program is down at this instant.
    pub(crate) fn is_down(&self) -> bool {
        let now = self.clock.now();
        self.is_down_in(&mut self.lock(), now)
    }

    /// Stops the program for `restart_ms`, losing or keeping what it had taken.
    pub(crate) fn restart(&self, losing: bool) {
        let mut state = self.lock();
        let kind = if losing { FaultKind::RestartLosing } else { FaultKind::RestartKeeping };
        self.faults.count(kind, 1);
        self.go_down(&mut state, losing);
    }

    /// Lets every held answer go now.
    pub(crate) fn release_held(&self) {
        self.release_late(&mut self.lock(), true);
        self.faults.nudge();
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let state = self.lock();
        let under_way = (state.parcels.len() + state.held_late.len() + state.held_for_line.len()) as u64;
        Statistics { under_way, ..state.statistics.clone() }
    }

    pub(crate) fn with_mailbox<T>(&self, work: impl FnOnce(&mut Mailbox, Timestamp) -> T) -> T {
        let now = self.clock.now();
        work(&mut self.lock().mailbox, now)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_down_in(&self, state: &mut State, now: Timestamp) -> bool {
        let losing = self.faults.is_always(FaultKind::RestartLosing);
        let stopped = losing || self.faults.is_always(FaultKind::RestartKeeping);
        if losing && !state.was_down {
            let lost = drop_under_way(state);
            self.faults.count(FaultKind::RestartLosing, lost);
        }
        state.down_until = state.down_until.filter(|until| *until > now);
        state.was_down = stopped;
        stopped || state.down_until.is_some()
    }

    fn go_down(&self, state: &mut State, losing: bool) {
        if losing {
            drop_under_way(state);
        }
        let restart_ms = i64::from(self.faults.settings().restart_ms);
        state.down_until = Some(self.clock.now().plus_ms(restart_ms));
    }

    /// A request is out of its place: from here on it is answered, rejected, held or lost.
    fn taken(&self, state: &mut State, taken: Taken) {
        state.statistics.taken += 1;
        let strikes = |kind| self.faults.strikes(kind, FaultScope::Requests, &taken.stem);
        if strikes(FaultKind::RestartLosing) {
            self.go_down(state, true);
            return;
        }
        if strikes(FaultKind::RestartKeeping) {
            self.go_down(state, false);
        }
        if strikes(FaultKind::LostAnswer) {
            return;
        }
        if strikes(FaultKind::RejectErr) {
            self.reject(state, taken.door, &taken.stem, taken.original, Rejection::KNOB);
            return;
        }
        if strikes(FaultKind::LineDown) {
            if self.faults.settings().line_down_holds {
                state.held_for_line.push(taken);
            } else {
                self.end_abnormally(state, &taken, "X-SYNTHETIC-LINE", "回線に接続できません。（練習用）");
            }
            return;
        }
        if strikes(FaultKind::ServiceDown) {
            self.end_abnormally(state, &taken, "X-SYNTHETIC-SERVICE", "資格確認のシステムが応答しません。（練習用）");
            return;
        }
        self.answer(state, taken);
    }

    fn line_returned(&self, state: &mut State) {
        if self.faults.trigger(FaultKind::LineDown) == FaultTrigger::Off {
            for taken in std::mem::take(&mut state.held_for_line) {
                self.answer(state, taken);
            }
        }
    }

    fn answer(&self, state: &mut State, taken: Taken) {
        let kind = requests::kind_of(&taken.stem).unwrap_or(Kind::Unsupported);
        let request = match &taken.root {
            _ if kind == Kind::Unsupported => Err(Rejection::UNSUPPORTED),
            None => Err(Rejection::UNREADABLE),
            Some(root) => requests::read(kind, root, &self.setup.institution),
        };
        match request {
            Ok(request) => {
                let answer = self.process(state, request, taken.door);
                self.send_result(state, taken.door, &taken.stem, answer);
            }
            Err(rejection) => self.reject(state, taken.door, &taken.stem, taken.original, rejection),
        }
    }

    fn end_abnormally(&self, state: &mut State, taken: &Taken, code: &str, message: &str) {
        let envelope = taken.root.as_ref().map(requests::envelope);
        let identifier = envelope.as_ref().and_then(|envelope| envelope.identifier.as_deref());
        let on = envelope.as_ref().and_then(|envelope| envelope.on);
        state.statistics.abnormal_ends += 1;
        let answer = self.context(state, taken.door).abnormal_end(on, identifier, code, message);
        self.send_result(state, taken.door, &taken.stem, answer);
    }

    fn process(&self, state: &mut State, request: Request, door: Door) -> Node {
        match request {
            Request::Single { on, search } => self.context(state, door).single(&search, on),
            Request::BulkUpload { on, identifier, searches } => {
                state.serial += 1;
                let reception = format!("R-SYNTHETIC-{}-{:04}", self.clock.stamp(0), state.serial);
                let receipt = self.context(state, door).bulk_receipt(identifier.as_deref(), &reception);
                let at = self.clock.now();
                state.receptions.insert(reception, Reception { on, identifier, searches, at, polls: 0 });
                receipt
            }
            Request::BulkDownload { identifier, reception } => self.bulk_download(state, door, identifier, &reception),
            Request::Registration { identifier, registration } => {
                let owner = self.service.owner(
                    &registration.insurer,
                    registration.symbol.as_deref(),
                    &registration.number,
                    registration.branch.as_deref(),
                );
                state.references.extend(owner.map(|person| (person, registration.reference.clone())));
                let context = self.context(state, door);
                context.registration(identifier.as_deref(), &registration.echo, owner.is_some())
            }
        }
    }

    fn bulk_download(&self, state: &mut State, door: Door, identifier: Option<String>, reception: &str) -> Node {
        let now = self.clock.now();
        let Some(run) = state.receptions.get_mut(reception) else {
            state.statistics.abnormal_ends += 1;
            let context = self.context(state, door);
            let message = "受付番号が見つかりません。（練習用）";
            return context.abnormal_end(None, identifier.as_deref(), "X-SYNTHETIC-RECEPTION", message);
        };
        run.polls += 1;
        let ready_at = run.at.plus_ms(i64::from(self.setup.bulk_processing_ms));
        let busy = run.polls <= self.setup.bulk_busy_polls || now < ready_at;
        let run = &state.receptions[reception];
        let context = self.context(state, door);
        let identifier = identifier.as_deref().or(run.identifier.as_deref());
        if busy {
            context.bulk_running(identifier, run.on, reception)
        } else {
            context.bulk_done(identifier, run.on, reception, &run.searches)
        }
    }

    fn context<'a>(&'a self, state: &'a State, door: Door) -> Context<'a> {
        Context {
            service: &self.service,
            clock: &self.clock,
            institution: &self.setup.institution,
            character_code: self.encoding(door).identifier(),
            shape: self.setup.shape,
            references: &state.references,
        }
    }

    /// JSON is UTF-8 whatever the folders use.
    fn encoding(&self, door: Door) -> SimEncoding {
        match door {
            Door::Folder => self.setup.encoding,
            Door::Https => SimEncoding::Utf8,
        }
    }
}

fn drop_under_way(state: &mut State) -> u64 {
    let lost = state.parcels.len() + state.held_late.len() + state.held_for_line.len();
    state.parcels.clear();
    state.held_late.clear();
    state.held_for_line.clear();
    lost as u64
}
