//! Devices that fall ill and are cured by some steps and not by others.

use drivers::ReaderFault;
use drivers::health::healing::{HealingRules, HealingStep, StepRule};
use drivers::health::{DeviceFault, DeviceKind, DeviceName, Sign};

/// What ails a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Illness {
    pub kind: Kind,
    pub since: i64,
}

/// Kinds of illness. The survey names kinds, not machines' reasons (`field-troubles` §2, §3); what cures each is our reading of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// connection lost: 接続不良
    Connection,
    /// hung after a card went in with its case: needs a restart
    Case,
    /// hung inside: only the loss of power helps
    Firmware,
    /// hung, and seen only when somebody asks
    Hidden,
    /// the PC's own reader service stopped
    Service,
    /// the system itself lost the device
    System,
    /// a defect: replaced after two weeks and many calls
    Defect,
}

impl Kind {
    /// Steps that cure it.
    pub fn cures(self) -> &'static [HealingStep] {
        use HealingStep::{CycleRelay, Reboot, Reopen, Reset, RestartService};
        match self {
            Kind::Connection => &[Reopen, Reset, CycleRelay, Reboot],
            Kind::Case | Kind::Hidden => &[Reset, CycleRelay],
            Kind::Firmware => &[CycleRelay],
            Kind::Service => &[RestartService, Reboot],
            Kind::System => &[Reboot],
            Kind::Defect => &[],
        }
    }

    /// What a driver reports at once, if it does.
    fn reported(self) -> Option<DeviceFault> {
        match self {
            Kind::Hidden => None,
            Kind::Service => Some(DeviceFault::Reader(ReaderFault::ServiceGone)),
            Kind::System => Some(DeviceFault::Reader(ReaderFault::CannotOpen)),
            Kind::Connection | Kind::Case | Kind::Firmware | Kind::Defect => {
                Some(DeviceFault::Reader(ReaderFault::NotAnswering))
            }
        }
    }
}

/// One device of the clinic.
pub struct SimDevice {
    pub name: DeviceName,
    pub kind: DeviceKind,
    pub rules: HealingRules,
    pub illness: Option<Illness>,
    /// comes back from a restart then
    pub back_at: Option<i64>,
    /// a person's card is being read until then
    pub reading_until: i64,
}

impl SimDevice {
    pub fn new(name: &str, kind: DeviceKind) -> SimDevice {
        let power = HealingStep::CycleRelay;
        let rules = match kind {
            DeviceKind::CardReader | DeviceKind::FaceReader => HealingRules::of(kind).with(power, StepRule::of(power)),
            _ => HealingRules::of(kind),
        };
        let name = DeviceName::parse(name).unwrap();
        SimDevice { name, kind, rules, illness: None, back_at: None, reading_until: 0 }
    }

    pub fn works(&self, t: i64) -> bool {
        self.illness.is_none() && self.back_at.is_none_or(|back| back <= t)
    }

    /// Whether a step that this device has would cure what ails it.
    pub fn is_revivable(&self) -> bool {
        let has = |step: &HealingStep| self.rules.of_step(*step).is_some();
        self.illness.is_some_and(|illness| illness.kind.cures().iter().any(has))
    }

    /// What is heard the moment it falls ill.
    pub fn falls_ill(&mut self, kind: Kind, t: i64) -> Option<Sign> {
        self.illness = Some(Illness { kind, since: t });
        if self.kind == DeviceKind::FaceReader { None } else { kind.reported().map(|fault| Sign::Faulted { fault }) }
    }

    /// A step reaches it; what is heard at once.
    pub fn is_treated(&mut self, step: HealingStep, t: i64) -> Option<Sign> {
        if self.illness.is_some_and(|illness| illness.kind.cures().contains(&step)) {
            self.illness = None;
        }
        self.back_at = Some(t + takes_ms(step));
        (step.cuts_power() && self.kind != DeviceKind::FaceReader).then_some(Sign::Detached)
    }

    /// The answer when somebody asks whether it works.
    pub fn answer(&self, t: i64) -> Sign {
        let fault = DeviceFault::Reader(ReaderFault::NotAnswering);
        if self.works(t) { Sign::Answering } else { Sign::Faulted { fault } }
    }
}

fn takes_ms(step: HealingStep) -> i64 {
    match step {
        HealingStep::Reopen => 1_000,
        HealingStep::Reset => 3_000,
        HealingStep::CycleUsbPort | HealingStep::CycleRelay => 25_000,
        HealingStep::RestartService => 5_000,
        HealingStep::Reboot => 0,
    }
}
