//! One device's way through its steps.

use std::collections::VecDeque;

use super::memory::HealingMemory;
use super::record::HealingRecord;
use super::rules::HealingRules;
use super::step::HealingStep;
use crate::health::device::DeviceKind;
use crate::health::leap::ClockWatch;
use crate::health::machine::Health;
use crate::health::state::HealthState;
use crate::health::words::Words;
use crate::reader::{Bilingual, Moment};

const HOUR_MS: u64 = 3_600_000;
/// For a step that the rules do not have, which only a person can ask for.
const USUAL_SETTLE_MS: u64 = 60_000;

/// Decides what is done for one device, and remembers what came of it.
#[derive(Debug, Clone)]
pub struct Healer {
    rules: HealingRules,
    record: HealingRecord,
    begun: [VecDeque<Moment>; HealingStep::ALL.len()],
    trial: Option<Trial>,
    incident: Option<Incident>,
    /// The box came up from a reboot for this device; until then it has time to get well.
    after_reboot: Option<Moment>,
    clock: ClockWatch,
}

/// A step at work.
#[derive(Debug, Clone, Copy)]
struct Trial {
    step: HealingStep,
    until: Moment,
}

/// From the first fault until the device was well for long enough.
#[derive(Debug, Clone, Copy)]
struct Incident {
    tries: [u8; HealingStep::ALL.len()],
    not_before: Moment,
    well_since: Option<Moment>,
    last_help: Option<HealingStep>,
    person_called: bool,
}

/// What the healer would do next, if nobody objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaning {
    /// Nothing is wrong that a machine could heal, or a step is at work.
    Rest,
    /// This step, now.
    Step(HealingStep),
    /// Something stands in the way; look again.
    Wait(Hold),
    /// All steps were tried: a person is needed. The record of the incident stays until the device is well.
    GiveUp,
}

/// What healing waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The pause after a step that did not help.
    Pause {
        /// Until when.
        until: Moment,
    },
    /// A card is being read, or lies in the device.
    CardInUse,
    /// Another device is being healed in a way that disturbs this one.
    AnotherStep,
    /// The box may not be rebooted now: reception hours, an open check-in, a job in flight, an update.
    NotNow,
}

impl Hold {
    /// The reason in words.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Self::Pause { .. } => ("次の復旧を試すまで待っています", "waiting before the next try"),
            Self::CardInUse => ("カードがあるため待っています", "waiting for the card to leave"),
            Self::AnotherStep => ("ほかの復旧が終わるのを待っています", "waiting for another step to end"),
            Self::NotNow => ("受付の合間に再起動します", "will reboot when reception allows it"),
        };
        Bilingual { ja, en }
    }
}

/// A step that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub step: HealingStep,
    /// Whether the device is well; `None` when that cannot be seen.
    pub helped: Option<bool>,
}

impl Incident {
    fn new(now: Moment) -> Self {
        Self {
            tries: [0; HealingStep::ALL.len()],
            not_before: now,
            well_since: None,
            last_help: None,
            person_called: false,
        }
    }
}

impl Healer {
    /// A healer with what is known from before the program started.
    pub fn new(rules: HealingRules, memory: &HealingMemory, now: Moment) -> Self {
        let settle_ms = rules.of_step(HealingStep::Reboot).map_or(USUAL_SETTLE_MS, |rule| rule.settle_ms);
        let mut healer = Self {
            rules,
            record: memory.record.clone(),
            begun: Default::default(),
            trial: None,
            incident: None,
            after_reboot: memory.reboot_unjudged.then(|| later(now, settle_ms)),
            clock: ClockWatch::new(now),
        };
        if memory.reboots > 0 {
            let mut incident = Incident::new(now);
            incident.tries[HealingStep::Reboot.index()] = memory.reboots;
            healer.incident = Some(incident);
        }
        healer
    }

    /// Reboots tried in this incident, and whether the last is yet to be judged.
    pub(in crate::health) fn reboots(&self) -> (u8, bool) {
        let tries = self.incident.map_or(0, |incident| incident.tries[HealingStep::Reboot.index()]);
        (tries, self.after_reboot.is_some() || self.at_work() == Some(HealingStep::Reboot))
    }

    /// What the device has.
    pub fn rules(&self) -> &HealingRules {
        &self.rules
    }

    /// What helped how often.
    pub fn record(&self) -> &HealingRecord {
        &self.record
    }

    /// The step at work.
    pub fn at_work(&self) -> Option<HealingStep> {
        self.trial.map(|trial| trial.step)
    }

