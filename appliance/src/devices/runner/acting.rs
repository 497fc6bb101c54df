//! Carrying out what the supervisor decided. What blocks runs beside the runner; only a refusal comes back, help shows itself in the
//! device.

use super::Runner;
use crate::devices::hands::{Hands, NotDone};
use crate::devices::message::Message;
use crate::schedule::{RebootPort, RebootReason};
use domain::text::Text;
use drivers::health::DeviceName;
use drivers::health::healing::HealingStep;
use tokio::task::JoinSet;

impl Runner {
    /// A step that disturbs others, or leaves a device without power when the box goes down in between, is written down before it is
    /// taken, or not taken.
    pub(super) async fn carry_out(
        &mut self,
        device: DeviceName,
        step: HealingStep,
        kept: bool,
        tasks: &mut JoinSet<()>,
    ) {
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
    pub(super) async fn reboot(&mut self, reason: RebootReason, device: Option<DeviceName>, tasks: &mut JoinSet<()>) {
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

    pub(super) fn probe(&self, device: DeviceName, tasks: &mut JoinSet<()>) {
        let hands = self.hands_of(&device);
        let mouth = self.mouth.clone();
        tasks.spawn(async move {
            let sign = tokio::task::spawn_blocking(move || hands.ask()).await.unwrap_or_default();
            mouth.tell(Message::Probed(device, sign)).await;
        });
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
