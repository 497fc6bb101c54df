//! The agent: one step at a time, and what must be remembered is durable before anything is done.

use super::check::{self, check};
use super::installer::Installer;
use super::refusal::Refusal;
use super::settings::UpdateSettings;
use super::state::{Offer, Past, Phase, Source, State};
use super::sticks::{self, Found};
use super::worked::Worked;
use super::{Checked, snapshot, words};
use crate::clock::Clock;
use crate::schedule::{Doing, RebootPort, ReceptionHours, SiteZone};
use domain::Timestamp;
use domain::text::Text;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use sync::update::{BundleHash, Outcome};

/// How often it is looked what can be done.
const LOOK: Duration = Duration::from_secs(30);
/// Kept free for the record, whatever an update needs.
const RESERVE_BYTES: u64 = 512 << 20;

/// What the agent must know of the box around it.
pub trait Surroundings: Send + Sync {
    /// What is going on at the desk.
    fn doing(&self) -> Doing;
    /// What works at this moment.
    fn worked(&self) -> Worked;
    /// The newest migration of the record.
    fn schema(&self) -> u16;
    /// When the doors are open, and in which zone.
    fn hours(&self) -> (ReceptionHours, SiteZone);
}

/// The agent of a running box. Cheap to clone.
#[derive(Clone)]
pub struct Agent(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub settings: UpdateSettings,
    pub folder: PathBuf,
    pub clock: Clock,
    pub around: Arc<dyn Surroundings>,
    pub installer: Arc<dyn Installer>,
    pub reboot: Arc<dyn RebootPort>,
    state: Mutex<State>,
    /// why it waits, and when it is looked at again
    waits: Mutex<Option<(Text, Timestamp)>>,
    /// bundles on media that were refused: looked at once each
    seen: Mutex<BTreeSet<(PathBuf, u64)>>,
    /// one step at a time
    turn: Mutex<()>,
}

impl Agent {
    /// Takes up what was left. Nothing is done yet.
    ///
    /// # Errors
    /// The data folder cannot be used.
    pub fn open(
        settings: UpdateSettings,
        data: &Path,
        clock: Clock,
        around: Arc<dyn Surroundings>,
        installer: Arc<dyn Installer>,
        reboot: Arc<dyn RebootPort>,
    ) -> std::io::Result<Agent> {
        let folder = snapshot::folder_in(data);
        let state = State::read(&folder)?;
        let agent = Agent(Arc::new(Inner {
            settings,
            folder,
            clock,
            around,
            installer,
            reboot,
            state: Mutex::new(state),
            waits: Mutex::default(),
            seen: Mutex::default(),
            turn: Mutex::default(),
        }));
        agent.0.take_up()?;
        Ok(agent)
    }

    /// Goes through the steps until the process ends.
    pub async fn run(self) {
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            let agent = self.clone();
            if tokio::task::spawn_blocking(move || agent.step()).await.is_err() {
                tracing::error!("a step of an update ended in a panic");
            }
        }
    }

    /// Does what can be done now. Blocks.
    pub fn step(&self) {
        let _turn = lock(&self.0.turn);
        let inner = &self.0;
        match inner.state().phase {
            Phase::Idle => inner.look_at_media(),
            Phase::Offered { offer } if offer.source == Source::Stick => inner.drop_offer(&offer),
            Phase::Offered { .. } => inner.wait_for_budget(),
            Phase::Ready { offer, asked, postponed_ms } => inner.install_when_allowed(offer, asked, postponed_ms),
            Phase::Installing { .. } => inner.begin_again(),
            Phase::Restarting { asked, .. } => inner.restart_when_allowed(asked),
            Phase::Proving { offer, .. } => inner.judge(&offer),
        }
        if let Err(error) = snapshot::tidy(&inner.folder, std::time::SystemTime::now()) {
            tracing::warn!(%error, "old copies of the record could not be deleted");
        }
    }

    /// Takes a bundle from a file that somebody named. Blocks.
    ///
    /// # Errors
    /// What is wrong with it; nothing was changed then.
    pub fn take_file(&self, file: &Path) -> Result<(), Text> {
        let _turn = lock(&self.0.turn);
        let state = self.0.state();
        if !matches!(state.phase, Phase::Idle | Phase::Offered { .. } | Phase::Ready { .. }) {
            return Err(words::unproven());
        }
        let bytes =
            std::fs::metadata(file).map_err(|error| Refusal::Unreadable(error.kind().to_string()).text())?.len();
        self.0.take_in(&Found { path: file.to_owned(), bytes }, true).map_err(|refusal| refusal.text())
    }

    /// What is remembered.
    pub fn state(&self) -> State {
        self.0.state()
    }
}

