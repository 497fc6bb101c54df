//! The one task that hears everything, lets time pass, stores what must survive, and only then lets hands act.

mod acting;
mod planned;

use super::ears::{PcscEar, RelayEar, ScannerEar, follow};
use super::expected::FirstReadings;
use super::hands::NotDone;
use super::hardware::Hardware;
use super::message::{Message, Mouth};
use super::scans::Scans;
use super::settings::{DeviceSettings, FaceSettings};
use super::start::appeared;
use super::station::{Station, moment};
use super::words;
use crate::desk::{Input, RunningDesk};
use crate::lookout::Lookout;
use crate::store::DeviceNotes;
use domain::link::{Link, LinkStatus};
use domain::text::Text;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceKind, DeviceName, Effect, Sign};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// What the runner works with.
pub(super) struct Runner {
    pub desk: RunningDesk,
    pub lookout: Arc<Lookout>,
    pub settings: Arc<DeviceSettings>,
    pub hardware: Hardware,
    pub station: Arc<Mutex<Station>>,
    pub scans: Arc<Scans>,
    pub mouth: Mouth,
    pub messages: mpsc::Receiver<Message>,
    pub changes: Arc<watch::Sender<u64>>,
    pub ears: Ears,
    pub watched: Watched,
    /// of which readings are expected
    pub faces: Vec<FaceSettings>,
}

/// Whoever listens, to be started with the runner and ended with it.
#[derive(Default)]
pub(super) struct Ears {
    pub pcsc: Option<PcscEar>,
    pub scanners: Vec<ScannerEar>,
    pub relays: Vec<RelayEar>,
}

/// Names that stand for what has no settings of its own, and what was told last.
#[derive(Default)]
pub(super) struct Watched {
    pub service: Option<DeviceName>,
    pub terminal: Option<DeviceName>,
    pub terminal_status: Option<LinkStatus>,
    pub reader_works: Option<bool>,
    pub firsts: FirstReadings,
    /// reboots that a person asked for
    pub by_hand: BTreeSet<DeviceName>,
}