    /// Takes the device's health into account: ends a step that helped or whose time is over, opens and closes incidents.
    pub fn follow(&mut self, health: &Health, now: Moment) -> Option<Ended> {
        self.heed_clock(now);
        self.judge_reboot(health.state().is_well(), now);
        let ended = self.judge_trial(health, now);
        self.judge_incident(health, now);
        ended
    }

    /// What to do next. Changes nothing.
    pub fn leaning(&self, health: &Health, now: Moment) -> Leaning {
        let HealthState::Faulted { fault } = health.state() else { return Leaning::Rest };
        let (Some(incident), None) = (&self.incident, &self.trial) else { return Leaning::Rest };
        if fault.is_of_the_card() {
            return Leaning::Rest;
        }
        let Some(step) = self.next_step(health, incident, now) else { return Leaning::GiveUp };
        if self.card_forbids(step, health, now) {
            return Leaning::Wait(Hold::CardInUse);
        }
        let due = self.due(step, incident);
        if now < due { Leaning::Wait(Hold::Pause { until: due }) } else { Leaning::Step(step) }
    }

    /// The step begins now.
    pub fn begin(&mut self, step: HealingStep, now: Moment) {
        // what needs another step was not helped by the reboot
        self.end_reboot(false);
        let settle_ms = self.rules.of_step(step).map_or(USUAL_SETTLE_MS, |rule| rule.settle_ms);
        self.trial = Some(Trial { step, until: later(now, settle_ms) });
        let begun = &mut self.begun[step.index()];
        begun.push_back(now);
        while begun.len() > usize::from(u8::MAX) {
            begun.pop_front();
        }
        if let Some(incident) = &mut self.incident {
            let tries = &mut incident.tries[step.index()];
            *tries = tries.saturating_add(1);
            incident.well_since = None;
        }
    }

    /// The step at work could not be carried out; it is not tried again in this incident.
    pub fn refused(&mut self, now: Moment) -> Option<Ended> {
        let trial = self.trial.take()?;
        self.record.tally(trial.step).refused += 1;
        if let Some(incident) = &mut self.incident {
            incident.tries[trial.step.index()] = u8::MAX;
            incident.not_before = now;
        }
        Some(Ended { step: trial.step, helped: Some(false) })
    }

    /// Before the doors open: all steps but the reboot, which did not help, may be tried again. The limits per hour stay.
    pub fn renew(&mut self, now: Moment) {
        if let Some(incident) = &mut self.incident {
            let mut new = Incident { person_called: incident.person_called, ..Incident::new(now) };
            new.tries[HealingStep::Reboot.index()] = incident.tries[HealingStep::Reboot.index()];
            *incident = new;
        }
    }

    /// Whether a person is to be called now; true once in an incident.
    pub fn call_person(&mut self) -> bool {
        self.incident.as_mut().is_some_and(|incident| !std::mem::replace(&mut incident.person_called, true))
    }

