//! What can be done to one device, step by step. The supervisor says when.

use super::settings::UsbPlace;
use domain::text::Text;
use drivers::Bilingual;
use drivers::health::healing::{HealingRules, HealingStep, StepRule};
use drivers::health::{DeviceKind, Sign};
use drivers::power::{PowerFault, PowerSwitch, Switched};
use drivers::relay::{RelayBoard, RelaySettings};
use drivers::usb_port::{DeviceAuthorization, HubPort};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Why a step could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDone(pub Text);

/// Carries a step out. Blocks; called from a thread for such work.
type Act = Arc<dyn Fn() -> Result<(), NotDone> + Send + Sync>;
/// Asks the device whether it works.
type Probe = Arc<dyn Fn() -> Option<Sign> + Send + Sync>;

/// What can be done to one device.
#[derive(Clone, Default)]
pub struct Hands {
    acts: BTreeMap<HealingStep, Act>,
    probe: Option<Probe>,
    proof: Option<Text>,
}

/// A device is without power for so long (`prescription-code-and-relays §2.4`: 3 to 5 s).
const OFF: Duration = Duration::from_secs(4);
/// Giving the power back is tried so often: nothing else brings the device back.
const BACK_TRIES: u32 = 5;
const BACK_PAUSE: Duration = Duration::from_millis(500);

impl Hands {
    /// With this way of doing a step.
    pub fn with(mut self, step: HealingStep, act: impl Fn() -> Result<(), NotDone> + Send + Sync + 'static) -> Hands {
        self.acts.insert(step, Arc::new(act));
        self
    }

    /// With this way of asking whether the device works.
    pub fn asking(mut self, probe: impl Fn() -> Option<Sign> + Send + Sync + 'static) -> Hands {
        self.probe = Some(Arc::new(probe));
        self
    }

    /// With what a good answer to that question proves, where it is less than that the device works.
    pub fn proving(mut self, proof: Text) -> Hands {
        self.proof = Some(proof);
        self
    }

    /// With the port the device is plugged into: taken from its driver as the gentler step, then without power.
    pub(super) fn with_usb(self, place: Option<&UsbPlace>, tree: &Path) -> Hands {
        let Some(place) = place.cloned() else { return self };
        let (device, devices, ports) = (place.device.clone(), tree.to_owned(), tree.to_owned());
        self.with(HealingStep::Reset, move || {
            cycle(&mut DeviceAuthorization::below(&devices, &device), Duration::from_secs(1))
        })
        .with(HealingStep::CycleUsbPort, move || cycle(&mut hub_port(&place, &ports), OFF))
    }

    /// With the relay in the device's supply; `boards` lets one command through at a time.
    pub(super) fn with_relay(self, relay: Option<&RelaySettings>, boards: &Arc<Mutex<()>>) -> Hands {
        let Some(relay) = relay.cloned() else { return self };
        let boards = boards.clone();
        self.with(HealingStep::CycleRelay, move || {
            let _alone = boards.lock().unwrap_or_else(PoisonError::into_inner);
            cycle(&mut RelayBoard::new(relay.clone()), OFF)
        })
    }

    /// Whether this step can be done.
    pub(super) fn can(&self, step: HealingStep) -> bool {
        self.acts.contains_key(&step)
    }

    /// Carries a step out.
    pub(super) fn carry_out(&self, step: HealingStep) -> Result<(), NotDone> {
        self.acts.get(&step).map_or_else(|| Err(NotDone::no_way()), |act| act())
    }

    /// Asks the device; `None` when it cannot be asked.
    pub(super) fn ask(&self) -> Option<Sign> {
        self.probe.as_ref().and_then(|probe| probe())
    }

    /// What a good answer proves, in words; `None` = that it works.
    pub(super) fn proof(&self) -> Option<&Text> {
        self.proof.as_ref()
    }