impl Runner {
    /// Runs until the desk stops.
    pub(super) async fn run(mut self) {
        let mut tasks = self.start_ears();
        let mut revisions = self.desk.watch();
        let mut tick = tokio::time::interval(self.hardware.every);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(message) => self.take(message, &mut tasks).await,
                    None => return,
                },
                _ = tick.tick() => self.pass_time(&mut tasks).await,
                changed = revisions.changed() => if changed.is_err() { return },
            }
        }
    }

    fn start_ears(&mut self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let ears = std::mem::take(&mut self.ears);
        ears.pcsc.into_iter().for_each(|ear| drop(tasks.spawn(ear.run())));
        ears.scanners.into_iter().for_each(|ear| drop(tasks.spawn(ear.run())));
        ears.relays.into_iter().for_each(|ear| drop(tasks.spawn(ear.run())));
        for given in &self.hardware.readers {
            tasks.spawn(follow(given.port.clone(), given.port.name().clone(), self.mouth.clone()));
        }
        tasks
    }

    async fn take(&mut self, message: Message, tasks: &mut JoinSet<()>) {
        let now = self.desk.clock().now();
        let effects = match message {
            Message::Heard(device, sign) => self.station().supervisor.hear(&device, sign, moment(now)),
            Message::Probed(device, sign) => self.probed(&device, sign),
            Message::Appeared(reader) => {
                appeared(&mut self.station(), &self.settings, reader, moment(now));
                Vec::new()
            }
            Message::Refused(device, step, NotDone(why)) => {
                tracing::warn!(%device, step = step.code(), "a step could not be carried out: {}", why.en);
                let what = words::with(step.name(), drivers::health::Words::new(why.ja, why.en));
                let mut station = self.station();
                station.write(&device, what, now);
                station.supervisor.refused(&device, moment(now))
            }
            Message::Ask { device, step, reply } => {
                let _gone_away_is_fine = reply.send(self.ask(&device, step));
                Vec::new()
            }
        };
        self.settle(effects, tasks).await;
        // a good reading is no notice, and yet something to see
        self.tell();
    }

    /// Somebody asks for a restart of a device.
    fn ask(&mut self, device: &DeviceName, step: HealingStep) -> Result<(), Text> {
        let now = moment(self.desk.clock().now());
        let asked = self.station().supervisor.ask(device, step, now);
        asked.map_err(|refusal| words::text(refusal.text()))?;
        if step == HealingStep::Reboot {
            self.watched.by_hand.insert(device.clone());
        }
        Ok(())
    }

    async fn pass_time(&mut self, tasks: &mut JoinSet<()>) {
        while tasks.try_join_next().is_some() {}
        self.scans.pass_time();
        let terminal = self.look_at_terminal();
        self.settle(terminal, tasks).await;
        let now = self.desk.clock().now();
        if self.station().timetable.is_new_minute(now) {
            self.mind_the_schedule(tasks).await;
        }
        let leave = self.leave();
        let effects = self.station().supervisor.pass_time(leave, moment(now));
        self.settle(effects, tasks).await;
    }

    /// The lookout knows the terminal; its word is the sign.
    fn look_at_terminal(&mut self) -> Vec<Effect> {
        let Some(terminal) = self.watched.terminal.clone() else { return Vec::new() };
        let status = self.desk.link_report().links.get(Link::Terminal).status;
        if self.watched.terminal_status.replace(status) == Some(status) {
            return Vec::new();
        }
        let sign = match status {
            LinkStatus::Up => Sign::Answering,
            LinkStatus::Down => Sign::Detached,
            LinkStatus::Unknown => return Vec::new(),
        };
        self.station().supervisor.hear(&terminal, sign, moment(self.desk.clock().now()))
    }

    /// Stores what happened and then does what is to be done. Whether it was stored.
    async fn settle(&mut self, effects: Vec<Effect>, tasks: &mut JoinSet<()>) -> bool {
        let clock = self.desk.clock().clone();
        let notes = {
            let mut station = self.station();
            station.note(&effects, &clock);
            station.take_notes()
        };
        if effects.is_empty() && notes.is_empty() {
            return true;
        }
        let kept = self.keep(notes).await;
        for effect in effects {
            match effect {
                Effect::Do { device, step } => self.carry_out(device, step, kept, tasks).await,
                Effect::Probe { device } => self.probe(device, tasks),
                _ => {}
            }
        }
        self.tell_lamp().await;
        self.tell();
        kept
    }

    async fn keep(&self, notes: DeviceNotes) -> bool {
        if notes.is_empty() {
            return true;
        }
        let kept = self.desk.inbox().send(|reply| Input::Devices(Box::new(notes), reply)).await;
        if let Some(Err(error)) = &kept {
            tracing::error!(error = error as &dyn std::error::Error, "what happened to a device was not written down");
        }
        matches!(kept, Some(Ok(())))
    }

    /// The lamp "reader" on every page: the face reader's where there is one, because it is what the national service is asked with;
    /// else that of the card readers the site needs.
    async fn tell_lamp(&mut self) {
        let works = reader_works(&self.station());
        if works.is_none() || self.watched.reader_works == works {
            return;
        }
        self.watched.reader_works = works;
        self.lookout.note(|signals| signals.reader_works = works).await;
    }

    fn tell(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    fn station(&self) -> MutexGuard<'_, Station> {
        self.station.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether some reader of the decisive kind works; `None` while nothing is known.
fn reader_works(station: &Station) -> Option<bool> {
    let has_face = station.known.iter().any(|known| known.kind == DeviceKind::FaceReader);
    let kind = if has_face { DeviceKind::FaceReader } else { DeviceKind::CardReader };
    let readers = station.known.iter().filter(|known| known.kind == kind && known.required);
    let states: Vec<_> = readers.filter_map(|known| Some(station.supervisor.health(&known.name)?.state())).collect();
    if states.iter().any(drivers::health::HealthState::is_well) {
        return Some(true);
    }
    states.iter().any(|state| state.fault().is_some()).then_some(false)
}