    /// What is said to that person.
    pub fn plea(&self, kind: DeviceKind) -> Words {
        let tried: Vec<_> = self.tried().collect();
        let name = kind.name();
        if tried.is_empty() {
            return Words::new(
                format!(
                    "{}を自動で復旧する手段がありません。画面の手順で再起動してください。受付は続けられます。",
                    name.ja
                ),
                format!(
                    "Nothing can be done for the {} automatically. Restart it by the steps on the screen. Reception can go on.",
                    name.en
                ),
            );
        }
        let list = |of: fn(Bilingual) -> &'static str, by: &str| {
            tried.iter().map(|step| of(step.name())).collect::<Vec<_>>().join(by)
        };
        Words::new(
            format!(
                "{}は自動では直りませんでした（試したこと：{}）。画面の手順で確かめてください。受付は続けられます。",
                name.ja,
                list(|text| text.ja, "、")
            ),
            format!(
                "The {} did not recover by itself (tried: {}). Follow the steps on the screen. Reception can go on.",
                name.en,
                list(|text| text.en, ", ")
            ),
        )
    }

    /// Whether the limits of this step, apart from pauses, leave room for one more: for a restart that a person asks for.
    pub fn within_limits(&self, step: HealingStep, now: Moment) -> bool {
        let Some(rule) = self.rules.of_step(step) else { return false };
        let last = self.begun[step.index()].back();
        let apart = last.is_none_or(|last| now.0.abs_diff(last.0) >= rule.between_ms);
        apart && self.begun_within_hour(step, now) < usize::from(rule.per_hour)
    }

    /// A card that is in use is never disturbed; power is never cut under a card, nor where one may still lie.
    pub fn card_forbids(&self, step: HealingStep, health: &Health, now: Moment) -> bool {
        let doubt = |since: Moment| now.0.saturating_sub(since.0) < self.rules.card_doubt_ms;
        health.is_reading()
            || (health.card_since().is_some() && (step.cuts_power() || !health.card_left_behind()))
            || health.card_unknown_since().is_some_and(|since| step.cuts_power() && doubt(since))
    }

    /// What is being timed goes on being timed when the clock is set; above all, limits are not forgotten.
    fn heed_clock(&mut self, now: Moment) {
        let Some(leap) = self.clock.look(now) else { return };
        self.begun.iter_mut().flatten().for_each(|at| leap.move_on(at));
        self.trial.iter_mut().for_each(|trial| leap.move_on(&mut trial.until));
        self.after_reboot.iter_mut().for_each(|until| leap.move_on(until));
        if let Some(incident) = &mut self.incident {
            leap.move_on(&mut incident.not_before);
            incident.well_since.iter_mut().for_each(|since| leap.move_on(since));
        }
    }

    fn tried(&self) -> impl Iterator<Item = HealingStep> + '_ {
        let tries = self.incident.map(|incident| incident.tries).unwrap_or_default();
        HealingStep::ALL.into_iter().filter(move |step| (1..u8::MAX).contains(&tries[step.index()]))
    }

    fn judge_reboot(&mut self, well: bool, now: Moment) {
        if self.after_reboot.is_some_and(|until| well || now >= until) {
            self.end_reboot(well);
        }
    }

    fn end_reboot(&mut self, helped: bool) {
        if self.after_reboot.take().is_some() {
            let tally = self.record.tally(HealingStep::Reboot);
            *(if helped { &mut tally.helped } else { &mut tally.no_help }) += 1;
        }
    }

    fn judge_trial(&mut self, health: &Health, now: Moment) -> Option<Ended> {
        let trial = self.trial?;
        let well = health.state().is_well();
        let vanished = !well && !matches!(health.state(), HealthState::Recovering { .. });
        if !well && !vanished && now < trial.until {
            return None;
        }
        self.trial = None;
        let helped = if !well && health.kind().is_silent_when_idle() { None } else { Some(well) };
        self.note_outcome(trial.step, helped, now);
        Some(Ended { step: trial.step, helped })
    }

    fn note_outcome(&mut self, step: HealingStep, helped: Option<bool>, now: Moment) {
        let tally = self.record.tally(step);
        match helped {
            Some(true) => tally.helped += 1,
            Some(false) => tally.no_help += 1,
            None => tally.unproven += 1,
        }
        let Some(incident) = &mut self.incident else { return };
        if helped == Some(true) {
            incident.last_help = Some(step);
            incident.not_before = now;
        } else if let Some(rule) = self.rules.of_step(step) {
            incident.not_before = later(now, rule.pause_ms(incident.tries[step.index()]));
        }
    }

    fn judge_incident(&mut self, health: &Health, now: Moment) {
        if health.state().is_well() {
            self.stay_well(now);
        } else if matches!(health.state(), HealthState::Faulted { .. }) {
            self.fall_ill(now);
        }
    }

    fn stay_well(&mut self, now: Moment) {
        let Some(incident) = &mut self.incident else { return };
        let since = *incident.well_since.get_or_insert(now);
        if now.0.abs_diff(since.0) >= self.rules.relapse_ms {
            self.incident = None;
        }
    }

    fn fall_ill(&mut self, now: Moment) {
        let incident = self.incident.get_or_insert_with(|| Incident::new(now));
        if incident.well_since.take().is_some()
            && let Some(step) = incident.last_help.take()
        {
            self.record.tally(step).relapsed += 1;
        }
    }

    /// The gentlest step that the device has, that may help, and that has tries left both here and in this hour.
    fn next_step(&self, health: &Health, incident: &Incident, now: Moment) -> Option<HealingStep> {
        let fault = health.state().fault()?;
        HealingStep::ALL.into_iter().find(|step| {
            self.rules.of_step(*step).is_some_and(|rule| {
                step.may_help(&fault)
                    && incident.tries[step.index()] < rule.tries
                    && self.begun_within_hour(*step, now) < usize::from(rule.per_hour)
            })
        })
    }

    fn due(&self, step: HealingStep, incident: &Incident) -> Moment {
        let between_ms = self.rules.of_step(step).map_or(0, |rule| rule.between_ms);
        let again = self.begun[step.index()].back().map(|last| later(*last, between_ms));
        again.map_or(incident.not_before, |again| again.max(incident.not_before))
    }

    fn begun_within_hour(&self, step: HealingStep, now: Moment) -> usize {
        self.begun[step.index()].iter().filter(|at| now.0.saturating_sub(at.0) < HOUR_MS).count()
    }
}

fn later(at: Moment, ms: u64) -> Moment {
    Moment(at.0.saturating_add(ms))
}