    /// The rules of its kind, with the steps these hands can do. Steps for the whole box are the caller's.
    pub(super) fn rules(&self, kind: DeviceKind, box_wide: &[HealingStep]) -> HealingRules {
        let usual = HealingRules::of(kind);
        HealingStep::ALL.into_iter().fold(usual.clone(), |rules, step| {
            let able = if step.is_box_wide() {
                box_wide.contains(&step) && usual.of_step(step).is_some()
            } else {
                self.can(step)
            };
            if able { rules.with(step, StepRule::of(step)) } else { rules.without(step) }
        })
    }
}

impl fmt::Debug for Hands {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.acts.keys().map(|step| step.code())).finish()
    }
}

impl NotDone {
    /// There is no way of doing it on this site.
    pub fn no_way() -> NotDone {
        NotDone(Text::new("この操作の手段がありません。", "There is no way of doing this here."))
    }
}

impl From<PowerFault> for NotDone {
    fn from(fault: PowerFault) -> NotDone {
        let Bilingual { ja, en } = fault.text().what_happened;
        NotDone(Text::new(ja, en))
    }
}

pub(super) fn hub_port(place: &UsbPlace, tree: &Path) -> HubPort {
    let port = HubPort::below(tree, &place.device);
    match &place.other_half {
        Some(half) => port.with_other_half(tree, half),
        None => port,
    }
}

/// Off, a while, and on again, whatever the first command said: a switch that failed halfway must not leave a device dark.
fn cycle(switch: &mut dyn PowerSwitch, off: Duration) -> Result<(), NotDone> {
    let cut = switch.off();
    if cut.is_ok() {
        std::thread::sleep(off);
    }
    give_back(switch)?;
    Ok(cut.map(|_| ())?)
}

fn give_back(switch: &mut dyn PowerSwitch) -> Result<Switched, PowerFault> {
    let mut given = switch.on();
    for _ in 1..BACK_TRIES {
        if given.is_ok() {
            break;
        }
        std::thread::sleep(BACK_PAUSE);
        given = switch.on();
    }
    given
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use drivers::power::{PowerState, SwitchKind};

    /// A switch that fails so often when the power is to come back.
    struct Stubborn {
        fails: u32,
        off: Result<Switched, PowerFault>,
        supplied: bool,
    }

    impl PowerSwitch for Stubborn {
        fn off(&mut self) -> Result<Switched, PowerFault> {
            self.supplied = false;
            self.off
        }

        fn on(&mut self) -> Result<Switched, PowerFault> {
            if self.fails > 0 {
                self.fails -= 1;
                return Err(PowerFault::SwitchGone);
            }
            self.supplied = true;
            Ok(Switched::Confirmed)
        }

        fn state(&mut self) -> Result<PowerState, PowerFault> {
            Ok(if self.supplied { PowerState::On } else { PowerState::Off })
        }

        fn kind(&self) -> SwitchKind {
            SwitchKind::Relay
        }
    }

    #[test]
    fn the_power_comes_back_even_when_cutting_it_failed() {
        for off in [Ok(Switched::Sent), Err(PowerFault::DidNotSwitch)] {
            let mut switch = Stubborn { fails: 1, off, supplied: true };
            assert_eq!(cycle(&mut switch, Duration::ZERO).is_ok(), off.is_ok());
            assert!(switch.supplied);
        }
    }

    #[test]
    fn a_device_has_the_steps_its_hands_can_do() {
        let hands = Hands::default().with(HealingStep::Reopen, || Ok(()));
        let rules = hands.rules(DeviceKind::CardReader, &[HealingStep::RestartService]);
        let has: Vec<HealingStep> =
            HealingStep::ALL.into_iter().filter(|step| rules.of_step(*step).is_some()).collect();
        assert_eq!(has, [HealingStep::Reopen, HealingStep::RestartService]);
        assert!(
            Hands::default()
                .rules(DeviceKind::FaceReader, &[HealingStep::Reboot])
                .of_step(HealingStep::Reboot)
                .is_none()
        );
    }
}
