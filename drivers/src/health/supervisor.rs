//! All devices of a box, and whose turn it is.
//!
//! One device's healer knows its own steps; only the supervisor knows that a service restart takes every reader away,
//! that two readers are not cut off at once, and that somebody is reading a card next door.

use std::collections::BTreeMap;

use super::device::{DeviceKind, DeviceName, HealthSettings};
use super::healing::{Ended, Healer, HealingMemory, HealingRules, HealingStep, Hold, Leaning};
use super::machine::Health;
use super::notice::Notice;
use super::sign::Sign;
use super::words::Words;
use crate::reader::{Bilingual, Moment};

/// What reception allows at this moment; said by the guards of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// The reader service may be restarted.
    pub service: bool,
    /// The box may be rebooted.
    pub reboot: bool,
}

/// What is to be done or told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Something is new about a device.
    Told {
        /// Which device.
        device: DeviceName,
        /// What.
        notice: Notice,
    },
    /// Carry out this step now; answer with [`Supervisor::refused`] when that is impossible.
    Do {
        /// For which device; a step for the whole box names the one that needed it most.
        device: DeviceName,
        /// Which step.
        step: HealingStep,
    },
    /// A step ended.
    Ended {
        /// At which device.
        device: DeviceName,
        /// Which, and whether it helped.
        ended: Ended,
    },
    /// A restart that was asked for did not find its moment and is given up.
    NotDone {
        /// At which device.
        device: DeviceName,
        /// Which step.
        step: HealingStep,
    },
    /// Call a person, with these words.
    Call {
        /// About which device.
        device: DeviceName,
        /// What to say.
        words: Words,
    },
    /// Ask the device whether it works; the answer is a [`Sign`].
    Probe {
        /// Which device.
        device: DeviceName,
    },
}

/// Why a restart that was asked for is not taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No device of this name is watched.
    UnknownDevice,
    /// The device does not have this step.
    NoSuchStep,
    /// It was done too often or too recently for the hardware.
    TooOften,
}

impl Refusal {
    /// The reason in words.
    pub fn text(self) -> Bilingual {
        let (ja, en) = match self {
            Self::UnknownDevice => ("この名前の機器は登録されていません。", "No device of this name is watched."),
            Self::NoSuchStep => (
                "この機器ではこの操作はできません。設定を確認してください。",
                "This device has no such step. Check the settings.",
            ),
            Self::TooOften => (
                "機器を守るため、続けて再起動できません。少し待ってからもう一度押してください。",
                "To protect the device it is not restarted again so soon. Wait a little and press again.",
            ),
        };
        Bilingual { ja, en }
    }
}

#[derive(Debug, Clone)]
struct Watched {
    health: Health,
    healer: Healer,
    asked: Option<Asked>,
    hold: Option<Hold>,
}

/// A restart that a person or the schedule asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    step: HealingStep,
    until: Moment,
}

/// How long a restart that was asked for waits for its moment.
const ASKED_FOR_MS: u64 = 600_000;

/// Everything that is watched.
#[derive(Debug, Clone, Default)]
pub struct Supervisor {
    watched: BTreeMap<DeviceName, Watched>,
    box_wide: BTreeMap<HealingStep, Moment>,
    reader_troubles: BTreeMap<DeviceName, u32>,
}

impl Supervisor {
    /// Watches one more device, with what is known from before the program started.
    pub fn watch(
        &mut self,
        name: DeviceName,
        kind: DeviceKind,
        settings: HealthSettings,
        rules: HealingRules,
        memory: HealingMemory,
        now: Moment,
    ) {
        let healer = Healer::new(rules, &memory, now);
        let health = Health::new(kind, settings, now).with_hours(memory.hours);
        self.watched.insert(name, Watched { health, healer, asked: None, hold: None });
    }

