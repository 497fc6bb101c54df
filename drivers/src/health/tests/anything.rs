//! Whatever happens in whatever order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::healing::{HealingRules, HealingStep, StepRule};
use super::*;

#[derive(Debug, Clone)]
enum Happening {
    Heard(usize, Sign),
    Passes(u64),
    GoesBack(u64),
    Refused(usize),
    Asked(usize, HealingStep),
    Prepared,
    Leave(bool, bool),
}

fn sign() -> impl Strategy<Value = Sign> {
    let faults: Vec<_> = DeviceFault::examples().collect();
    let said = prop::sample::select(vec![
        Sign::Attached,
        Sign::Answering,
        Sign::Answering,
        Sign::CardInserted,
        Sign::CardRemoved,
        Sign::ReadBegan,
        Sign::GoodRead,
        Sign::Detached,
        Sign::HealingEnded,
    ]);
    prop_oneof![
        6 => said,
        1 => any::<u32>().prop_map(|ms| Sign::ReadExpected { by: at(u64::from(ms)) }),
        1 => prop::sample::select(ReadFailure::ALL.to_vec()).prop_map(|why| Sign::FailedRead { why }),
        4 => prop::sample::select(faults).prop_map(|fault| Sign::Faulted { fault }),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0..3_usize, sign()).prop_map(|(device, sign)| Happening::Heard(device, sign)),
        10 => (1..120_u64).prop_map(|seconds| Happening::Passes(seconds * 1000)),
        1 => (1..3_u64).prop_map(|hours| Happening::Passes(hours * HOUR)),
        1 => (0..3_usize).prop_map(Happening::Refused),
        2 => (0..3_usize, prop::sample::select(HealingStep::ALL.to_vec()))
            .prop_map(|(device, step)| Happening::Asked(device, step)),
        1 => Just(Happening::Prepared),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(service, reboot)| Happening::Leave(service, reboot)),
    ]
}

const DEVICES: [(&str, DeviceKind); 3] =
    [("counter", DeviceKind::CardReader), ("face", DeviceKind::FaceReader), ("window", DeviceKind::Scanner)];

struct World {
    supervisor: Supervisor,
    now: u64,
    leave: Leave,
    begun: BTreeMap<(String, HealingStep), Vec<u64>>,
}

impl World {
    fn new() -> Self {
        let mut supervisor = Supervisor::default();
        for (device, kind) in DEVICES {
            let relay = HealingStep::CycleRelay;
            let rules = HealingRules::of(kind).with(relay, StepRule::of(relay));
            supervisor.watch(name(device), kind, HealthSettings::of(kind), rules, Default::default(), at(0));
        }
        Self { supervisor, now: 0, leave: ALL_LEAVE, begun: BTreeMap::new() }
    }

    fn live(&mut self, happening: Happening) {
        let device = |index: usize| name(DEVICES[index].0);
        let moment = at(self.now);
        let effects = match happening {
            Happening::Heard(index, sign) => self.supervisor.hear(&device(index), sign, moment),
            Happening::Passes(ms) => {
                self.now += ms;
                self.tick()
            }
            Happening::GoesBack(ms) => {
                self.now = self.now.saturating_sub(ms);
                self.tick()
            }
            Happening::Refused(index) => self.supervisor.refused(&device(index), moment),
            Happening::Asked(index, step) => {
                let _may_be_refused = self.supervisor.ask(&device(index), step, moment);
                Vec::new()
            }
            Happening::Prepared => self.supervisor.prepare(moment),
            Happening::Leave(service, reboot) => {
                self.leave = Leave { service, reboot };
                Vec::new()
            }
        };
        for effect in effects {
            if let Effect::Do { device, step } = effect {
                self.begun.entry((device.to_string(), step)).or_default().push(self.now);
            }
        }
    }

    /// Every step that begins must be allowed by what was known before it.
    fn tick(&mut self) -> Vec<Effect> {
        let mut before = self.supervisor.clone();
        let nothing = Leave { service: false, reboot: false };
        before.pass_time(nothing, at(self.now));
        let effects = self.supervisor.pass_time(self.leave, at(self.now));
        for effect in &effects {
            let Effect::Do { device, step } = effect else { continue };
            let health = before.health(device).unwrap();
            assert!(!health.is_reading(), "a card is being read");
            assert!(!step.cuts_power() || health.card_since().is_none(), "power is cut under a card");
            assert!(!step.is_box_wide() || !before.is_reading(), "somebody reads a card next door");
            assert!(*step != HealingStep::Reboot || self.leave.reboot, "the guards forbid it");
            assert!(*step != HealingStep::RestartService || self.leave.service, "the guards forbid it");
        }
        effects
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// No order of events panics, disturbs a reading, or steps outside the guards.
    #[test]
    fn guards_hold_in_every_order(
        happenings in prop::collection::vec(
            prop_oneof![30 => happening(), 1 => (1..100_u64).prop_map(|hours| Happening::GoesBack(hours * HOUR))],
            1..200,
        ),
    ) {
        let mut world = World::new();
        happenings.into_iter().for_each(|happening| world.live(happening));
        for (_, health) in world.supervisor.devices() {
            prop_assert!(health.history().changes().len() <= History::KEPT);
        }
    }

    /// While the clock runs forward, the hardware's limits hold: at most so many in any hour, and so far apart.
    #[test]
    fn hardware_limits_hold_in_every_order(happenings in prop::collection::vec(happening(), 1..300)) {
        let mut world = World::new();
        happenings.into_iter().for_each(|happening| world.live(happening));
        for ((device, step), begun) in &world.begun {
            let rule = world.supervisor.healer(&name(device)).unwrap().rules().of_step(*step).copied().unwrap();
            for (index, first) in begun.iter().enumerate() {
                let within_hour = begun[index..].iter().filter(|at| *at - first < HOUR).count();
                prop_assert!(within_hour <= usize::from(rule.per_hour), "{device} {step:?} {begun:?}");
            }
            prop_assert!(begun.windows(2).all(|pair| pair[1] - pair[0] >= rule.between_ms), "{step:?} {begun:?}");
        }
    }

    /// Pauses grow, and stay between the first and the longest.
    #[test]
    fn pauses_are_bounded(first in 0..1_000_000_u64, longest in 0..1_000_000_u64, tries in 0..=u8::MAX) {
        let rule = StepRule { first_pause_ms: first, longest_pause_ms: longest, ..StepRule::of(HealingStep::Reopen) };
        let pause = rule.pause_ms(tries);
        prop_assert!(pause <= longest && pause >= first.min(longest));
        prop_assert!(rule.pause_ms(tries.saturating_add(1)) >= pause);
    }
}
