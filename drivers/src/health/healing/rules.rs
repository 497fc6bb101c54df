//! How often a step may be taken, and with which pauses.

use super::step::HealingStep;
use crate::health::device::DeviceKind;

/// The limits of one step for one device. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRule {
    /// Tries in one incident before the next step is taken.
    pub tries: u8,
    /// Pause after the first try that did not help; it doubles with each further one.
    pub first_pause_ms: u64,
    /// The longest pause.
    pub longest_pause_ms: u64,
    /// Time for the device to come back after the step began.
    pub settle_ms: u64,
    /// Between the beginnings of two such steps at the same device, incidents apart.
    pub between_ms: u64,
    /// Most such steps at the same device within any hour.
    pub per_hour: u8,
}

impl StepRule {
    /// What suits most devices.
    pub fn of(step: HealingStep) -> Self {
        let rule = |tries, first_s: u64, longest_s: u64, settle_s: u64, between_s: u64, per_hour| Self {
            tries,
            first_pause_ms: first_s * 1000,
            longest_pause_ms: longest_s * 1000,
            settle_ms: settle_s * 1000,
            between_ms: between_s * 1000,
            per_hour,
        };
        match step {
            HealingStep::Reopen => rule(3, 2, 30, 5, 2, 30),
            HealingStep::Reset => rule(2, 5, 60, 10, 5, 12),
            HealingStep::CycleUsbPort | HealingStep::CycleRelay => rule(2, 60, 300, 60, 60, 3),
            HealingStep::RestartService => rule(1, 30, 300, 30, 300, 2),
            HealingStep::Reboot => rule(1, 300, 300, 300, 3600, 1),
        }
    }

    /// The pause after so many tries of this step in a row, the first being 1.
    pub fn pause_ms(&self, tries: u8) -> u64 {
        let doubled = self.first_pause_ms.saturating_mul(1 << u64::from(tries.clamp(1, 32) - 1));
        doubled.min(self.longest_pause_ms).max(self.first_pause_ms.min(self.longest_pause_ms))
    }

    /// The longest time from the first of these tries to the moment when the next step is due.
    pub fn longest_ms(&self) -> u64 {
        (1..=self.tries).fold(0, |sum: u64, tries| {
            let one = self.settle_ms.saturating_add(self.pause_ms(tries));
            sum.saturating_add(if tries < self.tries { one.max(self.between_ms) } else { one })
        })
    }

    /// Within what the hardware bears: power is cut at most 3 times an hour with 60 s between and time to come back, a
    /// service is restarted at most 4 times an hour, a box rebooted once (`prescription-code-and-relays §2.4`, the
    /// latter two our own).
    fn bearable(self, step: HealingStep) -> Self {
        let (between_ms, per_hour) = match step {
            HealingStep::Reopen => (500, 60),
            HealingStep::Reset => (2_000, 30),
            HealingStep::CycleUsbPort | HealingStep::CycleRelay => (60_000, 3),
            HealingStep::RestartService => (60_000, 4),
            HealingStep::Reboot => (3_600_000, 1),
        };
        Self {
            tries: self.tries.max(1),
            settle_ms: self.settle_ms.max(1_000),
            between_ms: self.between_ms.max(between_ms),
            per_hour: self.per_hour.clamp(1, per_hour),
            ..self
        }
    }
}

/// The steps a device has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealingRules {
    steps: [Option<StepRule>; HealingStep::ALL.len()],
    /// A device that is well for so long has left its incident behind; one that fails sooner goes on where it was,
    /// instead of from the gentlest step again.
    pub relapse_ms: u64,
    /// So long after the last sign of a card its reader's power is not cut, when nobody can say whether the card is
    /// still there.
    pub card_doubt_ms: u64,
}

impl HealingRules {
    /// No step at all: people look after this device.
    pub fn none() -> Self {
        Self { steps: [None; HealingStep::ALL.len()], relapse_ms: 600_000, card_doubt_ms: 60_000 }
    }

    /// What can be done for such a device on any box. Power comes in with [`with`](Self::with) where the site has a port
    /// or relay that cuts it; a face reader is a computer whose maker is asked first.
    pub fn of(kind: DeviceKind) -> Self {
        use HealingStep::{Reboot, Reopen, Reset, RestartService};
        let steps: &[HealingStep] = match kind {
            DeviceKind::CardReader => &[Reopen, Reset, RestartService, Reboot],
            DeviceKind::Scanner => &[Reopen, Reset, Reboot],
            DeviceKind::Relay => &[Reopen, Reboot],
            DeviceKind::Service => &[RestartService, Reboot],
            DeviceKind::FaceReader | DeviceKind::Terminal => &[],
        };
        steps.iter().fold(Self::none(), |rules, step| rules.with(*step, StepRule::of(*step)))
    }

    /// With this step; limits beyond what hardware bears are drawn in.
    pub fn with(mut self, step: HealingStep, rule: StepRule) -> Self {
        self.steps[step.index()] = Some(rule.bearable(step));
        self
    }

    /// Without this step.
    pub fn without(mut self, step: HealingStep) -> Self {
        self.steps[step.index()] = None;
        self
    }

    /// The limits of a step, or `None` when the device does not have it.
    pub fn of_step(&self, step: HealingStep) -> Option<&StepRule> {
        self.steps[step.index()].as_ref()
    }

    /// The longest time the way through all steps takes, pauses included: how early healing must begin to be done by
    /// opening time (`field-troubles` REQ-16).
    pub fn longest_way_ms(&self) -> u64 {
        let ways = self.steps.iter().flatten().map(StepRule::longest_ms);
        ways.fold(self.card_doubt_ms, u64::saturating_add)
    }
}