    /// All devices with their health.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceName, &Health)> {
        self.watched.iter().map(|(name, watched)| (name, &watched.health))
    }

    /// One device's health.
    pub fn health(&self, device: &DeviceName) -> Option<&Health> {
        self.watched.get(device).map(|watched| &watched.health)
    }

    /// One device's healer.
    pub fn healer(&self, device: &DeviceName) -> Option<&Healer> {
        self.watched.get(device).map(|watched| &watched.healer)
    }

    /// What healing of this device waits for.
    pub fn hold(&self, device: &DeviceName) -> Option<Hold> {
        self.watched.get(device).and_then(|watched| watched.hold)
    }

    /// What the next start of the program must know of this device.
    pub fn memory(&self, device: &DeviceName) -> Option<HealingMemory> {
        let watched = self.watched.get(device)?;
        let (reboots, reboot_unjudged) = watched.healer.reboots();
        let (record, hours) = (watched.healer.record().clone(), watched.health.hours().clone());
        Some(HealingMemory { record, hours, reboots, reboot_unjudged })
    }

    /// Reader connection and recognition errors since the program started, as the national survey counts them
    /// (`field-troubles` §1.1): of each reader and of the service they are reached through.
    pub fn reader_troubles(&self) -> &BTreeMap<DeviceName, u32> {
        &self.reader_troubles
    }

    /// A reading runs somewhere, so that nothing for the whole box may happen.
    pub fn is_reading(&self) -> bool {
        self.watched.values().any(|watched| watched.health.is_reading())
    }

    /// A restart, healing or asked for, runs or waits for its moment.
    pub fn is_restarting(&self) -> bool {
        self.watched.values().any(|watched| watched.asked.is_some() || watched.healer.at_work().is_some())
    }

    /// How early healing must begin to be through by opening time: the longest way of one device, and every other
    /// device's re-powering before it, because they are cut off one at a time.
    pub fn longest_way_ms(&self) -> u64 {
        let longest = self.watched.values().map(|watched| watched.healer.rules().longest_way_ms()).max().unwrap_or(0);
        self.watched.values().map(|watched| power_way_ms(watched.healer.rules())).fold(longest, u64::saturating_add)
    }

    /// A sign of a device. One that is not watched is not heard.
    pub fn hear(&mut self, device: &DeviceName, sign: Sign, now: Moment) -> Vec<Effect> {
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        let notices = watched.health.hear(sign, now);
        let ended = watched.healer.follow(&watched.health, now);
        let mut effects = self.tell(device, notices);
        effects.extend(self.end(device, ended, now));
        effects
    }

    /// Lets time pass and says what to do. To be called about once a second.
    pub fn pass_time(&mut self, leave: Leave, now: Moment) -> Vec<Effect> {
        let names: Vec<_> = self.watched.keys().cloned().collect();
        let mut effects: Vec<_> = names.iter().flat_map(|name| self.age(name, now)).collect();
        effects.extend(names.iter().flat_map(|name| self.act(name, leave, now)));
        effects
    }

    /// A step could not be carried out.
    pub fn refused(&mut self, device: &DeviceName, now: Moment) -> Vec<Effect> {
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        let ended = watched.healer.refused(now);
        self.end(device, ended, now)
    }

    /// A person or the schedule asks for a restart. It is done as soon as nothing is disturbed by it, or given up.
    pub fn ask(&mut self, device: &DeviceName, step: HealingStep, now: Moment) -> Result<(), Refusal> {
        let watched = self.watched.get_mut(device).ok_or(Refusal::UnknownDevice)?;
        watched.healer.rules().of_step(step).ok_or(Refusal::NoSuchStep)?;
        if !watched.healer.within_limits(step, now) {
            return Err(Refusal::TooOften);
        }
        watched.asked = Some(Asked { step, until: Moment(now.0.saturating_add(ASKED_FOR_MS)) });
        Ok(())
    }

    /// Before the doors open: every device is asked whether it works, and those given up get all their steps again.
    pub fn prepare(&mut self, now: Moment) -> Vec<Effect> {
        self.watched.values_mut().for_each(|watched| watched.healer.renew(now));
        let answering = self.watched.iter().filter(|(_, watched)| !watched.health.kind().is_silent_when_idle());
        answering.map(|(name, _)| Effect::Probe { device: name.clone() }).collect()
    }

    fn age(&mut self, device: &DeviceName, now: Moment) -> Vec<Effect> {
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        let notices = watched.health.pass_time(now);
        let ended = watched.healer.follow(&watched.health, now);
        let mut effects = self.tell(device, notices);
        effects.extend(self.end(device, ended, now));
        effects
    }

    fn end(&mut self, device: &DeviceName, ended: Option<Ended>, now: Moment) -> Vec<Effect> {
        let (Some(ended), Some(watched)) = (ended, self.watched.get_mut(device)) else { return Vec::new() };
        let notices = watched.health.hear(Sign::HealingEnded, now);
        let mut effects = vec![Effect::Ended { device: device.clone(), ended }];
        effects.extend(self.tell(device, notices));
        effects
    }

    fn tell(&mut self, device: &DeviceName, notices: Vec<Notice>) -> Vec<Effect> {
        let of_reader = self.health(device).is_some_and(|health| health.kind().is_on_the_way_of_cards());
        let new = notices.iter().filter(|notice| of_reader && notice.is_new_trouble()).count();
        if new > 0 {
            let known = self.reader_troubles.entry(device.clone()).or_default();
            *known = known.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
        }
        notices.into_iter().map(|notice| Effect::Told { device: device.clone(), notice }).collect()
    }

    fn act(&mut self, device: &DeviceName, leave: Leave, now: Moment) -> Vec<Effect> {
        if self.watched.get(device).is_some_and(|watched| watched.asked.is_some()) {
            return self.act_as_asked(device, leave, now);
        }
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        let leaning = watched.healer.leaning(&watched.health, now);
        match leaning {
            Leaning::Rest => self.holding(device, None),
            Leaning::Wait(hold) => self.holding(device, Some(hold)),
            Leaning::GiveUp => self.call(device),
            Leaning::Step(step) => match self.obstacle(device, step, leave, now) {
                None => self.begin(device, step, now),
                Some(Hold::NotNow) => {
                    self.holding(device, Some(Hold::NotNow));
                    self.call(device)
                }
                hold => self.holding(device, hold),
            },
        }
    }

    fn act_as_asked(&mut self, device: &DeviceName, leave: Leave, now: Moment) -> Vec<Effect> {
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        let Some(asked) = watched.asked else { return Vec::new() };
        let card = watched.healer.card_forbids(asked.step, &watched.health, now).then_some(Hold::CardInUse);
        let busy = watched.healer.at_work().map(|_| Hold::AnotherStep);
        let obstacle = card.or(busy).or_else(|| self.obstacle(device, asked.step, leave, now));
        match obstacle {
            None => self.begin(device, asked.step, now),
            Some(_) if now >= asked.until || asked.until.0.saturating_sub(now.0) > ASKED_FOR_MS => {
                self.not_done(device, asked.step)
            }
            hold => self.holding(device, hold),
        }
    }

    fn not_done(&mut self, device: &DeviceName, step: HealingStep) -> Vec<Effect> {
        if let Some(watched) = self.watched.get_mut(device) {
            watched.asked = None;
            watched.hold = None;
        }
        vec![Effect::NotDone { device: device.clone(), step }]
    }

    fn holding(&mut self, device: &DeviceName, hold: Option<Hold>) -> Vec<Effect> {
        if let Some(watched) = self.watched.get_mut(device) {
            watched.hold = hold;
        }
        Vec::new()
    }

    fn call(&mut self, device: &DeviceName) -> Vec<Effect> {
        let Some(watched) = self.watched.get_mut(device) else { return Vec::new() };
        if !watched.healer.call_person() {
            return Vec::new();
        }
        vec![Effect::Call { device: device.clone(), words: watched.healer.plea(watched.health.kind()) }]
    }

    /// What the other devices and reception have against this step.
    fn obstacle(&self, device: &DeviceName, step: HealingStep, leave: Leave, now: Moment) -> Option<Hold> {
        let others = self.watched.iter().filter(|(name, _)| *name != device);
        let at_work: Vec<_> = others.filter_map(|(_, watched)| watched.healer.at_work()).collect();
        let clash = |other: &HealingStep| {
            other.is_box_wide() || step.is_box_wide() || (other.cuts_power() && step.cuts_power())
        };
        if at_work.iter().any(clash) {
            return Some(Hold::AnotherStep);
        }
        if !step.is_box_wide() {
            return None;
        }
        if self.is_reading() {
            return Some(Hold::CardInUse);
        }
        let allowed = if step == HealingStep::Reboot { leave.reboot } else { leave.service };
        if allowed { self.box_wide_pause(device, step, now) } else { Some(Hold::NotNow) }
    }

    /// A step for the whole box counts for all devices together.
    fn box_wide_pause(&self, device: &DeviceName, step: HealingStep, now: Moment) -> Option<Hold> {
        let rule = self.watched.get(device)?.healer.rules().of_step(step)?;
        let last = self.box_wide.get(&step)?;
        let until = Moment(last.0.min(now.0).saturating_add(rule.between_ms));
        (now < until).then_some(Hold::Pause { until })
    }

    fn begin(&mut self, device: &DeviceName, step: HealingStep, now: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        for name in self.concerned(device, step) {
            if let Some(watched) = self.watched.get_mut(&name) {
                watched.asked = None;
                watched.hold = None;
                watched.healer.begin(step, now);
                let notices = watched.health.hear(Sign::HealingBegan { step }, now);
                effects.extend(self.tell(&name, notices));
            }
        }
        if step.is_box_wide() {
            self.box_wide.insert(step, now);
        }
        effects.push(Effect::Do { device: device.clone(), step });
        effects
    }

    /// The device itself, and with a step for the whole box every other one that is ill and has this step: it is a try
    /// for them, too.
    fn concerned(&self, device: &DeviceName, step: HealingStep) -> Vec<DeviceName> {
        let shares = |watched: &Watched| {
            let fault = watched.health.state().fault().filter(|fault| step.may_help(fault));
            step.is_box_wide() && fault.is_some() && watched.healer.rules().of_step(step).is_some()
        };
        let concerned = self.watched.iter().filter(|(name, watched)| *name == device || shares(watched));
        concerned.map(|(name, _)| name.clone()).collect()
    }
}

fn power_way_ms(rules: &HealingRules) -> u64 {
    let power = HealingStep::ALL.into_iter().filter(|step| step.cuts_power());
    power.filter_map(|step| rules.of_step(step)).map(|rule| rule.longest_ms()).fold(0, u64::saturating_add)
}
