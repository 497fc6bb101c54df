//! What the clock asks for: restarts by crontab lines, the check before the doors open, the first readings of the day; and what the
//! guards say to it.

use super::Runner;
use crate::devices::at_the_desk::doing_at_the_desk;
use crate::devices::hands::Hands;
use crate::devices::station::moment;
use crate::devices::timetable::{self, Minute};
use crate::devices::words;
use crate::schedule::{Doing, Due, RebootReason, Work};
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceName, Effect, Leave, Sign};
use std::sync::PoisonError;
use tokio::task::JoinSet;

impl Runner {
    pub(super) async fn mind_the_schedule(&mut self, tasks: &mut JoinSet<()>) {
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
        // to be read by a certain time is no notice, and yet something to see
        let is_expected = !expected.is_empty();
        for (face, sign) in expected {
            effects.extend(self.station().supervisor.hear(&face, sign, moment(now)));
        }
        if minute.prepare.is_some() {
            effects.extend(self.station().supervisor.prepare(moment(now)));
        }
        let kept = self.settle(effects, tasks).await;
        if minute.jump.is_some() || minute.remember || is_expected {
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

    /// What a device said when it was asked before the doors open, on record whatever it was (REQ-16).
    pub(super) fn probed(&mut self, device: &DeviceName, sign: Option<Sign>) -> Vec<Effect> {
        let now = self.desk.clock().now();
        let mut station = self.station();
        let Some(said) = station.find(device).map(|known| words::before_opening(sign, known.hands.proof())) else {
            return Vec::new();
        };
        station.write(device, said, now);
        sign.map(|sign| station.supervisor.hear(device, sign, moment(now))).unwrap_or_default()
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
    pub(super) fn leave(&self) -> Leave {
        if !self.station().is_in_trouble() {
            return Leave { service: false, reboot: false };
        }
        let doing = self.doing();
        self.station().timetable.leave(doing)
    }

    /// What is going on.
    fn doing(&self) -> Doing {
        let at_the_desk = doing_at_the_desk(&self.desk);
        let station = self.station();
        Doing {
            update_running: self.hardware.update.is_running(),
            card_being_read: station.supervisor.is_reading(),
            restart_running: station.supervisor.is_restarting(),
            ..at_the_desk
        }
    }
}
