//! What is known, as pages and API show it.

use super::station::{Known, Station, timestamp};
use super::words;
use crate::schedule::opening::ReadyLight;
use domain::Timestamp;
use domain::text::Text;
use drivers::health::healing::{HealingRules, HealingStep};
use drivers::health::{Advice, DeviceKind, Health, HealthState};
use web::port::{DeviceItem, DeviceLamp, DevicesView, FaultWords, HealingChoice};

impl Station {
    /// Everything that is watched.
    pub(super) fn view(&self, has_hours: bool, now: Timestamp) -> DevicesView {
        DevicesView {
            devices: self.known.iter().filter_map(|known| self.item(known)).collect(),
            restarts: self.timetable.shown(now),
            ready_light: has_hours.then(|| self.ready_light()),
        }
    }

    fn item(&self, known: &Known) -> Option<DeviceItem> {
        let health = self.supervisor.health(&known.name)?;
        Some(DeviceItem {
            device: known.name.to_string(),
            kind: known.title.clone(),
            lamp: lamp(health, known.required),
            state: self.state(known, health),
            since: timestamp(health.since()),
            fault: self.fault(known, health),
            last_good_read: health.last_good_read().map(timestamp),
            expected_by: health.expected_by().map(timestamp),
            card_left_since: health.card_since().filter(|_| health.card_left_behind()).map(timestamp),
            failures_by_hour: failures_by_hour(health),
            suspicion: health.hours().suspicion().map(words::text),
            steps: self.steps(known),
            scans_codes: known.kind == DeviceKind::Scanner,
            reads_cards: known.reads_cards,
            history: self.changes_of(&known.name),
        })
    }

    fn state(&self, known: &Known, health: &Health) -> Text {
        let name = health.state().name();
        match (health.state(), self.supervisor.hold(&known.name)) {
            (HealthState::Recovering { step, .. }, _) => words::with(name, step.name()),
            (_, Some(hold)) => words::with(name, hold.name()),
            _ => words::text(name),
        }
    }

    fn fault(&self, known: &Known, health: &Health) -> Option<FaultWords> {
        let fault = health.state().fault()?;
        let advice = self.guide.advice(&known.model, fault.code());
        Some(words::fault(&fault, known.kind, sentences(advice)))
    }

    fn steps(&self, known: &Known) -> Vec<HealingChoice> {
        let Some(healer) = self.supervisor.healer(&known.name) else { return Vec::new() };
        let may_have = |step: &HealingStep| is_for(*step, known.kind, healer.rules());
        let choice = |step: HealingStep| {
            let tally = healer.record().of(step);
            HealingChoice {
                step: step.code().to_owned(),
                name: words::text(step.name()),
                tried: tally.judged() + tally.unproven,
                helped: tally.helped,
                available: healer.rules().of_step(step).is_some(),
            }
        };
        HealingStep::ALL.into_iter().filter(may_have).map(choice).collect()
    }

    /// A spare that is not there does not spoil the light.
    fn ready_light(&self) -> (DeviceLamp, Text) {
        let needed = self.supervisor.devices().filter(|(name, _)| self.find(name).is_some_and(|known| known.required));
        let light = ReadyLight::of(needed);
        let lamp = match light {
            ReadyLight::Ready => DeviceLamp::Good,
            ReadyLight::Unproven(_) => DeviceLamp::Unknown,
            ReadyLight::NotReady(_) => DeviceLamp::Bad,
        };
        (lamp, light.text())
    }
}

/// Steps of its kind, and cutting the power of whatever has a cable: a page may say that the switch for it is missing.
fn is_for(step: HealingStep, kind: DeviceKind, rules: &HealingRules) -> bool {
    let has_cable = matches!(kind, DeviceKind::CardReader | DeviceKind::FaceReader | DeviceKind::Scanner);
    rules.of_step(step).is_some()
        || HealingRules::of(kind).of_step(step).is_some()
        || (step.cuts_power() && has_cable && (step == HealingStep::CycleRelay || kind != DeviceKind::FaceReader))
}

fn lamp(health: &Health, required: bool) -> DeviceLamp {
    match health.state() {
        HealthState::Ready | HealthState::CardPresent => DeviceLamp::Good,
        HealthState::Starting | HealthState::Recovering { .. } => DeviceLamp::Working,
        HealthState::Unheard => DeviceLamp::Unknown,
        HealthState::Absent if !required => DeviceLamp::Unknown,
        HealthState::Absent | HealthState::Faulted { .. } => DeviceLamp::Bad,
    }
}

fn failures_by_hour(health: &Health) -> [u32; 24] {
    let mut failures = [0; 24];
    for hour in health.hours().hours() {
        failures[usize::from(hour.number())] = health.hours().failed(hour);
    }
    failures
}

fn sentences(advice: Advice) -> Vec<Text> {
    let causes = advice.causes.into_iter().map(words::text);
    let steps = advice.steps.into_iter().map(|step| Text::new(step.ja, step.en));
    causes.chain(steps).collect()
}
