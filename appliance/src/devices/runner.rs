//! The one task that hears everything, lets time pass, stores what must survive, and only then lets hands act.

use super::ears::{PcscEar, RelayEar, ScannerEar, follow};
use super::expected::FirstReadings;
use super::hands::{Hands, NotDone};
use super::hardware::Hardware;
use super::message::{Message, Mouth};
use super::scans::Scans;
use super::settings::{DeviceSettings, FaceSettings};
use super::start::appeared;
use super::station::{Station, moment};
use super::timetable::{self, Minute};
use super::words;
use crate::desk::{Input, RunningDesk};
use crate::lookout::Lookout;
use crate::schedule::{Doing, Due, RebootPort, RebootReason, Work};
use crate::store::DeviceNotes;
use domain::link::{Link, LinkStatus};
use domain::text::Text;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceKind, DeviceName, Effect, Leave, Sign};
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

/// A check-in that nobody wrote to for so long is not being done, milliseconds.
const CHECK_IN_TOUCHED_MS: i64 = 30 * 60_000;

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

    async fn mind_the_schedule(&mut self, tasks: &mut JoinSet<()>) {
        let (doing, now) = (self.doing(), self.desk.clock().now());
        let expected = self.expected_readings();
        let minute = {
            let mut station = self.station();
            let longest = station.supervisor.longest_way_ms();
            let minute = station.timetable.plan(doing, longest, self.desk.clock());
            if minute.remember {
                station.note_runs();
            }
            minute
        };
        if let Some(jump) = minute.jump {
            tracing::warn!(by_ms = jump.by_ms, "the clock was set; planned restarts wait until it has proved itself");
        }
        let mut effects = Vec::new();
        for (face, sign) in expected {
            effects.extend(self.station().supervisor.hear(&face, sign, moment(now)));
        }
        if minute.prepare.is_some() {
            effects.extend(self.station().supervisor.prepare(moment(now)));
        }
        let kept = self.settle(effects, tasks).await;
        if minute.jump.is_some() || minute.remember {
            self.tell();
        }
        self.run_due(minute, kept, tasks).await;
    }

    /// What is due was settled in the stored memory before; without that it would be done again after the restart.
    async fn run_due(&mut self, minute: Minute, kept: bool, tasks: &mut JoinSet<()>) {
        let Some(due) = minute.due else { return };
        if !kept {
            tracing::error!(line = %due.line, "a planned restart was left out: its memory could not be stored");
            return;
        }
        tracing::info!(line = %due.line, work = due.work.code(), "a planned restart begins");
        match due.work {
            Work::RepowerReaders => self.repower_readers(&due),
            Work::RestartService => {
                let service = self.watched.service.clone();
                service.iter().for_each(|service| self.ask_as_planned(service, HealingStep::RestartService, &due));
            }
            Work::RebootBox => self.reboot(RebootReason::Schedule(due.line), None, tasks).await,
        }
    }

    fn repower_readers(&self, due: &Due) {
        let switched: Vec<(DeviceName, HealingStep)> = {
            let station = self.station();
            let readers = station.known.iter().filter(|known| known.kind.takes_cards());
            let step = |hands: &Hands| {
                [HealingStep::CycleRelay, HealingStep::CycleUsbPort].into_iter().find(|step| hands.can(*step))
            };
            readers.filter_map(|known| Some((known.name.clone(), step(&known.hands)?))).collect()
        };
        switched.iter().for_each(|(device, step)| self.ask_as_planned(device, *step, due));
    }

    fn ask_as_planned(&self, device: &DeviceName, step: HealingStep, due: &Due) {
        let now = self.desk.clock().now();
        let mut station = self.station();
        match station.supervisor.ask(device, step, moment(now)) {
            Ok(()) => station.write(device, timetable::ran(due), now),
            Err(refusal) => station.write(device, words::text(refusal.text()), now),
        }
    }

    fn expected_readings(&mut self) -> Vec<(DeviceName, Sign)> {
        if self.settings.hours.is_none() {
            return Vec::new();
        }
        let station = self.station.clone();
        let station = station.lock().unwrap_or_else(PoisonError::into_inner);
        let timetable = &station.timetable;
        let now = self.desk.clock().now();
        self.watched.firsts.expect(&self.faces, timetable.hours(), &timetable.zone, now)
    }

    /// What the guards allow; asked for only while something may need it.
    fn leave(&self) -> Leave {
        if !self.station().is_in_trouble() {
            return Leave { service: false, reboot: false };
        }
        let doing = self.doing();
        self.station().timetable.leave(doing)
    }

    /// What is going on. A store that cannot be read is no leave to restart anything.
    fn doing(&self) -> Doing {
        let now = self.desk.clock().now();
        let (today, patience) = (now.date_in_japan(), self.desk.settings().patience);
        let busy = self.desk.readers().read(|reading| {
            let check_ins =
                reading.check_ins_touched([today, today.plus_days(-1)], now.plus_ms(-CHECK_IN_TOUCHED_MS))?;
            Ok((check_ins, reading.jobs_in_flight(now.plus_ms(-patience.overdue_after_ms))?))
        });
        let (check_ins_open, jobs_in_flight) = busy.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "what is going on at the desk could not be read");
            (1, 0)
        });
        let station = self.station();
        Doing {
            check_ins_open,
            jobs_in_flight,
            update_running: self.hardware.update.is_running(),
            card_being_read: station.supervisor.is_reading(),
            restart_running: station.supervisor.is_restarting(),
        }
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

    /// A step that disturbs others, or leaves a device without power when the box goes down in between, is written down before it is
    /// taken, or not taken.
    async fn carry_out(&mut self, device: DeviceName, step: HealingStep, kept: bool, tasks: &mut JoinSet<()>) {
        if !kept && (step.cuts_power() || step.is_box_wide()) {
            let why =
                NotDone(Text::new("記録できないため行いません。", "It is not done because it cannot be written down."));
            self.refuse(device, step, why, tasks);
            return;
        }
        tracing::info!(%device, step = step.code(), "a healing step begins");
        match step {
            HealingStep::Reboot => {
                let reason = if self.watched.by_hand.remove(&device) {
                    RebootReason::ByHand
                } else {
                    RebootReason::Healing { device: device.clone() }
                };
                self.reboot(reason, Some(device), tasks).await;
            }
            HealingStep::RestartService => {
                let (service, unit) = (self.hardware.service.clone(), self.settings.service_unit().map(str::to_owned));
                let act = move || service.restart(&unit.ok_or_else(NotDone::no_way)?);
                self.act(device, step, act, tasks);
            }
            _ => {
                let hands = self.hands_of(&device);
                let (mouth, asked) = (self.mouth.clone(), device.clone());
                let act = move || {
                    hands.carry_out(step)?;
                    // a device that lost its power says itself when it is back
                    if let Some(sign) = hands.ask().filter(|_| !step.cuts_power()) {
                        mouth.heard_blocking(&asked, sign);
                    }
                    Ok(())
                };
                self.act(device, step, act, tasks);
            }
        }
    }

    fn hands_of(&self, device: &DeviceName) -> Hands {
        self.station().find(device).map(|known| known.hands.clone()).unwrap_or_default()
    }

    /// Does something that blocks; only a refusal is news, help shows itself in the device.
    fn act(
        &self,
        device: DeviceName,
        step: HealingStep,
        act: impl FnOnce() -> Result<(), NotDone> + Send + 'static,
        tasks: &mut JoinSet<()>,
    ) {
        let mouth = self.mouth.clone();
        tasks.spawn(async move {
            let done = tokio::task::spawn_blocking(act).await.unwrap_or_else(|_| Err(NotDone::no_way()));
            if let Err(why) = done {
                mouth.tell(Message::Refused(device, step, why)).await;
            }
        });
    }

    fn refuse(&self, device: DeviceName, step: HealingStep, why: NotDone, tasks: &mut JoinSet<()>) {
        self.act(device, step, move || Err(why), tasks);
    }

    /// The memory with this reboot in it is durable before anybody is asked for it.
    async fn reboot(&mut self, reason: RebootReason, device: Option<DeviceName>, tasks: &mut JoinSet<()>) {
        let now = self.desk.clock().now();
        let notes = {
            let mut station = self.station();
            if device.is_some() {
                // the schedule has noted its own already
                station.timetable.note_reboot(now);
            }
            station.note_runs();
            station.note_all_memories();
            station.take_notes()
        };
        let kept = self.keep(notes).await;
        let port = self.hardware.reboot.clone();
        let ask = move || ask_for_reboot(&*port, &reason, kept);
        match device {
            Some(device) => self.act(device, HealingStep::Reboot, ask, tasks),
            None => {
                let changes = self.changes.clone();
                tasks.spawn_blocking(move || {
                    if let Err(NotDone(why)) = ask() {
                        tracing::error!("{}", why.en);
                    }
                    changes.send_modify(|number| *number += 1);
                });
            }
        }
    }

    fn probe(&self, device: DeviceName, tasks: &mut JoinSet<()>) {
        let hands = self.hands_of(&device);
        let mouth = self.mouth.clone();
        tasks.spawn(async move {
            if let Ok(Some(sign)) = tokio::task::spawn_blocking(move || hands.ask()).await {
                mouth.heard(&device, sign).await;
            }
        });
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

fn ask_for_reboot(port: &dyn RebootPort, reason: &RebootReason, kept: bool) -> Result<(), NotDone> {
    if !kept {
        return Err(NotDone(Text::new(
            "記録できないため再起動しません。",
            "The box is not rebooted because that cannot be written down.",
        )));
    }
    port.reboot(reason).map_err(|refused| {
        tracing::error!("{refused}");
        NotDone(refused.text())
    })
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