impl Inner {
    pub(super) fn state(&self) -> State {
        lock(&self.state).clone()
    }

    /// Changes what is remembered; it is durable when this returns.
    pub(super) fn change(&self, change: impl FnOnce(&mut State, i64)) -> std::io::Result<()> {
        let mut state = lock(&self.state);
        let mut changed = state.clone();
        change(&mut changed, self.clock.now().as_ms());
        changed.write(&self.folder)?;
        *state = changed;
        Ok(())
    }

    /// As [`Inner::change`], where nothing is lost when it fails: it is tried again at the next look.
    pub(super) fn try_change(&self, change: impl FnOnce(&mut State, i64)) -> bool {
        let changed = self.change(change);
        if let Err(error) = &changed {
            tracing::error!(%error, "how the update stands could not be kept; tried again");
            self.wait(words::not_kept(error), self.clock.now().plus_ms(60_000));
        }
        changed.is_ok()
    }

    /// The turn, when nobody is at a step.
    pub(super) fn free_turn(&self) -> Option<MutexGuard<'_, ()>> {
        self.turn.try_lock().ok()
    }

    /// Counts bytes; they are written down with the next change.
    pub(super) fn spend_in_memory(&self, spend: impl FnOnce((i32, u64)) -> (i32, u64)) {
        let mut state = lock(&self.state);
        state.fetched_today = spend(state.fetched_today);
    }

    pub(super) fn wait(&self, why: Text, until: Timestamp) {
        *lock(&self.waits) = Some((why, until));
    }

    pub(super) fn wait_no_longer(&self) {
        *lock(&self.waits) = None;
    }

    pub(super) fn waits(&self) -> Option<(Text, Timestamp)> {
        lock(&self.waits).clone()
    }

    /// Where a whole bundle lies.
    pub(super) fn bundle(&self, hash: BundleHash) -> PathBuf {
        self.folder.join(format!("{hash}.raucb"))
    }

    /// Where one lies that is being fetched.
    pub(super) fn part(&self, hash: BundleHash) -> PathBuf {
        self.folder.join(format!("{hash}.part"))
    }

    fn look_at_media(&self) {
        let found = sticks::look(&self.settings.folders);
        if found.is_empty() {
            self.wait_no_longer();
        }
        for found in found {
            let key = (found.path.clone(), found.bytes);
            if lock(&self.seen).contains(&key) {
                continue;
            }
            match self.take_in(&found, false) {
                Ok(()) => return,
                Err(refusal) => {
                    tracing::warn!(why = %refusal.text().en, "an update on a medium was refused");
                    if !refusal.is_passing() {
                        lock(&self.seen).insert(key);
                    }
                    // what runs already lies on every stick that was used once
                    if !matches!(refusal, Refusal::NotNewer { .. }) {
                        self.wait(refusal.text(), self.clock.now().plus_ms(60_000));
                        return;
                    }
                }
            }
        }
    }

    /// Copies a bundle and looks at the copy: the medium may be pulled out, or be another the next time it is read. What came to nothing
    /// here before is taken only from somebody who means it, not from a stick that was left plugged in.
    fn take_in(&self, found: &Found, is_meant: bool) -> Result<(), Refusal> {
        self.room_for(found.bytes)?;
        let copy = self.folder.join("from-medium.part");
        sticks::copy(&found.path, &copy).map_err(|error| Refusal::Unreadable(error.kind().to_string()))?;
        let taken = self.look_at(&copy).and_then(|checked| {
            if !is_meant && lock(&self.state).gave_up(checked.hash).is_some() {
                return Err(Refusal::CameToNothing { version: checked.version });
            }
            self.keep(&copy, &checked, Source::Stick)
        });
        if taken.is_err() {
            self.delete(&copy);
        }
        taken
    }

    /// Whether a file is a bundle that may be installed here.
    pub(super) fn look_at(&self, file: &Path) -> Result<Checked, Refusal> {
        let checked = check(file, &self.settings.program, &self.settings.conf)?;
        let own = check::compatible_of(&self.settings.conf).unwrap_or_default();
        if checked.compatible != own {
            return Err(Refusal::OtherMachine { of: checked.compatible, own });
        }
        let running = self.settings.running.0;
        if checked.version <= running {
            return Err(Refusal::NotNewer { offered: checked.version, running });
        }
        let record = self.around.schema();
        if checked.schema < record {
            return Err(Refusal::OlderThanData { knows: checked.schema, record });
        }
        Ok(checked)
    }

    /// A whole bundle gets its name; what was there before goes.
    pub(super) fn keep(&self, file: &Path, checked: &Checked, source: Source) -> Result<(), Refusal> {
        let unreadable = |error: std::io::Error| Refusal::Unreadable(error.kind().to_string());
        let before = self.state().offer().map(|offer| offer.hash);
        std::fs::rename(file, self.bundle(checked.hash)).map_err(unreadable)?;
        let Checked { version, schema, bytes, hash, .. } = *checked;
        let offer = Offer { version, schema, bytes, hash, source };
        self.change(|state, now| state.enter(Phase::Ready { offer, asked: false, postponed_ms: None }, now))
            .map_err(unreadable)?;
        tracing::info!(%version, "an update is ready");
        self.wait_no_longer();
        before.filter(|before| *before != hash).into_iter().for_each(|before| self.forget_files(before));
        Ok(())
    }

    /// Room for so many bytes, with what the record needs left over.
    pub(super) fn room_for(&self, bytes: u64) -> Result<(), Refusal> {
        let free = rustix::fs::statvfs(&self.folder).map(|about| about.f_bavail.saturating_mul(about.f_frsize));
        let free = free.map_err(|error| Refusal::Unreadable(std::io::Error::from(error).kind().to_string()))?;
        match bytes.saturating_add(RESERVE_BYTES).checked_sub(free) {
            Some(missing) if missing > 0 => Err(Refusal::NoRoom { missing }),
            _ => Ok(()),
        }
    }

    /// An update came to nothing, or to its good end.
    pub(super) fn end(&self, offer: &Offer, outcome: Outcome, why: Option<Text>) {
        let slot = self.installer.standing().and_then(|standing| standing.slot);
        let why = why.map_or_else(Default::default, |why| [why.ja, why.en]);
        tracing::info!(version = %offer.version, outcome = outcome.code(), why = why[1], "an update ended");
        let (version, hash) = (offer.version, Some(offer.hash));
        if self.try_change(|state, at_ms| state.end(Past { at_ms, version, hash, outcome, why, slot })) {
            self.wait_no_longer();
            self.forget_files(offer.hash);
        }
    }

    /// A bundle that is no longer wanted is as if it had never been offered.
    pub(super) fn drop_offer(&self, offer: &Offer) {
        if self.try_change(|state, now| state.enter(Phase::Idle, now)) {
            self.forget_files(offer.hash);
            self.wait_no_longer();
        }
    }

    fn forget_files(&self, hash: BundleHash) {
        self.delete(&self.bundle(hash));
        self.delete(&self.part(hash));
    }

    pub(super) fn delete(&self, file: &Path) {
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "a bundle that is not needed any more could not be deleted");
            }
            _ => {}
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
